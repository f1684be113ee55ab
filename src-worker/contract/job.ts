// What every long piece of work is given: a way to be cancelled, to report, and the two things that make it reproducible.

export interface Job {
  readonly signal: AbortSignal;
  /** Reports the share done, 0 to 1, with an optional word on what is under way; awaiting it lets a waiting cancel through. */
  progress(done: number, doing?: string): Promise<void>;
  readonly seed: number;
  readonly threads: number;
}
