// Which devices there are, and that none is trusted whose gradients are wrong.

import { expect, test } from 'vitest';
import { devices, makerOf } from '../../../src-worker/models/lfads/devices.ts';
import { makeReferenceStepper } from '../../../src-worker/models/lfads/reference.ts';
import { gradientError } from '../../../src-worker/models/lfads/smoke.ts';
import type { MakeStepper } from '../../../src-worker/models/lfads/stepper.ts';

test('every device is listed, with the reason where it does not work', async () => {
  const found = await devices();
  expect(found.map(({ id }) => id)).toEqual(['fused', 'tensorflow', 'webgpu', 'wasm', 'cpu']);
  for (const { id, available, reason, stepMs } of found) {
    expect(reason).not.toBe('');
    if (['fused', 'wasm', 'cpu'].includes(id)) expect(available, id).toBe(true);
    expect(stepMs !== undefined).toBe(available);
  }
});

test('an unknown device is refused with the known ones', async () => {
  await expect(makerOf('abacus')).rejects.toMatchObject({ code: 'unknown-device', hint: expect.stringContaining('fused') });
});

test('the smoke test passes right gradients and catches wrong ones', async () => {
  expect(await gradientError(makeReferenceStepper)).toBeLessThan(1e-6);
  const wrong: MakeStepper = async (constants, threads) => {
    const stepper = await makeReferenceStepper(constants, threads);
    return {
      ...stepper,
      async gradients(batch, settings) {
        const { losses, gradients } = await stepper.gradients(batch, settings);
        gradients['generator.U']![3]! *= 1.5;
        return { losses, gradients };
      },
    };
  };
  expect(await gradientError(wrong)).toBeGreaterThan(1e-3);
});
