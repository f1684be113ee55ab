// kill -9 at random moments: the project opens, the run goes on from its last checkpoint, and no step that was safe is lost.

import { spawn } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { key, uniform } from '../../src-worker/engine/random.ts';
import { curves, getRun, listRuns, loadCheckpoint, openProject } from '../../src-worker/store/index.ts';
import { fill, scratch } from '../store/fixtures.ts';

const KILLS = 6;
const folder = scratch();

/** Lets a process write for a while after its first steps, kills it, and answers with the last step it called safe. */
async function writeAndKill(path: string, run: string, milliseconds: number): Promise<number> {
  const child = spawn(process.execPath, [join(import.meta.dirname, 'writer.ts'), path, run], { stdio: ['ignore', 'pipe', 'inherit'] });
  let said = '';
  await new Promise<void>((resolve, reject) => {
    child.once('exit', () => reject(new Error('The writer ended by itself')));
    child.stdout.on('data', (data: Buffer) => {
      if (said === '')
        setTimeout(
          () =>
            child
              .removeAllListeners('exit')
              .once('exit', () => resolve())
              .kill('SIGKILL'),
          milliseconds,
        );
      said += data.toString();
    });
  });
  return Number(said.split('\n').at(-2));
}

test('a killed fit loses nothing that was saved, and goes on', async () => {
  const path = join(folder, 'killed.orrery');
  const project = await openProject(path, { create: true });
  const run = fill(project);
  project.close();
  let last = 0;
  for (let kill = 0; kill < KILLS; kill++) {
    const safe = await writeAndKill(path, run, 20 + 200 * uniform(key(3, 0), kill));
    expect(safe).toBeGreaterThan(last);
    const reopened = await openProject(path);
    expect(reopened.readOnly).toBe(false);
    const checkpoint = await loadCheckpoint(reopened, run);
    const step = checkpoint?.step ?? 0;
    // The kill may have come after a save and before it was said.
    expect(step - safe).toBeGreaterThanOrEqual(0);
    expect(step - safe).toBeLessThanOrEqual(1);
    expect(new Set(checkpoint?.arrays.weights.values)).toEqual(new Set([step]));
    expect(checkpoint?.state).toEqual({ step, before: last });
    expect(getRun(reopened, run)).toMatchObject({ state: 'stopped', step });
    expect(curves(reopened, run).map((point) => point.step)).toEqual(Array.from({ length: step }, (_, k) => k + 1));
    expect(listRuns(reopened).length).toBeGreaterThanOrEqual(1 + Math.floor(safe / 10));
    expect(readdirSync(join(path, 'arrays'))).toHaveLength(1);
    reopened.close();
    last = step;
  }
});
