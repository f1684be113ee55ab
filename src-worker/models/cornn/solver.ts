// CORNN (Dinc et al. 2023): weights of a rate network by convex regression, from a closed-form start by fixed-point iterations, with
// constraints by ADMM.
//
//   d_t = (r_{t+1} − (1−α) r_t) / α = tanh(x_t θ), x = [r, u]; every step regresses z + (d − tanh z)/(1 − d²) on x, z = x θ
//   ADMM: θ ← A⁻¹(Xᵀ s + ρ(χ − v)), χ ← projection of θ + v, v ← v + θ − χ, A = XᵀX + (λ + ρ) I

import { Failure } from '../../contract/failure.ts';
import { factorise, solveFactorised } from '../../numerics/cholesky.ts';
import { Doubles, product, put, taken } from '../constrained/doubles.ts';

export interface Problem {
  /** samples × inputs: activity, then external inputs, at the beginning of each step. */
  readonly x: Float64Array;
  /** samples × units: what tanh of the drive was, already inside (−1, 1). */
  readonly d: Float64Array;
  readonly inputs: number;
  readonly units: number;
}

/** Brings θ (inputs × units) to the nearest that is allowed, in place. */
export type Projection = (theta: Float64Array) => void;

export interface Settings {
  /** λ per sample. */
  readonly ridge: number;
  /** ρ in units of λ · samples. */
  readonly stiffness: number;
  readonly weighting: 'weighted' | 'robust' | 'plain';
  readonly threshold: number;
  readonly iterations: number;
  readonly tolerance: number;
  readonly projection?: Projection;
}

export interface Solution {
  /** inputs × units; where there are constraints it obeys them exactly. */
  readonly theta: Float64Array;
  readonly iterations: number;
  /** Largest change of θ in the last iteration; with constraints the largest ‖θ − χ‖ and ρ‖χ − χ before‖, by entry. */
  readonly residual: number;
  readonly dualResidual: number;
  readonly converged: boolean;
}

/** ADMM's penalty is reviewed every so many iterations, and changed by this where one residual is so much larger than the other. */
const REVIEW_EVERY = 5;
/** Afterwards it stays, so that the iteration converges. */
const REVIEWED = 50;
const BALANCE = 10;
const STIFFER = 4;

/** Solves for all units at once; `tick` is awaited between iterations with the share done and the residual. */
export async function solveCornn(
  { x, d, inputs, units }: Problem,
  settings: Settings,
  tick: (done: number, iteration: number, residual: number) => Promise<void>,
): Promise<Solution> {
  const samples = x.length / inputs;
  const { ridge, stiffness, weighting, threshold, iterations, tolerance, projection } = settings;
  const plan = new Doubles();
  const [X, D, W, S] = [
    plan.matrix(samples, inputs),
    plan.matrix(samples, units),
    plan.matrix(samples, units),
    plan.matrix(samples, units),
  ];
  const [gram, inverse] = [plan.matrix(inputs, inputs), plan.matrix(inputs, inputs)];
  const [theta, right] = [plan.matrix(inputs, units), plan.matrix(inputs, units)];
  const { kernels, view } = plan.open();
  put(view(X), X, x);
  put(view(D), D, d);
  put(
    view(W),
    W,
    d.map((value) => (weighting === 'plain' ? 1 : 1 / (1 - value * value))),
  );
  product(kernels, X, X, gram, true);
  const lambda = ridge * samples;
  let rho = projection ? stiffness * lambda : 0;
  const xx = taken(view(gram), gram);
  const setInverse = (shift: number): void => put(view(inverse), inverse, inverseOf(xx, inputs, shift));

  // The start is the regression of arctanh(d), without constraints.
  setInverse(lambda);
  put(view(S), S, d.map(Math.atanh));
  product(kernels, X, S, right, true);
  product(kernels, inverse, right, theta);
  await tick(0, 0, Number.NaN);
  if (rho > 0) setInverse(lambda + rho);

  const [th, rhs] = [view(theta), view(right)];
  const chi = th.slice();
  const v = new Float64Array(th.length);
  const project = (): void => {
    if (!projection) return;
    const plainly = taken(chi, theta);
    projection(plainly);
    put(chi, theta, plainly);
  };
  project();
  const before = new Float64Array(th.length);
  let [residual, dualResidual, done] = [Infinity, 0, 0];
  while (done < iterations) {
    before.set(rho > 0 ? chi : th);
    product(kernels, X, theta, S);
    const bound = weighting === 'plain' ? 1e300 : threshold;
    kernels.weightedTargets64(samples * S.ld, S.at, D.at, W.at, bound, weighting === 'robust' ? 1 : 0, S.at);
    product(kernels, X, S, right, true);
    if (rho > 0) for (let i = 0; i < rhs.length; i++) rhs[i] += rho * (chi[i] - v[i]);
    product(kernels, inverse, right, theta);
    done++;
    residual = 0;
    dualResidual = 0;
    if (rho > 0) {
      for (let i = 0; i < th.length; i++) chi[i] = th[i] + v[i];
      project();
      for (let i = 0; i < th.length; i++) {
        v[i] += th[i] - chi[i];
        residual = Math.max(residual, Math.abs(th[i] - chi[i]));
        dualResidual = Math.max(dualResidual, rho * Math.abs(chi[i] - before[i]));
      }
    } else for (let i = 0; i < th.length; i++) residual = Math.max(residual, Math.abs(th[i] - before[i]));
    if (!Number.isFinite(residual))
      throw new Failure('not-finite', 'The weights grew without bound.', 'Raise --ridge, or choose a longer --tau-ms.');
    await tick(done / iterations, done, residual);
    if (residual <= tolerance && dualResidual <= tolerance) break;
    // Neither residual is left far behind the other (Boyd et al. 2011, 3.4.1).
    const factor = residual > BALANCE * dualResidual ? STIFFER : dualResidual > BALANCE * residual ? 1 / STIFFER : 1;
    if (rho > 0 && done % REVIEW_EVERY === 0 && done <= REVIEWED && factor !== 1) {
      rho *= factor;
      for (let i = 0; i < v.length; i++) v[i] /= factor;
      setInverse(lambda + rho);
    }
  }
  const converged = residual <= tolerance && dualResidual <= tolerance;
  return { theta: taken(rho > 0 ? chi : th, theta), iterations: done, residual, dualResidual, converged };
}

/** (XᵀX + shift · I)⁻¹. */
function inverseOf(xx: Float64Array, n: number, shift: number): Float64Array {
  const l = xx.slice();
  for (let i = 0; i < n; i++) l[i * (n + 1)] += shift;
  if (!factorise(l, n))
    throw new Failure(
      'singular',
      'The activity of some units is a combination of that of others to the last digit.',
      'Raise --ridge, or leave such units out with --leave-out-units.',
    );
  const inverse = new Float64Array(n * n);
  const column = new Float64Array(n);
  for (let j = 0; j < n; j++) {
    column.fill(0);
    column[j] = 1;
    solveFactorised(l, n, column);
    for (let i = 0; i < n; i++) inverse[i * n + j] = column[i];
  }
  return inverse;
}
