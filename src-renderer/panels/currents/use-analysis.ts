// What was analysed of the run in view, asked for once: it is kept in the project, and pictures draw on the same result.

import { useEffect, useState } from 'react';
import type { AnalysisReport } from '../../../src-worker/contract/api.ts';
import type { Failure } from '../../../src-worker/contract/failure.ts';
import { asFailure } from '../../../src-worker/contract/rpc.ts';
import { host } from '../../state/connection.ts';
import { useProgress } from '../../state/progress.ts';
import { useStore } from '../../state/store.ts';

export interface AskedAnalysis {
  readonly report?: AnalysisReport;
  readonly failure?: Failure;
  readonly isWaiting: boolean;
  readonly done: number;
  readonly doing: string;
}

/** `analysis` as it stands without settings. */
export function useAnalysis(analysis: string, isWanted: boolean): AskedAnalysis {
  const job = `analysis ${analysis}`;
  const project = useStore((state) => state.project?.path);
  const run = useStore((state) => (state.run?.state === 'finished' ? state.run.id : undefined));
  const [found, setFound] = useState<{ readonly run: string; readonly report?: AnalysisReport; readonly failure?: Failure } | undefined>();
  const progress = useProgress(job);
  useEffect(() => {
    if (!isWanted || project === undefined || run === undefined) return;
    let isCurrent = true;
    host.analyze({ project, run, analysis, settings: {} }, job).then(
      (report) => isCurrent && setFound({ run, report }),
      (error: unknown) => isCurrent && setFound({ run, failure: asFailure(error) }),
    );
    return () => {
      isCurrent = false;
      host.cancel(job).catch(() => {});
    };
  }, [project, run, isWanted, analysis, job]);
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
