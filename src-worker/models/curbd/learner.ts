// Recursive least squares on the weights of a running network (Sussillo & Abbott 2009; Perich et al. 2021), fused: a matrix is changed and
// applied in one pass. One P serves all units, because all are driven by the same activity.
//
//   step    x ← x + α(−x + J r + V u + noise), r = φ(x); every `stepsPerBin` steps a sample is due, counted in whole steps
//   sample  e = r − a; k = P y, y = [r; u]; c = 1 / (1 + yᵀk); P ← P − c k kᵀ; [J V] ← [J V] − c e kᵀ

import { Failure } from '../../contract/failure.ts';
import type { Kernels } from '../../engine/kernels.ts';
import { key, normal } from '../../engine/random.ts';
import type { Activity } from '../constrained/activity.ts';
import { Doubles, type Opened, padded, type Place, put, taken } from '../constrained/doubles.ts';
import { stateOf } from '../constrained/network.ts';
import { type Nonlinearity, SHAPES } from '../network/rnn.ts';

export interface LearnerOptions {
  readonly phi: Nonlinearity;
  readonly alpha: number;
  readonly stepsPerBin: number;
  /** Filtered noise, steps × units, used again from its beginning where a run is longer. */
  readonly noise?: { readonly values: Float32Array; readonly amount: number };
}

export interface Weights {
  /** units × (units + inputs). */
  readonly J: Float64Array;
  /** (units + inputs) squared. */
  readonly P: Float64Array;
}

/** How a run through all rows went. */
export interface RunScore {
  /** 1 − (‖A − R‖ / (√(units · samples) · s.d. of A))². */
  readonly pVar: number;
  /** Σ over samples of the mean squared error. */
  readonly chi2: number;
}

/** Learns by running through all rows, again and again. */
export interface RowsLearner {
  weights(): Weights;
  run(learns: boolean, tick: (done: number) => Promise<void>): Promise<RunScore>;
}

/** Multiplications between two chances to stop. */
export const WORK_AT_ONCE = 2e8;

export class Learner implements RowsLearner {
  readonly #activity: Activity;
  readonly #options: LearnerOptions;
  readonly #opened: Opened;
  readonly #kernels: Kernels;
  readonly #width: number;
  readonly #places: Readonly<Record<'J' | 'P' | 'x' | 'y' | 'drive' | 'e' | 'k' | 'kNext', Place>>;
  readonly #noise: number;
  readonly #spread: number;

  constructor(activity: Activity, options: LearnerOptions, { J, P }: Weights) {
    const { units: n, inputCount } = activity;
    const width = n + inputCount;
    const plan = new Doubles();
    this.#places = {
      J: plan.matrix(n, width),
      P: plan.matrix(width, width),
      x: plan.vector(n),
      y: plan.vector(width),
      drive: plan.vector(n),
      e: plan.vector(n),
      k: plan.vector(width),
      kNext: plan.vector(width),
    };
    const noise = options.noise?.values;
    // A vector may be read a little past a step's end.
    this.#noise = noise ? plan.floats(noise.length + 4) : 0;
    this.#opened = plan.open();
    this.#kernels = this.#opened.kernels;
    this.#activity = activity;
    this.#options = options;
    this.#width = width;
    if (noise) this.#opened.floats(this.#noise, noise.length).set(noise);
    put(this.#opened.view(this.#places.J), this.#places.J, J);
    put(this.#opened.view(this.#places.P), this.#places.P, P);
    this.#spread = spreadOf(activity);
  }

  weights(): Weights {
    const { J, P } = this.#places;
    return { J: taken(this.#opened.view(J), J), P: taken(this.#opened.view(P), P) };
  }

  /** Runs through every row from its beginning; `tick` is awaited now and then with the share done. */
  async run(learns: boolean, tick: (done: number) => Promise<void>): Promise<RunScore> {
    const { rows, bins, units: n, values, lengths, inputs, inputCount: m } = this.#activity;
    const { phi, alpha, stepsPerBin, noise } = this.#options;
    const { J, P, x, y, drive, e } = this.#places;
    let { k, kNext } = this.#places;
    const kernels = this.#kernels;
    const { view } = this.#opened;
    const [state, ru, error] = [view(x), view(y), view(e)];
    const { value } = SHAPES[phi];
    const columns = padded(this.#width);
    const even = n + (n % 2);
    const noiseSteps = noise ? noise.values.length / n : 0;
    const firing = (): void => {
      if (phi === 'tanh') kernels.tanh64(n - (n % 2), x.at, y.at);
      for (let i = phi === 'tanh' ? n - (n % 2) : 0; i < n; i++) ru[i] = value(state[i]);
    };
    // What the last sample taught is still to be put into J and P, which is done when they are next applied.
    let [pendingJ, pendingP] = [0, 0];
    let [squares, chi2, step, work] = [0, 0, 0, 0];
    const settle = (): void => {
      if (pendingJ !== 0) kernels.learnMatVec64(n, columns, J.at, J.ld, e.at, pendingJ, k.at, y.at, drive.at);
      if (pendingP !== 0) kernels.learnMatVec64(this.#width, columns, P.at, P.ld, k.at, pendingP, k.at, y.at, kNext.at);
      [pendingJ, pendingP] = [0, 0];
    };
    for (let row = 0; row < rows; row++) {
      const start = row * bins * n;
      for (let i = 0; i < n; i++) state[i] = stateOf({ form: 'currents', phi }, values[start + i]);
      firing();
      for (let t = 1; t < lengths[row]; t++) {
        const before = (row * bins + t - 1) * m;
        for (let c = 0; c < m; c++) ru[n + c] = inputs[before + c];
        for (let s = 0; s < stepsPerBin; s++) {
          if (pendingJ !== 0) kernels.learnMatVec64(n, columns, J.at, J.ld, e.at, pendingJ, k.at, y.at, drive.at);
          else kernels.matVec64(n, columns, J.at, J.ld, y.at, drive.at);
          pendingJ = 0;
          const from = noise ? this.#noise + 4 * n * (step % noiseSteps) : 0;
          kernels.leak64(even, x.at, drive.at, from, noise?.amount ?? 0, alpha);
          firing();
          step++;
        }
        const at = start + t * n;
        let sum = 0;
        for (let i = 0; i < n; i++) {
          error[i] = ru[i] - values[at + i];
          sum += error[i] * error[i];
        }
        squares += sum;
        chi2 += sum / n;
        if (learns) {
          if (pendingP === 0) kernels.matVec64(this.#width, columns, P.at, P.ld, y.at, kNext.at);
          else kernels.learnMatVec64(this.#width, columns, P.at, P.ld, k.at, pendingP, k.at, y.at, kNext.at);
          [k, kNext] = [kNext, k];
          const c = 1 / (1 + kernels.dot64(columns, y.at, k.at));
          [pendingJ, pendingP] = [c, c];
        }
      }
      work += lengths[row] * (stepsPerBin + 3) * n * columns;
      if (work > WORK_AT_ONCE) {
        work = 0;
        settle();
        await tick(row / rows);
      }
    }
    settle();
    if (!Number.isFinite(squares))
      throw new Failure('not-finite', 'The network’s activity grew without bound.', 'Lower --gain, or choose tanh for --nonlinearity.');
    return { pVar: 1 - squares / this.#spread, chi2 };
  }
}

/** Σ (a − mean of all)² over samples that are compared. */
export function spreadOf({ rows, bins, units, lengths, values }: Activity): number {
  let [sum, squares, count] = [0, 0, 0];
  for (let row = 0; row < rows; row++)
    for (let at = (row * bins + 1) * units; at < (row * bins + lengths[row]) * units; at++) {
      sum += values[at];
      squares += values[at] ** 2;
      count++;
    }
  return squares - sum ** 2 / count;
}

const STREAM = { weights: 121, noise: 122 } as const;
/** Noise is drawn for at most so many numbers, and used again from its beginning. */
const MOST_NOISE = 2 ** 23;

/** gain · N(0, 1) / √units for recurrent weights, 0 for those of inputs; P0 on the diagonal. */
export function initialWeights(units: number, inputs: number, gain: number, p0: number, seed: number): Weights {
  const width = units + inputs;
  const k = key(seed, STREAM.weights);
  return {
    J: Float64Array.from({ length: units * width }, (_, at) => {
      const j = at % width;
      return j < units ? (gain * normal(k, Math.floor(at / width) * units + j)) / Math.sqrt(units) : 0;
    }),
    P: Float64Array.from({ length: width * width }, (_, at) => (at % (width + 1) === 0 ? p0 : 0)),
  };
}

/**
 * White noise √(τ/Δ)·N(0, 1) filtered by exp(−Δ/τ), steps × units. The first step is drawn from the stationary distribution, so that no
 * transient is in it. `draw` tells one draw from another.
 */
export function filteredNoise(units: number, steps: number, stepMs: number, tauMs: number, seed: number, draw = 0): Float32Array {
  const kept = Math.max(1, Math.min(steps, Math.floor(MOST_NOISE / units)));
  const values = new Float32Array(kept * units);
  const decay = Math.exp(-stepMs / tauMs);
  const size = Math.sqrt(tauMs / stepMs);
  const stationary = size * Math.sqrt((1 - decay) / (1 + decay));
  for (let u = 0; u < units; u++) {
    const k = key(seed, STREAM.noise, draw, u);
    let w = stationary * normal(k, 0);
    for (let step = 0; step < kept; step++) {
      if (step > 0) {
        const white = size * normal(k, step);
        w = white + (w - white) * decay;
      }
      values[step * units + u] = w;
    }
  }
  return values;
}
