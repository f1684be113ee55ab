// What jPCA gives for surrogates of the averages and for averages whose units have their conditions shuffled, each on its own: the numbers of a draw
// (draws/) are R² of the skew-symmetric fit and of the one without constraint.

import type { States } from '../../contract/result.ts';
import { principalComponents, project } from '../../numerics/pca.ts';
import type { ShortDraws } from '../draws/kinds.ts';
import { drawAlongAxes, type SurrogateModel } from '../surrogates.ts';
import { fitRotation, type Rotation } from './fit.ts';
import { unitsShuffled, withoutMean } from './tensor.ts';

export interface Fitted {
  readonly basis: ReturnType<typeof principalComponents>;
  readonly scores: Float64Array;
  readonly rotation: Rotation;
}

export function fitted(states: States, count: number): Fitted {
  const basis = principalComponents(states.values, states.dimensions, count);
  const scores = project(states.values, basis);
  return { basis, scores, rotation: fitRotation(scores, states.rows, states.bins, count, states.binMs) };
}

const r2Of = ({ rotation }: Fitted): Float64Array => Float64Array.of(rotation.r2Skew, rotation.r2Free);

export interface Surrogates {
  readonly model: SurrogateModel;
  readonly states: States;
  readonly count: number;
  readonly subtractMean: boolean;
  readonly seed: number;
}

/** Along the model's own axes, which are orthogonal and fewer: what follows does not depend on the axes. */
export const surrogateRotations =
  ({ model, states, count, subtractMean, seed }: Surrogates): ShortDraws =>
  (draw) => {
    const { values, dimensions } = drawAlongAxes(model, seed, draw);
    const surrogate = { ...states, values, dimensions };
    return r2Of(fitted(subtractMean ? withoutMean(surrogate) : surrogate, Math.min(count, dimensions)));
  };

export interface Shuffles {
  readonly states: States;
  readonly count: number;
  readonly seed: number;
}

/** What conditions share at each time stays gone. */
export const shuffledRotations =
  ({ states, count, seed }: Shuffles): ShortDraws =>
  (draw) =>
    r2Of(fitted(unitsShuffled(states, seed, draw), count));
