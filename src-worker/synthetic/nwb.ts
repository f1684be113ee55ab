// The parts of an NWB 2 file as a tree to write: typed groups, time series, tables with ragged columns (NWB core 2.7, hdmf-common 1.8).

import { createHash } from 'node:crypto';
import type { ArrayNode, Attributes, Content, GroupNode, Node, Numbers, Values } from './hdf5/types.ts';

export interface NwbColumn {
  readonly name: string;
  readonly about: string;
  readonly values: Values;
  readonly shape: readonly number[];
  readonly chunks?: readonly number[];
  /** For a ragged column: where each row ends. */
  readonly ends?: Numbers;
}

const text = (value: string): Content => ({ shape: [], values: [value] });
const real = (value: number): Content => ({ shape: [], values: Float64Array.of(value) });
const single = (value: number): Content => ({ shape: [], values: Float32Array.of(value) });

/** A UUID that follows from the path, so that the file is the same each time. */
function uuidOf(path: string): string {
  const hex = createHash('sha256').update(path).digest('hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-8${hex.slice(13, 16)}-a${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}

const typeOf = (path: string, type: string, namespace: string): Attributes => ({
  neurodata_type: text(type),
  namespace: text(namespace),
  object_id: text(uuidOf(path)),
});

const HDMF_TYPES = ['DynamicTable', 'VectorData', 'VectorIndex', 'ElementIdentifiers'];

/** A group or array with its neurodata type; `path` seeds its id. */
export const typed = (path: string, type: string, more: Readonly<Record<string, string>> = {}): Attributes => ({
  ...typeOf(path, type, HDMF_TYPES.includes(type) ? 'hdmf-common' : 'core'),
  ...Object.fromEntries(Object.entries(more).map(([name, value]) => [name, text(value)])),
});

export const group = (members: Readonly<Record<string, Node>>, attributes: Attributes = {}): GroupNode => ({
  kind: 'group',
  attributes,
  members,
});

export const textArray = (value: string | readonly string[]): ArrayNode => ({
  kind: 'array',
  attributes: {},
  ...(typeof value === 'string' ? text(value) : { shape: [value.length], values: value }),
});

export interface SeriesParts {
  readonly about: string;
  readonly unit: string;
  /** samples × channels. */
  readonly values: Float32Array;
  readonly channels: number;
  readonly rateHz: number;
}

/** Samples a chunk. */
const CHUNK = 8192;

/** A TimeSeries from time zero, its columns compressed one by one. `type` may be SpatialSeries, with its frame of reference. */
export function series(
  path: string,
  type: 'TimeSeries' | 'SpatialSeries',
  { about, unit, values, channels, rateHz }: SeriesParts,
  frame = '',
): GroupNode {
  const data: ArrayNode = {
    kind: 'array',
    shape: [values.length / channels, channels],
    values,
    chunks: [CHUNK, 1],
    attributes: { unit: text(unit), conversion: single(1), offset: single(0), resolution: single(-1) },
  };
  const start: ArrayNode = { kind: 'array', ...real(0), attributes: { rate: single(rateHz), unit: text('seconds') } };
  return group(
    { data, starting_time: start, ...(frame !== '' && { reference_frame: textArray(frame) }) },
    typed(path, type, { description: about, comments: 'no comments' }),
  );
}

/** A table with its ids 0, 1, 2 … `type` is DynamicTable or one derived from it. */
export function table(path: string, type: string, about: string, rows: number, columns: readonly NwbColumn[]): GroupNode {
  const members: Record<string, Node> = {
    id: {
      kind: 'array',
      shape: [rows],
      values: Int32Array.from({ length: rows }, (_, row) => row),
      attributes: typed(`${path}/id`, 'ElementIdentifiers'),
    },
  };
  for (const { name, about: description, values, shape, chunks, ends } of columns) {
    const at = `${path}/${name}`;
    members[name] = {
      kind: 'array',
      shape,
      values,
      attributes: typed(at, 'VectorData', { description }),
      ...(chunks !== undefined && { chunks }),
    };
    if (ends === undefined) continue;
    members[`${name}_index`] = {
      kind: 'array',
      shape: [rows],
      values: ends,
      attributes: {
        ...typed(`${at}_index`, 'VectorIndex', { description: `Index for VectorData '${name}'` }),
        target: { shape: [], values: { references: [at] } },
      },
    };
  }
  const colnames: Content = { shape: [columns.length], values: columns.map(({ name }) => name) };
  return group(members, { ...typed(path, type, { description: about }), colnames });
}
