// What an unattended fit uses: every setting from the data's regime (training trials, held-in units, their spikes), with its reason.

import type { Value } from '../../../contract/params.ts';
import type { Chosen } from '../../../contract/run.ts';
import { ANY_SIZE, Choices, type Regime } from '../../../training/regime.ts';
import { lfadsParams } from './params.ts';

const within = (low: number, value: number, high: number): number => Math.min(high, Math.max(low, value));

/** Every parameter of LFADS: what the user set, else what suits the regime, else the schema's default. */
export function chooseSettings(regime: Regime, settings: Readonly<Record<string, Value | undefined>>): Record<string, Chosen> {
  const { trainingTrials: n, heldInUnits: N, binMs } = regime;
  const choices = new Choices(regime, settings);
  const { size, why, chosen } = choices;
  const of: Choices['of'] = (...values) => choices.of(...values);
  const choose: Choices['choose'] = (...choice) => choices.choose(...choice);

  const share = of(2, 4, 2, 4);
  // Measured: in place of 15 factors, 8 cost R² .004 at 30 units (three seeds) and .010 at 61 (one).
  const [fewest, most] = of([12, 40], [15, 40], [12, 40], [16, 100]);
  choose('factors', within(fewest!, Math.floor(N / share), most!), `Units / ${share}: of ${N} held-in ones, between ${fewest} and ${most}`);
  choose('inputs', of(4, 2, 4, 4), why);
  choose('betaInitial', of(1, 0.15, 0.06, 0.15), why);
  choose('betaInputs', of(0.6, 0.15, 0.06, 0.15), why);
  choose('generator', of(64, 64, 64, n > 1500 ? 200 : 128), why);
  const large = Number(chosen.generator!.value) >= 200;
  choose(
    'learningRate',
    large ? 2e-3 : 4e-3,
    large ? 'Large: a generator of 200 units wants smaller steps' : 'Usual size: does for networks like this',
  );
  choose('steps', of(900, 1500, 300, 4000), why);
  choose('initialCondition', 64, ANY_SIZE);
  for (const network of ['initialEncoder', 'inputEncoder', 'controller']) choose(network, of(64, 64, 64, 100), why);
  choose('lagMs', binMs, 'One bin');
  choose('rampInitial', of(300, 300, 100, 600), why);
  choose('rampInputs', 100, 'Short: inputs that are free for longer explain everything');
  choices.chooseBatch(of(32, 64, 64, n > 2000 ? 256 : 128));
  // Measured on recordings of few trials and on recordings of few spikes, each over three seeds.
  const moves = (size === 'small' || size === 'weak') && !regime.continuous;
  for (const name of ['jitterMs', 'shiftMs'])
    choose(name, moves ? binMs : 0, moves ? `One bin. ${why}` : 'Nothing is moved where there is enough to learn from');
  return choices.complete(lfadsParams);
}
