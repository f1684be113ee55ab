// Counter-based randomness: every number is a function of where it is used, so neither threads, shards nor resuming change it.
// Integer mixing by MurmurHash3's finaliser; the kernels compute the same function on four lanes (kernels/random).

/** What a number is for; part of its counter, so that streams never meet. */
export const STREAM = {
  weights: 1,
  batches: 2,
  dropout: 3,
  coordinatedDropout: 4,
  initialNoise: 5,
  inputNoise: 6,
  priorNoise: 7,
  sampleValidation: 8,
  jitter: 9,
  shift: 10,
  split: 11,
  processNoise: 12,
} as const;

/** Mixes 32 bits. */
export function fmix(x: number): number {
  x ^= x >>> 16;
  x = Math.imul(x, 0x85ebca6b);
  x ^= x >>> 13;
  x = Math.imul(x, 0xc2b2ae35);
  return (x ^ (x >>> 16)) >>> 0;
}

/** Folds any number of counters (seed, stream, step, trial, tensor …) into one 32-bit key, in order. */
export function key(...counters: readonly number[]): number {
  let h = 0x9e3779b9;
  for (const counter of counters) h = fmix(h ^ fmix((counter + 0x9e3779b9) | 0));
  return h;
}

/** 32 random bits of element i under a key. */
export const bits = (k: number, i: number): number => fmix(fmix(i) ^ k);

/** Uniform in (0, 1), element i under a key. */
export const uniform = (k: number, i: number): number => (bits(k, i) + 0.5) / 4294967296;

/** Standard normal, element i under a key, by Box–Muller of elements 2i and 2i + 1. */
export const normal = (k: number, i: number): number =>
  Math.sqrt(-2 * Math.log(uniform(k, 2 * i))) * Math.cos(2 * Math.PI * uniform(k, 2 * i + 1));

/** 0 … n − 1 in an order set by the key (Fisher–Yates from the end). */
export function permutation(k: number, n: number): Int32Array {
  const order = Int32Array.from({ length: n }, (_, i) => i);
  for (let i = n - 1; i > 0; i--) {
    const j = Math.floor(uniform(k, i) * (i + 1));
    const kept = order[i] as number;
    order[i] = order[j] as number;
    order[j] = kept;
  }
  return order;
}
