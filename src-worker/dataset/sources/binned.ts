// Trials of an array of trials × bins × units, for the chosen units: values, missing bins, behaviour, inputs and truth beside them.

import { Failure } from '../../contract/failure.ts';
import type { Job } from '../../contract/job.ts';
import type { Values } from '../../contract/params.ts';
import type { LeftOut } from '../../contract/run.ts';
import type { Recording } from '../../formats/format.ts';
import { edgesOf } from '../align.ts';
import { columnOf, numbersOf } from '../columns.ts';
import type { Binned, Dataset } from '../dataset.ts';
import type { datasetParams } from '../params.ts';
import { inPieces, type Pieces } from './continuous.ts';
import { type Grid, rebinned } from './grid.ts';
import { centralDifferences, derivativeOf } from './signals.ts';
import { leave, type RowsOf, type Source } from './source.ts';
import { eachTrial, findArray, isText, type Stack, stackOf } from './stack.ts';

/** No unit and no electrode gives as many spikes in a bin. */
const MOST_SPIKES = 1e6;

/** Everything that is fixed before units are chosen. */
export interface OpenedArrays {
  readonly recording: Recording;
  readonly values: Values<typeof datasetParams>;
  readonly main: Stack;
  readonly areCounts: boolean;
  readonly grid: Grid;
  readonly trials: RowsOf;
  readonly truth: Stack | undefined;
  readonly truthFactor: number;
  readonly external: Stack | undefined;
  readonly fixedSplit: Uint8Array | undefined;
  /** Of a recording without trials. */
  readonly pieces?: Pieces;
  readonly notes: readonly string[];
}

export class BinnedSource implements Source {
  readonly event: string;
  readonly binMs: number;
  readonly edgesMs: Float64Array;
  readonly areCounts: boolean;
  readonly trials: RowsOf;
  readonly #signalNames: readonly string[];
  readonly fixedSplit?: Uint8Array;
  readonly whole: boolean;
  readonly groups?: Int32Array;
  readonly notes: readonly string[];
  readonly #opened: OpenedArrays;
  readonly #units: Int32Array;
  /** 1 where a bin was observed, of every trial in the file, found while reading. */
  #observed: Uint8Array | undefined;

  constructor(opened: OpenedArrays, units: Int32Array) {
    if (opened.values.align !== undefined || opened.values.until !== undefined)
      throw new Failure(
        'arrays-are-aligned',
        `${opened.main.path} is cut into trials already.`,
        'Leave --align and --until out; --window-ms counts from the start of the array.',
      );
    const { pieces } = opened;
    this.#opened = opened;
    this.whole = pieces?.start.length === 1;
    this.event = pieces && !this.whole ? 'segment start' : 'start of the array';
    if (pieces) this.groups = pieces.block;
    this.#units = units;
    this.binMs = opened.grid.bins.binUs / 1000;
    this.edgesMs = edgesOf(opened.grid.bins);
    this.areCounts = opened.areCounts;
    this.trials = opened.trials;
    this.notes = opened.notes;
    this.#signalNames = opened.recording
      .arrays()
      .filter(
        ({ path, shape }) =>
          path !== opened.main.path &&
          (pieces
            ? shape.length <= 2 && shape[0] === pieces.samples
            : shape.length >= 2 && shape[0] === opened.main.trials && shape[1] === opened.main.shape[0]),
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
      if (!Number.isFinite(value)) throw strange(main.path, trial, bin, unit, `is ${value}, which is no number`, areCounts);
      if (areCounts && (value < 0 || Math.abs(value - Math.round(value)) > 1e-6))
        throw strange(main.path, trial, bin, unit, `is ${value}, which is no count`, areCounts);
      if (areCounts && value > MOST_SPIKES)
        throw strange(main.path, trial, bin, unit, `is ${value.toPrecision(3)}, more spikes than a bin can hold`, areCounts);
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
    const { main, grid, pieces } = this.#opened;
    const found = findArray(this.#opened.recording.arrays(), asked.name);
    const array = pieces && found.shape[0] === pieces.samples ? inPieces(found, pieces) : found;
    const stack = stackOf([array]);
    const fits = stack.trials === main.trials && stack.shape[0] === main.shape[0] && stack.shape.length <= 2;
    if (!fits || isText(array))
      throw new Failure(
        'shapes-differ',
        `${array.path} has the shape ${array.shape.join(' × ')}, which does not go with ${main.path} (${[main.trials, ...main.shape].join(' × ')}).`,
        `Behaviour and inputs are trials × bins × channels${this.#signalNames.length > 0 ? `: ${this.#signalNames.join(', ')}` : ''}.`,
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

  segments(trials: Int32Array): ReturnType<NonNullable<Source['segments']>> {
    const { pieces, grid } = this.#opened;
    if (!pieces) return undefined;
    const startBin = Int32Array.from(trials, (trial) => pieces.start[trial] / grid.factor);
    return {
      startBin,
      overlapBins: pieces.overlap / grid.factor,
      startSeconds: Float64Array.from(startBin, (bin) => (bin * this.binMs) / 1000),
    };
  }

  truth(trials: Int32Array): Float32Array | undefined {
    const { truth, main, values, grid } = this.#opened;
    if (!truth) return undefined;
    if (truth.trials !== main.trials || truth.shape.length !== 2 || truth.shape.some((n, i) => n !== main.shape[i]))
      throw new Failure(
        'shapes-differ',
        `${truth.path} has the shape ${[truth.trials, ...truth.shape].join(' × ')}, the counts ${[main.trials, ...main.shape].join(' × ')}.`,
        'True rates need the trials, bins and units of the counts.',
      );
    const scale = this.areCounts ? this.#truthFactor() * (values.truthUnit === 'hz' ? grid.stepMs / 1000 : 1) : 1;
    return this.#chosenUnits(truth, trials, this.areCounts ? 'sum' : 'mean', (value) => scale * value);
  }

  /** LFADS files divide or multiply their truth by a factor: the way that agrees with the counts is the one that was meant. */
  #truthFactor(): number {
    const { truth, truthFactor, main } = this.#opened;
    if (!truth || truthFactor === 1) return 1;
    const ratio = meanOf(truth) / meanOf(main);
    const distance = (factor: number): number => Math.abs(Math.log(ratio * factor));
    return distance(truthFactor) <= distance(1 / truthFactor) ? truthFactor : 1 / truthFactor;
  }
}

function meanOf(stack: Stack): number {
  let [sum, seen] = [0, 0];
  eachTrial(stack, (_, values) => {
    for (const value of values) {
      if (Number.isNaN(value)) continue;
      sum += value;
      seen++;
    }
  });
  return sum / seen;
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
