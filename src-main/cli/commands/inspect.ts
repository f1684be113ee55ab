// `orrery inspect FILE`: what a recording holds, before anything is done with it.

import type { Catalogue } from '../../../src-worker/contract/catalogue.ts';
import type { Params } from '../../../src-worker/contract/params.ts';
import type { ColumnSummary, RecordingSummary, TableSummary } from '../../../src-worker/contract/recording.ts';
import { resolvePath } from '../arguments.ts';
import { bytes, count, duration, figures, many, table } from '../format.ts';
import { addOptions, settingsOf } from '../options.ts';
import type { AddCommand } from '../program.ts';
import { withJob } from '../session.ts';

/** The options of every format; one that two formats share is listed once. */
const formatParams = (catalogue: Catalogue): Params => Object.assign({}, ...catalogue.formats.map(({ params }) => params));

/** Names of the columns of units and of trials, without doubles. Other interval tables have theirs under `intervalTables`. */
function columnNames({ unitTables, intervalTables }: RecordingSummary): readonly string[] {
  const trials = intervalTables.filter(({ path }) => path.split('/').at(-1) === 'trials');
  const tables = [...unitTables, ...(trials.length > 0 ? trials : intervalTables.slice(0, 1))];
  return [...new Set(tables.flatMap(({ columns }) => columns.map(({ name }) => name)))];
}

function valuesText({ kind, isTime, values, min, max, distinct }: ColumnSummary): string {
  if (isTime && min !== undefined && max !== undefined) return `${figures(min)} to ${figures(max)} s`;
  if (values !== undefined && values.length <= 12) return values.join(', ');
  if (kind === 'number' && min !== undefined && max !== undefined) return `${figures(min)} to ${figures(max)}`;
  return `${distinct} different`;
}

function tableText({ path, rows, columns }: TableSummary): string {
  const cells = columns.map((column) => [
    `  ${column.name}`,
    column.isTime ? 'time' : column.kind,
    valuesText(column),
    column.missing > 0 ? `${column.missing} missing` : '',
  ]);
  return `${path}, ${many(rows, 'row')}\n${table(['  column', 'kind', 'values', ''], cells)}`;
}

function recordingText(recording: RecordingSummary): string {
  const { signals, arrays, areas, notes } = recording;
  return [
    `${recording.name}: ${recording.format}, ${bytes(recording.bytes)}, ${duration(recording.seconds)}`,
    `${many(recording.units, 'unit')}${areas.length > 0 ? ` in ${areas.join(', ')}` : ''}, ${many(recording.trials, 'trial')}, ${many(recording.spikes, 'spike')}`,
    ...[...recording.unitTables, ...recording.intervalTables].map((of) => `\n${tableText(of)}`),
    ...(signals.length > 0
      ? [
          `\n${table(
            ['signal', 'channels', 'samples', 'rate', 'unit'],
            signals.map((of) => [
              of.path,
              of.channels.join(', '),
              count(of.samples),
              of.rateHz === undefined ? '' : `${figures(of.rateHz)} Hz`,
              of.unit,
            ]),
          )}`,
        ]
      : []),
    // Where there are tables, the arrays are what they are made of.
    ...(arrays.length > 0 && recording.unitTables.length > 0 ? [`\n${arrays.length} arrays; --json lists them`] : []),
    ...(arrays.length > 0 && recording.unitTables.length === 0
      ? [
          `\n${table(
            ['array', 'shape', 'type'],
            arrays.map((of) => [of.path, of.shape.join(' × '), of.type]),
          )}`,
        ]
      : []),
    ...(notes.length > 0 ? ['', ...notes.map((note) => `Note: ${note}`)] : []),
  ].join('\n');
}

export function addInspect(add: AddCommand, catalogue: Catalogue): void {
  const params = formatParams(catalogue);
  const command = add.command('inspect <file>', 'Say what a recording holds');
  const bound = addOptions(command, params, { heading: 'File', prefix: 'file' });
  add.action(command, async (session, [file], values) => {
    const ref = { path: resolvePath(session.terminal.folder, file), settings: settingsOf(params, bound, values) };
    const summary = await withJob(session, 'Reading', (job) => session.api.inspect(ref, job));
    return { json: { ...summary, columns: columnNames(summary) }, text: recordingText(summary) };
  });
}
