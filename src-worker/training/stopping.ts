// Which step's weights are kept, and when to stop: the lowest smoothed validation score from a first step on, and patience after it.

/** Plain data, so that it travels in a checkpoint; numbers that are not there yet are undefined. */
export interface Watch {
  readonly smoothed?: number;
  readonly best?: number;
  readonly bestStep: number;
}

/** `0.3 · previous + 0.7 · current`, and whether the step is the best so far. Scores count from `firstStep` on; lower is better. */
export function watched(watch: Watch, step: number, score: number, firstStep: number): { readonly watch: Watch; readonly isBest: boolean } {
  const smoothed = watch.smoothed === undefined ? score : 0.3 * watch.smoothed + 0.7 * score;
  const isBest = step >= firstStep && (watch.best === undefined || smoothed < watch.best);
  return { watch: isBest ? { smoothed, best: smoothed, bestStep: step } : { ...watch, smoothed }, isBest };
}

/** Whether `patience` steps have passed since the best one, or since the first that could be it. */
export const exhausted = (watch: Watch, step: number, firstStep: number, patience: number): boolean =>
  step - Math.max(watch.bestStep, firstStep) >= patience;
