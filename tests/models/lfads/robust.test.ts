// Recordings at the edges, from the file to the scores: each is fitted, or refused with a sentence; no result holds a number that is none.

import { setImmediate } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import { Failure } from '../../../src-worker/contract/failure.ts';
import type { Settings } from '../../../src-worker/contract/params.ts';
import type { MetricPoint } from '../../../src-worker/contract/run.ts';
import { makeDataset } from '../../../src-worker/dataset/index.ts';
import { key, uniform } from '../../../src-worker/engine/random.ts';
import { lfads } from '../../../src-worker/models/lfads/index.ts';
import type { Arrays } from '../../../src-worker/contract/result.ts';
import type { FitJob } from '../../../src-worker/models/model.ts';
import { outputsAndScores } from '../../../src-worker/service/report.ts';
import { array, fakeRecording, quietJob } from '../../dataset/fake-recording.ts';
import { tiny } from './sine.ts';

interface Shape {
  readonly trials?: number;
  readonly bins?: number;
  readonly units?: number;
  /** Count of an element; by default a wave under each unit. */
  readonly count?: (trial: number, bin: number, unit: number, usual: number) => number;
  readonly conditions?: (trial: number) => number;
}

function recordingOf({ trials = 12, bins = 8, units = 4, count = (_k, _t, _u, usual) => usual, conditions }: Shape) {
  const k = key(31);
  const values: number[] = [];
  for (let trial = 0, i = 0; trial < trials; trial++)
    for (let t = 0; t < bins; t++)
      for (let u = 0; u < units; u++, i++) {
        const mean = 0.6 + 0.5 * Math.sin(t + u + trial);
        values.push(count(trial, t, u, Math.floor(mean + uniform(k, i))));
      }
  const labels =
    conditions &&
    array(
      '/condition',
      [trials],
      Array.from({ length: trials }, (_, trial) => conditions(trial)),
    );
  return fakeRecording({ arrays: [array('/spikes', [trials, bins, units], values), ...(labels ? [labels] : [])] });
}

/** Where a value that is not finite stands in anything that a fit gives. */
function notFinite(value: unknown, at = ''): string[] {
  if (typeof value === 'number') return Number.isFinite(value) ? [] : [`${at} is ${value}`];
  if (ArrayBuffer.isView(value)) {
    const bad = Array.from(value as Float32Array).findIndex((x) => !Number.isFinite(x));
    return bad < 0 ? [] : [`${at}[${bad}]`];
  }
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([name, part]) => notFinite(part, `${at}.${name}`));
}

/** Fits, infers every trial and scores; everything that came of it. */
async function fitted(shape: Shape, data: Settings = {}, settings: Parameters<typeof lfads.resolve>[1] = {}) {
  const dataset = await makeDataset(recordingOf(shape), { binMs: 20, valid: 'every:4', ...data }, quietJob());
  const resolved = lfads.resolve(dataset, { ...tiny, steps: 6, ...settings });
  const points: MetricPoint[] = [];
  const job: FitJob = {
    signal: new AbortController().signal,
    seed: 1,
    threads: 1,
    device: 'fused',
    progress: () => setImmediate(),
    metric: (point) => points.push(point),
    async save() {},
  };
  const { checkpoint, notes } = await lfads.fit(dataset, resolved, job);
  const outputs: Arrays[] = [];
  const kept = { load: async () => undefined, keep: async () => {} };
  const scores = await outputsAndScores(
    dataset,
    { model: lfads, checkpoint, resolved, trainedHere: true },
    (_trials, arrays) => {
      outputs.push(structuredClone(arrays));
    },
    kept,
    job,
  );
  return { dataset, resolved, points, checkpoint, notes, outputs, scores };
}

async function expectFitted(shape: Shape, data?: Settings, settings?: Parameters<typeof lfads.resolve>[1]) {
  const { dataset, ...found } = await fitted(shape, data, settings);
  expect(found.outputs.reduce((n, { rates }) => n + rates!.shape[0]!, 0)).toBe(dataset.trials);
  expect(found.points.length).toBeGreaterThan(0);
  expect(notFinite(found)).toEqual([]);
  for (const { rates } of found.outputs) for (const rate of rates!.values) if (!(rate >= 0)) expect.fail(`a rate of ${rate}`);
  return { dataset, ...found };
}

const refused = async (work: Promise<unknown>): Promise<Failure> => {
  const error = await work.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  expect(error).toBeInstanceOf(Failure);
  return error as Failure;
};

describe('is fitted', () => {
  test('a usual recording', () => expectFitted({}));

  test('a unit whose count never changes', async () => {
    await expectFitted({ count: (_trial, _bin, unit, usual) => (unit === 2 ? 1 : usual) });
  });

  test('continuous values of which one never changes', async () => {
    const { resolved } = await expectFitted(
      { count: (_trial, _bin, unit, usual) => (unit === 2 ? 0.25 : usual + 0.5) },
      { rates: '/spikes', dtMs: 20 },
    );
    expect(resolved.likelihood!.value).toBe('gaussian');
  });

  test('a trial of zeros alone, in training and in validation', async () => {
    await expectFitted({ count: (trial, _bin, _unit, usual) => (trial === 2 || trial === 3 ? 0 : usual) });
  });

  test('a unit that is silent in every training trial', async () => {
    const silent = (trial: number, _bin: number, unit: number, usual: number) => (unit === 1 && trial % 4 !== 3 ? 0 : usual);
    await expectFitted({ count: silent }, { keepSilentUnits: true });
  });

  test('a unit that is silent in every trial, kept as asked', async () => {
    await expectFitted({ count: (_trial, _bin, unit, usual) => (unit === 1 ? 0 : usual) }, { keepSilentUnits: true });
  });

  test('a unit that is silent wherever it is judged, held out', async () => {
    const silent = (trial: number, _bin: number, unit: number, usual: number) => (unit === 1 && trial % 4 === 3 ? 0 : usual);
    await expectFitted({ count: silent }, { keepSilentUnits: true, heldOutUnits: 'every:2' });
  });

  test('no spike at all in the trials that judge', async () => {
    await expectFitted({ count: (trial, _bin, _unit, usual) => (trial % 4 === 3 ? 0 : usual) });
  });

  test('one trial of each condition', async () => {
    const { dataset } = await expectFitted({ conditions: (trial) => trial }, { condition: 'condition', valid: '0.25' });
    expect(dataset.conditions?.names.length).toBe(12);
  });

  test('two bins, with a lag, an inferred input and held-out units', async () => {
    await expectFitted({ bins: 2 }, { heldOutUnits: 'every:2' });
    await expectFitted({ bins: 2 }, {}, { lagMs: 60 });
  });

  test('two trials', async () => {
    await expectFitted({ trials: 2 }, { valid: 'every:2' });
  });

  test('counts in the hundreds', async () => {
    await expectFitted({ count: (_trial, _bin, _unit, usual) => 400 * usual });
  });

  test('5000 units', { timeout: 120_000 }, async () => {
    const { outputs } = await expectFitted({ trials: 8, bins: 5, units: 5000 }, {}, { steps: 2, batch: 4, validateEvery: 2 });
    expect(outputs[0]!.rates!.shape.slice(1)).toEqual([5, 5000]);
  });
});

describe('is refused with a sentence', () => {
  test('a count that is missing, with its trial, bin and unit', async () => {
    const failure = await refused(
      fitted({ count: (trial, bin, unit, usual) => (trial === 5 && bin === 3 && unit === 1 ? Number.NaN : usual) }),
    );
    expect(failure.sentence).toMatch(/trial 5, bin 3, unit 1/);
  });

  test('a continuous value that is missing', async () => {
    const failure = await refused(
      fitted(
        { count: (trial, bin, unit, usual) => (trial === 5 && bin === 3 && unit === 1 ? Number.NaN : usual + 0.5) },
        { rates: '/spikes', dtMs: 20 },
      ),
    );
    expect(failure.sentence).toMatch(/trial 5, bin 3, unit 1/);
  });

  test('a value that is not finite and slipped in behind the reader, with the step and trials', async () => {
    const dataset = await makeDataset(recordingOf({}), { binMs: 20, valid: 'every:4' }, quietJob());
    const broken = { ...dataset, counts: Float32Array.from(dataset.counts) };
    broken.counts[2 * dataset.bins * dataset.units] = Number.NaN;
    const job = {
      signal: new AbortController().signal,
      seed: 1,
      threads: 1,
      progress: () => setImmediate(),
      metric() {},
      async save() {},
    };
    for (const device of ['fused', 'cpu', 'auto']) {
      const failure = await refused(lfads.fit(broken, lfads.resolve(broken, { ...tiny, batch: 12 }), { ...job, device }));
      expect(failure.code, device).toBe('not-finite');
      expect(failure.sentence, device).toMatch(/step 0, in a batch of trials /);
    }
  });

  test('a learning rate that throws the weights away, before any of it is kept', async () => {
    const failure = await refused(fitted({}, {}, { learningRate: 1e30, steps: 40, gradientClip: 1e30 }));
    expect(failure.code).toBe('not-finite');
    expect(failure.hint).toMatch(/learning rate/);
  });
});
