// A model on the fused engine, the caller's side. It holds no numbers of its own: batches, weights and outputs lie in the job's shared
// memory, threads compute, and the caller's event loop stays free meanwhile.

import { dismiss } from '../engine/crew.ts';
import { type Compiled, compileKernels } from '../engine/compile.ts';
import { jobMemory, type KernelBuild } from '../engine/kernels.ts';
import type { ProgramOf } from '../engine/programs.ts';
import { Threads } from '../engine/threads.ts';
import { readWeights, type WeightLayout, writeWeights } from '../engine/weights.ts';
import { notFinite } from './finite.ts';
import type { Moments, StepperOf } from './stepper.ts';

const NAMES: Readonly<Record<KernelBuild, string>> = { simd: 'CPU, SIMD', relaxed: 'CPU, relaxed SIMD' };

/** What every plan of a job's memory says alike. */
interface PlanOfJob {
  readonly layout: WeightLayout;
  /** Where values, the sum of gradients and moments begin. */
  readonly weights: { readonly values: number; readonly gradients: number; readonly first: number; readonly second: number };
  /** Where each part of a batch goes, by its name in the batch. */
  readonly input: Readonly<Record<string, number>>;
  readonly constants: { readonly batch: number };
  readonly shards: readonly unknown[];
  readonly lanes: readonly unknown[];
  readonly bytes: number;
}

interface BatchOfJob {
  readonly trials: Int32Array;
  readonly observed?: Uint8Array;
  readonly withheld?: Uint8Array;
}

/** What a pass says of the batch that lies in memory. */
export interface Loaded {
  readonly batch: number;
  readonly hasObserved: boolean;
  readonly hasWithheld: boolean;
}

interface Answer<Losses> {
  readonly losses: Losses;
  readonly notFinite?: string;
}

/** Memory and threads of a job, started. */
export interface Job<Plan, Request, Losses> {
  readonly plan: Plan;
  readonly compiled: Compiled;
  readonly buffer: SharedArrayBuffer;
  readonly crew: Threads<Request, Answer<Losses> | undefined>;
}

/** Starts a program's threads over the memory that `planFor` lays out for a build of the kernels, the best one here unless given. */
export async function startJob<Plan extends PlanOfJob, Request, Losses>(
  program: ProgramOf,
  build: KernelBuild | undefined,
  threads: number,
  planFor: (build: KernelBuild) => Plan,
): Promise<Job<Plan, Request, Losses>> {
  const compiled = compileKernels(build);
  const plan = planFor(compiled.build);
  const memory = jobMemory(plan.bytes);
  const shared = { memory, module: compiled.module, build: compiled.build, threads, program };
  const crew = await Threads.start<Request, Answer<Losses> | undefined>(shared, plan.lanes.length);
  return { plan, compiled, buffer: memory.buffer as unknown as SharedArrayBuffer, crew };
}

export abstract class FusedStepper<
  Plan extends PlanOfJob,
  Request,
  Batch extends BatchOfJob,
  Settings extends { readonly step: number },
  Losses,
> implements StepperOf<Batch, Settings, Losses>
{
  readonly device = 'fused';
  readonly deviceName: string;
  readonly build: string;
  protected readonly plan: Plan;
  readonly #buffer: SharedArrayBuffer;
  readonly #crew: Threads<Request, Answer<Losses> | undefined>;
  #updates = 0;

  constructor({ plan, compiled: { build, wide }, buffer, crew }: Job<Plan, Request, Losses>) {
    this.plan = plan;
    this.#buffer = buffer;
    this.#crew = crew;
    this.deviceName = wide ? `${NAMES[build]}, 256 bits` : NAMES[build];
    this.build = `fused ${build}, ${plan.shards.length} shards`;
  }

  /** The request for a training step of the batch that lies in memory: the update of that count, or gradients alone. */
  protected abstract training(loaded: Loaded, settings: Settings, count: number | false): Request;

  async step(batch: Batch, settings: Settings) {
    const losses = await this.#differentiate(batch, settings, this.#updates + 1);
    this.#updates += 1;
    return losses;
  }

  async gradients(batch: Batch, settings: Settings) {
    const losses = await this.#differentiate(batch, settings, false);
    return { losses, gradients: this.#read(this.plan.weights.gradients) };
  }

  weights() {
    return this.#read(this.plan.weights.values);
  }

  setWeights(weights: Readonly<Record<string, Float32Array>>) {
    this.#write(this.plan.weights.values, weights);
  }

  moments() {
    const { first, second } = this.plan.weights;
    return { first: this.#read(first), second: this.#read(second), steps: this.#updates };
  }

  setMoments({ first, second, steps }: Moments) {
    this.#write(this.plan.weights.first, first);
    this.#write(this.plan.weights.second, second);
    this.#updates = steps;
  }

  async close() {
    dismiss(this.#buffer);
    await this.#crew.close();
  }

  protected ask(request: Request) {
    return this.#crew.request(request);
  }

  /** Numbers of the job's memory, as they are until the next request. */
  protected floats(at: number, length: number): Float32Array {
    return new Float32Array(this.#buffer, at, length);
  }

  /** Copies a batch into the job's memory. */
  protected load(batch: Batch): Loaded {
    const { input, constants } = this.plan;
    if (batch.trials.length > constants.batch) throw new Error(`A batch of ${batch.trials.length} is more than ${constants.batch}`);
    const parts = new Map<string, unknown>(Object.entries(batch));
    for (const [name, at] of Object.entries(input)) {
      const part = parts.get(name);
      if (!ArrayBuffer.isView(part)) continue;
      new Uint8Array(this.#buffer, at, part.byteLength).set(new Uint8Array(part.buffer, part.byteOffset, part.byteLength));
    }
    return { batch: batch.trials.length, hasObserved: batch.observed !== undefined, hasWithheld: batch.withheld !== undefined };
  }

  async #differentiate(batch: Batch, settings: Settings, count: number | false): Promise<Losses> {
    const answer = (await this.ask(this.training(this.load(batch), settings, count)))!;
    if (answer.notFinite !== undefined) throw notFinite(answer.notFinite, settings.step, batch.trials);
    return answer.losses;
  }

  #read(at: number) {
    return readWeights(this.plan.layout, this.floats(at, this.plan.layout.length));
  }

  #write(at: number, weights: Readonly<Record<string, Float32Array>>) {
    writeWeights(this.plan.layout, this.floats(at, this.plan.layout.length), weights);
  }
}
