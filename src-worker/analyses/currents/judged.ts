// The network started and left alone on trials that judge it, and the recording as it was before it was smoothed.

import type { Dataset } from '../../dataset/index.ts';
import { conditionMeans } from '../../models/constrained/averages.ts';
import { explained, freeRun } from '../../models/constrained/network.ts';
import type { ConstrainedRun } from '../analysis.ts';
import { inHz, sharedBins, shownTrials } from './rows.ts';

/** Condition averages of judging trials beside free runs from their first bin. */
export function judgedRuns({ fitted, model, resolved }: ConstrainedRun, dataset: Dataset) {
  const { trials, perAverage } = shownTrials(dataset, 'judging');
  const rows = model.activity(dataset, fitted, resolved, trials, perAverage);
  const bins = sharedBins(rows);
  const found = freeRun(fitted.network, rows).values;
  const training = model.trainingTrials(dataset);
  const judging = !trials.every((trial) => training.includes(trial));
  const scored = explained(rows, found);
  const means = judging ? explained(rows, conditionMeans(model.activity(dataset, fitted, resolved, training), rows)) : undefined;
  return {
    rows: rows.rows,
    bins,
    judging,
    conditions: rows.conditions,
    data: inHz(rows, rows.values, bins, fitted.transform),
    found: inHz(rows, found, bins, fitted.transform),
    pVar: scored.pVar,
    perUnit: scored.perUnit,
    conditionMean: means?.pVar,
    meanPerUnit: means?.perUnit,
  };
}

/** Averages before smoothing, rows × bins × units, Hz. */
export function recorded(
  dataset: Dataset,
  { fitted, model, resolved }: ConstrainedRun,
  training: ReturnType<typeof shownTrials>,
  bins: number,
): Float64Array {
  const plain = { ...resolved, sdMs: { value: 0, reason: 'as recorded' } };
  const rows = model.activity(dataset, fitted, plain, training.trials, training.perAverage);
  return inHz(rows, rows.values, bins, fitted.transform);
}

export const turned = (rows: ReturnType<ConstrainedRun['model']['activity']>, bins: number): Float64Array => {
  const one = { scale: new Float64Array(rows.units).fill(1), offset: new Float64Array(rows.units) };
  return inHz(rows, rows.values, bins, one);
};
