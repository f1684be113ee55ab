// What an exporter declares: it writes a run's outputs with everything that names their axes, and reads them back.

import type { Job } from '../contract/job.ts';
import type { Params, Values } from '../contract/params.ts';
import type { Arrays } from '../contract/result.ts';
import type { RunRecord } from '../contract/run.ts';
import type { Dataset } from '../dataset/dataset.ts';

export interface Exported {
  readonly run: RunRecord;
  readonly dataset: Dataset;
  readonly recordingPath: string;
  /** rates (Hz), factors, inputs, initialConditions …: every output of the run, all trials of the dataset in order. */
  readonly outputs: Arrays;
}

export interface Exporter<P extends Params = Params> {
  readonly id: string;
  readonly title: string;
  readonly version: number;
  readonly about: string;
  readonly extension: string;
  readonly params: P;
  /** Writes beside, reads back, compares, and only then renames to `path`. Answers with the lines that load it, by language. */
  write(
    what: Exported,
    path: string,
    params: Values<P>,
    job: Job,
  ): Promise<{
    readonly files: readonly string[];
    readonly load: readonly { readonly language: 'Python' | 'MATLAB'; readonly lines: string }[];
  }>;
}

export const defineExporter = <const P extends Params>(exporter: Exporter<P>): Exporter<P> => exporter;
