// LFADS on the fused engine: the caller's side. It holds no numbers of its own: batches, weights and outputs lie in the job's shared
// memory, threads compute, and the caller's event loop stays free meanwhile.

import { dismiss } from '../../engine/crew.ts';
import { type Compiled, compileKernels } from '../../engine/compile.ts';
import { jobMemory, type KernelBuild } from '../../engine/kernels.ts';
import type { LfadsRequest, StepResult, Update } from '../../engine/lfads/lead.ts';
import { type LfadsPlan, planLfads, shardsOf } from '../../engine/lfads/plan.ts';
import type { Pass } from '../../engine/lfads/shard.ts';
import { Threads } from '../../engine/threads.ts';
import { readWeights, writeWeights } from '../../engine/weights.ts';
import { notFinite } from './finite.ts';
import type { AveragedOutputs, Averager, Batch, LfadsConstants, Outputs, Stepper, StepSettings } from './stepper.ts';

const NAMES: Readonly<Record<KernelBuild, string>> = { simd: 'CPU, SIMD', relaxed: 'CPU, relaxed SIMD' };

/** Milliseconds after which whoever waits for samples is asked whether to go on. */
const BREATH_MS = 200;

export const makeFusedStepper = (constants: LfadsConstants, threads: number): Promise<Averager> =>
  makeFusedStepperOf(undefined, constants, threads);

/** As makeFusedStepper with a given build of the kernels: checkpoints name theirs, and tests try each. */
export async function makeFusedStepperOf(build: KernelBuild | undefined, constants: LfadsConstants, threads: number): Promise<Averager> {
  const compiled = compileKernels(build);
  const plan = planLfads(constants, threads, compiled.build);
  const memory = jobMemory(plan.bytes);
  const shared = { memory, module: compiled.module, build: compiled.build, threads, program: { of: 'lfads', constants } } as const;
  const crew = await Threads.start<LfadsRequest, StepResult | undefined>(shared, plan.lanes.length);
  return new FusedStepper(plan, compiled, memory.buffer as unknown as SharedArrayBuffer, crew);
}

type LfadsThreads = Threads<LfadsRequest, StepResult | undefined>;

class FusedStepper implements Averager {
  readonly device = 'fused';
  readonly deviceName: string;
  readonly build: string;
  readonly #plan: LfadsPlan;
  readonly #buffer: SharedArrayBuffer;
  readonly #crew: LfadsThreads;
  #updates = 0;

  constructor(plan: LfadsPlan, { build, wide }: Compiled, buffer: SharedArrayBuffer, crew: LfadsThreads) {
    this.#plan = plan;
    this.#buffer = buffer;
    this.#crew = crew;
    this.deviceName = wide ? `${NAMES[build]}, 256 bits` : NAMES[build];
    this.build = `fused ${build}, ${plan.shards.length} shards`;
  }

  async step(batch: Batch, settings: StepSettings) {
    const losses = await this.#differentiate(batch, settings, this.#updates + 1);
    this.#updates += 1;
    return losses;
  }

  async gradients(batch: Batch, settings: StepSettings) {
    const losses = await this.#differentiate(batch, settings, false);
    return { losses, gradients: readWeights(this.#plan.layout, this.#flat(this.#plan.weights.gradients[0]!)) };
  }

  async forward(batch: Batch, sample?: number): Promise<Outputs> {
    const kind = sample === undefined ? 'mean' : 'sample';
    await this.#crew.request({ pass: { ...this.#load(batch), kind, step: sample ?? 0, betaInitial: 0, betaInputs: 0 } });
    return this.#outputs(batch);
  }

  async average(batch: Batch, samples: number, breathe: (share: number) => Promise<void>): Promise<AveragedOutputs> {
    const pass = { ...this.#load(batch), kind: 'sample', betaInitial: 0, betaInputs: 0 } as const;
    // How many go in one request changes no bit: the means go on from those of the samples before.
    let together = 1;
    for (let done = 0; done < samples; ) {
      await breathe(done / samples);
      const count = Math.min(together, samples - done);
      const begun = performance.now();
      await this.#crew.request({ pass: { ...pass, step: done, samples: count } });
      done += count;
      together = Math.max(1, Math.floor((BREATH_MS * count) / Math.max(1, performance.now() - begun)));
    }
    const { output, s } = this.#plan;
    const squares = new Float32Array(this.#buffer, output.ratesSquares, batch.trials.length * s.bins * s.units);
    return { ...this.#outputs(batch), ratesSd: squares.map((sum) => Math.sqrt(sum / Math.max(1, samples - 1))) };
  }

  /** A copy of what the last pass left for a batch. */
  #outputs(batch: Batch): Outputs {
    const { output, s, divergences } = this.#plan;
    const B = batch.trials.length;
    const copy = (name: keyof typeof output, width: number): Float32Array =>
      new Float32Array(this.#buffer, output[name], B * width).slice();
    const klInitial = new Float32Array(s.initialCondition);
    for (const at of divergences.slice(0, shardsOf(this.#plan, B)))
      new Float32Array(this.#buffer, at, s.initialCondition).forEach((kl, i) => {
        klInitial[i]! += kl / B;
      });
    const inputs = this.#plan.packs.controller ? s.inputs : 0;
    return {
      rates: copy('rates', s.bins * s.units),
      factors: copy('factors', s.bins * s.factors),
      generator: copy('generator', s.bins * s.generator),
      initialMean: copy('initialMean', s.initialCondition),
      initialSd: copy('initialSd', s.initialCondition),
      inputMean: copy('inputMean', s.bins * inputs),
      inputSd: copy('inputSd', s.bins * inputs),
      klInitial,
    };
  }

  weights() {
    return readWeights(this.#plan.layout, this.#flat(this.#plan.weights.values));
  }

  setWeights(weights: Readonly<Record<string, Float32Array>>) {
    writeWeights(this.#plan.layout, this.#flat(this.#plan.weights.values), weights);
  }

  moments() {
    const { layout, weights } = this.#plan;
    const [first, second] = [weights.first, weights.second].map((at) => readWeights(layout, this.#flat(at)));
    return { first: first!, second: second!, steps: this.#updates };
  }

  setMoments({ first, second, steps }: ReturnType<Stepper['moments']>) {
    const { layout, weights } = this.#plan;
    writeWeights(layout, this.#flat(weights.first), first);
    writeWeights(layout, this.#flat(weights.second), second);
    this.#updates = steps;
  }

  async close() {
    dismiss(this.#buffer);
    await this.#crew.close();
  }

  async #differentiate(batch: Batch, settings: StepSettings, count: Update['count']) {
    const { step, learningRate, weightDecay, betaInitial, betaInputs, l2Ramp } = settings;
    const pass: Pass = { ...this.#load(batch), kind: 'train', step, betaInitial, betaInputs };
    const result = (await this.#crew.request({ pass, update: { learningRate, weightDecay, l2Ramp, count } }))!;
    if (result.notFinite !== undefined) throw notFinite(result.notFinite, step, batch.trials);
    return result.losses;
  }

  /** Copies a batch into the job's memory. */
  #load(batch: Batch): Pick<Pass, 'batch' | 'hasObserved' | 'hasWithheld'> {
    const { input, constants } = this.#plan;
    if (batch.trials.length > constants.batch) throw new Error(`A batch of ${batch.trials.length} is more than ${constants.batch}`);
    const put = (at: number, values: Int32Array | Float32Array | Uint8Array) =>
      new Uint8Array(this.#buffer, at, values.byteLength).set(new Uint8Array(values.buffer, values.byteOffset, values.byteLength));
    put(input.trials, batch.trials);
    put(input.counts, batch.counts);
    if (batch.observed) put(input.observed, batch.observed);
    if (batch.withheld) put(input.withheld, batch.withheld);
    if (batch.external) put(input.external, batch.external);
    return { batch: batch.trials.length, hasObserved: batch.observed !== undefined, hasWithheld: batch.withheld !== undefined };
  }

  #flat(at: number): Float32Array {
    return new Float32Array(this.#buffer, at, this.#plan.layout.length);
  }
}
