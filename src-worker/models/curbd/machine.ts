// What runs through rows and learns, made of CURBD's parameters; and how long that takes on this machine.

import type { Activity } from '../constrained/activity.ts';
import { padded } from '../constrained/doubles.ts';
import { gainOf } from '../constrained/gain.ts';
import type { DrivenNetwork } from '../constrained/network.ts';
import { numberOf, type Resolved, textOf } from '../constrained/resolved.ts';
import { usualSecondsOf } from '../../training/rehearsal.ts';
import type { Nonlinearity } from '../network/rnn.ts';
import { USUALLY_TRIED } from './choose.ts';
import { filteredNoise, initialWeights, Learner, type RowsLearner, type Weights } from './learner.ts';
import { SideBySide } from './side-by-side.ts';

export interface Machine {
  /** g of this seed. */
  readonly gain: number;
  readonly tauMs: number;
  readonly stepMs: number;
  readonly alpha: number;
  /** First weights, before any run. */
  firstWith(p0: number): Weights;
  /** `draw` tells one draw of noise from another. */
  learnerOf(activity: Activity, draw: number, from: Weights): RowsLearner;
  /** The network of these [J V]. */
  networkOf(weights: Float64Array): DrivenNetwork;
}

const samplesOf = ({ lengths }: Activity): number => lengths.reduce((sum, length) => sum + length - 1, 0);

export function machineOf({ units: n, inputCount: m, binMs }: Activity, resolved: Resolved, seed: number): Machine {
  const stepsPerBin = numberOf(resolved, 'stepsPerBin');
  const [stepMs, tauMs] = [binMs / stepsPerBin, numberOf(resolved, 'tauMs')];
  const alpha = stepMs / tauMs;
  const phi = textOf(resolved, 'nonlinearity') as Nonlinearity;
  const [amount, noiseTauMs] = [numberOf(resolved, 'noise'), numberOf(resolved, 'noiseTauMs')];
  const gain = gainOf(numberOf(resolved, 'gain'), Number(resolved.gainSpread?.value ?? 0), seed);
  return {
    gain,
    tauMs,
    stepMs,
    alpha,
    firstWith: (p0) => initialWeights(n, m, gain, p0, seed),
    learnerOf(of, draw, from) {
      const together = Math.min(Number(resolved.rowsTogether?.value ?? 1), of.rows);
      const [streams, steps] = [together > 1 ? padded(together) : 1, Math.ceil((samplesOf(of) * stepsPerBin) / together)];
      const noise = amount > 0 && { noise: { values: filteredNoise(n * streams, steps, stepMs, noiseTauMs, seed, draw), amount } };
      const options = { phi, alpha, stepsPerBin, ...noise };
      return together > 1 ? new SideBySide(of, options, from, together) : new Learner(of, options, from);
    },
    networkOf: (weights) => ({ form: 'currents', units: n, inputs: m, ...partsOf(weights, n, m), phi, alpha, stepMs, stepsPerBin }),
  };
}

/** [J V] of units × (units + inputs), and its parts again. */
export function jointOf(J: ArrayLike<number>, V: ArrayLike<number>, n: number, m: number): Float64Array {
  return Float64Array.from({ length: n * (n + m) }, (_, at) => {
    const [i, j] = [Math.floor(at / (n + m)), at % (n + m)];
    return j < n ? J[i * n + j] : V[i * m + j - n];
  });
}

const partsOf = (joint: Float64Array, n: number, m: number): { readonly J: Float64Array; readonly V: Float64Array } => ({
  J: Float64Array.from({ length: n * n }, (_, at) => joint[Math.floor(at / n) * (n + m) + (at % n)]),
  V: Float64Array.from({ length: n * m }, (_, at) => joint[Math.floor(at / m) * (n + m) + n + (at % m)]),
});

/** Rehearsed for about so many multiplications. */
const REHEARSED = 1e8;

/** Seconds for each bin of each row, here. */
interface Pace {
  /** Of what a learner makes before it runs: its noise. */
  readonly made: number;
  readonly learning: number;
  readonly free: number;
}

/** By the network's shape: forms ask again and again while other settings change. */
const measured = new Map<string, Pace>();

/** Seconds of a fit: of a few bins that are run through and learned from here. */
export async function foretellCurbd(activity: Activity, resolved: Resolved): Promise<number> {
  const { units, inputCount, rows } = activity;
  const together = Math.min(rows, numberOf(resolved, 'rowsTogether'));
  const shape = [units, inputCount, together, numberOf(resolved, 'stepsPerBin'), textOf(resolved, 'nonlinearity')].join(' ');
  const { made, learning, free } = measured.get(shape) ?? (await rehearse(activity, resolved, together));
  measured.set(shape, { made, learning, free });
  const [runs, freeRuns] = [numberOf(resolved, 'steps'), numberOf(resolved, 'freeRuns')];
  const fits = 1 + (numberOf(resolved, 'p0') === 0 ? USUALLY_TRIED : 0);
  return (fits * (made + runs * learning) + freeRuns * (made + free)) * samplesOf(activity);
}

async function rehearse(activity: Activity, resolved: Resolved, together: number): Promise<Pace> {
  const { units, inputCount, lengths } = activity;
  const machine = machineOf(activity, resolved, 0);
  const most = Math.ceil(REHEARSED / ((numberOf(resolved, 'stepsPerBin') + 3) * units * (units + inputCount)));
  const cut = lengths.map((length) => Math.min(length, Math.max(2, Math.ceil(most / together))));
  let [rows, bins] = [0, 0];
  while (rows < activity.rows && (rows < together || bins < most)) bins += cut[rows++]!;
  const some = { ...activity, rows, lengths: cut.slice(0, rows) };
  const first = machine.firstWith(numberOf(resolved, 'p0') || 1e-3);
  const learner = machine.learnerOf(some, 0, first);
  const run = (learns: boolean) => () => learner.run(learns, async () => {});
  await run(true)();
  const ofBin = async (work: () => Promise<unknown>): Promise<number> => (await usualSecondsOf(work)) / samplesOf(some);
  return {
    made: await ofBin(async () => machine.learnerOf(some, 0, first)),
    learning: await ofBin(run(true)),
    free: await ofBin(run(false)),
  };
}
