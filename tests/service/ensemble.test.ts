// Ensembles of fits that lie in a project: scores of averaged rates, agreement, and what is no ensemble.

import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { EnsembleReport } from '../../src-worker/contract/run.ts';
import { resource } from '../../src-worker/assets.ts';
import { type Service, startService } from '../../src-worker/service/service.ts';
import { scratch } from '../store/fixtures.ts';

const folder = scratch();
const recording = resource('sample.nwb');
const data = {
  align: 'move_onset_time',
  windowMs: [-200, 200],
  binMs: 40,
  trials: ['success=true', 'direction=2'],
  leaveOutUnits: [30, 61, 63],
  condition: 'direction',
  valid: 'every:5',
} as const;
const settings = { steps: 40, validateEvery: 20, patience: 40, inputs: 1, learningRate: 0.01, sampleValidation: 0.1 };

let service: Service;
const project = join(folder, 'members.orrery');
const runs: string[] = [];
let together: EnsembleReport;

const fit = async (model: string, seed: number, of: object): Promise<string> => {
  const request = { project, recording, data, seed, device: 'fused', threads: 1 };
  const { id } = await service.startFit({ ...request, model, settings: { ...of } });
  const { state, failure } = await service.waitForRun({ project, run: id });
  expect({ state, failure }).toEqual({ state: 'finished', failure: undefined });
  return id;
};

beforeAll(async () => {
  service = startService({ progress: () => {}, run: () => {} });
  for (const seed of [0, 1]) runs.push(await fit('lfads', seed, settings));
  together = await service.ensemble({ project, runs }, 'ensemble');
});

afterAll(() => service.close());

test('every score and diagnostic of the members is spread over them', async () => {
  const reports = await Promise.all(runs.map(async (run) => (await service.run({ project, run })).report!));
  const [one, other] = reports.map(({ r2Truth }) => r2Truth!);
  expect(together.seeds).toEqual([0, 1]);
  expect(together.metrics.r2Truth).toMatchObject({ mean: (one + other) / 2, min: Math.min(one, other), max: Math.max(one, other) });
  expect(together.metrics.r2Truth.sd).toBeCloseTo(Math.abs(one - other) / Math.SQRT2, 10);
  expect(Object.keys(together.metrics)).toEqual(
    expect.arrayContaining(['bitsPerSpike', 'inputShare', 'klInitial', 'trainingGap', 'withheldBitsPerSpike']),
  );
});

test('averaged rates are scored as those of a fit are', () => {
  expect(together.averaged.r2Truth).toBeGreaterThan(together.metrics.r2Truth.mean);
  expect(together.averaged.bitsPerSpike).toBeGreaterThan(together.metrics.bitsPerSpike.mean);
  expect(typeof together.beatsBaseline).toBe('boolean');
});

test('agreement of rates, factors and inferred inputs, whole and within conditions', () => {
  expect(Object.keys(together.agreement).sort()).toEqual([
    'factors',
    'factorsWithinConditions',
    'inputs',
    'inputsWithinConditions',
    'rates',
    'ratesWithinConditions',
  ]);
  for (const { mean, least, pairs } of Object.values(together.agreement)) {
    expect(pairs).toBe(2);
    expect(least).toBeLessThanOrEqual(mean);
    expect(mean).toBeLessThan(1);
  }
  expect(together.readings.map(({ id }) => id)).toEqual(['spread', 'agreement', 'agreement', 'agreement']);
});

test('fits that are the same bit for bit agree wholly, and their average is any of them', async () => {
  const twins = [await fit('smoothing', 0, {}), await fit('smoothing', 1, {})];
  const { agreement, averaged, metrics } = await service.ensemble({ project, runs: twins }, 'twins');
  expect(agreement.rates).toEqual({ mean: 1, least: 1, pairs: 2 });
  expect(averaged.r2Truth).toBeCloseTo(metrics.r2Truth.mean, 6);
  expect(metrics.r2Truth.sd).toBe(0);
});

test('one run, or runs of two models, are no ensemble', async () => {
  const alone = service.ensemble({ project, runs: [runs[0], runs[0]] }, 'alone');
  await expect(alone).rejects.toMatchObject({ code: 'bad-ensemble', sentence: expect.stringContaining('two runs or more') });
  const mixed = service.ensemble({ project, runs: [runs[0], await fit('smoothing', 0, {})] }, 'mixed');
  await expect(mixed).rejects.toMatchObject({ code: 'bad-ensemble', sentence: expect.stringContaining('another model') });
});
