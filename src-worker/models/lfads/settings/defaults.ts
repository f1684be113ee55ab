// What an unattended fit uses: every setting from the data's regime (training trials, held-in units, their spikes), with its reason.

import type { Value } from '../../../contract/params.ts';
import type { Chosen } from '../../../contract/run.ts';
import { lfadsParams } from './params.ts';

/** What the choices depend on. */
export interface Regime {
  readonly trainingTrials: number;
  readonly validationTrials: number;
  readonly heldInUnits: number;
  /** Spikes of held-in units in training trials. */
  readonly spikes: number;
  readonly binMs: number;
  /** The dataset holds rates or other continuous values in place of counts. */
  readonly continuous: boolean;
}

/** Below this many spikes a medium set is fitted like a weak one. */
const FEW_SPIKES = 50_000;
/** Fewer validation trials than this are too few to choose a checkpoint by. */
const LEAST_VALIDATION = 4;

type Size = 'small' | 'medium' | 'weak' | 'large';

/** Few, a medium number, or many training trials; *weak* is a medium number with few spikes. */
export function regimeSize({ trainingTrials: n, spikes, continuous }: Regime): Size {
  if (n < 120) return 'small';
  if (n >= 1000) return 'large';
  return spikes < FEW_SPIKES && !continuous ? 'weak' : 'medium';
}

const within = (low: number, value: number, high: number): number => Math.min(high, Math.max(low, value));

/** Every parameter of LFADS: what the user set, else the schema's default, else what suits the regime. */
export function chooseSettings(regime: Regime, settings: Readonly<Record<string, Value | undefined>>): Record<string, Chosen> {
  const { trainingTrials: n, heldInUnits: N, spikes, binMs } = regime;
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

  const share = of(2, 4, 2, 4);
  // Measured: in place of 15 factors, 8 cost R² .004 at 30 units (three seeds) and .010 at 61 (one).
  const [fewest, most] = of([12, 40], [15, 40], [12, 40], [16, 100]);
  choose('factors', within(fewest!, Math.floor(N / share), most!), `Units / ${share}: of ${N} held-in ones, between ${fewest} and ${most}`);
  choose('inputs', of(4, 2, 4, 4), why);
  choose('betaInitial', of(1, 0.15, 0.06, 0.15), why);
  choose('betaInputs', of(0.6, 0.15, 0.06, 0.15), why);
  choose('dropout', of(0.3, 0.2, 0.3, 0.1), why);
  choose('coordinatedDropout', 0.3, 'Any size: does for every size that was tried');
  choose('generator', of(64, 64, 64, n > 1500 ? 200 : 128), why);
  const large = Number(chosen.generator!.value) >= 200;
  choose(
    'learningRate',
    large ? 2e-3 : 4e-3,
    large ? 'Large: a generator of 200 units wants smaller steps' : 'Usual size: does for networks like this',
  );
  choose('steps', of(900, 1500, 300, 4000), why);
  choose('initialCondition', 64, 'Any size: does for every size that was tried');
  choose('initialEncoder', of(64, 64, 64, 100), why);
  choose('inputEncoder', of(64, 64, 64, 100), why);
  choose('controller', of(64, 64, 64, 100), why);
  choose('lagMs', binMs, 'One bin');
  choose('rampInitial', of(300, 300, 100, 600), why);
  choose('rampInputs', 100, 'Short: inputs that are free for longer explain everything');
  const batch = of(32, 64, 64, n > 2000 ? 256 : 128);
  choose('batch', Math.min(batch, n), n < batch ? `All ${trials}` : why);
  choose('validateEvery', of(25, 50, 25, 100), why);
  choose('patience', of(400, 600, 200, 1500), why);
  choose('averaging', of(0.98, 0.98, 0.95, 0.98), 'Even: takes out the jitter of single steps');
  // Measured on recordings of few trials and on recordings of few spikes, each over three seeds.
  const moves = (size === 'small' || size === 'weak') && !regime.continuous;
  for (const name of ['jitterMs', 'shiftMs'])
    choose(name, moves ? binMs : 0, moves ? `One bin. ${why}` : 'Nothing is moved where there is enough to learn from');
  const enough = regime.validationTrials >= LEAST_VALIDATION;
  choose(
    'sampleValidation',
    enough ? 0 : 0.1,
    enough
      ? 'Validation trials choose the checkpoint'
      : `${regime.validationTrials} validation trials are too few to choose a checkpoint by`,
  );
  choose(
    'likelihood',
    regime.continuous ? 'gaussian' : 'poisson',
    regime.continuous ? 'The dataset holds continuous values' : 'The dataset holds counts',
  );
  for (const [name, param] of Object.entries(lfadsParams)) {
    if (chosen[name] === undefined && 'default' in param) choose(name, param.default, 'Any size: does for every size that was tried');
  }
  return Object.fromEntries(Object.keys(lfadsParams).map((name) => [name, chosen[name]!]));
}
