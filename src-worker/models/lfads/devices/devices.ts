// Where LFADS can be computed: the fused engine, and TensorFlow.js on its backends; each is tried by a gradient before it is trusted,
// and chosen unasked only where it is measured to be faster.

import type { DeviceInfo } from '../../../contract/api.ts';
import { Failure } from '../../../contract/failure.ts';
import { type Example, gradientError, shortened, timeBriefly, timeStep } from './smoke.ts';
import type { MakeStepper, Stepper } from '../stepper.ts';

export const DEVICES = ['fused', 'tensorflow', 'webgpu', 'wasm', 'cpu'] as const;
export type Device = (typeof DEVICES)[number];

/** Gradients further than this from float64 disqualify a device. */
const ALLOWED_ERROR = 1e-4;
/** `auto` leaves the fused engine for a device that is faster by this factor. */
const WORTH_IT = 1.5;
/** Milliseconds of tape and dispatch that TensorFlow.js needs for one recurrent loop of a hundred bins on any device. */
const DISPATCH_MS = 50;
/** A device shows on this many bins whether the whole model is worth trying. */
const TRIAL_BINS = 8;
/** Devices that `auto` looks at beside the fused engine. */
const CANDIDATES = ['tensorflow', 'webgpu'] as const;

const ELSEWHERE = 'Choose another device (orrery devices lists them).';

const isDevice = (name: string): name is Device => (DEVICES as readonly string[]).includes(name);

/** A device whose code is here and whose gradients are right. */
export interface Working {
  readonly make: MakeStepper;
  /** Computed by a processor that plays the part of a graphics card. */
  readonly isSoftware: boolean;
}

/**
 * A Stepper whose device may fail in the middle of a fit (out of memory, unplugged, reset): that ends the fit with a sentence. Its
 * weights lie in the program's own memory and are those of the last whole step.
 */
export function guarded(stepper: Stepper): Stepper {
  const guard = async <T>(work: Promise<T>): Promise<T> => {
    try {
      return await work;
    } catch (cause) {
      if (cause instanceof Failure) throw cause;
      throw lost(stepper, cause);
    }
  };
  return {
    ...stepper,
    step: (batch, settings) => guard(stepper.step(batch, settings)),
    gradients: (batch, settings) => guard(stepper.gradients(batch, settings)),
    forward: (batch, sample) => guard(stepper.forward(batch, sample)),
  };
}

function lost({ device, deviceName }: Stepper, cause: unknown): Failure {
  const said = (cause instanceof Error ? cause.message : String(cause)).split('\n')[0]!.trim().replace(/\.$/, '');
  return new Failure(
    'device-lost',
    `The device ${device} (${deviceName}) stopped working: ${said || 'it gave no reason'}.`,
    'The last whole step is kept. Resume it on the fused engine (--device fused).',
    { cause },
  );
}

const disguised = (device: string): string => `${device} is a processor playing the graphics card, used only when asked for.`;

/** Loads the device's code and tries its gradients; a Failure says what is missing or wrong, or that it is no GPU where one is wanted. */
export async function tryDevice(device: Device, wantsGpu = false): Promise<Working> {
  if (device === 'fused') return { make: (await import('../fused.ts')).makeFusedStepper, isSoftware: false };
  const tfjs = await import('./tfjs.ts');
  const { isSoftware } = await tfjs.startBackend(device, 1);
  if (wantsGpu && isSoftware) throw new Failure('device-software', disguised(device), `Ask for it by its name (--device ${device}).`);
  const make: MakeStepper = async (constants, threads) => guarded(await tfjs.makeTfjsStepper(device)(constants, threads));
  const error = await gradientError(make);
  if (error > ALLOWED_ERROR)
    throw new Failure(
      'device-wrong',
      `The device ${device} computes wrong gradients here (they are off by ${error.toExponential(1)}).`,
      ELSEWHERE,
    );
  return { make, isSoftware };
}

/** A device that was named, whatever it is; what is to be told of it beside its name. */
export async function namedDevice(device: string): Promise<{ readonly make: MakeStepper; readonly why: readonly string[] }> {
  if (!isDevice(device)) throw new Failure('unknown-device', `There is no device “${device}”.`, `Known are: auto, ${DEVICES.join(', ')}.`);
  const { make, isSoftware } = await tryDevice(device);
  return { make, why: isSoftware ? [`Here ${disguised(device)}`] : [] };
}

/** Throws a Failure where a device that was named is not here: said before there is a run. Those of this package always are. */
export async function requireDevice(device: string): Promise<void> {
  if (device !== 'auto' && device !== 'fused' && device !== 'wasm' && device !== 'cpu') await namedDevice(device);
}

/** A device, and the sentence that says why it is the one. */
export interface Choice {
  readonly device: Device;
  readonly make: MakeStepper;
  readonly why: string;
}

/** What choosing rests on; tests put their own in place. */
export interface Means {
  tryDevice(device: Device, wantsGpu?: boolean): Promise<Working>;
  /** Milliseconds of a step. */
  time(make: MakeStepper, example: Example, threads: number): Promise<number>;
}

const ms = (value: number): string => `${value < 10 ? value.toFixed(1) : Math.round(value)} ms`;

const reasonOf = (error: unknown): string => (error instanceof Failure ? error.sentence : `It failed when it was tried: ${String(error)}.`);

/** `auto`: the fused engine, unless a GPU passes its test and takes a step of the model at hand at least 1.5 times faster. */
export async function chooseDevice(
  example: Example,
  threads: number,
  means: Means = { tryDevice, time: async (...of) => (await timeStep(...of)).stepMs },
): Promise<Choice> {
  const { make } = await means.tryDevice('fused');
  const fusedMs = await means.time(make, example, threads);
  const fused = (because: string): Choice => ({
    device: 'fused',
    make,
    why: `Computed by the fused engine, ${ms(fusedMs)} a step: ${because}`,
  });
  if (fusedMs < WORTH_IT * DISPATCH_MS) return fused('no GPU is faster at a model of this size.');

  const refused: string[] = [];
  const faster: (Choice & { readonly stepMs: number })[] = [];
  for (const device of CANDIDATES) {
    try {
      const candidate = await means.tryDevice(device, true);
      const enough = fusedMs / WORTH_IT;
      const { bins } = example.constants.sizes;
      // Where even a half of what a share of the bins foretells is too long, the whole is not tried.
      const foretold =
        bins > 2 * TRIAL_BINS ? (await means.time(candidate.make, shortened(example, TRIAL_BINS), threads)) * (bins / TRIAL_BINS) : 0;
      const stepMs = foretold / 2 > enough ? foretold : await means.time(candidate.make, example, threads);
      if (stepMs <= enough)
        faster.push({
          device,
          make: candidate.make,
          stepMs,
          why: `Computed by ${device}, ${ms(stepMs)} a step, where the fused engine takes ${ms(fusedMs)}.`,
        });
      else refused.push(`${device} takes ${ms(stepMs)}.`);
    } catch (error) {
      refused.push(reasonOf(error));
    }
  }
  const best = faster.toSorted((a, b) => a.stepMs - b.stepMs)[0];
  return best ? { device: best.device, make: best.make, why: best.why } : fused(refused.join(' '));
}

/** What `auto` will use of a model whose step takes so long on the fused engine, as far as that is known before GPUs are tried. */
export const foretoldDevice = (fusedMs: number): { readonly value: string; readonly reason: string } =>
  fusedMs < WORTH_IT * DISPATCH_MS
    ? { value: 'fused', reason: `${ms(fusedMs)} a step: no GPU is faster at a model of this size` }
    : {
        value: 'auto',
        reason: `${ms(fusedMs)} a step, fused: GPUs are tried when the fit begins, and used from ${WORTH_IT} times its speed`,
      };

const LISTED: Readonly<Record<Device, string>> = {
  fused: 'Used unless another is at least 1.5 times faster',
  tensorflow: 'Used where it is 1.5 times faster than the fused engine, or when asked for',
  webgpu: 'Used where it is 1.5 times faster than the fused engine, or when asked for',
  wasm: 'Used when asked for',
  cpu: 'Used when asked for',
};

/** Every device, whether it works here, and the milliseconds of a step of one small model on one thread. */
export async function devices(): Promise<readonly DeviceInfo[]> {
  const found: DeviceInfo[] = [];
  for (const id of DEVICES) {
    try {
      const { make, isSoftware } = await tryDevice(id);
      const { name, stepMs } = await timeBriefly(make);
      const reason = isSoftware ? 'A processor playing the graphics card: slow, used only when asked for' : LISTED[id];
      found.push({ id, name, available: true, reason, stepMs });
    } catch (error) {
      const reason = error instanceof Failure ? error.message : reasonOf(error);
      found.push({ id, name: id, available: false, reason });
    }
  }
  return found;
}
