import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
// @ts-expect-error: the package has no types
import { read } from 'mat-for-js';
import Papa from 'papaparse';
import { afterAll, describe, expect, test } from 'vitest';
import type { NamedArray } from '../../src-worker/contract/result.ts';
import { csv } from '../../src-worker/exporters/csv.ts';
import { hdf5 } from '../../src-worker/exporters/hdf5.ts';
import { mat } from '../../src-worker/exporters/mat.ts';
import { matVariable } from '../../src-worker/exporters/mat5.ts';
import { nwb } from '../../src-worker/exporters/nwb.ts';
import { readArrays } from '../../src-worker/store/arrays.ts';
import { openHdf5, using } from '../../src-worker/store/hdf5.ts';
import { bins, exported, job, trials, units } from './exported.ts';
import { evaluate, pythonWith } from './python.ts';

// A quote in the path: the lines that load the file must survive it.
const folder = mkdtempSync(join(tmpdir(), "orrery's "));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Nested lists, numbers that JSON cannot hold as Python names them. */
function nested({ values, shape }: NamedArray): unknown {
  let level: unknown[] = Array.from(values, (value) =>
    Number.isNaN(value) ? 'nan' : Number.isFinite(value) ? value : value > 0 ? 'inf' : '-inf',
  );
  for (const length of shape.slice(1).reverse()) {
    const inner = level;
    level = Array.from({ length: inner.length / length }, (_, k) => inner.slice(k * length, (k + 1) * length));
  }
  return level;
}

const linesOf = (load: readonly { readonly language: string; readonly lines: string }[], language: string): string =>
  load.find((entry) => entry.language === language)?.lines ?? '';

const what = exported();
const { rates, factors, initialConditions } = what.outputs;
const withH5py = pythonWith('h5py');
const withScipy = pythonWith('scipy.io');
const withNumpy = pythonWith('numpy');

describe('hdf5', () => {
  const path = join(folder, 'a.h5');
  const done = hdf5.write(what, path, { outputs: [], merge: true }, job);

  test('holds every output and identity with its axes, bit for bit', async () => {
    await done;
    const read = await readArrays(path, ['rates', 'factors', 'inputs', 'initialConditions', 'trialIds', 'unitIds', 'binEdgesMs']);
    expect(read.rates).toEqual(rates);
    expect(Object.is(read.rates.values[2], -0)).toBe(true);
    expect(read.initialConditions).toEqual(initialConditions);
    expect(read.binEdgesMs).toMatchObject({ values: what.dataset.edgesMs, axes: ['edge'], unit: 'ms' });
    expect(Object.keys(read)).toHaveLength(7);
  });

  test.skipIf(withH5py === undefined)('is loaded by its Python lines', async () => {
    const lines = linesOf((await done).load, 'Python');
    const names =
      '{"rates": rates, "initialConditions": initialConditions, "trialIds": trialIds, "unitHeldOut": unitHeldOut, "names": conditionNames, "split": trialSplit}';
    expect(evaluate(withH5py!, lines, names)).toEqual({
      rates: nested(rates),
      initialConditions: nested(initialConditions),
      trialIds: [10, 12, 15],
      unitHeldOut: [0, 1],
      names: ['=left, "far"', 'rechts, ö'],
      split: ['training', 'validation', 'test'],
    });
    expect(evaluate(withH5py!, lines, 'parameters["run"]["settings"]')).toEqual({ factors: 3 });
    const labels = '[[d.label for d in h5py.File(PATH)["rates"].dims]]'.replace('PATH', JSON.stringify(path));
    expect(evaluate(withH5py!, lines, labels)).toEqual([['trial', 'bin', 'unit']]);
  });

  test('tells MATLAB to turn the dimensions back', async () => {
    const lines = linesOf((await done).load, 'MATLAB');
    expect(lines).toContain("rates = permute(h5read(file, '/rates'), [3 2 1]);  % trial × bin × unit, Hz");
    expect(lines).toContain("orrery''s");
  });
});

const readMat = read as (bytes: ArrayBuffer) => { readonly data: Readonly<Record<string, unknown>> };

/** That reader gives text of 16-bit letters, as MATLAB writes it, as their codes. */
const textOf = (codes: readonly number[]): string => String.fromCharCode(...codes);

describe('mat', () => {
  for (const compress of [true, false])
    test(`is read by another reader, ${compress ? 'compressed' : 'plain'}`, async () => {
      const path = join(folder, `${compress}.mat`);
      await mat.write(what, path, { outputs: [], merge: true, compress }, job);
      const { data } = readMat(new Uint8Array(readFileSync(path)).buffer);
      expect((data.rates as unknown[][][]).map((trial) => trial.map((bin) => bin.length))).toEqual(
        Array(trials).fill(Array(bins).fill(units)),
      );
      expect(data.initialConditions).toEqual(nested(initialConditions));
      expect(data.trialIds).toEqual([10, 12, 15]);
      expect((data.conditionNames as number[][]).map(textOf)).toEqual(['=left, "far"', 'rechts, ö']);
      expect(textOf((data.axes as Record<string, number[]>).rates)).toBe('trial × bin × unit, Hz');
      expect(JSON.parse(textOf(data.parameters as number[])).run.id).toBe('1af91fc3');
    });

  test('puts values column by column, so that the first index is the trial', async () => {
    const values = Float32Array.from({ length: 12 }, (_, k) => 100 * Math.floor(k / 6) + 10 * (Math.floor(k / 2) % 3) + (k % 2));
    const bytes = await matVariable('x', { values, shape: [2, 3, 2] }, false);
    const columns = new Float32Array(bytes.slice(-48).buffer);
    expect([...columns]).toEqual([0, 100, 10, 110, 20, 120, 1, 101, 11, 111, 21, 121]);
  });

  test.skipIf(withScipy === undefined)('is loaded by its Python lines', async () => {
    const { load } = await mat.write(what, join(folder, 'b.mat'), { outputs: [], merge: true, compress: true }, job);
    expect(evaluate(withScipy!, linesOf(load, 'Python'), '[rates, trialIds, parameters["run"]["id"]]')).toEqual([
      nested(rates),
      [10, 12, 15],
      '1af91fc3',
    ]);
  });
});

describe('csv', () => {
  const path = join(folder, 'c.csv');
  const done = csv.write(what, path, { outputs: [], merge: true }, job);

  test('has one row per trial and bin, whose decimals give the same single-precision numbers', async () => {
    await done;
    const rows = Papa.parse<Record<string, string>>(readFileSync(path, 'utf8'), { header: true, skipEmptyLines: true }).data;
    expect(rows).toHaveLength(trials * bins);
    expect(rows[5]).toMatchObject({ trialId: '12', bin: '1', startMs: '-20', stopMs: '0', split: 'validation' });
    const read = Float32Array.from(rows.flatMap((row) => [row['factors[1]'], row['factors[2]'], row['factors[3]']]).map(Number));
    expect(read).toEqual(factors.values);
    expect(rows[0]['rates[101]']).toBe('NaN');
    expect(rows[0]['rates[104]']).toBe('Inf');
    expect(rows[1]['rates[101]']).toBe('-0');
  });

  test('leaves a condition’s name as text to a spreadsheet', async () => {
    await done;
    const rows = Papa.parse<Record<string, string>>(readFileSync(join(folder, 'c.trials.csv'), 'utf8'), { header: true }).data;
    expect(rows[1].condition).toBe('\'=left, "far"');
    expect(rows[0].condition).toBe('rechts, ö');
  });

  test.skipIf(withNumpy === undefined)('is loaded by its Python lines', async () => {
    const lines = linesOf((await done).load, 'Python');
    const [shape, first, start, ids] = evaluate(
      withNumpy!,
      lines,
      '[rates.shape, rates[0, 0], initialConditions.shape, [u["unitId"] for u in units]]',
    ) as unknown[];
    expect([shape, first, start, ids]).toEqual([
      [trials, bins, units],
      ['nan', 'inf'],
      [trials, 5],
      ['101', '104'],
    ]);
  });
});

describe('nwb', () => {
  const params = { outputs: [], merge: true, sessionStart: '2020-01-01T00:00:00+00:00' };
  const path = join(folder, 'd.nwb');
  const done = nwb.write(what, path, params, job);

  test('has what the schema demands of a file, its series and its tables', async () => {
    await done;
    using(openHdf5(path), (file) => {
      const attribute = (at: string, name: string) => (file.get(at) as typeof file).attrs[name]?.value;
      expect(file.attrs.neurodata_type.value).toBe('NWBFile');
      expect(file.keys()).toEqual(
        expect.arrayContaining([
          'acquisition',
          'analysis',
          'file_create_date',
          'general',
          'identifier',
          'processing',
          'session_description',
          'session_start_time',
          'stimulus',
          'timestamps_reference_time',
        ]),
      );
      expect(attribute('intervals/trials', 'neurodata_type')).toBe('TimeIntervals');
      const columns = attribute('intervals/trials', 'colnames') as string[];
      expect((file.get('intervals/trials') as typeof file).keys().sort()).toEqual([...columns, 'id'].sort());
      expect(attribute('processing/orrery/rates', 'neurodata_type')).toBe('TimeSeries');
      expect(attribute('processing/orrery/rates/data', 'unit')).toBe('Hz');
      const ids = file.paths().flatMap((at) => (file.get(at) as typeof file).attrs.object_id?.value ?? []);
      expect(new Set(ids).size).toBe(ids.length);
      expect(ids[0]).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-a[0-9a-f]{3}-[0-9a-f]{12}$/);
    });
  });

  test('puts samples at bin centres about the event of each trial', async () => {
    await done;
    using(openHdf5(path), (file) => {
      const times = (file.get('processing/orrery/rates/timestamps') as unknown as { value: Float64Array }).value;
      expect([...times.slice(0, 5)].map((time) => Math.round(time * 1e6) / 1e6)).toEqual([1.47, 1.49, 1.51, 1.53, 3.22]);
    });
  });

  test('lays trials end to end, and says so, where the event has no time', async () => {
    const other = join(folder, 'e.nwb');
    await nwb.write(exported({ event: 'start of the array' }), other, params, job);
    using(openHdf5(other), (file) => {
      const { value } = file.get('session_description') as unknown as { value: string };
      expect(value).toContain('end to end');
      const start = file.get('intervals/trials/start_time') as unknown as { value: Float64Array };
      for (const [trial, time] of start.value.entries()) expect(time).toBeCloseTo(0.08 * trial, 12);
    });
  });

  test.skipIf(withH5py === undefined)('is loaded by its Python lines', async () => {
    const lines = linesOf((await done).load, 'Python');
    expect(evaluate(withH5py!, lines, '[rates, initialConditions, trial_ids, condition, stop_ms]')).toEqual([
      nested(rates),
      nested(initialConditions),
      [10, 12, 15],
      ['rechts, ö', '=left, "far"', ''],
      [-20, 0, 20, 40],
    ]);
  });
});
