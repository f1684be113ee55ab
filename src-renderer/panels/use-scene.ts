// A view's Scene for the run in hand: asked anew when what it depends on changes; the newest request counts.

import { useEffect, useRef, useState } from 'react';
import type { Failure } from '../../src-worker/contract/failure.ts';
import type { Settings } from '../../src-worker/contract/params.ts';
import { asFailure } from '../../src-worker/contract/rpc.ts';
import type { Scene } from '../../src-worker/scene/scene.ts';
import { host } from '../state/connection.ts';
import { useStore } from '../state/store.ts';

export interface Asked {
  readonly scene: Scene | undefined;
  readonly failure: Failure | undefined;
  readonly isWaiting: boolean;
}

export function useScene(view: string, settings: Settings): Asked {
  const project = useStore((state) => state.project?.path);
  const run = useStore((state) => state.run?.id);
  // While a fit runs its views follow the best step; afterwards they change no more.
  const best = useStore((state) => `${state.run?.state} ${state.run?.bestStep}`);
  const [asked, setAsked] = useState<Asked>({ scene: undefined, failure: undefined, isWaiting: true });
  const newest = useRef(0);
  const key = JSON.stringify(settings);
  useEffect(() => {
    if (project === undefined || run === undefined) return;
    const mine = ++newest.current;
    const job = `view ${view}`;
    let isPending = true;
    setAsked((before) => ({ ...before, isWaiting: true }));
    host
      .scene({ project, run, view, settings: JSON.parse(key) as Settings, width: 640, height: 480 }, job)
      .then(
        (scene) => mine === newest.current && setAsked({ scene, failure: undefined, isWaiting: false }),
        (error) => {
          const failure = asFailure(error);
          if (mine === newest.current && failure.code !== 'cancelled') setAsked({ scene: undefined, failure, isWaiting: false });
        },
      )
      .finally(() => {
        isPending = false;
      });
    return () => {
      // Nobody waits for it any more.
      if (isPending) host.cancel(job).catch(() => {});
    };
  }, [project, run, best, view, key]);
  return asked;
}
