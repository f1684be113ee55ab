// How scores of baselines stand beside those of a fit, in the window and on the command line.

import type { BaselineScores } from './run.ts';

/** Smoothing sees the spikes of the units it predicts: on held-in units its number stands beside nobody's. */
export function comparable(id: string, scores: BaselineScores): BaselineScores {
  const { bitsPerSpike: _, perUnit: _units, ...others } = scores;
  return id === 'smoothing' ? others : scores;
}
