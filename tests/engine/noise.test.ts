import { describe, expect, test } from 'vitest';
import { key, normal, STREAM, uniform } from '../../src-worker/engine/random.ts';
import type { LfadsSizes } from '../../src-worker/models/lfads/architecture.ts';
import { COORDINATED, inverse, PLACE, sampleNoise, threshold } from '../../src-worker/models/lfads/noise.ts';
import { constantsWith, madeUpBatch, SMALL } from './small.ts';
import { BUILDS, Desk, distance, randoms } from './desk.ts';

/** Enough units that vectors of 8 and of 4, and a rest, are prepared. */
const WIDE: LfadsSizes = { ...SMALL, units: 30, heldIn: 23 };

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

  test('dropout both ways is dropout of each', () => {
    const d = new Desk(build);
    const keys = d.putIntegers([11, -12, 5]);
    const [rows, width] = [3, 21];
    const [x, dy, dx] = [randoms(1, 72), randoms(2, 72), randoms(3, 72)];
    const both = { y: d.room(72), dx: d.put(dx) };
    const each = { y: d.room(72), dx: d.put(dx) };
    const told = [keys, 7, threshold(0.4), inverse(0.4)] as const;
    d.k.dropoutBoth(rows, width, d.put(x), both.dx, 24, both.y, d.put(dy), 24, ...told);
    d.k.dropout(rows, width, d.put(x), 24, each.y, 24, ...told, 0);
    d.k.dropout(rows, width, d.put(dy), 24, each.dx, 24, ...told, 1);
    expect(d.get(both.y, 72)).toEqual(d.get(each.y, 72));
    expect(d.get(both.dx, 72)).toEqual(d.get(each.dx, 72));
    expect(d.get(both.y, 21).filter((value) => value === 0).length).toBeGreaterThan(2);
  });

  test.each([
    ['masked', SMALL, 0.4, 0.2],
    ['whole', SMALL, 0.4, 0.2],
    ['whole, all kept elements blocked', SMALL, 0.4, 0],
    ['masked, wide', WIDE, 0.4, 0.2],
    ['whole, wide', WIDE, 0.4, 0.2],
    ['whole, wide, all kept elements blocked', WIDE, 0.4, 0],
    ['whole, wide, without coordinated dropout', WIDE, 0, 0],
  ] as const)('a trial’s input and counted elements are those of the plain arrays (%s)', (kind, sizes, coordinated, passRate) => {
    const d = new Desk(build);
    const constants = constantsWith({ sizes, dropout: 0.3, coordinatedDropout: coordinated, passRate });
    const width = 8 * Math.ceil(sizes.units / 8);
    const batch = madeUpBatch(sizes, 3, kind.startsWith('masked'));
    const step = 5;
    const noise = sampleNoise(constants, batch, step);
    const observed = d.room(64);
    const withheld = d.room(64);
    const trial = 2;
    const T = sizes.bins;
    const counts = batch.counts.subarray(trial * T * sizes.units, (trial + 1) * T * sizes.units);
    if (batch.observed) d.putBytes(observed, batch.observed.subarray(trial * T, (trial + 1) * T));
    const encoded = sizes.encodedBins * sizes.heldIn;
    if (batch.withheld) d.putBytes(withheld, batch.withheld.subarray(trial * encoded, (trial + 1) * encoded));
    const of = (stream: number, counter: number) => key(constants.seed, stream, counter, step, batch.trials[trial]!);
    const [input, target, counted] = [d.room(T * width), d.room(T * width), d.room(T * width)];
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
      threshold(coordinated),
      threshold(passRate),
      inverse(coordinated),
      threshold(0.3),
      inverse(0.3),
      input,
      width,
      target,
      counted,
      width,
    );
    for (let t = 0; t < T; t++) {
      const element = (trial * T + t) * sizes.units;
      const isMissing = batch.observed?.[trial * T + t] === 0;
      expect(d.get(target + 4 * width * t, width)).toEqual(
        Array.from({ length: width }, (_, n) => (n < sizes.units && !isMissing ? batch.counts[element + n]! : 0)),
      );
      expect(d.get(counted + 4 * width * t, sizes.units)).toEqual(Array.from(noise.counted.subarray(element, element + sizes.units)));
      if (t >= sizes.encodedBins) continue;
      const at = (trial * sizes.encodedBins + t) * sizes.heldIn;
      const wanted = Array.from({ length: sizes.heldIn }, (_, n) => batch.counts[element + n]! * noise.input[at + n]!);
      expect(distance(d.get(input + 4 * width * t, sizes.heldIn), wanted)).toBeLessThan(1e-5);
    }
  });
});
