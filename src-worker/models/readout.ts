// What a state of a model's dynamics stands for: factors, log rates and rates as affine maps of the state, or of what its units give, so that points
// and modes can be drawn among trajectories of rates.

import { type Nonlinearity, SHAPES } from './network/rnn.ts';

export interface Readout {
  /** For captions: 'log rates'. */
  readonly of: string;
  readonly unit: string;
  readonly dimensions: number;
  readonly states: number;
  /** dimensions × states, row-major, and what is added. */
  readonly matrix: Float64Array;
  readonly bias: Float64Array;
  /** What units make of their states before the matrix; the states themselves where it is absent. */
  readonly phi?: Nonlinearity;
}

/** What can be read from a state; rates are in Hz and log rates natural logarithms of it, in the order of the dataset's units. */
export interface Readouts {
  readonly factors?: Readout;
  readonly logRates?: Readout;
  /** Where rates are no exponentials. */
  readonly rates?: Readout;
}

/** states (rows × states) as rows × dimensions. */
export function readStates({ matrix, bias, dimensions, states, phi }: Readout, values: ArrayLike<number>): Float64Array {
  const rows = values.length / states;
  const given = phi ? Float64Array.from(values, SHAPES[phi].value) : values;
  const out = new Float64Array(rows * dimensions);
  for (let row = 0; row < rows; row++)
    for (let d = 0; d < dimensions; d++) {
      let sum = bias[d];
      for (let i = 0; i < states; i++) sum += matrix[d * states + i] * given[row * states + i];
      out[row * dimensions + d] = sum;
    }
  return out;
}

/** How a direction of the state is seen at a state: the matrix, times the slope of what units make of it there. */
export function readDirection(
  { matrix, dimensions, states, phi }: Readout,
  direction: ArrayLike<number>,
  at: ArrayLike<number>,
): Float64Array {
  const out = new Float64Array(dimensions);
  for (let i = 0; i < states; i++) {
    const part = phi ? SHAPES[phi].slope(at[i]) * direction[i] : direction[i];
    if (part !== 0) for (let d = 0; d < dimensions; d++) out[d] += matrix[d * states + i] * part;
  }
  return out;
}
