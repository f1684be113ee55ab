// The real command line and the real worker in one process of tests: a worker is started once and shared.

import { orrery } from '../../src-main/cli/orrery.ts';
import { startWorker, type WorkerHandle } from '../../src-main/host.ts';

export interface Ended {
  readonly code: number;
  readonly out: string;
  readonly err: string;
  /** The one object on standard output. */
  json(): Record<string, unknown> & { readonly failure?: { readonly code: string; readonly sentence: string; readonly hint: string } };
}

export type Run = (words: readonly string[], signal?: AbortSignal) => Promise<Ended>;

/** Starts the worker; `run` runs one command line from the given folder. */
export async function shareWorker(folder: string): Promise<{ readonly worker: WorkerHandle; readonly run: Run }> {
  const worker = await startWorker();
  const run: Run = async (words, signal = new AbortController().signal) => {
    const [out, err]: [string[], string[]] = [[], []];
    const terminal = { out: (text: string) => void out.push(text), err: (text: string) => void err.push(text), interactive: false, folder };
    const connect = async () => ({ api: worker.api, listen: worker.on.bind(worker), close: async () => {} });
    const code = await orrery(words, terminal, connect, signal);
    return { code, out: out.join('\n'), err: err.join('\n'), json: () => JSON.parse(out.at(-1) ?? '') };
  };
  return { worker, run };
}
