// Spike times cut into trials about an event, or chopped into segments.

import { Failure } from '../../contract/failure.ts';
import type { Job } from '../../contract/job.ts';
import type { Values } from '../../contract/params.ts';
import type { LeftOut } from '../../contract/run.ts';
import type { Column, IntervalTable, Recording, UnitTable } from '../../formats/format.ts';
import {
  type BinSpan,
  type Bins,
  binsOf,
  binsWithin,
  countSpikes,
  edgesOf,
  merged,
  microseconds,
  shared,
  spikesAbout,
  TOLERANCE_US,
  within,
} from '../align.ts';
import { columnOf, numbersOf } from '../columns.ts';
import type { Binned, Dataset } from '../dataset.ts';
import type { datasetParams } from '../params.ts';
import { binSignal, derivativeOf, findSignal } from './signals.ts';
import { leave, type RowsOf, type Source, type Uncut } from './source.ts';
import { findTable } from './tables.ts';
import { alignedTrials, choppedTrials, type TrialRows } from './trial-rows.ts';
import { expectedCounts } from './truth.ts';

type DatasetValues = Values<typeof datasetParams>;

export const DEFAULT_BIN_MS = 20;

/** A recording with spike times. Throws a Failure where it has no units. */
export function openSpikes(recording: Recording, values: DatasetValues): Uncut {
  const table = findTable(recording.unitTables(), values.unitsTable, 'units', 'units-table');
  if (table.rows === 0)
    throw new Failure(
      'no-units',
      `The table ${table.path} of ${recording.summary.name} has no units.`,
      'Choose another with --units-table.',
    );
  refuseArrayOptions(values, recording.summary.name);
  const spikes = new SpikeCache(table);
  return {
    units: { count: table.rows, ids: table.ids, columns: table.columns, areas: table.areas },
    rateHz: (row) => spikes.of(row).length / Math.max(recording.summary.seconds, 1e-6),
    async read(units, job) {
      for (const [k, row] of units.entries()) {
        spikes.of(row);
        if (k % 8 === 7) await job.progress((0.4 * k) / units.length, 'Reading spikes');
      }
    },
    cut: (units) => new SpikeSource(recording, spikes, values, units),
  };
}

/** Throws a Failure for what can be asked of arrays that are binned alone. */
function refuseArrayOptions({ truth, rebinMs }: DatasetValues, name: string): void {
  if (truth !== undefined)
    throw new Failure(
      'truth-of-spikes',
      `“${truth}” cannot be the true rates of ${name}: it holds spike times, and their truth lies in /processing/truth and is found by itself.`,
      'Leave --truth out, or name binned counts with --counts.',
    );
  if (rebinMs !== undefined)
    throw new Failure(
      'rebin-of-spikes',
      `${name} holds spike times: there are no bins that could be added together.`,
      'Leave --rebin-ms out, and choose the width of bins with --bin-ms.',
    );
}

/** Spike times of units in whole µs, each read once. */
class SpikeCache {
  readonly table: UnitTable;
  readonly #times = new Map<number, Float64Array>();

  constructor(table: UnitTable) {
    this.table = table;
  }

  of(row: number): Float64Array {
    const known = this.#times.get(row);
    if (known) return known;
    const times = this.table.spikeTimes(row).map(microseconds);
    this.#times.set(row, times);
    return times;
  }
}

class SpikeSource implements Source {
  readonly event: string;
  readonly binMs: number;
  readonly edgesMs: Float64Array;
  readonly areCounts = true;
  readonly trials: RowsOf;
  readonly groups?: Int32Array;
  readonly notes: readonly string[];
  readonly #recording: Recording;
  readonly #spikes: SpikeCache;
  readonly #units: Int32Array;
  readonly #rows: TrialRows;
  readonly #bins: Bins;
  /** From the first to the last thing recorded, and the time in which every chosen unit was observed, µs. */
  readonly #extent: readonly [number, number];
  readonly #observed: Float64Array | undefined;
  /** What was observed, where trials are kept of which it is only a part; µs. */
  readonly #parts: Float64Array | undefined;

  constructor(recording: Recording, spikes: SpikeCache, values: DatasetValues, units: Int32Array) {
    this.#recording = recording;
    this.#spikes = spikes;
    this.#units = units;
    this.#extent = extentOf(recording, spikes, units);
    this.#observed = observedByAll(spikes.table, units);
    const whole = Float64Array.from(this.#extent);
    this.#parts = values.partTrials ? shared(whole, this.#observed ?? whole) : undefined;
    this.binMs = values.binMs ?? DEFAULT_BIN_MS;
    this.#rows =
      values.segmentMs === undefined
        ? alignedTrials(recording, values, this.binMs)
        : choppedTrials(recording, values, this.binMs, this.#observed ?? Float64Array.from(this.#extent));
    this.#bins = binsOf(this.#rows.windowMs, this.binMs);
    this.edgesMs = edgesOf(this.#bins);
    this.event = this.#rows.event;
    this.trials = this.#rows.trials;
    this.notes = this.#rows.notes;
    if (this.#rows.groups) this.groups = this.#rows.groups;
  }

  usable(trials: Int32Array, left: LeftOut[]): Int32Array {
    const { eventUs, untilUs } = this.#rows;
    const { startUs, binUs } = this.#bins;
    const [noEvent, outside, unobserved, empty]: [number[], number[], number[], number[]] = [[], [], [], []];
    const kept = trials.filter((trial) => {
      if (Number.isNaN(eventUs[trial]) || (untilUs && Number.isNaN(untilUs[trial]))) return !noEvent.push(trial);
      const [first, end] = this.#observedBins(trial);
      if (end <= first) return !empty.push(trial);
      const from = eventUs[trial] + startUs + first * binUs;
      const to = eventUs[trial] + startUs + end * binUs;
      if (!within(from, to, Float64Array.from(this.#extent))) return !outside.push(trial);
      if (this.#observed && !within(from, to, this.#observed)) return !unobserved.push(trial);
      return true;
    });
    leave(left, 'trial', noEvent, `has no ${this.#rows.needs}`, `have no ${this.#rows.needs}`);
    leave(left, 'trial', outside, 'has a window that leaves the recording', 'have a window that leaves the recording');
    leave(
      left,
      'trial',
      unobserved,
      'has a window in which a chosen unit was not observed (obs_intervals)',
      'have a window in which a chosen unit was not observed (obs_intervals)',
    );
    leave(left, 'trial', empty, 'holds no observed bin', 'hold no observed bin');
    return kept;
  }

  /** Whole bins of a trial before its end, where it may end early, and within what was observed, where parts of trials are kept. */
  #observedBins(trial: number): BinSpan {
    const { eventUs, untilUs } = this.#rows;
    const { startUs, binUs, count } = this.#bins;
    const whole: BinSpan = this.#parts ? binsWithin(eventUs[trial], this.#bins, this.#parts) : [0, count];
    if (!untilUs) return whole;
    return [whole[0], Math.min(whole[1], Math.floor((untilUs[trial] - eventUs[trial] - startUs + TOLERANCE_US) / binUs))];
  }

  async counts(trials: Int32Array, job: Job): Promise<Float32Array> {
    const counts = new Float32Array(trials.length * this.#bins.count * this.#units.length);
    const events = this.#eventsUs(trials);
    const bins = Array.from(trials, (trial) => this.#observedBins(trial));
    for (let u = 0; u < this.#units.length; u++) {
      countSpikes(this.#spikes.of(this.#units[u]), events, this.#bins, counts, u, this.#units.length, bins);
      if (u % 16 === 15) await job.progress(u / this.#units.length, 'Counting spikes');
    }
    return counts;
  }

  spikesMs(trials: Int32Array): (unit: number, trial: number) => Float64Array {
    const events = this.#eventsUs(trials);
    return (unit, trial) => spikesAbout(this.#spikes.of(this.#units[unit]), events[trial], this.#bins, this.#observedBins(trials[trial]));
  }

  observed(trials: Int32Array): Uint8Array | undefined {
    const { count } = this.#bins;
    const spans = Array.from(trials, (trial) => this.#observedBins(trial));
    if (spans.every(([first, end]) => first === 0 && end === count)) return undefined;
    return Uint8Array.from(spans.flatMap(([first, end]) => Array.from({ length: count }, (_, bin) => Number(bin >= first && bin < end))));
  }

  events(trials: Int32Array): Dataset['events'] {
    const lasting = intervalLengths(this.#recording, this.trials.columns);
    return this.#rows.eventColumns.map((name) => {
      const timeMs = this.eventMs(name, trials);
      const lengthMs = timeMs.map((ms, k) => lasting.get(this.#rows.eventUs[trials[k]] + Math.round(1000 * ms)) ?? Number.NaN);
      return { name, timeMs, ...(lengthMs.some(Number.isFinite) ? { lengthMs } : {}) };
    });
  }

  eventMs(name: string, trials: Int32Array): Float64Array {
    const times = numbersOf(columnOf(this.trials.columns, name, 'trial'), 'trial');
    return Float64Array.from(trials, (trial) => (microseconds(times[trial]) - this.#rows.eventUs[trial]) / 1000);
  }

  signal(name: string, trials: Int32Array): Binned {
    const asked = derivativeOf(name);
    const signal = findSignal(this.#recording.signals(), asked.name);
    return binSignal(signal, this.#eventsUs(trials), this.#bins, asked.derived);
  }

  truth(trials: Int32Array): Float32Array | undefined {
    const truth = this.#recording.truth();
    return truth && expectedCounts(truth, this.#units, this.#eventsUs(trials), this.#bins);
  }

  segments(trials: Int32Array): NonNullable<Dataset['segments']> {
    const { chopped } = this.#rows;
    if (!chopped) throw new Failure('no-segments', 'These trials were not cut from one recording.', 'Set --segment-ms to chop it.');
    return {
      startBin: Int32Array.from(trials, (trial) => chopped.startBin[trial]),
      overlapBins: chopped.overlapBins,
      startSeconds: Float64Array.from(trials, (trial) => this.#rows.eventUs[trial] / 1e6),
    };
  }

  get isChopped(): boolean {
    return this.#rows.chopped !== undefined;
  }

  #eventsUs(trials: Int32Array): Float64Array {
    return Float64Array.from(trials, (trial) => this.#rows.eventUs[trial]);
  }
}

/** ms that the intervals of tables other than the trials' own last, by their start in µs; of two that start together, the longer. */
function intervalLengths(recording: Recording, trialColumns: readonly Column[]): ReadonlyMap<number, number> {
  const lengths = new Map<number, number>();
  for (const { columns } of recording.intervalTables()) {
    const times = (name: string) => columns.find((column) => column.name === name)?.values;
    const [starts, stops] = [times('start_time'), times('stop_time')];
    if (columns === trialColumns || !starts || !stops) continue;
    for (const [row, start] of starts.entries()) {
      const from = microseconds(Number(start));
      const ms = (microseconds(Number(stops[row])) - from) / 1000;
      if (ms > 0 && ms > (lengths.get(from) ?? 0)) lengths.set(from, ms);
    }
  }
  return lengths;
}

/** First and last time, µs, at which anything was recorded: spikes of the chosen units and when they were observed, intervals, samples of signals. */
function extentOf(recording: Recording, spikes: SpikeCache, units: Int32Array): readonly [number, number] {
  let [first, last] = [Infinity, -Infinity];
  const reach = (timeUs: number | undefined): void => {
    if (timeUs === undefined || Number.isNaN(timeUs)) return;
    first = Math.min(first, timeUs);
    last = Math.max(last, timeUs);
  };
  for (const unit of units) {
    const times = spikes.of(unit);
    reach(times[0]);
    reach(times.at(-1));
    const observed = spikes.table.observed(unit);
    reach(observed && microseconds(observed[0]));
    reach(observed && microseconds(observed[observed.length - 1]));
  }
  for (const table of recording.intervalTables()) for (const time of boundsOf(table)) reach(time);
  for (const signal of recording.signals()) {
    if (signal.samples === 0) continue;
    reach(microseconds(signal.read(0, 1).times[0]));
    reach(microseconds(signal.read(signal.samples - 1, signal.samples).times[0]));
  }
  return [first, last];
}

function boundsOf(table: IntervalTable): readonly number[] {
  return table.columns
    .filter(({ name }) => name === 'start_time' || name === 'stop_time')
    .flatMap(({ values }) => (values instanceof Float64Array ? Array.from(values, microseconds) : []));
}

/** Time, in merged start, stop … of µs, in which all of these units were observed; undefined where the file does not say. */
function observedByAll(table: UnitTable, units: Int32Array): Float64Array | undefined {
  let all: Float64Array | undefined;
  let last: Float64Array | undefined;
  for (const unit of units) {
    const own = table.observed(unit);
    // Files repeat the same intervals for every unit: only those that differ are intersected.
    if (!own || (last && own.length === last.length && own.every((time, i) => time === last?.[i]))) continue;
    last = own;
    const mergedOwn = merged(own.map(microseconds));
    all = all ? shared(all, mergedOwn) : mergedOwn;
  }
  return all;
}
