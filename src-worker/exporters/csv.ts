// CSV for spreadsheets and R: one row per trial and bin, with tables of trials and units and the parameters beside it.

import fs from 'node:fs';
import Papa from 'papaparse';
import { Failure } from '../contract/failure.ts';
import type { NamedArray } from '../contract/result.ts';
import type { Dataset } from '../dataset/dataset.ts';
import { compareText, type Part, quoted, quotedMatlab, writeBeside } from './beside.ts';
import { type Contents, contentsOf, exportParams, shapeOf } from './contents.ts';
import { defineExporter } from './exporter.ts';
import { wholeOf } from './whole.ts';

type Cell = string | number;
interface Sheet {
  readonly columns: readonly string[];
  readonly rows: number;
  row(index: number): Cell[];
}

/** Rows that are written, and later compared, at once. */
const BLOCK = 2000;

export const csv = defineExporter({
  id: 'csv',
  title: 'CSV',
  version: 1,
  about: 'A table with one row per trial and bin, beside it tables of trials and units and the parameters as JSON',
  extension: 'csv',
  params: exportParams,
  async write(asked, path, { outputs, merge }, job) {
    const what = merge ? wholeOf(asked) : asked;
    const contents = contentsOf(what, outputs);
    const stem = path.replace(/\.csv$/i, '');
    const { dataset } = what;
    const parts = [
      sheetPart(`${stem}.trials.csv`, trialSheet(contents, dataset)),
      sheetPart(`${stem}.units.csv`, unitSheet(contents, dataset)),
      textPart(`${stem}.parameters.json`, contents.parameters),
      // Last, so that the table that was asked for is there only when all is.
      sheetPart(path, binSheet(contents, dataset)),
    ];
    const files = await writeBeside(parts, what.recordingPath, job);
    return {
      files: [files[3], files[0], files[1], files[2]],
      load: [
        { language: 'Python', lines: python(path, stem, contents, dataset) },
        { language: 'MATLAB', lines: matlab(path, stem, contents, dataset) },
      ],
    };
  },
});

const byBin = ([, { axes }]: [string, NamedArray]): boolean => axes[0] === 'trial' && axes[1] === 'bin';
const byTrial = (entry: [string, NamedArray]): boolean => entry[1].axes[0] === 'trial' && !byBin(entry);

/** Headings of an array's columns: `rates[12]` for unit 12, `factors[1]` for the first factor. */
function headings(name: string, { shape, axes }: NamedArray, leading: number, dataset: Dataset): string[] {
  const tail = shape.slice(leading);
  const size = tail.reduce((product, length) => product * length, 1);
  return Array.from({ length: size }, (_, flat) => {
    if (tail.length === 1 && axes[leading] === 'unit') return `${name}[${dataset.unitIds[flat]}]`;
    const at = tail.map((length, dimension) => (Math.floor(flat / tail.slice(dimension + 1).reduce((a, b) => a * b, 1)) % length) + 1);
    return tail.length === 0 ? name : `${name}[${at.join(';')}]`;
  });
}

/** The shortest decimal that gives the same number back. */
function cellOf(array: NamedArray, index: number): number {
  const value = array.values[index];
  if (!(array.values instanceof Float32Array) || value === 0) return value;
  const short = Number(value.toPrecision(7));
  return Object.is(Math.fround(short), value) ? short : Number(value.toPrecision(9));
}

/** Columns of arrays, cut at the row that stands at `row`. */
function columnsOf(entries: readonly [string, NamedArray][], leading: number, dataset: Dataset) {
  const columns = entries.flatMap(([name, array]) => headings(name, array, leading, dataset));
  const widths = entries.map(([, { shape }]) => shape.slice(leading).reduce((product, length) => product * length, 1));
  const cells = (row: number): Cell[] =>
    entries.flatMap(([, array], index) => Array.from({ length: widths[index] }, (_, k) => cellOf(array, row * widths[index] + k)));
  return { columns, cells };
}

function binSheet({ outputs, texts, identities }: Contents, dataset: Dataset): Sheet {
  const { trials, bins, edgesMs, trialIds, observed } = dataset;
  const { columns, cells } = columnsOf(
    Object.entries({ ...outputs, ...(observed ? { observed: identities.observed } : {}) }).filter(byBin),
    2,
    dataset,
  );
  return {
    columns: ['trialId', 'condition', 'split', 'bin', 'startMs', 'stopMs', ...columns],
    rows: trials * bins,
    row(index) {
      const [trial, bin] = [Math.floor(index / bins), index % bins];
      const [condition, split] = [texts.trialCondition.values[trial], texts.trialSplit.values[trial]];
      return [trialIds[trial], condition, split, bin, edgesMs[bin], edgesMs[bin + 1], ...cells(index)];
    },
  };
}

function trialSheet({ outputs, texts }: Contents, dataset: Dataset): Sheet {
  const { trials, trialIds, trialRows } = dataset;
  const { columns, cells } = columnsOf(Object.entries(outputs).filter(byTrial), 1, dataset);
  return {
    columns: ['trialId', 'trialRow', 'condition', 'split', ...columns],
    rows: trials,
    row: (trial) => [
      trialIds[trial],
      trialRows[trial],
      texts.trialCondition.values[trial],
      texts.trialSplit.values[trial],
      ...cells(trial),
    ],
  };
}

const unitSheet = ({ texts }: Contents, { units, unitIds, unitRows, heldOut }: Dataset): Sheet => ({
  columns: ['unitId', 'unitRow', 'area', 'heldOut'],
  rows: units,
  row: (unit) => [unitIds[unit], unitRows[unit], texts.unitAreas.values[unit] ?? '', heldOut[unit]],
});

// Text from a file stays text: a leading = or @ would be a formula to a spreadsheet.
const FORMULA = /^[=+\-@\t\r]/;
function plain(cell: Cell): string {
  if (typeof cell === 'string') return FORMULA.test(cell) ? `'${cell}` : cell;
  // The names of infinity that spreadsheets, Python, R and MATLAB agree on.
  if (Math.abs(cell) === Infinity) return cell > 0 ? 'Inf' : '-Inf';
  return Object.is(cell, -0) ? '-0' : String(cell);
}

function sheetPart(path: string, { columns, rows, row }: Sheet): Part {
  /** Where each block ends in the file. */
  const ends: number[] = [];
  const block = (from: number): string[][] => Array.from({ length: Math.min(BLOCK, rows - from) }, (_, k) => row(from + k).map(plain));
  return {
    path,
    async write(draft, progress) {
      const file = fs.openSync(draft, 'w');
      try {
        let size = 0;
        const put = (lines: readonly (readonly string[])[]) => {
          const bytes = Buffer.from(`${Papa.unparse(lines as string[][], { newline: '\n' })}\n`);
          for (let done = 0; done < bytes.length; ) done += fs.writeSync(file, bytes, done);
          size += bytes.length;
          ends.push(size);
        };
        put([columns.map(plain)]);
        for (let from = 0; from < rows; from += BLOCK) {
          put(block(from));
          await progress(from / rows);
        }
      } finally {
        fs.closeSync(file);
      }
    },
    async compare(draft, progress) {
      const file = fs.openSync(draft, 'r');
      try {
        let start = 0;
        for (const [index, end] of ends.entries()) {
          const bytes = Buffer.alloc(end - start);
          fs.readSync(file, bytes, 0, bytes.length, start);
          const read = Papa.parse<string[]>(bytes.toString(), { skipEmptyLines: true }).data;
          const meant = index === 0 ? [columns.map(plain)] : block((index - 1) * BLOCK);
          compareText(draft, 'a row', meant.flat(), read.flat());
          start = end;
          await progress(index / ends.length);
        }
        if (fs.fstatSync(file).size !== start)
          throw new Failure('export-differs', `${draft} is longer than what was written.`, 'Export again.');
      } finally {
        fs.closeSync(file);
      }
    },
  };
}

const textPart = (path: string, text: string): Part => ({
  path,
  write: async (draft) => fs.writeFileSync(draft, `${text}\n`),
  compare: async (draft) => compareText(draft, 'the parameters', [`${text}\n`], [fs.readFileSync(draft, 'utf8')]),
});

function python(path: string, stem: string, { outputs }: Contents, { trials, bins }: Dataset): string {
  const entries = Object.entries(outputs);
  return [
    'import csv, json, numpy',
    'def table(path):',
    '    with open(path, newline="", encoding="utf-8") as file:',
    '        return list(csv.DictReader(file))',
    'def columns(rows, name, *shape):',
    '    names = [column for column in rows[0] if column.startswith(name + "[")]',
    '    return numpy.array([[float(row[column]) for column in names] for row in rows]).reshape(*shape, len(names))',
    `bins, trials, units = table(${quoted(path)}), table(${quoted(`${stem}.trials.csv`)}), table(${quoted(`${stem}.units.csv`)})`,
    ...entries.filter(byBin).map(([name, array]) => `${name} = columns(bins, "${name}", ${trials}, ${bins})  # ${shapeOf(array)}`),
    ...entries.filter(byTrial).map(([name, array]) => `${name} = columns(trials, "${name}", ${trials})  # ${shapeOf(array)}`),
    `parameters = json.load(open(${quoted(`${stem}.parameters.json`)}, encoding="utf-8"))`,
  ].join('\n');
}

function matlab(path: string, stem: string, { outputs }: Contents, { trials, bins }: Dataset): string {
  const columns = (table: string, name: string) => `${table}{:, startsWith(${table}.Properties.VariableNames, '${name}[')}`;
  const entries = Object.entries(outputs);
  return [
    '% Rows run through the bins of the first trial, then of the second: reshape gives bin, trial, column, and permute turns them.',
    `bins = readtable(${quotedMatlab(path)}, 'VariableNamingRule', 'preserve');`,
    `trials = readtable(${quotedMatlab(`${stem}.trials.csv`)}, 'VariableNamingRule', 'preserve');`,
    `units = readtable(${quotedMatlab(`${stem}.units.csv`)}, 'VariableNamingRule', 'preserve');`,
    ...entries
      .filter(byBin)
      .map(
        ([name, array]) => `${name} = permute(reshape(${columns('bins', name)}, ${bins}, ${trials}, []), [2 1 3]);  % ${shapeOf(array)}`,
      ),
    ...entries.filter(byTrial).map(([name, array]) => `${name} = ${columns('trials', name)};  % ${shapeOf(array)}`),
    `parameters = jsondecode(fileread(${quotedMatlab(`${stem}.parameters.json`)}));`,
  ].join('\n');
}
