// Numbers that are the same bits on every machine: uniforms from integer mixing, normals as sums of them, an exponential of
// additions and multiplications. Nothing here calls a function whose last bit a processor or library may choose.

import { bits, uniform } from '../engine/random.ts';

/** The stream's numbers by counter, from 0. */
export class Stream {
  readonly #key: number;
  #next = 0;

  constructor(seed: number, stream: number) {
    this.#key = streamKey(seed, stream);
  }

  uniform(): number {
    return uniform(this.#key, this.#next++);
  }

  /** Sum of twelve uniforms minus six, left to right: mean 0, variance 1. */
  normal(): number {
    let sum = 0;
    for (let i = 0; i < 12; i++) sum += this.uniform();
    return sum - 6;
  }

  /** 0 … n − 1. */
  below(n: number): number {
    return Math.floor(this.uniform() * n);
  }
}

/** fmix(fmix(seed) ^ stream). */
export const streamKey = (seed: number, stream: number): number => bits(stream, seed);

const LN_2 = Math.LN2;
const ONE_OVER_LN_2 = Math.LOG2E;

/** 2^k by doubling and halving, for the exponents that occur. */
const POWERS = Float64Array.from({ length: 401 }, (_, i) => {
  let power = 1;
  for (let k = 200; k < i; k++) power *= 2;
  for (let k = 200; k > i; k--) power /= 2;
  return power;
});

/** exp(x) for |x| < 138: 2^k times a Taylor series of degree 13 in r, |r| ≤ ln 2 / 2. */
export function exponential(x: number): number {
  const k = Math.floor(x * ONE_OVER_LN_2 + 0.5);
  const r = x - k * LN_2;
  let y = 1;
  for (let j = 13; j > 0; j--) y = 1 + y * (r / j);
  return y * POWERS[k + 200];
}
