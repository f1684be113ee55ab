// Batches for a Stepper out of a dataset: units in the model's order, withheld elements, spike jitter and temporal shift.

import { key, normal, STREAM, uniform } from '../../../engine/random.ts';
import type { Dataset } from '../../../dataset/index.ts';
import type { LfadsSizes } from '../architecture.ts';
import type { UnitView } from '../../../training/units.ts';
import type { Batch } from '../stepper.ts';

/** Share of held-in counts withheld for sample validation: the same elements at every step. */
export interface Withholding {
  readonly seed: number;
  readonly rate: number;
}

/** Movement in time of what is seen and what is predicted alike, drawn anew at each step. */
export interface Movement {
  readonly seed: number;
  readonly step: number;
  /** Largest distance of a spike, bins; its ends reflect. */
  readonly jitterBins: number;
  /** S.d. of a trial's shift, bins, at most twice that. */
  readonly shiftBins: number;
}

/** A batch of the given trials (places in the dataset). */
export function makeBatch(
  dataset: Dataset,
  sizes: Pick<LfadsSizes, 'external' | 'encodedBins' | 'heldIn'>,
  { order, offset, scale }: UnitView,
  trials: Int32Array,
  withholding?: Withholding,
): Batch {
  const { bins: T, units: N } = dataset;
  const counts = new Float32Array(trials.length * T * N);
  for (const [b, trial] of trials.entries())
    for (let t = 0; t < T; t++) {
      const [to, from] = [(b * T + t) * N, (trial * T + t) * N];
      for (let n = 0; n < N; n++) counts[to + n] = (dataset.counts[from + order[n]!]! - offset[n]!) / scale[n]!;
    }
  return {
    trials,
    counts,
    ...(dataset.observed ? { observed: rowsOf(dataset.observed, trials, T, new Uint8Array(trials.length * T)) } : {}),
    ...(dataset.external
      ? { external: rowsOf(dataset.external.values, trials, T * sizes.external, new Float32Array(trials.length * T * sizes.external)) }
      : {}),
    ...(withholding && withholding.rate > 0 ? { withheld: withheldOf(sizes, trials, withholding) } : {}),
  };
}

function rowsOf<A extends Float32Array | Uint8Array>(values: A, trials: Int32Array, size: number, out: A): A {
  for (const [b, trial] of trials.entries()) out.set(values.subarray(trial * size, (trial + 1) * size), b * size);
  return out;
}

function withheldOf(
  { encodedBins, heldIn }: Pick<LfadsSizes, 'encodedBins' | 'heldIn'>,
  trials: Int32Array,
  { seed, rate }: Withholding,
): Uint8Array {
  const size = encodedBins * heldIn;
  const withheld = new Uint8Array(trials.length * size);
  for (const [b, trial] of trials.entries()) {
    const k = key(seed, STREAM.sampleValidation, trial);
    for (let i = 0; i < size; i++) if (uniform(k, i) < rate) withheld[b * size + i] = 1;
  }
  return withheld;
}

/** The batch with its spikes jittered and its trials shifted. Withheld elements keep their spikes and move with their trial. */
export function moved(batch: Batch, sizes: LfadsSizes, movement: Movement): Batch {
  const jittered = movement.jitterBins > 0 ? { ...batch, counts: jitter(batch, sizes, movement) } : batch;
  return movement.shiftBins > 0 ? shift(jittered, sizes, movement) : jittered;
}

/** Larger counts stay where they are, as do those that are not finite, of which the step then tells. */
const MOST_JITTERED = 1000;

function jitter(batch: Batch, { bins: T, units: N, encodedBins, heldIn }: LfadsSizes, { seed, step, jitterBins }: Movement): Float32Array {
  const counts = new Float32Array(batch.counts.length);
  const reflected = (t: number): number => Math.min(T - 1, Math.max(0, t < 0 ? -1 - t : t >= T ? 2 * T - 1 - t : t));
  const stays = (b: number, t: number, n: number): boolean =>
    batch.observed?.[b * T + t] === 0 || (t < encodedBins && n < heldIn && batch.withheld?.[(b * encodedBins + t) * heldIn + n] === 1);
  for (const [b, trial] of batch.trials.entries()) {
    const k = key(seed, STREAM.jitter, step, trial);
    let spike = 0;
    for (let t = 0; t < T; t++)
      for (let n = 0; n < N; n++) {
        const count = batch.counts[(b * T + t) * N + n]!;
        if (!(count <= MOST_JITTERED)) {
          counts[(b * T + t) * N + n]! += count;
          continue;
        }
        for (let j = 0; j < count; j++, spike++) {
          const to = reflected(t + Math.floor(uniform(k, spike) * (2 * jitterBins + 1)) - jitterBins);
          const at = stays(b, t, n) || stays(b, to, n) ? t : to;
          counts[(b * T + at) * N + n]! += 1;
        }
      }
  }
  return counts;
}

/** Bins that a shift brings in from outside the window count as missing. */
function shift(
  batch: Batch,
  { bins: T, units: N, encodedBins, heldIn, external: E }: LfadsSizes,
  { seed, step, shiftBins }: Movement,
): Batch {
  const B = batch.trials.length;
  const counts = new Float32Array(batch.counts.length);
  const observed = new Uint8Array(B * T);
  const external = batch.external && new Float32Array(batch.external.length);
  const withheld = batch.withheld && new Uint8Array(batch.withheld.length);
  for (const [b, trial] of batch.trials.entries()) {
    const most = Math.min(2 * shiftBins, T - 1);
    const by = Math.min(most, Math.max(-most, Math.round(shiftBins * normal(key(seed, STREAM.shift, step, trial), 0))));
    for (let t = Math.max(0, by); t < Math.min(T, T + by); t++) {
      const [to, from] = [b * T + t, b * T + t - by];
      counts.set(batch.counts.subarray(from * N, (from + 1) * N), to * N);
      observed[to] = batch.observed?.[from] ?? 1;
      if (external) external.set(batch.external!.subarray(from * E, (from + 1) * E), to * E);
      if (withheld && t < encodedBins && t - by < encodedBins) {
        const source = (b * encodedBins + t - by) * heldIn;
        withheld.set(batch.withheld!.subarray(source, source + heldIn), (b * encodedBins + t) * heldIn);
      }
    }
  }
  return { ...batch, counts, observed, ...(external ? { external } : {}), ...(withheld ? { withheld } : {}) };
}
