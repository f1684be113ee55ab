// The network left alone on trials that judge it, beside the means of their conditions.

import type { Job } from '../../contract/job.ts';
import type { Dataset } from '../../dataset/index.ts';
import { TRAINING, trialsIn } from '../../dataset/index.ts';
import { judgingTrials } from '../../metrics/report.ts';
import { conditionMeans } from '../../models/constrained/averages.ts';
import { explained } from '../../models/constrained/network.ts';
import type { TestedNetwork } from '../../models/tested.ts';
import { inUnit, sharedBins, shownTrials } from './rows.ts';

/** Averages of judging trials beside free runs. */
export async function judgedRuns(network: TestedNetwork, dataset: Dataset, job: Job) {
  const { trials, perAverage } = shownTrials(dataset, 'judging');
  const { rows, found } = await network.follow(trials, { perAverage }, job);
  const bins = sharedBins(rows);
  const { transform } = network.outputs;
  const judging = judgingTrials(dataset).length > 0;
  const scored = explained(rows, found);
  const means = judging ? explained(rows, conditionMeans(network.recorded(trialsIn(dataset, TRAINING)), rows)) : undefined;
  return {
    rows: rows.rows,
    bins,
    judging,
    conditions: rows.conditions,
    data: inUnit(rows, rows.values, bins, transform),
    found: inUnit(rows, found, bins, transform),
    pVar: scored.pVar,
    perUnit: scored.perUnit,
    conditionMean: means?.pVar,
    meanPerUnit: means?.perUnit,
  };
}
