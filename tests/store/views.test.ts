import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { expect, test } from 'vitest';
import { openProject, savedView, saveView } from '../../src-worker/store/index.ts';
import { failureOf, scratch } from './fixtures.ts';

const folder = scratch();
const front = { view: 'trajectories', settings: { azimuth: -0, dimensions: [1, 2, 3] }, trials: 'success=true' };

test('a view is kept by name, through closing and opening, and saving again replaces it', async () => {
  const project = await openProject(join(folder, 'kept.orrery'), { create: true });
  expect(await failureOf(() => savedView(project, 'front'))).toBe('unknown-view');
  expect(await failureOf(() => saveView(project, ' ', front))).toBe('no-name');
  saveView(project, 'front', { view: 'rates', settings: {} });
  saveView(project, ' front ', front);
  project.close();
  const again = await openProject(project.path);
  expect(savedView(again, 'front')).toEqual(front);
  again.close();
});

test('a project from before there were kept views gets a place for them when it is opened', async () => {
  const project = await openProject(join(folder, 'older.orrery'), { create: true });
  project.close();
  const index = new DatabaseSync(join(project.path, 'index.sqlite'));
  index.exec('DROP TABLE views; PRAGMA user_version = 1');
  index.close();
  const opened = await openProject(project.path);
  saveView(opened, 'front', front);
  expect(savedView(opened, 'front')).toEqual(front);
  opened.close();
});
