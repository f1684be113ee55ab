// A recording made of plain data, for tests of everything that is made of recordings.

import type { RecordingSummary } from '../../src-worker/contract/recording.ts';
import type { Job } from '../../src-worker/contract/job.ts';
import type {
  ArraySource,
  Column,
  IntervalTable,
  LfadsLayout,
  Recording,
  Signal,
  Truth,
  UnitTable,
} from '../../src-worker/formats/format.ts';

export const quietJob = (): Job => ({ signal: new AbortController().signal, progress: async () => {}, seed: 0, threads: 1 });

type Plain = readonly (number | string | boolean)[];

export function column(name: string, values: Plain, description = ''): Column {
  if (values.some((value) => typeof value === 'string')) return { name, description, kind: 'text', values: values.map(String) };
  const kind = values.some((value) => typeof value === 'boolean') ? 'boolean' : 'number';
  return { name, description, kind, values: Float64Array.from(values, Number) };
}

const columns = (plain: Readonly<Record<string, Plain>>, descriptions: Readonly<Record<string, string>> = {}): readonly Column[] =>
  Object.entries(plain).map(([name, values]) => column(name, values, descriptions[name]));

export function unitTable(
  spikes: readonly (readonly number[])[],
  extra: Readonly<Record<string, Plain>> = {},
  observed?: readonly (readonly number[])[],
  areas?: readonly string[],
): UnitTable {
  return {
    path: '/units',
    rows: spikes.length,
    ids: Float64Array.from(spikes, (_, row) => 100 + row),
    columns: columns(extra),
    spikeTimes: (row) => Float64Array.from(spikes[row]).sort(),
    observed: (row) => observed && Float64Array.from(observed[row]),
    areas: areas ?? spikes.map(() => ''),
  };
}

export const intervals = (
  path: string,
  plain: Readonly<Record<string, Plain>>,
  descriptions: Readonly<Record<string, string>> = {},
): IntervalTable => ({
  path,
  rows: plain.start_time.length,
  ids: Float64Array.from(plain.start_time, (_, row) => 1000 + row),
  columns: columns(plain, descriptions),
});

export function signal(path: string, times: readonly number[], values: readonly number[], channels = ['x'], unit = 'cm/s'): Signal {
  return {
    path,
    title: path.split('/').at(-1) ?? path,
    unit,
    channels,
    samples: times.length,
    read: (from, to) => ({
      times: Float64Array.from(times.slice(from, to)),
      values: Float64Array.from(values.slice(from * channels.length, to * channels.length)),
    }),
  };
}

export function array(path: string, shape: readonly number[], values: readonly number[] | readonly string[]): ArraySource {
  const size = shape.slice(1).reduce((product, n) => product * n, 1);
  const text = typeof values[0] === 'string';
  return {
    path,
    shape,
    type: text ? 'S' : '<f8',
    read: (from = 0, to = shape[0]) => Float64Array.from((values as readonly number[]).slice(from * size, to * size)),
    readText: () => values.map(String),
  };
}

export interface Plan {
  readonly units?: readonly UnitTable[];
  readonly intervals?: readonly IntervalTable[];
  readonly signals?: readonly Signal[];
  readonly arrays?: readonly ArraySource[];
  readonly truth?: Truth;
  readonly layout?: LfadsLayout;
  readonly seconds?: number;
}

const isTime = (name: string): boolean => /_time$/.test(name);

export function fakeRecording(plan: Plan): Recording {
  const { units = [], intervals: tables = [], signals = [], arrays = [] } = plan;
  const summary: RecordingSummary = {
    format: 'fake',
    name: 'fake.nwb',
    identity: 'fake-identity',
    bytes: 0,
    seconds: plan.seconds ?? 10,
    units: units[0]?.rows ?? 0,
    trials: tables[0]?.rows ?? 0,
    spikes: units[0] ? range(units[0].rows, (row) => units[0].spikeTimes(row).length).reduce((sum, n) => sum + n, 0) : 0,
    unitTables: [],
    intervalTables: tables.map((table) => ({
      path: table.path,
      rows: table.rows,
      columns: table.columns.map(({ name, description, kind, values }) => ({
        name,
        description,
        kind,
        isTime: isTime(name),
        missing: 0,
        distinct: new Set<number | string>(values).size,
        ...(values instanceof Float64Array && { min: Math.min(...values), max: Math.max(...values) }),
      })),
    })),
    signals: [],
    arrays: [],
    areas: [],
    metadata: {},
    notes: [],
  };
  return {
    summary,
    path: '/fake.nwb',
    unitTables: () => units,
    intervalTables: () => tables,
    signals: () => signals,
    arrays: () => arrays,
    truth: () => plan.truth,
    lfadsLayout: () => plan.layout,
    close: () => {},
  };
}

/** Numbers 0 … n − 1, made into whatever is wanted. */
export const range = <T>(n: number, make: (k: number) => T): T[] => Array.from({ length: n }, (_, k) => make(k));

/**
 * `trials` trials of 1 s, 1.5 s apart, from second 1 on; unit u of trial k fires u + 1 times, evenly from 50 ms after the start.
 * Unlike real neurons, but every count is known.
 */
export function evenRecording(trials = 20, units = 4, extra: Readonly<Record<string, Plain>> = {}): Recording {
  const starts = range(trials, (k) => 1 + 1.5 * k);
  const spikes = range(units, (u) => starts.flatMap((start) => range(u + 1, (j) => start + 0.05 + (0.9 * j) / (u + 1))));
  const table = intervals('/intervals/trials', { start_time: starts, stop_time: starts.map((start) => start + 1), ...extra });
  return fakeRecording({ units: [unitTable(spikes)], intervals: [table], seconds: 2.5 + 1.5 * trials });
}
