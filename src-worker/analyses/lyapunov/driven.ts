// Dynamics under the inputs that they had: the conditional spectrum, with the same input for state and tangent, and growth over real trials.

import type { Job } from '../../contract/job.ts';
import type { States } from '../../contract/result.ts';
import { key, permutation } from '../../engine/random.ts';
import type { Flow } from '../../models/model.ts';
import { norm2 } from '../../numerics/lu.ts';
import type { Drive } from '../analysis.ts';
import { mapCourse } from './course.ts';
import { exponentsOf } from './exponents.ts';

type Map = Extract<Flow, { kind: 'map' }>;

const ORDERS = 131;
const SETTLE = 1000;
const MOST_TRIALS = 24;

export interface Conditional {
  /** Mean over input sequences, 1/s. */
  readonly values: Float64Array;
  /** Standard error of that mean. */
  readonly errors: Float64Array;
  /** sequences × exponents. */
  readonly each: Float64Array;
  readonly sequences: number;
  readonly bins: number;
}

/** Inputs of trials joined end to end, in an order of its own for each sequence, and from the start again where the run is longer. */
export async function conditionalSpectrum(
  flow: Map,
  drive: Drive,
  from: Float64Array,
  { count, steps, sequences }: { readonly count: number; readonly steps: number; readonly sequences: number },
  job: Job,
  report: (done: number) => Promise<void>,
): Promise<Conditional | undefined> {
  const width = flow.inputs;
  const known = Array.from({ length: drive.trials }, (_, trial) => observedInputs(drive, trial, width));
  const bins = known.reduce((sum, inputs) => sum + inputs.length, 0);
  if (bins === 0) return undefined;
  const each = new Float64Array(sequences * count);
  for (let sequence = 0; sequence < sequences; sequence++) {
    const order = permutation(key(job.seed, ORDERS, sequence), drive.trials);
    const inputs = Array.from(order).flatMap((trial) => known[trial]);
    const course = mapCourse(flow, (step) => inputs[step % inputs.length]);
    const progress = (done: number) => report((sequence + done) / sequences);
    const { values } = await exponentsOf(course, from, { count, settle: SETTLE, steps, progress }, job);
    each.set(values, sequence * count);
  }
  const column = (k: number) => Array.from({ length: sequences }, (_, sequence) => each[sequence * count + k]);
  const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value / values.length, 0);
  const values = Float64Array.from({ length: count }, (_, k) => mean(column(k)));
  const errors = values.map((middle, k) =>
    sequences > 1 ? Math.sqrt(mean(column(k).map((value) => (value - middle) ** 2)) / (sequences - 1)) : Number.NaN,
  );
  return { values, errors, each, sequences, bins };
}

function observedInputs({ values, bins }: Drive, trial: number, width: number): Float64Array[] {
  return Array.from({ length: bins }, (_, bin) => values.slice((trial * bins + bin) * width, (trial * bins + bin + 1) * width)).filter(
    (input) => input.every(Number.isFinite),
  );
}

/**
 * Growth per second of the direction that grows most over each trial: log of the largest singular value of the product of Jacobians along it,
 * over its length. No exponents: a trial is too short for these. Of at most 24 trials, evenly thinned; u where no inputs are known.
 */
export async function finiteTimeGrowth(
  flow: Map,
  states: States,
  drive: Drive | undefined,
  u: Float64Array,
  job: Job,
): Promise<Float64Array> {
  const { values, rows, bins, dimensions: n } = states;
  const every = Math.max(1, Math.ceil(rows / MOST_TRIALS));
  const growth: number[] = [];
  for (let row = 0; row < rows; row += every) {
    await job.progress(0);
    job.signal.throwIfAborted();
    const own = values.subarray(row * bins * n, (row + 1) * bins * n);
    if (bins < 2 || !own.every(Number.isFinite)) continue;
    let product = Float64Array.from({ length: n * n }, (_, at) => (at % (n + 1) === 0 ? 1 : 0));
    let scale = 0;
    for (let bin = 1; bin < bins; bin++) {
      const at = (row * bins + bin) * flow.inputs;
      const input = drive && drive.bins === bins ? drive.values.slice(at, at + flow.inputs) : u;
      product = times(flow.jacobian(own.slice((bin - 1) * n, bin * n), input), product, n);
      // Kept near 1, whatever it grows to.
      const size = Math.max(...product.map(Math.abs)) || 1;
      scale += Math.log(size);
      for (let i = 0; i < product.length; i++) product[i] /= size;
    }
    growth.push(((scale + Math.log(norm2(product, n))) * 1000) / ((bins - 1) * flow.stepMs));
  }
  return Float64Array.from(growth.filter(Number.isFinite));
}

function times(a: Float64Array, b: Float64Array, n: number): Float64Array<ArrayBuffer> {
  const out = new Float64Array(n * n);
  for (let i = 0; i < n; i++)
    for (let k = 0; k < n; k++) {
      const weight = a[i * n + k];
      if (weight !== 0) for (let j = 0; j < n; j++) out[i * n + j] += weight * b[k * n + j];
    }
  return out;
}
