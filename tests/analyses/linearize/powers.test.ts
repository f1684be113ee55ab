import { describe, expect, test } from 'vitest';
import { largestPower, powerOf } from '../../../src-worker/analyses/linearize/powers.ts';
import { key, normal } from '../../../src-worker/engine/random.ts';
import { gainOf, product } from '../../../src-worker/numerics/matrices.ts';
import { schurOf } from '../../../src-worker/numerics/schur.ts';

const COUNT = 700;
const random = (n: number, stream: number): Float64Array =>
  Float64Array.from({ length: n * n }, (_, i) => normal(key(71, n, stream), i) / Math.sqrt(n));

/** Of size 1 at most. */
function shrunk(a: Float64Array, n: number, most = 1): Float64Array {
  const { re, im } = schurOf(a, n);
  const sizes = Array.from({ length: n }, (_, i) => Math.hypot(re[i * (n + 1)], im[i * (n + 1)]));
  return a.map((value) => (most * value) / Math.max(...sizes));
}

/** (1 − share) I + share A: modes that decay slowly and turn slowly, as a network's do between steps that are short. */
const slowed = (a: Float64Array, n: number, share: number): Float64Array =>
  a.map((value, at) => share * value + (at % (n + 1) === 0 ? 1 - share : 0));

/** Eigenvalues on the diagonal, in a turned frame, with as much above them as asked for. */
function triangular(n: number, stream: number, above: number): Float64Array {
  const t = random(n, stream).map((value, at) => {
    const [i, j] = [Math.floor(at / n), at % n];
    return j < i ? 0 : j > i ? above * value : 0.93 ** i;
  });
  // A product of reflections, so that nothing of the triangle is left to see.
  const turn = (a: Float64Array, seed: number): Float64Array => {
    const v = Float64Array.from({ length: n }, (_, i) => normal(key(72, seed), i));
    const squares = v.reduce((sum, x) => sum + x * x, 0);
    const h = Float64Array.from({ length: n * n }, (_, at) => {
      const [i, j] = [Math.floor(at / n), at % n];
      return (i === j ? 1 : 0) - (2 * v[i] * v[j]) / squares;
    });
    return product(product(h, a, n), h, n);
  };
  return turn(turn(t, stream), stream + 1);
}

const n = 14;
const matrices: readonly (readonly [string, Float64Array])[] = [
  ['as large as its own unstable mode', shrunk(random(n, 1), n)],
  ['with an unstable pair that turns slowly', shrunk(slowed(random(n, 2), n, 0.1), n)],
  ['that decays slowly', shrunk(slowed(random(n, 3), n, 0.1), n, 0.995)],
  ['that decays at once', shrunk(random(n, 4), n, 0.3)],
  ['that is normal', shrunk(slowed(symmetric(random(n, 5)), n, 0.2), n)],
  ['that only turns', Float64Array.of(0, -1, 1, 0)],
  ['far from normal, with a late peak', triangular(n, 6, 0.5)],
  ['farther from normal', triangular(n, 7, 4)],
  ['without eigenvectors of its own', Float64Array.of(0.99, 1, 0, 0, 0.99, 1, 0, 0, 0.99)],
  ['of kernels’ size', shrunk(slowed(random(60, 8), 60, 0.3), 60)],
];

function symmetric(a: Float64Array): Float64Array {
  const size = Math.sqrt(a.length);
  return a.map((value, at) => (value + a[(at % size) * size + Math.floor(at / size)]) / 2);
}

describe('the largest power of a matrix', () => {
  test.each(matrices)('%s', (_name, a) => {
    const size = Math.sqrt(a.length);
    const count = size > 20 ? 150 : COUNT;
    let [power, most] = [a, 1];
    for (let k = 1; k <= count && power.some((value) => Math.abs(value) > 1e-9); k++) {
      most = Math.max(most, gainOf(power, size).norm);
      power = product(a, power, size);
    }
    const { at, norm } = largestPower(a, size, count, () => schurOf(a, size));
    // Norms of powers are known to a millionth, by power iteration.
    const own = at === 0 ? 1 : gainOf(powerOf(a, size, at), size).norm;
    expect(own / most).toBeGreaterThan(1 - 1e-5);
    expect(own / most).toBeLessThan(1 + 1e-9);
    expect(norm / most).toBeCloseTo(1, 4);
  });

  test('looks at a triangle as soon as it is half as large, and at no power once one is surely below 1', () => {
    let asked = 0;
    const form = (a: Float64Array) => () => {
      asked++;
      return schurOf(a, n);
    };
    const slow = shrunk(slowed(random(n, 3), n, 0.1), n, 0.995);
    largestPower(slow, n, COUNT, form(slow));
    expect(asked).toBe(1);
    const quick = shrunk(random(n, 4), n, 0.3);
    largestPower(quick, n, COUNT, form(quick));
    expect(asked).toBe(1);
  });
});
