// The activity that a data-constrained network is fitted to: smoothed, averaged over a few trials of a condition, and brought into the range
// of the nonlinearity by a transformation that is kept and undone in every output.

import { Failure } from '../../contract/failure.ts';
import { minus } from '../../contract/minus.ts';
import { type Dataset, holdsRates, ofTrials, TRAINING, trialsIn, unitsWhere } from '../../dataset/index.ts';
import { smoothBins } from '../../numerics/smoothing.ts';
import { hzPerValue } from '../baseline.ts';
import type { ActivityChoices } from './params.ts';
import { largeRegions, regionsOf } from './regions.ts';

/** Activity in the network's units: (Hz − offset) / scale of each unit. */
export interface Transform {
  readonly scale: Float64Array;
  readonly offset: Float64Array;
}

/** Rows of activity, each a trial or an average of trials; a row holds its first `lengths` bins. */
export interface Activity {
  readonly rows: number;
  readonly bins: number;
  readonly units: number;
  readonly binMs: number;
  /** rows × bins × units. */
  readonly values: Float64Array;
  readonly lengths: Int32Array;
  /** Trials averaged in each row, and their condition, −1 for none. */
  readonly averaged: Int32Array;
  readonly conditions: Int32Array;
  /** rows × bins × inputs of external inputs. */
  readonly inputs: Float64Array;
  readonly inputCount: number;
}

/** What is fixed by a dataset's training trials. */
export interface Prepared {
  /** Places in the dataset of the network's units. */
  readonly places: Int32Array;
  readonly transform: Transform;
  /** Mean activity of every unit of the dataset over training, Hz. */
  readonly means: Float64Array;
  readonly notes: readonly string[];
}

/** Softens division by a weak unit's maximum: Hz for spikes, a share of the median maximum otherwise. */
const SOFTENING_HZ = 5;
const SOFTENING_SHARE = 0.1;
/** Largest activity after scaling by the maximum of all. */
const LARGEST = 0.999;

const namesOf = (rows: readonly number[]): string => `${rows.slice(0, 12).join(', ')}${rows.length > 12 ? ' …' : ''}`;

/** Smoothed activity of some trials, trials × bins × units of the dataset, Hz (or the unit of continuous activity). */
export function smoothedHz(dataset: Dataset, trials: Int32Array, sdMs: number): Float64Array {
  const { bins, units, observed, binMs } = dataset;
  const own = ofTrials(dataset.counts, trials, bins * units);
  const hz = hzPerValue(dataset);
  const smooth =
    sdMs > 0
      ? smoothBins(own, trials.length, bins, units, sdMs / binMs, { observed: observed && ofTrials(observed, trials, bins) })
      : Float64Array.from(own);
  if (hz !== 1) for (let i = 0; i < smooth.length; i++) smooth[i] *= hz;
  return smooth;
}

/** Trials that are averaged together: chunks of a condition's trials, as even as they come; trials without one stay alone. */
export function groupsOf({ conditions }: Pick<Dataset, 'conditions'>, trials: Int32Array, perAverage: number): readonly Int32Array[] {
  if (!conditions || perAverage === 1) return Array.from(trials, (trial) => Int32Array.of(trial));
  const groups: Int32Array[] = [];
  for (let c = 0; c < conditions.names.length; c++) {
    const own = trials.filter((trial) => conditions.of[trial] === c);
    if (own.length === 0) continue;
    const chunks = perAverage === 0 ? 1 : Math.max(1, Math.round(own.length / perAverage));
    for (let k = 0; k < chunks; k++)
      groups.push(own.slice(Math.floor((k * own.length) / chunks), Math.floor(((k + 1) * own.length) / chunks)));
  }
  const without = trials.filter((trial) => conditions.of[trial] < 0);
  return groups.length > 0 ? groups : Array.from(without, (trial) => Int32Array.of(trial));
}

/**
 * Rows of smoothed activity of the network's units. A row ends before the first bin that any of its trials misses; rows with fewer bins than
 * `least` are left out.
 */
export function activityRows(
  dataset: Dataset,
  { places, transform }: Pick<Prepared, 'places' | 'transform'>,
  groups: readonly Int32Array[],
  sdMs: number,
  least = 2,
): Activity {
  const { bins, units, observed, external, binMs } = dataset;
  const inputCount = external?.channels.length ?? 0;
  const lengthOf = (trial: number): number => {
    const stop = observed ? observed.subarray(trial * bins, (trial + 1) * bins).indexOf(0) : -1;
    return stop < 0 ? bins : stop;
  };
  const lengthsOf = groups.map((group) => group.reduce((least, trial) => Math.min(least, lengthOf(trial)), bins));
  const kept = groups.filter((_, k) => lengthsOf[k] >= least);
  const n = places.length;
  const values = new Float64Array(kept.length * bins * n);
  const inputs = new Float64Array(kept.length * bins * inputCount);
  for (const [row, group] of kept.entries()) {
    const hz = smoothedHz(dataset, group, sdMs);
    for (let t = 0; t < bins; t++) {
      for (let i = 0; i < n; i++) {
        let sum = 0;
        for (let k = 0; k < group.length; k++) sum += hz[(k * bins + t) * units + places[i]];
        values[(row * bins + t) * n + i] = (sum / group.length - transform.offset[i]) / transform.scale[i];
      }
      if (!external) continue;
      for (let c = 0; c < inputCount; c++) {
        let sum = 0;
        for (const trial of group) sum += external.values[(trial * bins + t) * inputCount + c] || 0;
        inputs[(row * bins + t) * inputCount + c] = sum / group.length;
      }
    }
  }
  return {
    rows: kept.length,
    bins,
    units: n,
    binMs,
    values,
    lengths: Int32Array.from(lengthsOf.filter((length) => length >= least)),
    averaged: Int32Array.from(kept, (group) => group.length),
    conditions: Int32Array.from(kept, ([trial]) => dataset.conditions?.of[trial] ?? -1),
    inputs,
    inputCount,
  };
}

/** Units and transformation by the training trials. Throws a Failure for units that no network can be fitted to. */
export function prepare(dataset: Dataset, choices: ActivityChoices): Prepared {
  const training = trialsIn(dataset, TRAINING);
  const all = smoothedHz(dataset, training, choices.sdMs);
  const heldIn = unitsWhere(dataset, false);
  const { units: places, left } = largeRegions(regionsOf(dataset, choices.regions), heldIn, choices.leastUnits);
  if (places.length < 2)
    throw new Failure('one-unit', 'Only one unit is left for the network.', 'Widen --units, hold fewer out, or lower --least-units.');
  const rows = activityRows(dataset, asItIs(dataset), groupsOf(dataset, training, choices.trialsPerAverage), choices.sdMs);
  checkUnits(dataset, rows, places);
  const means = new Float64Array(dataset.units);
  for (let i = 0; i < all.length; i++) means[i % dataset.units] += all[i];
  for (let u = 0; u < means.length; u++) means[u] /= all.length / dataset.units;
  const notes = left.map(({ region, units }) => `${region} has ${units === 1 ? 'only 1 unit' : `only ${units} units`} and is left out.`);
  return { places, transform: transformOf(dataset, rows, places, choices), means, notes };
}

/** All units, without a transformation. */
const asItIs = ({ units }: Dataset): Pick<Prepared, 'places' | 'transform'> => ({
  places: Int32Array.from({ length: units }, (_, unit) => unit),
  transform: { scale: new Float64Array(units).fill(1), offset: new Float64Array(units) },
});

/** Throws a Failure for units that are constant over training, and for two that are one. */
export function requireDistinctUnits(dataset: Dataset): void {
  const whole = asItIs(dataset);
  checkUnits(dataset, activityRows(dataset, whole, groupsOf(dataset, trialsIn(dataset, TRAINING), 1), 0), whole.places);
}

/** Calls `visit` with every value of a unit that was recorded. */
function eachValue({ rows, bins, units, values, lengths }: Activity, unit: number, visit: (value: number) => void): void {
  for (let row = 0; row < rows; row++) for (let t = 0; t < lengths[row]; t++) visit(values[(row * bins + t) * units + unit]);
}

/** The transformation of these units, whatever they are. */
export const transformFor = (dataset: Dataset, places: Int32Array, choices: ActivityChoices): Transform =>
  transformOf(
    dataset,
    activityRows(dataset, asItIs(dataset), groupsOf(dataset, trialsIn(dataset, TRAINING), choices.trialsPerAverage), choices.sdMs),
    places,
    choices,
  );

function transformOf(dataset: Dataset, rows: Activity, places: Int32Array, { scale, centre }: ActivityChoices): Transform {
  const offset = Float64Array.from(places, (unit) => {
    if (!centre) return 0;
    let [sum, count] = [0, 0];
    eachValue(rows, unit, (value) => {
      sum += value;
      count++;
    });
    return sum / count;
  });
  const largest = Float64Array.from(places, (unit, i) => {
    let most = 0;
    eachValue(rows, unit, (value) => {
      most = Math.max(most, Math.abs(value - offset[i]));
    });
    return most;
  });
  if (scale === 'none') return { scale: new Float64Array(places.length).fill(1), offset };
  if (scale === 'global') return { scale: new Float64Array(places.length).fill(Math.max(...largest) / LARGEST), offset };
  const median = Float64Array.from(largest).sort()[Math.floor(largest.length / 2)];
  const softening = holdsRates(dataset) ? SOFTENING_SHARE * median : SOFTENING_HZ;
  return { scale: largest.map((most) => most + softening), offset };
}

/** Throws a Failure for constant units and for two units that are one. */
function checkUnits(dataset: Dataset, rows: Activity, places: Int32Array): void {
  const samples = rows.lengths.reduce((sum, length) => sum + length, 0);
  if (samples < 2)
    throw new Failure('too-few-samples', 'The training trials hold fewer than two bins.', 'Choose a longer window or more trials.');
  const columns = Array.from(places, (unit) => {
    const own = new Float64Array(samples);
    let [at, sum] = [0, 0];
    eachValue(rows, unit, (value) => {
      own[at++] = value;
      sum += value;
    });
    let size = 0;
    for (let k = 0; k < samples; k++) {
      own[k] -= sum / samples;
      size += own[k] * own[k];
    }
    const flat = size <= 1e-20 * samples * Math.max(1e-300, (sum / samples) ** 2);
    if (!flat) for (let k = 0; k < samples; k++) own[k] /= Math.sqrt(size);
    return flat ? undefined : own;
  });
  const constant = Array.from(places.keys())
    .filter((i) => !columns[i])
    .map((i) => dataset.unitRows[places[i]]);
  if (constant.length === places.length)
    throw new Failure(
      'constant-units',
      `All ${places.length} units are constant over training.`,
      'Check the event, the window and the array that is fitted.',
    );
  if (constant.length > 0)
    throw new Failure(
      'constant-units',
      `${constant.length === 1 ? `The unit in row ${constant[0]} is` : `${constant.length} units (rows ${namesOf(constant)}) are`} constant over training.`,
      `Leave ${constant.length === 1 ? 'it' : 'them'} out: --leave-out-units ${constant.join(',')}.`,
    );
  const twins: (readonly [number, number])[] = [];
  const order = Array.from(places.keys()).sort((a, b) => (columns[a]?.[0] ?? 0) - (columns[b]?.[0] ?? 0) || a - b);
  // Equal columns begin alike, so only those that follow with the same first value can be.
  const begins = (k: number): number => columns[order[k]]?.[0] ?? Number.NaN;
  for (let k = 0; k < order.length; k++)
    for (let other = k + 1; begins(other) - begins(k) < 1e-12; other++) {
      const [a, b] = [columns[order[k]], columns[order[other]]];
      if (a?.every((value, t) => Math.abs(value - (b?.[t] ?? 0)) < 1e-9))
        twins.push([order[k], order[other]].sort((x, y) => x - y) as [number, number]);
    }
  if (twins.length === 0) return;
  const [first] = twins;
  const spare = [...new Set(twins.map(([, b]) => dataset.unitRows[places[b]]))].sort((a, b) => a - b);
  throw new Failure(
    'duplicate-units',
    `The units in rows ${dataset.unitRows[places[first[0]]]} and ${dataset.unitRows[places[first[1]]]} have the same activity${twins.length > 1 ? `, and ${twins.length - 1} more pairs` : ''}.`,
    `Leave ${twins.length === 1 ? 'one of them' : 'one of each pair'} out: --leave-out-units ${spare.join(',')}.`,
  );
}

/** Throws a Failure where the samples are fewer than the weights onto one unit: then weights cannot be told apart. */
export function requireSamples({ lengths, units, inputCount }: Activity, perAverage: number): void {
  const transitions = lengths.reduce((sum, length) => sum + length - 1, 0);
  if (transitions >= units + inputCount) return;
  throw new Failure(
    'too-few-samples',
    `There are ${transitions} steps from bin to bin, and each unit has ${units + inputCount} weights: they cannot be told apart.`,
    `Choose fewer units, narrower bins, a longer window or more trials${perAverage === 1 ? '' : ', or average fewer with --trials-per-average 1'}.`,
  );
}

/** Throws a Failure where activity leaves the range of the nonlinearity; `others` where another could be chosen. */
export function requireRange(
  { values }: Activity,
  [low, high]: readonly [number, number],
  phi: string,
  scale: string,
  others: boolean,
): void {
  let [least, most] = [Infinity, -Infinity];
  for (let i = 0; i < values.length; i++) {
    if (values[i] < least) least = values[i];
    if (values[i] > most) most = values[i];
  }
  if (least >= low && most <= high) return;
  const range = high === Infinity ? `from ${low} up` : minus(`${low} to ${high}`);
  throw new Failure(
    'outside-range',
    `Activity goes from ${minus(least.toPrecision(3))} to ${minus(most.toPrecision(3))} and ${phi} gives values ${range}.`,
    scale === 'none'
      ? `Let it be scaled, with --scale unit or --scale global${others ? ', or choose another --nonlinearity' : ''}.`
      : 'Choose another --nonlinearity, such as tanh, or leave --centre away.',
  );
}
