// NumPy's .npz files: a zip of arrays by name, as numpy.savez and numpy.savez_compressed write them. Networks from elsewhere come so, and counts
// as trials × bins × units.

import { readFileSync, statSync } from 'node:fs';
import { basename } from 'node:path';
import { unzipSync } from 'fflate';
import { Failure } from '../contract/failure.ts';
import { defineParams } from '../contract/params.ts';
import { type ArraySource, defineFormat } from './format.ts';
import { COUNT_NAMES } from './hdf5.ts';
import { identityOf } from './identity.ts';
import { type NpyArray, npyOf } from './npy.ts';
import { summarizeArray } from './summary.ts';

const params = defineParams({
  counts: {
    kind: 'text',
    label: 'Counts',
    help: 'Name of the array of spike counts, trials × bins × units; needed only where the file has several that could be it',
    offer: 'arrays',
    tier: 'occasional',
  },
});

/** Larger files do not fit into memory beside what is made of them. */
const MOST_BYTES = 2 ** 30;

export const npz = defineFormat({
  id: 'npz',
  title: 'NumPy arrays',
  version: 1,
  about: 'Arrays by name in a .npz file of NumPy: the weights of a network, or binned counts (trials × bins × units).',
  extensions: ['npz'],
  params,

  async sniff(_path, head) {
    return head[0] === 0x50 && head[1] === 0x4b && head[2] === 3 && head[3] === 4;
  },

  async open(path, { counts: asked }, job) {
    job.signal.throwIfAborted();
    const name = basename(path);
    const { size: bytes } = statSync(path);
    if (bytes > MOST_BYTES)
      throw new Failure('too-large', `${name} does not fit into memory.`, 'Write it as HDF5, which is read piece by piece.');
    const arrays = arraysIn(readFileSync(path), name);
    const sources = [...arrays].map(([of, array]) => sourceOf(of, array));
    const notes: string[] = [];
    const counts = countsIn(arrays, asked, name, notes);
    const values = counts?.numbers();
    await job.progress(1);
    const [trials, , units] = counts?.shape ?? [0, 0, 0];
    const listed = [...arrays].map(([of, { type, shape }]) => ({ path: of, type, shape }));
    return {
      path,
      summary: {
        format: 'npz',
        name,
        identity: identityOf({ path, bytes, groups: () => [], arrays: () => listed }),
        bytes,
        seconds: 0,
        units,
        trials,
        spikes: values?.reduce((sum, value) => sum + value, 0) ?? 0,
        unitTables: [],
        intervalTables: [],
        signals: [],
        arrays: sources.map(summarizeArray),
        areas: [],
        metadata: {},
        notes,
      },
      unitTables: () => [],
      intervalTables: () => [],
      signals: () => [],
      arrays: () => sources,
      truth: () => undefined,
      lfadsLayout: () => undefined,
      close: () => {},
    };
  },
});

/** Arrays by their path, in the order of their names. Throws a Failure where the zip or an array is damaged. */
function arraysIn(file: Uint8Array, name: string): ReadonlyMap<string, NpyArray> {
  const members = unzipped(file, name);
  const arrays = new Map<string, NpyArray>();
  for (const member of Object.keys(members).sort()) {
    if (!member.endsWith('.npy')) continue;
    const path = `/${member.slice(0, -4)}`;
    arrays.set(path, npyOf(members[member], `${path} of ${name}`));
  }
  if (arrays.size > 0) return arrays;
  throw new Failure('no-arrays', `${name} holds no arrays of NumPy.`, 'Write it with numpy.savez(path, W=weights, …).');
}

function unzipped(file: Uint8Array, name: string): Readonly<Record<string, Uint8Array>> {
  try {
    return unzipSync(file);
  } catch (cause) {
    throw new Failure(
      'damaged-file',
      `${name} is not a whole .npz file.`,
      'Copy it again from its source, or write it anew with numpy.savez.',
      { cause },
    );
  }
}

const sourceOf = (path: string, array: NpyArray): ArraySource => ({
  path,
  shape: array.shape,
  type: array.type,
  read(from = 0, to = Infinity) {
    const values = array.numbers();
    const row = values.length / Math.max(1, array.shape[0] ?? 1);
    return from === 0 && to === Infinity ? values : values.slice(from * row, Math.min(array.shape[0] ?? 1, to) * row);
  },
  readText: () => array.texts(),
});

/** The array of counts: the one asked for, the one by that name, or the only one that could be it. */
function countsIn(arrays: ReadonlyMap<string, NpyArray>, asked: string | undefined, name: string, notes: string[]): NpyArray | undefined {
  const cubes = [...arrays].filter(([, { kind, shape }]) => kind === 'number' && shape.length === 3);
  if (asked !== undefined) {
    const path = asked.startsWith('/') ? asked : `/${asked}`;
    const found = cubes.find(([of]) => of === path);
    if (found) return found[1];
    throw new Failure(
      'no-array',
      `${name} has no array ${path} of trials × bins × units.`,
      `Arrays of three axes in it: ${cubes.map(([of]) => of).join(', ') || 'none'}.`,
    );
  }
  const possible = cubes.filter(([, array]) => array.numbers().every((value) => value >= 0 && (array.integer || Number.isInteger(value))));
  const named = possible.filter(([path]) => COUNT_NAMES.includes(path.slice(1).toLowerCase()));
  const chosen = named.length === 1 ? named : possible.length === 1 ? possible : [];
  if (chosen.length === 0 && possible.length > 1)
    notes.push(`Several arrays could be the counts: ${possible.map(([path]) => path).join(', ')}. Choose one of them.`);
  return chosen[0]?.[1];
}
