import { copyFileSync, mkdirSync, readFileSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';
import { openRecording } from '../../src-worker/formats/index.ts';
import { job, nwbBytes, smallParts, written } from './small-nwb.ts';

const small = () => written('whole.nwb', nwbBytes(smallParts()));

test('a recording that is not there, is a folder or is empty is refused by name', async () => {
  const folder = dirname(small());
  await expect(openRecording(join(folder, 'none.nwb'), {}, job)).rejects.toMatchObject({
    code: 'no-file',
    sentence: expect.stringContaining('none.nwb'),
  });
  await expect(openRecording(folder, {}, job)).rejects.toMatchObject({ code: 'not-a-file' });
  await expect(openRecording(written('empty.nwb', new Uint8Array()), {}, job)).rejects.toMatchObject({ code: 'empty-file' });
});

test('a recording cut short is refused with how much of it is there', async () => {
  const bytes = nwbBytes(smallParts());
  await expect(openRecording(written('cut.nwb', bytes.slice(0, 5000)), {}, job)).rejects.toMatchObject({
    code: 'truncated-file',
    sentence: `cut.nwb is cut short: it has 5000 of its ${bytes.length} bytes.`,
  });
});

test('a file of another kind is refused, whatever its name', async () => {
  const text = new TextEncoder().encode('spike,time\n1,0.5\n');
  await expect(openRecording(written('table.csv', text), {}, job)).rejects.toMatchObject({ code: 'unknown-format' });
  await expect(openRecording(written('table.nwb', text), {}, job)).rejects.toThrow(/table\.nwb is not what its name says/);
});

test('NWB 1 is refused by its version', async () => {
  const old = nwbBytes({});
  const at = Buffer.from(old).indexOf('2.7.0');
  old.set(new TextEncoder().encode('1.0.6'), at);
  await expect(openRecording(written('old.nwb', old), {}, job)).rejects.toMatchObject({ code: 'old-nwb' });
});

test('a copy under another name has the same identity, a file that differs in one spike another', async () => {
  const path = small();
  const copy = join(dirname(path), 'elsewhere', 'copy.nwb');
  mkdirSync(dirname(copy), { recursive: true });
  copyFileSync(path, copy);
  const identity = async (file: string) => (await openRecording(file, {}, job)).summary.identity;
  expect(await identity(copy)).toBe(await identity(path));

  const changed = readFileSync(path);
  const at = changed.indexOf(Buffer.from(Float64Array.of(0.9).buffer));
  changed.set(new Uint8Array(Float64Array.of(0.95).buffer), at);
  expect(await identity(written('changed.nwb', changed))).not.toBe(await identity(path));
});

test('opening and reading a recording leaves its bytes, size and times as they were', async () => {
  const path = small();
  const before = { bytes: readFileSync(path), modified: statSync(path).mtimeMs };
  const recording = await openRecording(path, {}, job);
  for (const row of [0, 1, 2]) recording.unitTables()[0].spikeTimes(row);
  recording.close();
  expect(readFileSync(path).equals(before.bytes)).toBe(true);
  expect(statSync(path).mtimeMs).toBe(before.modified);
});
