// All randomness of one optimiser step or posterior sample as plain arrays: what the kernels compute in place, for the op-by-op
// and float64 implementations and for tests.
//
// Every number is element i under a key of (seed, stream, place, step, row of the trial in the dataset), so a trial's noise does not
// depend on its place in the batch, on shards or on threads. Element i counts bins first, then the place's width: i = bin · width + column.

import { bits, key, normal, STREAM } from '../../engine/random.ts';
import { hasController, type LfadsSizes } from './architecture.ts';
import type { Batch, LfadsConstants } from './stepper.ts';

/** Third counter of a key: where in the model dropout acts. */
export const PLACE = { encoderInput: 0, initialEncoder: 1, controllerInput: 2, generator: 3, external: 4 } as const;
/** Third counter of a key under STREAM.coordinatedDropout: which elements drop, and which of the others pass all the same. */
export const COORDINATED = { drop: 0, pass: 1 } as const;
/** Third counter of a key under STREAM.initialNoise and STREAM.inputNoise. */
export const PURPOSE = { training: 0, sample: 1 } as const;

export interface Noise {
  /**
   * B × encodedBins × heldIn: multiplies the counts that the encoders see. Coordinated dropout (not in the initial segment) times
   * dropout, both with inverted scaling; 0 where a bin is missing or an element withheld.
   */
  readonly input: Float32Array;
  /** B × T × N: 1 where an element counts in the loss, else 0. */
  readonly counted: Float32Array;
  /** B × 2 initialEncoder: dropout factors (0 or 1/(1 − p)) of the concatenated final states. */
  readonly initialEncoder: Float32Array;
  /** B × T × (2 inputEncoder + factors): dropout factors of [ci_t; f_{t−1}]. */
  readonly controllerInput: Float32Array;
  /** B × (T + 1) × generator: dropout factors of g_0 … g_T on their way to the factors. */
  readonly generator: Float32Array;
  /** B × T × external: dropout factors, 0 in forward-prediction bins. */
  readonly external: Float32Array;
  /** B × initialCondition, standard normal. */
  readonly initial: Float32Array;
  /** B × T × inputs, standard normal. */
  readonly inputs: Float32Array;
  /** Expected fraction of elements whose gradient passes. */
  readonly passed: number;
}

/** Keeps an element whose bits are at least this: uniform ≥ p in integers. */
export const threshold = (p: number): number => Math.min(4294967295, Math.ceil(p * 4294967296 - 0.5));

/** What inverted dropout multiplies the kept elements with; float32, as the kernels have it. */
export const inverse = (p: number): number => Math.fround(1 / (1 - p));

/** Expected fraction of the T × N elements whose gradient passes coordinated dropout; 1 without it. */
export function passedFraction({ sizes, coordinatedDropout, passRate }: LfadsConstants): number {
  if (coordinatedDropout === 0) return 1;
  const all = sizes.bins * sizes.units;
  const subject = sizes.heldIn * (sizes.encodedBins - sizes.initialBins);
  return (subject * (coordinatedDropout + (1 - coordinatedDropout) * passRate) + (all - subject)) / all;
}

/** Widths of the places where dropout acts, and their number of bins. */
export function dropoutShapes(s: LfadsSizes): Readonly<Record<Exclude<keyof typeof PLACE, 'encoderInput'>, readonly [number, number]>> {
  return {
    initialEncoder: [1, 2 * s.initialEncoder],
    controllerInput: [s.bins, hasController(s) ? 2 * s.inputEncoder + s.factors : 0],
    generator: [s.bins + 1, s.generator],
    external: [s.bins, s.external],
  };
}

/** Masks and noise of a training step. */
export function sampleNoise(constants: LfadsConstants, batch: Batch, step: number): Noise {
  const { sizes: s, seed, dropout: p, coordinatedDropout: c, passRate } = constants;
  const trials = Array.from(batch.trials);
  const dropped = (place: keyof typeof PLACE, bins: number, width: number): Float32Array =>
    perTrial(trials, bins * width, (trial) => {
      const k = key(seed, STREAM.dropout, PLACE[place], step, trial);
      return (i) => (bits(k, i) >= threshold(p) ? inverse(p) : 0);
    });
  const shapes = dropoutShapes(s);
  const external = dropped('external', ...shapes.external);
  for (let b = 0; b < trials.length; b++) external.fill(0, (b * s.bins + s.encodedBins) * s.external, (b + 1) * s.bins * s.external);

  const input = dropped('encoderInput', s.encodedBins, s.heldIn);
  const counted = new Float32Array(trials.length * s.bins * s.units).fill(1);
  for (const [b, trial] of trials.entries()) {
    const drop = key(seed, STREAM.coordinatedDropout, COORDINATED.drop, step, trial);
    const pass = key(seed, STREAM.coordinatedDropout, COORDINATED.pass, step, trial);
    for (let t = 0; t < s.encodedBins; t++)
      for (let n = 0; n < s.heldIn; n++) {
        const i = t * s.heldIn + n;
        const at = b * s.encodedBins * s.heldIn + i;
        const element = (b * s.bins + t) * s.units + n;
        if (c > 0 && t >= s.initialBins) {
          const kept = bits(drop, i) >= threshold(c);
          input[at]! *= kept ? inverse(c) : 0;
          if (kept && bits(pass, i) >= threshold(passRate)) counted[element] = 0;
        }
        if (batch.withheld?.[at]) counted[element] = 0;
        if (batch.withheld?.[at] || batch.observed?.[b * s.bins + t] === 0) input[at] = 0;
      }
    for (let t = 0; t < s.bins; t++)
      if (batch.observed?.[b * s.bins + t] === 0) counted.fill(0, (b * s.bins + t) * s.units, (b * s.bins + t + 1) * s.units);
  }
  return {
    input,
    counted,
    initialEncoder: dropped('initialEncoder', ...shapes.initialEncoder),
    controllerInput: dropped('controllerInput', ...shapes.controllerInput),
    generator: dropped('generator', ...shapes.generator),
    external,
    ...sampleNormals(constants, trials, step, 'training'),
    passed: passedFraction(constants),
  };
}

/** What `forward` uses: no dropout anywhere, and the normals of one posterior sample, or zeros for posterior means. */
export function evaluationNoise(constants: LfadsConstants, batch: Batch, sample?: number): Noise {
  const quiet = sampleNoise({ ...constants, dropout: 0, coordinatedDropout: 0 }, batch, 0);
  const normals = sampleNormals(constants, Array.from(batch.trials), sample ?? 0, 'sample');
  if (sample === undefined) for (const values of [normals.initial, normals.inputs]) values.fill(0);
  return { ...quiet, ...normals };
}

function sampleNormals({ sizes: s, seed }: LfadsConstants, trials: readonly number[], step: number, purpose: keyof typeof PURPOSE) {
  const normals = (stream: number, length: number): Float32Array =>
    perTrial(trials, length, (trial) => {
      const k = key(seed, stream, PURPOSE[purpose], step, trial);
      return (i) => normal(k, i);
    });
  return {
    initial: normals(STREAM.initialNoise, s.initialCondition),
    inputs: normals(STREAM.inputNoise, s.bins * (hasController(s) ? s.inputs : 0)),
  };
}

/** Rows of `length` elements, one a trial, each element a function of the trial and its index. */
function perTrial(trials: readonly number[], length: number, of: (trial: number) => (i: number) => number): Float32Array {
  const values = new Float32Array(trials.length * length);
  for (const [b, trial] of trials.entries()) {
    const element = of(trial);
    for (let i = 0; i < length; i++) values[b * length + i] = element(i);
  }
  return values;
}
