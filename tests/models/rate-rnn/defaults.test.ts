import { expect, test } from 'vitest';
import type { Value } from '../../../src-worker/contract/params.ts';
import { chooseRateSettings, type RateRegime } from '../../../src-worker/models/rate-rnn/defaults.ts';

const regime: RateRegime = {
  trainingTrials: 200,
  validationTrials: 40,
  heldInUnits: 30,
  spikes: 90_000,
  binMs: 10,
  continuous: false,
  units: 30,
  bins: 60,
  encodableBins: 60,
};
const SETTINGS: readonly Readonly<Record<string, Value>>[] = [{}, { rank: '2' }, { forcing: 'teacher' }, { nonlinearity: 'relu' }];
const REGIMES: readonly RateRegime[] = [
  regime,
  { ...regime, continuous: true },
  { ...regime, continuous: true, units: 40 },
  { ...regime, trainingTrials: 20, validationTrials: 3, encodableBins: 40 },
];

test('what the form shows beside a chosen value is a phrase that tells why', () => {
  for (const one of REGIMES)
    for (const settings of SETTINGS)
      for (const [name, { reason }] of Object.entries(chooseRateSettings(one, settings))) {
        // Beside the field stands what comes before the colon, in two short lines.
        const [beside] = reason.split(': ') as [string];
        expect(beside.split(' ').length, `${name}: ${reason}`).toBeGreaterThan(1);
        if (reason.includes(': ')) expect(beside.length, `${name}: ${reason}`).toBeLessThan(30);
        // Beside a menu there is room for a short word in each.
        if (settings[name] === undefined && ['rank', 'readout', 'start', 'initial', 'likelihood'].includes(name))
          expect(beside, name).toMatch(/^\S{1,8} \S{1,8}$/);
      }
});

test('reasons go with what the dataset is', () => {
  const why = (of: RateRegime, name: string) => chooseRateSettings(of, {})[name]!.reason;
  expect(why(regime, 'readout')).toMatch(/^Noisy counts: /);
  expect(why({ ...regime, continuous: true }, 'readout')).toMatch(/^Known states: /);
  expect(why({ ...regime, continuous: true, units: 40 }, 'readout')).toMatch(/some units are held out/);
  expect(why(regime, 'likelihood')).toMatch(/^Spike counts: /);
  expect(why({ ...regime, continuous: true }, 'likelihood')).toMatch(/^Known values: /);
  expect(why({ ...regime, validationTrials: 3 }, 'sampleValidation')).toMatch(/^Few to judge by: 3 validation trials/);
  expect(why(regime, 'encodedMs')).toMatch(/^All of a trial: /);
  expect(why({ ...regime, encodableBins: 40 }, 'encodedMs')).toMatch(/wants the last bins predicted/);
});
