import { expect, test } from 'vitest';
import { makeDataset, mergeSegments, TRAINING } from '../../src-worker/dataset/index.ts';
import { fakeRecording, intervals, quietJob, range, unitTable } from './fake-recording.ts';

const spikes = range(3, (u) => range(1200, (k) => 0.05 * k + 0.01 * (u + 1)));
const recording = fakeRecording({
  units: [unitTable(spikes)],
  intervals: [intervals('/intervals/epochs', { start_time: [0, 30], stop_time: [20, 60], label: ['rest', 'run'] })],
  seconds: 60,
});
const settings = { segmentMs: 500, overlapMs: 100, binMs: 20, valid: '0.25', intervals: 'epochs' } as const;

test('no spike is in training and in validation', async () => {
  const { segments, split, bins, trials } = await makeDataset(recording, settings, quietJob());
  const partOf = new Map<number, number>();
  for (let trial = 0; trial < trials; trial++)
    for (let bin = 0; bin < bins; bin++) {
      const at = (segments?.startBin[trial] ?? Number.NaN) + bin;
      expect(partOf.get(at) ?? split[trial]).toBe(split[trial]);
      partOf.set(at, split[trial]);
    }
  const validation = split.filter((part) => part !== TRAINING).length / trials;
  expect(validation).toBeGreaterThan(0.15);
  expect(validation).toBeLessThan(0.35);
});

test('segments lie within their epoch and know it', async () => {
  const { segments, columns, bins, trials } = await makeDataset(recording, settings, quietJob());
  const label = columns.find(({ name }) => name === 'label')?.values ?? [];
  for (let trial = 0; trial < trials; trial++) {
    const start = segments?.startSeconds[trial] ?? Number.NaN;
    expect(start + (bins * 20) / 1000).toBeLessThanOrEqual(label[trial] === 'rest' ? 20 : 60);
    expect(start).toBeGreaterThanOrEqual(label[trial] === 'rest' ? 0 : 30);
  }
  const running = await makeDataset(recording, { ...settings, trials: ['label=run'] }, quietJob());
  expect(running.segments?.startSeconds[0]).toBeCloseTo(30, 6);
});

test('merging gives back what was cut, with a cross-fade between neighbours', async () => {
  const dataset = await makeDataset(recording, { segmentMs: 500, overlapMs: 100, binMs: 20 }, quietJob());
  const { bins, trials, units, segments } = dataset;
  const whole = mergeSegments(dataset, dataset.counts, units);
  const start = segments?.startBin[0] ?? 0;
  for (const bin of [0, 17, 400, 1000]) expect(whole.values[bin * units]).toBe(spikesIn(whole.startSeconds + 0.02 * bin, 0));
  // Constant outputs of segments 0 and 1: the first fades from 0 to 1 over the five bins they share.
  const numbered = Float64Array.from({ length: trials * bins }, (_, i) => Math.floor(i / bins));
  const faded = mergeSegments(dataset, numbered, 1).values;
  const next = (segments?.startBin[1] ?? 0) - start;
  expect([...faded.subarray(next - 1, next + 6)].map((v) => Math.round(v * 10) / 10)).toEqual([0, 0.1, 0.3, 0.5, 0.7, 0.9, 1]);
});

const spikesIn = (from: number, unit: number): number => spikes[unit].filter((t) => t >= from - 1e-9 && t < from + 0.02 - 1e-9).length;

test('time between epochs is missing, not zero', async () => {
  const dataset = await makeDataset(recording, settings, quietJob());
  const { values } = mergeSegments(dataset, dataset.counts, 3);
  expect(values.some(Number.isNaN)).toBe(true);
});

test('time in which a unit was not observed is not chopped', async () => {
  const lost = range(3, (u) => (u === 1 ? [0, 25, 40, 60] : [0, 60]));
  const gap = fakeRecording({ units: [unitTable(spikes, {}, lost)], seconds: 60 });
  const { segments, bins, trials } = await makeDataset(gap, { segmentMs: 500, binMs: 20 }, quietJob());
  for (let trial = 0; trial < trials; trial++) {
    const start = segments?.startSeconds[trial] ?? Number.NaN;
    expect(start + 0.02 * bins <= 25.000001 || start >= 39.999999).toBe(true);
  }
});

test('an overlap as long as the segment, or a segment longer than the recording, is refused', async () => {
  await expect(makeDataset(recording, { segmentMs: 500, overlapMs: 500 }, quietJob())).rejects.toThrow(/overlap/);
  await expect(makeDataset(recording, { segmentMs: 100_000 }, quietJob())).rejects.toThrow(/as long as 100000 ms/);
});
