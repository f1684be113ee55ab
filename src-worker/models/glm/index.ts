// Poisson GLM from smoothed counts: predicts each unit from the population's activity, never from its own spikes.
//
// Held-out units are predicted from all held-in ones, each held-in unit from the other held-in ones. What a model of the population has
// to beat in likelihood.

import type { Arrays } from '../../contract/result.ts';
import type { Chosen } from '../../contract/run.ts';
import { type CoSmoother, coSmooth } from '../../numerics/co-smoothing.ts';
import { candidates, fitted, hzPerValue, inBatches, listed, widthParam } from '../baseline.ts';
import { type Checkpoint, defineModel } from '../model.ts';
import { fitGlm, foretellGlm, GLM_GRID } from './fit.ts';

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

const gridOf = (resolved: Readonly<Record<string, Chosen>>) => ({
  sdMs: candidates(resolved, 'sdMs'),
  components: candidates(resolved, 'components'),
  penalty: candidates(resolved, 'penalty'),
});

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
  foretell: async (dataset, resolved) => ({ seconds: await foretellGlm(dataset, gridOf(resolved)) }),
  async fit(dataset, resolved, job) {
    const model = await fitGlm(dataset, gridOf(resolved), (done) => job.progress(done, 'Fitting regressions'));
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
