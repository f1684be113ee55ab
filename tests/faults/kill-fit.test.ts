// A few kills of worker and host in mid-fit; `npm run quality -- kills` does twenty.

import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { killAndGoOn } from './kills.ts';

const built = existsSync(resolve(import.meta.dirname, '../../out/main/serve.js'));
const folder = mkdtempSync(join(tmpdir(), 'orrery-kills-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

// Processes of processes are found under /proc.
test.skipIf(process.platform !== 'linux' || !built)(
  'a fit whose worker and host are killed goes on, and ends as if nobody had',
  async () => {
    const told = await killAndGoOn({ count: 2, seed: 1, steps: 24, longestMs: 900, folder });
    expect(told).toHaveLength(2);
    expect(told.join()).toContain('host');
    expect(told.join()).toContain('worker');
  },
  300_000,
);
