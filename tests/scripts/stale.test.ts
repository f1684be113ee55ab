// Set-up does nothing when nothing changed, and notices whatever did.

import { mkdirSync, mkdtempSync, renameSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { agrees, isFresh, lockStamp, sourcesStamp, writeStamp } from '../../scripts/lib/stale.mjs';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'orrery-stale-'));
  mkdirSync(join(folder, 'src'));
  writeFileSync(join(folder, 'src', 'a.ts'), 'a');
  writeFileSync(join(folder, 'b.json'), 'b');
});
afterEach(() => rmSync(folder, { recursive: true }));

const stamp = () => sourcesStamp(folder, ['src', 'b.json', 'absent']);

describe('the build is stale', () => {
  test('never without a change', () => expect(stamp()).toBe(stamp()));

  test('when a file is added, grows, is touched or renamed', () => {
    const seen = new Set([stamp()]);
    writeFileSync(join(folder, 'src', 'c.ts'), 'c');
    seen.add(stamp());
    writeFileSync(join(folder, 'src', 'c.ts'), 'longer');
    seen.add(stamp());
    utimesSync(join(folder, 'b.json'), 1000, 1000);
    seen.add(stamp());
    renameSync(join(folder, 'src', 'c.ts'), join(folder, 'src', 'd.ts'));
    seen.add(stamp());
    expect(seen.size).toBe(5);
  });

  test('until its stamp is written', () => {
    const file = join(folder, 'out', '.stamp');
    expect(isFresh(file, stamp())).toBe(false);
    writeStamp(file, stamp());
    expect(isFresh(file, stamp())).toBe(true);
    writeFileSync(join(folder, 'b.json'), 'changed');
    expect(isFresh(file, stamp())).toBe(false);
  });
});

describe('packages are stale', () => {
  const lock = (packages: object) => JSON.stringify({ packages });
  const wanted = lock({
    '': { name: 'root' },
    'node_modules/a': { version: '1.0.0' },
    'node_modules/other-platform': { version: '2.0.0', optional: true },
  });

  test('not where npm’s record agrees, whatever optional packages are missing', () => {
    expect(agrees(wanted, lock({ 'node_modules/a': { version: '1.0.0' } }))).toBe(true);
  });

  test('where one is missing, of another version, or left over', () => {
    expect(agrees(wanted, undefined)).toBe(false);
    expect(agrees(wanted, lock({}))).toBe(false);
    expect(agrees(wanted, lock({ 'node_modules/a': { version: '1.0.1' } }))).toBe(false);
    expect(agrees(wanted, lock({ 'node_modules/a': { version: '1.0.0' }, 'node_modules/old': { version: '1.0.0' } }))).toBe(false);
  });

  test('on another platform', () => expect(lockStamp(wanted, 'linux x64')).not.toBe(lockStamp(wanted, 'linux arm64')));
});
