// Principal components of smoothed activity: factors without a model of the dynamics, fitted to condition averages.

import type { Arrays } from '../contract/result.ts';
import { type Dataset, TRAINING, trialsIn, unitsWhere } from '../dataset/index.ts';
import { averageByCondition } from '../numerics/averages.ts';
import { type Activity, meanCounts, observedRows } from '../numerics/co-smoothing.ts';
import { type PrincipalComponents, principalComponents, project } from '../numerics/pca.ts';
import { type Linear, predict, ridge } from '../numerics/ridge.ts';
import { smoothBins } from '../numerics/smoothing.ts';
import { activityOf, candidates, fitted, hzPerValue, inBatches, listed, widthParam } from './baseline.ts';
import { type Checkpoint, defineModel } from './model.ts';
import { chooseSmoothing, SMOOTHING_SDS_MS } from './smoothing.ts';

const COMPONENTS = 8;
/** Rates never fall below this share of a unit's mean: back-projection knows no sign. */
const LEAST_SHARE = 0.05;
/** Penalty of the readout, relative to the variance of a factor times the number of rows. */
const READOUT_PENALTY = 1e-3;

interface Fitted {
  readonly sdMs: number;
  readonly seen: Int32Array;
  readonly pca: PrincipalComponents;
  /** From factors to counts per bin of all units. */
  readonly readout: Linear;
  readonly means: Float64Array;
}

function smoothedSeen({ counts, trials, bins, units, observed }: Activity, seen: Int32Array, sdBins: number): Float64Array {
  const rows = trials * bins;
  const own = new Float64Array(rows * seen.length);
  for (let row = 0; row < rows; row++) for (let k = 0; k < seen.length; k++) own[row * seen.length + k] = counts[row * units + seen[k]];
  return smoothBins(own, trials, bins, seen.length, sdBins, { observed });
}

function fitPca(dataset: Dataset, sdMs: number, components: number): Fitted {
  const training = trialsIn(dataset, TRAINING);
  const activity = activityOf(dataset, training);
  const seen = unitsWhere(dataset, false);
  const smoothed = smoothedSeen(activity, seen, sdMs / dataset.binMs);
  const conditions = dataset.conditions && Int32Array.from(training, (trial) => dataset.conditions?.of[trial] ?? -1);
  const rows = observedRows(smoothed, seen.length, activity.observed);
  const averages =
    conditions &&
    averageByCondition(smoothed, dataset.bins, seen.length, conditions, activity.observed).values.filter((v) => !Number.isNaN(v));
  const pca = principalComponents(averages && averages.length > 0 ? averages : rows, seen.length, Math.min(components, seen.length));
  const factors = project(rows, pca);
  const counts = observedRows(Float64Array.from(activity.counts), dataset.units, activity.observed);
  const penalty = READOUT_PENALTY * pca.variances[0] * (rows.length / seen.length);
  return { sdMs, seen, pca, readout: ridge(factors, pca.count, counts, dataset.units, penalty), means: meanCounts(activity) };
}

const toArrays = ({ seen, pca, readout, means }: Fitted): Arrays => ({
  seen: { values: seen, shape: [seen.length], axes: ['seen unit'], unit: '' },
  mean: { values: pca.mean, shape: [seen.length], axes: ['seen unit'], unit: 'per bin' },
  components: { values: pca.components, shape: [pca.count, seen.length], axes: ['component', 'seen unit'], unit: '' },
  variances: { values: pca.variances, shape: [pca.count], axes: ['component'], unit: 'per bin²' },
  shares: { values: pca.shares, shape: [pca.count], axes: ['component'], unit: '' },
  readout: { values: readout.weights, shape: [pca.count, means.length], axes: ['component', 'unit'], unit: '' },
  intercept: { values: readout.intercept, shape: [means.length], axes: ['unit'], unit: 'per bin' },
  means: { values: means, shape: [means.length], axes: ['unit'], unit: 'per bin' },
});

function fromCheckpoint({ arrays, state }: Checkpoint): Fitted {
  const own = (name: string): Float64Array => Float64Array.from(arrays[name].values);
  const seen = Int32Array.from(arrays.seen.values);
  const [count, units] = arrays.readout.shape;
  return {
    sdMs: Number(state.sdMs),
    seen,
    pca: {
      dimensions: seen.length,
      count,
      mean: own('mean'),
      components: own('components'),
      variances: own('variances'),
      shares: own('shares'),
    },
    readout: { inputs: count, outputs: units, weights: own('readout'), intercept: own('intercept') },
    means: own('means'),
  };
}

export const pca = defineModel({
  id: 'pca',
  version: 1,
  title: 'Principal components',
  about: 'Smoothed activity projected on its first principal components, fitted to condition averages of training trials',
  params: {
    sdMs: widthParam(SMOOTHING_SDS_MS),
    components: {
      kind: 'number',
      label: 'Components',
      help: 'How many principal components become factors; more follow the data closer, fewer are easier to see',
      default: COMPONENTS,
      min: 1,
      integer: true,
      tier: 'common',
    },
  },
  resolve: (_dataset, settings) => ({
    ...listed<'sdMs'>(settings, { sdMs: SMOOTHING_SDS_MS }),
    components:
      settings.components === undefined
        ? { value: COMPONENTS, reason: 'enough for most reaching data' }
        : { value: settings.components, reason: 'Set by you' },
  }),
  async fit(dataset, resolved, job) {
    const sdMs = await chooseSmoothing(dataset, candidates(resolved, 'sdMs'), (done) => job.progress(done / 2, 'Choosing the width'));
    await job.progress(0.5, 'Finding components');
    const model = fitPca(dataset, sdMs, Number(resolved.components.value));
    await job.progress(1);
    const share = model.pca.shares.reduce((sum, part) => sum + part, 0);
    const from = dataset.conditions ? 'condition averages' : 'all training trials';
    return fitted(toArrays(model), { sdMs }, [
      `${model.pca.count} components of ${from} hold ${(100 * share).toFixed(0)} % of their variance; kernel of s.d. ${sdMs} ms.`,
    ]);
  },
  async infer(checkpoint, dataset, _resolved, trials, sink, job) {
    const { sdMs, seen, pca: components, readout, means } = fromCheckpoint(checkpoint);
    const scale = hzPerValue(dataset);
    await inBatches(dataset, trials, sink, job, (activity) => {
      const factors = project(smoothedSeen(activity, seen, sdMs / dataset.binMs), components);
      const counts = predict(factors, readout);
      return {
        rates: {
          values: Float32Array.from(counts, (count, i) => scale * Math.max(count, LEAST_SHARE * means[i % means.length])),
          unit: 'Hz',
          axis: 'unit',
        },
        factors: { values: Float32Array.from(factors), unit: '', axis: 'factor' },
      };
    });
  },
});
