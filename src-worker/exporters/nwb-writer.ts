// The parts of an NWB 2 file: groups with their types, time series, tables and scratch data (NWB core 2.7, hdmf-common 1.8).

import { createHash } from 'node:crypto';
import type { NamedArray, Numbers } from '../contract/result.ts';
import { type Attributes, putAttributes } from '../store/arrays.ts';
import type { Hdf5Dataset, Hdf5File } from '../store/hdf5.ts';

export interface Column {
  readonly name: string;
  readonly about: string;
  readonly values: Numbers | readonly string[];
  readonly shape: readonly number[];
}

export interface NwbWriter {
  root(): void;
  group(path: string): void;
  /** A group with a neurodata type. */
  typed(path: string, type: string, namespace: string, attributes: Attributes): void;
  /** Text at `path`, a scalar where the shape is empty. */
  texts(path: string, values: readonly string[], shape: readonly number[], attributes?: Attributes): void;
  /** A DynamicTable or a table derived from it. */
  table(path: string, type: string, namespace: string, description: string, ids: Int32Array, columns: readonly Column[]): void;
  /** A TimeSeries of an array trial × bin × …, trials one after the other. */
  series(path: string, array: NamedArray, timestamps: Float64Array): void;
  scratch(name: string, values: readonly string[], shape: readonly number[], notes: string): void;
}

/** A UUID that follows from text, so that the same export has the same bytes. */
function uuidOf(text: string): string {
  const hex = createHash('sha256').update(text).digest('hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-8${hex.slice(13, 16)}-a${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}

/** Writes into an open file; `identifier` seeds the object ids. */
export function nwbWriter(file: Hdf5File, identifier: string): NwbWriter {
  const type = (path: string, neurodataType: string, namespace: string): Attributes => ({
    neurodata_type: neurodataType,
    namespace,
    object_id: uuidOf(`${identifier} ${path}`),
  });
  const numbers = (path: string, values: Numbers, shape: readonly number[], attributes: Attributes): Hdf5Dataset => {
    const dataset = file.create_dataset({ name: path, data: values, shape: [...shape] });
    putAttributes(dataset, attributes);
    return dataset;
  };
  const typed: NwbWriter['typed'] = (path, neurodataType, namespace, attributes) =>
    putAttributes(file.create_group(path), { ...type(path, neurodataType, namespace), ...attributes });
  const texts: NwbWriter['texts'] = (path, values, shape, attributes = {}) => {
    const data = shape.length === 0 ? values[0] : [...values];
    putAttributes(file.create_dataset({ name: path, data, shape: [...shape] }), attributes);
  };

  return {
    root: () => putAttributes(file, { ...type('', 'NWBFile', 'core'), nwb_version: '2.7.0' }),
    group: (path) => void file.create_group(path),
    typed,
    texts,
    table(path, neurodataType, namespace, description, ids, columns) {
      typed(path, neurodataType, namespace, { description, colnames: columns.map(({ name }) => name) });
      numbers(`${path}/id`, ids, [ids.length], type(`${path}/id`, 'ElementIdentifiers', 'hdmf-common'));
      for (const { name, about, values, shape } of columns) {
        const at = `${path}/${name}`;
        const attributes = { ...type(at, 'VectorData', 'hdmf-common'), description: about };
        if (isNumbers(values)) numbers(at, values, shape, attributes);
        else texts(at, values, shape, attributes);
      }
    },
    series(path, { values, shape, axes, unit, about }, timestamps) {
      const comments = `Axes: ${axes.join(' × ')}; trials of ${shape[1]} bins follow one another`;
      typed(path, 'TimeSeries', 'core', { description: about ?? path.split('/').at(-1) ?? path, comments });
      const data = numbers(`${path}/data`, values, [shape[0] * shape[1], ...shape.slice(2)], { unit: unit === '' ? 'a.u.' : unit });
      for (const [name, value] of [
        ['conversion', 1],
        ['offset', 0],
        ['resolution', -1],
      ] as const)
        data.create_attribute(name, Float32Array.of(value), [], '<f');
      const times = numbers(`${path}/timestamps`, timestamps, [timestamps.length], { unit: 'seconds' });
      times.create_attribute('interval', Int32Array.of(1), [], '<i');
    },
    scratch: (name, values, shape, notes) =>
      texts(`scratch/${name}`, values, shape, { ...type(`scratch/${name}`, 'ScratchData', 'core'), notes }),
  };
}

export const isNumbers = (values: Column['values']): values is Numbers => ArrayBuffer.isView(values);
