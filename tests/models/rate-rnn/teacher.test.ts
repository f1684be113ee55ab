// Identities of teacher, generalised teacher and error forcing (methods.md 4.7, specification i), of the formulas and of whole runs.

import { describe, expect, test } from 'vitest';
import { pastCorrection } from '../../../src-worker/engine/rate-rnn/teacher.ts';
import { key, normal } from '../../../src-worker/engine/random.ts';
import { makeFusedRateStepper } from '../../../src-worker/models/rate-rnn/fused.ts';
import type { RateConstants } from '../../../src-worker/models/rate-rnn/stepper.ts';
import {
  corrected,
  forcedState,
  fromSmoothed,
  gaussNewton,
  pulled,
  type Readout,
  readOut,
} from '../../../src-worker/models/rate-rnn/teacher.ts';
import { makeCase } from './cases.ts';

const draw = (seed: number, length: number, sd = 1): Float64Array => Float64Array.from({ length }, (_, i) => sd * normal(key(seed, 5), i));

const readoutOf = (units: number, states: number, seed = 1): Readout => ({
  units,
  states,
  C: draw(seed, units * states, 0.5),
  d: draw(seed + 10, units, 0.3),
  logVariance: new Float64Array(0),
});

const wide = readoutOf(4, 9);
const tall = readoutOf(12, 5);

const expectClose = (a: ArrayLike<number>, b: ArrayLike<number>, within: number) => {
  expect(a.length).toBe(b.length);
  for (let i = 0; i < a.length; i++) expect(Math.abs(a[i] - b[i])).toBeLessThanOrEqual(within);
};

/** (I − C⁺C) v, C⁺ by the normal equations. */
function outside({ units, states, C }: Readout, v: ArrayLike<number>): Float64Array {
  const gram = new Float64Array(units * units);
  for (let a = 0; a < units; a++)
    for (let b = 0; b < units; b++) for (let i = 0; i < states; i++) gram[a * units + b] += C[a * states + i] * C[b * states + i];
  const past = pastCorrection(C, gram, states, units);
  return Float64Array.from({ length: states }, (_, i) => {
    let sum = 0;
    for (let j = 0; j < states; j++) sum += past[i * states + j] * v[j];
    return sum;
  });
}

describe('error forcing', () => {
  const z = draw(3, 9);
  const wanted = draw(4, 4);

  test('changes only what is observed, and meets it where units are fewer than states', () => {
    const moved = z.map((x, i) => x + corrected(wide, z, wanted)[i]);
    expectClose(outside(wide, moved), outside(wide, z), 1e-8); // κ stands for 0
    expectClose(readOut(wide, moved), wanted, 1e-8);
  });

  test('with more units than states is the best state, whatever the state was', () => {
    const theta = draw(6, 12);
    const [a, b] = [draw(7, 5), draw(8, 5)];
    const from = (x: Float64Array) => x.map((value, i) => value + corrected(tall, x, theta)[i]);
    expectClose(from(a), from(b), 1e-4);
    // C x̃ is the projection of θ* − d on what C reaches: what is left is orthogonal to every column.
    const left = readOut(tall, from(a)).map((x, n) => theta[n] - x);
    for (let i = 0; i < 5; i++) {
      let along = 0;
      for (let n = 0; n < 12; n++) along += tall.C[n * 5 + i] * left[n];
      expect(Math.abs(along)).toBeLessThan(1e-4);
    }
  });
});

describe('a teacher by one Gauss–Newton step', () => {
  test.each([
    ['fewer units than states', wide],
    ['more units than states', tall],
  ])('with %s stays where counts are as expected, whatever κ, and moves only what is observed', (_, readout) => {
    const z = draw(9, readout.states);
    const expected = readOut(readout, z).map(Math.exp);
    for (const ridge of [1e-3, 1, 30]) expectClose(gaussNewton(readout, z, expected, ridge), new Float64Array(readout.states), 1e-15);
    const counts = Float64Array.from({ length: readout.units }, (_, n) => n % 3);
    const moved = gaussNewton(readout, z, counts, 1);
    if (readout.units < readout.states) expectClose(outside(readout, moved), new Float64Array(readout.states), 1e-8);
  });

  test('is the same number by units and by states', () => {
    // Nine states and four units, and the same with five more units that say nothing.
    const silent = 6;
    const longer: Readout = { ...wide, units: 4 + silent, C: Float64Array.of(...wide.C, ...new Float64Array(silent * 9)), d: draw(1, 10) };
    const weights = Float64Array.of(0.5, 2, 0.1, 1);
    const errors = draw(11, 4);
    const pad = (x: Float64Array) => Float64Array.of(...x, ...new Float64Array(silent));
    expectClose(pulled(longer, pad(weights), pad(errors), 0.7), pulled(wide, weights, errors, 0.7), 1e-14);
  });
});

test('exact log rates lead back to the state', () => {
  const z = draw(12, 5);
  expectClose(fromSmoothed(tall, readOut(tall, z), 1e-12), z, 1e-9);
});

describe('forced states', () => {
  const constants = (forcing: RateConstants['forcing']): RateConstants => ({ ...makeCase('', {}, 0).constants, forcing });
  const z = draw(13, 9, 0.2);
  const counts = Float64Array.of(0, 1, 2, 0);
  const at = (forcing: RateConstants['forcing'], strength: number) => forcedState(constants(forcing), wide, z, counts, undefined, strength);

  test('teacher forcing is generalised forcing with a strength of 1, and a strength of 0 leaves states alone', () => {
    expectClose(at('generalised', 1), at('teacher', 1), 1e-15);
    expectClose(at('generalised', 0), z, 0);
    const half = at('generalised', 0.5);
    expectClose(
      half,
      z.map((x, i) => (x + at('teacher', 1)[i]) / 2),
      1e-15,
    );
  });

  test('no teacher moves a state far', () => {
    const far = forcedState(
      constants('teacher'),
      wide,
      z,
      counts.map((k) => 1000 * k),
      undefined,
      1,
    );
    expect(Math.hypot(...far.map((x, i) => x - z[i]))).toBeCloseTo(3, 10);
  });
});

test('runs with a strength of 0 are free runs, bit for bit', async () => {
  const { constants, batch, weights, settings } = makeCase('forced', { constants: { forcing: 'generalised', dropout: 0 } }, 3);
  const free = { ...constants, forcing: 'none' as const };
  const [a, b] = [await makeFusedRateStepper(constants, 1), await makeFusedRateStepper(free, 1)];
  try {
    for (const stepper of [a, b]) stepper.setWeights(weights);
    expect(await a.forward(batch, 0)).toEqual(await b.forward(batch, 0));
    expect(await a.gradients(batch, { ...settings, strength: 0 })).toEqual(await b.gradients(batch, { ...settings, strength: 0 }));
    expect((await a.forward(batch, 0.5)).rates).not.toEqual((await b.forward(batch, 0)).rates);
  } finally {
    await Promise.all([a.close(), b.close()]);
  }
});
