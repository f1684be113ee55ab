// Saves checkpoints and points of curves as fast as it can, and says each step that is safe, until it is killed.

import { addRun, appendMetrics, loadCheckpoint, openProject, saveCheckpoint, updateRun } from '../../src-worker/store/index.ts';
import type { Checkpoint } from '../../src-worker/models/model.ts';

const project = await openProject(process.argv[2]);
const run = process.argv[3];
const resumed = await loadCheckpoint(project, run);
updateRun(project, run, { state: 'running' });
for (let step = (resumed?.step ?? 0) + 1; ; step++) {
  const checkpoint: Checkpoint = {
    step,
    bestStep: step,
    arrays: { weights: { values: new Float32Array(50_000).fill(step), shape: [50_000], axes: ['weight'], unit: '' } },
    state: { step, before: resumed?.step ?? 0 },
  };
  // Before the checkpoint: who is killed between the two does it again, and the run is there already.
  if (step % 10 === 0)
    addRun(project, { model: 'pca', modelVersion: 1, dataset: 'd1', seed: step, settings: {}, resolved: {}, device: 'cpu' });
  appendMetrics(project, run, [{ step, values: { loss: step } }]);
  await saveCheckpoint(project, run, checkpoint);
  process.stdout.write(`${step}\n`);
}
