// LFADS (Pandarinath et al. 2018): sizes, and the table of weights that every implementation (fused, op by op, float64) shares.
//
// Row-vector convention: y = x W + b, so a weight is inputs × outputs. GRU kernels hold the gates side by side in the order
// reset, update, candidate: W is inputs × 3H, U is H × 3H, b is 3H. The reset gate multiplies h before U_n:
//   r, z = σ(x W + h U + b);  n = tanh(x W_n + (r ⊙ h) U_n + b_n);  h' = clip(z ⊙ h + (1 − z) ⊙ n)

import { key, normal, STREAM } from '../../engine/random.ts';

export interface LfadsSizes {
  /** T: bins that are reconstructed; bins beyond `encodedBins` are forward prediction. */
  readonly bins: number;
  readonly encodedBins: number;
  /** First bins that only the initial-condition encoder sees; 0 for none. */
  readonly initialBins: number;
  /** All units; the first `heldIn` of them are what encoders see. */
  readonly units: number;
  readonly heldIn: number;
  readonly external: number;
  readonly initialEncoder: number;
  /** Encoder of the controller's input, controller and inferred inputs are all 0 in a model without a controller. */
  readonly inputEncoder: number;
  readonly controller: number;
  readonly inputs: number;
  readonly initialCondition: number;
  readonly generator: number;
  readonly factors: number;
  readonly lagBins: number;
  /** 1 for Poisson (log rate per bin), 2 for Gaussian (mean, then log variance, each `units` wide). */
  readonly outputsPerUnit: 1 | 2;
}

export interface WeightSpec {
  readonly name: string;
  readonly rows: number;
  readonly columns: number;
  /** s.d. of the initial normal weights; 0 leaves the fill. */
  readonly sd: number;
  readonly fill?: 'gates';
}

/** Whether the model has a controller and inferred inputs. */
export const hasController = (s: LfadsSizes): boolean => s.inputs > 0 && s.controller > 0 && s.inputEncoder > 0;

function gru(name: string, inputs: number, hidden: number, fan: 'joint' | 'apart', learnedStart: boolean): WeightSpec[] {
  const [sdIn, sdHidden] =
    fan === 'joint'
      ? [1 / Math.sqrt(inputs + hidden), 1 / Math.sqrt(inputs + hidden)]
      : [1 / Math.sqrt(Math.max(1, inputs)), 1 / Math.sqrt(hidden)];
  const kernel: WeightSpec[] = [
    { name: `${name}.W`, rows: inputs, columns: 3 * hidden, sd: sdIn },
    { name: `${name}.U`, rows: hidden, columns: 3 * hidden, sd: sdHidden },
    { name: `${name}.b`, rows: 1, columns: 3 * hidden, sd: 0, fill: 'gates' },
  ];
  return learnedStart ? [...kernel, { name: `${name}.h0`, rows: 1, columns: hidden, sd: 0 }] : kernel;
}

const linear = (name: string, inputs: number, outputs: number): WeightSpec[] => [
  { name: `${name}.W`, rows: inputs, columns: outputs, sd: 1 / Math.sqrt(inputs) },
  { name: `${name}.b`, rows: 1, columns: outputs, sd: 0 },
];

/** Every trainable tensor in a fixed order. `initial` gives mean and log variance side by side, 2Z wide; `inferred` likewise, 2U. */
export function weightTable(s: LfadsSizes): readonly WeightSpec[] {
  const controlled = hasController(s);
  return [
    ...gru('initialEncoder.forward', s.heldIn, s.initialEncoder, 'joint', true),
    ...gru('initialEncoder.backward', s.heldIn, s.initialEncoder, 'joint', true),
    ...linear('initial', 2 * s.initialEncoder, 2 * s.initialCondition),
    ...(controlled
      ? [
          ...gru('inputEncoder.forward', s.heldIn, s.inputEncoder, 'joint', true),
          ...gru('inputEncoder.backward', s.heldIn, s.inputEncoder, 'joint', true),
          ...gru('controller', 2 * s.inputEncoder + s.factors, s.controller, 'apart', true),
          ...linear('inferred', s.controller, 2 * s.inputs),
        ]
      : []),
    ...linear('generatorStart', s.initialCondition, s.generator),
    ...gru('generator', (controlled ? s.inputs : 0) + s.external, s.generator, 'apart', false),
    { name: 'factors.W', rows: s.generator, columns: s.factors, sd: 1 / Math.sqrt(s.generator) },
    ...linear('readout', s.factors, s.units * s.outputsPerUnit),
    { name: 'initialPrior.mean', rows: 1, columns: s.initialCondition, sd: 0 },
    ...(controlled
      ? [
          { name: 'inputPrior.logTau', rows: 1, columns: s.inputs, sd: 0 },
          { name: 'inputPrior.logVariance', rows: 1, columns: s.inputs, sd: 0 },
        ]
      : []),
  ].filter(({ rows, columns }) => rows * columns > 0);
}

export interface InitialWeights {
  /** Readout biases start here: log mean counts per bin of each unit (or mean, then log variance). */
  readonly readoutBias: Float64Array;
  /** Time constant of the inferred inputs' prior in bins, and its innovation variance. */
  readonly tauBins: number;
  readonly inputVariance: number;
  readonly seed: number;
}

/** Initial values by name: N(0, 1/fan_in), gate biases 1 for reset and update. */
export function initialWeights(s: LfadsSizes, start: InitialWeights): Record<string, Float32Array> {
  const weights: Record<string, Float32Array> = {};
  for (const [index, { name, rows, columns, sd, fill }] of weightTable(s).entries()) {
    const values = new Float32Array(rows * columns);
    const k = key(start.seed, STREAM.weights, index);
    if (sd > 0) for (let i = 0; i < values.length; i++) values[i] = sd * normal(k, i);
    if (fill === 'gates') values.fill(1, 0, (2 * columns) / 3);
    weights[name] = values;
  }
  weights['readout.b']?.set(start.readoutBias);
  weights['inputPrior.logTau']?.fill(Math.log(start.tauBins));
  weights['inputPrior.logVariance']?.fill(Math.log(start.inputVariance));
  return weights;
}
