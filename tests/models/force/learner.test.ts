import { describe, expect, test } from 'vitest';
import { closed, ForceLearner, type ForceOptions, initialState, type Task } from '../../../src-worker/models/force/learner.ts';
import { factorise, solveFactorised } from '../../../src-worker/numerics/cholesky.ts';

const quiet = async (): Promise<void> => {};

/** `share`: of a period. */
const wave = (share: number): number => 0.8 * Math.sin(2 * Math.PI * share) + 0.4 * Math.sin(4 * Math.PI * share);

/** A sum of sines, `periods` long, as one row. */
function oscillation(periods: number, bins: number): Task {
  const length = periods * bins + 1;
  return {
    rows: 1,
    bins: length,
    lengths: Int32Array.of(length),
    outputs: 1,
    targets: Float64Array.from({ length }, (_, t) => wave(t / bins)),
    inputs: 0,
    given: new Float64Array(0),
    hintCount: 0,
    hints: new Float64Array(0),
    starts: Int32Array.of(0),
  };
}

/** Output of the closed network left alone, every bin, from its initial state. */
function alone(
  options: ForceOptions,
  task: Task,
  learned: { readonly M: Float64Array; readonly P: Float64Array },
  bins: number,
): Float64Array {
  const { J, readout } = closed(options, task, learned);
  const n = options.units;
  let x = initialState(n, options.seed, 0);
  const out = new Float64Array(bins);
  for (let t = 0; t < bins; t++) {
    const r = x.map(Math.tanh);
    out[t] = r.reduce((sum, value, i) => sum + value * readout[i], 0);
    for (let s = 0; s < options.stepsPerBin; s++) {
      const rate = x.map(Math.tanh);
      x = x.map((value, i) => {
        let sum = 0;
        for (let j = 0; j < n; j++) sum += J[i * n + j] * rate[j];
        return value + options.alpha * (sum - value);
      });
    }
  }
  return out;
}

const PHASES = 600;

/** nMSE of each period against the wave, at the phase that suits it best. */
function periodErrors(out: Float64Array, bins: number, from: number, periods: number): number[] {
  return Array.from({ length: periods }, (_, p) => {
    let best = Infinity;
    for (let phase = 0; phase < PHASES; phase++) {
      let [error, power] = [0, 0];
      for (let t = 0; t < bins; t++) {
        const wanted = wave(t / bins + phase / PHASES);
        error += (out[from + p * bins + t] - wanted) ** 2;
        power += wanted ** 2;
      }
      best = Math.min(best, error / power);
    }
    return best;
  });
}

describe.each(['force', 'full-force'] as const)('%s', (kind) => {
  test('a sum of sines goes on for ten periods after learning, for at least four seeds in five', async () => {
    const [bins, taught, settling] = [60, 80, 20];
    const task = oscillation(taught, bins);
    let good = 0;
    for (let seed = 1; seed <= 5; seed++) {
      const options: ForceOptions = { kind, units: 150, gain: 1.3, alpha: 0.1, stepsPerBin: 2, every: 2, p0: 10, seed };
      const learner = new ForceLearner(task, options);
      await learner.run(true, quiet);
      const out = alone(options, task, learner.learned(), (settling + 10) * bins);
      const errors = periodErrors(out, bins, settling * bins, 10);

      if (Math.max(...errors) < 0.01) good++;
    }
    expect(good).toBeGreaterThanOrEqual(4);
  });

  test('the kernel’s free run is that of the closed network', async () => {
    const task = oscillation(2, 20);
    const options: ForceOptions = { kind, units: 21, gain: 1.3, alpha: 0.15, stepsPerBin: 2, every: 1, p0: 1, seed: 3 };
    const learner = new ForceLearner(task, options);
    await learner.run(true, quiet);
    const learned = learner.learned();
    const nMse = await learner.run(false, quiet);
    const out = alone(options, task, learned, task.bins);
    let [errors, sum, squares] = [0, 0, 0];
    for (let t = 1; t < task.bins; t++) {
      errors += (out[t] - task.targets[t]) ** 2;
      sum += task.targets[t];
      squares += task.targets[t] ** 2;
    }
    expect(nMse).toBeCloseTo(errors / (squares - sum ** 2 / (task.bins - 1)), 8);
  });
});

test('P is the inverse of what was seen', async () => {
  const task = oscillation(1, 25);
  const options: ForceOptions = { kind: 'force', units: 6, gain: 1.2, alpha: 0.2, stepsPerBin: 1, every: 100, p0: 0.5, seed: 2 };
  const learner = new ForceLearner(task, options);
  await learner.run(true, quiet);
  const { P } = learner.learned();
  // One correction, at the first step: P⁻¹ = I/p0 + r rᵀ.
  const inverse = P.slice();
  const right = Float64Array.from({ length: 36 }, (_, i) => (i % 7 === 0 ? 1 : 0));
  expect(factorise(inverse, 6)).toBe(true);
  solveFactorised(inverse, 6, right, 6);
  const trace = Array.from({ length: 6 }, (_, i) => right[i * 7] - 2);
  for (let i = 0; i < 6; i++)
    for (let j = 0; j < 6; j++) {
      const off = right[i * 6 + j] - (i === j ? 2 : 0);
      expect(off * off).toBeCloseTo(trace[i] * trace[j], 9);
    }
});
