import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { Result } from '../../src-worker/contract/result.ts';
import {
  loadCheckpoint,
  loadOutputs,
  loadResult,
  openProject,
  outputsStep,
  type Project,
  saveCheckpoint,
  saveOutputs,
  saveResult,
} from '../../src-worker/store/index.ts';
import { checkpointAt, failureOf, fill, outputsOf, scratch } from './fixtures.ts';

const folder = scratch();
let projects = 0;
async function fresh(): Promise<{ project: Project; run: string; files: () => string[] }> {
  const project = await openProject(join(folder, `${projects++}.orrery`), { create: true });
  return { project, run: fill(project), files: () => readdirSync(join(project.path, 'arrays')).sort() };
}

describe('checkpoints', () => {
  test('come back bit for bit, and only the last is kept', async () => {
    const { project, run, files } = await fresh();
    expect(await loadCheckpoint(project, run)).toBeUndefined();
    for (const step of [10, 20, 30]) await saveCheckpoint(project, run, checkpointAt(step));
    expect(files()).toHaveLength(1);
    project.close();
    const again = await openProject(project.path);
    const read = await loadCheckpoint(again, run);
    expect(read).toEqual(checkpointAt(30));
    expect(Object.is((read!.state.patience as { losses: number[] }).losses[2], -0)).toBe(true);
    expect(Object.is(read!.arrays.moments.values[2], -0)).toBe(true);
    again.close();
  });

  test('are replaced while they are read: the reader gets one of them, whole', async () => {
    const { project, run } = await fresh();
    await saveCheckpoint(project, run, checkpointAt(1));
    for (let step = 2; step < 12; step++) {
      const [read] = await Promise.all([loadCheckpoint(project, run), saveCheckpoint(project, run, checkpointAt(step))]);
      expect([step - 1, step]).toContain(read?.step);
      expect(read).toEqual(checkpointAt(read?.step ?? 0));
    }
    project.close();
  });

  test('of two runs never share a file, and one that is saved again stays', async () => {
    const { project, run, files } = await fresh();
    const other = fill(project, { seed: 1 });
    for (const id of [run, other, run]) await saveCheckpoint(project, id, checkpointAt(1));
    expect(files()).toHaveLength(2);
    for (const id of [run, other]) expect(await loadCheckpoint(project, id)).toEqual(checkpointAt(1));
    project.close();
  });

  test('that the disk has changed are not handed on', async () => {
    const { project, run, files } = await fresh();
    await saveCheckpoint(project, run, checkpointAt(1));
    project.close();
    const path = join(project.path, 'arrays', files()[0]);
    const bytes = readFileSync(path);
    bytes[bytes.length - 100] ^= 1;
    writeFileSync(path, bytes);
    const again = await openProject(project.path);
    expect(await failureOf(() => loadCheckpoint(again, run))).toBe('array-file-damaged');
    again.close();
  });
});

describe('outputs', () => {
  test('are streamed in any order and read in the order of trials, by name if wanted', async () => {
    const { project, run, files } = await fresh();
    expect(await loadOutputs(project, run)).toBeUndefined();
    const writer = await saveOutputs(project, run, { trials: 5 });
    for (const batch of [[4, 2], [0, 1], [3]]) writer.write(Int32Array.from(batch), outputsOf(batch));
    expect(await loadOutputs(project, run)).toBeUndefined();
    await writer.finish();
    expect(await loadOutputs(project, run)).toEqual(outputsOf([0, 1, 2, 3, 4]));
    expect(Object.keys((await loadOutputs(project, run, ['rates'])) ?? {})).toEqual(['rates']);
    expect(files()).toHaveLength(1);
    project.close();
  });

  test('are kept for each dataset, and replaced when they are made again', async () => {
    const { project, run, files } = await fresh();
    const make = async (dataset: string, trials: number[]) => {
      const writer = await saveOutputs(project, run, { trials: trials.length, dataset });
      writer.write(Int32Array.from(trials.keys()), outputsOf(trials));
      await writer.finish();
    };
    await make('d1', [0, 1]);
    await make('d2', [0]);
    await saveCheckpoint(project, run, checkpointAt(40));
    await make('d1', [7, 8]);
    expect(await loadOutputs(project, run)).toEqual(outputsOf([7, 8]));
    expect(await loadOutputs(project, run, undefined, 'd2')).toEqual(outputsOf([0]));
    expect([outputsStep(project, run), outputsStep(project, run, 'd2')]).toEqual([39, 0]);
    expect(files()).toHaveLength(3);
    project.close();
  });

  test('that lack a trial, or are abandoned, leave nothing', async () => {
    const { project, run, files } = await fresh();
    const incomplete = await saveOutputs(project, run, { trials: 3 });
    incomplete.write(Int32Array.of(0, 2), outputsOf([0, 2]));
    expect(await failureOf(() => incomplete.finish())).toBe('outputs-incomplete');
    const abandoned = await saveOutputs(project, run, { trials: 3 });
    abandoned.write(Int32Array.of(0), outputsOf([0]));
    abandoned.abandon();
    expect(files()).toEqual([]);
    expect(await loadOutputs(project, run)).toBeUndefined();
    project.close();
  });
});

describe('results', () => {
  const result: Result = {
    arrays: { q: { values: Float64Array.of(1, Number.NaN), shape: [2], axes: ['bin'], unit: 's⁻²' } },
    summary: { median: 1, p90: Number.POSITIVE_INFINITY },
    recipe: 'Tangling of factors of run x',
    notes: ['1 bin was left out'],
  };

  test('are found by their provenance alone', async () => {
    const { project, run } = await fresh();
    const provenance = {
      kind: 'analysis',
      run,
      recipe: { id: 'tangling', version: 1, settings: { softening: 0.1 }, state: 'factors' },
    } as const;
    const key = await saveResult(project, provenance, result);
    expect(key).toMatch(/^[0-9a-f]{16}$/);
    expect(await loadResult(project, { ...provenance, recipe: { ...provenance.recipe, state: 'factors', version: 1 } })).toEqual(result);
    for (const recipe of [
      { ...provenance.recipe, version: 2 },
      { ...provenance.recipe, settings: { softening: 0.2 } },
    ])
      expect(await loadResult(project, { ...provenance, recipe })).toBeUndefined();
    expect(await loadResult(project, { kind: 'analysis', dataset: 'd1', recipe: provenance.recipe })).toBeUndefined();
    project.close();
  });

  test('of a project that nobody refers to are cleared when it is opened, other files are not', async () => {
    const { project, run, files } = await fresh();
    await saveResult(project, { kind: 'analysis', run, recipe: {} }, result);
    project.close();
    const arrays = join(project.path, 'arrays');
    writeFileSync(join(arrays, `${'0'.repeat(64)}.h5`), 'left by a kill');
    writeFileSync(join(arrays, '123-0.tmp'), 'half');
    writeFileSync(join(arrays, 'notes.txt'), 'mine');
    mkdirSync(join(project.path, 'figures'));
    const again = await openProject(project.path);
    expect(files().filter((name) => !/^[0-9a-f]{64}\.h5$/.test(name))).toEqual(['notes.txt']);
    expect(files()).toHaveLength(2);
    expect(readdirSync(project.path)).toContain('figures');
    again.close();
  });
});
