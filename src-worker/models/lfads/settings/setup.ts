// From a dataset and resolved settings to sizes, constants and the order of units that every part of LFADS works with.

import type { Value, Values } from '../../../contract/params.ts';
import type { Chosen } from '../../../contract/run.ts';
import { Failure } from '../../../contract/failure.ts';
import { type Dataset, holdsRates, TRAINING, trialsIn, unitsWhere, VALIDATION } from '../../../dataset/index.ts';
import { type InitialWeights, initialWeights, type LfadsSizes } from '../architecture.ts';
import { chooseSettings, type Regime } from './defaults.ts';
import type { lfadsParams } from './params.ts';
import type { LfadsConstants } from '../stepper.ts';

export type LfadsValues = { readonly [Name in keyof typeof lfadsParams]: NonNullable<Values<typeof lfadsParams>[Name]> };

/** Values without their reasons; `resolve` has filled in every one. */
export const valuesIn = (resolved: Readonly<Record<string, Chosen>>): LfadsValues =>
  Object.fromEntries(Object.entries(resolved).map(([name, { value }]) => [name, value])) as unknown as LfadsValues;

/** What a dataset's default settings follow from. */
export function regimeOf(dataset: Dataset): Regime {
  const training = trialsIn(dataset, TRAINING);
  const heldIn = unitsWhere(dataset, false);
  let spikes = 0;
  for (const trial of training)
    for (let t = 0; t < dataset.bins; t++)
      for (const u of heldIn) spikes += dataset.counts[(trial * dataset.bins + t) * dataset.units + u]!;
  return {
    trainingTrials: training.length,
    validationTrials: trialsIn(dataset, VALIDATION).length,
    heldInUnits: heldIn.length,
    spikes: Math.round(spikes),
    binMs: dataset.binMs,
    continuous: holdsRates(dataset),
  };
}

/** Every parameter's value for this dataset. */
export function resolveSettings(dataset: Dataset, settings: Readonly<Record<string, Value | undefined>>): Record<string, Chosen> {
  const chosen = chooseSettings(regimeOf(dataset), settings);
  return dataset.forwardMs === undefined || settings.forwardMs !== undefined
    ? chosen
    : { ...chosen, forwardMs: { value: dataset.forwardMs, reason: 'the file keeps these bins from the encoders' } };
}

const inBins = (ms: number, binMs: number): number => Math.round(ms / binMs);

/** Sizes of the model. Throws a Failure where the segments of a trial leave nothing to encode. */
export function sizesOf(dataset: Dataset, values: LfadsValues): LfadsSizes {
  const { bins, binMs, units } = dataset;
  const encodedBins = bins - inBins(values.forwardMs, binMs);
  const initialBins = inBins(values.initialMs, binMs);
  if (encodedBins - initialBins < 1)
    throw new Failure(
      'bad-value',
      `An initial segment of ${values.initialMs} ms and a forward prediction of ${values.forwardMs} ms leave no bin of the ${bins * binMs} ms of a trial to encode.`,
      'Shorten one of them, or take a longer window.',
    );
  const controlled = values.inputs > 0;
  return {
    bins,
    encodedBins,
    initialBins,
    units,
    heldIn: unitsWhere(dataset, false).length,
    external: dataset.external?.channels.length ?? 0,
    initialEncoder: values.initialEncoder,
    inputEncoder: controlled ? values.inputEncoder : 0,
    controller: controlled ? values.controller : 0,
    inputs: values.inputs,
    initialCondition: values.initialCondition,
    generator: values.generator,
    factors: values.factors,
    lagBins: inBins(values.lagMs, binMs),
    outputsPerUnit: values.likelihood === 'gaussian' ? 2 : 1,
  };
}

export const constantsOf = (sizes: LfadsSizes, values: LfadsValues, seed: number): LfadsConstants => ({
  sizes,
  seed,
  dropout: values.dropout,
  coordinatedDropout: values.coordinatedDropout,
  passRate: values.passRate,
  stateClip: values.stateClip,
  gradientClip: values.gradientClip,
  initialPosteriorFloor: values.posteriorFloor,
  initialPriorVariance: values.initialPriorVariance,
  inputPrior: values.inputPrior,
  batch: values.batch,
  l2: {
    generator: values.l2Generator,
    controller: values.l2Controller,
    initialEncoder: values.l2InitialEncoder,
    inputEncoder: values.l2InputEncoder,
  },
  adam: { beta1: 0.9, beta2: 0.999, epsilon: 1e-8 },
});

/** How the model sees units: held-in ones first, each with what is taken off and divided by (0 and 1 for counts). Plain data. */
export interface UnitView {
  /** Place in the dataset of each of the model's units. */
  readonly order: readonly number[];
  readonly offset: readonly number[];
  readonly scale: readonly number[];
}

/** Units in the model's order; continuous values are standardised by the training trials' mean and s.d. */
export function viewOf(dataset: Dataset, likelihood: 'poisson' | 'gaussian'): UnitView {
  const order = [...unitsWhere(dataset, false), ...unitsWhere(dataset, true)];
  if (likelihood === 'poisson') return { order, offset: order.map(() => 0), scale: order.map(() => 1) };
  const moments = order.map((unit) => momentsOf(dataset, unit));
  return { order, offset: moments.map(({ mean }) => mean), scale: moments.map(({ sd }) => (sd > 0 ? sd : 1)) };
}

/** Mean and s.d. of a unit's values over observed bins of training trials. */
export function momentsOf(dataset: Dataset, unit: number): { readonly mean: number; readonly sd: number } {
  let [n, sum, squares] = [0, 0, 0];
  for (const trial of trialsIn(dataset, TRAINING))
    for (let t = 0; t < dataset.bins; t++) {
      const row = trial * dataset.bins + t;
      if (dataset.observed?.[row] === 0) continue;
      const x = dataset.counts[row * dataset.units + unit]!;
      [n, sum, squares] = [n + 1, sum + x, squares + x * x];
    }
  const mean = sum / Math.max(1, n);
  return { mean, sd: Math.sqrt(Math.max(0, squares / Math.max(1, n) - mean * mean)) };
}

/** Initial weights, readout biases at each unit's log mean count (or, standardised, at mean 0 and log variance 0). */
export function startingWeights(
  dataset: Dataset,
  sizes: LfadsSizes,
  values: LfadsValues,
  view: UnitView,
  seed: number,
): Record<string, Float32Array> {
  const readoutBias = new Float64Array(sizes.units * sizes.outputsPerUnit);
  // A unit without a spike starts at half a spike in all training trials.
  const least = 0.5 / (Math.max(1, trialsIn(dataset, TRAINING).length) * dataset.bins);
  if (sizes.outputsPerUnit === 1)
    for (const [i, unit] of view.order.entries()) readoutBias[i] = Math.log(Math.max(least, momentsOf(dataset, unit).mean));
  const start: InitialWeights = {
    readoutBias,
    tauBins: values.priorTauMs / dataset.binMs,
    inputVariance: values.inputPriorVariance,
    seed,
  };
  return initialWeights(sizes, start);
}
