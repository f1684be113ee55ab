// CURBD (Perich et al. 2021): a network whose units are the recorded units, its weights learned by recursive least squares while it runs, so
// that currents between regions can be read off.

import { defineParams } from '../../contract/params.ts';
import { defineConstrained, type FitTo, type Learned } from '../constrained/constrained.ts';
import { chosenBy, numberOf, textOf } from '../constrained/resolved.ts';
import { type Nonlinearity, NONLINEARITIES } from '../network/rnn.ts';
import { filteredNoise, initialWeights, Learner, type RunScore, type Weights } from './learner.ts';

const SAVE_EVERY_MS = 10_000;
const USUAL_TAU_MS = 100;
const USUAL_STEPS_PER_BIN = 5;

export const curbdParams = defineParams({
  steps: {
    kind: 'number',
    label: 'Runs',
    help: 'How many times the network runs through the recording while it learns',
    default: 100,
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
    help: 'Weights begin as g · N(0, 1) / √units; above 1 such a network is active by itself',
    default: 1.5,
    min: 0,
    tier: 'common',
  },
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
    help: 'Steps that the network takes from one bin to the next',
    default: USUAL_STEPS_PER_BIN,
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
    help: 'How fast learning begins: after it, weights are those of a ridge regression towards the first ones with penalty 1/P₀',
    default: 1,
    min: 1e-9,
    tier: 'occasional',
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

const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;

const fitTo: FitTo = async (activity, resolved, _given, job) => {
  const { units: n, inputCount: m, binMs, lengths } = activity;
  const stepsPerBin = numberOf(resolved, 'stepsPerBin');
  const stepMs = binMs / stepsPerBin;
  const alpha = stepMs / numberOf(resolved, 'tauMs');
  const phi = textOf(resolved, 'nonlinearity') as Nonlinearity;
  const [amount, noiseTauMs] = [numberOf(resolved, 'noise'), numberOf(resolved, 'noiseTauMs')];
  const networkSteps = lengths.reduce((sum, length) => sum + (length - 1) * stepsPerBin, 0);
  const noiseOf = (draw: number) =>
    amount === 0 ? {} : { noise: { values: filteredNoise(n, networkSteps, stepMs, noiseTauMs, job.seed, draw), amount } };
  const { resume } = job;
  const first: Weights = resume
    ? { J: jointOf(resume.arrays.J.values, resume.arrays.V.values, n, m), P: Float64Array.from(resume.arrays.P.values) }
    : initialWeights(n, m, numberOf(resolved, 'gain'), numberOf(resolved, 'p0'), job.seed);
  const begun = resume?.step ?? 0;
  const runs = job.moreSteps === undefined ? numberOf(resolved, 'steps') : begun + job.moreSteps;
  const learner = new Learner(activity, { phi, alpha, stepsPerBin, ...noiseOf(0) }, first);

  let weights = first;
  let last: RunScore = { pVar: Number.NaN, chi2: Number.NaN };
  const learned = (step: number): Learned => ({
    network: { form: 'currents', units: n, inputs: m, ...partsOf(weights.J, n, m), phi, alpha, stepMs, stepsPerBin },
    step,
    arrays: {
      P: { values: weights.P, shape: [n + m, n + m], axes: ['regressor', 'regressor'], unit: '', about: 'P of recursive least squares' },
    },
  });
  let saved = performance.now();
  let step = begun;
  try {
    while (step < runs) {
      last = await learner.run(true, (done) => job.progress((step + done - begun) / (runs - begun), 'Learning'));
      step++;
      weights = learner.weights();
      job.metric({ step, values: { pVar: last.pVar, chi2: last.chi2 } });
      if (performance.now() - saved > SAVE_EVERY_MS) {
        await job.keep(learned(step));
        saved = performance.now();
      }
      await job.progress((step - begun) / (runs - begun), 'Learning');
    }
  } catch (error) {
    if (job.signal.aborted) await job.keep(learned(step));
    throw error;
  }

  const free: number[] = [];
  for (let k = 1; k <= numberOf(resolved, 'freeRuns'); k++) {
    const alone = new Learner(activity, { phi, alpha, stepsPerBin, ...noiseOf(k) }, weights);
    free.push((await alone.run(false, () => job.progress(1))).pVar);
  }
  const scores = { pVar: last.pVar, chi2: last.chi2, ...(free.length > 0 && { pVarFreeRuns: mean(free) }) };
  return {
    ...learned(step),
    diagnostics: Object.fromEntries(Object.entries(scores).filter(([, value]) => Number.isFinite(value))),
    notes:
      alpha > 0.3
        ? [`A step of ${stepMs} ms is long for a time constant of ${numberOf(resolved, 'tauMs')} ms: raise --steps-per-bin.`]
        : [],
  };
};

/** [J V] of units × (units + inputs), and its parts again. */
function jointOf(J: ArrayLike<number>, V: ArrayLike<number>, n: number, m: number): Float64Array {
  return Float64Array.from({ length: n * (n + m) }, (_, at) => {
    const [i, j] = [Math.floor(at / (n + m)), at % (n + m)];
    return j < n ? J[i * n + j] : V[i * m + j - n];
  });
}

const partsOf = (joint: Float64Array, n: number, m: number): { readonly J: Float64Array; readonly V: Float64Array } => ({
  J: Float64Array.from({ length: n * n }, (_, at) => joint[Math.floor(at / n) * (n + m) + (at % n)]),
  V: Float64Array.from({ length: n * m }, (_, at) => joint[Math.floor(at / m) * (n + m) + n + (at % m)]),
});

export const curbd = defineConstrained({
  id: 'curbd',
  version: 1,
  title: 'CURBD',
  about: 'A network whose units are the recorded units, learned while it runs, for the currents between regions',
  cites: [
    'Perich M. G. et al. Inferring brain-wide interactions using data-constrained recurrent neural network models. bioRxiv 2020.12.18.423348 (2021).',
  ],
  params: curbdParams,
  resolve(dataset, settings) {
    const chosen = chosenBy(settings);
    const usual = (name: keyof typeof curbdParams, why: string) => chosen(name, [(curbdParams[name] as { default: number }).default, why]);
    return {
      steps: usual('steps', 'errors have mostly levelled off by then'),
      tauMs: chosen('tauMs', [Math.max(USUAL_TAU_MS, dataset.binMs), 'usual for rates; sweep it']),
      gain: usual('gain', 'active by itself before it learns'),
      nonlinearity: chosen('nonlinearity', ['tanh', 'usual']),
      stepsPerBin: usual('stepsPerBin', 'usual'),
      noise: usual('noise', 'usual'),
      noiseTauMs: usual('noiseTauMs', 'usual'),
      p0: usual('p0', 'usual'),
      freeRuns: usual('freeRuns', 'usual'),
    };
  },
  fitTo,
});
