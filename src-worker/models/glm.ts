// Poisson GLM from smoothed counts: predicts each unit from the population's activity, never from its own spikes.
//
// Held-out units are predicted from all held-in ones, each held-in unit from the other held-in ones. What a model of the population has
// to beat in likelihood.

import { Failure } from '../contract/failure.ts';
import type { Arrays } from '../contract/result.ts';
import { type Dataset, holdsRates, TRAINING, trialsIn, unitsWhere } from '../dataset/index.ts';
import { type Choice, chooseCoSmoother, type CoSmoother, coSmooth, fitCoSmoother } from '../numerics/co-smoothing.ts';
import { activityOf, CHOICE_BINS, candidates, fitted, hzPerValue, inBatches, listed, thinned, widthParam } from './baseline.ts';
import { type Checkpoint, defineModel } from './model.ts';

export const GLM_GRID = { sdMs: [40, 60, 80, 120], components: [5, 10, 18], penalty: [0.001, 0.01, 0.1] };

/** One in so many training trials judges the choice of width, components and penalty. */
const JUDGES = 5;
/** Units by which the choice is made, and rows from which components are found where units are many. */
const SAMPLED_UNITS = 16;
const PCA_ROWS = 4000;
const MANY_UNITS = 200;
/** Of very many units the decomposition is that of the rows. */
const PCA_ROWS_OF_VERY_MANY = 400;
const VERY_MANY_UNITS = 1000;

type Grid = { readonly [Name in keyof typeof GLM_GRID]: readonly number[] };

const pcaRows = ({ length: units }: Int32Array): number =>
  units > VERY_MANY_UNITS ? PCA_ROWS_OF_VERY_MANY : units > MANY_UNITS ? PCA_ROWS : Infinity;

/** Fits to training trials; of a grid the best on one in five of them is used. */
export async function fitGlm(dataset: Dataset, grid: Grid, tick: (done: number) => Promise<void>): Promise<CoSmoother> {
  if (holdsRates(dataset))
    throw new Failure('rates-not-counts', 'A Poisson GLM predicts counts, and this dataset holds rates.', 'Fit it to spikes or counts.');
  const training = trialsIn(dataset, TRAINING);
  const seen = unitsWhere(dataset, false);
  const all = Int32Array.from({ length: dataset.units }, (_, u) => u);
  const choice = await chooseGlm(dataset, training, seen, grid, (done) => tick(0.5 * done));
  return fitCoSmoother(activityOf(dataset, training), seen, all, choice, (done) => tick(0.5 + 0.5 * done), pcaRows(seen));
}

async function chooseGlm(
  dataset: Dataset,
  training: Int32Array,
  seen: Int32Array,
  grid: Grid,
  tick: (done: number) => Promise<void>,
): Promise<Choice> {
  const sdBins = grid.sdMs.map((sdMs) => sdMs / dataset.binMs);
  if (sdBins.length * grid.components.length * grid.penalty.length === 1 || training.length < 2)
    return { sdBins: sdBins[0], components: grid.components[0], alpha: grid.penalty[0] };
  const heldOut = unitsWhere(dataset, true);
  const among = heldOut.length > 0 ? heldOut : seen;
  const sampled = thinned(among, SAMPLED_UNITS);
  // Few trials still leave one to judge by.
  const every = Math.min(JUDGES, training.length);
  const [fitTo, judgeBy] = [training.filter((_, k) => k % every !== every - 1), training.filter((_, k) => k % every === every - 1)];
  return chooseCoSmoother(
    activityOf(dataset, thinned(fitTo, CHOICE_BINS / dataset.bins)),
    activityOf(dataset, thinned(judgeBy, CHOICE_BINS / 2 / dataset.bins)),
    seen,
    sampled,
    { sdBins, components: grid.components, alpha: grid.penalty },
    tick,
    pcaRows(seen),
  );
}

const toArrays = ({ seen, pca, weights }: CoSmoother): Arrays => ({
  seen: { values: seen, shape: [seen.length], axes: ['seen unit'], unit: '' },
  mean: { values: pca.mean, shape: [seen.length], axes: ['seen unit'], unit: '√count' },
  components: { values: pca.components, shape: [pca.count, seen.length], axes: ['component', 'seen unit'], unit: '' },
  weights: { values: weights, shape: [weights.length / (pca.count + 1), pca.count + 1], axes: ['unit', 'component'], unit: '' },
});

function fromCheckpoint({ arrays, state }: Checkpoint): CoSmoother {
  const seen = Int32Array.from(arrays.seen.values);
  const count = arrays.components.shape[0];
  return {
    sdBins: Number(state.sdBins),
    alpha: Number(state.penalty),
    seen,
    pca: {
      dimensions: seen.length,
      count,
      mean: Float64Array.from(arrays.mean.values),
      components: Float64Array.from(arrays.components.values),
      variances: new Float64Array(count),
      shares: new Float64Array(count),
    },
    predicted: Int32Array.from({ length: arrays.weights.shape[0] }, (_, u) => u),
    weights: Float64Array.from(arrays.weights.values),
  };
}

export const glm = defineModel({
  id: 'glm',
  version: 1,
  title: 'Poisson GLM',
  about: 'Each unit predicted from principal components of the others’ smoothed activity by Poisson regression',
  params: {
    sdMs: widthParam(GLM_GRID.sdMs),
    components: {
      kind: 'list',
      of: 'number',
      label: 'Components',
      help: 'Principal components that units are predicted from; of several numbers the best on training trials is used',
      default: GLM_GRID.components,
      tier: 'occasional',
    },
    penalty: {
      kind: 'list',
      of: 'number',
      label: 'Penalty',
      help: 'Weight of half the squared weights beside half the mean deviance; of several the best on training trials is used',
      default: GLM_GRID.penalty,
      tier: 'occasional',
    },
  },
  resolve: (_dataset, settings) => listed(settings, GLM_GRID),
  async fit(dataset, resolved, job) {
    const grid = {
      sdMs: candidates(resolved, 'sdMs'),
      components: candidates(resolved, 'components'),
      penalty: candidates(resolved, 'penalty'),
    };
    const model = await fitGlm(dataset, grid, (done) => job.progress(done, 'Fitting regressions'));
    await job.progress(1);
    const sdMs = Math.round(model.sdBins * dataset.binMs * 1000) / 1000;
    return fitted(toArrays(model), { sdBins: model.sdBins, penalty: model.alpha }, [
      `Kernel of s.d. ${sdMs} ms, ${model.pca.count} components, penalty ${model.alpha}, chosen on training trials.`,
    ]);
  },
  async infer(checkpoint, dataset, _resolved, trials, sink, job) {
    const model = fromCheckpoint(checkpoint);
    const scale = hzPerValue(dataset);
    await inBatches(dataset, trials, sink, job, (activity) => ({
      rates: { values: coSmooth(activity, model).map((count) => count * scale), unit: 'Hz', axis: 'unit' },
    }));
  },
});
