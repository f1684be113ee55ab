// Divergences of the two posteriors from their priors: known answers of the published definitions.

import { expect, test } from 'vitest';
import { initialWeights } from '../../../src-worker/models/lfads/architecture.ts';
import { inputDivergence } from '../../../src-worker/models/lfads/op-by-op/graph.ts';
import { logFactorial } from '../../../src-worker/models/lfads/op-by-op/log-factorial.ts';
import { sampleNoise } from '../../../src-worker/models/lfads/noise.ts';
import { float64, lossAndGradients } from '../../../src-worker/models/lfads/op-by-op/reference.ts';
import { cases } from './cases.ts';

test('initial condition: μ 1 and s .25 from N(0, .1) is 5.29185463 nats', async () => {
  const { constants, batch, settings } = cases[0]!;
  const one = { ...constants, sizes: { ...constants.sizes, initialCondition: 1 }, initialPosteriorFloor: 0 };
  const readoutBias = new Float64Array(5);
  const weights: Record<string, Float32Array | Float64Array> = initialWeights(one.sizes, {
    readoutBias,
    tauBins: 10,
    inputVariance: 0.1,
    seed: 1,
  });
  weights['initial.W']!.fill(0);
  weights['initial.b'] = Float64Array.of(1, Math.log(0.25));
  const { losses } = await lossAndGradients(float64, one, weights, batch, sampleNoise(one, batch, 0), settings);
  expect(losses.klInitial).toBeCloseTo(5.29185463, 7);
});

test('inputs: the closed form holds the known density of the autoregressive prior', async () => {
  const [means, s, alpha, q] = [[0.1, 0.2, -0.1], 0.01, Math.exp(-1 / 10), 0.1];
  const { constants } = cases[0]!;
  const sizes = { ...constants.sizes, inputs: 1, bins: 3 };
  const { kl } = await float64.values(
    {
      mean: { values: Float64Array.from(means), rows: 3, columns: 1 },
      logVariance: { values: new Float64Array(3).fill(Math.log(s)), rows: 3, columns: 1 },
      'inputPrior.logTau': { values: Float64Array.of(Math.log(10)), rows: 1, columns: 1 },
      'inputPrior.logVariance': { values: Float64Array.of(Math.log(q)), rows: 1, columns: 1 },
    },
    (o, w) => ({ kl: inputDivergence(o, w, { ...constants, sizes }, { mean: w.mean!, logVariance: w.logVariance! }, 1) }),
  );
  // E_q[log q − log p] = −entropy − log p(means) + ½ s tr(precision), and log p([.1, .2, −.1]) = −0.62057001
  const entropy = 1.5 * Math.log(2 * Math.PI * Math.E * s);
  expect(kl![0]).toBeCloseTo(-entropy + 0.62057001 + (0.5 * s * (3 + alpha * alpha)) / q, 7);
});

test('log k! is exact for counts and continues between them', () => {
  expect(logFactorial(0)).toBe(0);
  expect(logFactorial(1)).toBe(0);
  expect(logFactorial(3)).toBeCloseTo(Math.log(6), 14);
  expect(logFactorial(0.5)).toBeCloseTo(Math.log(Math.sqrt(Math.PI) / 2), 12);
  expect(logFactorial(300)).toBeCloseTo(1414.905849945, 8);
});
