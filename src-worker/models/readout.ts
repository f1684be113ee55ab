// What a state of a model's dynamics stands for: factors and log rates as affine maps of the state, so that points and modes of a
// generator can be drawn among trajectories of rates.

export interface Readout {
  /** For captions: 'log rates'. */
  readonly of: string;
  readonly unit: string;
  readonly dimensions: number;
  readonly states: number;
  /** dimensions × states, row-major, and what is added. */
  readonly matrix: Float64Array;
  readonly bias: Float64Array;
}

/** What can be read from a state; log rates are natural logarithms of Hz, in the order of the dataset's units. */
export interface Readouts {
  readonly factors?: Readout;
  readonly logRates?: Readout;
}

/** states (rows × states) as rows × dimensions. */
export function readStates({ matrix, bias, dimensions, states }: Readout, values: ArrayLike<number>): Float64Array {
  const rows = values.length / states;
  const out = new Float64Array(rows * dimensions);
  for (let row = 0; row < rows; row++)
    for (let d = 0; d < dimensions; d++) {
      let sum = bias[d];
      for (let i = 0; i < states; i++) sum += matrix[d * states + i] * values[row * states + i];
      out[row * dimensions + d] = sum;
    }
  return out;
}

/** How a direction of the state is seen: the matrix alone. */
export function readDirection({ matrix, dimensions, states }: Readout, direction: ArrayLike<number>): Float64Array {
  const out = new Float64Array(dimensions);
  for (let d = 0; d < dimensions; d++) for (let i = 0; i < states; i++) out[d] += matrix[d * states + i] * direction[i];
  return out;
}
