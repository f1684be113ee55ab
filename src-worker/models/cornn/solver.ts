// CORNN (Dinc et al. 2023): weights of a rate network by convex regression, from a closed-form start by fixed-point iterations. That no unit
// has a weight onto itself is an equation of its regression and solved with it; other constraints hold by ADMM.
//
//   d_t = (r_{t+1} − (1−α) r_t) / α = tanh(x_t θ), x = [r, u]; every step regresses z + E on x, z = x θ, E = (d − tanh z)/(1 − d²)
//   θ_jj = 0:  θ ← θ − A⁻¹e_j θ_jj / (A⁻¹)_jj, A = XᵀX + λ I
//   ADMM:      θ ← A⁻¹(Xᵀ(z + E) + ρ(χ − v)), χ ← projection of θ + v, v ← v + θ − χ, A = XᵀX + (λ + ρ) I
//
// Errors held within ±½ have a slope of at most 2 (1 + 2 · ½, as d nears ±1): the iteration never leads apart, whatever the activity.
// Every unit is a regression of its own: it leaves when its weights stand still, and the others go on.

import { Failure } from '../../contract/failure.ts';
import { factorise, inverseFactor } from '../../numerics/cholesky.ts';
import { Doubles, type Opened, type Place, padded, product, put, taken } from '../constrained/doubles.ts';

export interface Problem {
  /** samples × inputs: activity, then external inputs, at the beginning of each step. */
  readonly x: Float64Array;
  /** samples × units: what tanh of the drive was, already inside (−1, 1). */
  readonly d: Float64Array;
  readonly inputs: number;
  readonly units: number;
}

/** Brings θ (inputs × targets, rows `ld` apart) to the nearest that is allowed, in place. */
export type Projection = (theta: Float64Array, targets: Int32Array, ld: number) => void;

export interface Settings {
  /** First ρ per sample; 0 for one that suits the eigenvalues of XᵀX. */
  readonly stiffness: number;
  readonly weighting: 'weighted' | 'robust' | 'plain';
  readonly threshold: number;
  readonly iterations: number;
  readonly tolerance: number;
  /** Weights of units onto themselves; without them the first inputs are the units. */
  readonly selfCoupling: boolean;
}

export interface Solution {
  /** inputs × units; it obeys constraints exactly. */
  readonly theta: Float64Array;
  readonly iterations: number;
  /** Largest change of a weight in the last iteration, or its distance from what is allowed. */
  readonly residual: number;
  /** Units whose weights do not stand still. */
  readonly unsettled: number;
}

/** Awaited between iterations with their number and the residual. */
export type Tick = (iteration: number, residual: number) => Promise<void>;

/** ADMM's penalty is reviewed every so many iterations, and changed by this where one residual is so much larger than the other. */
const REVIEW_EVERY = 5;
/** Afterwards it stays, so that the iteration converges. */
const REVIEWED = 50;
const BALANCE = 10;
const STIFFER = 4;
/** Units that have settled leave once they are this share of those that go on. */
const LEAVING = 0.125;

/** Regressions onto all units from the same samples, solved for one ridge after another. */
export class Regressions {
  readonly #problem: Problem;
  readonly #settings: Settings;
  readonly #samples: number;
  readonly #places: Readonly<Record<'X' | 'D' | 'W' | 'S' | 'root' | 'inverse' | 'theta' | 'right', Place>>;
  readonly #opened: Opened;
  /** XᵀX. */
  readonly #gram: Float64Array;

  constructor(problem: Problem, settings: Settings) {
    const { x, inputs, units } = problem;
    const samples = x.length / inputs;
    const plan = new Doubles();
    const targets = (): Place => plan.matrix(samples, units);
    const weights = (): Place => plan.matrix(inputs, units);
    const inverse = plan.matrix(inputs, inputs);
    this.#places = {
      X: plan.matrix(samples, inputs),
      D: targets(),
      W: targets(),
      S: targets(),
      root: plan.matrix(inputs, inputs),
      inverse,
      theta: weights(),
      right: weights(),
    };
    this.#opened = plan.open();
    this.#problem = problem;
    this.#settings = settings;
    this.#samples = samples;
    const { kernels, view } = this.#opened;
    const { X } = this.#places;
    put(view(X), X, x);
    product(kernels, X, X, inverse, true);
    this.#gram = taken(view(inverse), inverse);
  }

  /**
   * Weights for λ `ridge` per sample, from `start` or the closed form of arctanh(d), held to what `projection` allows. Throws a Failure where they
   * are not determined.
   */
  async solve(ridge: number, tick: Tick, start?: Float64Array, projection?: Projection): Promise<Solution> {
    const { d, inputs, units } = this.#problem;
    const { weighting, threshold, iterations, tolerance } = this.#settings;
    const { kernels, view } = this.#opened;
    const { X } = this.#places;
    const lambda = ridge * this.#samples;
    let active = Int32Array.from({ length: units }, (_, unit) => unit);
    let { D, W, S, theta, right } = this.#places;
    const [dv, wv, th, rhs] = [view(D), view(W), view(theta), view(right)];
    put(dv, D, d);
    for (let i = 0; i < dv.length; i++) wv[i] = weighting === 'plain' ? 1 : 1 / (1 - dv[i] * dv[i]);
    this.#invert(lambda);
    if (start) put(th, theta, start);
    else {
      put(view(S), S, d.map(Math.atanh));
      this.#regress(theta, right, S, active);
    }
    await tick(0, Number.NaN);
    let rho = projection ? this.#samples * (this.#settings.stiffness || this.#balanced(lambda)) : 0;
    if (rho > 0) this.#invert(lambda + rho);
    const chi = th.slice();
    const v = new Float64Array(th.length);
    projection?.(chi, active, theta.ld);
    const before = new Float64Array(th.length);
    const found = new Float64Array(inputs * units);
    const bound = weighting === 'plain' ? 1e300 : threshold;
    const curvature = this.#meanEigenvalue() + lambda;
    let [iteration, residual, largest] = [0, Number.NaN, 0];
    while (iteration < iterations && active.length > 0) {
      const { ld } = theta;
      const length = inputs * ld;
      const result = rho > 0 ? chi : th;
      before.set(result.subarray(0, length));
      product(kernels, X, theta, S);
      kernels.weightedTargets64(this.#samples * ld, S.at, D.at, W.at, bound, weighting === 'robust' ? 1 : 0, S.at);
      product(kernels, X, S, right, true);
      if (rho > 0) for (let i = 0; i < length; i++) rhs[i] += rho * (chi[i] - v[i]);
      this.#apply(theta, right, active);
      if (projection && rho > 0) {
        for (let i = 0; i < length; i++) chi[i] = th[i] + v[i];
        projection(chi, active, ld);
        for (let i = 0; i < length; i++) v[i] += th[i] - chi[i];
      }
      iteration++;
      const changed = columnsDiffer(result, before, inputs, ld);
      const apart = rho > 0 ? columnsDiffer(th, chi, inputs, ld) : changed;
      // ADMM's dual residual is ρ times the change of χ: as a weight, by the mean curvature, where that is less.
      if (rho > curvature) for (let k = 0; k < ld; k++) changed[k] *= rho / curvature;
      residual = 0;
      largest = 0;
      for (let k = 0; k < active.length; k++) {
        residual = Math.max(residual, apart[k]);
        largest = Math.max(largest, changed[k]);
      }
      if (!Number.isFinite(residual))
        throw new Failure('not-finite', 'The weights grew without bound.', 'Raise --ridge, or choose a longer --tau-ms.');
      await tick(iteration, Math.max(residual, largest));
      const moving = Array.from(active.keys()).filter((k) => apart[k] > tolerance || changed[k] > tolerance);
      if (moving.length <= (1 - LEAVING) * active.length || moving.length === 0) {
        for (const [k, unit] of active.entries()) for (let i = 0; i < inputs; i++) found[i * units + unit] = result[i * ld + k];
        for (const list of [dv, wv]) narrow(list, this.#samples, ld, moving);
        for (const list of rho > 0 ? [th, chi, v] : [th]) narrow(list, inputs, ld, moving);
        active = Int32Array.from(moving, (k) => active[k]);
        [D, W, S, theta, right] = [D, W, S, theta, right].map((place) => ({ ...place, columns: active.length, ld: padded(active.length) }));
      }
      // Neither residual is left far behind the other (Boyd et al. 2011, 3.4.1).
      const factor = residual > BALANCE * largest ? STIFFER : largest > BALANCE * residual ? 1 / STIFFER : 1;
      if (rho > 0 && iteration % REVIEW_EVERY === 0 && iteration <= REVIEWED && factor !== 1) {
        rho *= factor;
        for (let i = 0; i < v.length; i++) v[i] /= factor;
        this.#invert(lambda + rho);
      }
    }
    const result = rho > 0 ? chi : th;
    for (const [k, unit] of active.entries()) for (let i = 0; i < inputs; i++) found[i * units + unit] = result[i * theta.ld + k];
    return { theta: found, iterations: iteration, residual: Math.max(residual, largest), unsettled: active.length };
  }

  /** (XᵀX + shift · I)⁻¹. */
  #invert(shift: number): void {
    const { inputs: n } = this.#problem;
    const l = this.#gram.slice();
    for (let i = 0; i < n; i++) l[i * (n + 1)] += shift;
    if (!factorise(l, n))
      throw new Failure(
        'singular',
        'The activity of some units is a combination of that of others to the last digit.',
        'Raise --ridge, or leave such units out with --leave-out-units.',
      );
    const { root, inverse } = this.#places;
    put(this.#opened.view(root), root, inverseFactor(l, n));
    product(this.#opened.kernels, root, root, inverse, true);
  }

  /** θ ← A⁻¹ Xᵀ S. */
  #regress(theta: Place, right: Place, S: Place, active: Int32Array): void {
    product(this.#opened.kernels, this.#places.X, S, right, true);
    this.#apply(theta, right, active);
  }

  /** θ ← A⁻¹ · right, without weights of units onto themselves unless they are asked for. */
  #apply(theta: Place, right: Place, active: Int32Array): void {
    const { kernels, view } = this.#opened;
    const { inverse } = this.#places;
    product(kernels, inverse, right, theta);
    if (this.#settings.selfCoupling) return;
    const [th, back] = [view(theta), view(inverse)];
    const { ld, rows } = theta;
    const share = Float64Array.from(active, (unit, k) => th[unit * ld + k] / back[unit * inverse.ld + unit]);
    for (let i = 0; i < rows; i++) for (let k = 0; k < active.length; k++) th[i * ld + k] -= share[k] * back[i * inverse.ld + active[k]];
    for (let k = 0; k < active.length; k++) th[active[k] * ld + k] = 0;
  }

  #meanEigenvalue(): number {
    const { inputs: n } = this.#problem;
    let trace = 0;
    for (let i = 0; i < n; i++) trace += this.#gram[i * (n + 1)];
    return trace / n;
  }

  /** ρ per sample between the extreme eigenvalues of XᵀX + λI, where ADMM of a quadratic is fastest: √(least · largest) (Ghadimi et al. 2015). */
  #balanced(lambda: number): number {
    const n = this.#problem.inputs;
    const { view } = this.#opened;
    const { inverse } = this.#places;
    const back = view(inverse);
    const largest = largestEigenvalue(n, (i, j) => this.#gram[i * n + j]) + lambda;
    const least = 1 / largestEigenvalue(n, (i, j) => back[i * inverse.ld + j]);
    return Math.sqrt(largest * least) / this.#samples;
  }
}

const POWERS = 30;

/** Of a symmetric matrix without negative eigenvalues, by powers. */
function largestEigenvalue(n: number, at: (i: number, j: number) => number): number {
  let x = new Float64Array(n).fill(1 / Math.sqrt(n));
  let size = 0;
  for (let k = 0; k < POWERS; k++) {
    const y = Float64Array.from(x, (_, i) => {
      let sum = 0;
      for (let j = 0; j < n; j++) sum += at(i, j) * x[j];
      return sum;
    });
    size = Math.hypot(...y);
    x = y.map((value) => value / size);
  }
  return size;
}

/** Largest difference in each column. */
function columnsDiffer(a: Float64Array, b: Float64Array, rows: number, ld: number): Float64Array {
  const most = new Float64Array(ld);
  for (let i = 0; i < rows; i++)
    for (let k = 0; k < ld; k++) {
      const apart = Math.abs(a[i * ld + k] - b[i * ld + k]);
      // A comparison that NaN passes too.
      if (!(apart <= most[k])) most[k] = apart;
    }
  return most;
}

/** Keeps some columns, in place; those that pad them are 0. */
function narrow(values: Float64Array, rows: number, ld: number, kept: readonly number[]): void {
  const to = padded(kept.length);
  for (let row = 0; row < rows; row++) {
    for (let k = 0; k < kept.length; k++) values[row * to + k] = values[row * ld + kept[k]];
    values.fill(0, row * to + kept.length, (row + 1) * to);
  }
}
