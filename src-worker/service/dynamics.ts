// The dynamics of a run for its analyses: the model's flow, the mean input it had, and the states it visited or brought.

import type { Dynamics } from '../analyses/analysis.ts';
import { statesOf } from '../analyses/states.ts';
import { Failure } from '../contract/failure.ts';
import type { Arrays, NamedArray, States } from '../contract/result.ts';
import type { RunRecord } from '../contract/run.ts';
import type { Dataset } from '../dataset/dataset.ts';
import { chosenTrials } from '../dataset/restricted.ts';
import { models } from '../models/index.ts';
import type { Model } from '../models/model.ts';
import { loadCheckpoint, type Project } from '../store/index.ts';
import { find } from './find.ts';

export async function dynamicsOf(
  project: Project,
  run: RunRecord,
  dataset: Dataset,
  outputs: Arrays | undefined,
  trials: string | undefined,
): Promise<{ readonly dynamics: Dynamics; readonly states: States }> {
  const model = find<Model>('model', models, run.model);
  if (!model.flow)
    throw new Failure(
      'no-dynamics',
      `${model.title} has no dynamics of its own.`,
      'Choose a run of LFADS, or of a network from elsewhere.',
    );
  const checkpoint = await loadCheckpoint(project, run.id);
  if (!checkpoint) throw new Failure('no-checkpoint', `Run ${run.id} has no weights yet: it is ${run.state}.`, 'Resume it first.');
  const flow = model.flow(checkpoint, run.resolved);
  const { starts, states } = model.brought?.(checkpoint) ?? {};
  if (dataset.network)
    return {
      dynamics: { flow, of: `the network of run ${run.id}`, notes: [], ...(starts ? { starts } : {}) },
      states: states ? broughtStates(states) : noStates(flow.states),
    };
  const meanInput = flow.inputs > 0 ? meanOf(dataset, outputs, flow.inputs) : undefined;
  const share = run.report?.diagnostics.inputShare;
  const notes =
    outputs?.inputs === undefined
      ? []
      : [
          share === undefined
            ? 'Inferred inputs drive this generator: its fixed points at a held input describe the generator and not the circuit alone.'
            : `Inferred inputs carry ${Math.round(100 * share)} % of the rates’ variance: points at a held input describe the generator and not the circuit alone.`,
        ];
  return {
    dynamics: { flow, of: `the generator of run ${run.id}`, notes, ...(meanInput ? { meanInput } : {}) },
    states: statesOf(dataset, 'generator', outputs, chosenTrials(dataset, trials)),
  };
}

/** Mean over trials and bins of inferred inputs, then of external ones. */
function meanOf({ external }: Dataset, outputs: Arrays | undefined, inputs: number): Float64Array | undefined {
  const mean = [...(outputs?.inputs ? columnMeans(outputs.inputs.values, outputs.inputs.shape[2]) : [])];
  if (external) mean.push(...columnMeans(external.values, external.channels.length));
  return mean.length === inputs ? Float64Array.from(mean) : undefined;
}

function columnMeans(values: ArrayLike<number>, width: number): Float64Array {
  const sums = new Float64Array(width);
  for (let i = 0; i < values.length; i++) sums[i % width] += values[i];
  return sums.map((sum) => (sum * width) / values.length);
}

function broughtStates({ values, shape }: NamedArray): States {
  const [rows, bins, dimensions] = shape.length === 3 ? shape : [shape[0], 1, shape[1]];
  return {
    ...noStates(dimensions),
    values: Float64Array.from(values),
    rows,
    bins,
    timeMs: Float64Array.from({ length: bins }, (_, k) => k),
  };
}

const noStates = (dimensions: number): States => ({
  state: 'generator',
  values: new Float64Array(0),
  rows: 0,
  bins: 1,
  dimensions,
  binMs: 1,
  timeMs: new Float64Array(1),
  unit: '',
  of: 'trials',
  rowIds: new Int32Array(0),
  conditions: new Int32Array(0),
  conditionNames: [],
  recipe: 'states that came with the network',
});
