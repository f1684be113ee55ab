// What a measure of pairs of states (pairs.ts) gives for surrogates: random states as smooth, as wide and as alike across conditions as the data.

import type { Job } from '../contract/job.ts';
import type { Arrays, NamedArray, States } from '../contract/result.ts';
import { median, quantile, totalVariance } from '../numerics/statistics.ts';
import { largestRatios } from './pairs.ts';
import { drawSurrogate, surrogateModel } from './surrogates.ts';

/** Pairs that all surrogates together may cost; more states get fewer draws. */
const CONTROL_PAIRS = 5e8;
const FEWEST_DRAWS = 5;
/** Largest number of rows whose surrogates are fitted. */
const CONTROL_ROWS = 400;

export interface Measure {
  /** 'Tangling'. */
  readonly of: string;
  readonly unit: string;
  /** The companions y of states. */
  against(states: States): Float64Array;
  /** ε as a share of the total variance. */
  readonly softening: number;
  readonly draws: number;
}

export interface Control {
  readonly arrays: Arrays;
  /** Numbers that set the data beside it: `finite` are those of `q` (rows × bins) that are known. */
  summary(finite: Float64Array, q: Float64Array): Readonly<Record<string, number>>;
  readonly recipe: string;
  readonly notes: readonly string[];
  /** Draw it was made of, as states; none where there is no control. */
  readonly draws: number;
  draw(index: number): States;
}

/** The measure of surrogates: its median and 5 to 95 % in every bin, over rows and draws. Progress runs on from `from` to `to`. */
export async function controlOf(
  states: States,
  { of, unit, against, softening, draws: wanted }: Measure,
  job: Job,
  from: number,
  to = 1,
): Promise<Control> {
  const { values, rows, bins, dimensions } = states;
  const none: Control = { arrays: {}, summary: () => ({}), recipe: '', notes: [], draws: 0, draw: () => states };
  if (wanted === 0) return none;
  const without = (why: string): Control => ({ ...none, notes: [`No surrogates: ${why}.`] });
  if (values.some((value) => !Number.isFinite(value))) return without('some bins were not observed');
  if (rows > CONTROL_ROWS) return without(`${rows} rows are more than ${CONTROL_ROWS}`);
  const draws = Math.min(wanted, Math.floor(CONTROL_PAIRS / ((rows * bins) ** 2 / 2)));
  if (draws < Math.min(wanted, FEWEST_DRAWS)) return without(`${rows} × ${bins} states are too many`);
  const model = surrogateModel(values, rows, bins, dimensions);
  if (model === undefined) return without('the states do not vary');
  const draw = (index: number): States => ({ ...states, values: drawSurrogate(model, job.seed, index) });
  const all = new Float64Array(draws * rows * bins);
  const medians = new Float64Array(draws);
  for (let index = 0; index < draws; index++) {
    const surrogate = draw(index);
    const [start, end] = [index, index + 1].map((k) => from + ((to - from) * k) / draws);
    const q = await largestRatios(surrogate, against(surrogate), softening * totalVariance(surrogate), job, start, end);
    all.set(q, index * rows * bins);
    medians[index] = median(q.filter(Number.isFinite));
  }
  const inBin = Array.from({ length: bins }, (_, bin) =>
    Float64Array.from({ length: draws * rows }, (_unused, k) => all[k * bins + bin]).filter(Number.isFinite),
  );
  const level = (p: number) => Float64Array.from(inBin, (own) => quantile(own, p));
  const [low, middle, high] = [level(0.05), level(0.5), level(0.95)];
  const named = (array: Float64Array, what: string): NamedArray => ({
    values: array,
    shape: [bins],
    axes: ['bin'],
    unit,
    about: `${of} of surrogates, ${what}`,
  });
  const known = all.filter(Number.isFinite);
  return {
    arrays: { controlLow: named(low, '5 %'), controlMedian: named(middle, 'median'), controlHigh: named(high, '95 %') },
    summary: (finite, q) => ({
      controlMedian: median(known),
      control5: quantile(known, 0.05),
      control95: quantile(known, 0.95),
      controlDraws: draws,
      shareAboveControl95: q.filter((value, i) => value > high[i % bins]).length / finite.length,
      shareBelowControl5: q.filter((value, i) => value < low[i % bins]).length / finite.length,
      // Of values as low as these in data that are only smooth.
      pLow: (1 + medians.filter((value) => value <= median(finite)).length) / (1 + draws),
    }),
    recipe: `; control: ${draws} tensor maximum entropy surrogates`,
    notes: draws < wanted ? [`${draws} surrogates instead of ${wanted}: there are many states.`] : [],
    draws,
    draw,
  };
}
