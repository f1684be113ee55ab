// Whatever call of the disk goes wrong, the project opens in the state before or after, and nothing is left lying about.

import { cpSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { Failure } from '../../src-worker/contract/failure.ts';
import {
  addRun,
  appendMetrics,
  curves,
  listRuns,
  loadCheckpoint,
  loadOutputs,
  openProject,
  type Project,
  saveCheckpoint,
  saveOutputs,
  saveResult,
  updateRun,
} from '../../src-worker/store/index.ts';
import { checkpointAt, fill, outputsOf, scratch, wanted } from '../store/fixtures.ts';
import { type Fault, onBadDisk } from './disk.ts';

const folder = scratch();
let copies = 0;

/** A project with a run, a checkpoint, curves and outputs. */
async function prepare(): Promise<{ readonly base: string; readonly run: string }> {
  const project = await openProject(join(folder, 'base.orrery'), { create: true });
  const run = fill(project);
  await saveCheckpoint(project, run, checkpointAt(10));
  appendMetrics(project, run, [{ step: 10, values: { loss: 1 } }]);
  updateRun(project, run, { state: 'stopped' });
  await outputs(project, run, 1);
  project.close();
  return { base: project.path, run };
}

async function outputs(project: Project, run: string, first: number): Promise<void> {
  const writer = await saveOutputs(project, run, { trials: 4 });
  try {
    for (const batch of [
      [2, 3],
      [0, 1],
    ])
      writer.write(Int32Array.from(batch), outputsOf(batch.map((trial) => trial + first)));
  } catch (error) {
    writer.abandon();
    throw error;
  }
  await writer.finish();
}

/** Everything a reader can see of a project. */
async function stateOf(project: Project): Promise<string> {
  const runs = listRuns(project).map(({ created, ...run }) => run);
  const seen = [];
  for (const { id } of runs) seen.push([await loadCheckpoint(project, id), curves(project, id), await loadOutputs(project, id)]);
  const results = project.rows('SELECT key, kind, run, recipe, sentence, summary, notes FROM results ORDER BY key');
  return JSON.stringify([runs, seen, results], (_key, value: unknown) =>
    ArrayBuffer.isView(value) ? [...(value as Float32Array)].map(String) : value,
  );
}

const prepared = prepare();

async function copy(): Promise<string> {
  const path = join(folder, `${copies++}.orrery`);
  cpSync((await prepared).base, path, { recursive: true });
  return path;
}

const changes: Readonly<Record<string, (project: Project, run: string) => unknown>> = {
  'a checkpoint': (project, run) => saveCheckpoint(project, run, checkpointAt(20)),
  outputs: (project, run) => outputs(project, run, 5),
  'a result': (project, run) =>
    saveResult(
      project,
      { kind: 'analysis', run, recipe: { id: 'x' } },
      { arrays: checkpointAt(1).arrays, summary: {}, recipe: '', notes: [] },
    ),
  'a run': (project) => addRun(project, { ...wanted, seed: 7 }),
  'points of curves': (project, run) =>
    appendMetrics(project, run, [
      { step: 20, values: { loss: 2 } },
      { step: 30, values: { loss: 3 } },
    ]),
};

describe.each(['fail', 'tear', 'die'] as readonly Fault[])('on a disk that will %s', (fault) => {
  test.each(Object.keys(changes))('saving %s is whole or not done', async (name) => {
    const { run } = await prepared;
    const untouched = await openProject(await copy());
    const before = await stateOf(untouched);
    await changes[name](untouched, run);
    const after = await stateOf(untouched);
    untouched.close();
    expect(after).not.toBe(before);
    for (let at = 0; ; at++) {
      const path = await copy();
      const project = await openProject(path);
      const { calls, error } = await onBadDisk(fault, at, async () => changes[name](project, run));
      project.close();
      if (calls <= at) {
        expect(error).toBeUndefined();
        expect(at).toBeGreaterThan(1);
        break;
      }
      if (error !== undefined) expect(error).toBeInstanceOf(Failure);
      if (error !== undefined && fault === 'fail') expect(error, `call ${at}`).toMatchObject({ code: 'disk-full' });
      const reopened = await openProject(path);
      const state = await stateOf(reopened);
      expect([before, after], `call ${at}`).toContain(state);
      if (error === undefined) expect(state, `call ${at}`).toBe(after);
      // Every array file is one that the index knows.
      const known = reopened.rows('SELECT arrays FROM checkpoints UNION SELECT arrays FROM results').map((row) => String(row.arrays));
      expect(readdirSync(join(path, 'arrays')).sort(), `call ${at}`).toEqual(known.sort());
      // And the work can be done again.
      await changes[name](reopened, run);
      expect(await stateOf(reopened), `call ${at}`).toBe(after);
      reopened.close();
    }
  });

  test('a project that is being made, or opened, opens the next time', async () => {
    for (const exists of [false, true])
      for (let at = 0; ; at++) {
        const path = exists ? await copy() : join(folder, `${copies++}.orrery`);
        const { calls, error } = await onBadDisk(fault, at, async () => (await openProject(path, { create: true })).close());
        if (calls <= at) {
          expect(error).toBeUndefined();
          break;
        }
        if (error !== undefined) expect(error).toBeInstanceOf(Failure);
        const project = await openProject(path, { create: true });
        expect(project.readOnly, `call ${at}`).toBe(false);
        expect(listRuns(project)).toHaveLength(exists ? 1 : 0);
        project.close();
      }
  });
});
