// The time that panels share, read off a picture of trajectories.

import type { Line, Mark, Scene } from '../../src-worker/scene/scene.ts';

/** Edges of the first and last bin, ms, and the width of a bin. */
export interface TimeRange {
  readonly from: number;
  readonly to: number;
  readonly binMs: number;
}

/** A line that time runs along: a ring of spread has one time all round. */
const isPath = (mark: Mark): mark is Line => mark.kind === 'line' && (mark.timeMs?.[1] ?? 0) > (mark.timeMs?.[0] ?? 0);

export function timeRange(scene: Scene | undefined): TimeRange | undefined {
  const times = scene?.marks.find(isPath)?.timeMs;
  if (!times) return undefined;
  const binMs = times[1]! - times[0]!;
  return { from: times[0]! - binMs / 2, to: times.at(-1)! + binMs / 2, binMs };
}
