// How much the posteriors of trials tell, dimension by dimension: closed-form KL from the priors, as stepper.ts has them, out of a fit's outputs.

import type { Arrays } from '../../contract/result.ts';
import type { Divergences } from '../model.ts';
import type { LfadsConstants } from './stepper.ts';

type Weights = Readonly<Record<string, ArrayLike<number>>>;

/** Sums over the trials of `outputs`, in nats. */
export function divergencesOf(
  { sizes, inputPrior, initialPriorVariance }: Pick<LfadsConstants, 'sizes' | 'inputPrior' | 'initialPriorVariance'>,
  weights: Weights,
  outputs: Arrays,
): Divergences {
  const { initialConditions, initialConditionsSd, inputs, inputsSd } = outputs;
  const initial = new Float64Array(sizes.initialCondition);
  const prior = weights['initialPrior.mean']!;
  for (const [i, mean] of (initialConditions?.values ?? []).entries()) {
    const k = i % initial.length;
    const variance = initialConditionsSd!.values[i]! ** 2;
    initial[k]! += 0.5 * (Math.log(initialPriorVariance / variance) + (variance + (mean - prior[k]!) ** 2) / initialPriorVariance - 1);
  }
  if (!inputs || !inputsSd) return { initial, inputs: new Float64Array(0), unusedInputs: new Float64Array(0) };

  const [U, T] = [sizes.inputs, sizes.bins];
  const trials = inputs.values.length / (U * T);
  const told = new Float64Array(U);
  const unused = new Float64Array(U);
  for (let u = 0; u < U; u++) {
    const q = Math.exp(weights['inputPrior.logVariance']![u]!);
    const alpha = inputPrior === 'normal' ? 0 : Math.exp(-Math.exp(-weights['inputPrior.logTau']![u]!));
    const start = q / (1 - alpha * alpha);
    for (let trial = 0; trial < trials; trial++)
      for (let t = 0; t < T; t++) {
        const i = (trial * T + t) * U + u;
        const variance = inputsSd.values[i]! ** 2;
        const [before, varianceBefore] = t === 0 ? [0, 0] : [inputs.values[i - U]!, inputsSd.values[i - U]! ** 2];
        const v = t === 0 ? start : q;
        const spread = (inputs.values[i]! - alpha * before) ** 2 + variance + alpha * alpha * varianceBefore;
        told[u]! += 0.5 * (Math.log(v / variance) - 1 + spread / v);
      }
    // Means at zero, and the variances of least KL: q at both ends, q / (1 + α²) between them; one bin alone can be the prior.
    const least = T === 1 ? 0 : 0.5 * (-Math.log(1 - alpha * alpha) + (T - 2) * Math.log(1 + alpha * alpha));
    unused[u] = trials * least;
  }
  return { initial, inputs: told, unusedInputs: unused };
}
