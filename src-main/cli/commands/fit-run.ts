// Follows a fit to its end with a progress bar; Ctrl-C stops it and keeps its checkpoint.

import type { RunRef } from '../../../src-worker/contract/api.ts';
import { Failure } from '../../../src-worker/contract/failure.ts';
import type { FitReport, MetricPoint, RunRecord } from '../../../src-worker/contract/run.ts';
import { CANCEL_CODE } from '../exit.ts';
import { duration, score } from '../format.ts';
import type { Session } from '../session.ts';
import { startProgress } from '../terminal.ts';

/** The newest validation score among the points, as text. */
function newest(points: readonly MetricPoint[]): string | undefined {
  const values = points.findLast(({ values: of }) => of.validationCoBps !== undefined || of.validationBitsPerSpike !== undefined)?.values;
  if (values === undefined) return undefined;
  return values.validationCoBps === undefined
    ? `${score(values.validationBitsPerSpike)} bits/spike`
    : `${score(values.validationCoBps)} co-bps`;
}

/** Waits until the run that `start` began has ended; throws its failure, or that it was stopped. */
export async function followRun(session: Session, project: string, start: () => Promise<RunRecord>): Promise<FitReport> {
  const { api, listen, terminal, signal } = session;
  signal.throwIfAborted();
  const early: RunRecord = await start();
  const ref: RunRef = { project, run: early.id };
  const bar = startProgress(terminal, early.model);
  let lastScore = '';
  const end = listen({
    run: (_, record, points, { step, steps, secondsLeft, after }) => {
      if (record.id !== ref.run || steps === 0) return;
      lastScore = newest(points) ?? lastScore;
      const left = secondsLeft === undefined ? undefined : `${duration(secondsLeft)} left`;
      bar.show(Math.min(step / steps, 1), [after ?? `step ${step} of ${steps}`, lastScore, left].filter(Boolean).join(', '));
    },
  });
  // What comes of it shows in how the run ends.
  const stop = () => void api.stopFit(ref).catch(() => {});
  signal.addEventListener('abort', stop);
  if (signal.aborted) stop();
  try {
    return reportOf(await api.waitForRun(ref), project);
  } finally {
    signal.removeEventListener('abort', stop);
    end();
    bar.end();
  }
}

/** The report of a finished run; anything else is a failure that says how to go on. */
export function reportOf(record: RunRecord, project: string): FitReport {
  if (record.state === 'finished' && record.report) return record.report;
  if (record.failure) throw new Failure(record.failure.code, record.failure.sentence, record.failure.hint);
  throw new Failure(
    CANCEL_CODE,
    `Run ${record.id} was stopped after step ${record.step}; its last checkpoint is kept.`,
    `orrery resume ${project} --run ${record.id} goes on from there.`,
  );
}
