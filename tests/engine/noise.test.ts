import { describe, expect, test } from 'vitest';
import { key, normal, STREAM, uniform } from '../../src-worker/engine/random.ts';
import type { LfadsSizes } from '../../src-worker/models/lfads/architecture.ts';
import { COORDINATED, inverse, PLACE, sampleNoise, threshold } from '../../src-worker/models/lfads/noise.ts';
import { constantsWith, madeUpBatch, SMALL } from './small.ts';
import { BUILDS, Desk, distance } from './desk.ts';

describe.each(BUILDS)('%s noise', (build) => {
  test('normals are those of the plain function to a millionth', () => {
    const d = new Desk(build);
    const keys = [key(1), key(2), 0, 0xffffffff];
    const [rows, width] = [keys.length, 5001];
    const out = d.room(rows * 5008);
    d.k.fillNormals(rows, width, d.putIntegers(keys.map((k) => k | 0)), 7, out, 5008);
    for (const [i, k] of keys.entries()) {
      const wanted = Array.from({ length: width }, (_, j) => normal(k, 7 + j));
      expect(distance(d.get(out + 4 * 5008 * i, width), wanted)).toBeLessThan(1e-6);
      expect(d.get(out + 4 * (5008 * i + width), 3)).toEqual([0, 0, 0]);
    }
  });

  test('dropout keeps the elements that the plain function keeps, wherever a row starts', () => {
    const d = new Desk(build);
    const keys = d.putIntegers([11, -12]);
    const y = d.put([9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9]);
    d.k.dropout(2, 5, d.put(new Float32Array(16).fill(2)), 8, y, 8, keys, 3, threshold(0.4), inverse(0.4), 0);
    const got = d.get(y, 16);
    for (const [row, k] of [11, -12].entries()) {
      const wanted = Array.from({ length: 5 }, (_, i) => (uniform(k, 3 + i) >= 0.4 ? 2 / 0.6 : 0));
      expect(distance(got.slice(8 * row, 8 * row + 5), wanted)).toBeLessThan(1e-6);
    }
    expect(got.slice(5, 8)).toEqual([0, 0, 0]);
  });

  test.each(['masked', 'whole'])('a trial’s input and counted elements are those of the plain arrays (%s)', (kind) => {
    const d = new Desk(build);
    const sizes: LfadsSizes = SMALL;
    const constants = constantsWith({ dropout: 0.3, coordinatedDropout: 0.4, passRate: 0.2 });
    const batch = madeUpBatch(sizes, 3, kind === 'masked');
    const step = 5;
    const noise = sampleNoise(constants, batch, step);
    const observed = d.put(new Float32Array(64));
    const withheld = d.put(new Float32Array(64));
    const trial = 2;
    const T = sizes.bins;
    const counts = batch.counts.subarray(trial * T * sizes.units, (trial + 1) * T * sizes.units);
    if (batch.observed) d.putBytes(observed, batch.observed.subarray(trial * T, (trial + 1) * T));
    const encoded = sizes.encodedBins * sizes.heldIn;
    if (batch.withheld) d.putBytes(withheld, batch.withheld.subarray(trial * encoded, (trial + 1) * encoded));
    const of = (stream: number, counter: number) => key(constants.seed, stream, counter, step, batch.trials[trial]!);
    const [input, target, counted] = [d.room(T * 8), d.room(T * 8), d.room(T * 8)];
    d.k.prepareTrial(
      d.put(counts),
      batch.observed ? observed : 0,
      batch.withheld ? withheld : 0,
      T,
      sizes.units,
      sizes.encodedBins,
      sizes.initialBins,
      sizes.heldIn,
      of(STREAM.coordinatedDropout, COORDINATED.drop),
      of(STREAM.coordinatedDropout, COORDINATED.pass),
      of(STREAM.dropout, PLACE.encoderInput),
      threshold(0.4),
      threshold(0.2),
      inverse(0.4),
      threshold(0.3),
      inverse(0.3),
      input,
      8,
      target,
      counted,
      8,
    );
    for (let t = 0; t < T; t++) {
      const element = (trial * T + t) * sizes.units;
      expect(d.get(counted + 32 * t, sizes.units)).toEqual(Array.from(noise.counted.subarray(element, element + sizes.units)));
      if (t >= sizes.encodedBins) continue;
      const at = (trial * sizes.encodedBins + t) * sizes.heldIn;
      const wanted = Array.from({ length: sizes.heldIn }, (_, n) => batch.counts[element + n]! * noise.input[at + n]!);
      expect(distance(d.get(input + 32 * t, sizes.heldIn), wanted)).toBeLessThan(1e-5);
    }
  });
});
