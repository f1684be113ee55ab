// kill -9 of the worker and of the host (browser mode) in the middle of a fit, at seeded random moments: the project opens, the run goes on, what
// else was in the project is still there, and in the end the fit is bit for bit the one that nobody disturbed.

import { deepStrictEqual, ok, strictEqual } from 'node:assert';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { WebSocket } from 'ws';
import { socketChannel } from '../../src-worker/contract/channels.ts';
import type { HostApi, HostEvents } from '../../src-worker/contract/page.ts';
import { type Connection, connect } from '../../src-worker/contract/rpc.ts';
import type { RunRecord } from '../../src-worker/contract/run.ts';
import { key, uniform } from '../../src-worker/engine/random.ts';

const entry = resolve(import.meta.dirname, '../../out/main/serve.js');

export interface Kills {
  readonly count: number;
  readonly seed: number;
  readonly steps: number;
  /** The longest wait before a kill. */
  readonly longestMs: number;
  /** Folder for the user's data; empty. */
  readonly folder: string;
  readonly say?: (line: string) => void;
}

interface Host {
  readonly child: ChildProcess;
  readonly api: Connection<HostApi>;
}

async function startHost(folder: string): Promise<Host> {
  const env = { ...process.env, ORRERY_DATA: join(folder, 'data'), INIT_CWD: folder };
  const child = spawn(process.execPath, [entry, '--no-open'], { env, stdio: ['ignore', 'pipe', 'inherit'] });
  let said = '';
  for await (const text of child.stdout) {
    said += String(text);
    if (said.includes('\n')) break;
  }
  const url = new URL(/http\S+/.exec(said)![0]);
  const token = new URLSearchParams(url.hash.slice(1)).get('token')!;
  const socket = new WebSocket(`ws://${url.host}/rpc`, ['orrery', `token.${token}`], { origin: url.origin });
  socket.on('error', () => {});
  await once(socket, 'open');
  return { child, api: connect<HostApi, HostEvents>(socketChannel(socket), {}) };
}

/** Processes that a process started. */
function childrenOf(pid: number): readonly number[] {
  try {
    return readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim().split(' ').filter(Boolean).map(Number);
  } catch {
    return [];
  }
}

const isAlive = (pid: number): boolean => {
  try {
    // A process that ended and was not waited for still has a number.
    return !/^\d+ \(.*\) Z/.test(readFileSync(`/proc/${pid}/stat`, 'utf8'));
  } catch {
    return false;
  }
};

/** Asks again and again until the answer is not undefined. */
async function until<T>(what: string, ask: () => Promise<T | undefined> | T | undefined, seconds = 60): Promise<T> {
  for (let i = 0; i < 20 * seconds; i++) {
    const answer = await Promise.resolve(ask()).catch(() => undefined);
    if (answer !== undefined) return answer;
    await setTimeout(50);
  }
  throw new Error(`Waited in vain: ${what}`);
}

const data = { align: 'move_onset_time', windowMs: [-200, 400], binMs: 20, trials: ['success=true'], valid: 'every:5' } as const;

/** Throws where anything is lost. Answers with a line for each kill. */
export async function killAndGoOn({ count, seed, steps, longestMs, folder, say = () => {} }: Kills): Promise<readonly string[]> {
  const validateEvery = Math.min(25, Math.ceil(steps / 2));
  // To the last step, however long the kills take.
  const settings = { steps, validateEvery, patience: steps };
  let host = await startHost(folder);
  const told: string[] = [];
  try {
    const openProject = async () => host.api.projectFor((await host.api.hello()).sample.grant);
    const request = async (model: string, settings: Record<string, number>) => ({
      project: (await openProject()).path,
      recording: (await host.api.hello()).sample.grant,
      model,
      data,
      settings,
      seed: 3,
      threads: 2,
      device: model === 'lfads' ? 'fused' : 'auto',
    });
    const refOf = async (run: string) => ({ project: (await openProject()).path, run });
    const earlier = await host.api.startFit(await request('smoothing', {}));
    const before = await host.api.waitForRun(await refOf(earlier.id));
    const { id } = await host.api.startFit(await request('lfads', settings));
    const find = async (run: string): Promise<RunRecord | undefined> => (await openProject()).runs.find((record) => record.id === run);
    const k = key(seed);
    for (let kill = 0; kill < count; kill++) {
      await until('the fit to run', async () => ((await find(id))?.state === 'running' ? true : undefined));
      const waitMs = 300 + (longestMs - 300) * uniform(k, 2 * kill);
      await setTimeout(waitMs);
      const ofHost = uniform(k, 2 * kill + 1) < 0.5;
      const pid = host.child.pid!;
      const worker = await until('a worker', () => childrenOf(pid)[0]);
      process.kill(ofHost ? pid : worker, 'SIGKILL');
      if (ofHost) {
        await until('the worker to end with its host', () => (isAlive(worker) ? undefined : true));
        host = await startHost(folder);
      } else await until('another worker', () => childrenOf(pid).find((child) => child !== worker));
      // What the killed worker had open is another's again: a project that only reads would say so.
      const project = await until('the project to open', async () => {
        const found = await openProject();
        return found.readOnly ? undefined : found;
      });
      deepStrictEqual(project.runs.map((record) => record.id).sort(), [earlier.id, id].sort(), 'the runs of the project');
      deepStrictEqual(await find(earlier.id), before, 'the run that was finished before');
      // The host resumes by itself what a crash of its worker stopped; after three crashes, and after its own, the user does.
      const state = await until('the state of the run', async () => {
        const record = await find(id);
        if (record && record.state !== 'queued' && record.state !== 'running')
          await host.api.resumeFit(await refOf(id), {}).catch(() => {});
        return (await find(id))?.state === 'running' ? 'running' : record?.state === 'finished' ? 'finished' : undefined;
      });
      const line = `kill ${kill + 1} of the ${ofHost ? 'host' : 'worker'} after ${Math.round(waitMs)} ms: the run is ${state}`;
      told.push(line);
      say(line);
      if (state === 'finished') break;
    }
    const finished = await host.api.waitForRun(await refOf(id));
    strictEqual(finished.state, 'finished');
    const whole = await host.api.startFit({ ...(await request('lfads', settings)), again: true });
    await host.api.waitForRun(await refOf(whole.id));
    const [killed, undisturbed] = [await host.api.curves(await refOf(id)), await host.api.curves(await refOf(whole.id))];
    ok(undisturbed.length >= steps / validateEvery);
    deepStrictEqual(killed, undisturbed, 'curves of the killed run and of an undisturbed one');
    return told;
  } finally {
    host.api.hangUp();
    host.child.kill('SIGTERM');
    await Promise.race([once(host.child, 'exit'), setTimeout(15_000)]);
    host.child.kill('SIGKILL');
  }
}
