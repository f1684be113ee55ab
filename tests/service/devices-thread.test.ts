import { expect, test } from 'vitest';
import { listDevices } from '../../src-worker/service/devices-thread.ts';

test('devices are tried in a thread of their own, once for all who ask meanwhile', async () => {
  const [first, second] = await Promise.all([listDevices(), listDevices()]);
  expect(second).toBe(first);
  expect(first.map(({ id }) => id)).toEqual(['fused', 'tensorflow', 'webgpu', 'wasm', 'cpu']);
  for (const device of first.filter(({ id }) => ['fused', 'wasm', 'cpu'].includes(id))) {
    expect(device.available, device.reason).toBe(true);
    expect(device.stepMs).toBeGreaterThan(0);
  }
  // TensorFlow.js leaves this behind in every thread that ran it.
  expect(globalThis).not.toHaveProperty('_tfengine');
});
