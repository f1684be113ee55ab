// The demo's bar counts what is missing as failed, and its folder replaces only what a demo made.

import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { belowTheBar, scoresOf } from '../../src-main/demo-bar.ts';
import { clearDemo } from '../../src-main/demo-folder.ts';
import { report } from './fake.ts';

describe('the bar', () => {
  const good = { bitsPerSpike: 0.46, r2Truth: 0.93, r2Smoothing: 0.63, perturbationAuc: 0.96 };

  test('lets a good fit pass', () => expect(belowTheBar(good)).toEqual([]));

  test.each([
    [{ r2Truth: 0.87 }, 1],
    [{ r2Smoothing: 0.74 }, 1],
    [{ perturbationAuc: 0.84 }, 1],
    [{ r2Truth: 0.5, perturbationAuc: 0.5 }, 3],
    [{ r2Truth: Number.NaN }, 2],
    [{ r2Smoothing: Number.NaN }, 1],
    [{ perturbationAuc: Number.NaN }, 1],
  ])('stops %j with %i sentences', (changes, count) => expect(belowTheBar({ ...good, ...changes })).toHaveLength(count));

  test('reads a report, and what it lacks is not a number', () => {
    expect(scoresOf({ ...report, r2Truth: 0.9, baselines: { smoothing: { r2Truth: 0.6 } } })).toEqual({
      bitsPerSpike: 0.4321,
      r2Truth: 0.9,
      r2Smoothing: 0.6,
      perturbationAuc: 0.9,
    });
    expect(belowTheBar(scoresOf({ ...report, diagnostics: {} }))).toHaveLength(3);
  });
});

describe('the folder', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'orrery-demo-'));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  test('is made where it is missing, and a second demo replaces what the first made', () => {
    const demo = join(folder, 'demo');
    clearDemo(demo, ['a.orrery', 'a.svg']);
    mkdirSync(join(demo, 'a.orrery'));
    writeFileSync(join(demo, 'a.svg'), 'old');
    writeFileSync(join(demo, 'notes.txt'), 'mine');
    clearDemo(demo, ['a.orrery', 'a.svg']);
    expect(existsSync(join(demo, 'a.orrery'))).toBe(false);
    expect(existsSync(join(demo, 'a.svg'))).toBe(false);
    expect(readFileSync(join(demo, 'notes.txt'), 'utf8')).toBe('mine');
  });

  test('is left alone where something of that name is somebody else’s', () => {
    writeFileSync(join(folder, 'a.svg'), 'mine');
    expect(() => clearDemo(folder, ['a.svg'])).toThrow('a.svg');
    expect(readFileSync(join(folder, 'a.svg'), 'utf8')).toBe('mine');
    expect(existsSync(join(folder, '.made-by-demo'))).toBe(false);
  });
});
