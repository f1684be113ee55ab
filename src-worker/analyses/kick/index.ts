// Kicks: what a fitted network does when its state is pushed, units are clamped or silenced, or an input is changed or taken away; beside the
// same trials left alone, and beside kicks of the same size in random directions or of random units.

import { Failure } from '../../contract/failure.ts';
import { defineParams } from '../../contract/params.ts';
import type { NamedArray, Result } from '../../contract/result.ts';
import { key, normal } from '../../engine/random.ts';
import { readStates } from '../../models/readout.ts';
import { length } from '../../numerics/lu.ts';
import { mean, quantile, totalVariance } from '../../numerics/statistics.ts';
import { type Dynamics, defineAnalysis } from '../analysis.ts';
import { rowsOf } from '../fixed-points/starts.ts';
import { type Held, heldInput, heldParams } from '../flow/held.ts';
import { stepFor } from '../lyapunov/orbit.ts';
import { countOf } from '../states.ts';
import { changesOf, distances, overRows, reproduction } from './apart.ts';
import { perturbation, randomLike, round, windowOf } from './perturbation.ts';
import { heldTrials, recordedTrials, simulate, type Trials } from './simulate.ts';

const MADE = 141;
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

function withoutTrials({ flow, starts }: Dynamics, { u }: Held, most: number, seed: number): Trials {
  const brought = starts ? rowsOf(starts).slice(0, most) : [];
  const made = () =>
    Array.from({ length: Math.min(most, 8) }, (_, k) =>
      Float64Array.from({ length: flow.states }, (_state, i) => 0.5 * normal(key(seed, MADE, k), i)),
    );
  const all = brought.length > 0 ? brought : made();
  return heldTrials(all, u, STEPS + 1, flow.kind === 'map' ? flow.stepMs : 5 * stepFor(flow, all, u));
}
