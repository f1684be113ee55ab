// The fused engine agrees with the float64 reference on every case of the rate network, whatever the build and the number of threads.

import { describe, expect, test } from 'vitest';
import type { Failure } from '../../../src-worker/contract/failure.ts';
import { makeFusedRateStepper, makeFusedRateStepperOf } from '../../../src-worker/models/rate-rnn/fused.ts';
import type { RateStepper } from '../../../src-worker/models/rate-rnn/stepper.ts';
import { BUILDS } from '../../engine/desk.ts';
import { expectToAgree } from './agreement.ts';
import { cases, makeCase, type RateCase } from './cases.ts';

const everything = (stepper: RateStepper) => ({ weights: stepper.weights(), moments: stepper.moments() });

async function steps({ constants, batch, settings, weights }: RateCase, threads: number, from = 0, to = 4, begun?: object) {
  const stepper = await makeFusedRateStepper(constants, threads);
  try {
    stepper.setWeights(weights);
    if (begun) {
      const { weights: own, moments } = begun as ReturnType<typeof everything>;
      stepper.setWeights(own);
      stepper.setMoments(moments);
    }
    const losses = [];
    for (let step = from; step < to; step++) losses.push(await stepper.step(batch, { ...settings, step }));
    return { losses, ...everything(stepper), ...(await stepper.forward(batch, 0.3)) };
  } finally {
    await stepper.close();
  }
}

describe('the fused engine agrees with float64', () => {
  test.each(cases)('$name', (one) => expectToAgree(makeFusedRateStepper, one));
});

describe.each(BUILDS.slice(1))('its build %s too', (build) => {
  const some = cases.filter(({ name }) => /wider|error forcing by counts|substeps/.test(name));
  test.each(some)('$name', (one) => expectToAgree((constants, threads) => makeFusedRateStepperOf(build, constants, threads), one));
});

const large = [
  makeCase('full', { trials: 37, missing: true, sizes: { units: 9, heldIn: 7, hidden: 10, external: 2 }, constants: { noise: 0.05 } }, 60),
  makeCase('forced', { trials: 37, sizes: { units: 9, hidden: 12, rank: 2 }, constants: { forcing: 'generalised' } }, 61),
];

describe.each(large)('a batch of many shards, $name', (one) => {
  test('threads change no bit over several steps', async () => {
    const [single, two, four] = await Promise.all([1, 2, 4].map((threads) => steps(one, threads)));
    expect(two).toEqual(single);
    expect(four).toEqual(single);
    expect(single.losses[3].loss).not.toBe(single.losses[0].loss);
  });

  test('going on from weights and moments equals not stopping', async () => {
    const whole = await steps(one, 2, 0, 6);
    const half = await steps(one, 2, 0, 3);
    const rest = await steps(one, 2, 3, 6, half);
    expect(rest.weights).toEqual(whole.weights);
    expect(rest.moments).toEqual(whole.moments);
  });
});

test('a diagonal readout stays diagonal', async () => {
  const one = makeCase('diagonal', { sizes: { hidden: 5 }, constants: { diagonal: true } }, 70);
  const { weights } = await steps(one, 1);
  weights['readout.W'].forEach((x, i) => {
    if (i % 6 !== 0) expect(x).toBe(0);
    else expect(x).not.toBe(0.5);
  });
});

test('a number that is not finite stops the step, names trials, and leaves the weights', async () => {
  const { constants, batch, settings, weights } = cases[0];
  const stepper = await makeFusedRateStepper(constants, 1);
  try {
    stepper.setWeights({ ...weights, 'bias.b': weights['bias.b'].map((x, i) => (i === 2 ? Number.NaN : x)) });
    const before = everything(stepper);
    const failure = (await stepper.step(batch, settings).catch((cause: unknown) => cause)) as Failure;
    expect(failure.code).toBe('not-finite');
    expect(failure.sentence).toContain('4, 7, 10');
    expect(everything(stepper)).toEqual(before);
  } finally {
    await stepper.close();
  }
});
