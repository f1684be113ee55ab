// The rate network on the fused engine: the caller's side. Batches, weights and outputs lie in the job's shared memory, threads compute, and
// the caller's event loop stays free meanwhile.

import { dismiss } from '../../engine/crew.ts';
import { type Compiled, compileKernels } from '../../engine/compile.ts';
import { jobMemory, type KernelBuild } from '../../engine/kernels.ts';
import type { RateRequest, RateResult, RateUpdate } from '../../engine/rate-rnn/lead.ts';
import { planRate, type RatePlan } from '../../engine/rate-rnn/plan.ts';
import type { Pass } from '../../engine/rate-rnn/shard.ts';
import { Threads } from '../../engine/threads.ts';
import { readWeights, writeWeights } from '../../engine/weights.ts';
import { notFinite } from '../lfads/finite.ts';
import type { MakeRateStepper, RateBatch, RateConstants, RateOutputs, RateSettings, RateStepper } from './stepper.ts';

const NAMES: Readonly<Record<KernelBuild, string>> = { simd: 'CPU, SIMD', relaxed: 'CPU, relaxed SIMD' };

export const makeFusedRateStepper: MakeRateStepper = (constants, threads) => makeFusedRateStepperOf(undefined, constants, threads);

/** As makeFusedRateStepper with a given build of the kernels: checkpoints name theirs, and tests try each. */
export async function makeFusedRateStepperOf(
  build: KernelBuild | undefined,
  constants: RateConstants,
  threads: number,
): Promise<RateStepper> {
  const compiled = compileKernels(build);
  const plan = planRate(constants, threads, compiled.build);
  const memory = jobMemory(plan.bytes);
  const shared = { memory, module: compiled.module, build: compiled.build, threads, program: { of: 'rate-rnn', constants } } as const;
  const crew: RateThreads = await Threads.start(shared, plan.lanes.length);
  return new FusedRateStepper(plan, compiled, memory.buffer as unknown as SharedArrayBuffer, crew);
}

type RateThreads = Threads<RateRequest, RateResult | undefined>;

class FusedRateStepper implements RateStepper {
  readonly device = 'fused';
  readonly deviceName: string;
  readonly build: string;
  readonly #plan: RatePlan;
  readonly #buffer: SharedArrayBuffer;
  readonly #crew: RateThreads;
  #updates = 0;

  constructor(plan: RatePlan, { build, wide }: Compiled, buffer: SharedArrayBuffer, crew: RateThreads) {
    this.#plan = plan;
    this.#buffer = buffer;
    this.#crew = crew;
    this.deviceName = wide ? `${NAMES[build]}, 256 bits` : NAMES[build];
    this.build = `fused ${build}, ${plan.shards.length} shards`;
  }

  async step(batch: RateBatch, settings: RateSettings) {
    const losses = await this.#differentiate(batch, settings, this.#updates + 1);
    this.#updates += 1;
    return losses;
  }

  async gradients(batch: RateBatch, settings: RateSettings) {
    const losses = await this.#differentiate(batch, settings, false);
    return { losses, gradients: readWeights(this.#plan.layout, this.#flat(this.#plan.weights.gradients[0])) };
  }

  async forward(batch: RateBatch, strength = 0): Promise<RateOutputs> {
    await this.#crew.request({ pass: { ...this.#load(batch), kind: 'run', step: 0, strength } });
    const { output, s } = this.#plan;
    const copy = (at: number, width: number) => new Float32Array(this.#buffer, at, batch.trials.length * s.bins * width).slice();
    return { rates: copy(output.rates, s.units), states: copy(output.states, s.hidden) };
  }

  weights() {
    return readWeights(this.#plan.layout, this.#flat(this.#plan.weights.values));
  }

  setWeights(weights: Readonly<Record<string, Float32Array>>) {
    writeWeights(this.#plan.layout, this.#flat(this.#plan.weights.values), weights);
  }

  moments() {
    const { layout, weights } = this.#plan;
    const read = (at: number) => readWeights(layout, this.#flat(at));
    return { first: read(weights.first), second: read(weights.second), steps: this.#updates };
  }

  setMoments({ first, second, steps }: ReturnType<RateStepper['moments']>) {
    const { layout, weights } = this.#plan;
    writeWeights(layout, this.#flat(weights.first), first);
    writeWeights(layout, this.#flat(weights.second), second);
    this.#updates = steps;
  }

  async close() {
    dismiss(this.#buffer);
    await this.#crew.close();
  }

  async #differentiate(batch: RateBatch, settings: RateSettings, count: RateUpdate['count']) {
    const { step, learningRate, weightDecay, strength } = settings;
    const pass: Pass = { ...this.#load(batch), kind: 'train', step, strength };
    const result = (await this.#crew.request({ pass, update: { learningRate, weightDecay, count } }))!;
    if (result.notFinite !== undefined) throw notFinite(result.notFinite, step, batch.trials);
    return result.losses;
  }

  /** Copies a batch into the job's memory. */
  #load(batch: RateBatch): Pick<Pass, 'batch' | 'hasObserved' | 'hasWithheld'> {
    const { input, constants } = this.#plan;
    if (batch.trials.length > constants.batch) throw new Error(`A batch of ${batch.trials.length} is more than ${constants.batch}`);
    const put = (at: number, values: Int32Array | Float32Array | Uint8Array | undefined) => {
      if (values)
        new Uint8Array(this.#buffer, at, values.byteLength).set(new Uint8Array(values.buffer, values.byteOffset, values.byteLength));
    };
    put(input.trials, batch.trials);
    put(input.counts, batch.counts);
    put(input.observed, batch.observed);
    put(input.withheld, batch.withheld);
    put(input.external, batch.external);
    put(input.conditions, batch.conditions);
    put(input.smoothed, batch.smoothed);
    return { batch: batch.trials.length, hasObserved: batch.observed !== undefined, hasWithheld: batch.withheld !== undefined };
  }

  #flat(at: number): Float32Array {
    return new Float32Array(this.#buffer, at, this.#plan.layout.length);
  }
}
