// What every exporter writes of a run: its outputs, who the trials and units are, the bins' edges, and all that made it.

import { Failure } from '../contract/failure.ts';
import { defineParams } from '../contract/params.ts';
import type { Arrays, NamedArray, Numbers } from '../contract/result.ts';
import { type Dataset, TEST, TRAINING, VALIDATION } from '../dataset/dataset.ts';
import type { Exported } from './exporter.ts';

/** Parameters of every exporter. */
export const exportParams = defineParams({
  outputs: {
    kind: 'list',
    of: 'text',
    default: [],
    label: 'Outputs',
    help: 'Which of the run’s outputs to write, such as rates, factors, inputs; all of them when empty',
    tier: 'common',
  },
  merge: {
    kind: 'switch',
    default: true,
    label: 'Merge segments',
    help: 'Writes segments of a chopped recording as the one whole they were cut from, each fading into the next',
    tier: 'common',
  },
});

export interface Texts {
  readonly values: readonly string[];
  readonly axis: string;
  readonly about: string;
}

export interface Contents {
  /** rates, factors, …; trial × bin × …, or trial × …. */
  readonly outputs: Arrays;
  /** Identities and edges: trialIds, trialRows, unitIds, unitRows, unitHeldOut, binEdgesMs, and observed where bins are missing. */
  readonly identities: Arrays;
  readonly texts: Readonly<Record<'trialSplit' | 'trialCondition' | 'conditionNames' | 'unitAreas', Texts>>;
  /** JSON: run, dataset, recording. */
  readonly parameters: string;
}

const named = (values: Numbers, axis: string, unit: string, about: string): NamedArray => ({
  values,
  shape: [values.length],
  axes: [axis],
  unit,
  about,
});

/** Throws a Failure where an output is asked for that the run does not have. */
export function contentsOf({ run, dataset, recordingPath, outputs }: Exported, wanted: readonly string[]): Contents {
  const missing = wanted.find((name) => outputs[name] === undefined);
  if (missing !== undefined)
    throw new Failure('unknown-output', `Run ${run.id} has no output ${missing}.`, `It has ${Object.keys(outputs).sort().join(', ')}.`);
  const names = Object.keys(outputs).filter((name) => wanted.length === 0 || wanted.includes(name));
  return {
    outputs: Object.fromEntries(names.sort().map((name) => [name, outputs[name]])),
    identities: identitiesOf(dataset),
    texts: textsOf(dataset),
    parameters: JSON.stringify(
      {
        run,
        dataset: {
          hash: dataset.hash,
          recipe: dataset.recipe,
          event: dataset.event,
          binMs: dataset.binMs,
          condition: dataset.conditions?.label,
        },
        recording: recordingPath,
        axes: Object.fromEntries(names.map((name) => [name, outputs[name].axes])),
        units: Object.fromEntries(names.map((name) => [name, outputs[name].unit])),
      },
      undefined,
      2,
    ),
  };
}

function identitiesOf(dataset: Dataset): Arrays {
  const { trialIds, trialRows, unitIds, unitRows, heldOut, edgesMs, event, observed, trials, bins } = dataset;
  return {
    trialIds: named(trialIds, 'trial', '', 'Ids of the trials as the recording gives them, else their rows'),
    trialRows: named(trialRows, 'trial', '', 'Rows of the trials in the recording’s table, from 0'),
    unitIds: named(unitIds, 'unit', '', 'Ids of the units as the recording gives them, else their rows'),
    unitRows: named(unitRows, 'unit', '', 'Rows of the units in the recording’s table, from 0'),
    unitHeldOut: named(heldOut, 'unit', '', '1 for units that the encoders did not see'),
    binEdgesMs: named(edgesMs, 'edge', 'ms', `Edges of the bins about ${event}; bin k lies between edges k and k + 1`),
    ...(observed === undefined
      ? {}
      : {
          observed: {
            values: observed,
            shape: [trials, bins],
            axes: ['trial', 'bin'],
            unit: '',
            about: '1 where the recording covers the bin',
          },
        }),
  };
}

const PARTS: Readonly<Record<number, string>> = { [TRAINING]: 'training', [VALIDATION]: 'validation', [TEST]: 'test' };

/** A whole made of segments has parts of each. */
const splitName = (split: number): string => PARTS[split] ?? 'several';

/** Name of a trial's condition, '' for none. */
const conditionOf = ({ conditions }: Dataset, trial: number): string => conditions?.names[conditions.of[trial]] ?? '';

function textsOf(dataset: Dataset): Contents['texts'] {
  const trials = Array.from({ length: dataset.trials }, (_, trial) => trial);
  return {
    trialSplit: { values: Array.from(dataset.split, splitName), axis: 'trial', about: 'Part that the trial had in the fit' },
    trialCondition: {
      values: trials.map((trial) => conditionOf(dataset, trial)),
      axis: 'trial',
      about: `Condition of the trial${dataset.conditions ? ` (${dataset.conditions.label})` : ''}, empty for none`,
    },
    conditionNames: { values: dataset.conditions?.names ?? [], axis: 'condition', about: 'Conditions in their order' },
    unitAreas: { values: dataset.areas, axis: 'unit', about: 'Area of the unit, empty where unknown' },
  };
}

/** 'trial × bin × unit, Hz'. */
export const shapeOf = ({ axes, unit }: NamedArray): string => `${axes.join(' × ')}${unit === '' ? '' : `, ${unit}`}`;
