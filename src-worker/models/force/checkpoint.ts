// What a network of FORCE is kept as: the network that runs by itself, what learns, and what ties it to the recording.

import type { NamedArray } from '../../contract/result.ts';
import type { Checkpoint } from '../model.ts';
import { closed, type ForceOptions, type Learned, type Task } from './learner.ts';

/** Ties outputs to a recording. */
export interface Tied {
  /** Place in the dataset of each output, where these are recorded units. */
  readonly places: Int32Array;
  /** An output is (value − offset) / scale. */
  readonly scale: Float64Array;
  readonly offset: Float64Array;
  /** Mean activity over training of every unit, Hz. */
  readonly means: Float64Array;
}

const named = (values: Float64Array, shape: readonly number[], axes: readonly string[], unit = '', about?: string): NamedArray => ({
  values,
  shape,
  axes,
  unit,
  ...(about === undefined ? {} : { about }),
});

export function forceCheckpoint(
  step: number,
  options: ForceOptions,
  task: Task,
  learned: Learned,
  { places, scale, offset, means }: Tied,
  binMs: number,
): Checkpoint {
  const { units: n, seed, alpha, stepsPerBin } = options;
  const { J, V, readout } = closed(options, task, learned);
  return {
    step,
    bestStep: step,
    arrays: {
      J: named(J, [n, n], ['target', 'source'], '', 'Weights of the network that runs by itself, row i those onto unit i'),
      V: named(V, [n, task.inputs], ['target', 'input'], '', 'Weights of external inputs'),
      readout: named(readout, [task.outputs, n], ['output', 'unit'], '', 'Outputs from the rates of units'),
      M: named(learned.M, [learned.M.length / n, n], ['row', 'unit'], '', 'What learns'),
      P: named(learned.P, [n, n], ['unit', 'unit'], '', 'P of recursive least squares'),
      places: { values: places, shape: [places.length], axes: ['output'], unit: '' },
      scale: named(scale, [scale.length], ['output'], '', 'An output is (value − offset) / scale'),
      offset: named(offset, [offset.length], ['output']),
      means: named(means, [means.length], ['unit'], 'Hz', 'Mean activity over training'),
    },
    state: { seed, alpha, stepMs: binMs / stepsPerBin, stepsPerBin },
  };
}
