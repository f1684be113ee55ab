// Which devices there are, that none is trusted whose gradients are wrong, and which one is taken when nobody names one.

import { describe, expect, test } from 'vitest';
import { Failure } from '../../../src-worker/contract/failure.ts';
import {
  chooseDevice,
  devices,
  foretoldDevice,
  guarded,
  type Means,
  namedDevice,
  type Working,
} from '../../../src-worker/models/lfads/devices/devices.ts';
import { makeReferenceStepper } from '../../../src-worker/models/lfads/op-by-op/reference.ts';
import { gradientError, shortened, timeStep } from '../../../src-worker/models/lfads/devices/smoke.ts';
import type { MakeStepper } from '../../../src-worker/models/lfads/stepper.ts';
import { cases } from './cases.ts';

test('every device is listed, with the reason where it does not work', { timeout: 300_000 }, async () => {
  const found = await devices();
  expect(found.map(({ id }) => id)).toEqual(['fused', 'tensorflow', 'webgpu', 'wasm', 'cpu']);
  for (const { id, name, available, reason, stepMs } of found) {
    expect(reason).not.toBe('');
    if (['fused', 'wasm', 'cpu'].includes(id)) expect(available, id).toBe(true);
    expect(stepMs !== undefined).toBe(available);
    if (available) expect(name).not.toBe(id);
    else expect(reason).toMatch(/npm run|driver|orrery devices/);
  }
});

test('an unknown device is refused with the known ones', async () => {
  await expect(namedDevice('abacus')).rejects.toMatchObject({ code: 'unknown-device', hint: expect.stringContaining('fused') });
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

test('the first bins of an example keep their counts, missing bins and external inputs', async () => {
  const example = cases.find(({ name }) => name === 'everything in one')!;
  const short = shortened(example, 4);
  const { bins, units } = example.constants.sizes;
  expect(short.constants.sizes).toMatchObject({ bins: 4, encodedBins: 4, initialBins: 0 });
  for (const [b] of example.batch.trials.entries())
    for (let t = 0; t < 4; t++) {
      for (let n = 0; n < units; n++)
        expect(short.batch.counts[(b * 4 + t) * units + n]).toBe(example.batch.counts[(b * bins + t) * units + n]);
      expect(short.batch.observed![b * 4 + t]).toBe(example.batch.observed![b * bins + t]);
      expect(short.batch.external![b * 4 + t]).toBe(example.batch.external![b * bins + t]);
    }
  expect((await timeStep(makeReferenceStepper, short, 1)).name).toBe('Float64 reference');
});

describe('auto', () => {
  const example = cases.at(-1)!;
  /** Devices with the milliseconds of a step, or the reason why they are not there; all compute in float64 here. */
  function means(times: Readonly<Record<string, number | Failure>>, software: readonly string[] = []) {
    const makers = new Map<MakeStepper, string>();
    const timed: string[] = [];
    const made: Means = {
      async tryDevice(device, wantsGpu): Promise<Working> {
        const time = times[device]!;
        if (time instanceof Failure) throw time;
        if (wantsGpu && software.includes(device)) throw new Failure('device-software', `${device} is a processor.`, 'Ask for it.');
        const make: MakeStepper = (constants, threads) => makeReferenceStepper(constants, threads);
        makers.set(make, device);
        return { make, isSoftware: software.includes(device) };
      },
      async time(make, { constants }) {
        const device = makers.get(make)!;
        timed.push(device);
        return (times[device] as number) * (constants.sizes.bins / 7);
      },
    };
    return { made, timed };
  }
  const absent = new Failure('device-missing', 'The device tensorflow is not here: it is in its box.', 'Open it.');

  test('what is said before a fit is what is chosen in it, as far as that can be known', async () => {
    expect(foretoldDevice(20)).toEqual({ value: 'fused', reason: '20 ms a step: no GPU is faster at a model of this size' });
    expect((await chooseDevice(example, 1, means({ fused: 20, tensorflow: 1, webgpu: 1 }).made)).device).toBe('fused');
    expect(foretoldDevice(300).value).toBe('auto');
    expect((await chooseDevice(example, 1, means({ fused: 300, tensorflow: 20, webgpu: 120 }).made)).device).toBe('tensorflow');
  });

  test('keeps the fused engine where no other is 1.5 times faster, and says how long each takes', async () => {
    const choice = await chooseDevice(example, 1, means({ fused: 300, tensorflow: 250, webgpu: 210 }).made);
    expect(choice.device).toBe('fused');
    expect(choice.why).toMatch(/fused engine, 300 ms a step: tensorflow takes 250 ms\. webgpu takes 210 ms\./);
  });

  test('takes the fastest that is 1.5 times faster', async () => {
    const choice = await chooseDevice(example, 1, means({ fused: 300, tensorflow: 190, webgpu: 120 }).made);
    expect(choice).toMatchObject({
      device: 'webgpu',
      why: expect.stringMatching(/webgpu, 120 ms a step, where the fused engine takes 300 ms/),
    });
  });

  test('leaves out a device that is absent or a processor in disguise, with the reason', async () => {
    const { made, timed } = means({ fused: 300, tensorflow: absent, webgpu: 10 }, ['webgpu']);
    const choice = await chooseDevice(example, 1, made);
    expect(choice.device).toBe('fused');
    expect(choice.why).toMatch(/in its box\. webgpu is a processor/);
    expect(timed).toEqual(['fused']);
  });

  test('looks at no other where a step of the fused engine is short', async () => {
    const { made, timed } = means({ fused: 20, tensorflow: 1, webgpu: 1 });
    expect((await chooseDevice(example, 1, made)).device).toBe('fused');
    expect(timed).toEqual(['fused']);
  });

  test('does not run a whole step where a few bins show that it is far too long', async () => {
    const { constants, batch, weights } = example;
    const bins = 70;
    const long = {
      constants: { ...constants, sizes: { ...constants.sizes, bins, encodedBins: bins } },
      batch: { ...batch, counts: new Float32Array(batch.trials.length * bins * constants.sizes.units) },
      weights,
    };
    const { made, timed } = means({ fused: 30, tensorflow: absent, webgpu: 900 });
    const choice = await chooseDevice(long, 1, { ...made, time: (make, at, threads) => made.time(make, at, threads) });
    expect(choice.device).toBe('fused');
    expect(choice.why).toContain('webgpu takes 9000 ms');
    expect(timed).toEqual(['fused', 'webgpu']);
  });

  test('a candidate that breaks while it is tried is left out', async () => {
    const { made } = means({ fused: 300, tensorflow: absent, webgpu: 10 });
    const breaking: Means = {
      ...made,
      time: async (make, at, threads) => {
        const time = await made.time(make, at, threads);
        if (time === 10) throw new Error('out of memory');
        return time;
      },
    };
    expect(await chooseDevice(example, 1, breaking)).toMatchObject({ device: 'fused', why: expect.stringContaining('out of memory') });
  });
});

test('a device that throws ends in a sentence with its name and the fused engine as the way on', async () => {
  const { constants, batch, settings, weights } = cases[0]!;
  const stepper = await makeReferenceStepper(constants, 1);
  const broken = guarded({ ...stepper, step: () => Promise.reject(new Error('CUDA_ERROR_OUT_OF_MEMORY: out of memory.\n  at line 3')) });
  await expect(broken.step(batch, settings)).rejects.toMatchObject({
    code: 'device-lost',
    sentence: 'The device reference (Float64 reference) stopped working: CUDA_ERROR_OUT_OF_MEMORY: out of memory.',
    hint: expect.stringContaining('--device fused'),
  });
  // A Failure already is a sentence.
  broken.setWeights({ ...weights, 'readout.b': new Float32Array(constants.sizes.units).fill(Number.NaN) });
  await expect(broken.gradients(batch, settings)).rejects.toMatchObject({ code: 'not-finite' });
});
