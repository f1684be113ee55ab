import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { afterAll, expect, test } from 'vitest';
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
