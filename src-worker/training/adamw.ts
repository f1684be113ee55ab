// AdamW (Loshchilov and Hutter 2019) on plain arrays, with the gradient's global norm clipped before it.

export interface Moments {
  readonly first: Record<string, Float32Array>;
  readonly second: Record<string, Float32Array>;
  readonly steps: number;
}

export interface AdamWSettings {
  readonly learningRate: number;
  readonly weightDecay: number;
  readonly beta1: number;
  readonly beta2: number;
  readonly epsilon: number;
}

type Arrays = Readonly<Record<string, Float32Array | Float64Array>>;

/** Zero moments for weights of these lengths. */
export const noMoments = (weights: Readonly<Record<string, Float32Array>>): Moments => {
  const zeros = () => Object.fromEntries(Object.entries(weights).map(([name, { length }]) => [name, new Float32Array(length)]));
  return { first: zeros(), second: zeros(), steps: 0 };
};

/** Root of the sum of squares over all tensors. */
export function globalNorm(gradients: Arrays): number {
  let sum = 0;
  for (const values of Object.values(gradients)) for (const x of values) sum += x * x;
  return Math.sqrt(sum);
}

/** What gradients are multiplied with so that their norm is at most `limit`. */
export const clipFactor = (norm: number, limit: number): number => (norm > limit ? limit / norm : 1);

/** Updates weights and moments in place; gradients are scaled by `factor` first. */
export function adamW(
  weights: Record<string, Float32Array>,
  gradients: Arrays,
  moments: Moments,
  factor: number,
  { learningRate, weightDecay, beta1, beta2, epsilon }: AdamWSettings,
): Moments {
  const steps = moments.steps + 1;
  const correct1 = 1 - beta1 ** steps;
  const correct2 = 1 - beta2 ** steps;
  for (const [name, weight] of Object.entries(weights)) {
    const [gradient, m, v] = [gradients[name]!, moments.first[name]!, moments.second[name]!];
    for (let i = 0; i < weight.length; i++) {
      const g = gradient[i]! * factor;
      m[i] = beta1 * m[i]! + (1 - beta1) * g;
      v[i] = beta2 * v[i]! + (1 - beta2) * g * g;
      const step = m[i]! / correct1 / (Math.sqrt(v[i]! / correct2) + epsilon);
      weight[i]! -= learningRate * (step + weightDecay * weight[i]!);
    }
  }
  return { ...moments, steps };
}
