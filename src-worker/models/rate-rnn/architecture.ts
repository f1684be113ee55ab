// A rate network trained by back-propagation through time (Valente, Pillow and Ostojic 2022): its sizes and the table of its weights.
//
// Row-vector convention: y = x W, so a weight is sources × targets. States at the bins' starts, `substeps` steps from bin to bin:
//   x ← (1 − a) x + a (φ(x) U + u V + b) + √(2a) σ ξ,   U = H⁻¹ n mᵀ where a rank is given,   θ_t = x_t C + d
// with a = `leak`. The first state comes from a bidirectional encoder of the trial's first bins, or from a table with a row a condition.

import { key, normal, STREAM } from '../../engine/random.ts';
import type { WeightSpec } from '../lfads/architecture.ts';

export interface RateSizes {
  readonly bins: number;
  /** First bins that the encoder of initial states sees; 0 without an encoder. */
  readonly encodedBins: number;
  /** Recorded units; the first `heldIn` of them are what the encoder sees. */
  readonly units: number;
  readonly heldIn: number;
  readonly external: number;
  /** H: units of the network. */
  readonly hidden: number;
  /** Rank of the recurrent weights, 0 for weights of full rank. */
  readonly rank: number;
  /** Units of the encoder in each direction, 0 without an encoder. */
  readonly encoder: number;
  /** Rows of the table of initial states, 0 with an encoder; without both each trial's first state is given with it. */
  readonly conditions: number;
  /** 1 for Poisson (log rate per bin), 2 for Gaussian (mean, and a log variance that is each unit's own). */
  readonly outputsPerUnit: 1 | 2;
  /** Steps of the network from bin to bin. */
  readonly substeps: number;
}

/** Whether first states are given with each trial, as what was recorded of it in its first bin. */
export const isGiven = ({ encoder, conditions }: Pick<RateSizes, 'encoder' | 'conditions'>): boolean => encoder === 0 && conditions === 0;

/** First bin that tells how the network runs: what follows what its first states were made of, or all where those saw the whole trial. */
export const firstJudged = (s: RateSizes): number => (isGiven(s) ? Math.min(1, s.bins - 1) : s.encodedBins < s.bins ? s.encodedBins : 0);

const gru = (name: string, inputs: number, hidden: number): WeightSpec[] => {
  const sd = 1 / Math.sqrt(inputs + hidden);
  return [
    { name: `${name}.W`, rows: inputs, columns: 3 * hidden, sd },
    { name: `${name}.U`, rows: hidden, columns: 3 * hidden, sd },
    { name: `${name}.b`, rows: 1, columns: 3 * hidden, sd: 0, fill: 'gates' },
    { name: `${name}.h0`, rows: 1, columns: hidden, sd: 0 },
  ];
};

/** A low-rank network begins with larger states and weaker readout than one of full rank: small states are linear, and learn to stay so. */
const LOW_RANK = { states: 3, readout: 0.3 } as const;

/** What a unit that is a recorded one shows of its state, at first. */
export const DIAGONAL_READOUT = 0.5;

/** Every trainable tensor in a fixed order. `readout.b` holds offsets, then log variances where noise is Gaussian. */
export function weightTable(s: RateSizes): readonly WeightSpec[] {
  const H = s.hidden;
  const size = s.rank > 0 ? LOW_RANK : { states: 1, readout: 1 };
  return [
    ...(s.encoder > 0
      ? [
          ...gru('encoder.forward', s.heldIn, s.encoder),
          ...gru('encoder.backward', s.heldIn, s.encoder),
          { name: 'initial.W', rows: 2 * s.encoder, columns: H, sd: size.states / Math.sqrt(2 * s.encoder) },
          { name: 'initial.b', rows: 1, columns: H, sd: 0 },
        ]
      : [{ name: 'initialTable.W', rows: s.conditions, columns: H, sd: 0.3 * size.states }]),
    ...(s.rank > 0
      ? [
          { name: 'selection.W', rows: H, columns: s.rank, sd: 1 },
          { name: 'output.W', rows: s.rank, columns: H, sd: 1 },
        ]
      : [{ name: 'recurrent.W', rows: H, columns: H, sd: 1 / Math.sqrt(H) }]),
    { name: 'external.W', rows: s.external, columns: H, sd: 1 / Math.sqrt(Math.max(1, s.external)) },
    { name: 'bias.b', rows: 1, columns: H, sd: 0 },
    { name: 'readout.W', rows: H, columns: s.units, sd: size.readout / Math.sqrt(H) },
    { name: 'readout.b', rows: 1, columns: s.units * s.outputsPerUnit, sd: 0 },
  ].filter(({ rows, columns }) => rows * columns > 0);
}

export interface RateStart {
  /** Offsets of the readout: log mean counts per bin of each unit (0 where standardised), then log variances. */
  readonly readoutBias: Float64Array;
  /** Every unit of the network is a recorded unit: the readout is diagonal. */
  readonly diagonal: boolean;
  /** g: s.d. of the recurrent weights times √H, of full rank. */
  readonly gain: number;
  readonly seed: number;
}

/** Initial values by name; selection vectors start orthogonal to output vectors (specification h), which leaves no recurrence at first. */
export function initialWeights(s: RateSizes, { readoutBias, diagonal, gain, seed }: RateStart): Record<string, Float32Array> {
  const weights: Record<string, Float32Array> = {};
  for (const [index, { name, rows, columns, sd, fill }] of weightTable(s).entries()) {
    const values = new Float32Array(rows * columns);
    const k = key(seed, STREAM.weights, index);
    const own = name === 'recurrent.W' ? sd * gain : sd;
    if (own > 0) for (let i = 0; i < values.length; i++) values[i] = own * normal(k, i);
    if (fill === 'gates') values.fill(1, 0, (2 * columns) / 3);
    weights[name] = values;
  }
  if (s.rank > 0) orthogonalise(weights['selection.W'], weights['output.W'], s.hidden, s.rank);
  if (diagonal)
    weights['readout.W'].forEach((_, i, all) => {
      all[i] = i % (s.units + 1) === 0 ? DIAGONAL_READOUT : 0;
    });
  weights['readout.b'].set(readoutBias);
  return weights;
}

/** Takes from each column of n (H × R) its part along the rows of mᵀ (R × H). */
function orthogonalise(n: Float32Array, m: Float32Array, H: number, R: number): void {
  const basis: Float64Array[] = [];
  for (let r = 0; r < R; r++) {
    const row = Float64Array.from(m.subarray(r * H, (r + 1) * H));
    for (const other of basis) remove(row, other);
    const length = Math.hypot(...row);
    if (length > 1e-6 * Math.sqrt(H)) basis.push(row.map((x) => x / length));
  }
  for (let r = 0; r < R; r++) {
    const column = Float64Array.from({ length: H }, (_, i) => n[i * R + r]);
    for (const other of basis) remove(column, other);
    for (let i = 0; i < H; i++) n[i * R + r] = column[i];
  }
}

function remove(x: Float64Array, unit: Float64Array): void {
  let along = 0;
  for (let i = 0; i < x.length; i++) along += x[i] * unit[i];
  for (let i = 0; i < x.length; i++) x[i] -= along * unit[i];
}
