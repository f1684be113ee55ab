// CORNN (Dinc et al. 2023): weights of a rate network by convex regression, from a closed-form start by fixed-point iterations. That no unit
// has a weight onto itself is an equation of its regression and solved with it; other constraints hold by ADMM.
//
//   d_t = (r_{t+1} − (1−α) r_t) / α = tanh(x_t θ), x = [r, u]; every step regresses z + E on x, z = x θ, E = (d − tanh z)/(1 − d²)
//   θ_jj = 0:  θ ← θ − A⁻¹e_j θ_jj / (A⁻¹)_jj, A = XᵀX + λ I
//   ADMM:      θ ← A⁻¹(Xᵀ(z + E) + ρ(χ − v)), w ← 1.6 θ − .6 χ + v, χ ← projection of w, v ← w − χ, A = XᵀX + (λ + ρ) I
//
// ADMM needs no pass over samples, so each regression is held to its constraints by as many of its iterations as that takes, from where the last
// one's ended: regressions then settle about as soon as without constraints.
//
// Errors held within ±½ have a slope of at most 2 (1 + 2 · ½, as d nears ±1): the iteration never leads apart, whatever the activity.
// Every unit is a regression of its own: it leaves when its weights stand still, and the others go on.

import { Failure } from '../../contract/failure.ts';
import { factorise, inverseFactor } from '../../numerics/cholesky.ts';
import { Doubles, type Opened, type Place, padded, product, put, taken } from '../constrained/doubles.ts';
import { columnsDiffer, largestEigenvalue, narrow } from './columns.ts';

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

/** Awaited between iterations, and within long ones, with the number of those that ended and the residual, NaN where it is not known. */
export type Tick = (iteration: number, residual: number) => Promise<void>;

/** Iterations of ADMM for one regression, at most, and the share of the tolerance to which it holds constraints. */
const HELD = { iterations: 30, tolerance: 0.3 };
/** Over-relaxation (Boyd et al. 2011, 3.4.3). */
const RELAXED = 1.6;
/** ADMM's penalty is reviewed every so many iterations, and changed by this where one residual is so much larger than the other. */
const REVIEW_EVERY = 5;
const BALANCE = 10;
const STIFFER = 4;
/** After so many changes it stays, so that the iteration converges. */
const MOST_CHANGES = 10;
/** Units that have settled leave once they are this share of those that go on. */
const LEAVING = 0.125;

/** Where ADMM stands: χ obeys the constraints. */
interface Held {
  readonly projection: Projection;
  readonly lambda: number;
  readonly chi: Float64Array;
  readonly v: Float64Array;
  rho: number;
  changes: number;
}

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
    const [dv, wv, th] = [view(D), view(W), view(theta)];
    put(dv, D, d);
    for (let i = 0; i < dv.length; i++) wv[i] = weighting === 'plain' ? 1 : 1 / (1 - dv[i] * dv[i]);
    this.#invert(lambda);
    if (start) put(th, theta, start);
    else {
      put(view(S), S, d.map(Math.atanh));
      this.#regress(theta, right, S, active);
    }
    await tick(0, Number.NaN);
    const held = projection && this.#heldBy(projection, lambda, th.slice(), theta.ld);
    const before = new Float64Array(th.length);
    const found = new Float64Array(inputs * units);
    const bound = weighting === 'plain' ? 1e300 : threshold;
    let [iteration, residual, largest] = [0, Number.NaN, 0];
    while (iteration < iterations && active.length > 0) {
      const { ld } = theta;
      const result = held?.chi ?? th;
      before.set(result.subarray(0, inputs * ld));
      product(kernels, X, theta, S);
      kernels.weightedTargets64(this.#samples * ld, S.at, D.at, W.at, bound, weighting === 'robust' ? 1 : 0, S.at);
      product(kernels, X, S, right, true);
      if (held) await this.#hold(held, theta, right, active, () => tick(iteration, Number.NaN));
      else this.#apply(theta, right, active);
      iteration++;
      const changed = columnsDiffer(result, before, inputs, ld);
      const apart = held ? columnsDiffer(th, held.chi, inputs, ld) : changed;
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
        for (const list of held ? [th, held.chi, held.v] : [th]) narrow(list, inputs, ld, moving);
        active = Int32Array.from(moving, (k) => active[k]);
        [D, W, S, theta, right] = [D, W, S, theta, right].map((place) => ({ ...place, columns: active.length, ld: padded(active.length) }));
      }
    }
    const result = held?.chi ?? th;
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

  /** ADMM's beginning from θ. */
  #heldBy(projection: Projection, lambda: number, theta: Float64Array, ld: number): Held {
    const rho = this.#samples * (this.#settings.stiffness || this.#balanced(lambda));
    this.#invert(lambda + rho);
    projection(
      theta,
      Int32Array.from({ length: this.#problem.units }, (_, unit) => unit),
      ld,
    );
    return { projection, lambda, rho, chi: theta, v: new Float64Array(theta.length), changes: 0 };
  }

  /** The regression whose right side is given, held to what is allowed. */
  async #hold(held: Held, theta: Place, right: Place, active: Int32Array, pause: () => Promise<void>): Promise<void> {
    const { projection, lambda, chi, v } = held;
    const { view } = this.#opened;
    const [th, rhs] = [view(theta), view(right)];
    const length = this.#problem.inputs * theta.ld;
    const given = rhs.slice(0, length);
    const enough = HELD.tolerance * this.#settings.tolerance;
    const curvature = this.#meanEigenvalue() + lambda;
    for (let iteration = 1; iteration <= HELD.iterations; iteration++) {
      for (let i = 0; i < length; i++) rhs[i] = given[i] + held.rho * (chi[i] - v[i]);
      this.#apply(theta, right, active);
      const before = chi.slice(0, length);
      for (let i = 0; i < length; i++) {
        v[i] += RELAXED * th[i] + (1 - RELAXED) * chi[i];
        chi[i] = v[i];
      }
      projection(chi, active, theta.ld);
      let [apart, changed] = [0, 0];
      for (let i = 0; i < length; i++) {
        v[i] -= chi[i];
        apart = Math.max(apart, Math.abs(th[i] - chi[i]));
        changed = Math.max(changed, Math.abs(chi[i] - before[i]));
      }
      // ADMM's dual residual is ρ times the change of χ: as a weight, by the mean curvature, where that is less.
      const dual = changed * Math.max(1, held.rho / curvature);
      if (apart <= enough && dual <= enough) return;
      // Neither residual is left far behind the other (Boyd et al. 2011, 3.4.1).
      const factor = apart > BALANCE * dual ? STIFFER : dual > BALANCE * apart ? 1 / STIFFER : 1;
      if (iteration % REVIEW_EVERY > 0) continue;
      await pause();
      if (held.changes === MOST_CHANGES || factor === 1) continue;
      held.changes++;
      held.rho *= factor;
      for (let i = 0; i < v.length; i++) v[i] /= factor;
      this.#invert(lambda + held.rho);
    }
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
