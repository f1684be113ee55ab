// The program of browser mode from its command line: what it prints, and what it refuses.

import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, expect, test } from 'vitest';

const entry = resolve(import.meta.dirname, '../../out/main/serve.js');
const folder = mkdtempSync(join(tmpdir(), 'orrery-serve-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

interface Ended {
  readonly code: number | null;
  readonly out: string;
  readonly errors: string;
}

/** Runs until it ends, or is told to by SIGTERM once it has printed its address. */
function serve(...args: readonly string[]): Promise<Ended> {
  const env = { ...process.env, ORRERY_DATA: join(folder, 'data'), INIT_CWD: folder };
  const child = spawn(process.execPath, [entry, '--no-open', ...args], { env, stdio: ['ignore', 'pipe', 'pipe'] });
  let [out, errors] = ['', ''];
  child.stdout.on('data', (text) => {
    out += text;
    if (out.includes('Orrery: ')) child.kill('SIGTERM');
  });
  child.stderr.on('data', (text) => {
    errors += text;
  });
  return new Promise((done) => child.once('close', (code) => done({ code, out, errors })));
}

test('it prints its address, with the token in the fragment, and ends when told to', async () => {
  const { code, out } = await serve();
  expect(out).toMatch(/^Orrery: http:\/\/127\.0\.0\.1:\d+\/#token=[\w-]{43}\n/);
  expect(code).toBe(0);
});

test.each([
  [['--port', 'eighty'], '--port'],
  [['--port', '70000'], '--port'],
  [['--colour'], '--colour'],
  [['--root', 'nowhere'], 'nowhere'],
  [['missing.nwb'], 'missing.nwb'],
  [['a.nwb', 'b.nwb'], 'b.nwb'],
])('%j is refused with a sentence that names it, and exit code 2', async (args, named) => {
  const { code, out, errors } = await serve(...args);
  expect(errors).toContain(named);
  expect(errors).not.toMatch(/unforeseen|did not foresee|\n {4}at /);
  expect({ code, out }).toEqual({ code: 2, out: '' });
});
