// The project store: a folder NAME.orrery with an index (SQLite) and array files (HDF5). docs/project-format.md describes it.
//
//   const project = await openProject('reach.orrery', { create: true });    readOnly where another process writes to it
//   addRecording(project, path, recording.summary);  addDataset(project, dataset);
//   const { run, existed } = addRun(project, { model, modelVersion, dataset: dataset.hash, seed, settings, resolved, device });
//   updateRun(project, run.id, { state: 'running' });  appendMetrics(project, run.id, points);  curves(project, run.id);
//   await saveCheckpoint(project, run.id, checkpoint);  await loadCheckpoint(project, run.id);
//   const outputs = await saveOutputs(project, run.id, { trials });  outputs.write(trials, arrays) …;  await outputs.finish();
//   await loadOutputs(project, run.id, ['rates']);
//   await saveResult(project, { kind: 'analysis', run: run.id, recipe: { id, version, settings, state } }, result);  await loadResult(project, …);
//   resolveRun(project, 'latest');  listRuns(project);  summarize(project, listRuns(project));  project.close();
//
// Every change is whole or not made. Runs that a kill left `running` are `stopped` at their last checkpoint when the project is next opened.

export { type Attributes, listArrays, readArrays, type TrialWriter, trialWriter, writeArrays } from './arrays.ts';
export { checkDestination, checkDestinationOf } from './destination.ts';
export { canonical, hashOf } from './hash.ts';
export type { LockOwner } from './lock.ts';
export { openProject, type Project, summarize } from './project.ts';
export {
  keptAnalyses,
  loadCheckpoint,
  loadOutputs,
  loadResult,
  type OutputsWriter,
  outputsStep,
  type Provenance,
  resultKey,
  saveCheckpoint,
  saveOutputs,
  saveResult,
} from './results.ts';
export {
  addDataset,
  addRecording,
  addRun,
  appendMetrics,
  childrenOf,
  curves,
  getDataset,
  getRecording,
  getRun,
  listRuns,
  moreStepsOf,
  type NewRun,
  isSameFit,
  resolveRun,
  type RunChange,
  type RunRecipe,
  type StoredDataset,
  type StoredRecording,
  updateRun,
} from './runs.ts';
export { forgetView, listViews, savedView, saveView } from './views.ts';
