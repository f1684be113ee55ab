// Kicks: what a fitted network does when its state is pushed, units are clamped or silenced, or an input is changed or taken away; beside the
// same trials left alone, and beside kicks of the same size in random directions or of random units.

import { Failure } from '../../contract/failure.ts';
import { defineParams } from '../../contract/params.ts';
import type { NamedArray, Result } from '../../contract/result.ts';
import { key, normal, permutation } from '../../engine/random.ts';
import { readStates } from '../../models/readout.ts';
import { length } from '../../numerics/lu.ts';
import { principalComponents } from '../../numerics/pca.ts';
import { mean, median, quantile, totalVariance } from '../../numerics/statistics.ts';
import { type Dynamics, defineAnalysis } from '../analysis.ts';
import { rowsOf } from '../fixed-points/starts.ts';
import { type Held, heldInput, heldParams } from '../flow/held.ts';
import { stepFor } from '../lyapunov/orbit.ts';
import { countOf } from '../states.ts';
import { heldTrials, type Perturbation, recordedTrials, simulate, type Trials } from './simulate.ts';

const STREAM = { made: 141, direction: 142, units: 143 } as const;
const STEPS = 100;

const params = defineParams({
  kick: {
    kind: 'choice',
    label: 'Kick',
    help: 'Push the state once; clamp states at a value or silence them at zero; add to inputs, or take them away.',
    choices: ['push', 'clamp', 'silence', 'add-input', 'remove-input'],
    default: 'push',
    tier: 'common',
  },
  places: {
    kind: 'list',
    of: 'number',
    label: 'Places',
    help: 'Which states (or inputs) it is done to, from 0; a push without any goes along the first principal component of the trajectories.',
    default: [],
    tier: 'common',
  },
  size: {
    kind: 'number',
    label: 'Size',
    help: 'Of a push, in standard deviations of the states along it; the value of a clamp; what is added to inputs.',
    default: 1,
    tier: 'common',
  },
  atMs: {
    kind: 'number',
    label: 'At',
    help: 'When it begins, about the event; a third of the way unless given.',
    unit: 'ms',
    tier: 'common',
  },
  durationMs: {
    kind: 'number',
    label: 'Duration',
    help: 'How long it lasts, but for a push, which is a moment; to the end unless given.',
    min: 0,
    unit: 'ms',
    tier: 'common',
  },
  ...heldParams,
  trialsShown: {
    kind: 'number',
    label: 'Most trials',
    help: 'Trials that are run, evenly thinned.',
    default: 48,
    min: 1,
    max: 2000,
    integer: true,
    tier: 'occasional',
  },
  draws: {
    kind: 'number',
    label: 'Random kicks',
    help: 'Kicks in random directions, or of as many random states or inputs, as a control.',
    default: 20,
    min: 0,
    max: 1000,
    integer: true,
    tier: 'occasional',
  },
});

export const kick = defineAnalysis({
  id: 'kick',
  version: 2,
  title: 'Kick',
  about: 'Trajectories, factors and rates after the state, units or inputs are disturbed, beside the same trials left alone.',
  needs: 'flow',
  state: 'generator',
  params,
  async run({ states, dynamics }, asked, job): Promise<Result> {
    if (dynamics === undefined)
      throw new Failure('no-dynamics', 'Trials alone have no dynamics.', 'Choose a run of LFADS, or of a network from elsewhere.');
    const { flow, readouts } = dynamics;
    const n = flow.states;
    const held = heldInput(dynamics, asked);
    const isOfTrials = states.rows > 0 && states.bins > 1 && states.dimensions === n;
    const ofTrials = isOfTrials && flow.kind === 'map' ? flow : undefined;
    const trials = ofTrials
      ? recordedTrials(ofTrials, states, dynamics.driven, held.u, asked.trialsShown)
      : withoutTrials(dynamics, held, asked.trialsShown, job.seed);
    if (trials.rows === 0)
      throw new Failure('no-trials', 'No trial has a state to start from.', 'Choose another window, or let more trials in.');
    const alone = simulate(flow, trials);
    if (!alone.every(Number.isFinite))
      throw new Failure('unbounded', `Left alone, ${dynamics.of} leaves all bounds.`, 'Look at its weights and its kind (--map).');
    const spread = Math.sqrt(totalVariance({ values: alone, dimensions: n }));
    const window = windowOf(trials, asked);
    const own = perturbation(asked, window, alone, n, flow.inputs, dynamics.driven?.names);
    const kicked = simulate(flow, trials, own.done);
    if (!kicked.every(Number.isFinite))
      throw new Failure('unbounded', `After the kick ${dynamics.of} leaves all bounds.`, 'Choose a smaller --size.');
    const scale = spread > 0 ? spread : 1;
    const apart = distances(alone, kicked, n, scale);
    const { rows, bins } = trials;
    const middle = overRows(apart, rows, bins);
    const drawn: Float64Array[] = [];
    for (let draw = 0; draw < asked.draws; draw++) {
      await job.progress(draw / asked.draws);
      job.signal.throwIfAborted();
      const other = randomLike(own.done, n, flow.inputs, job.seed, draw);
      if (other) drawn.push(overRows(distances(alone, simulate(flow, trials, other), n, scale), rows, bins));
    }
    const level = (p: number) =>
      Float64Array.from({ length: bins }, (_, bin) =>
        quantile(
          Float64Array.from(drawn, (one) => one[bin]),
          p,
        ),
      );
    const array = (values: Float64Array, axes: readonly string[], shape: readonly number[], unit: string, about: string): NamedArray => ({
      values,
      axes,
      shape,
      unit,
      about,
    });
    const perBin = (values: Float64Array, about: string) => array(values, ['bin'], [bins], '', about);
    const whole = (values: Float64Array, what: string, width: number, unit: string, about: string) =>
      array(values, ['trial', 'bin', what], [rows, bins, width], unit, about);
    const { factors, logRates, rates: plainRates } = readouts ?? {};
    const units = (logRates ?? plainRates)?.dimensions ?? 0;
    const rates = logRates
      ? [alone, kicked].map((of) => readStates(logRates, of).map(Math.exp))
      : plainRates && [alone, kicked].map((of) => readStates(plainRates, of));
    const changes = rates && changesOf(rates[0], rates[1], units);
    const peak = Math.max(...middle.subarray(window.from));
    const peakAt = window.from + middle.subarray(window.from).indexOf(peak);
    const back = middle.findIndex((value, bin) => bin > peakAt && value < peak / Math.E);
    const reproduced = ofTrials ? reproduction(states.values, alone, trials, states.rowIds, n, scale) : Number.NaN;
    return {
      arrays: {
        distance: array(
          apart,
          ['trial', 'bin'],
          [rows, bins],
          '',
          'Distance of the kicked state from the one left alone, in s.d. of the states',
        ),
        distanceMedian: perBin(middle, 'Its median over trials'),
        ...(drawn.length > 0
          ? {
              controlLow: perBin(level(0.05), 'Median distance of random kicks, 5 %'),
              controlMedian: perBin(level(0.5), 'Median distance of random kicks, median'),
              controlHigh: perBin(level(0.95), 'Median distance of random kicks, 95 %'),
            }
          : {}),
        statesAlone: whole(alone, 'state', n, '', 'States left alone'),
        statesKicked: whole(kicked, 'state', n, '', 'States with the kick'),
        ...(factors
          ? {
              factorsAlone: whole(readStates(factors, alone), 'factor', factors.dimensions, factors.unit, 'Factors left alone'),
              factorsKicked: whole(readStates(factors, kicked), 'factor', factors.dimensions, factors.unit, 'Factors with the kick'),
            }
          : {}),
        ...(rates && changes
          ? {
              ratesAlone: whole(rates[0], 'unit', units, 'Hz', 'Rates left alone'),
              ratesKicked: whole(rates[1], 'unit', units, 'Hz', 'Rates with the kick'),
              rateChanges: array(changes, ['unit'], [changes.length], 'Hz', 'Mean absolute change of the rate of each unit'),
            }
          : {}),
        time: array(trials.timeMs, ['bin'], [bins], 'ms', 'Time of each state'),
        trials: { values: trials.rowIds, axes: ['trial'], shape: [rows], unit: '', about: 'Trial (row of the file’s table), or start' },
        conditions: { values: trials.conditions, axes: ['trial'], shape: [rows], unit: '', about: 'Condition of each trial, −1 for none' },
        window: array(
          Float64Array.of(trials.timeMs[window.from], trials.timeMs[Math.min(window.to, bins) - 1]),
          ['edge'],
          [2],
          'ms',
          'When it begins and ends',
        ),
      },
      summary: {
        trials: rows,
        atMs: trials.timeMs[window.from],
        ...(own.done.push ? { pushLength: length(own.done.push) / scale } : {}),
        peakDistance: peak,
        peakMs: trials.timeMs[peakAt],
        endDistance: middle[bins - 1],
        ...(back > 0 ? { returnMs: trials.timeMs[back] - trials.timeMs[peakAt] } : {}),
        ...(drawn.length > 0
          ? {
              controlDraws: drawn.length,
              controlEndMedian: level(0.5)[bins - 1],
              controlEnd5: level(0.05)[bins - 1],
              controlEnd95: level(0.95)[bins - 1],
            }
          : {}),
        ...(changes ? { rateChangeHz: mean(changes), mostChangedUnit: changes.indexOf(Math.max(...changes)) } : {}),
        ...(Number.isFinite(reproduced) ? { reproduction: reproduced } : {}),
      },
      recipe: `Kick of ${dynamics.of}: ${own.words} at ${round(trials.timeMs[window.from])} ms${own.done.push ? '' : `, to ${round(trials.timeMs[Math.min(window.to, bins) - 1])} ms`}, in ${countOf(rows, ofTrials ? 'trial' : 'run')} ${ofTrials && dynamics.driven ? 'under their own inputs' : `with ${held.words}`}; distances in s.d. of the states${drawn.length > 0 ? `; control: ${drawn.length} ${own.control}` : ''}.`,
      notes: [
        ...(drawn.length === 0 && asked.draws > 0 ? ['No random kicks: all there are were kicked.'] : []),
        ...(reproduced > 0.05
          ? [
              `Run anew from their first bin, states differ from those inferred by ${reproduced.toFixed(2)} s.d.: the kick is compared with the run, not with the fit.`,
            ]
          : []),
        ...(back > 0 || !(peak > 0) ? [] : ['Within the trial the states do not come back to 1/e of their largest distance.']),
        'A fitted network that answers a kick says what the model would do, not what the circuit would.',
      ],
    };
  },
});

const round = (value: number): number => Number(value.toPrecision(6));

function withoutTrials({ flow, starts }: Dynamics, { u }: Held, most: number, seed: number): Trials {
  const brought = starts ? rowsOf(starts).slice(0, most) : [];
  const made = () =>
    Array.from({ length: Math.min(most, 8) }, (_, k) =>
      Float64Array.from({ length: flow.states }, (_state, i) => 0.5 * normal(key(seed, STREAM.made, k), i)),
    );
  const all = brought.length > 0 ? brought : made();
  return heldTrials(all, u, STEPS + 1, flow.kind === 'map' ? flow.stepMs : 5 * stepFor(flow, all, u));
}

/** Bins from which and before which something is done. */
function windowOf(
  { timeMs, bins, stepMs }: Trials,
  { atMs, durationMs }: { readonly atMs: number | undefined; readonly durationMs: number | undefined },
) {
  const from = atMs === undefined ? Math.floor(bins / 3) : timeMs.findIndex((time) => time + stepMs / 2 > atMs);
  if (from < 0 || (atMs !== undefined && atMs < timeMs[0] - stepMs / 2))
    throw new Failure(
      'outside-window',
      `${atMs} ms lies outside the trials, which run from ${round(timeMs[0])} to ${round(timeMs[bins - 1])} ms.`,
      'Choose an --at-ms within them.',
    );
  return { from, to: durationMs === undefined ? bins : Math.min(bins, from + Math.max(1, Math.round(durationMs / stepMs))) };
}

interface Asked {
  readonly kick: 'push' | 'clamp' | 'silence' | 'add-input' | 'remove-input';
  readonly places: readonly number[];
  readonly size: number;
}

interface Own {
  readonly done: Perturbation;
  readonly words: string;
  /** What the control is: 'pushes in random directions'. */
  readonly control: string;
}

/** What is asked for, made sense of. Throws where a place is not there. */
function perturbation(
  { kick: kind, places, size }: Asked,
  window: { readonly from: number; readonly to: number },
  alone: Float64Array,
  n: number,
  inputs: number,
  names: readonly string[] | undefined,
): Own {
  const ofInputs = kind === 'add-input' || kind === 'remove-input';
  const [count, noun] = ofInputs ? [inputs, 'input'] : [n, 'state'];
  if (ofInputs && inputs === 0)
    throw new Failure('no-inputs', 'These dynamics have no inputs to change.', 'Push, clamp or silence their states.');
  const wrong = places.find((place) => !Number.isInteger(place) || place < 0 || place >= count);
  if (wrong !== undefined)
    throw new Failure('no-such-place', `There is no ${noun} ${wrong}: there are ${count}.`, `Choose --places from 0 to ${count - 1}.`);
  if (places.length === 0 && kind !== 'push' && kind !== 'remove-input')
    throw new Failure(
      'no-places',
      `Which ${noun}s to ${kind === 'add-input' ? 'add to' : kind} is not said.`,
      `Name them: --places 0,3, from 0 to ${count - 1}.`,
    );
  const list = (of: readonly number[]) =>
    of.length > 6
      ? `${of.length} ${noun}s`
      : `${noun}${of.length === 1 ? '' : 's'} ${of.map((place) => (ofInputs ? (names?.[place] ?? place) : place)).join(', ')}`;
  switch (kind) {
    case 'push': {
      const first = () => principalComponents(alone, n, 1).components;
      const direction =
        places.length === 0 ? first() : Float64Array.from({ length: n }, (_, i) => (places.includes(i) ? 1 / Math.sqrt(places.length) : 0));
      const along = new Float64Array(alone.length / n);
      for (let i = 0; i < alone.length; i++) along[Math.floor(i / n)] += alone[i] * direction[i % n];
      const sd = Math.sqrt(totalVariance({ values: along, dimensions: 1 }));
      const push = direction.map((part) => part * size * (sd > 0 ? sd : 1));
      const where = places.length === 0 ? 'the first principal component' : list(places);
      return {
        done: { ...window, push },
        words: `the state pushed by ${size} s.d. along ${where}`,
        control: 'pushes as long in random directions',
      };
    }
    case 'clamp':
    case 'silence': {
      const value = kind === 'silence' ? 0 : size;
      return {
        done: { ...window, hold: { places, value } },
        words: `${list(places)} held at ${value}`,
        control: `draws of as many random states held at ${value}`,
      };
    }
    case 'add-input':
      return {
        done: { ...window, input: { places, by: size } },
        words: `${size} added to ${list(places)}`,
        control: 'draws of as many random inputs',
      };
    case 'remove-input': {
      const all = places.length > 0 ? places : Array.from({ length: inputs }, (_, i) => i);
      return {
        done: { ...window, input: { places: all, by: 'remove' } },
        words: `${list(all)} at zero`,
        control: 'draws of as many random inputs',
      };
    }
    default:
      return kind satisfies never;
  }
}

/** The same done elsewhere; undefined where there is no elsewhere. */
function randomLike(done: Perturbation, n: number, inputs: number, seed: number, draw: number): Perturbation | undefined {
  const { push, hold, input } = done;
  if (push) {
    const direction = Float64Array.from({ length: n }, (_, i) => normal(key(seed, STREAM.direction, draw), i));
    const scale = length(push) / length(direction);
    return { ...done, push: direction.map((value) => value * scale) };
  }
  const some = (count: number, of: number) => Array.from(permutation(key(seed, STREAM.units, draw), of).subarray(0, count));
  if (hold) return hold.places.length < n ? { ...done, hold: { ...hold, places: some(hold.places.length, n) } } : undefined;
  if (input) return input.places.length < inputs ? { ...done, input: { ...input, places: some(input.places.length, inputs) } } : undefined;
  return undefined;
}

/** rows × bins. */
function distances(a: Float64Array, b: Float64Array, n: number, scale: number): Float64Array {
  const out = new Float64Array(a.length / n);
  for (let i = 0; i < a.length; i++) out[Math.floor(i / n)] += (a[i] - b[i]) ** 2;
  return out.map((sum) => Math.sqrt(sum) / scale);
}

const overRows = (values: Float64Array, rows: number, bins: number): Float64Array =>
  Float64Array.from({ length: bins }, (_, bin) => median(Float64Array.from({ length: rows }, (_row, row) => values[row * bins + bin])));

function changesOf(before: Float64Array, after: Float64Array, units: number): Float64Array {
  const out = new Float64Array(units);
  for (let i = 0; i < before.length; i++) out[i % units] += (Math.abs(after[i] - before[i]) * units) / before.length;
  return out;
}

/** Root mean square difference between the run and what was inferred, in s.d. of the states. */
function reproduction(
  values: Float64Array,
  alone: Float64Array,
  { rows, bins, rowIds }: Trials,
  all: Int32Array,
  n: number,
  scale: number,
): number {
  let [sum, count] = [0, 0];
  for (let row = 0; row < rows; row++) {
    const from = all.indexOf(rowIds[row]) * bins * n;
    for (let i = 0; i < bins * n; i++) {
      const difference = values[from + i] - alone[row * bins * n + i];
      if (!Number.isFinite(difference)) continue;
      sum += difference ** 2;
      count++;
    }
  }
  return Math.sqrt((sum * n) / count) / scale;
}
