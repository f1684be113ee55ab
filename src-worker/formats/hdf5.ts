// Any HDF5 file of arrays: counts as trials × bins × units beside conditions, truth and behaviour, or the layout of LFADS files.

import { defineParams, type Values } from '../contract/params.ts';
import { Failure } from '../contract/failure.ts';
import type { Job } from '../contract/job.ts';
import { defineFormat, type ArraySource, type LfadsLayout, type Recording } from './format.ts';
import { type H5Array, H5File } from './h5/file.ts';
import { identityOf } from './identity.ts';
import { distinctTexts, summarizeArray } from './summary.ts';

const params = defineParams({
  counts: {
    kind: 'text',
    label: 'Counts',
    help: 'Path of the array of spike counts, trials × bins × units; needed only where the file has several that could be it',
    offer: 'arrays',
    tier: 'occasional',
  },
  rates: {
    kind: 'text',
    label: 'Rates',
    help: 'Path of an array of rates or other continuous activity, trials × samples × units, or samples × units without trials',
    tier: 'occasional',
    offer: 'arrays',
  },
  dtMs: {
    kind: 'number',
    label: 'Time step',
    help: 'Time from one sample of the rates to the next',
    unit: 'ms',
    min: 0.001,
    tier: 'occasional',
  },
});

/** Rows of counts looked at before an array of floats is taken for counts. */
const SAMPLED_ROWS = 8;
/** Counts of up to this many values are summed when the file is opened. */
const MOST_SUMMED = 2 ** 29;
export const COUNT_NAMES = ['spikes', 'spike_counts', 'counts', 'spike_count', 'binned_spikes'];

export const hdf5 = defineFormat({
  id: 'hdf5',
  title: 'HDF5 arrays',
  version: 1,
  about:
    'Binned counts (trials × bins × units) in an HDF5 file, with conditions, behaviour and truth beside them, or the layout of LFADS files.',
  extensions: ['h5', 'hdf5', 'hdf', 'mat'],
  params,

  async sniff(_path, head) {
    return isHdf5(head);
  },

  open: (path, values, job) => H5File.openedFor(path, (file) => record(file, values, job)),
});

/** The signature stands at the start, or after a user block of 512, 1024, 2048 … bytes, as in MATLAB's files. */
export function isHdf5(head: Uint8Array): boolean {
  const signature = [0x89, 0x48, 0x44, 0x46, 0x0d, 0x0a, 0x1a, 0x0a];
  for (let at = 0; at + 8 <= head.length; at = at === 0 ? 512 : 2 * at) {
    if (signature.every((byte, i) => head[at + i] === byte)) return true;
  }
  return false;
}

async function record(file: H5File, values: Values<typeof params>, job: Job): Promise<Recording> {
  const arrays = file.arrays().filter(({ kind, path }) => kind !== 'other' && kind !== 'region' && !path.startsWith('/#'));
  const sources = arrays.map((array) => sourceOf(file, array));
  const layout = layoutOf(file);
  const notes = [...file.notes];
  const parts = layout !== undefined ? Object.values(layout.encod) : countsOf(file, arrays, values.counts, notes);

  let [trials, spikes, bins, units] = [0, 0, 0, 0];
  for (const [i, path] of parts.entries()) {
    const { shape } = file.array(path)!;
    trials += shape[0];
    bins = shape[1];
    units = shape[2];
    spikes += await sumOf(file, path, job, i / parts.length, 1 / parts.length, notes);
  }
  const binSeconds = values.dtMs === undefined ? (file.attributeNumber('/', 'bin_s') ?? 0) : values.dtMs / 1000;
  if (values.rates !== undefined) [trials, spikes, bins, units] = ratesOf(file, values.rates);
  return {
    path: file.path,
    summary: {
      format: 'hdf5',
      name: file.name,
      identity: identityOf(file),
      bytes: file.bytes,
      seconds: trials * bins * binSeconds,
      units,
      trials,
      spikes,
      unitTables: [],
      intervalTables: [],
      signals: [],
      arrays: sources.map(summarizeArray),
      areas: areasOf(file, arrays, units),
      metadata: Object.fromEntries(file.attributeNames('/').map((name) => [name, file.attributeText('/', name)])),
      notes,
    },
    unitTables: () => [],
    intervalTables: () => [],
    signals: () => [],
    arrays: () => sources,
    truth: () => undefined,
    lfadsLayout: () => layout,
    close: () => file.close(),
  };
}

export const sourceOf = (file: H5File, { path, shape, type }: H5Array): ArraySource => ({
  path,
  shape,
  type,
  read: (from, to) => file.numbers(path, from, to),
  readText: () => file.texts(path),
});

/** Paths by split of the arrays called `train_NAME`, `valid_NAME`, `test_NAME` in the root. */
function bySplit(file: H5File, ...names: readonly string[]): Partial<Record<'train' | 'valid' | 'test', string>> {
  const paths: Partial<Record<'train' | 'valid' | 'test', string>> = {};
  for (const split of ['train', 'valid', 'test'] as const) {
    const name = names.find((candidate) => file.array(`/${split}_${candidate}`) !== undefined);
    if (name !== undefined) paths[split] = `/${split}_${name}`;
  }
  return paths;
}

function layoutOf(file: H5File): LfadsLayout | undefined {
  const encod = bySplit(file, 'encod_data', 'data');
  if (encod.train === undefined) return undefined;
  const first = file.array(encod.train)!;
  for (const path of Object.values(encod)) {
    const { shape, kind } = file.array(path)!;
    if (kind !== 'number' || shape.length !== 3 || shape[1] !== first.shape[1] || shape[2] !== first.shape[2])
      throw new Failure(
        'bad-layout',
        `${path} of ${file.name} has the shape ${shape.join(' × ')} where ${encod.train} has ${first.shape.join(' × ')}: bins and units must agree.`,
        'Write the splits with the same bins and units.',
      );
  }
  const factor = file.array('/conversion_factor');
  return {
    encod,
    recon: bySplit(file, 'recon_data'),
    external: bySplit(file, 'ext_input'),
    truth: bySplit(file, 'truth'),
    conversionFactor: factor === undefined || factor.length === 0 ? 1 : file.numbers(factor.path)[0],
  };
}

/** The array of counts: the one asked for, the one by that name, or the only one that could be it. */
function countsOf(file: H5File, arrays: readonly H5Array[], asked: string | undefined, notes: string[]): readonly string[] {
  if (asked !== undefined) {
    const path = asked.startsWith('/') ? asked : `/${asked}`;
    const array = file.array(path);
    const cubes = arrays.filter(({ shape, kind }) => shape.length === 3 && kind === 'number').map((cube) => cube.path);
    if (array === undefined)
      throw new Failure('no-array', `${file.name} has no array ${path}.`, `Arrays of three axes in it: ${cubes.join(', ') || 'none'}.`);
    if (array.shape.length !== 3 || array.kind !== 'number')
      throw new Failure(
        'not-counts',
        `${path} of ${file.name} has the shape ${array.shape.join(' × ') || 'of a single value'} and type ${array.type}, not trials × bins × units of numbers.`,
        `Arrays of three axes in it: ${cubes.join(', ') || 'none'}.`,
      );
    return [path];
  }
  const candidates = arrays.filter(
    (array) => array.shape.length === 3 && array.kind === 'number' && !array.elsewhere && holdsCounts(file, array),
  );
  const named = candidates.filter(({ path }) => COUNT_NAMES.includes(path.slice(path.lastIndexOf('/') + 1).toLowerCase()));
  const chosen = named.length === 1 ? named : candidates.length === 1 ? candidates : [];
  if (chosen.length === 0 && candidates.length > 1)
    notes.push(`Several arrays could be the counts: ${candidates.map(({ path }) => path).join(', ')}. Choose one of them.`);
  return chosen.map(({ path }) => path);
}

/** Trials, no spikes, samples and units of an array of continuous activity; a whole without trials counts as one. */
function ratesOf(file: H5File, asked: string): readonly [number, number, number, number] {
  const path = asked.startsWith('/') ? asked : `/${asked}`;
  const array = file.array(path);
  const fitting = file.arrays().filter(({ shape, kind }) => (shape.length === 2 || shape.length === 3) && kind === 'number');
  if (array?.kind !== 'number' || array.shape.length < 2 || array.shape.length > 3)
    throw new Failure(
      array ? 'not-rates' : 'no-array',
      array
        ? `${path} of ${file.name} has the shape ${array.shape.join(' × ') || 'of a single value'}, not trials × samples × units or samples × units.`
        : `${file.name} has no array ${path}.`,
      `Arrays that could be rates: ${fitting.map((one) => `${one.path} (${one.shape.join(' × ')})`).join(', ') || 'none'}.`,
    );
  const [samples, units] = array.shape.slice(-2);
  return [array.shape.length === 3 ? array.shape[0] : 1, 0, samples, units];
}

function holdsCounts(file: H5File, { path, integer, length }: H5Array): boolean {
  if (length === 0) return false;
  const values = file.numbers(path, 0, SAMPLED_ROWS);
  return values.every((value) => value >= 0 && (integer || Number.isInteger(value)));
}

async function sumOf(file: H5File, path: string, job: Job, from: number, share: number, notes: string[]): Promise<number> {
  const { shape, length } = file.array(path)!;
  if (length > MOST_SUMMED) {
    notes.push(`${path} is too large to count its spikes on opening.`);
    return 0;
  }
  const rowLength = length / Math.max(1, shape[0]);
  const rows = Math.max(1, Math.floor(2 ** 22 / Math.max(1, rowLength)));
  let sum = 0;
  for (let row = 0; row < shape[0]; row += rows) {
    for (const value of file.numbers(path, row, row + rows)) sum += value;
    await job.progress(from + share * Math.min(1, (row + rows) / shape[0]), 'Counting spikes');
    job.signal.throwIfAborted();
  }
  return sum;
}

/** Names in a text array with one entry for each unit that its name calls areas. */
function areasOf(file: H5File, arrays: readonly H5Array[], units: number): readonly string[] {
  const found = arrays.find(
    ({ path, kind, shape }) => kind === 'text' && shape.length === 1 && shape[0] === units && /area|region|location/i.test(path),
  );
  return found === undefined ? [] : distinctTexts(file.texts(found.path));
}
