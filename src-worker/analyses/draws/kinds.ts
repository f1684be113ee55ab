// What is drawn many times: each kind makes, out of plain data, the function that gives the numbers of a draw.

import { shuffledRotations, surrogateRotations } from '../jpca/controls.ts';
import { bootstrapped, refitted, withShuffledTrials } from '../residual-dynamics/controls.ts';

/** The numbers of a draw. */
export type Draws = (draw: number) => Float64Array;

export const kinds = {
  'surrogate rotations': surrogateRotations,
  'shuffled rotations': shuffledRotations,
  'residual bootstrap': bootstrapped,
  'residual shuffles': withShuffledTrials,
  'residual refits': refitted,
} as const;

export type Kind = keyof typeof kinds;
export type DataOf<K extends Kind> = Parameters<(typeof kinds)[K]>[0];
