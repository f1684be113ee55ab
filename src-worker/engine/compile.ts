// Chooses how the kernels run on this machine: with 256-bit vectors where V8 can make them and a small fit comes out the same, bit for bit.

import type { LfadsConstants } from '../models/lfads/stepper.ts';
import { initialWeights } from '../models/lfads/architecture.ts';
import { bestBuild, jobMemory, type KernelBuild, loadKernels, plainModule, wideModule } from './kernels.ts';
import { LfadsLead } from './lfads/lead.ts';
import { planLfads } from './lfads/plan.ts';
import { key, normal, STREAM, uniform } from './random.ts';
import { writeWeights } from './weights.ts';

/** Kernels that can be handed to threads. `wide` changes no bit of a result. */
export interface Compiled {
  readonly build: KernelBuild;
  readonly module: WebAssembly.Module;
  readonly wide: boolean;
}

const known = new Map<KernelBuild, Compiled>();

/** The kernels of a build, compiled as well as this machine allows; tried once a thread. */
export function compileKernels(build: KernelBuild = bestBuild()): Compiled {
  const before = known.get(build);
  if (before) return before;
  const plain = plainModule(build);
  const wide = process.arch === 'x64' ? wideModule(build) : undefined;
  const compiled =
    wide && sameBits(gradientsOf(plain, build), gradientsOf(wide, build))
      ? { build, module: wide, wide: true }
      : { build, module: plain, wide: false };
  known.set(build, compiled);
  return compiled;
}

const sameBits = (a: Int32Array, b: Int32Array): boolean => a.every((bits, i) => bits === b[i]);

/** A model of odd sizes: products with every number of rows in a tile, with few entries in rows of all widths, every gate, dropout and both divergences. */
const TRIAL: LfadsConstants = {
  sizes: {
    bins: 9,
    encodedBins: 8,
    initialBins: 0,
    units: 21,
    heldIn: 18,
    external: 1,
    initialEncoder: 35,
    inputEncoder: 17,
    controller: 13,
    inputs: 3,
    initialCondition: 11,
    generator: 30,
    factors: 14,
    lagBins: 1,
    outputsPerUnit: 1,
  },
  seed: 1,
  dropout: 0.3,
  coordinatedDropout: 0.3,
  passRate: 0.1,
  stateClip: 5,
  gradientClip: 1,
  initialPosteriorFloor: 1e-4,
  initialPriorVariance: 0.1,
  inputPrior: 'autoregressive',
  batch: 19,
  l2: { generator: 0.1 },
  adam: { beta1: 0.9, beta2: 0.999, epsilon: 1e-8 },
};

/** Bits of the gradients and of the weights after one step of that model. */
function gradientsOf(module: WebAssembly.Module, build: KernelBuild): Int32Array {
  const { sizes, batch, seed } = TRIAL;
  const plan = planLfads(TRIAL, 1, build);
  const memory = jobMemory(plan.bytes);
  const buffer = memory.buffer as unknown as SharedArrayBuffer;
  const floats = (at: number, length: number) => new Float32Array(buffer, at, length);
  const readoutBias = new Float64Array(sizes.units).fill(-1);
  writeWeights(
    plan.layout,
    floats(plan.weights.values, plan.layout.length),
    initialWeights(sizes, { readoutBias, tauBins: 5, inputVariance: 0.1, seed }),
  );
  const k = key(seed, STREAM.batches);
  new Int32Array(buffer, plan.input.trials, batch).forEach((_, i, trials) => {
    trials[i] = i;
  });
  const counts = floats(plan.input.counts, batch * sizes.bins * sizes.units);
  for (let i = 0; i < counts.length; i++) counts[i] = Math.floor(4 * uniform(k, i) ** 5);
  const external = floats(plan.input.external, batch * sizes.bins * sizes.external);
  for (let i = 0; i < external.length; i++) external[i] = normal(k, i);
  const lead = new LfadsLead(loadKernels(module, memory), plan, buffer);
  lead.step(
    { kind: 'train', batch, step: 0, betaInitial: 1, betaInputs: 1, hasObserved: false, hasWithheld: false },
    { learningRate: 0.01, weightDecay: 0, l2Ramp: 1, count: 1 },
  );
  const { length } = plan.layout;
  return Int32Array.of(...new Int32Array(buffer, plan.weights.gradients, length), ...new Int32Array(buffer, plan.weights.values, length));
}
