// A fitted LFADS whose inferred inputs are held at their prior's mean, zero: the same weights, with a controller that says nothing.

import type { Arrays, NamedArray } from '../../contract/result.ts';
import type { Checkpoint } from '../model.ts';

/** Log variance under which samples, too, are zero to single precision. */
const SILENT = -60;

/** The checkpoint with silent inputs; undefined where the model infers none. */
export function withoutInputs(checkpoint: Checkpoint): Checkpoint | undefined {
  const silenced = Object.entries(checkpoint.arrays).map(([name, array]): readonly [string, NamedArray] => {
    if (name.endsWith('/inferred.W')) return [name, { ...array, values: new Float32Array(array.values.length) }];
    if (!name.endsWith('/inferred.b')) return [name, array];
    // Means, then log variances.
    const dimensions = array.values.length / 2;
    return [name, { ...array, values: Float32Array.from(array.values, (_, i) => (i < dimensions ? 0 : SILENT)) }];
  });
  const arrays: Arrays = Object.fromEntries(silenced);
  return 'weights/inferred.W' in arrays ? { ...checkpoint, arrays } : undefined;
}
