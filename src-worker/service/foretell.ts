// How long a run will take: its dataset, the fit as its model foretells it, outputs of every trial, and scores of the baselines that it is held against.

import type { Dataset } from '../dataset/dataset.ts';
import { foretellBaselines } from '../metrics/report.ts';
import type { Foretold, Model } from '../models/model.ts';
import { paceFor } from '../training/rehearsal.ts';
import { comparedTrials } from './trust.ts';

/** Where a run is to be fitted, and what of it is known. */
interface Here {
  readonly threads: number;
  readonly device: string;
  /** Baselines of the dataset are known. */
  readonly isScored: boolean;
  /** Seconds that making the dataset took. */
  readonly reading: number;
}

/** What the fit will cost, its seconds from the beginning to the report; undefined where the model foretells nothing. */
export async function foretellRun(
  model: Model,
  dataset: Dataset,
  resolved: Parameters<NonNullable<Model['foretell']>>[1],
  { threads, device, isScored, reading }: Here,
): Promise<Omit<Foretold, 'outputSeconds'> | undefined> {
  const told = await model.foretell?.(dataset, resolved, threads, device);
  if (!told) return undefined;
  const { outputSeconds = 0, ...fit } = told;
  const outputs = dataset.trials + (model.withoutInputs ? comparedTrials(dataset).length : 0);
  const scores = isScored ? 0 : await paceFor(['baselines', dataset.hash], () => foretellBaselines(dataset));
  return { ...fit, seconds: reading + fit.seconds + outputs * outputSeconds + scores };
}
