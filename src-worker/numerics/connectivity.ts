// What recurrent weights are made of: spectrum, and where their rank is low, loadings with their overlaps and the populations of units that
// share them (Dubreuil et al. 2022; Valente, Pillow and Ostojic 2022).

import { eigenvaluesOf } from './eigenvalues.ts';
import { type LowRank, lowRankOf, overlaps, principalAngles } from './low-rank.ts';
import { chooseMixture, type Mixture } from './mixture.ts';

/** More dimensions than this are not drawn as loadings. */
const MOST_RANK = 10;
/** A spectrum of more units takes minutes. */
const MOST_UNITS = 2500;

export interface Loadings extends LowRank {
  /** nᵀ m / N, rank × rank: its eigenvalues are those of the weights that are not 0. */
  readonly overlaps: Float64Array;
  /** nᵀ V / N, rank × inputs. */
  readonly inputOverlaps: Float64Array;
  /** Between what is driven and what is read, degrees, from the smallest up. */
  readonly angles: Float64Array;
  readonly mixture: Mixture | undefined;
  /** BIC of 1, 2 … populations. */
  readonly bics: readonly number[];
  /** nᵀ m / N of each population's units, population × rank × rank: they sum to `overlaps`. */
  readonly populationOverlaps: Float64Array;
  /** Most likely population of each unit. */
  readonly populations: Int32Array;
}

export interface Structure {
  readonly re: Float64Array;
  readonly im: Float64Array;
  readonly loadings: Loadings | undefined;
}

/** Of weights J (units × units, row i what drives unit i) and weights V of inputs (units × inputs). */
export function structureOf(J: Float64Array, V: Float64Array, N: number, most: number, seed: number): Structure {
  const low = lowRankOf(J, N, Math.min(MOST_RANK, N - 1));
  const loadings = low && loadingsOf(low, V, most, seed);
  if (loadings) {
    const { re, im } = spectrum(loadings.overlaps, loadings.rank);
    const pad = (values: Float64Array) => Float64Array.of(...values, ...new Float64Array(N - loadings.rank));
    return { re: pad(re), im: pad(im), loadings };
  }
  const { re, im } = N <= MOST_UNITS ? spectrum(J, N) : { re: new Float64Array(0), im: new Float64Array(0) };
  return { re, im, loadings };
}

/** Eigenvalues from the largest modulus down, pairs together. */
function spectrum(matrix: Float64Array, n: number): { readonly re: Float64Array; readonly im: Float64Array } {
  const { re, im } = eigenvaluesOf(matrix, n);
  const size = Float64Array.from(re, (value, k) => Math.hypot(value, im[k]));
  // Both of a pair have the same size to the last bit, and stand in order of their real part, then the positive imaginary part first.
  const order = Array.from(re.keys()).sort((a, b) => size[b] - size[a] || re[b] - re[a] || im[b] - im[a]);
  return { re: Float64Array.from(order, (k) => re[k]), im: Float64Array.from(order, (k) => im[k]) };
}

function loadingsOf(low: LowRank, V: Float64Array, most: number, seed: number): Loadings {
  const { units: N, rank: R, m, n } = low;
  const E = V.length / N;
  const D = 2 * R + E;
  const points = new Float64Array(N * D);
  for (let i = 0; i < N; i++) {
    for (let r = 0; r < R; r++) {
      points[i * D + r] = m[i * R + r];
      points[i * D + R + r] = n[i * R + r];
    }
    for (let e = 0; e < E; e++) points[i * D + 2 * R + e] = V[i * E + e];
  }
  const { mixture, bics } = chooseMixture(points, N, D, most, seed);
  const K = mixture?.components ?? 1;
  const populations = Int32Array.from({ length: N }, (_, i) => {
    let best = 0;
    for (let k = 1; k < K; k++) if (mixture!.memberships[i * K + k] > mixture!.memberships[i * K + best]) best = k;
    return best;
  });
  const populationOverlaps = new Float64Array(K * R * R);
  for (let i = 0; i < N; i++)
    for (let r = 0; r < R; r++)
      for (let s = 0; s < R; s++) populationOverlaps[(populations[i] * R + r) * R + s] += (n[i * R + r] * m[i * R + s]) / N;
  return {
    ...low,
    overlaps: overlaps(n, m, N),
    inputOverlaps: overlaps(n, V, N),
    angles: principalAngles(m, n, N),
    mixture,
    bics,
    populationOverlaps,
    populations,
  };
}

/** Numbers of low-rank weights, for tables and diagnostics. */
export function summaryOf({ rank, mixture, angles, singular }: Loadings): Record<string, number> {
  return {
    rank,
    ...(mixture ? { populations: mixture.components } : {}),
    smallestAngle: angles[0],
    largestAngle: angles[rank - 1],
    largestSingularValue: singular[0],
  };
}
