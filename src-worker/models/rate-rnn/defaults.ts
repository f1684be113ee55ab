// What an unattended fit of a rate network uses: every setting from the data's regime, with its reason.

import type { Value } from '../../contract/params.ts';
import type { Chosen } from '../../contract/run.ts';
import { Choices, type Regime } from '../../training/regime.ts';
import { rateParams } from './params.ts';

/** What the choices depend on, beyond what LFADS looks at. */
export interface RateRegime extends Regime {
  readonly units: number;
  readonly bins: number;
  /** Bins that the file lets an encoder see. */
  readonly encodableBins: number;
}

/** Every parameter of the rate network: what the user set, else what suits the regime, else the schema's default. */
export function chooseRateSettings(regime: RateRegime, settings: Readonly<Record<string, Value | undefined>>): Record<string, Chosen> {
  const { binMs, units, encodableBins } = regime;
  const choices = new Choices(regime, settings);
  const { why, chosen } = choices;
  const of: Choices['of'] = (...values) => choices.of(...values);
  const choose: Choices['choose'] = (...choice) => choices.choose(...choice);

  choose('rank', 'full', 'Best: full weights predict best; a number, or auto, tells how many dimensions are needed');
  const isContinuous = regime.continuous && settings.likelihood !== 'poisson';
  const ownStates = isContinuous && settings.hidden === undefined && regime.heldInUnits === units;
  choose(
    'readout',
    ownStates ? 'units' : 'population',
    ownStates
      ? 'Recorded: what is continuous can stand for a state, and tells where trials begin'
      : 'Usual: states are not what is recorded',
  );
  const areUnits = chosen.readout.value === 'units';
  choose('hidden', areUnits ? units : of(64, 64, 64, 100), areUnits ? 'Units: each is a recorded unit' : why);
  choose('tauMs', 5 * binMs, 'Five bins');
  choose('gain', settings.nonlinearity === 'relu' ? 0.7 : 1, 'Steady: neither dies out nor explodes at the start');
  const followsData = areUnits && isContinuous;
  choose(
    'start',
    followsData ? 'regression' : 'random',
    followsData ? 'Recorded: units’ states are known, and what follows them too' : 'Usual: states are not known before the fit',
  );
  choose(
    'initial',
    followsData ? 'recorded' : 'encoded',
    followsData ? 'Recorded: units’ states are known' : 'Usual: each trial tells where it begins',
  );
  choose('encoder', of(64, 64, 64, 100), why);
  choose('encodedMs', encodableBins * binMs, 'Whole trial: it tells its initial state');
  // A unit that is read from one state alone would only be blurred.
  if (areUnits) choose('dropout', 0, 'Units: each has a readout of its own, which dropout would only blur');
  const isLow = chosen.rank.value !== 'full';
  const begun = chosen.start.value === 'regression';
  choose(
    'learningRate',
    isLow && !begun ? 0.02 : 4e-3,
    begun
      ? 'Begun: weights begin near where they end'
      : isLow
        ? 'Low rank: few weights take larger steps'
        : 'Usual size: does for networks like this',
  );
  choose(
    'steps',
    (isLow && !begun ? 2 : 1) * of(900, 1500, 400, 4000),
    isLow && !begun ? `${why}; of low rank it takes twice the steps` : why,
  );
  choices.chooseBatch(of(32, 64, 64, 128));
  if ((settings.forcing ?? 'none') !== 'none') choose('sampleValidation', 0, 'Forced states see every count');
  return choices.complete(rateParams);
}
