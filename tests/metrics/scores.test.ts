import { expect, test } from 'vitest';
import { areaUnderCurve } from '../../src-worker/metrics/auc.ts';
import { decodingR2 } from '../../src-worker/metrics/decoding.ts';
import { bitsPerSpike } from '../../src-worker/metrics/likelihood.ts';
import { psthR2 } from '../../src-worker/metrics/psth.ts';
import { key, normal } from '../../src-worker/engine/random.ts';

const spikes = Float32Array.of(1, 0, 0, 2, 0, 1, 1, 1);
const rates = Float64Array.of(0.8, 0.4, 0.3, 1.5, 0.2, 0.9, 0.7, 1.2);

test('bits per spike has its known answers, pooled and per neuron', () => {
  const { pooled, perUnit } = bitsPerSpike(rates, spikes, 2);
  expect(pooled).toBeCloseTo(0.40740917, 8);
  expect(perUnit[0]).toBeCloseTo(0.58174937, 8);
  expect(perUnit[1]).toBeCloseTo(0.32023908, 8);
});

test('each unit’s mean rate is worth nothing', () => {
  const means = Float64Array.from(spikes, (_, i) => [0.5, 1][i % 2]);
  expect(bitsPerSpike(means, spikes, 2).pooled).toBeCloseTo(0, 12);
});

test('a rate of zero under a spike is a rate of 1e-9', () => {
  const zero = rates.with(0, 0);
  const lost = (Math.log(0.8) - 0.8 - (Math.log(1e-9) - 1e-9)) / Math.LN2 / 6;
  expect(bitsPerSpike(zero, spikes, 2).pooled).toBeCloseTo(0.40740917 - lost, 7);
});

test('units can be left out of the pool, bins out of everything', () => {
  expect(bitsPerSpike(rates, spikes, 2, { included: Uint8Array.of(0, 1) }).pooled).toBeCloseTo(0.32023908, 8);
  const observed = Uint8Array.of(1, 1, 1, 0);
  const [seenRates, seenSpikes] = [rates.subarray(0, 6), spikes.subarray(0, 6)];
  expect(bitsPerSpike(rates, spikes, 2, { observed }).pooled).toBeCloseTo(bitsPerSpike(seenRates, seenSpikes, 2).pooled, 12);
  expect(bitsPerSpike(rates, new Float32Array(8), 2).pooled).toBeNaN();
});

test('area under the curve counts pairs in order, ties half', () => {
  expect(areaUnderCurve(Float64Array.of(3, 4), Float64Array.of(1, 2))).toBe(1);
  expect(areaUnderCurve(Float64Array.of(1, 4), Float64Array.of(2, 3))).toBe(0.5);
  expect(areaUnderCurve(Float64Array.of(2), Float64Array.of(1, 2, 3, 4))).toBe(0.375);
  expect(areaUnderCurve(Float64Array.of(), Float64Array.of(1))).toBeNaN();
});

/** Behaviour is a weighted sum of rates `lag` bins earlier, plus noise. */
function moving(trials: number, bins: number, lag: number, noise: number) {
  const units = 4;
  const steps = (bins + 20) * units;
  const walk = Float64Array.from({ length: trials * steps }, (_, i) => normal(key(1), i));
  for (let trial = 0; trial < trials; trial++)
    for (let i = units; i < steps; i++) walk[trial * steps + i] += 0.95 * walk[trial * steps + i - units];
  const at = (trial: number, bin: number, unit: number): number => walk[trial * steps + (bin + 10) * units + unit];
  const fill = (width: number, value: (trial: number, bin: number, k: number) => number): Float32Array =>
    Float32Array.from({ length: trials * bins * width }, (_, i) =>
      value(Math.floor(i / width / bins), Math.floor(i / width) % bins, i % width),
    );
  return {
    trials,
    bins,
    binMs: 20,
    rates: fill(units, at),
    behavior: fill(
      2,
      (trial, bin, c) => at(trial, bin - lag, c) - at(trial, bin - lag, 3) + noise * normal(key(2), (trial * bins + bin) * 2 + c),
    ),
  };
}

test('behaviour that rates determine is decoded, at its lag', () => {
  expect(decodingR2(moving(25, 40, 4, 0))).toBeGreaterThan(0.999);
  expect(decodingR2(moving(25, 40, 4, 3))).toBeLessThan(0.9);
});

test('what rates do not hold is not decoded', () => {
  const { behavior } = moving(25, 40, 0, 0);
  const other = Float32Array.from({ length: 25 * 40 * 4 }, (_, i) => normal(key(9), i));
  expect(decodingR2({ trials: 25, bins: 40, binMs: 20, rates: other, behavior })).toBeLessThan(0.05);
});

test('the decoder learns from trials that do not judge, where there are any', () => {
  const data = moving(30, 40, 0, 1);
  const judges = Uint8Array.from({ length: 30 }, (_, k) => (k % 5 === 4 ? 1 : 0));
  const honest = decodingR2({ ...data, judges });
  const spoiled = Float32Array.from(data.behavior, (v, i) => (judges[Math.floor(i / 80)] ? v : -v));
  expect(honest).toBeGreaterThan(0.5);
  expect(decodingR2({ ...data, behavior: spoiled, judges })).toBeLessThan(0);
});

test('too few trials decode nothing', () => {
  expect(decodingR2(moving(9, 40, 0, 0))).toBeNaN();
});

test('PSTH R² is 1 for the averages themselves, 0 for each unit’s mean', () => {
  const conditions = Int32Array.of(0, 1, 0, 1);
  const counts = Float32Array.from({ length: 4 * 6 * 2 }, (_, i) => (i * 7 + Math.floor(i / 12)) % 5);
  expect(psthR2(counts, counts, 6, 2, conditions, 0)).toBeCloseTo(1, 9);
  const means = [0, 1].map((u) => counts.filter((_, i) => i % 2 === u).reduce((a, b) => a + b) / 24);
  expect(
    psthR2(
      Float32Array.from(counts, (_, i) => means[i % 2]),
      counts,
      6,
      2,
      conditions,
      0,
    ),
  ).toBeCloseTo(0, 5);
});
