// How many dimensions a covariance fills: the participation ratio (Σλ)² / Σλ², and its estimate without the bias of few samples.

import type { Numbers } from '../contract/result.ts';

/** (Σλ)² / Σλ² over eigenvalues that are positive: k for k equal ones. NaN where there is no variance. */
export function participationRatio(eigenvalues: Numbers): number {
  let [sum, squares] = [0, 0];
  for (const value of eigenvalues) {
    sum += Math.max(0, value);
    squares += Math.max(0, value) ** 2;
  }
  return sum > 0 ? sum ** 2 / squares : Number.NaN;
}

/**
 * The same of the true covariance, from the eigenvalues of a sample covariance S (divisor k) with k degrees of freedom: of Gaussian samples
 * E tr S² = tr Σ² (k + 1) / k + (tr Σ)² / k and E (tr S)² = (tr Σ)² + 2 tr Σ² / k, solved for those of Σ. NaN below three degrees of freedom.
 */
export function unbiasedParticipationRatio(eigenvalues: Numbers, k: number): number {
  let [sum, squares] = [0, 0];
  for (const value of eigenvalues) {
    sum += value;
    squares += value ** 2;
  }
  const scale = (k + 2) * (k - 1);
  const ofSquare = (k ** 2 / scale) * (squares - sum ** 2 / k);
  const squareOf = ((k + 1) * k * sum ** 2 - 2 * k * squares) / scale;
  return k > 2 && ofSquare > 0 ? squareOf / ofSquare : Number.NaN;
}
