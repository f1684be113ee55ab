// Two set-ups at once take turns, and one that died does not block the next.

import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { withLock } from '../../scripts/lib/lock.mjs';

let folder: string;
let lock: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'orrery-lock-'));
  lock = join(folder, 'sub', 'setup.lock');
});
afterEach(() => rmSync(folder, { recursive: true }));

test('the second waits for the first', async () => {
  const order: string[] = [];
  const first = withLock(lock, async () => {
    order.push('first in');
    await sleep(50);
    order.push('first out');
  });
  const second = withLock(
    lock,
    async () => order.push('second in'),
    () => order.push('second waits'),
  );
  await Promise.all([first, second]);
  expect(order).toEqual(['first in', 'second waits', 'first out', 'second in']);
  expect(existsSync(lock)).toBe(false);
});

test('the lock is given back when the work fails', async () => {
  await expect(withLock(lock, () => Promise.reject(new Error('broken')))).rejects.toThrow('broken');
  expect(existsSync(lock)).toBe(false);
});

test('the lock of a dead process is taken over', async () => {
  mkdirSync(lock, { recursive: true });
  writeFileSync(join(lock, 'pid'), '2147483646');
  expect(await withLock(lock, async () => 'done')).toBe('done');
});
