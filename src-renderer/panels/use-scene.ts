// A view's Scene for the run in hand: asked anew when what it depends on changes; the newest request counts.

import { useEffect, useRef, useState } from 'react';
import type { ViewOptions } from '../../src-worker/contract/api.ts';
import type { Failure } from '../../src-worker/contract/failure.ts';
import type { Settings } from '../../src-worker/contract/params.ts';
import { asFailure } from '../../src-worker/contract/rpc.ts';
import type { Scene } from '../../src-worker/scene/scene.ts';
import { host } from '../state/connection.ts';
import { useStore } from '../state/store.ts';

/** While a fit runs, its views follow a new best step at most this often: about as often as checkpoints are written. */
const FOLLOW_EVERY_MS = 10_000;
/** Asked again for what comes with the first checkpoint. */
const AGAIN_AFTER_MS = 3000;

export interface Asked {
  readonly scene: Scene | undefined;
  readonly failure: Failure | undefined;
  readonly isWaiting: boolean;
}

const nothing: Asked = { scene: undefined, failure: undefined, isWaiting: true };

/** What the analysis that a view shows is asked for, and which trials: those that fit. */
export interface MoreAsked {
  readonly analysis?: Settings | undefined;
  readonly held?: readonly number[] | undefined;
  readonly trials?: string | undefined;
}

/** `as` tells pictures of one view apart that stand side by side: each is a job of its own. */
export function useScene(view: string, settings: Settings, more: MoreAsked = {}, as = view): Asked {
  const project = useStore((state) => state.project?.path);
  const run = useStore((state) => state.run?.id);
  const isGoing = useStore((state) => state.run?.state === 'running' || state.run?.state === 'queued');
  const state = useStore((state) => state.run?.state);
  const best = usePaced(
    useStore((state) => state.run?.bestStep ?? 0),
    isGoing ? FOLLOW_EVERY_MS : 0,
  );
  const [again, setAgain] = useState(0);
  const [asked, setAsked] = useState<Asked & { readonly of?: string }>(nothing);
  const newest = useRef(0);
  const key = JSON.stringify({ settings, ...more });
  const of = `${run} ${view}`;
  useEffect(() => {
    if (project === undefined || run === undefined) return;
    const mine = ++newest.current;
    const job = `view ${as}`;
    let isPending = true;
    let timer: ReturnType<typeof setTimeout> | undefined;
    setAsked((before) => (before.of === of ? { ...before, isWaiting: true } : nothing));
    host
      .scene(
        {
          project,
          run,
          view,
          ...(JSON.parse(key) as Pick<ViewOptions, 'settings' | 'analysis' | 'held' | 'trials'>),
          width: 640,
          height: 480,
        },
        job,
      )
      .then(
        (scene) => mine === newest.current && setAsked({ scene, failure: undefined, isWaiting: false, of }),
        (error) => {
          const failure = asFailure(error);
          if (mine !== newest.current || failure.code === 'cancelled') return;
          setAsked({ scene: undefined, failure, isWaiting: false, of });
          if (failure.code === 'no-outputs' && isGoing) timer = setTimeout(() => setAgain((times) => times + 1), AGAIN_AFTER_MS);
        },
      )
      .finally(() => {
        isPending = false;
      });
    return () => {
      clearTimeout(timer);
      // Nobody waits for it any more.
      if (isPending) host.cancel(job).catch(() => {});
    };
  }, [project, run, state, best, view, key, again, of, isGoing, as]);
  return asked.of === of ? asked : nothing;
}

/** A value that follows its source, but not more often than every so many ms. */
function usePaced<Value>(value: Value, everyMs: number): Value {
  const [shown, setShown] = useState(value);
  const last = useRef(0);
  useEffect(() => {
    const wait = Math.max(0, last.current + everyMs - performance.now());
    const timer = setTimeout(() => {
      last.current = performance.now();
      setShown(value);
    }, wait);
    return () => clearTimeout(timer);
  }, [value, everyMs]);
  return shown;
}
