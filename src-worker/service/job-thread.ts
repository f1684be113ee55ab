// Entry of the threads that do the work: the desk, which lives as long as the worker, each fit, and each look at the devices.

import { type MessagePort, parentPort, workerData } from 'node:worker_threads';
import { portChannel } from '../contract/channels.ts';
import { connect, serve } from '../contract/rpc.ts';
import { devices } from '../models/lfads/devices/devices.ts';
import { Desk, type DeskApi } from './desk.ts';
import { type FitDesk, fitDesk } from './fit-desk.ts';
import type { FitSpec, FromFit } from './fit-spec.ts';
import { yieldCores } from './priority.ts';
import { runFit } from './run-fit.ts';

export interface DeskEvents {
  progress(job: string, done: number, doing: string): void;
}

export type ThreadData =
  | { readonly kind: 'desk'; readonly port: MessagePort }
  | { readonly kind: 'fit'; readonly port: MessagePort; readonly spec: FitSpec; readonly stop: Int32Array }
  | { readonly kind: 'devices' };

/** What the answering thread sends to the desk's thread itself: a fit's way to the desk. */
export interface Adopt {
  readonly project: string;
  readonly port: MessagePort;
}

const data = workerData as ThreadData;

if (data.kind === 'desk') {
  const desk: Desk = new Desk((...told) => events.progress(...told));
  const events = serve<DeskApi & { close(): Promise<void> }, DeskEvents>(portChannel(data.port), desk);
  parentPort?.on('message', async ({ project, port }: Adopt) => {
    serve<FitDesk, Record<string, never>>(portChannel(port), fitDesk(await desk.project(project)));
  });
} else if (data.kind === 'devices') {
  parentPort?.postMessage(await devices());
} else {
  yieldCores();
  const tell = (message: FromFit) => parentPort?.postMessage(message);
  const desk = connect<FitDesk, Record<string, never>>(portChannel(data.port), {});
  const record = await runFit(data.spec, desk, data.stop, tell);
  tell({ kind: 'record', record, last: true });
  desk.hangUp();
}
