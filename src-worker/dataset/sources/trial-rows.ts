// The rows that spikes are cut by: trials of an interval table aligned to an event, or segments of a chopped recording.

import { Failure } from '../../contract/failure.ts';
import type { Values } from '../../contract/params.ts';
import type { Column, IntervalTable, Recording } from '../../formats/format.ts';
import { binsOf, microseconds, shared } from '../align.ts';
import { columnOf, numbersOf, restrict } from '../columns.ts';
import type { datasetParams } from '../params.ts';
import { chop } from './segments.ts';
import type { RowsOf } from './source.ts';
import { findTable } from './tables.ts';

export interface TrialRows {
  readonly event: string;
  /** Columns that a trial must have a time in, for the sentence about those that have none. */
  readonly needs: string;
  readonly trials: RowsOf;
  readonly windowMs: readonly [number, number];
  /** Time zero of each row, µs; NaN where the event is missing. */
  readonly eventUs: Float64Array;
  /** Time at which a row ends early. */
  readonly untilUs?: Float64Array;
  readonly eventColumns: readonly string[];
  readonly groups?: Int32Array;
  readonly chopped?: { readonly startBin: Int32Array; readonly overlapBins: number };
  readonly notes: readonly string[];
}

type DatasetValues = Values<typeof datasetParams>;

const FEWEST_BINS = 5;
/** How far before or after its trial an event may lie and still be one of that trial's, s. */
const AROUND_TRIAL_S = 5;

/** Names of the columns of times that trials can be aligned to, in the order of the file. */
function eventColumnsOf(recording: Recording, table: IntervalTable): readonly string[] {
  const summary = recording.summary.intervalTables.find(({ path }) => path === table.path);
  return summary?.columns.filter(({ isTime }) => isTime).map(({ name }) => name) ?? ['start_time', 'stop_time'];
}

function timesOf(table: IntervalTable, events: readonly string[], name: string, option: string): Float64Array {
  const column = columnOf(table.columns, name, 'trial');
  if (column.values instanceof Float64Array && column.kind === 'number' && mostlyInTrials(table, column.values))
    return column.values.map(microseconds);
  throw new Failure('not-times', `The trial column “${name}” holds no times.`, `Choose for --${option} one of: ${events.join(', ')}.`);
}

/** Whether at least half of the values lie in or about their own trials, as times of events do and numbers of targets do not. */
function mostlyInTrials(table: IntervalTable, times: Float64Array): boolean {
  const bound = (name: string): Float64Array | readonly string[] => table.columns.find((column) => column.name === name)?.values ?? [];
  const [starts, stops] = [bound('start_time'), bound('stop_time')];
  const rows = Array.from(times.keys()).filter((row) => !Number.isNaN(times[row]));
  // A trial without an end is open: only its start bounds it.
  const inside = rows.filter(
    (row) => !(times[row] < Number(starts[row]) - AROUND_TRIAL_S || times[row] > Number(stops[row]) + AROUND_TRIAL_S),
  );
  return inside.length >= rows.length / 2;
}

/** Trials of an interval table about an event. Throws a Failure where there are none, or the window does not fit. */
export function alignedTrials(recording: Recording, values: DatasetValues, binMs: number): TrialRows {
  const table = trialTable(recording, values.intervals);
  const events = eventColumnsOf(recording, table);
  const event = values.align ?? 'start_time';
  const eventUs = timesOf(table, events, event, 'align');
  const untilUs = values.until === undefined ? undefined : timesOf(table, events, values.until, 'until');
  const notes: string[] = [];
  let { windowMs } = values;
  if (!windowMs) {
    windowMs = usualWindow(table, eventUs, untilUs, binMs, event);
    notes.push(
      `The window was chosen as ${windowMs[0]} to ${windowMs[1]} ms about ${event}, as far as ${untilUs ? 'the longest trial reaches' : 'every trial reaches'}.`,
    );
  }
  return {
    event,
    needs: values.until === undefined ? event : `${event} or ${values.until}`,
    trials: { count: table.rows, ids: table.ids, columns: table.columns },
    windowMs,
    eventUs,
    ...(untilUs && { untilUs }),
    eventColumns: events,
    notes,
  };
}

function trialTable(recording: Recording, name: string | undefined): IntervalTable {
  const tables = recording.intervalTables();
  if (name === undefined && !tables.some(({ path }) => path.endsWith('/trials'))) {
    const known = tables.map(({ path }) => path).join(', ');
    throw new Failure(
      'no-trials',
      `${recording.summary.name} has no table of trials.`,
      `Chop it into segments, for example with --segment-ms 1000${known ? `, or name the intervals to use as trials with --intervals; it has ${known}` : ''}.`,
    );
  }
  const table = findTable(tables, name, 'trials', 'intervals');
  if (table.rows > 0) return table;
  throw new Failure(
    'no-trials',
    `The table ${table.path} of ${recording.summary.name} has no rows.`,
    'Choose another with --intervals, or chop the recording with --segment-ms.',
  );
}

/** From the event to the end that the shortest trial reaches, or the longest where trials may end early; in whole bins. */
function usualWindow(
  table: IntervalTable,
  eventUs: Float64Array,
  untilUs: Float64Array | undefined,
  binMs: number,
  event: string,
): readonly [number, number] {
  const ends = untilUs ?? numbersOf(columnOf(table.columns, 'stop_time', 'trial'), 'trial').map(microseconds);
  const lengths = ends.map((end, row) => end - eventUs[row]).filter((length) => length > 0);
  const reach = untilUs ? lengths.reduce((a, b) => Math.max(a, b), 0) : lengths.reduce((a, b) => Math.min(a, b), Infinity);
  const binUs = Math.round(binMs * 1000);
  const bins = lengths.length === 0 ? 0 : Math.floor((reach + 1) / binUs);
  if (bins >= FEWEST_BINS) return [0, (bins * binUs) / 1000];
  throw new Failure(
    'no-window',
    `No window about ${event} follows from the trials: ${lengths.length === 0 ? 'none goes on after it' : `the shortest goes on for only ${reach / 1000} ms`}.`,
    'Set one, for example --window-ms -250,450.',
  );
}

/** Segments of the pieces of time that were recorded (start, stop … in µs), within the chosen table of epochs where one is named. */
export function choppedTrials(recording: Recording, values: DatasetValues, binMs: number, recordedUs: Float64Array): TrialRows {
  if (values.align !== undefined || values.windowMs !== undefined)
    throw new Failure(
      'segments-or-trials',
      'A recording is either chopped into segments or aligned to an event.',
      'Set --segment-ms, or --align and --window-ms.',
    );
  const segmentMs = values.segmentMs ?? 0;
  const { binUs, count } = binsOf([0, segmentMs], binMs);
  const overlap = binsOf([0, values.overlapMs], binMs).count;
  const epochs =
    values.intervals === undefined ? undefined : findTable(recording.intervalTables(), values.intervals, 'epochs', 'intervals');
  const { pieces, epochOf } = epochs ? withinEpochs(epochs, recordedUs) : { pieces: recordedUs, epochOf: undefined };
  const { startBin, piece, block, originUs, unusedUs } = chop(pieces, binUs, count, overlap);
  if (startBin.length === 0)
    throw new Failure(
      'no-segments',
      `No stretch of ${recording.summary.name} is as long as ${segmentMs} ms.`,
      'Choose a shorter --segment-ms.',
    );
  const eventUs = Float64Array.from(startBin, (bin) => originUs + bin * binUs);
  const times = (name: string, shift: number): Column => ({
    name,
    description: 'Time of the segment',
    kind: 'number',
    values: eventUs.map((at) => (at + shift) / 1e6),
  });
  const inherited = epochs
    ? epochs.columns
        .filter(({ name }) => name !== 'start_time' && name !== 'stop_time')
        .map((column) =>
          restrict(
            column,
            Int32Array.from(piece, (p) => epochOf?.[p] ?? 0),
          ),
        )
    : [];
  return {
    event: 'segment start',
    needs: 'start',
    trials: {
      count: startBin.length,
      ids: Float64Array.from(startBin, (_, k) => k),
      columns: [times('start_time', 0), times('stop_time', count * binUs), ...inherited],
    },
    windowMs: [0, segmentMs],
    eventUs,
    eventColumns: [],
    groups: block,
    chopped: { startBin, overlapBins: overlap },
    notes: unusedUs > 0 ? [`${(unusedUs / 1e6).toPrecision(3)} s at the ends of pieces is too short for a segment and not used.`] : [],
  };
}

/** The recorded time within each epoch, and the epoch of each piece. */
function withinEpochs(epochs: IntervalTable, recordedUs: Float64Array): { pieces: Float64Array; epochOf: readonly number[] } {
  const starts = numbersOf(columnOf(epochs.columns, 'start_time', 'trial'), 'trial');
  const stops = numbersOf(columnOf(epochs.columns, 'stop_time', 'trial'), 'trial');
  const pieces: number[] = [];
  const epochOf: number[] = [];
  const order = Array.from(starts, (_, row) => row).sort((a, b) => starts[a] - starts[b]);
  let reached = -Infinity;
  for (const row of order) {
    const own = Float64Array.of(Math.max(reached, microseconds(starts[row])), microseconds(stops[row]));
    if (!(own[1] > own[0])) continue;
    reached = own[1];
    for (const time of shared(own, recordedUs)) pieces.push(time);
    while (epochOf.length < pieces.length / 2) epochOf.push(row);
  }
  return { pieces: Float64Array.from(pieces), epochOf };
}
