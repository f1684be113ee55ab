// The same model, batch and seed on every device that is here: gradients, the loss after a step, and a short fit. A device that is not
// here is skipped with its reason.

import { setImmediate } from 'node:timers/promises';
import * as tf from '@tensorflow/tfjs';
import { describe, expect, test } from 'vitest';
import { Failure } from '../../../src-worker/contract/failure.ts';
import { DEVICES, type Device, tryDevice, type Working } from '../../../src-worker/models/lfads/devices/devices.ts';
import { lfads } from '../../../src-worker/models/lfads/index.ts';
import { sampleNoise } from '../../../src-worker/models/lfads/noise.ts';
import { float64, lossAndGradients, makeReferenceStepper } from '../../../src-worker/models/lfads/op-by-op/reference.ts';
import type { MakeStepper } from '../../../src-worker/models/lfads/stepper.ts';
import type { Checkpoint, FitJob } from '../../../src-worker/models/model.ts';
import { type Case, cases } from './cases.ts';
import { sineDataset, tiny } from './sine.ts';

async function look(device: Device): Promise<Working | string> {
  try {
    return await tryDevice(device);
  } catch (error) {
    if (error instanceof Failure) return error.message;
    throw error;
  }
}

// A processor in place of a graphics card takes a second for each bin.
const SLOW = { timeout: 400_000 };

/** Largest distance from float64's gradients, relative to each tensor's largest, or to a thousandth of the largest of all. */
async function distance(make: MakeStepper, { constants, batch, settings, weights }: Case): Promise<number> {
  const truth = await lossAndGradients(float64, constants, weights, batch, sampleNoise(constants, batch, settings.step), settings);
  const stepper = await make(constants, 1);
  stepper.setWeights(weights);
  const { gradients } = await stepper.gradients(batch, settings);
  await stepper.close();
  const size = (values: ArrayLike<number>): number => Array.from(values).reduce((most, x) => Math.max(most, Math.abs(x)), 0);
  const largest = Math.max(...Object.values(truth.gradients).map(size));
  const far = Object.entries(truth.gradients).map(([name, expected]) => {
    const apart = Array.from(expected, (x, i) => x - gradients[name]![i]!);
    return size(apart) / Math.max(size(expected), 1e-3 * largest);
  });
  return Math.max(...far);
}

/** Loss at the weights that one optimiser step leaves. */
async function lossAfterStep(make: MakeStepper, { constants, batch, settings, weights }: Case): Promise<number> {
  const stepper = await make(constants, 1);
  stepper.setWeights(weights);
  await stepper.step(batch, settings);
  const { loss } = await stepper.step(batch, { ...settings, step: settings.step + 1 });
  await stepper.close();
  return loss;
}

const named = (name: string): Case => cases.find((one) => one.name === name)!;

/** A model that is done in three bins, so that the slowest device ends in seconds. */
function threeBins(): Case {
  const { constants, batch, settings, weights, name } = named('with a controller');
  const { bins, units } = constants.sizes;
  const counts = Float32Array.from({ length: batch.trials.length * 3 * units }, (_, i) => {
    const [b, rest] = [Math.floor(i / (3 * units)), i % (3 * units)];
    return batch.counts[b * bins * units + rest]!;
  });
  const sizes = { ...constants.sizes, bins: 3, encodedBins: 3 };
  return { name, settings, weights, constants: { ...constants, sizes }, batch: { trials: batch.trials, counts } };
}

function jobOn(device: Device, saved: Checkpoint[] = []): FitJob {
  return {
    signal: new AbortController().signal,
    seed: 3,
    threads: 1,
    device,
    progress: () => setImmediate(),
    metric() {},
    async save(checkpoint) {
      saved.push(structuredClone(checkpoint));
    },
  };
}

describe.each(DEVICES)('%s', async (device) => {
  const found = await look(device);
  if (typeof found === 'string') {
    test.skip(`is not here: ${found}`);
    return;
  }
  const { make, isSoftware } = found;
  /** Of conventions.md where the device is a processor's own, as far as a GPU's own functions reach elsewhere. */
  const allowed = device === 'tensorflow' || device === 'webgpu' ? 1e-4 : 1e-5;

  test('gradients agree with float64', SLOW, async () => {
    const some = isSoftware ? [threeBins(), named('one bin')] : [threeBins(), named('everything in one'), named('Gaussian'), cases.at(-1)!];
    for (const one of some) expect(await distance(make, one), one.name).toBeLessThanOrEqual(allowed);
  });

  test('the loss after one step agrees with float64 to 1e-5', SLOW, async () => {
    const truth = await lossAfterStep(makeReferenceStepper, threeBins());
    expect(Math.abs((await lossAfterStep(make, threeBins())) - truth)).toBeLessThanOrEqual(1e-5 * Math.abs(truth));
  });

  test('a short fit ends with the weights of the fused engine, and names what ran', SLOW, async () => {
    const dataset = sineDataset({ trials: 10, bins: 3, units: 4 });
    const resolved = lfads.resolve(dataset, { ...tiny, steps: 3, validateEvery: 3, averaging: 0, sampleValidation: 0 });
    const fit = await lfads.fit(dataset, resolved, jobOn(device));
    expect(fit.device).toBe(device);
    expect(fit.deviceName).toMatch(
      {
        fused: /^CPU, .*SIMD/,
        tensorflow: /^TensorFlow \d.*, [CG]PU$/,
        webgpu: /^TensorFlow.js, WebGPU, /,
        wasm: /WebAssembly/,
        cpu: /JavaScript/,
      }[device],
    );
    if (device === 'webgpu') expect(fit.deviceName.includes('(software)')).toBe(isSoftware);
    const truth = await lfads.fit(dataset, resolved, jobOn('fused'));
    for (const [name, { values }] of Object.entries(truth.checkpoint.arrays))
      if (name.startsWith('weights/'))
        // Adam's first steps divide small gradients by their own size, which leaves little but their sign.
        for (const [i, x] of values.entries())
          expect(Math.abs(fit.checkpoint.arrays[name]!.values[i]! - x), `${name}[${i}]`).toBeLessThan(2e-3);
  });

  if (device === 'webgpu')
    test('taken away in the middle of a fit, it ends the fit with a sentence and a checkpoint', SLOW, async () => {
      const dataset = sineDataset({ trials: 10, bins: 2, units: 4 });
      const resolved = lfads.resolve(dataset, { ...tiny, steps: 6, validateEvery: 6 });
      const saved: Checkpoint[] = [];
      let calls = 0;
      const job: FitJob = {
        ...jobOn(device, saved),
        async progress() {
          if (++calls === 2) (tf.findBackend('webgpu') as unknown as { readonly device: { destroy(): void } }).device.destroy();
          await setImmediate();
        },
      };
      await expect(lfads.fit(dataset, resolved, job)).rejects.toMatchObject({
        code: 'device-lost',
        sentence: expect.stringMatching(/^The device webgpu \(.*\) stopped working: .*lost/),
      });
      expect(saved.at(-1)!.step).toBe(2);
      const { checkpoint } = await lfads.fit(dataset, resolved, { ...jobOn('fused'), resume: saved.at(-1)! });
      expect(checkpoint.step).toBe(6);
    });
});
