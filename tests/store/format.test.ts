// docs/project-format.md is what others read projects by: its tables are the index's, and its lines of Python run.

import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { openProject, saveOutputs } from '../../src-worker/store/index.ts';
import { SCHEMA_VERSION } from '../../src-worker/store/schema.ts';
import { pythonWith } from '../exporters/python.ts';
import { fill, outputsOf, scratch } from './fixtures.ts';

const folder = scratch();
const page = readFileSync(join(import.meta.dirname, '..', '..', 'docs', 'project-format.md'), 'utf8');
const python = pythonWith('h5py', 'sqlite3');

/** A project `reach.orrery` with the outputs of a run. */
const made = openProject(join(folder, 'reach.orrery'), { create: true }).then(async (project) => {
  const writer = await saveOutputs(project, fill(project), { trials: 2 });
  writer.write(Int32Array.of(0, 1), outputsOf([0, 1]));
  await writer.finish();
  return project;
});

test('the page names every table and column, and the version', async () => {
  const project = await made;
  expect(page).toContain(`now **${SCHEMA_VERSION}**`);
  const tables = project.rows("SELECT name FROM sqlite_master WHERE type = 'table'").map(({ name }) => String(name));
  expect(tables.length).toBeGreaterThan(5);
  for (const table of tables) {
    const from = page.indexOf(`**${table}**`);
    expect(from, table).toBeGreaterThan(0);
    const part = page.slice(from, page.indexOf('\n**', from));
    for (const { name } of project.rows(`PRAGMA table_info(${table})`)) expect(part, `${table}.${name}`).toContain(`\`${name}\``);
  }
});

test.skipIf(python === undefined)('the page’s lines of Python read a project', async () => {
  await made;
  const lines = /```python\n([\s\S]*?)```/.exec(page)?.[1] ?? '';
  const said = execFileSync(python!, ['-c', `${lines}\nprint(rates.tolist(), list(axes), unit)`], { cwd: folder, encoding: 'utf8' });
  expect(said.trim()).toBe("[[[0.0, 0.0], [0.0, 0.0], [0.0, 0.0]], [[1.0, 1.0], [1.0, 1.0], [1.0, 1.0]]] ['trial', 'bin', 'unit'] Hz");
});
