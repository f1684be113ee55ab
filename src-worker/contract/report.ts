// What is written about a project: the methods of a run as text, and the report page.

import type { FilePath } from './api.ts';

/** A run as the methods section of a paper tells it; `[1]` in the text is the first of `references`. */
export interface Methods {
  /** Paragraphs with an empty line between. */
  readonly text: string;
  readonly references: readonly string[];
}

export interface ReportRequest {
  readonly project: FilePath;
  /** An .html file. */
  readonly out: FilePath;
}

export interface WrittenReport {
  readonly path: FilePath;
  readonly bytes: number;
  /** Runs that it shows in full: the best of each model and dataset. */
  readonly runs: readonly string[];
  readonly pictures: number;
}
