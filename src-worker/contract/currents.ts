// Currents between the regions of a data-constrained network as other processes see them, and as `analyze currents --json` prints them.
//
// Weights, free runs and what refits give back are arrays of `belief` (contract/belief.ts), activity before and after of `activity`.
//
// The result's arrays (target and source count regions in the order of `regions`, row the condition averages or trials in use, member the
// networks of all seeds, the run's own first; units in order of region):
//
//   regions              units of each region, named after it
//   unitRegions          region of each unit of the network; unitRows its row of the file's table
//   rowConditions        condition of each row, −1 for none; rowTrials trials in it
//   timeMs               bin centres
//   size                 member × target × source × bin: rms over target units and rows, time mean of each unit taken away
//   sizeControl          quantile (5, 50, 95 %) × target × source × bin: the same with labels of source units shuffled
//   mean                 target × source × row × bin: mean over target units, signed, time mean in it
//   excitatory, inhibitory  target × source × row × bin: the two parts of `mean`, as `split` says
//   sizeParts            part (excitatory, inhibitory) × target × source × bin: rms of each part, time mean of each unit taken away
//   meanBySeed           member × target × source × bin: mean over target units and rows, signed
//   components           target × source × component × row × bin: what principal components over target units do, time mean taken away
//   componentParts       part × target × source × component × row × bin: the two parts along the same components, which they add up to
//   componentShares      target × source × component: share of the current's variance
//   shares, signedShares, perSourceUnit   member × target × source
//   shareControl         quantile (5, 50, 95 %) × target × source
//   byUnit               unit × source × row × bin: the current into each unit, signed (absent where it would be too large)
//   freeRunPVar, conditionMeanPVar   unit: share of its variance that the network left alone explains, and that means of conditions do
//   recoveredCurrents    repeat × target × source: correlation with currents of networks fitted again to this one's own noisy activity
//   shiftedSizes         target × source: size of the current with the source's activity shifted in time in the fit over its size, NaN within a
//                        region; shiftedBins source: by so much; shiftedTruth target × source: correlation with true currents
//   truth                member × target × source: correlation with true currents; truthControl as shareControl (where true weights are known)

import type { Diagnostic } from './belief.ts';

export interface CurrentRegion {
  readonly name: string;
  readonly units: number;
}

export interface CurrentPair {
  readonly into: string;
  readonly from: string;
  /** In `unit`, over target units, rows and time; time mean of each unit taken away. */
  readonly rms: number;
  /** Over seeds. */
  readonly rmsRange: readonly [number, number];
  /** Share of the sizes of all currents into the target: the run's, the range over seeds, and 5, 50, 95 % with labels shuffled. */
  readonly share: number;
  readonly shareRange: readonly [number, number];
  readonly shareControl: readonly [number, number, number];
  /** Share of the summed current that this one carries, by projection; negative where it works against the sum. */
  readonly signedShare: number;
  /** Share of size over units of the source. */
  readonly perSourceUnit: number;
  /** Mean over target units, rows and time of the whole current, of its excitatory and of its inhibitory part. */
  readonly mean: number;
  readonly excitatory: number;
  readonly inhibitory: number;
  readonly componentShares: readonly number[];
  /** Correlation with currents of networks fitted again to this one's own noisy activity, mean over repeats. */
  readonly recovery?: number;
  /** Size over its size where the source's activity was shifted in time before the fit; absent within a region. */
  readonly shifted?: number;
  /** Correlation with true currents where true weights are known, and the 95 % quantile with labels shuffled. */
  readonly truth?: number;
  readonly truthControl?: number;
}

/** A unit of the network left alone, over trials that judge it. */
export interface CurrentUnit {
  /** Row of the file's table. */
  readonly unit: number;
  readonly region: string;
  /** Share of its variance that the free run explains, and that the means of conditions over training explain; absent where it does not vary. */
  readonly freeRunPVar?: number;
  readonly conditionMeanPVar?: number;
}

export interface Currents {
  readonly regions: readonly CurrentRegion[];
  readonly pairs: readonly CurrentPair[];
  /** Of currents: Hz, or log rate where a network of counts gives that. */
  readonly unit: string;
  /** What excitatory means: a positive weight, or a positive current. */
  readonly split: 'weight' | 'current';
  /** In order of region. */
  readonly units: readonly CurrentUnit[];
  readonly diagnostics: readonly Diagnostic[];
}
