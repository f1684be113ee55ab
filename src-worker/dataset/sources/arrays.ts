// Arrays that are binned already: counts or rates of trials × bins × units, or of samples × units, and everything in the file that belongs
// to them.

import { Failure } from '../../contract/failure.ts';
import type { Values } from '../../contract/params.ts';
import type { ArraySource, Column, Recording } from '../../formats/format.ts';
import type { datasetParams } from '../params.ts';
import { BinnedSource, type OpenedArrays } from './binned.ts';
import { inPieces, type Pieces, piecesOf } from './continuous.ts';
import { gridOf } from './grid.ts';
import { NAMES_REGIONS, tellsGroups, textOf } from '../columns.ts';
import type { Uncut } from './source.ts';
import { eachTrial, findArray, isText, partsOf, type Stack, splitOf, stackOf } from './stack.ts';

type DatasetValues = Values<typeof datasetParams>;

/** A file of arrays. Throws a Failure where no array can be what was asked for. */
export function openArrays(recording: Recording, values: DatasetValues): Uncut {
  const arrays = recording.arrays();
  const layout = values.counts === undefined && values.rates === undefined ? recording.lfadsLayout() : undefined;
  const encoded = layout && partsOf(arrays, layout.encod);
  const named = layout ? undefined : mainArray(arrays, values);
  const areCounts = values.rates === undefined;
  const timed = areCounts || !named ? undefined : stepOf(arrays, named);
  const stepMs = areCounts ? values.binMs : (values.dtMs ?? timed?.stepMs);
  if (stepMs === undefined)
    throw new Failure(
      'no-bin-width',
      `The file does not say how long a bin of ${(named ?? encoded)?.path} is.`,
      areCounts
        ? 'Set the width the counts were made with, for example --bin-ms 20.'
        : 'Set the time from one sample to the next, for example --dt-ms 10.',
    );
  const pieces = named?.shape.length === 2 ? piecesOf(named.shape[0], stepMs, values, named.path) : undefined;
  const main = (layout && (partsOf(arrays, layout.recon) ?? encoded)) ?? stackOf([asPieces(named!, pieces)]);
  if (main.shape.length !== 2)
    throw new Failure(
      'not-three-axes',
      `${main.path} has the shape ${[main.trials, ...main.shape].join(' × ')}.`,
      'An array of trials × bins × units is wanted, or one of samples × units without trials.',
    );
  if (values.segmentMs !== undefined && !pieces)
    throw new Failure(
      'arrays-are-aligned',
      `${main.path} is cut into trials already.`,
      'Leave --segment-ms out: it chops recordings without trials.',
    );
  const [bins, units] = main.shape;
  const grid = gridOf(bins, stepMs, values.rebinMs, values.windowMs, main.path);
  if (pieces && [pieces.length, pieces.overlap].some((n) => n % grid.factor !== 0) && pieces.start.length > 1)
    throw new Failure(
      'rebin-not-multiple',
      `Segments of ${values.segmentMs} ms with ${values.overlapMs} ms of overlap are no whole number of ${values.rebinMs} ms bins.`,
      'Choose --segment-ms and --overlap-ms as multiples of --rebin-ms.',
    );
  refuseShortLists(arrays, values.units, 'units', units);
  refuseShortLists(arrays, [...values.trials, ...(values.condition?.split('*') ?? [])], 'trials', main.trials);
  const unitColumns = columnsOf(
    recording,
    arrays,
    units,
    'units',
    (path) => pieces !== undefined || main.trials !== units || NAMES_UNITS.test(path),
  );
  const notes = [...grid.notes, ...(pieces?.notes ?? [])];
  if (timed && values.dtMs === undefined) notes.push(`The time step of ${timed.stepMs} ms is that of ${timed.path}.`);
  // Bins beyond those of the encoders, in whole bins of ours.
  const unseen = encoded ? Math.max(0, Math.ceil((grid.stop - encoded.shape[0]) / grid.factor)) : 0;
  const forwardMs = unseen * grid.factor * stepMs;
  if (unseen > 0)
    notes.push(
      `The last ${forwardMs} ms of ${main.path} go beyond ${encoded?.path}: LFADS predicts them without seeing them, unless --forward-ms says otherwise.`,
    );
  const opened: OpenedArrays = {
    recording,
    values,
    main,
    areCounts,
    grid,
    trials: {
      count: main.trials,
      ids: rowIds(main.trials),
      columns: pieces ? [] : columnsOf(recording, arrays, main.trials, 'trials', () => true),
    },
    ...(pieces && { pieces }),
    truth:
      values.truth !== undefined ? stackOf([asPieces(findArray(arrays, values.truth), pieces)]) : layout && partsOf(arrays, layout.truth),
    truthFactor: values.truth === undefined ? (layout?.conversionFactor ?? 1) : 1,
    external: layout && partsOf(arrays, layout.external),
    fixedSplit: layout && splitOf(arrays, partsOf(arrays, layout.recon) ? layout.recon : layout.encod),
    notes,
  };
  let rates: Float64Array | undefined;
  return {
    units: { count: units, ids: rowIds(units), columns: unitColumns, areas: areasOf(unitColumns, units) },
    rateHz(unit) {
      rates ??= ratesOf(main, units, stepMs, areCounts);
      return rates[unit];
    },
    read: async () => {},
    cut: (chosen) => new BinnedSource(opened, chosen),
    ...(unseen > 0 && { forwardMs }),
    ...(encoded &&
      encoded.shape[1] < units && { fixedHeldOut: Uint8Array.from({ length: units }, (_, u) => (u < encoded.shape[1] ? 0 : 1)) }),
  };
}

/** Units of a list of times, as its name gives them: time_s, t_ms. */
const TIMES = /(^|[/_])t(ime)?s?_(m?s)$/i;
/** Times may be as uneven as single precision makes them. */
const UNEVEN = 1e-3;

/** The step of a list of even times, one for each sample of the array, where its name says in which unit. */
function stepOf(arrays: readonly ArraySource[], { shape }: ArraySource): { readonly stepMs: number; readonly path: string } | undefined {
  const samples = shape[shape.length - 2];
  for (const array of arrays) {
    const unit = TIMES.exec(array.path)?.[3]?.toLowerCase();
    if (unit === undefined || isText(array) || array.shape.length !== 1 || array.shape[0] !== samples || samples < 2) continue;
    const times = array.read();
    const step = (times[samples - 1] - times[0]) / (samples - 1);
    const isEven = step > 0 && times.every((time, k) => Math.abs(time - times[0] - k * step) < UNEVEN * step);
    const stepMs = Number((step * (unit === 's' ? 1000 : 1)).toPrecision(6));
    if (isEven) return { stepMs, path: array.path };
  }
  return undefined;
}

/** Arrays with a row for every sample are cut as the activity is. */
export const asPieces = (array: ArraySource, pieces: Pieces | undefined): ArraySource =>
  pieces && array.shape[0] === pieces.samples ? inPieces(array, pieces) : array;

const rowIds = (count: number): Float64Array => Float64Array.from({ length: count }, (_, row) => row);

/** The array named by the user, or the only one of three axes whose name speaks of spikes or counts. */
function mainArray(arrays: readonly ArraySource[], values: DatasetValues): ArraySource {
  const named = values.counts ?? values.rates;
  if (named !== undefined) return findArray(arrays, named);
  const three = arrays.filter(({ shape }) => shape.length === 3);
  const likely = three.filter(({ path }) => /spike|count/i.test(path));
  const [only, another] = likely.length > 0 ? likely : three;
  if (only && !another) return only;
  throw new Failure(
    'no-counts',
    only ? `${arrays.length} arrays could hold the counts.` : 'This file holds neither spike times nor an array of trials × bins × units.',
    `Name the array with --counts or --rates${three.length > 0 ? `: ${three.map(({ path, shape }) => `${path} (${shape.join(' × ')})`).join(', ')}` : ''}.`,
  );
}

/** Of a list with as many entries as there are units and trials. */
const NAMES_UNITS = /area|region|unit|neuron|cell|channel|electrode|layer/i;

/** How long a list is, which other programs write as a row or a column of two axes; undefined for a table. */
const lengthOf = ({ shape }: ArraySource): number | undefined => {
  const long = shape.filter((size) => size !== 1);
  return long.length === 1 ? long[0] : undefined;
};

/** Lists of that length as columns, with those of the file's own tables of that many rows. */
function columnsOf(
  recording: Recording,
  arrays: readonly ArraySource[],
  rows: number,
  of: 'trials' | 'units',
  isList: (path: string) => boolean,
): readonly Column[] {
  const tables = of === 'trials' ? recording.intervalTables() : recording.unitTables();
  const own = tables.filter((table) => table.rows === rows).flatMap((table) => table.columns);
  const found = arrays.filter(
    (array) => lengthOf(array) === rows && isList(array.path) && !own.some(({ name }) => `/${name}` === array.path),
  );
  return [
    ...own,
    ...found.map((array): Column => {
      const name = array.path.replace(/^\//, '');
      return isText(array)
        ? { name, description: '', kind: 'text', values: array.readText() }
        : { name, description: '', kind: 'number', values: array.read() };
    }),
  ];
}

/** Throws a Failure for a list that is asked for by name as a column and has not one value for every row. */
function refuseShortLists(arrays: readonly ArraySource[], asked: readonly string[], of: 'trials' | 'units', rows: number): void {
  for (const text of asked) {
    const [name] = text.replace(/^\//, '').split(/[=<>!:]/);
    const list = arrays.find(({ path, shape }) => shape.length === 1 && path === `/${name.trim()}`);
    if (list && list.shape[0] !== rows)
      throw new Failure(
        'shapes-differ',
        `${list.path} has ${list.shape[0]} values, and there are ${rows} ${of}.`,
        `A column of ${of} has one value for each of them.`,
      );
  }
}

function areasOf(columns: readonly Column[], units: number): readonly string[] {
  const named = columns.filter(({ name }) => NAMES_REGIONS.test(name));
  const column = named.find(({ kind }) => kind === 'text') ?? named.find(tellsGroups);
  return column ? Array.from({ length: units }, (_, unit) => textOf(column, unit)) : new Array<string>(units).fill('');
}

function ratesOf(main: Stack, units: number, stepMs: number, areCounts: boolean): Float64Array {
  const sums = new Float64Array(units);
  eachTrial(main, (_, values) => {
    for (let i = 0; i < values.length; i++) sums[i % units] += values[i] || 0;
  });
  const samples = main.trials * main.shape[0];
  return sums.map((sum) => sum / samples / (areCounts ? stepMs / 1000 : 1));
}
