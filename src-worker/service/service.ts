// The contract, answered by a thread that never computes: it asks the desk, and looks after the fits.

import { MessageChannel, type MessagePort, Worker } from 'node:worker_threads';
import { threadEntry } from '../assets.ts';
import type { Events, WorkerApi } from '../contract/api.ts';
import { portChannel } from '../contract/channels.ts';
import { type Connection, connect } from '../contract/rpc.ts';
import type { DeskApi } from './desk.ts';
import { Fits } from './fits.ts';
import type { Adopt, DeskEvents } from './job-thread.ts';

type DeskClient = Connection<DeskApi & { close(): Promise<void> }>;

export interface Service extends WorkerApi {
  /** Stops fits at a checkpoint and closes projects. */
  close(): Promise<void>;
}

/** Starts the desk and answers the contract; `events` hears of progress and runs. */
export function startService(events: Events): Service {
  const { port1, port2 } = new MessageChannel();
  const thread = new Worker(threadEntry('service/job-thread.ts', 'job-thread'), {
    workerData: { kind: 'desk', port: port2 },
    transferList: [port2],
    name: 'desk',
  });
  // Without the desk nothing works: the process ends, and whoever watches it starts it anew.
  thread.on('error', (error) => {
    throw error;
  });
  const desk: DeskClient = connect<DeskApi & { close(): Promise<void> }, DeskEvents>(portChannel(port1), {
    progress: (...told) => events.progress(...told),
  });
  const adopt = (project: string): MessagePort => {
    const road = new MessageChannel();
    thread.postMessage({ project, port: road.port1 } satisfies Adopt, [road.port1]);
    return road.port2;
  };
  const fits = new Fits(
    (...told) => events.run(...told),
    (spec, cause) => desk.crashed(spec, cause),
    adopt,
  );

  /** The run that `ref` names, as its fit knows it if it is on its way. */
  const runOf: WorkerApi['run'] = async (ref) => {
    const [{ path }, record] = [await desk.openProject(ref.project), await desk.run(ref)];
    return fits.current({ project: path, run: record.id }) ?? record;
  };
  const withFits = async (asked: ReturnType<WorkerApi['openProject']>) => {
    const summary = await asked;
    return { ...summary, runs: summary.runs.map((run) => fits.current({ project: summary.path, run: run.id }) ?? run) };
  };
  const started = ({ record, spec }: Awaited<ReturnType<DeskApi['prepareFit']>>) => (spec ? fits.start(spec, record) : record);

  return {
    catalogue: () => desk.catalogue(),
    devices: () => desk.devices(),
    inspect: (...asked) => desk.inspect(...asked),
    rows: (...asked) => desk.rows(...asked),
    unitMeans: (...asked) => desk.unitMeans(...asked),
    preview: (...asked) => desk.preview(...asked),
    createProject: (path) => withFits(desk.createProject(path)),
    openProject: (path) => withFits(desk.openProject(path)),
    startFit: async (request) => started(await desk.prepareFit(request)),
    resumeFit: async (ref, more) => started(await desk.prepareResume(ref, more)),
    async stopFit(ref) {
      const { path } = await desk.openProject(ref.project);
      const running = fits.of(path).at(-1);
      const run = ref.run === 'latest' && running ? running.id : (await desk.run(ref)).id;
      return (await fits.stop({ project: path, run })) ?? desk.run({ project: path, run });
    },
    async waitForRun(ref) {
      const { path } = await desk.openProject(ref.project);
      const { id } = await desk.run(ref);
      return (await fits.wait({ project: path, run: id })) ?? desk.run(ref);
    },
    run: runOf,
    curves: (ref) => desk.curves(ref),
    ensemble: (...asked) => desk.ensemble(...asked),
    infer: (...asked) => desk.infer(...asked),
    keepView: (request) => desk.keepView(request),
    analyze: (...asked) => desk.analyze(...asked),
    points: (...asked) => desk.points(...asked),
    scene: (...asked) => desk.scene(...asked),
    figure: (...asked) => desk.figure(...asked),
    export: (...asked) => desk.export(...asked),
    methods: (...asked) => desk.methods(...asked),
    report: (...asked) => desk.report(...asked),
    cancel: (job) => desk.cancel(job),
    async close() {
      await fits.stopAll();
      await desk.close();
      desk.hangUp();
      await thread.terminate();
    },
  };
}
