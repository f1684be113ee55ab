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
  const { binMs, bins, units, encodableBins } = regime;
  const choices = new Choices(regime, settings);
  const { why, chosen } = choices;
  const of: Choices['of'] = (...values) => choices.of(...values);
  const choose: Choices['choose'] = (...choice) => choices.choose(...choice);

  choose('rank', 'full', 'Does best: full weights predict best; a number, or auto, tells how many dimensions the dynamics need');
  const isContinuous = regime.continuous && settings.likelihood !== 'poisson';
  const ownStates = isContinuous && settings.hidden === undefined && regime.heldInUnits === units;
  choose(
    'readout',
    ownStates ? 'units' : 'population',
    ownStates
      ? 'Known states: continuous activity can itself be the network’s state, and tells where trials begin'
      : isContinuous
        ? 'Other states: some units are held out, or the network has a size of its own'
        : 'Noisy counts: they are readings of states, so each unit’s rate is read from the whole network',
  );
  const areUnits = chosen.readout.value === 'units';
  choose('hidden', areUnits ? units : of(64, 64, 64, 100), areUnits ? 'One for each unit: every network unit is a recorded unit' : why);
  choose('tauMs', 5 * binMs, 'Five bins: states then change smoothly from one bin to the next');
  choose(
    'gain',
    settings.nonlinearity === 'relu' ? 0.7 : 1,
    'Steady at first: activity neither dies out nor explodes before the network has learned',
  );
  const followsData = areUnits && isContinuous;
  choose(
    'start',
    followsData ? 'regression' : 'random',
    followsData
      ? 'Known states: a regression of what follows on what was gives first weights near the last ones'
      : 'Hidden states: before the fit there is nothing to regress on',
  );
  choose(
    'initial',
    followsData ? 'recorded' : 'encoded',
    followsData
      ? 'Known states: the first bin of each trial shows where it begins'
      : 'Trials differ: the activity of each tells where it begins',
  );
  choose('encoder', of(64, 64, 64, 100), why);
  choose(
    'encodedMs',
    encodableBins * binMs,
    encodableBins < bins
      ? 'All that may be seen: the file wants the last bins predicted'
      : 'All of a trial: each of its bins helps to tell where it began',
  );
  // A unit that is read from one state alone would only be blurred.
  if (areUnits) choose('dropout', 0, 'One state for each unit: dropout would only blur what is read from it');
  const isLow = chosen.rank.value !== 'full';
  const begun = chosen.start.value === 'regression';
  choose(
    'learningRate',
    isLow && !begun ? 0.02 : 4e-3,
    begun
      ? 'First weights are near: begun by a regression, they need no larger steps'
      : isLow
        ? 'Few weights: those of low rank learn in larger steps'
        : 'Full weights: networks of full rank learn steadily in steps of this size',
  );
  choose(
    'steps',
    (isLow && !begun ? 2 : 1) * of(900, 1500, 400, 4000),
    isLow && !begun ? `${why}; of low rank it takes twice the steps` : why,
  );
  choices.chooseBatch(of(32, 64, 64, 128));
  if ((settings.forcing ?? 'none') !== 'none')
    choose('sampleValidation', 0, 'Forcing sees every count: none can be kept back to choose the checkpoint by');
  return choices.complete(rateParams);
}
