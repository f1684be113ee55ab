// What an unattended fit of a rate network uses: every setting from the data's regime, with its reason.

import type { Value } from '../../contract/params.ts';
import type { Chosen } from '../../contract/run.ts';
import { type Regime, regimeSize } from '../lfads/settings/defaults.ts';
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
  const { trainingTrials: n, spikes, binMs, units, encodableBins } = regime;
  const size = regimeSize(regime);
  const of = <T>(small: T, medium: T, weak: T, large: T): T => ({ small, medium, weak, large })[size];
  const trials = `${n} training trials`;
  const why = of(
    `Few trials: ${n} for training, so that a fit has to be held back from memorising them`,
    `Medium set: ${trials}`,
    `Few spikes: ${spikes} in ${trials}, so that a fit is over soon`,
    `Many trials: ${n} for training`,
  );
  const chosen: Record<string, Chosen> = {};
  const choose = (name: string, value: Value, reason: string): void => {
    const set = settings[name];
    chosen[name] = set === undefined ? { value, reason } : { value: set, reason: 'Set by you' };
  };

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
  else choose('dropout', of(0.3, 0.2, 0.3, 0.1), why);
  choose('coordinatedDropout', 0.3, 'Any size: does for every size that was tried');
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
  const batch = of(32, 64, 64, 128);
  choose('batch', Math.min(batch, n), n < batch ? `All ${trials}` : why);
  choose('validateEvery', of(25, 50, 25, 100), why);
  choose('patience', of(400, 600, 200, 1500), why);
  choose('averaging', of(0.98, 0.98, 0.95, 0.98), 'Even: takes out the jitter of single steps');
  const enough = regime.validationTrials >= 4;
  const forced = (settings.forcing ?? 'none') !== 'none';
  choose(
    'sampleValidation',
    enough || forced ? 0 : 0.1,
    enough
      ? 'Validation trials choose the checkpoint'
      : forced
        ? 'Forced states see every count'
        : `${regime.validationTrials} validation trials are too few to choose a checkpoint by`,
  );
  choose(
    'likelihood',
    regime.continuous ? 'gaussian' : 'poisson',
    regime.continuous ? 'The dataset holds continuous values' : 'The dataset holds counts',
  );
  for (const [name, param] of Object.entries(rateParams))
    if (chosen[name] === undefined && 'default' in param) choose(name, param.default, 'Any size: does for every size that was tried');
  return Object.fromEntries(Object.keys(rateParams).map((name) => [name, chosen[name]]));
}
