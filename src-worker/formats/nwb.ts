// NWB 2: units with their spike times, trials and other intervals, behaviour, metadata, and the truth of synthetic recordings.

import { Failure } from '../contract/failure.ts';
import type { Job } from '../contract/job.ts';
import { defineParams, type Values } from '../contract/params.ts';
import { defineFormat, type IntervalTable, type Recording } from './format.ts';
import { H5File } from './h5/file.ts';
import { isHdf5, sourceOf } from './hdf5.ts';
import { identityOf } from './identity.ts';
import { readSignal } from './nwb/signals.ts';
import { isTable, numbersOf, readIntervals } from './nwb/tables.ts';
import { readTruth } from './nwb/truth.ts';
import { type NwbUnits, readUnits } from './nwb/units.ts';
import { distinctTexts, summarizeArray, summarizeSignal, summarizeTable } from './summary.ts';

const params = defineParams({
  unitsTable: {
    kind: 'text',
    label: 'Unit table',
    help: 'Path of the table of units to use, where the file has several; /units where it has that',
    offer: 'unit-tables',
    tier: 'occasional',
  },
});

/** Metadata longer than this is cut: it is shown, not worked on. */
const MOST_TEXT = 2000;
const GENERAL = [
  'experiment_description',
  'experimenter',
  'institution',
  'lab',
  'session_id',
  'keywords',
  'related_publications',
  'notes',
  'protocol',
];

export const nwb = defineFormat({
  id: 'nwb',
  title: 'NWB 2',
  version: 1,
  about: 'Neurodata Without Borders: sorted units with spike times, trials, behaviour and metadata.',
  extensions: ['nwb'],
  params,

  async sniff(path, head) {
    if (!isHdf5(head)) return false;
    const root = await H5File.peek(path);
    return root !== undefined && (root.attributes.includes('nwb_version') || root.members.includes('nwb_version'));
  },

  open: (path, values, job) => H5File.openedFor(path, (file) => record(file, values, job)),
});

async function record(file: H5File, values: Values<typeof params>, job: Job): Promise<Recording> {
  const version = file.attributeText('/', 'nwb_version');
  if (version === '' || /^(NWB-)?[01]\./.test(version))
    throw new Failure(
      'old-nwb',
      `${file.name} is written in NWB 1, and only NWB 2 can be read.`,
      'Convert it, for example with the tool that made it, or export its counts to HDF5.',
    );
  const notes = [...file.notes];
  const groups = file.groups().filter((path) => !path.startsWith('/specifications'));
  const typed = (path: string, type: string) => file.attributeText(path, 'neurodata_type') === type;

  const unitPaths = preferring(
    groups.filter((path) => typed(path, 'Units') || isTable(file, path, 'spike_times')),
    values.unitsTable ?? '/units',
  );
  if (values.unitsTable !== undefined && unitPaths[0] !== values.unitsTable)
    throw new Failure(
      'no-table',
      `${file.name} has no table of units ${values.unitsTable}.`,
      `Tables of units in it: ${unitPaths.join(', ') || 'none'}.`,
    );
  const unitTables: NwbUnits[] = [];
  for (const [i, path] of unitPaths.entries()) {
    unitTables.push(readUnits(file, path, notes));
    await job.progress((0.5 * (i + 1)) / unitPaths.length, 'Reading units');
    job.signal.throwIfAborted();
  }

  const intervalPaths = preferring(
    groups.filter((path) => typed(path, 'TimeIntervals') || isTable(file, path, 'start_time')),
    '/intervals/trials',
    '/trials',
  );
  const intervalTables = intervalPaths.map((path) => readIntervals(file, path, notes)).filter((table) => table !== undefined);
  const trials = intervalTables.find(({ path }) => path.endsWith('/trials'));
  const signals = groups.map((path) => readSignal(file, path, notes)).filter((signal) => signal !== undefined);
  const arrays = file.arrays().filter(({ path, kind }) => !path.startsWith('/specifications') && kind !== 'other' && kind !== 'region');
  const sources = arrays.map((array) => sourceOf(file, array));
  await job.progress(0.9, 'Reading tables');

  const units = unitTables[0];
  const truth = readTruth(file, units, trials);
  const spans = [...unitTables.map(({ span }) => span), ...signals.map(({ span }) => span), ...intervalTables.map(spanOf)].filter(
    (span) => span !== undefined,
  );
  if (unitPaths.length > 1)
    notes.push(`The file has ${unitPaths.length} tables of units: ${unitPaths.join(', ')}. ${unitPaths[0]} is used.`);

  return {
    path: file.path,
    summary: {
      format: 'nwb',
      name: file.name,
      identity: identityOf(file),
      bytes: file.bytes,
      seconds: spans.length === 0 ? 0 : Math.max(...spans.map(([, last]) => last)) - Math.min(...spans.map(([first]) => first)),
      units: units?.rows ?? 0,
      trials: trials?.rows ?? 0,
      spikes: units?.spikes ?? 0,
      unitTables: unitTables.map((table) => summarizeTable(table)),
      intervalTables: intervalTables.map((table) => summarizeTable(table, units && units.rows > 0 ? units.observed(0) : undefined)),
      signals: signals.map((signal) => summarizeSignal(signal, signal.rateHz)),
      arrays: sources.map(summarizeArray),
      areas: distinctTexts(units?.areas ?? []),
      metadata: metadataOf(file, version),
      notes,
    },
    unitTables: () => unitTables,
    intervalTables: () => intervalTables,
    signals: () => signals,
    arrays: () => sources,
    truth: () => truth,
    lfadsLayout: () => undefined,
    close: () => file.close(),
  };
}

/** Paths with the preferred ones first, in the order of preference. */
const preferring = (paths: readonly string[], ...first: readonly string[]): readonly string[] => [
  ...first.filter((path) => paths.includes(path)),
  ...paths.filter((path) => !first.includes(path)),
];

/** From the first start to the last stop, s. */
function spanOf(table: IntervalTable): readonly [number, number] | undefined {
  let [first, last] = [Infinity, -Infinity];
  for (const name of ['start_time', 'stop_time']) {
    for (const time of numbersOf(table, name) ?? []) {
      if (!Number.isFinite(time)) continue;
      first = Math.min(first, time);
      last = Math.max(last, time);
    }
  }
  return first <= last ? [first, last] : undefined;
}

function metadataOf(file: H5File, version: string): Readonly<Record<string, string>> {
  const metadata: Record<string, string> = { nwb_version: version };
  const add = (name: string, path: string) => {
    const array = file.array(path);
    if (array === undefined || array.length === 0 || array.elsewhere || array.kind === 'other' || array.kind === 'region') return;
    const text = file.texts(path, 0, 100).join(', ').slice(0, MOST_TEXT);
    if (text !== '') metadata[name] = text;
  };
  for (const name of ['identifier', 'session_description', 'session_start_time']) add(name, `/${name}`);
  for (const name of GENERAL) add(name, `/general/${name}`);
  for (const name of file.children('/general/subject')) add(`subject ${name}`, `/general/subject/${name}`);
  return metadata;
}
