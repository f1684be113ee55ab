import { describe, expect, test } from 'vitest';
import { drawsOf } from '../../src-worker/analyses/draws/draws.ts';
import { alongDynamics } from '../../src-worker/analyses/residual-dynamics/basis.ts';
import { bootstrapped, coverageOf, refitted, withShuffledTrials } from '../../src-worker/analyses/residual-dynamics/controls.ts';
import { estimate } from '../../src-worker/analyses/residual-dynamics/estimate.ts';
import { chainOf, heldOutErrors, leastSquaresMap, pooledMap, strengths, thomas } from '../../src-worker/analyses/residual-dynamics/fit.ts';
import { residualDynamics } from '../../src-worker/analyses/residual-dynamics/index.ts';
import { foldedMoments, laggedProducts } from '../../src-worker/analyses/residual-dynamics/lagged.ts';
import { foldsOf, type Residuals, shuffled } from '../../src-worker/analyses/residual-dynamics/residuals.ts';
import { noiseOf, simulatedFrom } from '../../src-worker/analyses/residual-dynamics/simulate.ts';
import { statesOf } from '../../src-worker/analyses/states.ts';
import { valuesOf } from '../../src-worker/contract/settings.ts';
import { key, normal } from '../../src-worker/engine/random.ts';
import { factoriseLu, solveLu } from '../../src-worker/numerics/lu.ts';
import { reaches } from '../views/reaches.ts';

/** x(t+1) = A_t x(t) + noise, observed with noise of standard deviation `observed`. */
function simulated(
  trials: number,
  bins: number,
  d: number,
  map: (t: number) => readonly number[],
  process: number,
  observed: number,
  seed = 1,
): Residuals {
  const values = new Float64Array(trials * bins * d);
  const burn = 30;
  for (let trial = 0; trial < trials; trial++) {
    let x = new Float64Array(d);
    const k = key(seed, trial);
    for (let t = -burn; t < bins; t++) {
      const A = map(Math.max(0, t - 1));
      x = Float64Array.from({ length: d }, (_, i) => {
        let sum = process * normal(k, (t + burn) * d + i);
        for (let j = 0; j < d; j++) sum += A[i * d + j]! * x[j]!;
        return sum;
      });
      if (t >= 0)
        for (let i = 0; i < d; i++) values[(trial * bins + t) * d + i] = x[i]! + observed * normal(key(seed, 77, trial), t * d + i);
    }
  }
  return { values, trials, bins, dimensions: d, folds: foldsOf(trials, 0) };
}

const momentsOf = (r: Residuals, lags: number) => foldedMoments(laggedProducts(r, lags), lags);

describe('the fit of residual dynamics', () => {
  test('sees through noise of observation that halves what least squares finds', () => {
    const r = simulated(4000, 100, 1, () => [0.9], Math.sqrt(1 - 0.81), 1);
    const moments = momentsOf(r, 1);
    expect(Math.abs(leastSquaresMap(moments)[0]! - 0.45)).toBeLessThan(0.005);
    expect(Math.abs(pooledMap(moments)[0]! - 0.9)).toBeLessThan(0.01);
  });

  test('follows dynamics that change in the middle of the trial', () => {
    const turn = (size: number, angle: number) =>
      [Math.cos(angle), -Math.sin(angle), Math.sin(angle), Math.cos(angle)].map((part) => size * part);
    const K = 2000;
    const r = simulated(K, 60, 2, (t) => (t < 30 ? turn(0.95, 0.1) : turn(0.6, 0.3)), 0.4, 1);
    const moments = momentsOf(r, 3);
    const { m, from } = chainOf(moments, K / 2);
    const mean = (a: number, b: number) => {
      let sum = 0;
      // The first column of A is the first row of M.
      for (let t = a; t <= b; t++) sum += Math.hypot(m[(t - from) * 4]!, m[(t - from) * 4 + 1]!) / (b - a + 1);
      return sum;
    };
    expect(Math.abs(mean(9, 25) - 0.95)).toBeLessThan(0.03);
    expect(Math.abs(mean(35, 55) - 0.6)).toBeLessThan(0.06);
    expect(Math.min(...strengths(moments, K).each.subarray(5, 25))).toBeGreaterThan(10);
  });

  test('solves the chain of bins as the whole system', () => {
    const [d, count, alpha] = [2, 6, 0.7];
    const random = (k: number) => Float64Array.from({ length: d * d }, (_, i) => normal(key(4, k), i));
    const diagonals = Array.from({ length: count }, (_, k) => random(k).map((value, i) => value + (i % 3 === 0 ? 6 : 0)));
    const right = Array.from({ length: count }, (_, k) => random(100 + k));
    const m = thomas(diagonals, right, alpha, d);
    const n = count * d;
    const whole = new Float64Array(n * n);
    for (let k = 0; k < count; k++)
      for (let i = 0; i < d; i++) {
        for (let j = 0; j < d; j++) whole[(k * d + i) * n + k * d + j] = diagonals[k]![i * d + j]!;
        for (const other of [k - 1, k + 1]) if (other >= 0 && other < count) whole[(k * d + i) * n + other * d + i] = -alpha;
      }
    const pivots = new Int32Array(n);
    factoriseLu(whole, n, pivots);
    for (let column = 0; column < d; column++) {
      const x = Float64Array.from({ length: n }, (_, row) => right[Math.floor(row / d)]![(row % d) * d + column]!);
      solveLu(whole, n, pivots, x);
      for (let row = 0; row < n; row++) expect(m[Math.floor(row / d) * d * d + (row % d) * d + column]).toBeCloseTo(x[row]!, 12);
    }
  });

  test('finds weak instruments where trials are shuffled at every bin', () => {
    const r = simulated(400, 40, 1, () => [0.9], 0.5, 0.5);
    expect(strengths(momentsOf(r, 2), 400).pooled).toBeGreaterThan(100);
    expect(strengths(momentsOf(shuffled(r, 0, 0), 2), 400).pooled).toBeLessThan(10);
  });

  test('trials that their condition’s mean leaves nothing to are not taken for strong instruments', () => {
    // Pairs of trials about their mean are mirror images: six of twelve tell all, and so do six instruments.
    const r = simulated(12, 20, 3, () => [0, 0, 0, 0, 0, 0, 0, 0, 0], 1, 1);
    const size = 20 * 3;
    for (let pair = 0; pair < 6; pair++)
      for (let i = 0; i < size; i++) r.values[(2 * pair + 1) * size + i] = -r.values[2 * pair * size + i]!;
    expect(Math.max(...strengths(momentsOf(r, 2), 12 - 6).each)).toBe(0);
    expect(strengths(momentsOf(r, 1), 12 - 6).pooled).toBeLessThan(10);
  });

  test('finds the dimension that has dynamics among those of louder noise', () => {
    const [trials, bins, units] = [300, 40, 8];
    const latent = simulated(trials, bins, 1, () => [0.9], 0.4, 0);
    const values = Float64Array.from({ length: trials * bins * units }, (_, i) => 1.5 * normal(key(9), i));
    for (let row = 0; row < trials * bins; row++)
      for (let u = 0; u < units; u++) values[row * units + u] += latent.values[row]! * (u < 4 ? 0.5 : 0);
    const { basis } = alongDynamics(values, bins, units, 2);
    for (let u = 0; u < 4; u++) expect(Math.abs(basis[u]!)).toBeGreaterThan(0.4);
    for (let u = 4; u < 8; u++) expect(Math.abs(basis[u]!)).toBeLessThan(0.2);
  });
});

test('data simulated from a fit have its dynamics, its variances and its noise', () => {
  const d = 2;
  const A = [0.9, 0.1, -0.1, 0.7];
  const r = simulated(3000, 40, d, () => A, 0.4, 0.8);
  const noise = noiseOf(r, momentsOf(r, 2));
  const chain = { maps: Float64Array.from([...A]), from: 0 };
  const again = simulatedFrom(r, noise, chain, 0, 0);
  const [instrumental, leastSquares] = [pooledMap(momentsOf(again, 2)), leastSquaresMap(momentsOf(again, 2))];
  const truth = leastSquaresMap(momentsOf(r, 2));
  for (let k = 0; k < d * d; k++) {
    expect(Math.abs(instrumental[k]! - A[(k % d) * d + Math.floor(k / d)]!)).toBeLessThan(0.05);
    // Noise of observation biases least squares as much as in the data.
    expect(Math.abs(leastSquares[k]! - truth[k]!)).toBeLessThan(0.03);
  }
  const variance = ({ values }: Residuals) => values.reduce((sum, value) => sum + value * value, 0) / values.length;
  expect(variance(again) / variance(r)).toBeCloseTo(1, 1);
});

describe('the controls of residual dynamics', () => {
  const job = { signal: new AbortController().signal, progress: async () => {}, seed: 0, threads: 1 };

  test('instruments tell nothing of another trial’s next residual: |λ| near 0, where that of its own is .9', () => {
    const [K, bins, d, lags] = [400, 20, 2, 1];
    const residuals = simulated(K, bins, d, () => [0.9, 0, 0, 0.7], 0.5, 0.5);
    const fit = { residuals, lags, alpha: K, seed: 0 };
    const own = bootstrapped(fit)(0);
    const draw = withShuffledTrials(fit)(0);
    const places = bins - 1 - lags;
    expect(Math.abs(own[0]! - 0.9)).toBeLessThan(0.05);
    expect(draw[0]).toBeLessThan(0.1);
    for (let k = 0; k < places; k++) expect(draw[(1 + k) * d]).toBeLessThan(0.25);
    // F of instruments that are shuffled too, of all bins and of each.
    expect(draw.length).toBe((1 + places) * d + 1 + places);
    expect(Math.max(...draw.subarray((1 + places) * d))).toBeLessThan(10);
    expect(strengths(momentsOf(residuals, lags), K).pooled).toBeGreaterThan(100);
  });

  test('a draw of the bootstrap is the fit of a copy of its trials', () => {
    const r = simulated(40, 12, 2, () => [0.8, 0.1, 0, 0.6], 0.5, 0.5);
    const copies = Int32Array.from({ length: 40 }, (_, trial) => trial % 3);
    const rows = Array.from(copies).flatMap((count, trial) => Array.from({ length: count }, () => trial));
    const size = 12 * 2;
    const values = Float64Array.from(rows.flatMap((row) => [...r.values.subarray(row * size, (row + 1) * size)]));
    const written = { ...r, values, trials: rows.length, folds: Int32Array.from(rows, (row) => r.folds[row]!) };
    const [drawn, whole] = [foldedMoments(laggedProducts(r, 2, copies), 2), momentsOf(written, 2)];
    const [a, b] = [chainOf(drawn, 5).m, chainOf(whole, 5).m];
    for (const [k, value] of a.entries()) expect(value).toBeCloseTo(b[k]!, 10);
  });

  test('errors of trials held out are those of predicting them one by one', () => {
    const [K, bins, lags] = [30, 6, 1];
    const r = simulated(K, bins, 1, () => [0.8], 0.5, 0.3);
    const products = laggedProducts(r, lags);
    // Without smoothing each bin is least squares twice over, of trials that are known.
    const errors = heldOutErrors(foldedMoments(products, lags), products.sizes, 0, lags);
    const at = (trial: number, bin: number) => r.values[trial * bins + bin]!;
    for (let fold = 0; fold < 5; fold++) {
      let [sum, count] = [0, 0];
      for (let bin = lags; bin <= bins - 2; bin++) {
        let [zz, zr, zn] = [0, 0, 0];
        for (let trial = 0; trial < K; trial++) {
          if (r.folds[trial] === fold) continue;
          zz += at(trial, bin - 1) ** 2;
          zr += at(trial, bin - 1) * at(trial, bin);
          zn += at(trial, bin - 1) * at(trial, bin + 1);
        }
        const b = zr / (zz * (1 + 1e-6));
        const m = (b * zn) / (b * b * zz);
        for (let trial = 0; trial < K; trial++)
          if (r.folds[trial] === fold) {
            sum += (at(trial, bin + 1) - at(trial, bin - 1) * b * m) ** 2;
            count++;
          }
      }
      expect(errors[fold]).toBeCloseTo(sum / count, 10);
    }
  });

  test('nine in ten refits hold what was put in within a bootstrap of their own, and hardly any a wrong number', () => {
    const [K, bins, lags] = [150, 14, 1];
    const residuals = simulated(K, bins, 1, () => [0.85], 0.5, 0.5);
    const moments = momentsOf(residuals, lags);
    const { maps, from, pooled } = estimate(moments, 1e6 * K, 20);
    const places = bins - 1 - lags;
    const refit = refitted({ residuals, lags, alpha: 1e6 * K, seed: 0, noise: noiseOf(residuals, moments), maps, from, draws: 60 });
    const draws = Array.from({ length: 60 }, (_, draw) => refit(draw));
    const [low, high] = [0, 1].map((side) =>
      draws.map((draw) => draw.subarray(1 + places + side * (1 + places), 2 + places + side * (1 + places))),
    );
    const held = (put: number) => coverageOf(Float64Array.of(put), low!, high!);
    expect(held(pooled.moduli[0]!)).toBeGreaterThan(0.78);
    expect(held(pooled.moduli[0]! - 0.25)).toBeLessThan(0.2);
    // Each interval is its refit's own.
    expect(new Set(draws.map((_draw, k) => high![k]![0]! - low![k]![0]!)).size).toBe(60);
  });

  test('draws are the same bits in threads', async () => {
    const [K, bins] = [200, 20];
    const residuals = simulated(K, bins, 2, () => [0.9, 0, 0, 0.7], 0.5, 0.5);
    const fit = { residuals, lags: 2, alpha: K, seed: 3 };
    const [one, two] = await Promise.all(
      [1, 2].map((threads) => drawsOf('residual bootstrap', fit, { count: 6, work: 1e9 }, { ...job, threads })),
    );
    expect(two).toEqual(one);
  });

  test('threads that make draws stop when their job is cancelled', async () => {
    const residuals = simulated(300, 30, 4, () => [0.9, 0, 0, 0, 0, 0.9, 0, 0, 0, 0, 0.7, 0, 0, 0, 0, 0.7], 0.5, 0.5);
    const fit = { residuals, lags: 3, alpha: 300, seed: 3 };
    const stop = new AbortController();
    const looked = async () => stop.abort(new Error('enough'));
    const all = drawsOf(
      'residual bootstrap',
      fit,
      { count: 1e6, work: 1e9 },
      { signal: stop.signal, progress: looked, seed: 0, threads: 2 },
    );
    await expect(all).rejects.toThrow('enough');
  });
});

describe('residual dynamics', () => {
  const job = { signal: new AbortController().signal, progress: async () => {}, seed: 0, threads: 1 };
  const { dataset, outputs } = reaches({ trials: 24, units: 4 });
  const counts = statesOf(dataset, 'counts', outputs);
  const run = (states: typeof counts, settings = {}) =>
    residualDynamics.run(
      { states, dataset },
      valuesOf(residualDynamics.params, { draws: 10, refits: 10, transform: 'none', ...settings }),
      job,
    );

  test('of trials with one slow dimension give its time constant, and least squares a shorter one', async () => {
    const [trials, bins, units] = [240, 30, 6];
    const latent = simulated(trials, bins, 1, () => [0.85], 0.5, 0);
    const values = Float64Array.from(
      { length: trials * bins * units },
      (_, i) => latent.values[Math.floor(i / units)]! + normal(key(3), i),
    );
    const { summary, arrays, notes } = await run({
      ...counts,
      values,
      rows: trials,
      bins,
      dimensions: units,
      conditions: Int32Array.from({ length: trials }, (_, trial) => trial % 4),
    });
    expect(summary.dimensions).toBe(1);
    expect(summary.modulusLow).toBeLessThan(0.85);
    expect(summary.modulusHigh).toBeGreaterThan(0.85);
    expect(summary.timeConstantMs).toBeCloseTo(-20 / Math.log(summary.modulus!), 9);
    expect(summary.leastSquaresModulus).toBeLessThan(0.75);
    expect(summary.strength).toBeGreaterThan(100);
    expect(summary.controlStrength).toBeLessThan(10);
    expect(arrays.moduli!.shape).toEqual([arrays.time!.values.length, 1]);
    expect(notes[0]).toMatch(/takes noise for decay/);
    // Shuffled trials have no dynamics.
    expect(summary.controlModulus).toBeLessThan(0.1);
    expect(summary.controlModulusHigh).toBeLessThan(0.2);
    expect(notes[0]).toMatch(/With the next residuals of other trials it is 0\.0\d/);
    // Refits of what the fit would make come back to it, in intervals that hold it.
    expect(Math.abs(summary.refitted! - summary.modulus!)).toBeLessThan(0.05);
    expect(summary.coverage).toBeGreaterThan(0.6);
  });

  test('give no time constant where instruments are too weak', async () => {
    const noise = { ...counts, values: counts.values.map((_, i) => normal(key(8), i)) };
    const { summary, notes } = await run(noise, { dimensions: 1, lags: 1 });
    expect(summary.strength).toBeLessThan(10);
    expect(summary.timeConstantMs).toBeUndefined();
    expect(notes[0]).toMatch(/instruments are too weak/);
  });

  test('refuse what is smoothed, and too few trials or bins', async () => {
    await expect(run(statesOf(dataset, 'rates', outputs))).rejects.toThrow(
      /rates of a model are smoothed over time\. Ask for --state counts/,
    );
    const few = statesOf(dataset, 'counts', outputs, Int32Array.of(0, 8));
    await expect(run(few)).rejects.toThrow(/need 10 trials/);
    await expect(run({ ...counts, bins: 3, values: counts.values.subarray(0, 24 * 3 * 4) })).rejects.toThrow(
      /need 4 bins of 20 ms, and trials have 3/,
    );
  });
});
