// t-distributed stochastic neighbour embedding, exact (van der Maaten and Hinton 2008), with its own gains, momentum and early
// exaggeration: every pair counts, so it is for thousands of points at most. The same start gives the same bits.

export interface Embedding {
  /** rows × dimensions, centred. */
  readonly values: Float64Array;
  /** Kullback–Leibler divergence of the neighbourhoods of the embedding from those of the data, nats. */
  readonly divergence: number;
}

export interface EmbeddingOptions {
  /** Neighbours that count for each point; at most a third of the others. */
  readonly perplexity: number;
  readonly iterations: number;
}

const EXAGGERATION = 12;
/** Share of the iterations that exaggerate, at the lower momentum. */
const EARLY = 0.3;
const MOMENTUM = [0.5, 0.8] as const;
const LEAST_GAIN = 0.01;

/**
 * Embeds rows (rows × dimensions, finite) from `start` (rows × any number of dimensions, small). Perplexities that the number of rows
 * does not allow are lowered to a third of the others.
 */
export function tsne(values: Float64Array, dimensions: number, start: Float64Array, options: EmbeddingOptions): Embedding {
  const rows = values.length / dimensions;
  const out = start.length / rows;
  const p = neighbourhoods(values, dimensions, options.perplexity);
  const y = start.slice();
  const [moved, gains] = [new Float64Array(y.length), new Float64Array(y.length).fill(1)];
  const early = Math.round(EARLY * options.iterations);
  const rate = Math.max(10, rows / EXAGGERATION);
  for (let step = 0; step < options.iterations; step++) {
    const isEarly = step < early;
    const { slope } = gradient(p, y, out, isEarly ? EXAGGERATION : 1);
    for (let i = 0; i < y.length; i++) {
      gains[i] = Math.max(LEAST_GAIN, slope[i] > 0 === moved[i] > 0 ? 0.8 * gains[i] : gains[i] + 0.2);
      moved[i] = MOMENTUM[isEarly ? 0 : 1] * moved[i] - rate * gains[i] * slope[i];
      y[i] += moved[i];
    }
    centre(y, out);
  }
  return { values: y, divergence: gradient(p, y, out, 1).divergence };
}

/**
 * Joint probabilities that two rows are neighbours, rows × rows, symmetric with sum 1: Gaussians whose widths give every row the same
 * perplexity, made symmetric.
 */
export function neighbourhoods(values: Float64Array, dimensions: number, perplexity: number): Float64Array {
  const rows = values.length / dimensions;
  const wanted = Math.log(Math.max(1, Math.min(perplexity, (rows - 1) / 3)));
  const conditional = new Float64Array(rows * rows);
  const squares = new Float64Array(rows);
  for (let i = 0; i < rows; i++) {
    let least = Infinity;
    for (let j = 0; j < rows; j++) {
      let sum = 0;
      for (let d = 0; d < dimensions; d++) sum += (values[i * dimensions + d] - values[j * dimensions + d]) ** 2;
      squares[j] = sum;
      if (j !== i) least = Math.min(least, sum);
    }
    let [low, high, precision] = [0, Infinity, 1];
    for (let times = 0; times < 100; times++) {
      // Distances count from the nearest one, so that none underflows; it cancels in the shares.
      let [total, weighted] = [0, 0];
      for (let j = 0; j < rows; j++) {
        const share = j === i ? 0 : Math.exp(-precision * (squares[j] - least));
        conditional[i * rows + j] = share;
        total += share;
        weighted += share * (squares[j] - least);
      }
      for (let j = 0; j < rows; j++) conditional[i * rows + j] /= total;
      const entropy = Math.log(total) + (precision * weighted) / total;
      if (Math.abs(entropy - wanted) < 1e-9) break;
      if (entropy > wanted) low = precision;
      else high = precision;
      precision = high === Infinity ? 2 * precision : (low + high) / 2;
    }
  }
  const joint = new Float64Array(rows * rows);
  for (let i = 0; i < rows; i++)
    for (let j = 0; j < rows; j++) joint[i * rows + j] = (conditional[i * rows + j] + conditional[j * rows + i]) / (2 * rows);
  return joint;
}

/** Divergence of Student-t neighbourhoods of y from p, and its slope by y; the slope, not the divergence, exaggerates p. */
export function gradient(
  p: Float64Array,
  y: Float64Array,
  dimensions: number,
  exaggeration = 1,
): { readonly slope: Float64Array; readonly divergence: number } {
  const rows = y.length / dimensions;
  const near = new Float64Array(rows * rows);
  let total = 0;
  for (let i = 0; i < rows; i++)
    for (let j = i + 1; j < rows; j++) {
      let square = 0;
      for (let d = 0; d < dimensions; d++) square += (y[i * dimensions + d] - y[j * dimensions + d]) ** 2;
      near[i * rows + j] = 1 / (1 + square);
      total += 2 * near[i * rows + j];
    }
  const slope = new Float64Array(y.length);
  let divergence = 0;
  for (let i = 0; i < rows; i++)
    for (let j = i + 1; j < rows; j++) {
      const [pair, close] = [p[i * rows + j], near[i * rows + j]];
      if (pair > 0) divergence += 2 * pair * Math.log((pair * total) / close);
      // ∂KL/∂yᵢ = 4 Σⱼ (pᵢⱼ − qᵢⱼ)(yᵢ − yⱼ) / (1 + |yᵢ − yⱼ|²)
      const pull = 4 * (exaggeration * pair - close / total) * close;
      for (let d = 0; d < dimensions; d++) {
        const along = pull * (y[i * dimensions + d] - y[j * dimensions + d]);
        slope[i * dimensions + d] += along;
        slope[j * dimensions + d] -= along;
      }
    }
  return { slope, divergence };
}

function centre(y: Float64Array, dimensions: number): void {
  const rows = y.length / dimensions;
  for (let d = 0; d < dimensions; d++) {
    let mean = 0;
    for (let i = 0; i < rows; i++) mean += y[i * dimensions + d] / rows;
    for (let i = 0; i < rows; i++) y[i * dimensions + d] -= mean;
  }
}
