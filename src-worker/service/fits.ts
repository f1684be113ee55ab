// Fits on their way: one at a time in a thread of its own (of those that compute in one thread, as many as there are threads), the others queued. Pages come and go; a fit stays.

import { type MessagePort, Worker } from 'node:worker_threads';
import { threadEntry } from '../assets.ts';
import type { Events, FitProgress, RunRef } from '../contract/api.ts';
import type { MetricPoint, RunRecord } from '../contract/run.ts';
import { asFailure } from '../contract/rpc.ts';
import type { FitSpec, FromFit } from './fit-spec.ts';
import type { ThreadData } from './job-thread.ts';

const TELL_EVERY_MS = 100;

interface Fit {
  readonly spec: FitSpec;
  /** Set to 1 to stop: read by the fit between two steps, whatever its event loop does. */
  readonly stop: Int32Array;
  record: RunRecord;
  points: MetricPoint[];
  progress: FitProgress;
  told: number;
  /** What its thread ended with, which is told before the thread is gone. */
  last?: RunRecord;
  timer?: NodeJS.Timeout | undefined;
  readonly ended: PromiseWithResolvers<RunRecord>;
}

const keyOf = (project: string, run: string): string => `${project}\n${run}`;

/** A fit whose end cannot be written to its project: the project keeps what it was, and the failure is told all the same. */
function unwritten(record: RunRecord, error: unknown): RunRecord {
  const { code, sentence, hint } = asFailure(error);
  return { ...record, state: 'failed', failure: { code, sentence, hint } };
}

export class Fits {
  readonly #all = new Map<string, Fit>();
  readonly #queue: Fit[] = [];
  readonly #running = new Set<Fit>();
  readonly #tell: Events['run'];
  /** Marks a run whose thread ended without a word as failed, in the project. */
  readonly #crashed: (spec: FitSpec, cause: string) => Promise<RunRecord>;

  /** A way to the desk that has the project open. */
  readonly #desk: (project: string) => MessagePort;

  constructor(tell: Events['run'], crashed: (spec: FitSpec, cause: string) => Promise<RunRecord>, desk: (project: string) => MessagePort) {
    this.#tell = tell;
    this.#crashed = crashed;
    this.#desk = desk;
  }

  /** Adds a prepared run to the queue. A run that is there already is left to go on; one that is just ending unfinished goes on once it has. */
  async start(spec: FitSpec, record: RunRecord): Promise<RunRecord> {
    const known = this.#all.get(keyOf(spec.project, spec.run));
    if (known) {
      if (!known.last && Atomics.load(known.stop, 0) === 0) return known.record;
      const ended = await known.ended.promise;
      return ended.state === 'finished' ? ended : this.start(spec, ended);
    }
    const fit: Fit = {
      spec,
      stop: new Int32Array(new SharedArrayBuffer(4)),
      record: { ...record, state: 'queued' },
      points: [],
      progress: { step: record.step, steps: 0 },
      told: -Infinity,
      ended: Promise.withResolvers(),
    };
    this.#all.set(keyOf(spec.project, spec.run), fit);
    this.#queue.push(fit);
    this.#next();
    return fit.record;
  }

  /** The record as of now, where the run is queued or running. */
  current({ project, run }: RunRef): RunRecord | undefined {
    return this.#all.get(keyOf(project, run))?.record;
  }

  /** Runs of a project that are queued or running, newest last. */
  of(project: string): readonly RunRecord[] {
    return [...this.#all.values()].filter((fit) => fit.spec.project === project).map((fit) => fit.record);
  }

  async stop(ref: RunRef): Promise<RunRecord | undefined> {
    const fit = this.#all.get(keyOf(ref.project, ref.run));
    if (!fit) return undefined;
    Atomics.store(fit.stop, 0, 1);
    const waiting = this.#queue.indexOf(fit);
    if (waiting >= 0) {
      this.#queue.splice(waiting, 1);
      this.#end(fit, { ...fit.record, state: 'stopped' });
    }
    return fit.ended.promise;
  }

  wait(ref: RunRef): Promise<RunRecord> | undefined {
    return this.#all.get(keyOf(ref.project, ref.run))?.ended.promise;
  }

  async stopAll(): Promise<void> {
    await Promise.all([...this.#all.values()].map(({ spec }) => this.stop(spec)));
  }

  #next(): void {
    const fit = this.#queue[0];
    if (!fit || !this.#hasRoomFor(fit)) return;
    this.#queue.shift();
    this.#running.add(fit);
    fit.record = { ...fit.record, state: 'running' };
    const port = this.#desk(fit.spec.project);
    const thread = new Worker(threadEntry('service/job-thread.ts', 'job-thread'), {
      workerData: { kind: 'fit', port, spec: fit.spec, stop: fit.stop } satisfies ThreadData,
      transferList: [port],
      name: `fit ${fit.spec.run}`,
    });
    let cause = 'its thread ended';
    thread.on('message', (message: FromFit) => {
      if (message.kind === 'point') fit.points.push(message.point);
      else if (message.kind === 'progress') fit.progress = message;
      else {
        fit.record = message.record;
        if (message.last) fit.last = message.record;
      }
      this.#soon(fit);
    });
    thread.on('error', (error) => {
      cause = error instanceof Error ? error.message : String(error);
    });
    thread.on('exit', async () => {
      const record = fit.last ?? (await this.#crashed(fit.spec, cause).catch((error) => unwritten(fit.record, error)));
      this.#running.delete(fit);
      this.#end(fit, record);
      this.#next();
    });
    this.#next();
  }

  #hasRoomFor({ spec }: Fit): boolean {
    const running = [...this.#running];
    if (running.length === 0) return true;
    return spec.oneThread === true && running.every((other) => other.spec.oneThread === true) && running.length < spec.threads;
  }

  #end(fit: Fit, record: RunRecord): void {
    clearTimeout(fit.timer);
    fit.record = record;
    this.#all.delete(keyOf(fit.spec.project, fit.spec.run));
    this.#say(fit);
    fit.ended.resolve(record);
  }

  #soon(fit: Fit): void {
    if (fit.timer) return;
    const wait = Math.max(0, TELL_EVERY_MS - (performance.now() - fit.told));
    fit.timer = setTimeout(() => this.#say(fit), wait);
  }

  #say(fit: Fit): void {
    fit.timer = undefined;
    fit.told = performance.now();
    const points = fit.points;
    fit.points = [];
    this.#tell(fit.spec.project, fit.record, points, fit.progress);
  }
}
