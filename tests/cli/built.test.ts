// The built command line in a process of its own: answers on standard output alone, exit codes, threads found from the build.

import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { projectRoot, sampleRecording } from '../../src-main/locate.ts';

const built = join(projectRoot, 'out', 'main', 'cli.js');
let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'orrery-built-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

/** As npm starts it: in the checkout, with the user's folder in INIT_CWD. */
const orrery = (...words: readonly string[]) =>
  spawnSync(process.execPath, [built, ...words], { cwd: projectRoot, env: { ...process.env, INIT_CWD: folder }, encoding: 'utf8' });

if (!existsSync(built)) console.warn('Skipped: the program is not built. `npm test` builds it first.');

describe.skipIf(!existsSync(built))('the built command line', () => {
  test('prints one object and nothing else', () => {
    const { stdout, status } = orrery('inspect', sampleRecording, '--json');
    expect(status).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ units: 64, trials: 264, spikes: 511266 });
  });

  test('ends with 2 on bad input, and says why on both streams', () => {
    const { stdout, stderr, status } = orrery('inspect', 'no.nwb', '--json');
    expect(status).toBe(2);
    expect(JSON.parse(stdout).failure.sentence).toContain('no.nwb');
    expect(stderr).toContain('no.nwb');
  });

  test('fits LFADS in its threads and draws it, in the user’s folder', () => {
    const data = ['--align=move_onset_time', '--window-ms', '-200,400', '--bin-ms=20', '--trials=success=true,direction=0|2'];
    const fit = orrery('fit', 'lfads', sampleRecording, '--out', 'p.orrery', ...data, '--units=isolation>6', '--steps', '2', '--json');
    expect(fit.stderr).not.toContain('went wrong');
    expect(JSON.parse(fit.stdout)).toMatchObject({ model: 'lfads', device: 'fused', steps: 2 });
    const figure = orrery('figure', 'trajectories', 'p.orrery', '-o', 'a.pdf', '--json');
    expect(JSON.parse(figure.stdout)).toMatchObject({ path: join(folder, 'a.pdf') });
    expect(readdirSync(folder).sort()).toEqual(['a.pdf', 'p.orrery']);
  });
});
