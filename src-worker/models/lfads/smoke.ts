// A small model and batch on which a device shows that its gradients are right and how long a step takes, before it is used.

import { key, uniform } from '../../engine/random.ts';
import { initialWeights, type LfadsSizes } from './architecture.ts';
import { sampleNoise } from './noise.ts';
import { lossAndGradients } from './op-by-op.ts';
import type { Batch, LfadsConstants, MakeStepper, StepSettings } from './stepper.ts';
import { float64 } from './tape.ts';

const SETTINGS: StepSettings = { step: 0, learningRate: 1e-3, weightDecay: 0, betaInitial: 1, betaInputs: 1, l2Ramp: 1 };

function smallModel(width: number, bins: number, units: number, trials: number) {
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

/** What a device says of itself, and milliseconds of a step of a model small enough for the slowest (16 trials, 20 bins, 20 units, widths 32). */
export async function timeStep(make: MakeStepper, threads: number): Promise<{ readonly name: string; readonly stepMs: number }> {
  const { constants, batch, weights } = smallModel(32, 20, 20, 16);
  const stepper = await make(constants, threads);
  try {
    stepper.setWeights(weights);
    await stepper.step(batch, SETTINGS);
    const begun = performance.now();
    await stepper.step(batch, { ...SETTINGS, step: 1 });
    return { name: stepper.deviceName, stepMs: performance.now() - begun };
  } finally {
    await stepper.close();
  }
}
