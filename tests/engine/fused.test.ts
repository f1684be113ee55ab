import { setTimeout } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import type { Failure } from '../../src-worker/contract/failure.ts';
import { divide, share } from '../../src-worker/engine/memory.ts';
import { makeFusedStepperOf } from '../../src-worker/models/lfads/fused.ts';
import { makeReferenceStepper } from '../../src-worker/models/lfads/op-by-op/reference.ts';
import type { Averager, Batch, LfadsConstants, Outputs, Stepper } from '../../src-worker/models/lfads/stepper.ts';
import { BUILDS, distance } from './desk.ts';
import { constantsWith, madeUpBatch, movedWeights, settingsAt } from './small.ts';

async function withStepper<T>(
  constants: LfadsConstants,
  use: (stepper: Averager) => Promise<T>,
  { threads = 1, build = BUILDS[0]! } = {},
): Promise<T> {
  const stepper = await makeFusedStepperOf(build, constants, threads);
  try {
    stepper.setWeights(movedWeights(constants.sizes));
    return await use(stepper);
  } finally {
    await stepper.close();
  }
}

/** A batch of so many shards that they go two by two. */
const SHARED = 205;

const everything = (stepper: Stepper) => ({ weights: stepper.weights(), moments: stepper.moments() });

describe('fused LFADS', () => {
  test.each([37, SHARED])('threads change no bit over several steps of %i trials', async (trials) => {
    const constants = constantsWith({ batch: trials });
    const batch = madeUpBatch(constants.sizes, constants.batch, true);
    const after = [1, 2, 3, 8].map((threads) =>
      withStepper(
        constants,
        async (stepper) => {
          const losses = [];
          for (let step = 0; step < 4; step++) losses.push(await stepper.step(batch, settingsAt(step)));
          return { losses, ...everything(stepper) };
        },
        { threads },
      ),
    );
    const [one, ...others] = await Promise.all(after);
    for (const other of others) expect(other).toEqual(one);
    expect(one!.losses[3]!.loss).toBeLessThan(one!.losses[0]!.loss);
  });

  test('going on from weights and moments equals not stopping', async () => {
    const constants = constantsWith({});
    const batch = madeUpBatch(constants.sizes, constants.batch);
    const steps = async (stepper: Stepper, from: number, to: number) => {
      for (let step = from; step < to; step++) await stepper.step(batch, settingsAt(step));
      return everything(stepper);
    };
    const whole = await withStepper(constants, (stepper) => steps(stepper, 0, 6));
    const half = await withStepper(constants, (stepper) => steps(stepper, 0, 3));
    const rest = await withStepper(constants, (stepper) => {
      stepper.setWeights(half.weights);
      stepper.setMoments(half.moments);
      return steps(stepper, 3, 6);
    });
    expect(rest).toEqual(whole);
  });

  test('a trial’s outputs do not depend on the rest of the batch, nor on its place in it', async () => {
    const constants = constantsWith({});
    const { sizes: s } = constants;
    const batch = madeUpBatch(s, constants.batch);
    const only = (b: number): Batch => ({
      trials: batch.trials.slice(b, b + 1),
      counts: batch.counts.slice(b * s.bins * s.units, (b + 1) * s.bins * s.units),
      external: batch.external!.slice(b * s.bins * s.external, (b + 1) * s.bins * s.external),
    });
    await withStepper(constants, async (stepper) => {
      const all = await stepper.forward(batch, 7);
      for (const b of [0, 13, 36]) {
        const alone = await stepper.forward(only(b), 7);
        expect(distance(alone.rates, all.rates.subarray(b * s.bins * s.units, (b + 1) * s.bins * s.units))).toBe(0);
        expect(distance(alone.inputMean, all.inputMean.subarray(b * s.bins * s.inputs, (b + 1) * s.bins * s.inputs))).toBe(0);
      }
    });
  });

  test('averaged outputs are the means of single samples, whatever the threads and the pauses between samples', async () => {
    const constants = constantsWith({});
    const batch = madeUpBatch(constants.sizes, 11);
    const samples = 7;
    const singles = await withStepper(constants, async (stepper) => {
      const outputs: Outputs[] = [];
      for (let k = 0; k < samples; k++) outputs.push(await stepper.forward(batch, k));
      return outputs;
    });
    const averaged = (threads: number, pauseMs: number) =>
      withStepper(constants, (stepper) => stepper.average(batch, samples, () => setTimeout(pauseMs)), { threads });
    const once = await averaged(1, 0);
    for (const name of ['rates', 'factors', 'generator', 'initialMean', 'inputMean', 'inputSd'] as const) {
      const mean = once[name].map((_, i) => singles.reduce((sum, of) => sum + of[name][i]!, 0) / samples);
      expect(distance(once[name], mean), name).toBeLessThan(1e-6 * distance(mean, new Float32Array(mean.length)));
    }
    const mean = once.rates.map((_, i) => singles.reduce((sum, { rates }) => sum + rates[i]!, 0) / samples);
    const sd = mean.map((m, i) => Math.sqrt(singles.reduce((sum, { rates }) => sum + (rates[i]! - m) ** 2, 0) / (samples - 1)));
    expect(distance(once.ratesSd, sd)).toBeLessThan(1e-5 * distance(sd, new Float32Array(sd.length)));
    expect(await averaged(4, 5)).toEqual(once);
    const [first] = singles;
    const alone = await withStepper(constants, (stepper) => stepper.average(batch, 1, async () => {}));
    expect(alone.rates).toEqual(first!.rates);
    expect(Math.max(...alone.ratesSd)).toBe(0);
  });

  test.each([
    ['with a controller', constantsWith({ l2: { generator: 0.5, controller: 0.2 } })],
    ['without a controller', constantsWith({ sizes: { inputs: 0, controller: 0, inputEncoder: 0, external: 0 } })],
    ['with a clip that bites and a normal prior', constantsWith({ stateClip: 0.3, inputPrior: 'normal' })],
    ['Gaussian', constantsWith({ sizes: { outputsPerUnit: 2 } })],
    ['with shards that share gradients', constantsWith({ batch: SHARED })],
    ['with more inputs than a vector and a long lag', constantsWith({ sizes: { inputs: 5, lagBins: 2, inputEncoder: 17, factors: 13 } })],
    ['with few spikes', constantsWith({ sizes: { heldIn: 6, initialEncoder: 35 } }), (n: number) => Number(n === 3)],
    [
      'with counts everywhere',
      constantsWith({ sizes: { heldIn: 6, initialEncoder: 35 }, dropout: 0.1, coordinatedDropout: 0.1 }),
      (n: number) => n + 1,
    ],
  ])('losses and outputs are those of the float64 reference %s', async (_, constants, counted = (n: number) => n) => {
    const plain = madeUpBatch(constants.sizes, constants.batch === SHARED ? 40 : 9, true);
    const batch = { ...plain, counts: plain.counts.map(counted) };
    const reference = await makeReferenceStepper(constants, 1);
    reference.setWeights(movedWeights(constants.sizes));
    const wanted = await reference.gradients(batch, settingsAt(2));
    const outputs = await reference.forward(batch, 1);
    for (const build of BUILDS)
      await withStepper(
        constants,
        async (stepper) => {
          const { losses, gradients } = await stepper.gradients(batch, settingsAt(2));
          for (const [name, value] of Object.entries(wanted.losses))
            expect(Math.abs(losses[name as keyof typeof losses] - value)).toBeLessThan(1e-6 * Math.abs(value) + 1e-7);
          const largest = Math.max(
            ...Object.values(wanted.gradients).map((values) =>
              distance(
                values,
                values.map(() => 0),
              ),
            ),
          );
          for (const [name, values] of Object.entries(wanted.gradients)) {
            const size = distance(
              values,
              values.map(() => 0),
            );
            const tolerance = size < largest / 1000 ? 1e-4 : 1e-5;
            expect(distance(gradients[name]!, values), name).toBeLessThanOrEqual(tolerance * size);
          }
          const got = await stepper.forward(batch, 1);
          for (const [name, values] of Object.entries(outputs))
            expect(distance(got[name as keyof typeof got], values), name).toBeLessThan(1e-5);
        },
        { build },
      );
  });

  test('a number that is not finite stops the step, names trials, and leaves the weights', async () => {
    const constants = constantsWith({});
    const batch = madeUpBatch(constants.sizes, 4);
    const broken: Batch = { ...batch, external: batch.external!.map((value, i) => (i === 3 ? Number.NaN : value)) };
    await withStepper(constants, async (stepper) => {
      const before = everything(stepper);
      const failure = (await stepper.step(broken, settingsAt(11)).catch((cause: unknown) => cause)) as Failure;
      expect(failure.code).toBe('not-finite');
      expect(failure.sentence).toContain('step 11');
      expect(failure.sentence).toContain('5, 8, 11, 14');
      expect(everything(stepper)).toEqual(before);
      expect((await stepper.step(batch, settingsAt(11))).loss).toBeGreaterThan(0);
    });
  });

  test('shards follow the batch and the tile alone: at least 8 where the batch allows', () => {
    const rows = (batch: number, tile: number) => divide(batch, tile).map((shard) => shard.rows);
    const same = (count: number, size: number) => Array.from({ length: count }, () => size);
    expect(rows(1, 6)).toEqual([1]);
    expect(rows(21, 6)).toEqual([4, 4, 4, 4, 4, 1]);
    expect(rows(32, 6)).toEqual(same(8, 4));
    expect(rows(64, 4)).toEqual(same(8, 8));
    expect(rows(64, 6)).toEqual([...same(8, 6), ...same(4, 4)]);
    expect(rows(100, 6)).toEqual([...same(8, 12), 4]);
    expect(rows(256, 6)).toEqual([...same(20, 12), 6, 6, 4]);
    expect(rows(512, 4)).toEqual([...same(20, 24), 12, 12, 8]);
    expect(rows(130, 6)).toEqual([...same(10, 12), 6, 4]);
    expect(rows(104, 6)).toEqual([...same(8, 12), 4, 4]);
    for (const batch of [1, 7, 65, 79, 95, 103, 109, 130])
      expect(divide(batch, 6).every(({ first }, i, all) => first === (i === 0 ? 0 : all[i - 1]!.first + all[i - 1]!.rows))).toBe(true);
  });

  test('shares are two shards each where there are many, single at the end, and hold all of them', () => {
    const counts = (batch: number) => share(divide(batch, 6)).map(({ shards }) => shards);
    expect(counts(1)).toEqual([1]);
    expect(counts(32)).toEqual([1, 1, 1, 1, 1, 1, 1, 1]);
    expect(counts(64)).toEqual(Array.from({ length: 12 }, () => 1));
    expect(counts(256)).toEqual([2, 2, 2, 2, 2, 2, 2, 2, 1, 1, 1, 1, 1, 1, 1]);
    for (const batch of [5, 64, 130, 256, 1000]) {
      const shards = divide(batch, 6);
      expect(share(shards).flatMap(({ first, shards: count }) => shards.slice(first, first + count))).toEqual(shards);
    }
  });
});
