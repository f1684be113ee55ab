// The currents of the run in view, asked for once: they are kept in the project, and pictures draw on the same result.

import { useEffect, useState } from 'react';
import type { AnalysisReport } from '../../../src-worker/contract/api.ts';
import type { Failure } from '../../../src-worker/contract/failure.ts';
import { asFailure } from '../../../src-worker/contract/rpc.ts';
import { host } from '../../state/connection.ts';
import { useProgress } from '../../state/progress.ts';
import { useStore } from '../../state/store.ts';

const JOB = 'analysis currents';

export interface AskedCurrents {
  readonly report?: AnalysisReport;
  readonly failure?: Failure;
  readonly isWaiting: boolean;
  readonly done: number;
  readonly doing: string;
}

export function useCurrents(isWanted: boolean): AskedCurrents {
  const project = useStore((state) => state.project?.path);
  const run = useStore((state) => (state.run?.state === 'finished' ? state.run.id : undefined));
  const [found, setFound] = useState<{ readonly run: string; readonly report?: AnalysisReport; readonly failure?: Failure } | undefined>();
  const progress = useProgress(JOB);
  useEffect(() => {
    if (!isWanted || project === undefined || run === undefined) return;
    let isCurrent = true;
    host.analyze({ project, run, analysis: 'currents', settings: {} }, JOB).then(
      (report) => isCurrent && setFound({ run, report }),
      (error: unknown) => isCurrent && setFound({ run, failure: asFailure(error) }),
    );
    return () => {
      isCurrent = false;
      host.cancel(JOB).catch(() => {});
    };
  }, [project, run, isWanted]);
  const own = found?.run === run ? found : undefined;
  const { report, failure } = own ?? {};
  return {
    ...(report ? { report } : {}),
    ...(failure ? { failure } : {}),
    isWaiting: isWanted && run !== undefined && !own,
    done: progress?.done ?? 0,
    doing: progress?.doing ?? '',
  };
}
