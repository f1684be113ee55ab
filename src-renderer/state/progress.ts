// Who hears how far a job of the worker is, by the job's name.

import { useEffect, useState } from 'react';

export interface Progress {
  /** 0 to 1. */
  readonly done: number;
  readonly doing: string;
}

type Listener = (progress: Progress) => void;

const listeners = new Map<string, Set<Listener>>();

export const heard = (job: string, done: number, doing: string): void =>
  listeners.get(job)?.forEach((listener) => {
    listener({ done, doing });
  });

/** Gives the function that ends it. */
export function listenTo(job: string, listener: Listener): () => void {
  const all = listeners.get(job) ?? new Set();
  listeners.set(job, all.add(listener));
  return () => {
    all.delete(listener);
  };
}

/** How far a job is, while somebody looks. */
export function useProgress(job: string): Progress | undefined {
  const [progress, setProgress] = useState<Progress | undefined>();
  useEffect(() => {
    setProgress(undefined);
    return listenTo(job, setProgress);
  }, [job]);
  return progress;
}
