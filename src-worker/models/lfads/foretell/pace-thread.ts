// Entry of the thread that times a named device: a step op by op takes seconds, and what asked has to answer meanwhile.

import { parentPort, workerData } from 'node:worker_threads';
import { Failure } from '../../../contract/failure.ts';
import { namedDevice } from '../devices/devices.ts';
import type { Example } from '../devices/smoke.ts';
import { paceOf } from './pace.ts';

export interface PaceQuestion {
  readonly device: string;
  readonly example: Example;
  readonly threads: number;
}

export type PaceAnswer = Awaited<ReturnType<typeof paceOf>> | { readonly failure: Pick<Failure, 'code' | 'sentence' | 'hint'> };

const { device, example, threads } = workerData as PaceQuestion;

async function answer(): Promise<PaceAnswer> {
  try {
    return await paceOf((await namedDevice(device)).make, example, threads);
  } catch (cause) {
    if (!(cause instanceof Failure)) throw cause;
    const { code, sentence, hint } = cause;
    return { failure: { code, sentence, hint } };
  }
}

parentPort!.postMessage(await answer());
