// Fitting LFADS: learning, stopping and going on, cancelling, training longer, trouble, and inference on every trial.

import { setImmediate } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import type { MetricPoint } from '../../../src-worker/contract/run.ts';
import type { Dataset } from '../../../src-worker/dataset/dataset.ts';
import { foretoldDevice } from '../../../src-worker/models/lfads/devices/devices.ts';
import { onLine } from '../../../src-worker/models/lfads/foretell/pace.ts';
import { lfads } from '../../../src-worker/models/lfads/index.ts';
import type { Checkpoint, FitJob } from '../../../src-worker/models/model.ts';
import { sineDataset, tiny } from './sine.ts';

type Settings = Parameters<typeof lfads.resolve>[1];

interface Watched {
  readonly points: MetricPoint[];
  readonly saved: Checkpoint[];
}

/** A job that may stop itself after some calls of progress. */
function makeJob(more: Partial<FitJob> & { readonly stopAfter?: number } = {}): FitJob & Watched {
  const { stopAfter, ...rest } = more;
  const abort = new AbortController();
  const points: MetricPoint[] = [];
  const saved: Checkpoint[] = [];
  let calls = 0;
  return {
    signal: abort.signal,
    seed: 3,
    threads: 1,
    device: 'fused',
    points,
    saved,
    async progress() {
      if (++calls === stopAfter) abort.abort(new Error('stopped by the test'));
      await setImmediate();
    },
    metric: (point) => points.push(point),
    async save(checkpoint) {
      // What a store keeps: arrays as they are, the rest as JSON.
      saved.push({ ...structuredClone(checkpoint), state: JSON.parse(JSON.stringify(checkpoint.state)) });
    },
    ...rest,
  };
}

async function fitted(dataset: Dataset, settings: Settings, job = makeJob()) {
  const resolved = lfads.resolve(dataset, settings);
  const outcome = await lfads.fit(dataset, resolved, job);
  return { ...outcome, resolved, ...job };
}

/** Bits of two checkpoints. */
function expectSame(a: Checkpoint, b: Checkpoint): void {
  expect(a.step).toBe(b.step);
  expect(a.bestStep).toBe(b.bestStep);
  expect(Object.keys(a.arrays)).toEqual(Object.keys(b.arrays));
  for (const [name, { values }] of Object.entries(a.arrays)) expect(values, name).toEqual(b.arrays[name]!.values);
  expect(JSON.parse(JSON.stringify(a.state))).toEqual(JSON.parse(JSON.stringify(b.state)));
}

test('a fit learns: validation likelihood rises above the mean rates', async () => {
  const { points, checkpoint } = await fitted(sineDataset({ trials: 60, units: 10, bins: 15 }), {
    ...tiny,
    batch: 16,
    steps: 120,
    validateEvery: 40,
    generator: 16,
    learningRate: 0.01,
    betaInitial: 0.1,
    betaInputs: 0.1,
  });
  const bits = points.map(({ values }) => values.validationBitsPerSpike!);
  expect(bits.at(-1)).toBeGreaterThan(0.1);
  expect(bits.at(-1)).toBeGreaterThan(bits[0]!);
  expect(checkpoint.bestStep).toBeGreaterThanOrEqual(60);
  expect(Object.keys(points[0]!.values)).toEqual(
    expect.arrayContaining(['trainLoss', 'klInitial', 'klInputs', 'learningRate', 'gradientNorm', 'validationNll']),
  );
});

describe('a fit that was stopped and resumed equals one that was not, bit for bit', () => {
  test.each([
    ['plainly', {}, {}],
    ['with held-out units and external inputs', {}, { heldOut: [1, 4], external: true }],
    ['on a plateau, with averaged weights', { schedule: 'plateau', averaging: 0.9 }, {}],
    ['with jitter, shift and sample validation', { jitterMs: 40, shiftMs: 20, sampleValidation: 0.2 }, {}],
  ] as const)('%s', async (name, settings, data) => {
    const dataset = sineDataset(data);
    const whole = await fitted(dataset, { ...tiny, ...settings });
    for (const stopAfter of name === 'plainly' ? [1, 6, 7] : [7]) {
      const job = makeJob({ stopAfter });
      await expect(fitted(dataset, { ...tiny, ...settings }, job)).rejects.toThrow('stopped by the test');
      expect(job.saved.at(-1)!.step).toBeGreaterThan(0);
      const rest = await fitted(dataset, { ...tiny, ...settings }, makeJob({ resume: job.saved.at(-1)! }));
      expectSame(rest.checkpoint, whole.checkpoint);
      // The curve goes on where the first part ended, and none of its points is missing.
      expect([...job.points, ...rest.points]).toEqual(whole.points);
    }
  });
});

test('one and two threads give the same bits', async () => {
  const dataset = sineDataset({ trials: 40 });
  const settings = { ...tiny, batch: 20, steps: 4 };
  const [one, two] = [await fitted(dataset, settings), await fitted(dataset, settings, makeJob({ threads: 2 }))];
  expectSame(one.checkpoint, two.checkpoint);
});

test('training longer goes on with weights and optimiser and a new fall of the learning rate', async () => {
  const dataset = sineDataset();
  const first = await fitted(dataset, tiny);
  const longer = await fitted(dataset, tiny, makeJob({ resume: first.checkpoint, moreSteps: 8 }));
  expect(longer.checkpoint.step).toBe(tiny.steps + 8);
  const rates = longer.points.map(({ values }) => values.learningRate!);
  expect(rates[0]).toBeCloseTo(4e-3);
  // Stopped in the middle of it, the child goes on where it was.
  const job = makeJob({ resume: first.checkpoint, moreSteps: 8, stopAfter: 3 });
  await expect(fitted(dataset, tiny, job)).rejects.toThrow('stopped by the test');
  const rest = await fitted(dataset, tiny, makeJob({ resume: job.saved.at(-1)!, moreSteps: 8 }));
  expectSame(rest.checkpoint, longer.checkpoint);
});

test('a finished fit that is resumed stays as it is', async () => {
  const dataset = sineDataset();
  const { checkpoint } = await fitted(dataset, tiny);
  expectSame((await fitted(dataset, tiny, makeJob({ resume: checkpoint }))).checkpoint, checkpoint);
});

test('patience ends a fit that gets no better', async () => {
  const { checkpoint, notes } = await fitted(sineDataset(), { ...tiny, learningRate: 0, steps: 40, patience: 6 });
  // The first step that may be the best is 20; none after it is better.
  expect(checkpoint.step).toBe(27);
  expect(checkpoint.bestStep).toBe(21);
  expect(notes.join()).toContain('had not improved');
});

test('without validation trials a sample of counts judges, and is never learned from', async () => {
  const { points, resolved } = await fitted(sineDataset({ validEvery: 0 }), tiny);
  expect(resolved.sampleValidation!.value).toBe(0.1);
  expect(points.at(-1)!.values.sampleNll).toBeGreaterThan(0);
  expect(points.at(-1)!.values.validationNll).toBeUndefined();
});

test('a number that is not finite stops the fit and is named with its step and trials', async () => {
  const dataset = sineDataset();
  dataset.counts[3 * dataset.bins * dataset.units] = Number.POSITIVE_INFINITY;
  await expect(fitted(dataset, { ...tiny, batch: 16 })).rejects.toMatchObject({
    code: 'not-finite',
    sentence: expect.stringMatching(/step 0.*trials/),
  });
});

describe('inference', () => {
  const dataset = sineDataset({ heldOut: [0, 3] });
  const collect = async (posteriorSamples: number) => {
    const { checkpoint, resolved } = await fitted(dataset, { ...tiny, posteriorSamples });
    const seen: number[] = [];
    const rates = new Float32Array(dataset.counts.length);
    const shapes: Record<string, readonly number[]> = {};
    await lfads.infer(
      checkpoint,
      dataset,
      resolved,
      Int32Array.from({ length: dataset.trials }, (_, k) => dataset.trials - 1 - k),
      (trials, arrays) => {
        for (const [row, trial] of trials.entries()) {
          seen.push(trial);
          const size = dataset.bins * dataset.units;
          rates.set(arrays.rates!.values.subarray(row * size, (row + 1) * size) as Float32Array, trial * size);
        }
        for (const [name, { shape }] of Object.entries(arrays)) shapes[name] = shape;
        expect(arrays.ratesSd!.values.some((sd) => sd > 0)).toBe(true);
      },
      makeJob(),
    );
    return { seen, rates, shapes };
  };

  test('gives every trial once, in order, with units in the order of the dataset and rates in Hz', async () => {
    const { seen, rates, shapes } = await collect(0);
    expect(seen).toEqual(Array.from({ length: dataset.trials }, (_, k) => dataset.trials - 1 - k));
    expect(shapes).toMatchObject({
      rates: [5, 12, 6],
      ratesSd: [5, 12, 6],
      factors: [5, 12, 3],
      generator: [5, 12, 6],
      initialConditions: [5, 4],
      initialConditionsSd: [5, 4],
      inputs: [5, 12, 1],
      inputsSd: [5, 12, 1],
    });
    // After 12 steps a rate is near its unit's mean, which differs between units only by chance: compare with the mean count in Hz.
    const means = (values: Float32Array, scale: number) =>
      Array.from({ length: dataset.units }, (_, u) => {
        let sum = 0;
        for (let i = u; i < values.length; i += dataset.units) sum += values[i]!;
        return (scale * sum) / (dataset.trials * dataset.bins);
      });
    const [found, counted] = [means(rates, 1), means(dataset.counts, 1000 / dataset.binMs)];
    for (const [u, rate] of found.entries()) expect(rate / counted[u]!).toBeCloseTo(1, 0);
  });

  test('averages over posterior samples when asked', async () => {
    const [atMeans, averaged] = [await collect(0), await collect(4)];
    expect(averaged.rates).not.toEqual(atMeans.rates);
    let worst = 0;
    for (const [i, rate] of averaged.rates.entries()) worst = Math.max(worst, Math.abs(Math.log(rate / atMeans.rates[i]!)));
    expect(worst).toBeLessThan(1.5);
  });

  test('refuses trials of another shape and says how they differ', async () => {
    const { checkpoint, resolved } = await fitted(dataset, tiny);
    const other = sineDataset({ bins: 9 });
    await expect(lfads.infer(checkpoint, other, resolved, Int32Array.of(0), () => {}, makeJob())).rejects.toMatchObject({
      code: 'other-shape',
      sentence: expect.stringContaining('9 bins'),
    });
  });
});

test('an initial segment and forward prediction that leave nothing are refused', () => {
  expect(() => lfads.resolve(sineDataset(), { initialMs: 120, forwardMs: 120 })).toThrow(/leave no bin/);
});

test('time and memory are told beforehand', async () => {
  const dataset = sineDataset();
  const told = await lfads.foretell!(dataset, lfads.resolve(dataset, tiny), 1, 'auto');
  expect(told.seconds).toBeGreaterThan(0);
  expect(told.bytes).toBeGreaterThan(1000);
  // No GPU is worth its dispatch at a model of a few milliseconds a step: that is known before the fit.
  expect(told.device).toEqual(foretoldDevice(told.stepMs!));
});

test('time is told of the device that is named', async () => {
  const dataset = sineDataset();
  const resolved = lfads.resolve(dataset, tiny);
  const fused = await lfads.foretell!(dataset, resolved, 1, 'fused');
  const plain = await lfads.foretell!(dataset, resolved, 1, 'cpu');
  // Matrices in plain JavaScript, op by op: tens of times slower.
  expect(plain.seconds).toBeGreaterThan(2 * fused.seconds);
  expect(plain.bytes).toBeUndefined();
  await expect(lfads.foretell!(dataset, resolved, 1, 'abacus')).rejects.toMatchObject({ code: 'unknown-device' });
});

test('what all bins take follows from what few and more of them take', () => {
  const took = (bins: number): number => 40 + 3 * bins;
  expect(onLine([4, took(4)], [12, took(12)], 100)).toBeCloseTo(took(100), 9);
  expect(onLine([4, 50], [12, 49], 100)).toBe(49);
});

test('continuous values are standardised for a Gaussian and given back in their own units', async () => {
  const counted = sineDataset({ trials: 40 });
  const dataset: Dataset = {
    ...counted,
    recipe: { ...counted.recipe, settings: { rates: '/rates' } },
    counts: counted.truth!.map((rate, i) => 100 + 40 * rate + Math.sin(i)),
  };
  const { checkpoint, resolved, points } = await fitted(dataset, { ...tiny, batch: 16, steps: 120, learningRate: 0.01, validateEvery: 30 });
  expect(resolved.likelihood!.value).toBe('gaussian');
  expect(points.at(-1)!.values.validationNll).toBeLessThan(points[0]!.values.validationNll!);
  await lfads.infer(
    checkpoint,
    dataset,
    resolved,
    Int32Array.of(0, 1, 2),
    (_trials, { rates }) => {
      for (const rate of rates!.values) expect(rate).toBeGreaterThan(80);
    },
    makeJob(),
  );
});
