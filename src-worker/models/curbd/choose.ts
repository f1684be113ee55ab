// How strongly CURBD's weights are held back: P₀, after which recursive least squares is a ridge regression towards the first weights with penalty
// 1/P₀ (specifications l), by free runs of rows that the weights were not fitted to.
//
// While it learns, each bin corrects the weights for the next, so that a network follows what it could not make: errors while learning always
// fall with P₀, those of free runs do not.

import { minus } from '../../contract/minus.ts';
import { Failure } from '../../contract/failure.ts';
import type { Activity } from '../constrained/activity.ts';
import { heldBackRows, strongestEnough } from '../constrained/held-back.ts';
import { type DrivenNetwork, explained, freeRun } from '../constrained/network.ts';
import type { RowsLearner } from './learner.ts';

/** From the strongest penalty on. */
const CANDIDATES = [0.001, 0.01, 0.1, 1];
/** Fits that a search is foretold to take: one more than the usual choice. */
const USUALLY = 3;
/** A stronger penalty is taken where it loses no more than this share of what the best gives. */
const SLIGHT = 0.02;
/** Where nothing can be held back. */
const UNTRIED = 0.01;
/** Below this a network left alone gives little of what it was not fitted to. */
export const POOR = 0.1;
/** Rows of recordings without trials are run through in pieces of so many τ: beyond, chaos and noise decide. */
export const PIECE_TAUS = 6;
/** The same in fits to all rows: those held back are left out. */
export const USUALLY_TRIED = 0.8 * USUALLY;
/** Share of a fit that choosing is. */
export const CHOOSING = USUALLY_TRIED / (USUALLY_TRIED + 1);

export interface ChosenP0 {
  readonly p0: number;
  /** Share of the variance of rows held back that free runs explain; absent where none could be. */
  readonly heldBack?: number;
}

interface Trial {
  readonly runs: number;
  learnerOf(activity: Activity, p0: number): RowsLearner;
  networkOf(J: Float64Array): DrivenNetwork;
  /** Awaited with the share done. */
  tick(done: number): Promise<void>;
}

export async function chooseP0(activity: Activity, pieceBins: number, { runs, learnerOf, networkOf, tick }: Trial): Promise<ChosenP0> {
  const rows = heldBackRows(activity, pieceBins);
  if (!rows) return { p0: UNTRIED };
  const { candidate, share } = await strongestEnough(
    CANDIDATES,
    async (p0, place) => {
      const learner = learnerOf(rows.fitted, p0);
      const done = (run: number): number => Math.min(1, (place + run / runs) / USUALLY);
      try {
        for (let run = 0; run < runs; run++) await learner.run(true, (part) => tick(done(run + part)));
      } catch (error) {
        if (error instanceof Failure && error.code === 'not-finite') return { share: Number.NEGATIVE_INFINITY, fit: undefined };
        throw error;
      }
      const free = freeRun(networkOf(learner.weights().J), rows.heldBack);
      return { share: explained(rows.heldBack, free.values).pVar, fit: undefined };
    },
    SLIGHT,
  );
  return { p0: candidate, heldBack: share };
}

const two = (value: number): string => minus(value.toFixed(2));

export const chosenSaid = ({ heldBack }: ChosenP0): string =>
  heldBack === undefined
    ? 'Small: no row could be held back to choose by'
    : `By rows held back: left alone, the network explains ${two(heldBack)} of their variance`;

export const poorSaid = ({ p0, heldBack = 0 }: ChosenP0): string =>
  `Left alone, the network explains at best ${two(heldBack)} of the variance of rows held back (P₀ ${p0}): its weights hold little of the dynamics. Fit CORNN beside it, or average more with --trials-per-average.`;
