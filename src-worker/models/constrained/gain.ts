// The g of a seed: an ensemble varies it beside the first weights, so that its spread tells of both.

import { key, uniform } from '../../engine/random.ts';

const STREAM = 123;

export const gainSpread = {
  kind: 'number',
  label: 'Spread of g',
  help: 'Seeds other than 0 begin with a g that differs by up to this share, so that an ensemble varies it beside the first weights',
  default: 0.2,
  min: 0,
  max: 1,
  tier: 'rare',
} as const;

/** As it was asked for of seed 0, evenly about it of others. */
export const gainOf = (gain: number, spread: number, seed: number): number =>
  seed === 0 ? gain : gain * (1 + spread * (2 * uniform(key(seed, STREAM), 0) - 1));
