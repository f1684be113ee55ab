// CURBD's parameters, and their values where the user leaves them open.

import { defineParams } from '../../contract/params.ts';
import type { Chosen } from '../../contract/run.ts';
import { type Dataset, unitsWhere } from '../../dataset/index.ts';
import { gainSpread } from '../constrained/gain.ts';
import { resample } from '../constrained/pieces.ts';
import { chosenBy } from '../constrained/resolved.ts';
import { NONLINEARITIES } from '../network/rnn.ts';

const USUAL_TAU_MS = 100;
const USUAL_STEPS_PER_BIN = 5;
const USUAL_RUNS = 20;
/** Of more units than this a run takes seconds, and choices are made that keep a fit to minutes. */
const MANY_UNITS = 300;
const OF_MANY = { runs: 5, stepsPerBin: 2, rowsTogether: 16 } as const;
/** A step of this share of τ is as exact as activity asks. */
const FINE = 0.1;

export const curbdParams = defineParams({
  steps: {
    kind: 'number',
    label: 'Runs',
    help: 'How many times the network runs through the recording while it learns; P₀ is chosen for so many',
    min: 1,
    integer: true,
    unit: 'steps',
    tier: 'common',
  },
  tauMs: {
    kind: 'number',
    label: 'Time constant',
    help: 'Time constant τ of every unit',
    unit: 'ms',
    min: 0.001,
    tier: 'common',
  },
  gain: {
    kind: 'number',
    label: 'Gain g',
    help: 'Weights begin as g · N(0, 1) / √units and are learned from there: what activity does not tell stays as it began. 1.5 is as published',
    default: 0.1,
    min: 0,
    tier: 'common',
  },
  gainSpread,
  resample,
  nonlinearity: {
    kind: 'choice',
    label: 'Nonlinearity',
    help: 'What a unit makes of its current',
    choices: NONLINEARITIES,
    default: 'tanh',
    tier: 'common',
  },
  stepsPerBin: {
    kind: 'number',
    label: 'Steps per bin',
    help: 'Steps that the network takes from one bin to the next; 5 unless there are very many units',
    min: 1,
    max: 1000,
    integer: true,
    tier: 'occasional',
  },
  noise: {
    kind: 'number',
    label: 'Noise',
    help: 'Size of the filtered noise that drives the network while it learns, the same in all runs; 0 for none',
    default: 0.01,
    min: 0,
    tier: 'occasional',
  },
  noiseTauMs: {
    kind: 'number',
    label: 'Time constant of the noise',
    help: 'Time constant of the filter that the noise went through',
    unit: 'ms',
    default: 100,
    min: 0.001,
    tier: 'rare',
  },
  p0: {
    kind: 'number',
    label: 'P₀',
    help: 'How fast learning begins: after it, weights are those of a ridge regression towards the first ones with penalty 1/P₀. 0 has it chosen by free runs of rows that are held back; 1 is as published',
    default: 0,
    min: 0,
    tier: 'occasional',
  },
  rowsTogether: {
    kind: 'number',
    label: 'Rows side by side',
    help: 'Trials or averages that run side by side, learned from at once: 1 is as published, more is several times faster for many units',
    min: 1,
    max: 256,
    integer: true,
    tier: 'rare',
  },
  freeRuns: {
    kind: 'number',
    label: 'Free runs',
    help: 'Runs after learning with weights held, each with noise of its own: how well the network does by itself',
    default: 5,
    min: 0,
    integer: true,
    tier: 'rare',
  },
});

/** Values of these parameters for a dataset. */
export function resolveCurbd(dataset: Dataset, settings: Readonly<Record<string, unknown>>): Record<keyof typeof curbdParams, Chosen> {
  const chosen = chosenBy(settings);
  const usual = (name: keyof typeof curbdParams, why: string) => chosen(name, [(curbdParams[name] as { default: number }).default, why]);
  const units = unitsWhere(dataset, false).length;
  const many = units > MANY_UNITS;
  const tauMs = chosen('tauMs', [Math.max(USUAL_TAU_MS, dataset.binMs), 'Usual: for rates; sweep it']);
  const fineEnough = dataset.binMs / OF_MANY.stepsPerBin / Number(tauMs.value) <= FINE;
  return {
    steps: chosen(
      'steps',
      many
        ? [OF_MANY.runs, `Many units: a run of ${units} takes seconds, and P₀ is chosen for so many`]
        : [USUAL_RUNS, 'Enough: P₀ is chosen for so many'],
    ),
    tauMs,
    gain: usual('gain', 'Small: weights come from the recording, and not from what they began as'),
    gainSpread: usual('gainSpread', 'Usual: so that an ensemble varies it too'),
    resample: usual('resample', 'Bootstrap: of small first weights alone an ensemble would tell little'),
    nonlinearity: chosen('nonlinearity', ['tanh', 'Usual']),
    stepsPerBin: chosen(
      'stepsPerBin',
      many && fineEnough
        ? [OF_MANY.stepsPerBin, `Many units: each step is at most a tenth of τ, and more take longer for ${units}`]
        : [USUAL_STEPS_PER_BIN, 'Usual'],
    ),
    rowsTogether: chosen(
      'rowsTogether',
      many ? [OF_MANY.rowsTogether, `Many units: several times faster for ${units}`] : [1, 'As published: one after another'],
    ),
    noise: usual('noise', 'Usual'),
    noiseTauMs: usual('noiseTauMs', 'Usual'),
    p0: usual('p0', 'By the data: free runs of rows that are held back choose it'),
    freeRuns: usual('freeRuns', 'Usual'),
  };
}
