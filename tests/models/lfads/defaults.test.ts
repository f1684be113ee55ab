// Settings chosen by the data's regime.

import { describe, expect, test } from 'vitest';
import { parseValue } from '../../../src-worker/contract/settings.ts';
import { chooseSettings } from '../../../src-worker/models/lfads/settings/defaults.ts';
import { type Regime, regimeSize } from '../../../src-worker/training/regime.ts';
import { lfadsParams } from '../../../src-worker/models/lfads/settings/params.ts';

const regime = (trainingTrials: number, heldInUnits: number, spikes: number, more: Partial<Regime> = {}): Regime => ({
  trainingTrials,
  heldInUnits,
  spikes,
  validationTrials: Math.floor(trainingTrials / 4),
  binMs: 20,
  continuous: false,
  ...more,
});

const valuesOf = (of: Regime, settings = {}) =>
  Object.fromEntries(Object.entries(chooseSettings(of, settings)).map(([name, { value }]) => [name, value]));

test('trials are moved by a bin where there is little to learn from, and never where values are continuous', () => {
  const moved = { jitterMs: 20, shiftMs: 20 };
  const still = { jitterMs: 0, shiftMs: 0 };
  expect(valuesOf(regime(80, 81, 2e4))).toMatchObject(moved);
  expect(valuesOf(regime(170, 18, 2e4))).toMatchObject(moved);
  expect(valuesOf(regime(320, 30, 2e5))).toMatchObject(still);
  expect(valuesOf(regime(2000, 400, 1e7))).toMatchObject(still);
  expect(valuesOf(regime(80, 81, 2e4, { continuous: true }))).toMatchObject(still);
  expect(valuesOf(regime(80, 81, 2e4), { shiftMs: 0 })).toMatchObject({ jitterMs: 20, shiftMs: 0 });
});

describe('by the number of trials and spikes', () => {
  test.each([
    [
      regime(20, 10, 5e3),
      'small',
      {
        factors: 12,
        inputs: 4,
        betaInitial: 1,
        betaInputs: 0.6,
        batch: 20,
        steps: 900,
        dropout: 0.3,
        validateEvery: 25,
        patience: 400,
        rampInitial: 300,
      },
    ],
    [regime(80, 107, 9e4), 'small', { factors: 40, batch: 32, learningRate: 4e-3, generator: 64 }],
    [
      regime(136, 18, 2e4),
      'weak',
      {
        factors: 12,
        inputs: 4,
        betaInitial: 0.06,
        betaInputs: 0.06,
        dropout: 0.3,
        steps: 300,
        rampInitial: 100,
        validateEvery: 25,
        patience: 200,
      },
    ],
    [
      regime(205, 61, 1.2e5),
      'medium',
      {
        factors: 15,
        inputs: 2,
        betaInitial: 0.15,
        betaInputs: 0.15,
        dropout: 0.2,
        batch: 64,
        steps: 1500,
        rampInitial: 300,
        validateEvery: 50,
        patience: 600,
      },
    ],
    [regime(640, 21, 6e4), 'medium', { factors: 15 }],
    [
      regime(1200, 60, 1e6),
      'large',
      {
        factors: 16,
        generator: 128,
        initialEncoder: 100,
        controller: 100,
        inputEncoder: 100,
        initialCondition: 64,
        batch: 128,
        learningRate: 4e-3,
        dropout: 0.1,
        inputs: 4,
      },
    ],
    [
      regime(1600, 200, 1e7),
      'large',
      { factors: 50, generator: 200, learningRate: 2e-3, batch: 128, steps: 4000, rampInitial: 600, validateEvery: 100, patience: 1500 },
    ],
    [regime(2001, 400, 1e7), 'large', { factors: 100, batch: 256 }],
  ] as const)('%o is %s', (of, size, expected) => {
    expect(regimeSize(of)).toBe(size);
    expect(valuesOf(of)).toMatchObject(expected);
  });
});

test('every parameter has a valid value and a reason in every regime', () => {
  for (const trials of [1, 20, 119, 120, 999, 1000, 2000])
    for (const units of [1, 10, 57, 400])
      for (const spikes of [0, 49_999, 1e7]) {
        const chosen = chooseSettings(regime(trials, units, spikes), {});
        expect(Object.keys(chosen)).toEqual(Object.keys(lfadsParams));
        for (const [name, { value, reason }] of Object.entries(chosen)) {
          expect(parseValue(name, lfadsParams[name as keyof typeof lfadsParams], value)).toEqual(value);
          expect(reason).not.toBe('');
        }
      }
});

test('what the user sets stands, and what depends on it follows', () => {
  const chosen = chooseSettings(regime(300, 50, 1e5), { generator: 200, factors: 3 });
  expect(chosen.factors).toEqual({ value: 3, reason: 'Set by you' });
  expect(chosen.learningRate!.value).toBe(2e-3);
});

test('few validation trials call for sample validation, continuous values for a Gaussian', () => {
  expect(valuesOf(regime(20, 10, 5e3, { validationTrials: 3 })).sampleValidation).toBe(0.1);
  expect(valuesOf(regime(20, 10, 5e3)).sampleValidation).toBe(0);
  expect(valuesOf(regime(20, 10, 0, { continuous: true })).likelihood).toBe('gaussian');
});

test('the lag is a bin and the prior 200 ms, whatever the bin', () => {
  expect(valuesOf(regime(200, 30, 1e5, { binMs: 10 }))).toMatchObject({ lagMs: 10, priorTauMs: 200 });
});
