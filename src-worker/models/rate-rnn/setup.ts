// From a dataset and resolved settings to sizes, constants and starting weights of a rate network.

import { Failure } from '../../contract/failure.ts';
import type { Value, Values } from '../../contract/params.ts';
import type { Chosen } from '../../contract/run.ts';
import { type Dataset, holdsRates } from '../../dataset/index.ts';
import { requireDistinctUnits } from '../constrained/activity.ts';
import { gainOf } from '../constrained/gain.ts';
import { regimeOf } from '../../training/regime.ts';
import { startingBias, type UnitView } from '../../training/units.ts';
import { initialWeights, type RateSizes } from './architecture.ts';
import { chooseRateSettings } from './defaults.ts';
import type { rateParams } from './params.ts';
import { regressionStart } from './regression.ts';
import type { RateConstants } from './stepper.ts';

export type RateValues = { readonly [Name in keyof typeof rateParams]: NonNullable<Values<typeof rateParams>[Name]> };

/** Values without their reasons; `resolve` has filled in every one. */
export const valuesIn = (resolved: Readonly<Record<string, Chosen>>): RateValues =>
  Object.fromEntries(Object.entries(resolved).map(([name, { value }]) => [name, value])) as unknown as RateValues;

/** Bins that an encoder may see: those before a forward prediction that the file asks for. */
const encodableBins = ({ bins, binMs, forwardMs }: Dataset): number => Math.max(1, bins - Math.round((forwardMs ?? 0) / binMs));

/** Every parameter's value for this dataset. Throws a Failure where they do not go together. */
export function resolveRateSettings(dataset: Dataset, settings: Readonly<Record<string, Value | undefined>>): Record<string, Chosen> {
  const resolved = chooseRateSettings(
    { ...regimeOf(dataset), units: dataset.units, bins: dataset.bins, encodableBins: encodableBins(dataset) },
    settings,
  );
  const values = valuesIn(resolved);
  if (holdsRates(dataset) || values.readout === 'units') requireDistinctUnits(dataset);
  if (values.readout === 'units' && values.hidden !== dataset.units)
    throw new Failure(
      'bad-value',
      `With a readout of units the network has as many units as were recorded, ${dataset.units}, and --hidden asks for ${values.hidden}.`,
      'Leave --hidden away, or choose --readout population.',
    );
  if (typeof values.rank === 'string' && Number(values.rank) > values.hidden)
    throw new Failure(
      'bad-value',
      `A network of ${values.hidden} units has no weights of rank ${values.rank}.`,
      'Choose a smaller --rank, or more --hidden units.',
    );
  if (values.start === 'regression' && (values.readout !== 'units' || values.likelihood !== 'gaussian'))
    throw new Failure(
      'bad-value',
      'Weights begin by a regression only where each network unit is a recorded unit of continuous activity.',
      'Choose --readout units with --rates, or --start random.',
    );
  if (values.initial === 'recorded' && (values.readout !== 'units' || values.likelihood !== 'gaussian'))
    throw new Failure(
      'bad-value',
      'First states are recorded only where each network unit is a recorded unit of continuous activity.',
      'Choose --readout units with --rates, or --initial encoded.',
    );
  if (values.initial === 'condition' && !dataset.conditions)
    throw new Failure(
      'no-conditions',
      'Initial states are to be learned for each condition, and the trials have none.',
      'Name a column with --condition, or choose --initial encoded.',
    );
  if (values.forcing !== 'none' && values.sampleValidation > 0)
    throw new Failure(
      'bad-value',
      'Forced states see every count, so that sample validation has nothing to judge by.',
      'Leave --sample-validation away, or choose --forcing none.',
    );
  return resolved;
}

/** `rank` 0 for full weights. */
export function sizesOf(dataset: Dataset, values: RateValues, rank: number): RateSizes {
  const encoded = values.initial === 'encoded';
  const bins = Math.min(encodableBins(dataset), Math.max(1, Math.round(values.encodedMs / dataset.binMs)));
  let heldIn = 0;
  for (const held of dataset.heldOut) if (held === 0) heldIn++;
  return {
    bins: dataset.bins,
    encodedBins: encoded ? bins : 0,
    units: dataset.units,
    heldIn,
    external: dataset.external?.channels.length ?? 0,
    hidden: values.hidden,
    rank,
    encoder: encoded ? values.encoder : 0,
    conditions:
      encoded || values.initial === 'recorded' ? 0 : values.initial === 'shared' ? 1 : (dataset.conditions?.names.length ?? 0) + 1,
    outputsPerUnit: values.likelihood === 'gaussian' ? 2 : 1,
    substeps: substepsOf(dataset.binMs, values.tauMs),
  };
}

/** A step is at most this share of the time constant. */
const LONGEST_STEP = 0.3;

export const substepsOf = (binMs: number, tauMs: number): number => Math.max(1, Math.ceil(binMs / (LONGEST_STEP * tauMs) - 1e-9));

export const constantsOf = (sizes: RateSizes, values: RateValues, binMs: number, seed: number): RateConstants => ({
  sizes,
  seed,
  leak: binMs / sizes.substeps / values.tauMs,
  nonlinearity: values.nonlinearity,
  noise: values.noise,
  diagonal: values.readout === 'units',
  forcing: values.forcing,
  teacher: values.teacher,
  forceEvery: values.forceEvery,
  ridge: values.ridge,
  dropout: values.dropout,
  coordinatedDropout: values.coordinatedDropout,
  stateClip: values.stateClip,
  gradientClip: values.gradientClip,
  batch: values.batch,
  adam: { beta1: 0.9, beta2: 0.999, epsilon: 1e-8 },
});

/** Row of the table of initial states of each of the dataset's trials: its condition, and the last row for trials without one. */
export function initialRows(dataset: Dataset, { conditions }: RateSizes): Int32Array {
  const of = dataset.conditions?.of;
  return Int32Array.from({ length: dataset.trials }, (_, trial) => {
    const condition = conditions > 1 ? (of?.[trial] ?? -1) : 0;
    return condition >= 0 ? condition : conditions - 1;
  });
}

/** Initial weights, by a regression where that is asked for; readouts begin at each unit's mean. */
export function startingWeights(
  dataset: Dataset,
  sizes: RateSizes,
  values: RateValues,
  view: UnitView,
  seed: number,
): Record<string, Float32Array> {
  const random = initialWeights(sizes, {
    readoutBias: startingBias(dataset, view, sizes.outputsPerUnit),
    diagonal: values.readout === 'units',
    gain: gainOf(values.gain, values.gainSpread ?? 0, seed),
    seed,
  });
  if (values.start === 'random') return random;
  const leak = dataset.binMs / sizes.substeps / values.tauMs;
  return { ...random, ...regressionStart(dataset, sizes, view, { leak, nonlinearity: values.nonlinearity }) };
}
