// Lyapunov exponents by QR (Benettin et al. 1980): vectors are moved along an orbit and made orthonormal again after every step, or after a few
// where they stay apart; the mean logarithm of what each loses or gains in length is its exponent. Standard errors are those of the means of 20 batches.

import type { Job } from '../../contract/job.ts';
import type { Course } from './course.ts';
import { type Tangent, tangentOf } from './tangent.ts';

const BATCHES = 20;
/** Sums are kept of this many blocks of the run; batches are made of them. */
export const BLOCKS = 100;
const STEPS_A_LOOK = 64;
/** Vectors are made orthonormal before their lengths part by more than this factor, in logarithms, and at least every so many steps. */
const APART = 6;
const MOST_MOVES = 16;

export interface Exponents {
  /** Largest first as the method orders them, 1/s; −∞ where the Jacobian takes a direction away. */
  readonly values: Float64Array;
  readonly errors: Float64Array;
  /** Standard error of the sum of those that are taken together: place k is of the first k + 1. */
  readonly sumErrors: Float64Array;
  /** Running means after each block, blocks × exponents, 1/s. */
  readonly running: Float64Array;
  /** Seconds of dynamics after each block. */
  readonly runningSeconds: Float64Array;
  readonly steps: number;
  /** Steps over which what the first vector gains goes together. */
  readonly correlationSteps: number;
  readonly end: Float64Array;
}

export interface Wanted {
  readonly count: number;
  /** Steps that the vectors are moved for before anything is counted. */
  readonly settle: number;
  readonly steps: number;
  /** Is asked after every `steps` whether to go on for as many again. */
  goesOn?(so: Pick<Exponents, 'values' | 'errors' | 'steps'>): boolean;
  visit?(x: Float64Array): void;
  progress?(done: number): Promise<void>;
}

/** What a part of a run adds: sums of logarithms of its blocks, and of the first vector at every step. */
export interface Part {
  readonly sums: readonly Float64Array[];
  readonly first: readonly number[];
}

/** Runs from x. Throws nothing where the state leaves all bounds: exponents are then NaN. */
export async function exponentsOf(course: Course, x: Float64Array, wanted: Wanted, job: Job): Promise<Exponents> {
  const { count, settle, steps } = wanted;
  const run = new Run(course, x, count, wanted.visit);
  const look = async (done: number) => {
    job.signal.throwIfAborted();
    await wanted.progress?.(done);
  };
  await run.settle(settle, look);
  return untilKnown(wanted, course.stepMs, async () => ({ ...(await run.blocks(BLOCKS, blockOf(steps), look)), end: run.state }));
}

/** Steps of a block. */
export const blockOf = (steps: number): number => Math.max(1, Math.floor(steps / BLOCKS));

/** Adds parts of 100 blocks each, until what is asked of them is known. */
export async function untilKnown(
  { count, steps, goesOn }: Pick<Wanted, 'count' | 'steps' | 'goesOn'>,
  stepMs: number,
  next: () => Promise<Part & { readonly end: Float64Array }>,
): Promise<Exponents> {
  const sums: Float64Array[] = [];
  const first: number[] = [];
  const block = blockOf(steps);
  for (;;) {
    const part = await next();
    sums.push(...part.sums);
    for (const value of part.first) first.push(value);
    const so = { ...summed(sums, block, stepMs / 1000, count), steps: sums.length * block };
    if (!goesOn?.(so)) return { ...so, correlationSteps: correlationTime(first), end: part.end };
  }
}

/** An orbit with vectors of its tangent space. */
export class Run {
  state: Float64Array;
  readonly #course: Course;
  readonly #tangent: Tangent;
  readonly #logs: Float64Array;
  readonly #moves: Moves;
  readonly #visit: ((x: Float64Array) => void) | undefined;
  #step = 0;

  constructor(course: Course, x: Float64Array, count: number, visit?: (x: Float64Array) => void) {
    this.state = x;
    this.#course = course;
    this.#tangent = tangentOf(course.states, count);
    this.#logs = new Float64Array(count);
    this.#tangent.orthonormalise(this.#logs);
    this.#moves = new Moves(this.#tangent, this.#logs);
    this.#visit = visit;
  }

  /** Moves the vectors without counting anything. */
  async settle(steps: number, look: (done: number) => Promise<void>): Promise<void> {
    for (let step = 0; step < steps; step++) {
      if (this.#isDue()) await look(0);
      this.#advance();
      this.#moves.count(step === steps - 1, () => {});
    }
  }

  async blocks(count: number, block: number, look: (done: number) => Promise<void>): Promise<Part> {
    const sums: Float64Array[] = [];
    const first: number[] = [];
    for (let b = 0; b < count; b++) {
      const sum = new Float64Array(this.#logs.length);
      for (let s = 0; s < block; s++) {
        if (this.#isDue()) await look((b + s / block) / count);
        this.#advance();
        this.#moves.count(s === block - 1, (moved) => {
          for (let k = 0; k < sum.length; k++) sum[k] += this.#logs[k];
          for (let m = 0; m < moved; m++) first.push(this.#logs[0] / moved);
        });
        this.#visit?.(this.state);
      }
      sums.push(sum);
    }
    return { sums, first };
  }

  #isDue(): boolean {
    return this.#step % STEPS_A_LOOK === 0;
  }

  #advance(): void {
    this.state = this.#course.advance(this.state, this.#step++, this.#tangent);
  }
}

/** Counts moves between one orthonormal set of vectors and the next: as many as keep them well apart. */
class Moves {
  readonly #tangent: Tangent;
  readonly #logs: Float64Array;
  #every = 1;
  #moved = 0;

  constructor(tangent: Tangent, logs: Float64Array) {
    this.#tangent = tangent;
    this.#logs = logs;
  }

  /** After each step; `take` is told of how many steps the logarithms are where the vectors were made orthonormal, as they are at the `last`. */
  count(last: boolean, take: (moved: number) => void): void {
    this.#moved++;
    if (this.#moved < this.#every && !last) return;
    this.#tangent.orthonormalise(this.#logs);
    take(this.#moved);
    let [most, least] = [-Infinity, Infinity];
    for (const value of this.#logs) [most, least] = [Math.max(most, value), Math.min(least, value)];
    const perStep = (most - least) / this.#moved;
    this.#every = Math.max(1, Math.min(MOST_MOVES, 2 * this.#every, perStep > 0 ? Math.floor(APART / perStep) : MOST_MOVES));
    this.#moved = 0;
  }
}

function summed(sums: readonly Float64Array[], block: number, seconds: number, count: number) {
  const blocks = sums.length;
  const running = new Float64Array(blocks * count);
  const whole = new Float64Array(count);
  for (const [b, sum] of sums.entries())
    for (let k = 0; k < count; k++) {
      whole[k] += sum[k];
      running[b * count + k] = whole[k] / ((b + 1) * block * seconds);
    }
  const perBatch = blocks / BATCHES;
  const batches = Array.from({ length: BATCHES }, (_, batch) => {
    const mean = new Float64Array(count);
    for (let b = batch * perBatch; b < (batch + 1) * perBatch; b++)
      for (let k = 0; k < count; k++) mean[k] += sums[b][k] / (perBatch * block * seconds);
    return mean;
  });
  const errorOf = (of: (batch: Float64Array) => number): number => {
    const values = batches.map(of);
    const mean = values.reduce((sum, value) => sum + value / BATCHES, 0);
    return Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (BATCHES - 1) / BATCHES);
  };
  return {
    values: whole.map((sum) => sum / (blocks * block * seconds)),
    errors: Float64Array.from({ length: count }, (_, k) => errorOf((batch) => batch[k])),
    sumErrors: Float64Array.from({ length: count }, (_, k) =>
      errorOf((batch) => batch.subarray(0, k + 1).reduce((sum, value) => sum + value, 0)),
    ),
    running,
    runningSeconds: Float64Array.from({ length: blocks }, (_, b) => (b + 1) * block * seconds),
  };
}

/** 1 + 2 Σ autocorrelation, up to where that is next to nothing, a tenth of the run, or 2000 steps. */
function correlationTime(values: readonly number[]): number {
  const mean = values.reduce((sum, value) => sum + value / values.length, 0);
  let zero = 0;
  for (const value of values) zero += (value - mean) ** 2;
  if (!(zero > 0) || !Number.isFinite(zero)) return 1;
  let time = 1;
  for (let lag = 1; lag < Math.min(2000, values.length / 10); lag++) {
    let sum = 0;
    for (let i = lag; i < values.length; i++) sum += (values[i] - mean) * (values[i - lag] - mean);
    if (sum <= 0.02 * zero) break;
    time += (2 * sum) / zero;
  }
  return time;
}

export interface Dimension {
  readonly value: number;
  /** There are too few exponents to say: the dimension is at least this. */
  readonly isLeast: boolean;
}

/** Kaplan and Yorke's dimension of the attractor: j + Σ_{i≤j} λ_i / |λ_{j+1}| with the largest j whose partial sum is not negative. */
export function kaplanYorke(exponents: ArrayLike<number>, states: number): Dimension {
  let sum = 0;
  for (let j = 0; j < exponents.length; j++) {
    if (sum + exponents[j] < 0) return { value: j === 0 ? 0 : j + sum / Math.abs(exponents[j]), isLeast: false };
    sum += exponents[j];
  }
  return { value: exponents.length, isLeast: exponents.length < states };
}

/** Sum of positive exponents, 1/s: an upper bound of the entropy (Pesin). Those within three standard errors of zero count as zero. */
export function entropyBound({ values, errors, sumErrors }: Pick<Exponents, 'values' | 'errors' | 'sumErrors'>): {
  readonly value: number;
  readonly error: number;
} {
  const positive = values.findLastIndex((value, k) => value > 3 * errors[k]);
  const value = values.reduce((sum, one, k) => sum + (one > 3 * errors[k] ? one : 0), 0);
  return { value, error: positive < 0 ? 0 : sumErrors[positive] };
}
