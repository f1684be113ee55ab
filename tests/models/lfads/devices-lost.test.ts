// A device that fails in the middle of a fit: the fit ends with a sentence and a checkpoint, and goes on with the fused engine.

import { setImmediate } from 'node:timers/promises';
import { expect, test, vi } from 'vitest';
import { lfads } from '../../../src-worker/models/lfads/index.ts';
import { makeReferenceStepper } from '../../../src-worker/models/lfads/op-by-op/reference.ts';
import type { MakeStepper } from '../../../src-worker/models/lfads/stepper.ts';
import type { Checkpoint, FitJob } from '../../../src-worker/models/model.ts';
import { sineDataset, tiny } from './sine.ts';

/** What the injected device does: works so many steps, then throws what a driver would, in a step or in what it computes for validation. */
const plan = vi.hoisted(() => ({ steps: 0, fails: 'step' as 'step' | 'forward' }));

vi.mock('../../../src-worker/models/lfads/devices/tfjs.ts', () => ({
  makeTfjsStepper:
    (device: string): MakeStepper =>
    async (constants, threads) => {
      const stepper = await makeReferenceStepper(constants, threads);
      let steps = 0;
      const failing = <T>(what: 'step' | 'forward', work: () => Promise<T>): Promise<T> =>
        plan.fails === what && steps >= plan.steps ? Promise.reject(new Error('the graphics device was lost (unplugged)')) : work();
      return {
        ...stepper,
        device,
        deviceName: 'An injected card',
        step: (batch, settings) =>
          failing('step', async () => {
            const losses = await stepper.step(batch, settings);
            steps += 1;
            return losses;
          }),
        forward: (batch, sample) => failing('forward', () => stepper.forward(batch, sample)),
      };
    },
  startBackend: async () => ({ name: 'An injected card', isSoftware: false }),
}));

const jobOn = (device: string, saved: Checkpoint[], resume?: Checkpoint): FitJob => ({
  signal: new AbortController().signal,
  seed: 3,
  threads: 1,
  device,
  ...(resume ? { resume } : {}),
  progress: () => setImmediate(),
  metric() {},
  async save(checkpoint) {
    saved.push(structuredClone(checkpoint));
  },
});

test.each([
  ['step', 5, 5],
  ['forward', 6, 6],
] as const)('lost in %s', async (fails, steps, kept) => {
  Object.assign(plan, { steps, fails });
  const dataset = sineDataset();
  const resolved = lfads.resolve(dataset, tiny);
  const saved: Checkpoint[] = [];
  await expect(lfads.fit(dataset, resolved, jobOn('webgpu', saved))).rejects.toMatchObject({
    code: 'device-lost',
    sentence: 'The device webgpu (An injected card) stopped working: the graphics device was lost (unplugged).',
    hint: expect.stringContaining('--device fused'),
  });
  expect(saved.at(-1)!.step).toBe(kept);

  const again: Checkpoint[] = [];
  const { checkpoint, device, notes } = await lfads.fit(dataset, resolved, jobOn('fused', again, saved.at(-1)!));
  expect(device).toBe('fused');
  expect(checkpoint.step).toBe(tiny.steps);
  expect(notes.join()).toMatch(/Went on with fused/);

  // Nothing was lost: the weights agree with those of a fit that never left the fused engine.
  const whole = await lfads.fit(dataset, resolved, jobOn('fused', []));
  for (const [name, { values }] of Object.entries(whole.checkpoint.arrays))
    if (name.startsWith('weights/'))
      for (const [i, x] of values.entries()) expect(checkpoint.arrays[name]!.values[i]!, `${name}[${i}]`).toBeCloseTo(x as number, 3);
});

test('named again by `auto` while it is away, the fused engine goes on and says so', async () => {
  Object.assign(plan, { steps: 4, fails: 'step' });
  const dataset = sineDataset();
  const resolved = lfads.resolve(dataset, tiny);
  const saved: Checkpoint[] = [];
  await expect(lfads.fit(dataset, resolved, jobOn('webgpu', saved))).rejects.toMatchObject({ code: 'device-lost' });
  const away = { ...saved.at(-1)!, state: { ...saved.at(-1)!.state, device: 'a device of a later version' } };
  const { device, notes } = await lfads.fit(dataset, resolved, jobOn('auto', [], away));
  expect(device).toBe('fused');
  expect(notes[0]).toMatch(/Went on with the fused engine\. There is no device/);
});
