// LFADS on the fused engine: the caller's side. It holds no numbers of its own: batches, weights and outputs lie in the job's shared
// memory, threads compute, and the caller's event loop stays free meanwhile.

import { Worker } from 'node:worker_threads';
import { threadEntry } from '../../assets.ts';
import { Failure } from '../../contract/failure.ts';
import { dismiss } from '../../engine/crew.ts';
import { type Compiled, compileKernels } from '../../engine/compile.ts';
import { jobMemory, type KernelBuild } from '../../engine/kernels.ts';
import type { StepResult, Update } from '../../engine/lfads/lead.ts';
import { type LfadsPlan, planLfads, shardsOf } from '../../engine/lfads/plan.ts';
import type { Pass } from '../../engine/lfads/shard.ts';
import type { Reply, Request, ThreadData } from '../../engine/thread.ts';
import { readWeights, writeWeights } from '../../engine/weights.ts';
import { notFinite } from './finite.ts';
import type { Batch, LfadsConstants, MakeStepper, Outputs, Stepper, StepSettings } from './stepper.ts';

const NAMES: Readonly<Record<KernelBuild, string>> = { simd: 'CPU, SIMD', relaxed: 'CPU, relaxed SIMD' };

export const makeFusedStepper: MakeStepper = (constants, threads) => makeFusedStepperOf(undefined, constants, threads);

/** As makeFusedStepper with a given build of the kernels: checkpoints name theirs, and tests try each. */
export async function makeFusedStepperOf(build: KernelBuild | undefined, constants: LfadsConstants, threads: number): Promise<Stepper> {
  const compiled = compileKernels(build);
  const plan = planLfads(constants, threads, compiled.build);
  const memory = jobMemory(plan.bytes);
  const shared = { memory, module: compiled.module, build: compiled.build, constants, threads };
  const crew = await Crew.start(shared, plan.lanes.length);
  return new FusedStepper(plan, compiled, memory.buffer as unknown as SharedArrayBuffer, crew);
}

/** The job's threads: one request at a time goes to the lead. */
class Crew {
  readonly #workers: readonly Worker[];
  #pending: PromiseWithResolvers<StepResult | undefined> | undefined;
  #trouble: unknown;

  private constructor(workers: readonly Worker[]) {
    this.#workers = workers;
  }

  static async start(shared: Omit<ThreadData, 'lane'>, count: number): Promise<Crew> {
    const entry = threadEntry('engine/thread.ts', 'engine-thread');
    const workers = Array.from({ length: count }, (_, lane) => new Worker(entry, { workerData: { ...shared, lane } satisfies ThreadData }));
    const crew = new Crew(workers);
    await Promise.all(
      workers.map((worker) => {
        const ready = Promise.withResolvers<void>();
        worker.on('error', (cause) => {
          crew.#fail(cause);
          ready.reject(cause);
        });
        worker.on('message', (reply: Reply) => {
          if (reply.kind === 'ready') ready.resolve();
          else if (reply.kind === 'done') crew.#settle((pending) => pending.resolve(reply.result));
          else crew.#fail(reply.cause);
        });
        return ready.promise;
      }),
    );
    return crew;
  }

  request(request: Request): Promise<StepResult | undefined> {
    if (this.#trouble !== undefined) return Promise.reject(this.#trouble);
    if (this.#pending) throw new Error('A step is under way.');
    this.#pending = Promise.withResolvers();
    this.#workers[0]!.postMessage(request);
    return this.#pending.promise;
  }

  async close(): Promise<void> {
    await Promise.all(this.#workers.map((worker) => worker.terminate()));
  }

  #settle(how: (pending: PromiseWithResolvers<StepResult | undefined>) => void): void {
    const pending = this.#pending;
    this.#pending = undefined;
    if (pending) how(pending);
  }

  /** After a crash nothing in memory can be trusted. */
  #fail(cause: unknown): void {
    this.#trouble ??= new Failure('engine-stopped', 'A compute thread stopped.', 'Resume the fit from its last checkpoint.', { cause });
    this.#settle((pending) => pending.reject(this.#trouble));
  }
}

class FusedStepper implements Stepper {
  readonly device = 'fused';
  readonly deviceName: string;
  readonly build: string;
  readonly #plan: LfadsPlan;
  readonly #buffer: SharedArrayBuffer;
  readonly #crew: Crew;
  #updates = 0;

  constructor(plan: LfadsPlan, { build, wide }: Compiled, buffer: SharedArrayBuffer, crew: Crew) {
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

  async forward(batch: Batch, sample?: number, over?: Outputs): Promise<Outputs> {
    const kind = sample === undefined ? 'mean' : 'sample';
    await this.#crew.request({ pass: { ...this.#load(batch), kind, step: sample ?? 0, betaInitial: 0, betaInputs: 0 } });
    const { output, s, divergences } = this.#plan;
    const B = batch.trials.length;
    const copy = (name: keyof typeof output, width: number): Float32Array => {
      const values = new Float32Array(this.#buffer, output[name], B * width);
      if (over?.[name].length !== values.length) return values.slice();
      over[name].set(values);
      return over[name];
    };
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
