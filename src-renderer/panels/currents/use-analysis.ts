// What was analysed of the run in view, asked for once: it is kept in the project, and pictures draw on the same result.

import { useEffect, useState } from 'react';
import type { AnalysisReport } from '../../../src-worker/contract/api.ts';
import type { Failure } from '../../../src-worker/contract/failure.ts';
import { asFailure } from '../../../src-worker/contract/rpc.ts';
import type { Settings } from '../../../src-worker/contract/params.ts';
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

interface More {
  readonly settings?: Settings;
  /** Nothing is made where no result is kept. */
  readonly onlyKept?: boolean;
  /** The job's name, where one analysis is asked for twice. */
  readonly job?: string;
}

const none: Settings = {};

/** `analysis` as it stands without settings, unless some are given (which must stay the same object). */
export function useAnalysis(
  analysis: string,
  isWanted: boolean,
  { settings = none, onlyKept = false, job = `analysis ${analysis}` }: More = {},
): AskedAnalysis {
  const project = useStore((state) => state.project?.path);
  const run = useStore((state) => (state.run?.state === 'finished' ? state.run.id : undefined));
  const [found, setFound] = useState<{ readonly of: string; readonly report?: AnalysisReport; readonly failure?: Failure } | undefined>();
  const of = `${run} ${onlyKept}`;
  const progress = useProgress(job);
  useEffect(() => {
    if (!isWanted || project === undefined || run === undefined) return;
    let isCurrent = true;
    host.analyze({ project, run, analysis, settings, onlyKept }, job).then(
      (report) => isCurrent && setFound({ of, report }),
      (error: unknown) => isCurrent && setFound({ of, failure: asFailure(error) }),
    );
    return () => {
      isCurrent = false;
      host.cancel(job).catch(() => {});
    };
  }, [project, run, isWanted, analysis, settings, onlyKept, of, job]);
  const own = found?.of === of ? found : undefined;
  const { report, failure } = own ?? {};
  return {
    ...(report ? { report } : {}),
    ...(failure ? { failure } : {}),
    isWaiting: isWanted && run !== undefined && !own,
    done: progress?.done ?? 0,
    doing: progress?.doing ?? '',
  };
}
