// Divergence: do states that are alike come apart a while later? Russo et al. 2020, Neuron 107:745.
//
//   D(t) = max over t' of |x(t + δ) − x(t' + δ)|² / (|x(t) − x(t')|² + ε)
//
// An area that keeps track of where it stands in a sequence keeps D low at all delays. D has no unit and grows with δ, so it is
// swept; smoothness alone lowers it, so surrogates with the same covariances stand beside (surrogates.ts).

import { Failure } from '../contract/failure.ts';
import type { Job } from '../contract/job.ts';
import { defineParams } from '../contract/params.ts';
import type { Arrays, States } from '../contract/result.ts';
import { median, quantile } from '../numerics/statistics.ts';
import { defineAnalysis } from './analysis.ts';
import { type Control, controlOf } from './control.ts';
import { largestRatios } from './pairs.ts';
import { overTime, prepared, smoothed, spreadOf, spreadOfMoving } from './states.ts';
import { tangling } from './tangling.ts';

const { of, components, softNormalise, softening, smoothMs, draws } = tangling.params;
/** Unless it is set. */
const DELAY_MS = 100;
const DELAYS = 8;
/** Pairs that the surrogates of all delays together may cost. */
const SWEEP_PAIRS = 3e8;
const SWEEP_DRAWS = 20;

export const divergence = defineAnalysis({
  id: 'divergence',
  version: 1,
  title: 'Divergence',
  about: 'Whether states that are alike come apart a while later, over time and delays and beside surrogates.',
  cites: [
    'Russo A. A. et al. Neural trajectories in the supplementary motor area and motor cortex exhibit distinct geometries, compatible with different classes of computation. Neuron 107, 745–758 (2020).',
  ],
  needs: 'states',
  state: 'rates',
  params: defineParams({
    of: { ...of, help: 'Condition averages, or single trials, whose noise raises divergence.' },
    delayMs: {
      kind: 'number',
      label: 'Delay',
      help: 'δ, how much later states are looked at; a whole number of bins, 100 ms unless given. Other delays are swept beside it.',
      min: 0,
      unit: 'ms',
      tier: 'common',
    },
    components,
    softNormalise,
    softening: { ...softening, help: 'ε as a share of the total variance; it keeps D finite where trajectories meet.' },
    smoothMs: {
      ...smoothMs,
      help: 'Standard deviation of a Gaussian over time beforehand; 0 for inferred states and 40 ms for counts unless given.',
    },
    draws,
  }),
  async run({ states: given }, params, job) {
    if (given.rows === 0)
      throw new Failure('no-trials', 'There are no trials to take the divergence of.', 'Choose another window, or let more trials in.');
    if (given.bins < 3)
      throw new Failure(
        'too-few-bins',
        `Divergence needs 3 bins a trial, and these have ${given.bins}.`,
        'Choose a longer window or shorter bins.',
      );
    const delay = delayOf(given, params.delayMs);
    const sdMs = params.smoothMs ?? (given.state === 'counts' ? 40 : 0);
    const states = smoothed(prepared(given, { ...params, normalise: params.softNormalise }), sdMs);
    const spread = spreadOfMoving(given, states, 'Divergence');
    const epsilon = params.softening * spread;
    const q = await largestRatios(states, later(states, delay), epsilon, job, 0, 0.2);
    const control = await controlOf(
      states,
      { of: 'Divergence', unit: '', against: (every) => later(every, delay), softening: params.softening, draws: params.draws },
      job,
      0.2,
      0.6,
    );
    const swept = await sweep(states, params.softening, control, job);
    const finite = q.filter(Number.isFinite);
    const smoothing = sdMs > 0 ? `, smoothed (s.d. ${sdMs} ms)` : '';
    const delayMs = delay * states.binMs;
    return {
      arrays: {
        ...overTime(states, q, '', `Divergence ${delayMs} ms later`),
        ...control.arrays,
        ...swept,
      },
      summary: {
        delayMs,
        median: median(finite),
        p90: quantile(finite, 0.9),
        rows: states.rows,
        dimensions: states.dimensions,
        ...control.summary(finite, q),
      },
      recipe: `Divergence ${delayMs} ms later of ${states.recipe}${smoothing}; ε = ${params.softening} × total variance${control.recipe}.`,
      notes: [
        ...control.notes,
        ...(params.of === 'averages' && !given.conditions.some((condition) => condition >= 0)
          ? ['Without conditions the average of all trials is one row.']
          : []),
      ],
    };
  },
});

/** The delay in bins. Throws where it is none, or leaves no pairs. */
function delayOf({ binMs, bins }: States, delayMs: number | undefined): number {
  const most = bins - 2;
  if (delayMs === undefined) return Math.max(1, Math.min(most, Math.round(DELAY_MS / binMs)));
  const delay = Math.round(delayMs / binMs);
  if (Math.abs(delay * binMs - delayMs) > 1e-6 * binMs || delay < 1 || delay > most)
    throw new Failure(
      'bad-delay',
      `A delay of ${delayMs} ms cannot be used with ${bins} bins of ${binMs} ms.`,
      `Choose a whole number of bins from ${binMs} to ${most * binMs} ms.`,
    );
  return delay;
}

/** The states `delay` bins later in their own row, NaN where a row has ended. */
export function later({ values, rows, bins, dimensions }: States, delay: number): Float64Array {
  const out = new Float64Array(values.length).fill(Number.NaN);
  for (let row = 0; row < rows; row++) {
    const from = (row * bins + delay) * dimensions;
    out.set(values.subarray(from, (row + 1) * bins * dimensions), row * bins * dimensions);
  }
  return out;
}

/** Median divergence at delays from one bin to half the window, with 5 to 95 % of the medians of surrogates. */
async function sweep(states: States, softening: number, control: Control, job: Job): Promise<Arrays> {
  const { rows, bins, binMs } = states;
  const longest = Math.max(1, Math.floor(bins / 2));
  const steps = Array.from({ length: DELAYS }, (_, k) => Math.round(longest ** (k / (DELAYS - 1))));
  const delays = [...new Set(steps)].sort((a, b) => a - b);
  const middle = async (of: States, delay: number): Promise<number> => {
    const q = await largestRatios(of, later(of, delay), softening * spreadOf(of), { ...job, progress: async () => {} });
    return median(q.filter(Number.isFinite));
  };
  const own = new Float64Array(delays.length);
  for (const [k, delay] of delays.entries()) own[k] = await middle(states, delay);
  const affordable = Math.floor(SWEEP_PAIRS / (((rows * bins) ** 2 / 2) * delays.length));
  const draws = Math.min(control.draws, SWEEP_DRAWS, affordable);
  const ofDraws = delays.map(() => new Float64Array(draws));
  for (let draw = 0; draw < draws; draw++) {
    await job.progress(0.6 + (0.4 * draw) / draws);
    job.signal.throwIfAborted();
    const surrogate = control.draw(draw);
    for (const [k, delay] of delays.entries()) ofDraws[k][draw] = await middle(surrogate, delay);
  }
  const named = (values: Float64Array, about: string) => ({ values, shape: [values.length], axes: ['delay'], unit: '', about });
  const level = (p: number, what: string) =>
    named(
      Float64Array.from(ofDraws, (medians) => quantile(medians, p)),
      `Median divergence of surrogates at each delay, ${what}`,
    );
  return {
    delays: {
      ...named(
        Float64Array.from(delays, (delay) => delay * binMs),
        'Delays that were swept',
      ),
      unit: 'ms',
    },
    sweep: named(own, 'Median divergence at each delay'),
    ...(draws > 0
      ? {
          sweepControlLow: level(0.05, '5 %'),
          sweepControlMedian: level(0.5, 'median'),
          sweepControlHigh: level(0.95, '95 %'),
        }
      : {}),
  };
}
