import { expect, test } from 'vitest';
import { makeDataset } from '../../../src-worker/dataset/index.ts';
import { openRecording } from '../../../src-worker/formats/index.ts';
import { cornn } from '../../../src-worker/models/cornn/index.ts';
import { realData } from '../../data.ts';
import { quietJob } from '../../dataset/fake-recording.ts';
import { turningDataset } from '../../metrics/small-dataset.ts';
import { fitJob } from '../fits.ts';

const file = realData('nets/cornn200.h5');

test.skipIf(!file)('the known network of 200 units comes back, with exact zeros on the diagonal', async () => {
  const recording = await openRecording(file!, {}, quietJob());
  const dataset = await makeDataset(recording, { rates: '/rates', dtMs: 10, trueWeights: '/W' }, quietJob());
  const outcome = await cornn.fit(dataset, cornn.resolve(dataset, { tauMs: 100 }), fitJob());
  expect(outcome.weightCorrelation).toBeGreaterThanOrEqual(0.984);
  const { values, shape } = outcome.checkpoint.arrays.J;
  expect(shape).toEqual([200, 200]);
  for (let i = 0; i < 200; i++) expect(values[i * 201]).toBe(0);
  const flow = cornn.flow?.(outcome.checkpoint, cornn.resolve(dataset, { tauMs: 100 }));
  expect([flow?.kind, flow?.states]).toEqual(['map', 200]);

  // A law that this network does not obey, so that half of its weights end at their bounds.
  const law = cornn.resolve(dataset, { tauMs: 100, dale: 'auto', ridge: outcome.chosen?.ridge.value });
  const held = await cornn.fit(dataset, law, fitJob());
  expect(held.diagnostics?.iterations).toBeLessThan(30);
  expect(held.notes.join(' ')).not.toContain('--iterations');
  const bound = held.checkpoint.arrays.J.values;
  for (let j = 0; j < 200; j++) {
    const signs = new Set(Array.from({ length: 200 }, (_, i) => Math.sign(bound[i * 200 + j])).filter((sign) => sign !== 0));
    expect(signs.size).toBeLessThanOrEqual(1);
  }
});

test('activity outside of tanh is refused with what CORNN can do about it, and other seeds draw other trials', async () => {
  const dataset = await turningDataset();
  expect(() => cornn.resolve(dataset, { scale: 'none' })).toThrow(/tanh gives values −1 to 1/);
  const weights = async (settings: object, seed: number) =>
    (await cornn.fit(dataset, cornn.resolve(dataset, settings), fitJob({ seed }))).checkpoint.arrays.J.values;
  expect(await weights({}, 1)).not.toEqual(await weights({}, 0));
  expect(await weights({ resample: false }, 1)).toEqual(await weights({}, 0));
});
