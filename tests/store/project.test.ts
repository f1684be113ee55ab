import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { describe, expect, test } from 'vitest';
import { addRun, getRun, listRuns, openProject, saveCheckpoint } from '../../src-worker/store/index.ts';
import { SCHEMA_VERSION } from '../../src-worker/store/schema.ts';
import { checkpointAt, failureOf, fill, scratch, wanted } from './fixtures.ts';

const folder = scratch();
let projects = 0;
const newPath = () => join(folder, `${projects++}.orrery`);

/** Another process that has the project open; resolves when it says so. */
async function holder(path: string) {
  const child = spawn(process.execPath, [join(import.meta.dirname, 'holder.ts'), path], { stdio: ['ignore', 'pipe', 'inherit'] });
  const said = await new Promise<string>((resolve, reject) => {
    child.stdout.once('data', (data: Buffer) => resolve(data.toString().trim()));
    child.once('exit', () => reject(new Error('The other process ended')));
  });
  return { said, pid: child.pid, kill: () => new Promise((resolve) => child.once('exit', resolve).kill('SIGKILL')) };
}

describe('opening', () => {
  test('makes a project only when asked to, and only in a folder of its own', async () => {
    const path = newPath();
    expect(await failureOf(() => openProject(path))).toBe('no-project');
    expect(await failureOf(() => openProject(path, { create: true, readOnly: true }))).toBe('no-project');
    expect(existsSync(path)).toBe(false);
    const project = await openProject(path, { create: true });
    expect(project).toMatchObject({ name: '0', readOnly: false });
    expect(readdirSync(path).sort()).toEqual(['arrays', 'index.sqlite', 'lock']);
    project.close();
    expect(readdirSync(path).sort()).toEqual(['arrays', 'index.sqlite']);
    const [full, file] = [newPath(), newPath()];
    mkdirSync(full);
    writeFileSync(join(full, 'thesis.txt'), 'mine');
    expect(await failureOf(() => openProject(full, { create: true }))).toBe('folder-not-empty');
    expect(readdirSync(full)).toEqual(['thesis.txt']);
    writeFileSync(file, 'mine');
    expect(await failureOf(() => openProject(file, { create: true }))).toBe('not-a-folder');
    expect(readFileSync(file, 'utf8')).toBe('mine');
  });

  test('goes on with an empty folder, and with a project whose making was cut short', async () => {
    const [empty, cut] = [newPath(), newPath()];
    mkdirSync(empty);
    (await openProject(empty, { create: true })).close();
    mkdirSync(cut);
    writeFileSync(join(cut, 'index.sqlite'), '');
    expect(await failureOf(() => openProject(cut, { readOnly: true }))).toBe('no-project');
    const project = await openProject(cut);
    expect(listRuns(project)).toEqual([]);
    project.close();
  });

  test('refuses a project from the future, and leaves it as it is', async () => {
    const path = newPath();
    (await openProject(path, { create: true })).close();
    const index = join(path, 'index.sqlite');
    const database = new DatabaseSync(index);
    database.exec(`PRAGMA user_version = ${SCHEMA_VERSION + 1}`);
    database.close();
    writeFileSync(join(path, 'arrays', '1-0.tmp'), 'of the future');
    const [bytes, { mtimeMs }] = [readFileSync(index), statSync(index)];
    for (const options of [{}, { create: true }, { readOnly: true }])
      expect(await failureOf(() => openProject(path, options))).toBe('project-too-new');
    expect(readFileSync(index).equals(bytes)).toBe(true);
    expect(statSync(index).mtimeMs).toBe(mtimeMs);
    expect([readdirSync(path).sort(), readdirSync(join(path, 'arrays'))]).toEqual([['arrays', 'index.sqlite'], ['1-0.tmp']]);
  });

  test('refuses an index that is none, is another program’s, or has lost its tables while there are arrays', async () => {
    const path = newPath();
    const project = await openProject(path, { create: true });
    await saveCheckpoint(project, fill(project), checkpointAt(1));
    project.close();
    const index = join(path, 'index.sqlite');
    truncateSync(index, 0);
    expect(await failureOf(() => openProject(path, { create: true }))).toBe('project-damaged');
    expect(readdirSync(join(path, 'arrays'))).toHaveLength(1);
    writeFileSync(index, 'not SQLite');
    expect(await failureOf(() => openProject(path))).toBe('not-a-project');
    truncateSync(index, 0);
    const database = new DatabaseSync(index);
    database.exec('PRAGMA application_id = 77; CREATE TABLE mine (x)');
    database.close();
    expect(await failureOf(() => openProject(path))).toBe('not-a-project');
  });
});

describe('the lock', () => {
  test('leaves a second process to read only, and is taken over when its owner was killed', async () => {
    const path = newPath();
    const before = await openProject(path, { create: true });
    const id = fill(before);
    before.close();
    const other = await holder(path);
    expect(other.said).toBe('open');
    const reader = await openProject(path);
    expect(reader).toMatchObject({ readOnly: true, lockedBy: { host: hostname(), process: other.pid } });
    expect(getRun(reader, id).model).toBe('lfads');
    expect(() => addRun(reader, { ...wanted, seed: 5 })).toThrow(new RegExp(`process ${other.pid} on ${hostname()}`));
    expect(await failureOf(() => saveCheckpoint(reader, id, checkpointAt(1)))).toBe('project-read-only');
    reader.close();
    expect(existsSync(join(path, 'lock'))).toBe(true);
    await other.kill();
    expect(existsSync(join(path, 'lock'))).toBe(true);
    const writer = await openProject(path);
    expect(writer.readOnly).toBe(false);
    await saveCheckpoint(writer, id, checkpointAt(1));
    const late = await holder(path);
    expect(late.said).toBe('reading');
    await late.kill();
    writer.close();
  });

  test('of another computer holds; of a process number used again it does not', async () => {
    const path = newPath();
    (await openProject(path, { create: true })).close();
    const lock = (owner: object) =>
      writeFileSync(join(path, 'lock'), JSON.stringify({ time: '2026-01-01T00:00:00Z', started: 1, ...owner }));
    const readsOnly = async () => {
      const project = await openProject(path);
      project.close();
      return project.readOnly;
    };
    lock({ host: 'another-computer', process: process.pid });
    expect(await readsOnly()).toBe(true);
    expect(existsSync(join(path, 'lock'))).toBe(true);
    // Our own number, but not our lock: an earlier process had it.
    lock({ host: hostname(), process: process.pid });
    expect(await readsOnly()).toBe(false);
    // Our parent lives, but did not start at tick 1.
    lock({ host: hostname(), process: process.ppid });
    expect(await readsOnly()).toBe(!existsSync('/proc/self/stat'));
  });

  test('opened twice in one process, the second reads only and leaves the lock alone', async () => {
    const path = newPath();
    const first = await openProject(path, { create: true });
    const second = await openProject(path);
    expect([first.readOnly, second.readOnly]).toEqual([false, true]);
    second.close();
    expect(existsSync(join(path, 'lock'))).toBe(true);
    first.close();
    expect(existsSync(join(path, 'lock'))).toBe(false);
  });

  test('is not needed to read, and reading changes nothing', async () => {
    const path = newPath();
    const project = await openProject(path, { create: true });
    fill(project);
    project.close();
    const before = readFileSync(join(path, 'index.sqlite'));
    const reader = await openProject(path, { readOnly: true });
    expect(listRuns(reader)).toHaveLength(1);
    expect(await failureOf(() => addRun(reader, { ...wanted, seed: 9 }))).toBe('project-read-only');
    reader.close();
    expect(readFileSync(join(path, 'index.sqlite')).equals(before)).toBe(true);
    expect(readdirSync(path).sort()).toEqual(['arrays', 'index.sqlite']);
  });
});
