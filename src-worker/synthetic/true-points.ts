// Fixed points of the systems that synthetic recordings are simulated from, without input: what a fit's points are held against.

import type { Truth } from '../formats/format.ts';
import { IDENTIFIER } from './delayed-reach.ts';
import { GAMMA, GATE, OMEGA, TAU_HOLD, TAU_TRACE } from './reach-system.ts';

export interface TruePoint {
  readonly name: string;
  readonly stability: 'stable' | 'saddle';
  /** Number of unstable modes. */
  readonly unstable: number;
  /** Real and imaginary parts in 1/s, the least stable first; a pair stands once, its imaginary part positive. */
  readonly eigenvalues: readonly (readonly [number, number])[];
  /** Natural logarithms of rates in Hz, one a unit. */
  readonly logRates: Float64Array;
}

interface LatentPoint extends Omit<TruePoint, 'logRates'> {
  readonly latents: readonly number[];
}

/**
 * The delayed reach at a gate of s, a root of s − s³, where everything else is zero. The pairs (q, p) turn as −h − g γ ± i g ω with
 * g = (1 + s)/2 and h = (1 − g)/τ.
 */
function reachAt(name: string, s: number): LatentPoint {
  const g = 0.5 * (1 + s);
  const pair = [-(1 - g) / TAU_HOLD - g * GAMMA, g * OMEGA] as const;
  const gate = [GATE * (1 - 3 * s * s), 0] as const;
  const eigenvalues = [gate, [-1 / TAU_TRACE, 0] as const, pair, pair].sort(([a], [b]) => b - a);
  const unstable = gate[0] > 0 ? 1 : 0;
  return { name, latents: [s, 0, 0, 0, 0, 0], eigenvalues, unstable, stability: unstable ? 'saddle' : 'stable' };
}

const SYSTEMS: Readonly<Record<string, readonly LatentPoint[]>> = {
  [IDENTIFIER]: [reachAt('rest', -1), reachAt('saddle', 0), reachAt('movement', 1)],
};

/** True points with the log rates of the given units (rows of the file's table); undefined for a system that is not known. */
export function truePointsOf(truth: Truth | undefined, unitRows: Int32Array): readonly TruePoint[] | undefined {
  const { system = '', logRateHz } = truth ?? {};
  if (!logRateHz) return undefined;
  return SYSTEMS[system]?.map(({ latents, ...point }) => ({
    ...point,
    logRates: Float64Array.from(unitRows, (row) => logRateHz(row, latents)),
  }));
}
