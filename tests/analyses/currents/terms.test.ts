import { describe, expect, test } from 'vitest';
import { componentsOf } from '../../../src-worker/analyses/currents/components.ts';
import { secondDifferenceSd } from '../../../src-worker/models/constrained/noise.ts';
import { spectrumOf } from '../../../src-worker/analyses/belief/regressors.ts';
import { modulated } from '../../../src-worker/analyses/belief/rows.ts';
import { CurrentMaker, sharesOf, splitParts } from '../../../src-worker/analyses/currents/terms.ts';
import { key, normal } from '../../../src-worker/engine/random.ts';

const random = (stream: number, size: number): Float64Array => Float64Array.from({ length: size }, (_, i) => normal(key(61, stream), i));

const units = 11;
const samples = 37;
const flowing = { units, samples, weights: random(1, units * units), activity: random(2, units * samples) };
const regions = [Int32Array.of(0, 3, 4, 9), Int32Array.of(1, 2, 10), Int32Array.of(5, 6, 7, 8)];
const maker = new CurrentMaker(units, samples);

/** J r of one unit at one time. */
function whole(target: number, t: number): number {
  let sum = 0;
  for (let j = 0; j < units; j++) sum += flowing.weights[target * units + j] * flowing.activity[j * samples + t];
  return sum;
}

test('currents from all regions add up to J r, and their parts to each of them', () => {
  for (const into of regions) {
    const from = regions.map((sources) => maker.from(flowing, into, sources));
    for (let at = 0; at < into.length * samples; at++)
      expect(from.reduce((sum, current) => sum + current[at], 0)).toBeCloseTo(whole(into[Math.floor(at / samples)], at % samples), 12);
    for (const [k, sources] of regions.entries())
      for (const split of ['weight', 'current'] as const) {
        const { excitatory, inhibitory } = splitParts(maker, flowing, into, sources, split);
        for (let at = 0; at < excitatory.length; at++) expect(excitatory[at] + inhibitory[at]).toBeCloseTo(from[k][at], 12);
      }
  }
});

test('excitatory means another thing by weight and by current', () => {
  const two = { units: 2, samples: 1, weights: Float64Array.of(2, -1, 0, 0), activity: Float64Array.of(-0.5, 0.5) };
  const both = Int32Array.of(0, 1);
  const small = new CurrentMaker(2, 1);
  const parts = (split: 'weight' | 'current'): readonly number[] => {
    const { excitatory, inhibitory } = splitParts(small, two, Int32Array.of(0), both, split);
    return [excitatory[0], inhibitory[0]];
  };
  expect(parts('weight')).toEqual([-1, -0.5]);
  expect(parts('current')).toEqual([0, -1.5]);
});

test('shares of sizes and of projections each sum to 1, and cancellation is seen', () => {
  const into = regions[1];
  const still = { ...flowing, activity: modulated(flowing.activity, samples) };
  const { shares, signed } = sharesOf(regions.map((sources) => maker.from(still, into, sources)));
  expect(shares.reduce((sum, one) => sum + one)).toBeCloseTo(1, 12);
  expect(signed.reduce((sum, one) => sum + one)).toBeCloseTo(1, 12);
  const against = sharesOf([Float64Array.of(5, 1), Float64Array.of(-4, -1)]);
  expect(against.cancellation).toBeGreaterThan(9);
  expect(against.signed[1]).toBeLessThan(0);
});

describe('what weights are regressed on', () => {
  test('activity of three patterns has rank three and no condition to speak of', () => {
    const patterns = random(3, units * 3);
    const times = random(4, 3 * samples);
    const low = Float64Array.from({ length: units * samples }, (_, at) => {
      const [u, t] = [Math.floor(at / samples), at % samples];
      return patterns[u * 3] * times[t] + patterns[u * 3 + 1] * times[samples + t] + patterns[u * 3 + 2] * times[2 * samples + t];
    });
    const { rank, dimensions95, condition } = spectrumOf(low, units, samples);
    expect(rank).toBe(3);
    expect(dimensions95).toBeLessThanOrEqual(3);
    expect(condition).toBeGreaterThan(1e5);
    expect(spectrumOf(flowing.activity, units, samples).rank).toBe(units);
  });

  test('white noise shows its own size in second differences', () => {
    const values = random(5, 4 * 3000 * 2).map((value) => 0.3 * value);
    for (const sd of secondDifferenceSd(values, 4, 3000, 2)) expect(Math.abs(sd - 0.3)).toBeLessThan(0.01);
  });
});

test('components of a current that goes one way hold all of it', () => {
  const [targets, times] = [random(6, 5), modulated(random(7, samples), samples)];
  const one = Float64Array.from({ length: 5 * samples }, (_, at) => targets[Math.floor(at / samples)] * times[at % samples]);
  const { scores, shares } = componentsOf(one, 5, samples, 3);
  expect(shares[0]).toBeCloseTo(1, 10);
  const size = Math.hypot(...targets);
  for (let t = 0; t < samples; t++) expect(Math.abs(scores[t])).toBeCloseTo(Math.abs(size * times[t]), 9);
});
