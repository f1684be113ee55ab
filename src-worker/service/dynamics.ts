// The dynamics of a run for its analyses: the model's flow, the mean input it had, and the states it visited or brought.

import type { Drive, Dynamics } from '../analyses/analysis.ts';
import { statesOf } from '../analyses/states.ts';
import { Failure } from '../contract/failure.ts';
import type { Arrays, NamedArray, States } from '../contract/result.ts';
import type { RunRecord } from '../contract/run.ts';
import type { Dataset } from '../dataset/dataset.ts';
import type { TruePoint } from '../synthetic/true-points.ts';
import { chosenTrials } from '../dataset/restricted.ts';
import { models } from '../models/index.ts';
import type { Checkpoint, Model } from '../models/model.ts';
import { loadCheckpoint, type Project } from '../store/index.ts';
import { find } from './find.ts';

export async function dynamicsOf(
  project: Project,
  run: RunRecord,
  dataset: Dataset,
  outputs: Arrays | undefined,
  trials: string | undefined,
  truth?: readonly TruePoint[],
): Promise<Made> {
  const model = find<Model>('model', models, run.model);
  if (!model.flow)
    throw new Failure(
      'no-dynamics',
      `${model.title} has no dynamics of its own.`,
      'Choose a run of LFADS, or of a network from elsewhere.',
    );
  const checkpoint = await loadCheckpoint(project, run.id);
  if (!checkpoint) throw new Failure('no-checkpoint', `Run ${run.id} has no weights yet: it is ${run.state}.`, 'Resume it first.');
  return dynamicsFrom({ model, checkpoint, run }, dataset, outputs, trials, truth);
}

/** The dynamics alone of runs that have some. */
export const flowsOf = async (project: Project, runs: readonly RunRecord[]): Promise<NonNullable<Dynamics['seeds']>> => {
  const flows = await Promise.all(
    runs.map(async ({ id, model, seed, resolved }) => {
      const checkpoint = await loadCheckpoint(project, id);
      const flow = checkpoint && find<Model>('model', models, model).flow?.(checkpoint, resolved);
      return flow ? [{ seed, flow }] : [];
    }),
  );
  return flows.flat();
};

interface Made {
  readonly dynamics: Dynamics;
  readonly states: States;
}

/** Of a model that has a flow. */
export function dynamicsFrom(
  {
    model,
    checkpoint,
    run,
  }: { readonly model: Model; readonly checkpoint: Checkpoint; readonly run: Pick<RunRecord, 'id' | 'resolved' | 'report'> },
  dataset: Dataset,
  outputs: Arrays | undefined,
  trials: string | undefined,
  truth?: readonly TruePoint[],
): Made {
  const flow = model.flow!(checkpoint, run.resolved);
  const { starts, states, inputs } = model.brought?.(checkpoint) ?? {};
  if (dataset.network) {
    const stepMs = flow.kind === 'map' ? flow.stepMs : 1;
    const visited = states ? broughtStates(states, stepMs) : noStates(flow.states);
    const driven = inputs && broughtInputs(inputs, stepMs);
    return {
      dynamics: {
        flow,
        of: `the network of run ${run.id}`,
        notes: [],
        ...(starts ? { starts } : {}),
        ...(driven ? { driven } : {}),
        ...(visited.bins > 1 ? { trialMs: visited.bins * stepMs } : {}),
      },
      states: visited,
    };
  }
  const places = chosenTrials(dataset, trials);
  const driven = flow.inputs > 0 ? driveOf(dataset, outputs, places, flow.inputs, model.statesAtStart === true) : undefined;
  const readouts = model.readouts?.(checkpoint, run.resolved);
  const prior = driven && driven.inferred > 0 ? model.inputPrior?.(checkpoint, run.resolved) : undefined;
  const recorded = model.recordedUnits?.(checkpoint, run.resolved);
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
    dynamics: {
      flow,
      of: `the ${model.tested ? 'network' : 'generator'} of run ${run.id}`,
      notes,
      trialMs: dataset.bins * dataset.binMs,
      ...(driven ? { driven } : {}),
      ...(prior ? { prior } : {}),
      ...(readouts ? { readouts } : {}),
      ...(recorded ? { recorded } : {}),
      ...(truth ? { truth } : {}),
    },
    states: statesOf(dataset, 'generator', outputs, places),
  };
}

/** Inferred inputs, then external ones, of the trials at `places`; undefined where the outputs do not hold them all. */
function driveOf(dataset: Dataset, outputs: Arrays | undefined, places: Int32Array, width: number, atStart: boolean): Drive | undefined {
  const { bins, external, conditions } = dataset;
  const inferred = outputs?.inputs?.shape[2] ?? 0;
  const channels = external?.channels ?? [];
  if (inferred + channels.length !== width) return undefined;
  const values = new Float64Array(places.length * bins * width);
  for (const [row, trial] of places.entries())
    for (let bin = 0; bin < bins; bin++) {
      const to = (row * bins + bin) * width;
      // A state at a bin's start was led to by the input of the bin before.
      const from = trial * bins + (atStart ? Math.max(0, bin - 1) : bin);
      for (let i = 0; i < inferred; i++) values[to + i] = outputs!.inputs.values[from * inferred + i];
      for (let i = 0; i < channels.length; i++) values[to + inferred + i] = external!.values[from * channels.length + i];
    }
  return {
    values,
    trials: places.length,
    bins,
    binMs: dataset.binMs,
    names: [...Array.from({ length: inferred }, (_, i) => `inferred input ${i + 1}`), ...channels],
    units: Array.from({ length: width }, (_, i) => (i < inferred ? '' : (external?.unit ?? ''))),
    inferred,
    conditions: Int32Array.from(places, (trial) => conditions?.of[trial] ?? -1),
    conditionNames: conditions?.names ?? [],
  };
}

/** One step, or one ms of an equation, for each. */
function broughtInputs({ values, shape }: NamedArray, binMs: number): Drive {
  const [trials, bins, width] = shape.length === 3 ? shape : [1, shape[0], shape[1]];
  return {
    values: Float64Array.from(values),
    trials,
    bins,
    binMs,
    names: Array.from({ length: width }, (_, i) => `input ${i + 1}`),
    inferred: 0,
    conditions: new Int32Array(trials).fill(-1),
    conditionNames: [],
  };
}

function broughtStates({ values, shape }: NamedArray, binMs: number): States {
  const [rows, bins, dimensions] = shape.length === 3 ? shape : [shape[0], 1, shape[1]];
  return {
    ...noStates(dimensions),
    values: Float64Array.from(values),
    rows,
    bins,
    binMs,
    timeMs: Float64Array.from({ length: bins }, (_, k) => k * binMs),
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
