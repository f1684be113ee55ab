// Where trajectories are: along principal components of condition averages (of training trials without conditions), or along a
// state's own dimensions.

import { basisOf, countOf, sourceOf, statesOf, type Basis, type Source } from '../analyses/states.ts';
import { Failure } from '../contract/failure.ts';
import type { StateName } from '../contract/result.ts';
import { TRAINING, type Dataset } from '../dataset/dataset.ts';
import { averageByCondition } from '../numerics/averages.ts';
import type { Axis } from '../scene/scene.ts';
import type { Shown } from './view.ts';

/** Three coordinates for every trial and bin, and what they are. */
export interface Space {
  readonly axes: readonly [Axis, Axis, Axis];
  /** rows × bins × 3. */
  readonly averages: Float64Array;
  readonly conditions: Int32Array;
  readonly countOf: Int32Array;
  trial(place: number): Float64Array;
  readonly recipe: string;
  readonly unit: string;
}

/** What of the view's settings says where things are. */
export interface SpaceSettings {
  readonly state: StateName;
  readonly axes: 'components' | 'dimensions';
  readonly dimensions: readonly number[];
  readonly softNormalise: boolean;
}

/** Throws a Failure for dimensions that are not there. */
export function spaceOf({ dataset, outputs }: Shown, kept: Int32Array, settings: SpaceSettings): Space {
  const source = sourceOf(dataset, settings.state, outputs);
  const chosen = settings.dimensions;
  const components = settings.axes === 'components';
  const most = components ? Math.min(source.dimensions, Math.max(...chosen, 3)) : source.dimensions;
  if (chosen.length !== 3 || chosen.some((d) => !Number.isInteger(d) || d < 1))
    throw new Failure(
      'bad-dimensions',
      `Three dimensions are needed, not “${chosen.join(', ')}”.`,
      'Name three whole numbers from 1, such as 1,2,3.',
    );
  if (source.dimensions >= 3 && chosen.some((d) => d > most))
    throw new Failure(
      'bad-dimensions',
      `There is no dimension ${Math.max(...chosen)}: ${settings.state} has ${source.dimensions}.`,
      `Choose from 1 to ${most}.`,
    );
  const averages = averagesOf(dataset, source, kept, outputs);
  const hasConditions = averages.conditions.some((condition) => condition >= 0);
  const fitted = hasConditions ? averages : statesOf(dataset, settings.state, outputs, trainingOf(dataset, kept));
  const basis = components ? basisOf(fitted, most, settings.softNormalise) : undefined;
  const flat = (values: ArrayLike<number>, from: number) => threeOf(values, from, dataset.bins, source, basis, chosen);
  const size = dataset.bins * source.dimensions;
  const points = new Float64Array(averages.rows * dataset.bins * 3);
  for (let row = 0; row < averages.rows; row++) points.set(flat(averages.values, row * size), row * dataset.bins * 3);
  const unit = basis?.unit ?? source.unit;
  const axes = chosen.map((d): Axis => {
    const share = basis?.shares[d - 1];
    const label = basis
      ? `PC ${d}${share === undefined ? '' : `, ${Math.round(100 * share)} %`}`
      : `${settings.state === 'factors' ? 'Factor' : 'Dimension'} ${d}`;
    return { label, unit, scale: 'linear' };
  });
  return {
    axes: axes as unknown as Space['axes'],
    averages: points,
    conditions: averages.conditions,
    countOf: averages.trialsOf,
    trial: (trial) => unobserved(dataset, trial, flat(source.values, trial * size)),
    recipe: basis
      ? `${settings.state}, ${basis.normalised ? 'soft-normalised; ' : ''}PCs of ${hasConditions ? countOf(averages.rows, 'condition average') : 'training trials'}${sharesText(basis, chosen)}`
      : `${settings.state}, own dimensions`,
    unit,
  };
}

/** Condition averages of the given trials, without a copy of all of them. */
function averagesOf(dataset: Dataset, { values, dimensions, state }: Source, kept: Int32Array, outputs: Shown['outputs']) {
  const of = new Int32Array(dataset.trials).fill(-1);
  for (const trial of kept) of[trial] = dataset.conditions?.of[trial] ?? 0;
  const { values: averages, conditions, trials } = averageByCondition(values, dataset.bins, dimensions, of, dataset.observed);
  const rows = conditions.length;
  return {
    ...statesOf(dataset, state, outputs, new Int32Array(0)),
    values: averages,
    rows,
    of: 'conditions' as const,
    rowIds: conditions,
    conditions: dataset.conditions ? conditions : new Int32Array(rows).fill(-1),
    trialsOf: trials,
  };
}

/** Training trials among those given, or all of these where none is. */
function trainingOf({ split }: Dataset, kept: Int32Array): Int32Array {
  const training = kept.filter((trial) => split[trial] === TRAINING);
  return training.length > 0 ? training : kept;
}

/** ' (75 % of their variance)' along the chosen components. */
const sharesText = ({ shares }: Basis, chosen: readonly number[]): string =>
  ` (${Math.round(100 * chosen.reduce((sum, d) => sum + (shares[d - 1] ?? 0), 0))} % of their variance)`;

/** NaN where the trial was not observed. */
function unobserved({ observed, bins }: Dataset, trial: number, path: Float64Array): Float64Array {
  return observed ? path.map((value, i) => (observed[trial * bins + Math.floor(i / 3)] ? value : Number.NaN)) : path;
}

/** bins × 3 of the states that start at `from`; what the state has not got is 0. */
function threeOf(
  values: ArrayLike<number>,
  from: number,
  bins: number,
  { dimensions }: Source,
  basis: Basis | undefined,
  chosen: readonly number[],
): Float64Array {
  const out = new Float64Array(3 * bins);
  for (let bin = 0; bin < bins; bin++)
    for (let k = 0; k < 3; k++) {
      const at = from + bin * dimensions;
      const d = chosen[k] - 1;
      if (basis === undefined) out[3 * bin + k] = d < dimensions ? values[at + d] : 0;
      else if (d < basis.count) {
        let score = 0;
        for (let j = 0; j < dimensions; j++) score += (values[at + j] - basis.mean[j]) * basis.components[d * dimensions + j];
        out[3 * bin + k] = score;
      }
    }
  return out;
}
