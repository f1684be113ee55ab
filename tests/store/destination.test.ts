import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { fileFailure, makeFolder } from '../../src-worker/store/files.ts';
import { checkDestination, checkDestinationOf, openProject } from '../../src-worker/store/index.ts';
import { failureOf, scratch } from './fixtures.ts';

const folder = scratch();
const recording = join(folder, 'reach.nwb');
writeFileSync(recording, 'spikes');
const project = await openProject(join(folder, 'reach.orrery'), { create: true });
afterAll(() => project.close());

const codeOf = (act: () => void): Promise<string> => failureOf(async () => act());

test('a new name in a folder that is there may be written', () => {
  expect(() => checkDestination(join(folder, 'rates.h5'), [recording])).not.toThrow();
  expect(() => checkDestinationOf(project, join(folder, 'rates.h5'))).not.toThrow();
});

test('a missing folder, a folder, and the recording under any of its names are refused', async () => {
  mkdirSync(join(folder, 'taken'));
  expect(await codeOf(() => checkDestination(join(folder, 'none', 'rates.h5'), []))).toBe('no-folder');
  expect(await codeOf(() => checkDestination(join(folder, 'taken'), []))).toBe('is-folder');
  expect(await codeOf(() => checkDestination(recording, [recording]))).toBe('is-recording');
  expect(await codeOf(() => checkDestination(relative(process.cwd(), recording), [recording]))).toBe('is-recording');
  expect(readFileSync(recording, 'utf8')).toBe('spikes');
});

test('no file of the project itself is a place for a result', async () => {
  expect(await codeOf(() => checkDestinationOf(project, join(project.path, 'index.sqlite')))).toBe('is-project');
  expect(await codeOf(() => checkDestinationOf(project, join(project.path, 'arrays', 'rates.h5')))).toBe('is-project');
});

test('folders are made from the top down, and where one cannot be, that is said at once', async () => {
  makeFolder(join(folder, 'a', 'b', 'c.orrery'));
  expect(existsSync(join(folder, 'a', 'b', 'c.orrery'))).toBe(true);
  expect(await codeOf(() => makeFolder(join(recording, 'p.orrery')))).toBe('not-a-folder');
  expect(await codeOf(() => makeFolder(recording))).toBe('not-a-folder');
});

// Node's own making of folders goes on for ever there.
test.skipIf(process.platform !== 'linux')('a file system without room for folders is told as such', async () => {
  const made = openProject('/proc/p/q.orrery', { create: true });
  await expect(made).rejects.toMatchObject({ code: 'no-folder', sentence: 'No folder can be made at /proc/p.' });
});

test.each([
  ['ENOSPC', 'disk-full'],
  ['EROFS', 'no-permission'],
  ['EIO', 'cannot-write'],
])('%s is told as %s, the path in the sentence once', (code, told) => {
  const error = Object.assign(new Error(`${code}: something, open '/x/a.svg'`), { code });
  expect(fileFailure(error, '/x/a.svg', 'write')).toMatchObject({ code: told });
  expect((fileFailure(error, '/x/a.svg', 'write') as Error).message.match(/a\.svg/g)).toHaveLength(1);
});
