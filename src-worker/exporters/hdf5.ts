// HDF5: one data set per array, with its axes named, its unit and a sentence on what it is.

import type { NamedArray } from '../contract/result.ts';
import { putArrays, putAttributes, readArrays } from '../store/arrays.ts';
import { createHdf5, type Hdf5File, hdf5Ready, isDataset, openHdf5, using, withFrozenClock } from '../store/hdf5.ts';
import { compareArray, compareText, quoted, quotedMatlab, writeBeside } from './beside.ts';
import { type Contents, contentsOf, exportParams, shapeOf } from './contents.ts';
import { defineExporter } from './exporter.ts';
import { wholeOf } from './whole.ts';

export const hdf5 = defineExporter({
  id: 'hdf5',
  title: 'HDF5',
  version: 1,
  about: 'One file for Python, MATLAB, Julia and R: every output with its axes named, ids of trials and units, bin edges and parameters',
  extension: 'h5',
  params: exportParams,
  async write(asked, path, { outputs, merge }, job) {
    const what = merge ? wholeOf(asked) : asked;
    const contents = contentsOf(what, outputs);
    await hdf5Ready();
    const part = {
      path,
      write: async (draft: string) => put(draft, contents, what.run.id),
      compare: (draft: string) => compare(draft, contents),
    };
    const files = await writeBeside([part], what.recordingPath, job);
    return {
      files,
      load: [
        { language: 'Python', lines: python(path, contents) },
        { language: 'MATLAB', lines: matlab(path, contents) },
      ],
    };
  },
});

function put(draft: string, { outputs, identities, texts, parameters }: Contents, run: string): void {
  withFrozenClock(() =>
    using(createHdf5(draft), (file) => {
      putAttributes(file, {
        program: 'Orrery',
        run,
        about: 'Outputs of a run; axes are named outermost first, values are in row-major order',
      });
      const arrays = { ...outputs, ...identities };
      putArrays(file, arrays);
      for (const [name, { axes }] of Object.entries(arrays).sort(([a], [b]) => (a < b ? -1 : 1))) label(file, name, axes);
      for (const [name, { values, axis, about }] of Object.entries(texts)) {
        if (values.length === 0) continue;
        const dataset = file.create_dataset({ name, data: [...values], shape: [values.length] });
        putAttributes(dataset, { axes: [axis], about });
        label(file, name, [axis]);
      }
      file.create_dataset({ name: 'parameters', data: parameters, shape: [] });
    }),
  );
}

/** Names the dimensions as HDF5's dimension labels too. */
function label(file: Hdf5File, name: string, axes: readonly string[]): void {
  const dataset = file.get(name);
  if (isDataset(dataset)) for (const [index, axis] of axes.entries()) dataset.set_dimension_label(index, axis);
}

async function compare(draft: string, { outputs, identities, texts, parameters }: Contents): Promise<void> {
  for (const [name, array] of Object.entries({ ...outputs, ...identities }))
    compareArray(draft, name, array, (await readArrays(draft, [name]))[name]);
  using(openHdf5(draft), (file) => {
    for (const [name, { values }] of Object.entries(texts)) if (values.length > 0) compareText(draft, name, values, textsAt(file, name));
    compareText(draft, 'parameters', [parameters], textsAt(file, 'parameters'));
  });
}

/** Strings of a data set, a single one as a list of one. */
export function textsAt(file: Hdf5File, name: string): readonly string[] | undefined {
  const dataset = file.get(name);
  const value: unknown = isDataset(dataset) ? dataset.value : undefined;
  return typeof value === 'string' ? [value] : Array.isArray(value) ? value.map(String) : undefined;
}

const listed = (contents: Contents): [string, NamedArray][] => Object.entries({ ...contents.outputs, ...contents.identities });

function python(path: string, contents: Contents): string {
  return [
    'import json, h5py',
    `with h5py.File(${quoted(path)}, "r") as file:`,
    ...listed(contents).map(([name, array]) => `    ${name} = file["${name}"][:]  # ${shapeOf(array)}`),
    ...Object.entries(contents.texts)
      .filter(([, { values }]) => values.length > 0)
      .map(([name, { axis }]) => `    ${name} = file["${name}"].asstr()[:]  # ${axis}`),
    '    parameters = json.loads(file["parameters"].asstr()[()])',
  ].join('\n');
}

function matlab(path: string, contents: Contents): string {
  return [
    '% h5read gives the dimensions in reverse order (unit, bin, trial); permute turns them back.',
    `file = ${quotedMatlab(path)};`,
    ...listed(contents).map(([name, array]) => {
      const order = array.axes.map((_, index) => array.axes.length - index).join(' ');
      const read = `h5read(file, '/${name}')`;
      return `${name} = ${array.axes.length > 1 ? `permute(${read}, [${order}])` : read};  % ${shapeOf(array)}`;
    }),
    ...Object.entries(contents.texts)
      .filter(([, { values }]) => values.length > 0)
      .map(([name, { axis }]) => `${name} = string(h5read(file, '/${name}'));  % ${axis}`),
    "parameters = jsondecode(char(string(h5read(file, '/parameters'))));",
  ].join('\n');
}
