import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import {
  addRecording,
  addRun,
  appendMetrics,
  childrenOf,
  curves,
  getDataset,
  getRecording,
  getRun,
  listRuns,
  moreStepsOf,
  openProject,
  resolveRun,
  saveCheckpoint,
  summarize,
  updateRun,
} from '../../src-worker/store/index.ts';
import type { RecordingSummary } from '../../src-worker/contract/recording.ts';
import { checkpointAt, failureOf, fill, report, scratch, wanted } from './fixtures.ts';

const folder = scratch();
let projects = 0;
const fresh = () => openProject(join(folder, `${projects++}.orrery`), { create: true });

describe('runs', () => {
  test('asked for again are the same run; anew on request; another seed, setting or version is another run', async () => {
    const project = await fresh();
    const id = fill(project);
    expect(id).toMatch(/^[0-9a-f]{8}$/);
    expect(addRun(project, { ...wanted, device: 'cpu', settings: { factors: 8 } })).toMatchObject({
      existed: true,
      run: { id, device: 'fused' },
    });
    const anew = addRun(project, { ...wanted, again: true });
    expect(anew.existed).toBe(false);
    expect(addRun(project, wanted).run.id).toBe(anew.run.id);
    const others = [{ seed: 1 }, { modelVersion: 2 }, { settings: {} }, { dataset: 'd2' }, { parent: id, moreSteps: 10 }].map(
      (change) => addRun(project, { ...wanted, ...change }).run.id,
    );
    expect(new Set([id, anew.run.id, ...others]).size).toBe(7);
    expect(listRuns(project).map((run) => run.id)).toEqual([id, anew.run.id, ...others]);
    expect(childrenOf(project, id).map((run) => run.id)).toEqual([others[4]]);
    expect(moreStepsOf(project, others[4])).toBe(10);
    expect(moreStepsOf(project, id)).toBeUndefined();
    project.close();
  });

  test('have the same id in another project: it follows from the recipe alone', async () => {
    const [one, two] = [await fresh(), await fresh()];
    expect(fill(one)).toBe(fill(two));
    one.close();
    two.close();
  });

  test('keep their record through a new opening, infinities in the report included', async () => {
    const project = await fresh();
    const id = fill(project);
    const failure = { code: 'not-finite', sentence: 'x', hint: 'y' };
    updateRun(project, id, {
      state: 'failed',
      failure,
      report: report({ seconds: Number.POSITIVE_INFINITY }),
      step: 12,
      bestStep: 10,
      device: 'cpu',
    });
    project.close();
    const again = await openProject(project.path);
    expect(getRun(again, id)).toMatchObject({
      state: 'failed',
      failure,
      report: { seconds: Number.POSITIVE_INFINITY },
      step: 12,
      device: 'cpu',
    });
    expect(updateRun(again, id, { state: 'queued', failure: undefined })).not.toHaveProperty('failure');
    expect(getRun(again, id)).toHaveProperty('report');
    again.close();
  });

  test('are found by the start of their id, and a Failure lists them otherwise', async () => {
    const project = await fresh();
    const id = fill(project);
    expect(getRun(project, id.slice(0, 4)).id).toBe(id);
    expect(await failureOf(() => getRun(project, id.slice(0, 2)))).toBe('unknown-run');
    expect(() => getRun(project, 'nothing')).toThrow(new RegExp(`${id} \\(lfads\\)`));
    project.close();
  });

  test('latest is the newest finished; best has the highest co-bits per spike on the same dataset', async () => {
    const project = await fresh();
    fill(project);
    expect(await failureOf(() => resolveRun(project, 'latest'))).toBe('no-finished-run');
    const finish = (change: Partial<typeof wanted>, scores: Parameters<typeof report>[0]) => {
      const { id } = addRun(project, { ...wanted, ...change }).run;
      updateRun(project, id, { state: 'finished', report: report(scores) });
      return id;
    };
    finish({ seed: 1, dataset: 'd2' }, { coBitsPerSpike: 9 });
    const best = finish({ seed: 2 }, { coBitsPerSpike: 0.3, bitsPerSpike: 0.1 });
    const latest = finish({ seed: 3 }, { coBitsPerSpike: 0.2, bitsPerSpike: 0.5 });
    addRun(project, { ...wanted, seed: 4 });
    expect(resolveRun(project, 'latest').id).toBe(latest);
    expect(resolveRun(project, 'best').id).toBe(best);
    expect(resolveRun(project, best).id).toBe(best);
    project.close();
  });

  test('of seeds that drew their trials the latest is the first, which was fitted to trials as they are', async () => {
    const project = await fresh();
    fill(project);
    const finish = (seed: number, resample: boolean, settings: typeof wanted.settings) => {
      const resolved = { ...wanted.resolved, resample: { value: resample, reason: '' } };
      const { id } = addRun(project, { ...wanted, seed, settings, resolved }).run;
      updateRun(project, id, { state: 'finished', report: report({}) });
      return id;
    };
    const first = finish(0, true, {});
    finish(1, true, {});
    expect(resolveRun(project, 'latest').id).toBe(first);
    const other = finish(1, true, { rank: 3 });
    expect(resolveRun(project, 'latest').id).toBe(other);
    finish(0, false, { rank: 4 });
    const plain = finish(1, false, { rank: 4 });
    expect(resolveRun(project, 'latest').id).toBe(plain);
    project.close();
  });

  test('left running by a process that is gone are stopped at their last checkpoint, with the curves up to there', async () => {
    const project = await fresh();
    const [trained, begun] = [fill(project), fill(project, { seed: 1 })];
    for (const id of [trained, begun]) updateRun(project, id, { state: 'running' });
    await saveCheckpoint(project, trained, checkpointAt(20));
    for (const id of [trained, begun])
      appendMetrics(
        project,
        id,
        [10, 20, 30].map((step) => ({ step, values: { loss: step } })),
      );
    expect(getRun(project, trained).step).toBe(30);
    project.close();
    const again = await openProject(project.path);
    expect(getRun(again, trained)).toMatchObject({ state: 'stopped', step: 20 });
    expect(curves(again, trained).map(({ step }) => step)).toEqual([10, 20]);
    expect(getRun(again, begun)).toMatchObject({ state: 'stopped', step: 0 });
    expect(curves(again, begun)).toEqual([]);
    again.close();
  });
});

describe('curves', () => {
  test('come in order of steps; a step that comes again completes its point; numbers that are none survive', async () => {
    const project = await fresh();
    const id = fill(project);
    appendMetrics(project, id, [
      { step: 20, values: { loss: Number.NaN } },
      { step: 10, values: { loss: 1.5 } },
    ]);
    appendMetrics(project, id, [{ step: 10, values: { bits: Number.NEGATIVE_INFINITY } }]);
    expect(curves(project, id)).toEqual([
      { step: 10, values: { loss: 1.5, bits: Number.NEGATIVE_INFINITY } },
      { step: 20, values: { loss: Number.NaN } },
    ]);
    project.close();
  });
});

describe('recordings and datasets', () => {
  test('are known by identity: a moved recording keeps its runs', async () => {
    const project = await fresh();
    fill(project);
    const summary = { identity: 'r1', name: 'reach' } as RecordingSummary;
    addRecording(project, '/elsewhere/reach.nwb', summary);
    expect(getRecording(project, 'r1')).toEqual({ identity: 'r1', path: '/elsewhere/reach.nwb', summary });
    expect(getDataset(project, 'd1')?.recipe.recording).toBe('r1');
    expect(getDataset(project, 'none')).toBeUndefined();
    expect(summarize(project, listRuns(project))).toMatchObject({
      name: String(projects - 1),
      readOnly: false,
      recordings: [{ identity: 'r1', path: '/elsewhere/reach.nwb', found: false }],
      runs: [{ model: 'lfads' }],
    });
    project.close();
  });
});
