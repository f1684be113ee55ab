// CURBD (Perich et al. 2021): a network whose units are the recorded units, its weights learned by recursive least squares while it runs, so
// that currents between regions can be read off.

import { defineParams } from '../../contract/params.ts';
import { unitsWhere } from '../../dataset/index.ts';
import { defineConstrained } from '../constrained/constrained.ts';
import type { Activity } from '../constrained/activity.ts';
import type { FitTo, Learned } from '../constrained/given.ts';
import { padded } from '../constrained/doubles.ts';
import { gainOf, gainSpread } from '../constrained/gain.ts';
import type { DrivenNetwork } from '../constrained/network.ts';
import { chosenBy, numberOf, textOf } from '../constrained/resolved.ts';
import { type Nonlinearity, NONLINEARITIES } from '../network/rnn.ts';
import { CHOOSING, chooseP0, type ChosenP0, chosenSaid, PIECE_TAUS, POOR, poorSaid } from './choose.ts';
import { filteredNoise, initialWeights, Learner, type RowsLearner, type RunScore, type Weights } from './learner.ts';
import { SideBySide } from './side-by-side.ts';

const SAVE_EVERY_MS = 10_000;
const USUAL_TAU_MS = 100;
const USUAL_STEPS_PER_BIN = 5;
const USUAL_RUNS = 20;
/** Of more units than this a run takes seconds, and choices are made that keep a fit to minutes. */
const MANY_UNITS = 300;
const OF_MANY = { runs: 5, stepsPerBin: 2, rowsTogether: 16 } as const;
/** A step of this share of τ is as exact as activity asks. */
const FINE = 0.1;

export const curbdParams = defineParams({
  steps: {
    kind: 'number',
    label: 'Runs',
    help: 'How many times the network runs through the recording while it learns; P₀ is chosen for so many',
    min: 1,
    integer: true,
    unit: 'steps',
    tier: 'common',
  },
  tauMs: {
    kind: 'number',
    label: 'Time constant',
    help: 'Time constant τ of every unit',
    unit: 'ms',
    min: 0.001,
    tier: 'common',
  },
  gain: {
    kind: 'number',
    label: 'Gain g',
    help: 'Weights begin as g · N(0, 1) / √units and are learned from there: what activity does not tell stays as it began. 1.5 is as published',
    default: 0.1,
    min: 0,
    tier: 'common',
  },
  gainSpread,
  nonlinearity: {
    kind: 'choice',
    label: 'Nonlinearity',
    help: 'What a unit makes of its current',
    choices: NONLINEARITIES,
    default: 'tanh',
    tier: 'common',
  },
  stepsPerBin: {
    kind: 'number',
    label: 'Steps per bin',
    help: 'Steps that the network takes from one bin to the next; 5 unless there are very many units',
    min: 1,
    max: 1000,
    integer: true,
    tier: 'occasional',
  },
  noise: {
    kind: 'number',
    label: 'Noise',
    help: 'Size of the filtered noise that drives the network while it learns, the same in all runs; 0 for none',
    default: 0.01,
    min: 0,
    tier: 'occasional',
  },
  noiseTauMs: {
    kind: 'number',
    label: 'Time constant of the noise',
    help: 'Time constant of the filter that the noise went through',
    unit: 'ms',
    default: 100,
    min: 0.001,
    tier: 'rare',
  },
  p0: {
    kind: 'number',
    label: 'P₀',
    help: 'How fast learning begins: after it, weights are those of a ridge regression towards the first ones with penalty 1/P₀. 0 has it chosen by free runs of rows that are held back; 1 is as published',
    default: 0,
    min: 0,
    tier: 'occasional',
  },
  rowsTogether: {
    kind: 'number',
    label: 'Rows side by side',
    help: 'Trials or averages that run side by side, learned from at once: 1 is as published, more is several times faster for many units',
    min: 1,
    max: 256,
    integer: true,
    tier: 'rare',
  },
  freeRuns: {
    kind: 'number',
    label: 'Free runs',
    help: 'Runs after learning with weights held, each with noise of its own: how well the network does by itself',
    default: 5,
    min: 0,
    integer: true,
    tier: 'rare',
  },
});

const samplesOf = ({ lengths }: Activity): number => lengths.reduce((sum, length) => sum + length - 1, 0);

const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;

const fitTo: FitTo = async (activity, resolved, _given, job) => {
  const { units: n, inputCount: m, binMs } = activity;
  const stepsPerBin = numberOf(resolved, 'stepsPerBin');
  const stepMs = binMs / stepsPerBin;
  const tauMs = numberOf(resolved, 'tauMs');
  const alpha = stepMs / tauMs;
  const phi = textOf(resolved, 'nonlinearity') as Nonlinearity;
  const [amount, noiseTauMs] = [numberOf(resolved, 'noise'), numberOf(resolved, 'noiseTauMs')];
  const learnerOf = (of: Activity, draw: number, from: Weights): RowsLearner => {
    const together = Math.min(Number(resolved.rowsTogether?.value ?? 1), of.rows);
    const [streams, steps] = [together > 1 ? padded(together) : 1, Math.ceil((samplesOf(of) * stepsPerBin) / together)];
    const noise = amount > 0 && { noise: { values: filteredNoise(n * streams, steps, stepMs, noiseTauMs, job.seed, draw), amount } };
    const options = { phi, alpha, stepsPerBin, ...noise };
    return together > 1 ? new SideBySide(of, options, from, together) : new Learner(of, options, from);
  };
  const networkOf = (J: Float64Array): DrivenNetwork => ({
    form: 'currents',
    units: n,
    inputs: m,
    ...partsOf(J, n, m),
    phi,
    alpha,
    stepMs,
    stepsPerBin,
  });
  const { resume } = job;
  const begun = resume?.step ?? 0;
  const runs = job.moreSteps === undefined ? numberOf(resolved, 'steps') : begun + job.moreSteps;
  const gain = gainOf(numberOf(resolved, 'gain'), Number(resolved.gainSpread?.value ?? 0), job.seed);
  const firstWith = (p0: number): Weights => initialWeights(n, m, gain, p0, job.seed);
  const asked = numberOf(resolved, 'p0');
  const before = resume?.state.chosen as ChosenP0 | undefined;
  const isOpen = asked === 0 && !resume;
  const choosing = isOpen ? CHOOSING : 0;
  const chosen = isOpen
    ? await chooseP0(activity, Math.max(2, Math.round((PIECE_TAUS * tauMs) / binMs)), {
        runs,
        learnerOf: (of, p0) => learnerOf(of, 0, firstWith(p0)),
        networkOf,
        tick: (done) => job.progress(choosing * done, 'Choosing P₀'),
      })
    : before;
  const p0 = chosen?.p0 ?? asked;
  const first: Weights = resume
    ? { J: jointOf(resume.arrays.J.values, resume.arrays.V.values, n, m), P: Float64Array.from(resume.arrays.P.values) }
    : firstWith(p0);
  const learner = learnerOf(activity, 0, first);
  const tick = (done: number): Promise<void> => job.progress(choosing + (1 - choosing) * Math.min(1, done), 'Learning');

  let weights = first;
  let last: RunScore = { pVar: Number.NaN, chi2: Number.NaN };
  const learned = (step: number): Learned => ({
    network: networkOf(weights.J),
    step,
    arrays: {
      P: { values: weights.P, shape: [n + m, n + m], axes: ['regressor', 'regressor'], unit: '', about: 'P of recursive least squares' },
    },
    ...(chosen && { state: { chosen } }),
  });
  let saved = performance.now();
  let step = begun;
  try {
    while (step < runs) {
      last = await learner.run(true, (done) => tick((step + done - begun) / (runs - begun)));
      step++;
      weights = learner.weights();
      job.metric({ step, values: { pVar: last.pVar, chi2: last.chi2 } });
      if (performance.now() - saved > SAVE_EVERY_MS) {
        await job.keep(learned(step));
        saved = performance.now();
      }
      await tick((step - begun) / (runs - begun));
    }
  } catch (error) {
    if (job.signal.aborted) await job.keep(learned(step));
    throw error;
  }

  const free: number[] = [];
  for (let k = 1; k <= numberOf(resolved, 'freeRuns'); k++) {
    free.push((await learnerOf(activity, k, weights).run(false, () => job.progress(1))).pVar);
  }
  const scores = {
    gain,
    p0,
    heldBackPVar: chosen?.heldBack ?? Number.NaN,
    pVar: last.pVar,
    chi2: last.chi2,
    ...(free.length > 0 && { pVarFreeRuns: mean(free) }),
  };
  return {
    ...learned(step),
    diagnostics: Object.fromEntries(Object.entries(scores).filter(([, value]) => Number.isFinite(value))),
    ...(chosen && { chosen: { p0: { value: p0, reason: chosenSaid(chosen) } } }),
    notes: [
      ...(alpha > 0.3 ? [`A step of ${stepMs} ms is long for a time constant of ${tauMs} ms: raise --steps-per-bin.`] : []),
      ...(chosen && (chosen.heldBack ?? POOR) < POOR ? [poorSaid(chosen)] : []),
    ],
  };
};

/** [J V] of units × (units + inputs), and its parts again. */
function jointOf(J: ArrayLike<number>, V: ArrayLike<number>, n: number, m: number): Float64Array {
  return Float64Array.from({ length: n * (n + m) }, (_, at) => {
    const [i, j] = [Math.floor(at / (n + m)), at % (n + m)];
    return j < n ? J[i * n + j] : V[i * m + j - n];
  });
}

const partsOf = (joint: Float64Array, n: number, m: number): { readonly J: Float64Array; readonly V: Float64Array } => ({
  J: Float64Array.from({ length: n * n }, (_, at) => joint[Math.floor(at / n) * (n + m) + (at % n)]),
  V: Float64Array.from({ length: n * m }, (_, at) => joint[Math.floor(at / m) * (n + m) + n + (at % m)]),
});

export const curbd = defineConstrained({
  id: 'curbd',
  version: 2,
  title: 'CURBD',
  about: 'A network whose units are the recorded units, learned while it runs, for the currents between regions',
  cites: [
    'Perich M. G. et al. Inferring brain-wide interactions using data-constrained recurrent neural network models. bioRxiv 2020.12.18.423348 (2021).',
  ],
  params: curbdParams,
  resolve(dataset, settings) {
    const chosen = chosenBy(settings);
    const usual = (name: keyof typeof curbdParams, why: string) => chosen(name, [(curbdParams[name] as { default: number }).default, why]);
    const units = unitsWhere(dataset, false).length;
    const many = units > MANY_UNITS;
    const tauMs = chosen('tauMs', [Math.max(USUAL_TAU_MS, dataset.binMs), 'Usual: for rates; sweep it']);
    const fineEnough = dataset.binMs / OF_MANY.stepsPerBin / Number(tauMs.value) <= FINE;
    return {
      steps: chosen(
        'steps',
        many
          ? [OF_MANY.runs, `Many units: a run of ${units} takes seconds, and P₀ is chosen for so many`]
          : [USUAL_RUNS, 'Enough: P₀ is chosen for so many'],
      ),
      tauMs,
      gain: usual('gain', 'Small: weights come from the recording, and not from what they began as'),
      gainSpread: usual('gainSpread', 'Usual: so that an ensemble varies it too'),
      nonlinearity: chosen('nonlinearity', ['tanh', 'Usual']),
      stepsPerBin: chosen(
        'stepsPerBin',
        many && fineEnough
          ? [OF_MANY.stepsPerBin, `Many units: each step is at most a tenth of τ, and more take longer for ${units}`]
          : [USUAL_STEPS_PER_BIN, 'Usual'],
      ),
      rowsTogether: chosen(
        'rowsTogether',
        many ? [OF_MANY.rowsTogether, `Many units: several times faster for ${units}`] : [1, 'As published: one after another'],
      ),
      noise: usual('noise', 'Usual'),
      noiseTauMs: usual('noiseTauMs', 'Usual'),
      p0: usual('p0', 'By the data: free runs of rows that are held back choose it'),
      freeRuns: usual('freeRuns', 'Usual'),
    };
  },
  fitTo,
});
