import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { exponential, Stream } from '../../src-worker/synthetic/arithmetic.ts';
import { type DelayedReach, delayedReach, digestOf } from '../../src-worker/synthetic/delayed-reach.ts';
import { LATENTS } from '../../src-worker/synthetic/reach-system.ts';
import { delayedReachFile } from '../../src-worker/synthetic/delayed-reach-nwb.ts';
import { hdf5Bytes } from '../../src-worker/synthetic/hdf5/write.ts';

describe('the delayed-reach experiment', () => {
  let reach: DelayedReach;
  beforeAll(() => {
    reach = delayedReach();
  });

  test('is the reference generator’s, spike for spike', () => {
    expect(reach.steps).toBe(78_253);
    expect(reach.spikes.reduce((sum, times) => sum + times.length, 0)).toBe(511_266);
    expect(digestOf(reach.spikes)).toBe('b9723f6d');
  });

  test('has 264 trials, 8 of them aborted, 74 pushed, each movement three steps after its pulse', () => {
    expect(reach.trials).toHaveLength(264);
    expect(reach.trials.filter(({ success }) => !success)).toHaveLength(8);
    expect([-1, 1].map((side) => reach.trials.filter(({ push }) => push === side).length)).toEqual([38, 36]);
    for (const { success, onset, pulse } of reach.trials) expect(onset).toBe(success ? pulse + 3 : undefined);
  });

  test('rests at s = −1 before the first trial and moves at s = 1 in mid-reach', () => {
    expect(reach.latents[0]).toBe(-1);
    for (const { success, pulse } of reach.trials)
      if (success) expect(Math.abs(reach.latents[(pulse + 40) * LATENTS] - 1)).toBeLessThan(1e-3);
  });

  test('is the file that ships, byte for byte', () => {
    const shipped = readFileSync(resolve(import.meta.dirname, '../../resources/sample.nwb'));
    const made = hdf5Bytes(delayedReachFile(reach));
    expect(made.length).toBeLessThan(3e6);
    expect(shipped.equals(made)).toBe(true);
  });
});

test('stream 1 starts with the known uniforms', () => {
  const stream = new Stream(20, 1);
  expect([stream.uniform(), stream.uniform(), stream.uniform()]).toEqual([0.48404333309736103, 0.1241346470778808, 0.798524190322496]);
});

test('the exponential agrees with the platform’s to 15 digits', () => {
  for (let x = -30; x <= 10; x += 0.37) expect(Math.abs(exponential(x) / Math.exp(x) - 1)).toBeLessThan(4e-15);
  expect(exponential(0)).toBe(1);
});
