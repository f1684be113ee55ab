// Gaussian mixtures with full covariances by expectation and maximisation (Dempster, Laird and Rubin 1977), started by k-means++ (Arthur and
// Vassilvitskii 2007) from several seeds; the number of components by the Bayesian information criterion.

import { key, uniform } from '../engine/random.ts';
import { factorise } from './cholesky.ts';

export interface Mixture {
  readonly components: number;
  readonly dimensions: number;
  /** Share of each component, from the largest down. */
  readonly shares: Float64Array;
  /** components × dimensions. */
  readonly means: Float64Array;
  /** components × dimensions × dimensions. */
  readonly covariances: Float64Array;
  readonly logLikelihood: number;
  /** −2 log likelihood + parameters · log(points): the lower, the better. */
  readonly bic: number;
  /** points × components: how likely each point belongs to each. */
  readonly memberships: Float64Array;
}

const STREAM = 31;
const RESTARTS = 8;
const MOST_ROUNDS = 300;
/** Relative gain of the likelihood at which a climb ends. */
const SETTLED = 1e-8;
/** Least variance of a component in any direction, of the variance of all points: without it a component shrinks onto a point. */
const FLOOR = 1e-3;

interface State {
  readonly shares: Float64Array;
  readonly means: Float64Array;
  readonly covariances: Float64Array;
}

/** Means by k-means++, each point's weight its squared distance to the nearest mean so far; covariances of all points. */
function start(points: Float64Array, n: number, D: number, K: number, overall: Float64Array, seed: number, restart: number): State {
  const random = key(seed, STREAM, K, restart);
  const means = new Float64Array(K * D);
  const nearest = new Float64Array(n).fill(Infinity);
  let chosen = Math.floor(uniform(random, 0) * n);
  for (let k = 0; k < K; k++) {
    means.set(points.subarray(chosen * D, (chosen + 1) * D), k * D);
    let total = 0;
    for (let i = 0; i < n; i++) {
      let distance = 0;
      for (let d = 0; d < D; d++) distance += (points[i * D + d] - means[k * D + d]) ** 2 / overall[d * (D + 1)];
      nearest[i] = Math.min(nearest[i], distance);
      total += nearest[i];
    }
    let left = uniform(random, k + 1) * total;
    for (chosen = 0; chosen < n - 1 && left > nearest[chosen]; chosen++) left -= nearest[chosen];
  }
  const covariances = new Float64Array(K * D * D);
  for (let k = 0; k < K; k++) covariances.set(overall, k * D * D);
  return { shares: new Float64Array(K).fill(1 / K), means, covariances };
}

/** Fills memberships, and answers with the log likelihood; undefined where a covariance is not one. */
function expectation(
  points: Float64Array,
  n: number,
  D: number,
  { shares, means, covariances }: State,
  memberships: Float64Array,
): number | undefined {
  const K = shares.length;
  const factors: Float64Array[] = [];
  const constants = new Float64Array(K);
  for (let k = 0; k < K; k++) {
    const L = covariances.slice(k * D * D, (k + 1) * D * D);
    if (!factorise(L, D)) return undefined;
    let logDeterminant = 0;
    for (let d = 0; d < D; d++) logDeterminant += 2 * Math.log(L[d * (D + 1)]);
    constants[k] = Math.log(shares[k]) - 0.5 * (D * Math.log(2 * Math.PI) + logDeterminant);
    factors.push(L);
  }
  const z = new Float64Array(D);
  let total = 0;
  for (let i = 0; i < n; i++) {
    let most = -Infinity;
    for (let k = 0; k < K; k++) {
      const L = factors[k];
      let squares = 0;
      for (let d = 0; d < D; d++) {
        let sum = points[i * D + d] - means[k * D + d];
        for (let e = 0; e < d; e++) sum -= L[d * D + e] * z[e];
        z[d] = sum / L[d * (D + 1)];
        squares += z[d] * z[d];
      }
      const log = constants[k] - 0.5 * squares;
      memberships[i * K + k] = log;
      most = Math.max(most, log);
    }
    let sum = 0;
    for (let k = 0; k < K; k++) sum += Math.exp(memberships[i * K + k] - most);
    for (let k = 0; k < K; k++) memberships[i * K + k] = Math.exp(memberships[i * K + k] - most) / sum;
    total += most + Math.log(sum);
  }
  return total;
}

/** Shares, means and covariances under memberships; `least` is added to each variance. */
function maximisation(points: Float64Array, n: number, D: number, K: number, memberships: Float64Array, least: Float64Array): State {
  const shares = new Float64Array(K);
  const means = new Float64Array(K * D);
  const covariances = new Float64Array(K * D * D);
  for (let k = 0; k < K; k++) {
    let weight = 1e-12;
    for (let i = 0; i < n; i++) weight += memberships[i * K + k];
    for (let i = 0; i < n; i++) for (let d = 0; d < D; d++) means[k * D + d] += (memberships[i * K + k] * points[i * D + d]) / weight;
    for (let i = 0; i < n; i++)
      for (let d = 0; d < D; d++)
        for (let e = 0; e <= d; e++)
          covariances[(k * D + d) * D + e] +=
            (memberships[i * K + k] * (points[i * D + d] - means[k * D + d]) * (points[i * D + e] - means[k * D + e])) / weight;
    for (let d = 0; d < D; d++) {
      covariances[(k * D + d) * D + d] += least[d];
      for (let e = 0; e < d; e++) covariances[(k * D + e) * D + d] = covariances[(k * D + d) * D + e];
    }
    shares[k] = weight / n;
  }
  return { shares, means, covariances };
}

/** The best of several climbs with K components on n points of D dimensions (row-major); undefined where none ends well. */
export function fitMixture(points: Float64Array, n: number, D: number, K: number, seed: number): Mixture | undefined {
  const all = maximisation(points, n, D, 1, new Float64Array(n).fill(1), new Float64Array(D));
  const least = Float64Array.from({ length: D }, (_, d) => FLOOR * all.covariances[d * (D + 1)] + 1e-12);
  const overall = all.covariances.map((value, i) => (i % (D + 1) === 0 ? value + least[Math.floor(i / D)] : value));
  let best: Mixture | undefined;
  for (let restart = 0; restart < (K === 1 ? 1 : RESTARTS); restart++) {
    let state = start(points, n, D, K, overall, seed, restart);
    const memberships = new Float64Array(n * K);
    let likelihood = -Infinity;
    for (let round = 0; round < MOST_ROUNDS; round++) {
      const next = expectation(points, n, D, state, memberships);
      if (next === undefined) {
        likelihood = Number.NaN;
        break;
      }
      const isSettled = next - likelihood <= SETTLED * Math.abs(next);
      likelihood = next;
      if (isSettled) break;
      state = maximisation(points, n, D, K, memberships, least);
    }
    if (Number.isFinite(likelihood) && (best === undefined || likelihood > best.logLikelihood))
      best = ordered(state, memberships, n, D, likelihood);
  }
  return best;
}

/** Components from the largest share down. */
function ordered(state: State, memberships: Float64Array, n: number, D: number, logLikelihood: number): Mixture {
  const K = state.shares.length;
  const order = Array.from(state.shares.keys()).sort((a, b) => state.shares[b] - state.shares[a]);
  const parameters = K - 1 + K * D + (K * D * (D + 1)) / 2;
  return {
    components: K,
    dimensions: D,
    shares: Float64Array.from(order, (k) => state.shares[k]),
    means: Float64Array.from(order.flatMap((k) => [...state.means.subarray(k * D, (k + 1) * D)])),
    covariances: Float64Array.from(order.flatMap((k) => [...state.covariances.subarray(k * D * D, (k + 1) * D * D)])),
    logLikelihood,
    bic: -2 * logLikelihood + parameters * Math.log(n),
    memberships: Float64Array.from({ length: n * K }, (_, at) => memberships[at - (at % K) + order[at % K]]),
  };
}

/** The mixture of lowest BIC with up to `most` components, and the BIC of each number. A component has at least twice as many points as its mean has numbers. */
export function chooseMixture(
  points: Float64Array,
  n: number,
  D: number,
  most: number,
  seed: number,
): { readonly mixture: Mixture | undefined; readonly bics: readonly number[] } {
  const bics: number[] = [];
  let mixture: Mixture | undefined;
  for (let K = 1; K <= most && K * 2 * D <= n; K++) {
    const found = fitMixture(points, n, D, K, seed);
    bics.push(found?.bic ?? Number.NaN);
    if (found && (mixture === undefined || found.bic < mixture.bic)) mixture = found;
  }
  return { mixture, bics };
}
