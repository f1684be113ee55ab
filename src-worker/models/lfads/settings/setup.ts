// From a dataset and resolved settings to sizes, constants and the order of units that every part of LFADS works with.

import type { Value, Values } from '../../../contract/params.ts';
import type { Chosen } from '../../../contract/run.ts';
import { Failure } from '../../../contract/failure.ts';
import { type Dataset, unitsWhere } from '../../../dataset/index.ts';
import { regimeOf } from '../../../training/regime.ts';
import { startingBias, type UnitView } from '../../../training/units.ts';
import { type InitialWeights, initialWeights, type LfadsSizes } from '../architecture.ts';
import { chooseSettings } from './defaults.ts';
import type { lfadsParams } from './params.ts';
import type { LfadsConstants } from '../stepper.ts';

export type LfadsValues = { readonly [Name in keyof typeof lfadsParams]: NonNullable<Values<typeof lfadsParams>[Name]> };

/** Values without their reasons; `resolve` has filled in every one. */
export const valuesIn = (resolved: Readonly<Record<string, Chosen>>): LfadsValues =>
  Object.fromEntries(Object.entries(resolved).map(([name, { value }]) => [name, value])) as unknown as LfadsValues;

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

/** Initial weights; readouts begin at each unit's mean. */
export function startingWeights(
  dataset: Dataset,
  sizes: LfadsSizes,
  values: LfadsValues,
  view: UnitView,
  seed: number,
): Record<string, Float32Array> {
  const start: InitialWeights = {
    readoutBias: startingBias(dataset, view, sizes.outputsPerUnit),
    tauBins: values.priorTauMs / dataset.binMs,
    inputVariance: values.inputPriorVariance,
    seed,
  };
  return initialWeights(sizes, start);
}
