// What Jacobians say by themselves, beside random networks: nearly all of a linearisation's work, as draws that threads share out.

import type { Job } from '../../contract/job.ts';
import { product } from '../../numerics/matrices.ts';
import { departureOf, schurOf } from '../../numerics/schur.ts';
import { drawsOf } from '../draws/draws.ts';
import type { Draws, ShortDraws } from '../draws/kinds.ts';
import type { Field } from '../fixed-points/field.ts';
import { partOf } from '../part.ts';
import {
  type Growth,
  gaussianSpectrum,
  growthBesideShuffled,
  growthOf,
  type Interval,
  randomRatios,
  ratioOf,
  type Spectrum,
} from './non-normality.ts';

/** x ↦ S⁻¹Vᵀx and back, by the covariance of visited states. */
export interface Whitening {
  readonly to: Float64Array;
  readonly from: Float64Array;
}

export interface Jacobians {
  readonly kind: Field['kind'];
  readonly n: number;
  readonly jacobians: readonly Float64Array[];
  /** |λ| or Re λ of the least stable mode of each. */
  readonly leastStable: readonly number[];
  /** In steps of a map, or ms. */
  readonly duration: number;
  readonly draws: number;
  readonly seed: number;
  readonly gaussians: readonly Spectrum[];
  /** Coordinates in which visited states are white; undefined where they do not span the state space. */
  readonly whitening: Whitening | undefined;
}

export interface Alone {
  readonly henrici: number;
  readonly ratio: number;
  readonly ratioWhitened: number | undefined;
  readonly ratioRandom: Interval;
  readonly growth: Growth;
  readonly growthCoarse: number;
  readonly growthRandom: Interval;
}

/** Multiplications of a Schur form over states³, and of the powers of one random network. */
const SCHUR_WORK = 20;
const POWERS_WORK = 10;
const DOING = 'Linearising';

export async function allAlone(asked: Omit<Jacobians, 'gaussians'>, job: Job): Promise<readonly Alone[]> {
  const { n, jacobians, draws, seed } = asked;
  const gaussians = await drawsOf('Gaussian spectra', { n, seed }, { count: draws, work: SCHUR_WORK * n ** 3 }, partOf(job, 0, 0.1, DOING));
  const data: Jacobians = { ...asked, gaussians: gaussians.map(spectrumIn) };
  const work = (3 * SCHUR_WORK + POWERS_WORK * draws) * n ** 3;
  const found = await drawsOf('Jacobians alone', data, { count: jacobians.length, work }, partOf(job, 0.1, 1, DOING));
  return found.map((numbers) => aloneIn(numbers, n, asked.whitening !== undefined));
}

/** Departure, then the real and the imaginary parts of the eigenvalues. */
export function gaussianSpectra({ n, seed }: { readonly n: number; readonly seed: number }): ShortDraws {
  return (draw) => {
    const { departure, re, im } = gaussianSpectrum(n, seed, draw);
    return Float64Array.of(departure, ...re, ...im);
  };
}

function spectrumIn(numbers: Float64Array): Spectrum {
  const n = (numbers.length - 1) / 2;
  return { departure: numbers[0], re: numbers.slice(1, n + 1), im: numbers.slice(n + 1) };
}

/** The numbers of `Alone` of each Jacobian, in the order of `aloneIn`. */
export function jacobiansAlone({ kind, n, jacobians, leastStable, duration, draws, seed, gaussians, whitening }: Jacobians): Draws {
  return async (place, job) => {
    const [jacobian, least] = [jacobians[place], leastStable[place]];
    const schur = schurOf(jacobian, n);
    const coarse = await growthBesideShuffled(kind, schur, { duration, leastStable: least, draws, seed }, job);
    const growth = growthOf(kind, jacobian, n, duration, least, schur);
    const white = whitening ? ratioOf(schurOf(product(product(whitening.to, jacobian, n), whitening.from, n), n)) : Number.NaN;
    const ratios = [ratioOf(schur), white, ...randomRatios(schur, gaussians)];
    return Float64Array.of(
      departureOf(schur),
      ...ratios,
      growth.norm,
      growth.at,
      coarse.own,
      ...coarse.random,
      ...growth.from,
      ...growth.to,
    );
  };
}

const VECTORS = 10;

function aloneIn(numbers: Float64Array, n: number, whitened: boolean): Alone {
  const [henrici, ratio, ratioWhitened, ratioLow, ratioHigh, norm, at, growthCoarse, growthLow, growthHigh] = numbers;
  const [from, to] = [numbers.slice(VECTORS, VECTORS + n), numbers.slice(VECTORS + n)];
  return {
    henrici,
    ratio,
    ratioWhitened: whitened ? ratioWhitened : undefined,
    ratioRandom: [ratioLow, ratioHigh],
    growth: { norm, at, from, to },
    growthCoarse,
    growthRandom: [growthLow, growthHigh],
  };
}
