// MATLAB: a MAT-file of level 5, which MATLAB, Octave and SciPy load without a toolbox. Dimensions come in the order of their names.

import fs from 'node:fs';
import { Failure } from '../contract/failure.ts';
import { defineParams } from '../contract/params.ts';
import { compareArray, compareText, type Part, type Progress, quoted, quotedMatlab, writeBeside } from './beside.ts';
import { type Contents, contentsOf, exportParams, shapeOf } from './contents.ts';
import { defineExporter } from './exporter.ts';
import { isArray, MAT_LIMIT, type MatValue, matHeader, matVariable, readMatVariable } from './mat5.ts';
import { wholeOf } from './whole.ts';

export const mat = defineExporter({
  id: 'mat',
  title: 'MATLAB',
  version: 1,
  about: 'A MAT-file with every output as trial × bin × unit, ids of trials and units, bin edges and parameters',
  extension: 'mat',
  params: defineParams({
    ...exportParams,
    compress: {
      kind: 'switch',
      default: true,
      label: 'Compress',
      help: 'Smaller files that take longer to write and to load',
      tier: 'occasional',
    },
  }),
  async write(asked, path, { outputs, merge, compress }, job) {
    const what = merge ? wholeOf(asked) : asked;
    const contents = contentsOf(what, outputs);
    const variables = variablesOf(contents);
    const part: Part = {
      path,
      write: (draft, progress) => put(draft, variables, compress, progress),
      compare: (draft, progress) => compare(draft, variables, progress),
    };
    const files = await writeBeside([part], what.recordingPath, job);
    return {
      files,
      load: [
        { language: 'MATLAB', lines: matlab(path, contents) },
        { language: 'Python', lines: python(path, contents) },
      ],
    };
  },
});

function variablesOf({ outputs, identities, texts, parameters }: Contents): readonly (readonly [string, MatValue])[] {
  const arrays = Object.entries({ ...outputs, ...identities });
  const large = arrays.find(([, { values }]) => values.byteLength > MAT_LIMIT);
  if (large !== undefined)
    throw new Failure(
      'too-large',
      `${large[0]} takes ${(large[1].values.byteLength / 2 ** 30).toFixed(1)} GiB, and a MAT-file holds arrays of up to 2.`,
      'Export to hdf5 instead, which MATLAB reads too, or choose other outputs.',
    );
  return [
    ...arrays,
    ...Object.entries(texts).map(([name, { values }]): [string, MatValue] => [name, values]),
    ['axes', Object.fromEntries(arrays.map(([name, array]) => [name, shapeOf(array)]))],
    ['parameters', parameters],
  ];
}

async function put(
  draft: string,
  variables: readonly (readonly [string, MatValue])[],
  compress: boolean,
  progress: Progress,
): Promise<void> {
  const file = fs.openSync(draft, 'w');
  try {
    writeAll(file, matHeader());
    for (const [index, [name, value]] of variables.entries()) {
      writeAll(file, await matVariable(name, value, compress));
      await progress((index + 1) / variables.length);
    }
  } finally {
    fs.closeSync(file);
  }
}

/** A write may take less than it is given. */
function writeAll(file: number, bytes: Uint8Array): void {
  for (let done = 0; done < bytes.length; ) done += fs.writeSync(file, bytes, done);
}

async function compare(draft: string, variables: readonly (readonly [string, MatValue])[], progress: Progress): Promise<void> {
  const file = fs.openSync(draft, 'r');
  try {
    let offset = 128;
    for (const [index, [name, meant]] of variables.entries()) {
      const { name: found, value, next } = await readMatVariable(file, offset);
      offset = next;
      compareText(draft, 'the name of a variable', [name], [found]);
      if (isArray(meant)) {
        const shape = meant.shape.length === 1 ? [meant.shape[0], 1] : meant.shape;
        compareArray(draft, name, { values: meant.values, shape }, isArray(value) ? value : undefined);
      } else compareText(draft, name, textsIn(meant), textsIn(value));
      await progress((index + 1) / variables.length);
    }
  } finally {
    fs.closeSync(file);
  }
}

const textsIn = (value: MatValue): readonly string[] =>
  typeof value === 'string' ? [value] : Array.isArray(value) ? value : Object.entries(value).map(([field, text]) => `${field}: ${text}`);

function matlab(path: string, { outputs, identities }: Contents): string {
  return [
    '% Dimensions are in the order of their names: rates(trial, bin, unit).',
    `load(${quotedMatlab(path)});`,
    ...Object.entries({ ...outputs, ...identities }).map(([name, array]) => `% ${name}: ${shapeOf(array)}`),
    'parameters = jsondecode(parameters);',
  ].join('\n');
}

function python(path: string, { outputs, identities }: Contents): string {
  return [
    'import json, scipy.io',
    `file = scipy.io.loadmat(${quoted(path)})`,
    ...Object.entries({ ...outputs, ...identities }).map(
      ([name, array]) => `${name} = file["${name}"]${array.axes.length === 1 ? '[:, 0]' : ''}  # ${shapeOf(array)}`,
    ),
    'parameters = json.loads(file["parameters"][0])',
  ].join('\n');
}
