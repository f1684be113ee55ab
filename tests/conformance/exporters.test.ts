// Every registered exporter: it writes whole files or none, notices what the disk did to them, and never touches the recording.

import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { Failure } from '../../src-worker/contract/failure.ts';
import type { Job } from '../../src-worker/contract/job.ts';
import { valuesOf } from '../../src-worker/contract/settings.ts';
import type { Exported, Exporter } from '../../src-worker/exporters/exporter.ts';
import { exporters } from '../../src-worker/exporters/index.ts';
import { exported, job } from '../exporters/exported.ts';

const root = mkdtempSync(join(tmpdir(), 'orrery-exporters-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));
let folders = 0;
const newFolder = (): string => {
  const folder = join(root, String(folders++));
  mkdirSync(folder);
  return folder;
};

/** With its default parameters. */
const write = (exporter: Exporter, what: Exported, path: string, settings = {}, withJob: Job = job) =>
  exporter.write(what, path, valuesOf(exporter.params, settings), withJob);

const failureOf = async (work: Promise<unknown>): Promise<string> =>
  work.then(
    () => 'none',
    (error: unknown) => (error instanceof Failure ? error.code : String(error)),
  );

test('ids and extensions of exporters differ', () => {
  expect(new Set(exporters.map(({ id }) => id)).size).toBe(exporters.length);
  expect(new Set(exporters.map(({ extension }) => extension)).size).toBe(exporters.length);
});

describe.each(exporters.map((exporter) => [exporter.id, exporter as unknown as Exporter] as const))('%s', (_id, exporter) => {
  test('writes what it says, leaves no drafts, and gives equal bytes for an equal run', async () => {
    const [first, second] = [newFolder(), newFolder()];
    const { files, load } = await write(exporter, exported(), join(first, `x.${exporter.extension}`));
    await write(exporter, exported(), join(second, `x.${exporter.extension}`));
    expect(files[0]).toBe(join(first, `x.${exporter.extension}`));
    expect(readdirSync(first).sort()).toEqual(files.map((file) => file.slice(first.length + 1)).sort());
    for (const name of readdirSync(first)) expect(readFileSync(join(second, name))).toEqual(readFileSync(join(first, name)));
    expect(load.map(({ language }) => language).sort()).toEqual(['MATLAB', 'Python']);
  });

  test('writes only the outputs that were asked for, and refuses unknown ones by name', async () => {
    const folder = newFolder();
    const path = join(folder, `x.${exporter.extension}`);
    const all = await write(exporter, exported(), path);
    const whole = readFileSync(path).length;
    const some = await write(exporter, exported(), path, { outputs: ['factors'] });
    expect(readFileSync(path).length).toBeLessThan(whole);
    expect(all.load[0].lines).toContain('inputs');
    expect(some.load[0].lines).not.toContain('inputs');
    expect(await failureOf(write(exporter, exported(), join(folder, 'y'), { outputs: ['torque'] }))).toBe('unknown-output');
    expect(existsSync(join(folder, 'y'))).toBe(false);
  });

  test('refuses the recording, a folder, and a place that is not there', async () => {
    const folder = newFolder();
    const recordingPath = join(folder, 'recording');
    writeFileSync(recordingPath, 'spikes');
    expect(await failureOf(write(exporter, exported({ recordingPath }), recordingPath))).toBe('is-recording');
    expect(readFileSync(recordingPath, 'utf8')).toBe('spikes');
    expect(await failureOf(write(exporter, exported(), folder))).toBe('is-folder');
    expect(await failureOf(write(exporter, exported(), join(folder, 'none', 'x')))).toBe('no-folder');
    expect(readdirSync(folder)).toEqual(['recording']);
  });

  test('leaves what was there when it is cancelled, at whatever moment', async () => {
    const folder = newFolder();
    const path = join(folder, `x.${exporter.extension}`);
    writeFileSync(path, 'before');
    for (let moment = 0; ; moment++) {
      const abort = new AbortController();
      let looks = 0;
      const cancelled = { ...job, signal: abort.signal, progress: async () => void (looks++ === moment && abort.abort()) };
      const code = await failureOf(write(exporter, exported(), path, {}, cancelled));
      if (code === 'none') {
        expect(moment).toBeGreaterThan(1);
        break;
      }
      expect(code).toContain('AbortError');
      expect(readFileSync(path, 'utf8')).toBe('before');
      expect(readdirSync(folder)).toEqual([`x.${exporter.extension}`]);
    }
  });

  test('notices that a value changed on the disk, and leaves nothing', async () => {
    const folder = newFolder();
    const what = exported();
    const value = what.outputs.factors.values[4];
    let meddled = false;
    const meddle = () => {
      for (const name of readdirSync(folder)) {
        const bytes = readFileSync(join(folder, name));
        const binary = bytes.indexOf(Buffer.from(Float32Array.of(value).buffer));
        const text = bytes.indexOf(String(value).slice(0, 6));
        if (binary < 0 && text < 0) continue;
        bytes[binary >= 0 ? binary : text + 3] ^= 1;
        writeFileSync(join(folder, name), bytes);
        meddled = true;
      }
    };
    const disturbed = {
      ...job,
      progress: async (_done: number, doing = '') => {
        if (doing === 'Reading back' && !meddled) meddle();
      },
    };
    const plain = 'compress' in exporter.params ? { compress: false } : {};
    const code = await failureOf(write(exporter, what, join(folder, 'x'), plain, disturbed));
    expect(code).toBe('export-differs');
    expect(readdirSync(folder)).toEqual([]);
  });
});
