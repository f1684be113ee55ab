// Dynamics under changing inputs: the conditional spectrum, with the same input for state and tangent (inputs of the trials joined end to end, or
// samples of the prior that inferred inputs were fitted with), and growth over real trials.

import type { Job } from '../../contract/job.ts';
import type { States } from '../../contract/result.ts';
import { key, normal, permutation } from '../../engine/random.ts';
import { flowFrom, type PlainFlow } from '../../models/flows.ts';
import type { Flow } from '../../models/model.ts';
import { norm2 } from '../../numerics/lu.ts';
import type { Drive } from '../analysis.ts';
import type { Draws } from '../draws/kinds.ts';
import { stepsPerBin } from '../flow/run.ts';
import { courseOf } from './course.ts';
import { exponentsOf } from './exponents.ts';

type Map = Extract<Flow, { kind: 'map' }>;

const STREAM = { orders: 131, prior: 134 } as const;
const SETTLE = 1000;
const MOST_TRIALS = 24;

/** What inputs are made of, as plain data for threads. */
export interface Driving {
  readonly values: Float64Array;
  readonly trials: number;
  readonly bins: number;
  readonly width: number;
  readonly inferred: number;
  /** Inferred inputs are samples of their prior u_t = α u_{t−1} + N(0, q); external ones those of the trials all the same. */
  readonly prior?: { readonly alpha: Float64Array; readonly variance: Float64Array };
  readonly seed: number;
  /** Steps that each bin's input is held for, and their length. */
  readonly stepsPerBin: number;
  readonly stepMs: number;
}

export interface Asked {
  readonly count: number;
  readonly steps: number;
}

export function drivingOf(
  { values, trials, bins, binMs, names, inferred }: Drive,
  prior: Driving['prior'],
  { seed, stepMs }: { readonly seed: number; readonly stepMs: number },
): Driving {
  const stepsPerBin = Math.max(1, Math.ceil(binMs / stepMs - 1e-9));
  const drawn = prior ? { prior } : {};
  return { values, trials, bins, width: names.length, inferred, ...drawn, seed, stepsPerBin, stepMs: binMs / stepsPerBin };
}

/** Bins of trials whose inputs are all known, in an order of its own for each sequence. */
function joined({ values, trials, bins, width, seed }: Driving, sequence: number): Float64Array[] {
  const order = permutation(key(seed, STREAM.orders, sequence), trials);
  return Array.from(order).flatMap((trial) =>
    Array.from({ length: bins }, (_, bin) => values.slice((trial * bins + bin) * width, (trial * bins + bin + 1) * width)).filter((input) =>
      input.every(Number.isFinite),
    ),
  );
}

/** Input of bin 0, 1, 2 … of one sequence, asked for in this order; from the first trial again after the last. Undefined where none is known. */
export function inputsOf(driving: Driving, sequence: number): ((bin: number) => Float64Array) | undefined {
  const own = joined(driving, sequence);
  const { prior, inferred, width, seed } = driving;
  if (!prior) return own.length === 0 ? undefined : (bin) => own[bin % own.length];
  if (own.length === 0 && inferred < width) return undefined;
  const random = key(seed, STREAM.prior, sequence);
  const { alpha, variance } = prior;
  const draw = (bin: number, i: number): number => normal(random, bin * inferred + i);
  // Stationary from the first bin on.
  const drawn = Float64Array.from({ length: inferred }, (_, i) => Math.sqrt(variance[i] / (1 - alpha[i] ** 2)) * draw(0, i));
  let at = 0;
  return (bin) => {
    for (; at < bin; at++) for (let i = 0; i < inferred; i++) drawn[i] = alpha[i] * drawn[i] + Math.sqrt(variance[i]) * draw(at + 1, i);
    const input = inferred < width ? own[bin % own.length].slice() : new Float64Array(width);
    input.set(drawn);
    return input;
  };
}

export interface DrivenSequences {
  readonly flow: PlainFlow;
  readonly driving: Driving;
  readonly from: Float64Array;
  readonly asked: Asked;
}

export const drivenSequences = ({ flow, driving, from, asked }: DrivenSequences): Draws =>
  sequencesOf(flowFrom(flow), driving, from, asked);

/** Exponents under each sequence of inputs; nothing where none is known. */
export const sequencesOf =
  (flow: Flow, driving: Driving, from: Float64Array, { count, steps }: Asked): Draws =>
  async (sequence, job) => {
    const inputs = inputsOf(driving, sequence);
    if (!inputs) return new Float64Array(0);
    let [bin, input] = [0, inputs(0)];
    const inputAt = (step: number): Float64Array => {
      const wanted = Math.floor(step / driving.stepsPerBin);
      if (wanted !== bin) [bin, input] = [wanted, inputs(wanted)];
      return input;
    };
    const course = courseOf(flow, inputAt, driving.stepMs);
    const { values } = await exponentsOf(course, from, { count, settle: SETTLE, steps, progress: job.progress }, job);
    return values;
  };

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
  const steps = stepsPerBin(flow, states.binMs);
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
      let x: Float64Array = own.slice((bin - 1) * n, bin * n);
      for (let step = 0; step < steps; step++) {
        product = times(flow.jacobian(x, input), product, n);
        if (step + 1 < steps) x = flow.map(x, input);
      }
      // Kept near 1, whatever it grows to.
      const size = Math.max(...product.map(Math.abs)) || 1;
      scale += Math.log(size);
      for (let i = 0; i < product.length; i++) product[i] /= size;
    }
    growth.push(((scale + Math.log(norm2(product, n))) * 1000) / ((bins - 1) * steps * flow.stepMs));
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
