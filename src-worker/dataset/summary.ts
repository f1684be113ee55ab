// What a dataset is and what may be wrong with it, in numbers and sentences, before anything is fitted.

import type { DatasetSummary } from '../contract/dataset.ts';
import { minus } from '../contract/minus.ts';
import type { LeftOut } from '../contract/run.ts';
import { type Dataset, TEST, TRAINING, VALIDATION } from './dataset.ts';
import { groupingColumns } from './columns.ts';
import { duplicateUnits } from './duplicates.ts';

const FEW_TRIALS = 50;
/** Pairs of units sorted twice that are named, each in a sentence. */
const MOST_PAIRS = 6;

export interface Found {
  readonly left: readonly LeftOut[];
  readonly notes: readonly string[];
  readonly areCounts: boolean;
}

export function summaryOf(dataset: Omit<Dataset, 'summary'>, { left, notes, areCounts }: Found): DatasetSummary {
  const { counts, trials, bins, units, edgesMs, split, heldOut, truth, conditions } = dataset;
  const ofSplit = (code: number, condition?: number): number =>
    split.reduce(
      (sum, part, trial) => sum + (part === code && (condition === undefined || conditions?.of[trial] === condition) ? 1 : 0),
      0,
    );
  let [empty, seen, spikes] = [0, 0, 0];
  for (let row = 0; row < trials * bins; row++) {
    if (dataset.observed && !dataset.observed[row]) continue;
    for (let u = 0; u < units; u++) {
      const count = counts[row * units + u];
      seen++;
      spikes += count;
      if (count === 0) empty++;
    }
  }
  const signals = (dataset.external?.values.length ?? 0) + dataset.behaviors.reduce((sum, { values }) => sum + values.length, 0);
  return {
    hash: dataset.hash,
    trials,
    bins,
    units,
    binMs: dataset.binMs,
    windowMs: [edgesMs[0], edgesMs[bins]],
    event: dataset.event,
    emptyShare: seen > 0 ? empty / seen : 0,
    spikes: areCounts ? spikes : 0,
    conditions: (conditions?.names ?? []).map((name, k) => ({
      name,
      training: ofSplit(TRAINING, k),
      validation: ofSplit(VALIDATION, k),
      test: ofSplit(TEST, k),
    })),
    trainingTrials: ofSplit(TRAINING),
    validationTrials: ofSplit(VALIDATION),
    testTrials: ofSplit(TEST),
    heldOutUnits: heldOut.reduce((sum, is) => sum + is, 0),
    bytes: 4 * (counts.length + (truth?.length ?? 0) + signals),
    left,
    warnings: [...notes, ...warningsOf(dataset, areCounts ? spikes : undefined)],
    duplicates: areCounts ? duplicateRows(dataset) : [],
    hasTruth: truth !== undefined,
    behaviors: dataset.behaviors.map(({ name }) => name),
    externals: dataset.external?.channels ?? [],
    unitColumns: (dataset.unitColumns ?? []).map(({ name }) => name),
    groupingColumns: groupingColumns(dataset.unitColumns ?? []),
  };
}

function duplicateRows(dataset: Omit<Dataset, 'summary'>): readonly (readonly [number, number])[] {
  const { counts, units, unitRows } = dataset;
  const spikesOf = (unit: number): number => {
    let sum = 0;
    for (let at = unit; at < counts.length; at += units) sum += counts[at];
    return sum;
  };
  return duplicateUnits(dataset).map(({ a, b }) => (spikesOf(a) < spikesOf(b) ? [unitRows[b], unitRows[a]] : [unitRows[a], unitRows[b]]));
}

/** Observed bins of all training trials. */
const trainingBins = ({ split, bins, observed }: Omit<Dataset, 'summary'>): number =>
  observed
    ? observed.reduce((sum, seen, row) => sum + (split[Math.floor(row / bins)] === TRAINING ? seen : 0), 0)
    : bins * split.reduce((sum, part) => sum + Number(part === TRAINING), 0);

const few = (rows: readonly number[]): string => `${rows.slice(0, 8).join(', ')}${rows.length > 8 ? ' …' : ''}`;

function warningsOf(dataset: Omit<Dataset, 'summary'>, spikes: number | undefined): readonly string[] {
  const { trials, units, conditions, trialRows, unitRows } = dataset;
  const warnings: string[] = [];
  if (trials > 1 && trials < FEW_TRIALS) warnings.push(`Only ${trials} trials: below about ${FEW_TRIALS}, fits differ from seed to seed.`);
  const samples = trainingBins(dataset);
  if (samples < units)
    warnings.push(
      `Training trials hold only ${samples} bins for ${units} units: a model learns them by heart; choose fewer units, narrower bins, a longer window or more trials.`,
    );
  if (spikes !== undefined && spikes / trials / units < 1)
    warnings.push(
      `Only ${(spikes / trials / units).toPrecision(2)} spikes per unit and trial: below one, single trials say little about rates.`,
    );
  const without = conditions ? Array.from(trialRows).filter((_, trial) => conditions.of[trial] < 0) : [];
  if (conditions && without.length > 0)
    warnings.push(
      without.length === 1
        ? `The trial in row ${without[0]} has no ${conditions.label} and stays in the fit.`
        : `${without.length} trials have no ${conditions.label} and stay in the fit (rows ${few(without)}).`,
    );
  const pairs = spikes === undefined ? [] : duplicateUnits(dataset);
  for (const { a, b, correlation } of pairs.slice(0, MOST_PAIRS))
    warnings.push(
      `Units in rows ${unitRows[a]} and ${unitRows[b]} look like one unit sorted twice (correlation of counts ${minus(correlation.toFixed(2))}): leave one out.`,
    );
  const more = pairs.length - MOST_PAIRS;
  if (more > 0) warnings.push(`${more} more ${more === 1 ? 'pair of units looks' : 'pairs of units look'} like one unit sorted twice.`);
  return warnings;
}
