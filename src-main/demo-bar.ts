// The demo's bar: what a fit of the sample recording must reach (sample recording's known truth and pushed trials).

import type { FitReport } from '../src-worker/contract/run.ts';
import { score } from './cli/format.ts';

/** What a fit that works reaches with ease: R² to the true rates, its lead over smoothing, AUC of pushed against other trials. */
export const BAR = { r2Truth: 0.88, lead: 0.2, auc: 0.85 };

export interface Scores {
  readonly bitsPerSpike: number;
  readonly r2Truth: number;
  readonly r2Smoothing: number;
  readonly perturbationAuc: number;
}

/** What the demo is judged by, out of a fit's report; NaN where it is missing. */
export const scoresOf = ({ bitsPerSpike = NaN, r2Truth = NaN, baselines, diagnostics }: FitReport): Scores => ({
  bitsPerSpike,
  r2Truth,
  r2Smoothing: baselines.smoothing?.r2Truth ?? NaN,
  perturbationAuc: diagnostics.perturbationAuc ?? NaN,
});

/** What R² must reach, given that of smoothing. */
export const barOfR2 = (r2Smoothing: number): number => Math.max(BAR.r2Truth, r2Smoothing + BAR.lead);

/** What stays below the bar, as sentences; a score that is missing does. */
export function belowTheBar({ r2Truth, r2Smoothing, perturbationAuc }: Scores): readonly string[] {
  return [
    { holds: r2Truth >= BAR.r2Truth, says: `R² to the true rates is ${score(r2Truth)}, below ${BAR.r2Truth}` },
    {
      holds: r2Truth >= r2Smoothing + BAR.lead,
      says: `R² to the true rates is ${score(r2Truth)}, less than ${BAR.lead} above smoothing’s ${score(r2Smoothing)}`,
    },
    { holds: perturbationAuc >= BAR.auc, says: `AUC of pushed trials is ${score(perturbationAuc)}, below ${BAR.auc}` },
  ]
    .filter(({ holds }) => !holds)
    .map(({ says }) => says);
}
