// Currents J r from each region into each: exact sums, what is modulated in them, and the parts that excite and inhibit.

import { Doubles, type Opened, padded, type Place, product, taken } from '../../models/constrained/doubles.ts';

/** Activity r of all units over samples (rows × bins), units × samples, and the weights that it flows through, in the target's unit. */
export interface Flowing {
  readonly units: number;
  readonly samples: number;
  /** units × units, row i onto unit i: diag(scale) J. */
  readonly weights: Float64Array;
  /** units × samples. */
  readonly activity: Float64Array;
}

/** Units of each region, by place. */
export type Members = readonly Int32Array[];

/** Makes currents again and again in one memory. */
export class CurrentMaker {
  readonly #units: number;
  readonly #samples: number;
  readonly #places: readonly [Place, Place, Place];
  readonly #opened: Opened;

  constructor(units: number, samples: number) {
    const plan = new Doubles();
    this.#units = units;
    this.#samples = samples;
    this.#places = [plan.matrix(units, units), plan.matrix(units, samples), plan.matrix(units, samples)];
    this.#opened = plan.open();
  }

  /** Σ over sources of J_ij r_j, targets × samples. */
  from({ weights, activity }: Flowing, targets: Int32Array, sources: Int32Array): Float64Array {
    const [n, samples] = [this.#units, this.#samples];
    const [wholeJ, wholeR, wholeI] = this.#places;
    const J = { ...wholeJ, rows: targets.length, columns: sources.length, ld: padded(sources.length) };
    const [R, I] = [
      { ...wholeR, rows: sources.length },
      { ...wholeI, rows: targets.length },
    ];
    const { kernels, view } = this.#opened;
    const [j, r] = [view(J), view(R)];
    for (const [row, target] of targets.entries())
      for (const [column, source] of sources.entries()) j[row * J.ld + column] = weights[target * n + source];
    for (const [row, unit] of sources.entries()) r.set(activity.subarray(unit * samples, (unit + 1) * samples), row * R.ld);
    product(kernels, J, R, I);
    return taken(view(I), I);
  }
}

/** The positive or negative part of every number. */
export const partOf = (values: Float64Array, sign: 1 | -1): Float64Array => values.map((value) => (sign * value > 0 ? value : 0));

/**
 * What excites and what inhibits: `weight` by the sign of the weight (what Dale's law means), `current` by the sign of the current at each
 * time (what pushes up or down). Both are exact sums of the whole.
 */
export function splitParts(
  maker: CurrentMaker,
  flowing: Flowing,
  targets: Int32Array,
  sources: Int32Array,
  split: 'weight' | 'current',
): { readonly excitatory: Float64Array; readonly inhibitory: Float64Array } {
  const { units, samples, weights, activity } = flowing;
  if (split === 'weight')
    return {
      excitatory: maker.from({ ...flowing, weights: partOf(weights, 1) }, targets, sources),
      inhibitory: maker.from({ ...flowing, weights: partOf(weights, -1) }, targets, sources),
    };
  const [excitatory, inhibitory] = [new Float64Array(targets.length * samples), new Float64Array(targets.length * samples)];
  for (const [i, target] of targets.entries())
    for (const source of sources) {
      const weight = weights[target * units + source];
      for (let t = 0; t < samples; t++) {
        const current = weight * activity[source * samples + t];
        if (current > 0) excitatory[i * samples + t] += current;
        else inhibitory[i * samples + t] += current;
      }
    }
  return { excitatory, inhibitory };
}

export const norm = (values: Float64Array): number => {
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += values[i] * values[i];
  return Math.sqrt(sum);
};

export function inner(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i] * b[i];
  return sum;
}

/** Sizes of the modulated currents into one region: share of each source, by norms and by projection on their sum. */
export function sharesOf(currents: readonly Float64Array[]): {
  readonly shares: readonly number[];
  readonly signed: readonly number[];
  /** Σ of norms over the norm of the sum: large where currents cancel. */
  readonly cancellation: number;
} {
  const sum = new Float64Array(currents[0].length);
  for (const current of currents) for (let i = 0; i < sum.length; i++) sum[i] += current[i];
  const norms = currents.map(norm);
  const total = norms.reduce((all, one) => all + one, 0);
  const square = inner(sum, sum);
  return {
    shares: norms.map((one) => one / total),
    signed: currents.map((current) => inner(current, sum) / square),
    cancellation: total / Math.sqrt(square),
  };
}

/** Rms over targets (and rows) at each bin of targets × rows × bins. */
export function rmsByBin(values: Float64Array, targets: number, rows: number, bins: number): Float64Array {
  const out = new Float64Array(bins);
  for (let at = 0; at < values.length; at++) out[at % bins] += values[at] ** 2;
  return out.map((sum) => Math.sqrt(sum / (targets * rows)));
}
