// What every checkpoint of a rate network carries beside weights; plain data.

import type { Checkpoint } from '../model.ts';
import type { UnitView } from '../../training/units.ts';
import type { RateSizes } from './architecture.ts';
import type { ForcingState, HeldOut } from './trainee.ts';

/** One rank that was tried, and how it does on what it did not see. */
export interface TriedRank extends HeldOut {
  readonly rank: number;
}

/** Rank that was found in counts of a network of known rank, from the chosen one up; `taught` is 0 for full weights. */
export interface RankControl {
  readonly taught: number;
  readonly found: number;
}

export interface RateFacts {
  readonly sizes: RateSizes;
  readonly view: UnitView;
  readonly seed: number;
  readonly binMs: number;
  readonly device: string;
  readonly build: string;
  readonly forcing: ForcingState;
  /** Ranks that were tried before this one was chosen. */
  readonly tried?: readonly TriedRank[];
  /** The rank that each seed chooses by itself. */
  readonly bySeed?: readonly number[];
  readonly controls?: readonly RankControl[];
}

export const factsOf = ({ state }: Checkpoint): RateFacts => state as unknown as RateFacts;

/** What a search for the rank told, where there was one. */
export const rankFactsOf = ({ tried, bySeed, controls }: RateFacts): Pick<RateFacts, 'tried' | 'bySeed' | 'controls'> =>
  tried ? { tried, ...(bySeed && { bySeed }), ...(controls && { controls }) } : {};
