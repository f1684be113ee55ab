// What is drawn many times: each kind makes, out of plain data, the function that gives the numbers of a draw.

import type { Job } from '../../contract/job.ts';
import { modesOfJacobians } from '../fixed-points/modes.ts';
import { shuffledRotations, surrogateRotations } from '../jpca/controls.ts';
import { gaussianSpectra, jacobiansAlone } from '../linearize/alone.ts';
import { drivenSequences } from '../lyapunov/driven.ts';
import { orbitPieces } from '../lyapunov/pieces.ts';
import { bootstrapped, refitted, withShuffledTrials } from '../residual-dynamics/controls.ts';

/** The numbers of a draw; long ones look at the job given for it, whose progress goes from 0 to 1. */
export type Draws = (draw: number, job: Job) => Float64Array | Promise<Float64Array>;

/** The same of draws too short to be looked at. */
export type ShortDraws = (draw: number) => Float64Array;

export const kinds = {
  'surrogate rotations': surrogateRotations,
  'shuffled rotations': shuffledRotations,
  'residual bootstrap': bootstrapped,
  'residual shuffles': withShuffledTrials,
  'residual refits': refitted,
  'driven sequences': drivenSequences,
  'pieces of an orbit': orbitPieces,
  'Gaussian spectra': gaussianSpectra,
  'Jacobians alone': jacobiansAlone,
  modes: modesOfJacobians,
} as const;

export type Kind = keyof typeof kinds;
export type DataOf<K extends Kind> = Parameters<(typeof kinds)[K]>[0];
