// An analysis that tests recovery. Where that takes minutes it is begun by the user alone: until then the analysis stands without it.

import { createContext, useState } from 'react';
import type { Failure } from '../../../src-worker/contract/failure.ts';
import type { Settings } from '../../../src-worker/contract/params.ts';
import { useStore } from '../../state/store.ts';
import { type AskedAnalysis, useAnalysis } from './use-analysis.ts';

/** What leaves recovery out. */
export const untestedSettings: Settings = { recoveries: 0 };

/** Whether pictures are drawn of what was not tested for recovery. */
export const Untested = createContext(false);

/** Recovery that was not tested. */
export interface UntestedRecovery {
  /** Of the test that is under way. */
  readonly test?: { readonly done: number; readonly doing: string };
  /** What kept a test from its end. */
  readonly failure?: Failure;
  begin(): void;
  stop(): void;
}

export interface TestedAnalysis extends AskedAnalysis {
  readonly untested?: UntestedRecovery;
}

export function useTested(analysis: string, isWanted: boolean): TestedAnalysis {
  const run = useStore((state) => state.run);
  const isLong = useStore((state) => state.catalogue?.models.find(({ id }) => id === state.run?.model)?.testsLong === true);
  const [begun, setBegun] = useState<{ readonly run: string; readonly isGoing: boolean } | undefined>();
  const [failed, setFailed] = useState<{ readonly run: string; readonly failure: Failure } | undefined>();
  const isTesting = isLong && begun?.isGoing === true && begun.run === run?.id;
  const whole = useAnalysis(analysis, isWanted, { onlyKept: isLong && !isTesting });
  const isUntested = isLong && !whole.report && ((begun !== undefined && begun.run === run?.id) || whole.failure?.code === 'not-kept');
  const quick = useAnalysis(analysis, isWanted && isUntested, { settings: untestedSettings, job: `analysis ${analysis} without recovery` });
  if (isTesting && whole.failure && run) {
    setFailed({ run: run.id, failure: whole.failure });
    setBegun({ run: run.id, isGoing: false });
  }
  if (!isUntested) return whole;
  return {
    ...quick,
    untested: {
      ...(isTesting && { test: { done: whole.done, doing: whole.doing } }),
      ...(failed && failed.run === run?.id && { failure: failed.failure }),
      begin() {
        setFailed(undefined);
        if (run) setBegun({ run: run.id, isGoing: true });
      },
      stop() {
        if (run) setBegun({ run: run.id, isGoing: false });
      },
    },
  };
}
