import { join } from 'node:path';
import { expect, test } from 'vitest';
import { keepBaselines, loadBaselines } from '../../src-worker/service/baselines.ts';
import { openProject } from '../../src-worker/store/index.ts';
import { fill, scratch } from '../store/fixtures.ts';

const folder = scratch();

test('scores of baselines come back as they were kept, for their dataset alone', async () => {
  const project = await openProject(join(folder, 'a.orrery'), { create: true });
  fill(project);
  const perUnit = [
    { unit: 3, heldOut: true, bitsPerSpike: 0.25 },
    { unit: 7, heldOut: false, bitsPerSpike: -0.5 },
  ];
  const baselines = { smoothing: { bitsPerSpike: 0.7, r2Truth: 0.6 }, glm: { coBitsPerSpike: 0.2, perUnit } };
  expect(await loadBaselines(project, 'd1')).toBeUndefined();
  await keepBaselines(project, 'd1', baselines);
  expect(await loadBaselines(project, 'd1')).toEqual(baselines);
  expect(await loadBaselines(project, 'd2')).toBeUndefined();
  project.close();
});
