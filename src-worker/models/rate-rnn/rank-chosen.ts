// Which of several ranks is chosen by the likelihood of what they did not see, and which are worth another fit.

import type { TriedRank } from './facts.ts';

/** Ranks that do not change the choice before the search ends. */
export const PATIENT = 2;

const mean = (values: readonly number[]): number => values.reduce((sum, x) => sum + x / values.length, 0);

/** Part of the best rank's gain over constant rates that is no reason for another rank: another seed makes as much of a difference. */
const SLIGHT = 0.02;

/**
 * The smallest rank whose likelihood is within one standard error of the best one's, or loses only a slight part of its gain. The error is that of
 * the differences trial by trial, since trials differ among each other far more than ranks do.
 */
export function chosenRank(tried: readonly TriedRank[]): number {
  const best = bestOf(tried);
  for (const one of tried.toSorted((a, b) => a.rank - b.rank)) {
    const { lost, error, slight } = against(best, one);
    if (lost <= Math.max(slight, error)) return one.rank;
  }
  return best.rank;
}

/** So many standard errors, and slight parts of the gain, are more than seeds make of a difference. */
const FAR = 5;

/** Whether other seeds of a rank are not worth a fit. */
export function isFar(tried: readonly TriedRank[], one: TriedRank): boolean {
  const { lost, error, slight } = against(bestOf(tried), one);
  return lost > FAR * Math.max(slight, error);
}

/** What is lost by a rank that is not the best, in nats an element, with the standard error of that. */
function against(best: TriedRank, { nlls }: TriedRank): { readonly lost: number; readonly error: number; readonly slight: number } {
  const differences = nlls.map((nll, i) => nll - best.nlls[i]);
  const lost = mean(differences);
  const variance = mean(differences.map((x) => (x - lost) ** 2)) * (nlls.length / Math.max(1, nlls.length - 1));
  return { lost, error: Math.sqrt(variance / nlls.length), slight: SLIGHT * Math.max(0, best.ofMeans - mean(best.nlls)) };
}

const bestOf = (tried: readonly TriedRank[]): TriedRank => tried.reduce((a, b) => (mean(b.nlls) < mean(a.nlls) ? b : a));

/** Whether further ranks are not worth a fit: so many did not change the choice. */
export function isEnough(tried: readonly TriedRank[]): boolean {
  return tried.at(-1)!.rank - chosenRank(tried) >= PATIENT;
}

/** The same rank from several seeds as one: each trial's mean. */
export function overSeeds(fits: readonly TriedRank[]): TriedRank {
  const [{ rank, nlls }] = fits;
  return { rank, ofMeans: mean(fits.map((one) => one.ofMeans)), nlls: nlls.map((_, trial) => mean(fits.map((one) => one.nlls[trial]))) };
}
