// An answer of the host, asked anew when the question changes; the newest question counts.

import { useEffect, useState } from 'react';
import type { Failure } from '../../../src-worker/contract/failure.ts';
import type { Settings } from '../../../src-worker/contract/params.ts';
import { asFailure } from '../../../src-worker/contract/rpc.ts';
import type { Scene } from '../../../src-worker/scene/scene.ts';
import { host } from '../../state/connection.ts';
import { useStore } from '../../state/store.ts';

export interface Answer<T> {
  readonly value: T | undefined;
  readonly failure: Failure | undefined;
  readonly isWaiting: boolean;
}

/** Another question about the same data may have been stopped while this one shared its work: then it is asked again. */
const TRIES = 3;

/** `key` says what is asked; undefined asks nothing. The last answer stays until the next one comes. */
export function useAsked<T>(job: string, key: string | undefined, ask: (job: string) => Promise<T>): Answer<T> {
  const joined = useStore((state) => state.joined);
  const [answer, setAnswer] = useState<Answer<T>>({ value: undefined, failure: undefined, isWaiting: true });
  useEffect(() => {
    if (key === undefined || !joined) return;
    let isCurrent = true;
    let isPending = true;
    setAnswer((before) => ({ ...before, isWaiting: true }));
    const attempt = async (left: number): Promise<void> => {
      try {
        const value = await ask(job);
        if (isCurrent) setAnswer({ value, failure: undefined, isWaiting: false });
      } catch (error) {
        const failure = asFailure(error);
        if (!isCurrent) return;
        if (failure.code === 'cancelled' && left > 0) return attempt(left - 1);
        setAnswer({ value: undefined, failure, isWaiting: false });
      } finally {
        isPending = false;
      }
    };
    attempt(TRIES);
    return () => {
      isCurrent = false;
      if (isPending) host.cancel(job).catch(() => {});
    };
  }, [job, key, joined]);
  return answer;
}

/** A view of a recording before any fit. */
export function useDataScene(view: string, data: Settings, settings: Settings, isReady = true): Answer<Scene> {
  const recording = useStore((state) => state.recording?.entry.grant);
  const key = recording === undefined || !isReady ? undefined : JSON.stringify([recording, view, data, settings]);
  return useAsked(`look ${view}`, key, (job) => host.scene({ recording: recording!, data, view, settings, width: 640, height: 480 }, job));
}
