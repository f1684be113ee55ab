// Arrays that are binned already: counts or rates of trials × bins × units, and everything in the file that belongs to them.

import { Failure } from '../../contract/failure.ts';
import type { Job } from '../../contract/job.ts';
import type { Values } from '../../contract/params.ts';
import type { LeftOut } from '../../contract/run.ts';
import type { ArraySource, Column, Recording } from '../../formats/format.ts';
import { edgesOf } from '../align.ts';
import { columnOf, numbersOf } from '../columns.ts';
import type { Binned, Dataset } from '../dataset.ts';
import type { datasetParams } from '../params.ts';
import { type Grid, gridOf, rebinned } from './grid.ts';
import { centralDifferences, derivativeOf } from './signals.ts';
import { leave, type RowsOf, type Source, type Uncut } from './source.ts';
import { eachTrial, findArray, partsOf, type Stack, splitOf, stackOf } from './stack.ts';

type DatasetValues = Values<typeof datasetParams>;

const AREA = /area|region|location/i;
const isText = ({ type }: ArraySource): boolean => /^s|str|text/i.test(type);

/** Everything that is fixed before units are chosen. */
interface Opened {
  readonly recording: Recording;
  readonly values: DatasetValues;
  readonly main: Stack;
  readonly areCounts: boolean;
  readonly grid: Grid;
  readonly trials: RowsOf;
  readonly truth: Stack | undefined;
  readonly truthFactor: number;
  readonly external: Stack | undefined;
  readonly fixedSplit: Uint8Array | undefined;
  readonly notes: readonly string[];
}

/** A file of arrays. Throws a Failure where no array can be what was asked for. */
export function openArrays(recording: Recording, values: DatasetValues): Uncut {
  const arrays = recording.arrays();
  const layout = values.counts === undefined && values.rates === undefined ? recording.lfadsLayout() : undefined;
  const encoded = layout && partsOf(arrays, layout.encod);
  const main = (layout && (partsOf(arrays, layout.recon) ?? encoded)) ?? stackOf([mainArray(arrays, values)]);
  if (main.shape.length !== 2)
    throw new Failure(
      'not-three-axes',
      `${main.path} has the shape ${[main.trials, ...main.shape].join(' × ')}.`,
      'An array of trials × bins × units is wanted.',
    );
  const areCounts = values.rates === undefined;
  const stepMs = areCounts ? values.binMs : values.dtMs;
  if (stepMs === undefined)
    throw new Failure(
      'no-bin-width',
      `The file does not say how long a bin of ${main.path} is.`,
      areCounts
        ? 'Set the width the counts were made with, for example --bin-ms 20.'
        : 'Set the time from one sample to the next, for example --dt-ms 10.',
    );
  const [bins, units] = main.shape;
  const grid = gridOf(bins, stepMs, values.rebinMs, values.windowMs, main.path);
  const unitColumns = columnsOf(recording, arrays, units, 'units', main.trials !== units);
  const notes = [...grid.notes];
  if (encoded && encoded.shape[0] < bins)
    notes.push(
      `The last ${bins - encoded.shape[0]} bins of ${main.path} go beyond those of ${encoded.path}: set them apart as forward prediction.`,
    );
  const opened: Opened = {
    recording,
    values,
    main,
    areCounts,
    grid,
    trials: { count: main.trials, ids: rowIds(main.trials), columns: columnsOf(recording, arrays, main.trials, 'trials', true) },
    truth: values.truth !== undefined ? stackOf([findArray(arrays, values.truth)]) : layout && partsOf(arrays, layout.truth),
    truthFactor: values.truth === undefined ? (layout?.conversionFactor ?? 1) : 1,
    external: layout && partsOf(arrays, layout.external),
    fixedSplit: layout && splitOf(arrays, partsOf(arrays, layout.recon) ? layout.recon : layout.encod),
    notes,
  };
  return {
    units: { count: units, ids: rowIds(units), columns: unitColumns, areas: areasOf(unitColumns, units) },
    unitRates: () => ratesOf(main, units, stepMs, areCounts),
    cut: (chosen) => new BinnedSource(opened, chosen),
    ...(encoded &&
      encoded.shape[1] < units && { fixedHeldOut: Uint8Array.from({ length: units }, (_, u) => (u < encoded.shape[1] ? 0 : 1)) }),
  };
}

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

/** Lists of that length as columns, with those of the file's own tables of that many rows. */
function columnsOf(
  recording: Recording,
  arrays: readonly ArraySource[],
  rows: number,
  of: 'trials' | 'units',
  lists: boolean,
): readonly Column[] {
  const tables = of === 'trials' ? recording.intervalTables() : recording.unitTables();
  const own = tables.filter((table) => table.rows === rows).flatMap((table) => table.columns);
  const found = lists
    ? arrays.filter(({ shape, path }) => shape.length === 1 && shape[0] === rows && !own.some(({ name }) => `/${name}` === path))
    : [];
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

function areasOf(columns: readonly Column[], units: number): readonly string[] {
  const column = columns.find(({ name, kind }) => kind === 'text' && AREA.test(name));
  return column ? (column.values as readonly string[]) : new Array<string>(units).fill('');
}

function ratesOf(main: Stack, units: number, stepMs: number, areCounts: boolean): Float64Array {
  const sums = new Float64Array(units);
  eachTrial(main, (_, values) => {
    for (let i = 0; i < values.length; i++) sums[i % units] += values[i] || 0;
  });
  const samples = main.trials * main.shape[0];
  return sums.map((sum) => sum / samples / (areCounts ? stepMs / 1000 : 1));
}

class BinnedSource implements Source {
  readonly event = 'start of the array';
  readonly binMs: number;
  readonly edgesMs: Float64Array;
  readonly areCounts: boolean;
  readonly trials: RowsOf;
  readonly signalNames: readonly string[];
  readonly fixedSplit?: Uint8Array;
  readonly notes: readonly string[];
  readonly #opened: Opened;
  readonly #units: Int32Array;
  /** 1 where a bin was observed, of every trial in the file, found while reading. */
  #observed: Uint8Array | undefined;

  constructor(opened: Opened, units: Int32Array) {
    if (opened.values.align !== undefined || opened.values.until !== undefined)
      throw new Failure(
        'arrays-are-aligned',
        `${opened.main.path} is cut into trials already.`,
        'Leave --align and --until out; --window-ms counts from the start of the array.',
      );
    this.#opened = opened;
    this.#units = units;
    this.binMs = opened.grid.bins.binUs / 1000;
    this.edgesMs = edgesOf(opened.grid.bins);
    this.areCounts = opened.areCounts;
    this.trials = opened.trials;
    this.notes = opened.notes;
    this.signalNames = opened.recording
      .arrays()
      .filter(
        ({ path, shape }) =>
          shape.length >= 2 && shape[0] === opened.main.trials && shape[1] === opened.main.shape[0] && path !== opened.main.path,
      )
      .map(({ path }) => path);
    if (opened.fixedSplit) this.fixedSplit = opened.fixedSplit;
  }

  usable(trials: Int32Array, left: LeftOut[]): Int32Array {
    const observed = this.#findObserved();
    const bins = this.#opened.grid.bins.count;
    if (!observed) return trials;
    const empty: number[] = [];
    const kept = trials.filter((trial) => observed.subarray(trial * bins, (trial + 1) * bins).includes(1) || !empty.push(trial));
    leave(left, 'trial', empty, 'has no values', 'have no values');
    return kept;
  }

  async counts(trials: Int32Array, job: Job): Promise<Float32Array> {
    const { main, grid, areCounts } = this.#opened;
    const observed = this.#findObserved();
    const counts = this.#chosenUnits(main, trials, areCounts ? 'sum' : 'mean', (value, trial, bin, unit) => {
      const missing = observed && !observed[trial * grid.bins.count + grid.binOf(bin)];
      if (missing) return 0;
      if (Number.isNaN(value)) throw strange(main.path, trial, bin, unit, 'is missing, though other units have a value there', areCounts);
      if (areCounts && (value < 0 || Math.abs(value - Math.round(value)) > 1e-6))
        throw strange(main.path, trial, bin, unit, `is ${value}, which is no count`, areCounts);
      return value;
    });
    await job.progress(1, 'Reading counts');
    return counts;
  }

  observed(trials: Int32Array): Uint8Array | undefined {
    const all = this.#findObserved();
    if (!all) return undefined;
    const bins = this.#opened.grid.bins.count;
    const own = new Uint8Array(trials.length * bins);
    trials.forEach((trial, i) => {
      own.set(all.subarray(trial * bins, (trial + 1) * bins), i * bins);
    });
    return own.includes(0) ? own : undefined;
  }

  /** Bins in which all units are NaN were not recorded: that is how trials of unequal length are padded. */
  #findObserved(): Uint8Array | undefined {
    if (this.#observed) return this.#observed.includes(0) ? this.#observed : undefined;
    const { main, grid } = this.#opened;
    const units = main.shape[1];
    const observed = new Uint8Array(main.trials * grid.bins.count).fill(1);
    eachTrial(main, (trial, values) => {
      for (let bin = grid.from; bin < grid.stop; bin++) {
        const row = values.subarray(bin * units, (bin + 1) * units);
        if (Number.isNaN(row[0]) && row.every(Number.isNaN)) observed[trial * grid.bins.count + grid.binOf(bin)] = 0;
      }
    });
    this.#observed = observed;
    return this.#findObserved();
  }

  #chosenUnits(
    stack: Stack,
    trials: Int32Array,
    how: 'sum' | 'mean',
    check: (value: number, trial: number, bin: number, unit: number) => number,
  ): Float32Array {
    const { grid } = this.#opened;
    const place = new Map(Array.from(trials, (trial, i) => [trial, i]));
    const units = stack.shape[1];
    const size = grid.bins.count * this.#units.length;
    const cut = new Float32Array(trials.length * size);
    const scale = how === 'mean' ? 1 / grid.factor : 1;
    eachTrial(stack, (trial, values) => {
      const i = place.get(trial);
      if (i === undefined) return;
      for (let bin = grid.from; bin < grid.stop; bin++) {
        const to = i * size + grid.binOf(bin) * this.#units.length;
        for (let u = 0; u < this.#units.length; u++)
          cut[to + u] += scale * check(values[bin * units + this.#units[u]], trial, bin, this.#units[u]);
      }
    });
    return cut;
  }

  events(): Dataset['events'] {
    return [];
  }

  eventMs(name: string, trials: Int32Array): Float64Array {
    const times = numbersOf(columnOf(this.trials.columns, name, 'trial'), 'trial');
    return Float64Array.from(trials, (trial) => times[trial]);
  }

  signal(name: string, trials: Int32Array): Binned {
    const asked = derivativeOf(name);
    const array = findArray(this.#opened.recording.arrays(), asked.name);
    const stack = stackOf([array]);
    const { main, grid } = this.#opened;
    const fits = stack.trials === main.trials && stack.shape[0] === main.shape[0] && stack.shape.length <= 2;
    if (!fits || isText(array))
      throw new Failure(
        'shapes-differ',
        `${array.path} has the shape ${array.shape.join(' × ')}, which does not go with ${main.path} (${[main.trials, ...main.shape].join(' × ')}).`,
        `Behaviour and inputs are trials × bins × channels${this.signalNames.length > 0 ? `: ${this.signalNames.join(', ')}` : ''}.`,
      );
    return this.#binned(stack, trials, asked.derived, grid);
  }

  external(trials: Int32Array): Binned | undefined {
    const { external, grid } = this.#opened;
    return external && this.#binned(external, trials, false, grid);
  }

  #binned(stack: Stack, trials: Int32Array, derived: boolean, grid: Grid): Binned {
    const channels = stack.shape[1] ?? 1;
    const place = new Map(Array.from(trials, (trial, i) => [trial, i]));
    const size = grid.bins.count * channels;
    const values = new Float32Array(trials.length * size);
    eachTrial(stack, (trial, own) => {
      const i = place.get(trial);
      if (i === undefined) return;
      const averaged = rebinned(own, channels, grid);
      values.set(derived ? centralDifferences(padded(averaged, channels), channels, grid.bins.binUs / 1e6) : averaged, i * size);
    });
    const name = stack.path.split('/').at(-1) ?? stack.path;
    const names = channels === 1 ? [name] : Array.from({ length: channels }, (_, c) => `${name} ${c}`);
    return { name: derived ? `d:${name}` : name, unit: derived ? '1/s' : '', channels: names, values };
  }

  truth(trials: Int32Array): Float32Array | undefined {
    const { truth, main, values, truthFactor, grid } = this.#opened;
    if (!truth) return undefined;
    if (truth.trials !== main.trials || truth.shape.length !== 2 || truth.shape.some((n, i) => n !== main.shape[i]))
      throw new Failure(
        'shapes-differ',
        `${truth.path} has the shape ${[truth.trials, ...truth.shape].join(' × ')}, the counts ${[main.trials, ...main.shape].join(' × ')}.`,
        'True rates need the trials, bins and units of the counts.',
      );
    const scale = this.areCounts ? truthFactor * (values.truthUnit === 'hz' ? grid.stepMs / 1000 : 1) : 1;
    return this.#chosenUnits(truth, trials, this.areCounts ? 'sum' : 'mean', (value) => scale * value);
  }
}

/** A row of bins × channels with a missing bin on either side. */
function padded(values: Float64Array, channels: number): Float64Array {
  const wide = new Float64Array(values.length + 2 * channels).fill(Number.NaN);
  wide.set(values, channels);
  return wide;
}

const strange = (path: string, trial: number, bin: number, unit: number, what: string, areCounts: boolean): Failure =>
  new Failure(
    'not-counts',
    `The value of trial ${trial}, bin ${bin}, unit ${unit} in ${path} ${what}.`,
    areCounts
      ? 'Counts are whole numbers from 0; name rates with --rates and --dt-ms.'
      : 'Rates need a value for every unit, or for none in a bin that was not recorded.',
  );
