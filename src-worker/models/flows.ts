// Flows as plain data, so that threads can make them again: what a flow is made of, and the flow that is made of it.

import { type Cell, gruFlow } from './lfads/flow.ts';
import type { Flow } from './model.ts';
import { type GruWeights, gruMap } from './network/gru.ts';
import { continuousRnn, currentsRnn, type Nonlinearity, piecewiseLinear, steppedRnn, type Weights } from './network/rnn.ts';

export type PlainFlow =
  | { readonly of: 'stepped'; readonly weights: Weights; readonly phi: Nonlinearity; readonly alpha: number; readonly stepMs: number }
  | { readonly of: 'currents'; readonly weights: Weights; readonly phi: Nonlinearity; readonly alpha: number; readonly stepMs: number }
  | { readonly of: 'continuous'; readonly weights: Weights; readonly phi: Nonlinearity; readonly tauMs: number }
  | { readonly of: 'piecewise-linear'; readonly weights: Weights; readonly A: Float64Array; readonly stepMs: number }
  | { readonly of: 'gru'; readonly weights: GruWeights; readonly resetAfter: boolean; readonly stepMs: number }
  | { readonly of: 'generator'; readonly cell: Cell };

/** The flow, which says what it is made of. */
export const flowFrom = (plain: PlainFlow): Flow => ({ ...made(plain), plain });

function made(plain: PlainFlow): Flow {
  switch (plain.of) {
    case 'stepped':
      return steppedRnn(plain.weights, plain.phi, plain.alpha, plain.stepMs);
    case 'currents':
      return currentsRnn(plain.weights, plain.phi, plain.alpha, plain.stepMs);
    case 'continuous':
      return continuousRnn(plain.weights, plain.phi, plain.tauMs);
    case 'piecewise-linear':
      return piecewiseLinear(plain.weights, plain.A, plain.stepMs);
    case 'gru':
      return gruMap(plain.weights, plain.resetAfter, plain.stepMs);
    case 'generator':
      return gruFlow(plain.cell);
    default:
      return plain satisfies never;
  }
}
