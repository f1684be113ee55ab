// What default settings of a model that is trained by gradients follow from (training trials, held-in units, their spikes), and those choices
// that all such models share.

import type { Params, Value } from '../contract/params.ts';
import type { Chosen } from '../contract/run.ts';
import { type Dataset, holdsRates, TRAINING, trialsIn, unitsWhere, VALIDATION } from '../dataset/index.ts';

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

export function regimeOf(dataset: Dataset): Regime {
  const training = trialsIn(dataset, TRAINING);
  const heldIn = unitsWhere(dataset, false);
  let spikes = 0;
  for (const trial of training)
    for (let t = 0; t < dataset.bins; t++)
      for (const u of heldIn) spikes += dataset.counts[(trial * dataset.bins + t) * dataset.units + u]!;
  return {
    trainingTrials: training.length,
    validationTrials: trialsIn(dataset, VALIDATION).length,
    heldInUnits: heldIn.length,
    spikes: Math.round(spikes),
    binMs: dataset.binMs,
    continuous: holdsRates(dataset),
  };
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

export const ANY_SIZE = 'Any size: does for every size that was tried';

/** Choices for a regime, made one by one. */
export class Choices {
  readonly regime: Regime;
  readonly size: Size;
  /** Why a choice that goes by the size was made. */
  readonly why: string;
  readonly chosen: Record<string, Chosen> = {};
  readonly #settings: Readonly<Record<string, Value | undefined>>;

  constructor(regime: Regime, settings: Readonly<Record<string, Value | undefined>>) {
    const { trainingTrials: n, spikes } = regime;
    this.regime = regime;
    this.size = regimeSize(regime);
    this.#settings = settings;
    this.why = this.of(
      `Few trials: ${n} for training, so that a fit has to be held back from memorising them`,
      `Medium set: ${n} training trials`,
      `Few spikes: ${spikes} in ${n} training trials, so that a fit is over soon`,
      `Many trials: ${n} for training`,
    );
  }

  /** What goes with the size. */
  of<T>(small: T, medium: T, weak: T, large: T): T {
    return { small, medium, weak, large }[this.size];
  }

  /** What the user set, else this value for this reason; what was chosen before stays. */
  choose(name: string, value: Value, reason: string): void {
    const set = this.#settings[name];
    this.chosen[name] ??= set === undefined ? { value, reason } : { value: set, reason: 'Set by you' };
  }

  /** A batch of so many trials, or of all where there are fewer. */
  chooseBatch(batch: number): void {
    const { trainingTrials: n } = this.regime;
    this.choose('batch', Math.min(batch, n), n < batch ? `All ${n} training trials` : this.why);
  }

  /** Every parameter: those that are left as all these models have them, else by the schema's default. */
  complete(params: Params): Record<string, Chosen> {
    const { validationTrials, continuous } = this.regime;
    this.choose('dropout', this.of(0.3, 0.2, 0.3, 0.1), this.why);
    this.choose('coordinatedDropout', 0.3, ANY_SIZE);
    this.choose('validateEvery', this.of(25, 50, 25, 100), this.why);
    this.choose('patience', this.of(400, 600, 200, 1500), this.why);
    this.choose('averaging', this.of(0.98, 0.98, 0.95, 0.98), 'Steadier weights: averaging takes out the jitter of single steps');
    const enough = validationTrials >= LEAST_VALIDATION;
    this.choose(
      'sampleValidation',
      enough ? 0 : 0.1,
      enough
        ? 'Enough trials: validation trials choose the checkpoint, and none of their samples need be kept back'
        : `Few to judge by: ${validationTrials} validation trials cannot choose a checkpoint, so samples of training trials do`,
    );
    this.choose(
      'likelihood',
      continuous ? 'gaussian' : 'poisson',
      continuous
        ? 'Known values: the dataset holds rates or other continuous values'
        : 'Spike counts: the dataset holds whole numbers of spikes',
    );
    for (const [name, param] of Object.entries(params))
      if (param.default !== undefined) this.choose(name, param.default as Value, ANY_SIZE);
    return Object.fromEntries(Object.keys(params).map((name) => [name, this.chosen[name]!]));
  }
}
