// Makes a dataset of a recording: chooses units and trials, cuts, splits, counts, and says what was left out and why.

import { Failure } from '../contract/failure.ts';
import type { Job } from '../contract/job.ts';
import type { Settings, Values } from '../contract/params.ts';
import type { LeftOut } from '../contract/run.ts';
import { valuesOf } from '../contract/settings.ts';
import type { Recording } from '../formats/format.ts';
import { hashOf } from '../store/hash.ts';
import { restrict } from './columns.ts';
import { conditionsOf } from './conditions.ts';
import { type Dataset, type DatasetRecipe, TEST, TRAINING, VALIDATION } from './dataset.ts';
import { externalInputs } from './external.ts';
import { networkDataset } from './network.ts';
import { DATASET_VERSION, datasetParams } from './params.ts';
import { chooseTrials, chooseUnits, firing } from './select.ts';
import { openArrays } from './sources/arrays.ts';
import type { Source, Uncut } from './sources/source.ts';
import { openSpikes } from './sources/spikes.ts';
import { findArray } from './sources/stack.ts';
import { checkTruth } from './sources/truth.ts';
import { heldOutOf, splitTrials } from './split.ts';
import { summaryOf } from './summary.ts';
import { suspiciousTimes } from './suspicions.ts';

type DatasetValues = Values<typeof datasetParams>;

/** The hash that a dataset of these settings has, without making it. */
export const recipeOf = (recording: Recording, settings: Settings): DatasetRecipe => ({
  kind: 'dataset',
  version: DATASET_VERSION,
  recording: recording.summary.identity,
  settings,
});

/**
 * Settings with which trials of another recording, or other trials of the same, get exactly the units of a dataset. Known rates are
 * asked for only where the recording has them too.
 */
export const settingsLike = (
  { recipe, unitRows }: Pick<Dataset, 'recipe' | 'unitRows'>,
  more: Settings = {},
  other?: Pick<Recording, 'arrays'>,
): Settings => ({
  ...Object.fromEntries(Object.entries(recipe.settings).filter(([name, value]) => name !== 'truth' || hasArray(other, String(value)))),
  ...more,
  units: [`row=${unitRows.join('|')}`],
  leaveOutUnits: [],
  keepSilentUnits: true,
});

const hasArray = (other: Pick<Recording, 'arrays'> | undefined, name: string): boolean =>
  other === undefined || other.arrays().some(({ path }) => path === name || path === `/${name}`);

/** Throws a Failure for whatever makes a fit impossible: no units, trials or spikes, a window outside the recording, unknown names. */
export async function makeDataset(recording: Recording, settings: Settings, job: Job): Promise<Dataset> {
  const values = valuesOf(datasetParams, settings);
  if (values.network) return networkDataset(recording, recipeOf(recording, settings));
  const left: LeftOut[] = [];
  await job.progress(0, 'Reading units');
  const uncut = openSource(recording, values);
  const askedUnits = chooseUnits(uncut, values, left);
  await uncut.read(askedUnits, job);
  const source = uncut.cut(askedUnits);
  const trials = chooseTrials(source, values, left);
  const columns = source.trials.columns.map((column) => restrict(column, trials));
  const conditions = values.condition === undefined ? undefined : conditionsOf(columns, values.condition);
  const split = splitOf(source, values, settings.valid === undefined, trials, conditions?.of);
  await job.progress(0.5, 'Counting spikes');
  const allCounts = await source.counts(trials, job);
  const bins = source.edgesMs.length - 1;
  if (bins < 2) throw new Failure('one-bin', 'A trial would be a single bin.', 'Choose a longer window or narrower bins.');
  const kept =
    source.areCounts && !values.keepSilentUnits
      ? firing(allCounts, trials.length, bins, askedUnits, split, uncut, left)
      : askedUnits.map((_, k) => k);
  const pickUnits = <A extends Float32Array | undefined>(array: A): A =>
    (array && kept.length < askedUnits.length ? columnsOf(array, askedUnits.length, kept) : array) as A;
  const unitRows = kept.map((k) => askedUnits[k]);
  const heldOut = heldOutUnits(uncut, values, unitRows);
  const observed = source.observed(trials);
  const external = externalInputs(source, values.external, trials);
  const behaviors = values.behavior.map((name) => source.signal(name, trials));
  const counts = pickUnits(allCounts);
  const truth = pickUnits(source.truth(trials));
  if (truth && source.areCounts) checkTruth(truth, counts, values.truth ?? 'this recording');
  const segments = values.segmentMs === undefined ? undefined : source.segments?.(trials);
  const spikesMs = source.spikesMs?.(trials);
  const recipe = recipeOf(recording, settings);
  const dataset: Omit<Dataset, 'summary'> = {
    recipe,
    hash: hashOf(recipe),
    trials: trials.length,
    bins,
    units: unitRows.length,
    binMs: source.binMs,
    event: source.event,
    edgesMs: source.edgesMs,
    counts,
    ...(spikesMs && { spikesMs: (unit: number, trial: number) => spikesMs(kept[unit], trial) }),
    ...(observed && { observed }),
    trialRows: trials,
    unitRows,
    trialIds: Float64Array.from(trials, (row) => source.trials.ids[row]),
    unitIds: Float64Array.from(unitRows, (row) => uncut.units.ids[row]),
    areas: Array.from(unitRows, (row) => uncut.units.areas[row]),
    split,
    heldOut,
    ...(conditions && { conditions }),
    ...(external && { external }),
    behaviors,
    ...(truth && { truth }),
    events: source.events(trials),
    columns,
    unitColumns: uncut.units.columns.map((column) => restrict(column, unitRows)),
    ...amongUnits(recording, values, uncut.units.count, unitRows),
    ...(segments && { segments }),
    ...(uncut.forwardMs !== undefined && { forwardMs: uncut.forwardMs }),
  };
  const notes = [...suspiciousTimes(recording), ...source.notes, ...(source.whole ? [ALL_TRAINS] : [])];
  await job.progress(1, 'Dataset made');
  return { ...dataset, summary: summaryOf(dataset, { left, notes, areCounts: source.areCounts }) };
}

const ALL_TRAINS =
  'The recording is one piece, and all of it trains: chop it with --segment-ms to judge a fit on segments that it did not see.';

/** Spike times where the file has them, unless an array is asked for. */
function openSource(recording: Recording, values: DatasetValues): Uncut {
  if (values.overlapMs > 0 && values.segmentMs === undefined)
    throw new Failure('overlap-alone', 'Only segments can overlap.', 'Set --segment-ms too, or leave --overlap-ms out.');
  const wantsArray = values.counts !== undefined || values.rates !== undefined;
  if (values.counts !== undefined && values.rates !== undefined)
    throw new Failure('counts-and-rates', 'Both an array of counts and one of rates are given.', 'Choose --counts or --rates.');
  const hasSpikes = recording.unitTables().length > 0 && recording.lfadsLayout() === undefined;
  return hasSpikes && !wantsArray ? openSpikes(recording, values) : openArrays(recording, values);
}

function splitOf(
  source: Source,
  values: DatasetValues,
  usual: boolean,
  trials: Int32Array,
  conditions: Int32Array | undefined,
): Uint8Array {
  const { fixedSplit, groups } = source;
  if (source.whole && usual && values.test === undefined) return new Uint8Array(trials.length).fill(TRAINING);
  const columns = source.trials.columns;
  const rule = { rows: trials, columns, what: 'trial', seed: values.splitSeed, ...(conditions && { strata: conditions }) } as const;
  const asked = groups ? { ...rule, group: Int32Array.from(trials, (trial) => groups[trial]) } : rule;
  // A file with a split of its own keeps it, unless the user asks for another.
  const split =
    fixedSplit && usual && values.test === undefined
      ? Uint8Array.from(trials, (trial) => fixedSplit[trial])
      : splitTrials(asked, values.valid, values.test);
  for (const [code, name, option] of [
    [TRAINING, 'training', 'valid'],
    [VALIDATION, 'validation', 'valid'],
    [TEST, 'test', 'test'],
  ] as const) {
    if (split.includes(code) || (code === TEST && values.test === undefined)) continue;
    const many = trials.length === 1 ? '1 trial' : `${trials.length} trials`;
    throw new Failure(
      `no-${name}-trials`,
      `Of ${many}, none is left for ${name}.`,
      source.whole
        ? 'Chop the recording into segments, for example with --segment-ms 1000.'
        : `Write the split anew, for example with --${option} ${trials.length < 5 ? '0.5' : 'every:5 or 0.2'}.`,
    );
  }
  return split;
}

function heldOutUnits(uncut: Uncut, values: DatasetValues, rows: Int32Array): Uint8Array {
  const { fixedHeldOut } = uncut;
  const heldOut =
    fixedHeldOut && values.heldOutUnits === undefined
      ? Uint8Array.from(rows, (row) => fixedHeldOut[row])
      : heldOutOf({ rows, columns: uncut.units.columns, what: 'unit', seed: values.splitSeed }, values.heldOutUnits);
  const count = heldOut.reduce((sum, is) => sum + is, 0);
  if (count === rows.length || (count === 0 && values.heldOutUnits !== undefined))
    throw new Failure(
      'held-out-units',
      count === 0 ? `“${values.heldOutUnits}” holds out none of ${rows.length} units.` : `All ${rows.length} units would be held out.`,
      'Write --held-out-units anew, for example every:4.',
    );
  return heldOut;
}

/** Matrices of all units that the file has, restricted to those in use. Throws a Failure where one has another shape or misses a value. */
function amongUnits(
  recording: Recording,
  values: DatasetValues,
  count: number,
  rows: Int32Array,
): Pick<Dataset, 'trueWeights' | 'connectome'> {
  const matrix = (name: string | undefined): Float64Array | undefined => {
    if (name === undefined) return undefined;
    const array = findArray(recording.arrays(), name);
    if (array.shape.length !== 2 || array.shape.some((n) => n !== count))
      throw new Failure(
        'shapes-differ',
        `${array.path} has the shape ${array.shape.join(' × ')}, and there are ${count} units.`,
        'An array of units × units is wanted, row i what reaches unit i.',
      );
    const all = array.read();
    const bad = all.findIndex((value) => !Number.isFinite(value));
    if (bad >= 0)
      throw new Failure(
        'bad-connectome',
        `${array.path} holds ${all[bad]} from unit ${bad % count} onto unit ${Math.floor(bad / count)}.`,
        'Write 0 where there is no connection.',
      );
    return Float64Array.from(
      { length: rows.length ** 2 },
      (_, i) => all[rows[Math.floor(i / rows.length)] * count + rows[i % rows.length]],
    );
  };
  const [trueWeights, connectome] = [matrix(values.trueWeights), matrix(values.connectome)];
  return { ...(trueWeights && { trueWeights }), ...(connectome && { connectome }) };
}

/** The given columns of rows × width. */
function columnsOf(values: Float32Array, width: number, kept: Int32Array): Float32Array {
  const rows = values.length / width;
  const picked = new Float32Array(rows * kept.length);
  for (let row = 0; row < rows; row++) for (let k = 0; k < kept.length; k++) picked[row * kept.length + k] = values[row * width + kept[k]];
  return picked;
}
