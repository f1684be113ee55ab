// The known answer of specification h: a network of 200 units and rank 2, each of them recorded, is found to have rank 2, and to be driven along the
// same directions.

import { expect, test } from 'vitest';
import { makeDataset } from '../../../src-worker/dataset/index.ts';
import { key, normal } from '../../../src-worker/engine/random.ts';
import { factsOf } from '../../../src-worker/models/rate-rnn/facts.ts';
import { networkOf } from '../../../src-worker/models/rate-rnn/flow.ts';
import { rateRnn } from '../../../src-worker/models/rate-rnn/index.ts';
import { lowRankOf, principalAngles } from '../../../src-worker/numerics/low-rank.ts';
import { bestWeights } from '../../../src-worker/training/loop.ts';
import { array, fakeRecording, quietJob } from '../../dataset/fake-recording.ts';
import { fitJob } from '../fits.ts';

const [UNITS, RANK, TRIALS, BINS] = [200, 2, 60, 24];
const LEAK = 0.1;
const random = (stream: number, i: number): number => normal(key(81, stream), i);

/** Dimensions that turn into each other and grow until tanh holds them. */
const m = Array.from({ length: RANK }, (_, r) => Float64Array.from({ length: UNITS }, (_, i) => random(r, i)));
const n = m.map((own, r) => own.map((value, i) => 2 * value + (r === 0 ? -1 : 1) * m[1 - r][i] + 0.5 * random(10 + r, i)));

function states(): number[] {
  const all: number[] = [];
  for (let trial = 0; trial < TRIALS; trial++) {
    const start = [1.2 * random(20, trial), 1.2 * random(21, trial)];
    let x = Float64Array.from({ length: UNITS }, (_, i) => start[0] * m[0][i] + start[1] * m[1][i]);
    for (let t = 0; t < BINS; t++) {
      for (let i = 0; i < UNITS; i++) all.push(x[i] + 0.05 * random(30 + trial, t * UNITS + i));
      const kappa = n.map((own) => own.reduce((sum, value, j) => sum + value * Math.tanh(x[j]), 0) / UNITS);
      x = x.map((value, i) => value + LEAK * (kappa[0] * m[0][i] + kappa[1] * m[1][i] - value));
    }
  }
  return all;
}

test('rank 2 of 200 units is chosen, and its directions are found to 5°', { timeout: 60_000 }, async () => {
  const recording = fakeRecording({ arrays: [array('/x', [TRIALS, BINS, UNITS], states())] });
  const dataset = await makeDataset(recording, { rates: '/x', dtMs: 10, valid: 'every:5' }, quietJob());
  const settings = {
    rank: 'auto',
    rankSeeds: 1,
    rankControls: false,
    readout: 'units',
    tauMs: 100,
    steps: 40,
    encoder: 8,
    validateEvery: 20,
    batch: 32,
    learningRate: 0.002,
  } as const;
  const resolved = rateRnn.resolve(dataset, settings);
  expect(resolved.start.value).toBe('regression');
  const { checkpoint, notes } = await rateRnn.fit(dataset, resolved, fitJob());
  const { sizes, view } = factsOf(checkpoint);
  expect(sizes.rank).toBe(RANK);
  expect(notes.join(' ')).toContain('Rank 2, the smallest');
  const found = lowRankOf(networkOf(checkpoint).W, UNITS, RANK)!;
  const readout = bestWeights(checkpoint)['readout.W'];
  // A state of the network stands for the unit's value by its readout and its scale.
  const directions = found.m.map((value, at) => {
    const i = Math.floor(at / RANK);
    return value * readout[i * (UNITS + 1)] * view.scale[i];
  });
  const truth = Float64Array.from({ length: UNITS * RANK }, (_, at) => m[at % RANK][Math.floor(at / RANK)]);
  for (const angle of principalAngles(directions, truth, UNITS)) expect(angle).toBeLessThan(5);
});

test('first weights and states that follow from what was recorded need recorded units of continuous activity', async () => {
  const recording = fakeRecording({
    arrays: [
      array(
        '/x',
        [10, 5, 4],
        Array.from({ length: 200 }, (_, i) => random(99, i)),
      ),
    ],
  });
  const dataset = await makeDataset(recording, { rates: '/x', dtMs: 10 }, quietJob());
  for (const asked of [{ start: 'regression' }, { initial: 'recorded' }] as const)
    expect(() => rateRnn.resolve(dataset, { readout: 'population', ...asked })).toThrow(/--readout units/);
  expect(rateRnn.resolve(dataset, { readout: 'population' }).start.value).toBe('random');
  const { readout, start, initial } = rateRnn.resolve(dataset, {});
  expect([readout.value, start.value, initial.value]).toEqual(['units', 'regression', 'recorded']);
  // Units that are hidden from the model have no state of their own.
  const hidden = await makeDataset(recording, { rates: '/x', dtMs: 10, heldOutUnits: 'every:4' }, quietJob());
  expect(rateRnn.resolve(hidden, {}).readout.value).toBe('population');
});
