// What every data-constrained network asks about the activity it is fitted to: smoothing, averaging, the network's range, regions.

import { defineParams } from '../../contract/params.ts';
import type { Chosen } from '../../contract/run.ts';
import { type Dataset, holdsRates, TRAINING, trialsIn } from '../../dataset/index.ts';
import { chosenBy, type Resolved } from './resolved.ts';

/** Spikes are smoothed with this s.d., and as many trials averaged, unless told otherwise. */
const SPIKES_SD_MS = 30;
const TRIALS_PER_AVERAGE = 5;

export const activityParams = defineParams({
  sdMs: {
    kind: 'number',
    label: 'Smoothing (s.d.)',
    help: 'Standard deviation of the Gaussian kernel that turns spikes into rates; 25 to 50 ms is usual, 0 takes the values as they are',
    unit: 'ms',
    min: 0,
    tier: 'common',
    group: 'Activity',
  },
  trialsPerAverage: {
    kind: 'number',
    label: 'Trials per average',
    help: 'So many trials of a condition are averaged before the fit: 1 keeps single trials, 0 averages all of a condition',
    min: 0,
    integer: true,
    unit: 'trials',
    tier: 'common',
    group: 'Activity',
  },
  scale: {
    kind: 'choice',
    label: 'Range',
    help: 'How activity gets into the range of the nonlinearity: each unit by its own maximum (a little more for weak units), all by one, or not at all',
    choices: ['unit', 'global', 'none'],
    tier: 'common',
    group: 'Activity',
  },
  centre: {
    kind: 'switch',
    label: 'Take means away',
    help: 'Takes each unit’s mean over training away before it is scaled; then the network makes deviations from it',
    default: false,
    tier: 'occasional',
    group: 'Activity',
  },
  regions: {
    kind: 'text',
    label: 'Regions',
    help: 'Column of units that says which region each belongs to, by a name or a whole number: in a file of arrays any list with one entry for each unit; the areas of the recording unless set',
    offer: 'region-columns',
    tier: 'occasional',
    group: 'Activity',
  },
  leastUnits: {
    kind: 'number',
    label: 'Smallest region',
    help: 'Regions with fewer units than this are left out where others remain',
    default: 5,
    min: 1,
    integer: true,
    unit: 'units',
    tier: 'occasional',
    group: 'Activity',
  },
});

/** Activity that fills less of the network's range is scaled: so close to 0 its nonlinearity is none. */
const LEAST_OF_RANGE = 0.2;

/** Values of these parameters for a dataset. */
export function resolveActivity(
  dataset: Dataset,
  settings: Readonly<Record<string, unknown>>,
): Record<keyof typeof activityParams, Chosen> {
  const chosen = chosenBy(settings);
  const rates = holdsRates(dataset);
  const largest = rates ? dataset.counts.reduce((most, value) => Math.max(most, Math.abs(value)), 0) : 0;
  const within = largest >= LEAST_OF_RANGE && largest < 1;
  const fewest = fewestOfCondition(dataset);
  return {
    sdMs: chosen('sdMs', rates ? [0, 'Rates: the values are continuous already'] : [SPIKES_SD_MS, 'Usual: for spikes']),
    trialsPerAverage: chosen(
      'trialsPerAverage',
      rates || fewest === undefined
        ? [1, rates ? 'Rates: the values are continuous already' : 'Single trials: there are no conditions to average over']
        : [Math.min(TRIALS_PER_AVERAGE, Math.max(1, fewest)), 'Few: smoothed single trials are mostly noise'],
    ),
    scale: chosen(
      'scale',
      within ? ['none', 'In range: the values lie within −1 and 1 already'] : ['unit', 'Alike: weak and strong units count as much'],
    ),
    centre: chosen('centre', [false, 'As it is: activity keeps its size']),
    regions: chosen('regions', ['area', 'Its areas: those of the recording']),
    leastUnits: chosen('leastUnits', [activityParams.leastUnits.default, 'Usual: currents of fewer units are those of single neurons']),
  };
}

/** Training trials of the rarest condition that has any; undefined without conditions. */
function fewestOfCondition(dataset: Dataset): number | undefined {
  const { conditions } = dataset;
  if (!conditions) return undefined;
  const counts = new Int32Array(conditions.names.length);
  for (const trial of trialsIn(dataset, TRAINING)) if (conditions.of[trial] >= 0) counts[conditions.of[trial]]++;
  const some = counts.filter((count) => count > 0);
  return some.length > 0 ? Math.min(...some) : undefined;
}

export type ActivityChoices = {
  readonly sdMs: number;
  readonly trialsPerAverage: number;
  readonly scale: 'unit' | 'global' | 'none';
  readonly centre: boolean;
  readonly regions: string;
  readonly leastUnits: number;
};

export const activityChoices = (resolved: Resolved): ActivityChoices => ({
  sdMs: Number(resolved.sdMs.value),
  trialsPerAverage: Number(resolved.trialsPerAverage.value),
  scale: resolved.scale.value as ActivityChoices['scale'],
  centre: resolved.centre.value === true,
  regions: String(resolved.regions.value),
  leastUnits: Number(resolved.leastUnits.value),
});
