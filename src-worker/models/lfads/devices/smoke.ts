// Small models on which a device shows that its gradients are right, and how long a step takes, before it is used.

import { key, uniform } from '../../../engine/random.ts';
import { initialWeights, type LfadsSizes } from '../architecture.ts';
import { sampleNoise } from '../noise.ts';
import { lossAndGradients } from '../op-by-op/op-by-op.ts';
import type { Batch, LfadsConstants, MakeStepper, StepSettings } from '../stepper.ts';
import { float64 } from '../op-by-op/tape.ts';

const SETTINGS: StepSettings = { step: 0, learningRate: 1e-3, weightDecay: 0, betaInitial: 1, betaInputs: 1, l2Ramp: 1 };

/** A model with weights, and a batch for it. */
export interface Example {
  readonly constants: LfadsConstants;
  readonly batch: Batch;
  readonly weights: Readonly<Record<string, Float32Array>>;
}

function smallModel(width: number, bins: number, units: number, trials: number): Example {
  const sizes: LfadsSizes = {
    bins,
    encodedBins: bins,
    initialBins: 0,
    units,
    heldIn: units - 1,
    external: 0,
    initialEncoder: width,
    inputEncoder: width,
    controller: width,
    inputs: 2,
    initialCondition: width,
    generator: width,
    factors: Math.ceil(width / 2),
    lagBins: 1,
    outputsPerUnit: 1,
  };
  const constants: LfadsConstants = {
    sizes,
    seed: 1,
    dropout: 0.2,
    coordinatedDropout: 0.3,
    passRate: 0,
    stateClip: 5,
    gradientClip: 0.02,
    initialPosteriorFloor: 1e-4,
    initialPriorVariance: 0.1,
    inputPrior: 'autoregressive',
    batch: trials,
    l2: {},
    adam: { beta1: 0.9, beta2: 0.999, epsilon: 1e-8 },
  };
  const k = key(11);
  const batch: Batch = {
    trials: Int32Array.from({ length: trials }, (_, b) => b),
    counts: Float32Array.from({ length: trials * bins * units }, (_, i) => Math.floor(2.5 * uniform(k, i) ** 2)),
  };
  const readoutBias = new Float64Array(units).fill(-0.7);
  return { constants, batch, weights: initialWeights(sizes, { readoutBias, tauBins: 10, inputVariance: 0.1, seed: 1 }) };
}

/**
 * Largest disagreement of the device's gradients with the float64 reference on a small model, relative to each tensor's largest
 * gradient, or to a thousandth of the largest of all.
 */
export async function gradientError(make: MakeStepper): Promise<number> {
  const { constants, batch, weights } = smallModel(9, 6, 5, 3);
  const truth = await lossAndGradients(float64, constants, weights, batch, sampleNoise(constants, batch, 0), SETTINGS);
  const stepper = await make(constants, 1);
  try {
    stepper.setWeights(weights);
    const { gradients } = await stepper.gradients(batch, SETTINGS);
    const sizeOf = (values: ArrayLike<number>): number => Array.from(values).reduce((m, x) => Math.max(m, Math.abs(x)), 0);
    const largest = Math.max(...Object.values(truth.gradients).map(sizeOf));
    let worst = 0;
    for (const [name, expected] of Object.entries(truth.gradients)) {
      const found = gradients[name]!;
      const scale = Math.max(sizeOf(expected), 1e-3 * largest);
      for (const [i, x] of expected.entries()) worst = Math.max(worst, Math.abs(found[i]! - x) / scale);
    }
    return Number.isNaN(worst) ? Infinity : worst;
  } finally {
    await stepper.close();
  }
}

/** The example with its first bins alone, all of them seen by every encoder. */
export function shortened({ constants, batch, weights }: Example, bins: number): Example {
  const { sizes } = constants;
  const kept = Math.min(bins, sizes.bins);
  const cut = <A extends Float32Array | Uint8Array>(values: A, width: number, out: A): A => {
    for (let b = 0; b < batch.trials.length; b++) {
      const from = b * sizes.bins * width;
      out.set(values.subarray(from, from + kept * width), b * kept * width);
    }
    return out;
  };
  const rows = batch.trials.length * kept;
  return {
    weights,
    constants: { ...constants, sizes: { ...sizes, bins: kept, encodedBins: kept, initialBins: 0 } },
    batch: {
      trials: batch.trials,
      counts: cut(batch.counts, sizes.units, new Float32Array(rows * sizes.units)),
      ...(batch.external ? { external: cut(batch.external, sizes.external, new Float32Array(rows * sizes.external)) } : {}),
      ...(batch.observed ? { observed: cut(batch.observed, 1, new Uint8Array(rows)) } : {}),
    },
  };
}

/** What a device says of itself after a step, and the milliseconds of one: the better of two after a first that compiles. */
export async function timeStep(make: MakeStepper, { constants, batch, weights }: Example, threads: number): Promise<Timed> {
  const stepper = await make(constants, threads);
  try {
    stepper.setWeights(weights);
    let stepMs = Number.POSITIVE_INFINITY;
    for (let step = 0; step < 3; step++) {
      const begun = performance.now();
      await stepper.step(batch, { ...SETTINGS, step });
      if (step > 0) stepMs = Math.min(stepMs, performance.now() - begun);
    }
    const begun = performance.now();
    await stepper.forward(batch);
    return { name: stepper.deviceName, stepMs, forwardMs: performance.now() - begun };
  } finally {
    await stepper.close();
  }
}

export interface Timed {
  readonly name: string;
  readonly stepMs: number;
  /** Of a pass to posterior means. */
  readonly forwardMs: number;
}

/** A step that takes longer than this is not waited for. */
const LONG_MS = 2000;
const FEW_BINS = 2;

/** As timeStep, on the listed model; where two of its bins show that a step is long, its time is told in proportion to theirs. */
export async function timeBriefly(make: MakeStepper): Promise<Timed> {
  const whole = smallModel(32, 20, 20, 16);
  const few = await timeStep(make, shortened(whole, FEW_BINS), 1);
  const share = whole.constants.sizes.bins / FEW_BINS;
  if (few.stepMs * share <= LONG_MS) return timeStep(make, whole, 1);
  return { ...few, stepMs: few.stepMs * share, forwardMs: few.forwardMs * share };
}
