// Where LFADS can be computed: the fused engine, and TensorFlow.js on its backends; each is tried by a gradient before it is trusted.

import type { DeviceInfo } from '../../contract/api.ts';
import { Failure } from '../../contract/failure.ts';
import { gradientError, timeStep } from './smoke.ts';
import type { MakeStepper } from './stepper.ts';

export const DEVICES = ['fused', 'tensorflow', 'webgpu', 'wasm', 'cpu'] as const;
export type Device = (typeof DEVICES)[number];

/** Gradients further than this from float64 disqualify a device. */
const ALLOWED_ERROR = 1e-3;

const isDevice = (name: string): name is Device => (DEVICES as readonly string[]).includes(name);

/** Loads the device's code; a Failure says what is missing. */
async function load(device: Device): Promise<MakeStepper> {
  if (device === 'fused') return (await import('./fused.ts')).makeFusedStepper;
  return (await import('./tfjs.ts')).makeTfjsStepper(device);
}

/** The maker of Steppers of a device; `auto` is the fused engine, which needs nothing installed and is the fastest on a processor. */
export async function makerOf(device: string): Promise<MakeStepper> {
  if (device === 'auto') return load('fused');
  if (!isDevice(device)) throw new Failure('unknown-device', `There is no device “${device}”.`, `Known are: auto, ${DEVICES.join(', ')}.`);
  const make = await load(device);
  if (device !== 'fused') {
    const error = await gradientError(make);
    if (error > ALLOWED_ERROR)
      throw new Failure(
        'device-wrong',
        `The device ${device} computes wrong gradients here (they are off by ${error.toExponential(1)}).`,
        'Choose another device: orrery devices lists them.',
      );
  }
  return make;
}

/** Every device, whether it works here, and the milliseconds of a step of one small model on one thread. */
export async function devices(): Promise<readonly DeviceInfo[]> {
  const found: DeviceInfo[] = [];
  for (const id of DEVICES) {
    try {
      const make = await makerOf(id);
      const { name, stepMs } = await timeStep(make, 1);
      found.push({ id, name, available: true, reason: id === 'fused' ? 'Used unless another is asked for' : 'Works here', stepMs });
    } catch (error) {
      const reason = error instanceof Failure ? error.message : `It failed when it was tried: ${String(error)}`;
      found.push({ id, name: id, available: false, reason });
    }
  }
  return found;
}
