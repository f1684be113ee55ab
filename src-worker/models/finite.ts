// Stops a fit within the step at which a number is no longer finite, and says where.

import { Failure } from '../contract/failure.ts';

/** The failure that every implementation throws. */
export const notFinite = (tensor: string, step: number, trials: ArrayLike<number>): Failure => {
  const rows = Array.from(trials);
  const listed = rows.length > 8 ? `${rows.slice(0, 8).join(', ')} and ${rows.length - 8} more` : rows.join(', ');
  return new Failure(
    'not-finite',
    `Numbers in ${tensor} were no longer finite at step ${step}, in a batch of trials ${listed}.`,
    'Lower the learning rate, or look at these trials for extreme counts or external inputs.',
  );
};

/** Throws where any of the values is NaN or infinite. */
export function requireFinite(
  values: Readonly<Record<string, Float32Array | Float64Array>>,
  kind: string,
  step: number,
  trials: ArrayLike<number>,
): void {
  for (const [name, array] of Object.entries(values))
    for (const x of array) if (!Number.isFinite(x)) throw notFinite(`${kind}${name}`, step, trials);
}
