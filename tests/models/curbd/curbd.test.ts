import { expect, test } from 'vitest';
import { curbd } from '../../../src-worker/models/curbd/index.ts';
import { turningDataset } from '../../metrics/small-dataset.ts';
import { fitJob } from '../fits.ts';

test('an ensemble varies g beside the first weights, and seed 0 keeps what was asked for', async () => {
  const dataset = await turningDataset();
  const gains = async (settings: object) => {
    const found: (number | undefined)[] = [];
    for (const seed of [0, 1, 2]) {
      const resolved = curbd.resolve(dataset, { steps: 1, freeRuns: 0, gain: 1.2, ...settings });
      found.push((await curbd.fit(dataset, resolved, fitJob({ seed }))).diagnostics?.gain);
    }
    return found;
  };
  const [first, second, third] = await gains({});
  expect(first).toBe(1.2);
  expect(new Set([first, second, third]).size).toBe(3);
  for (const gain of [second, third]) expect(Math.abs(gain! - 1.2)).toBeLessThanOrEqual(0.24);
  expect(await gains({ gainSpread: 0 })).toEqual([1.2, 1.2, 1.2]);
});

test('rows side by side are a setting, and explain about as much', async () => {
  const dataset = await turningDataset();
  const scores: number[] = [];
  for (const rowsTogether of [1, 4]) {
    const resolved = curbd.resolve(dataset, { steps: 10, freeRuns: 0, rowsTogether, trialsPerAverage: 1 });
    scores.push((await curbd.fit(dataset, resolved, fitJob())).diagnostics!.pVar);
  }
  expect(scores[0]).not.toBe(scores[1]);
  expect(Math.abs(scores[0] - scores[1])).toBeLessThan(0.1);
});
