// The rate network as the training loop sees it: a minibatch with its forcing for each step, free runs to judge by.

import { type Dataset, TRAINING, trialsIn, VALIDATION } from '../../dataset/index.ts';
import type { Trainee } from '../../training/loop.ts';
import { Ahead } from '../../training/ahead.ts';
import { Minibatches } from '../../training/minibatches.ts';
import type { Withholding } from '../lfads/training/batches.ts';
import { Judge } from '../lfads/training/judge.ts';
import { inBatches } from '../lfads/training/trainee.ts';
import { firstJudged, isGiven } from './architecture.ts';
import type { RateBatches } from './batches.ts';
import { nextStrength, strengthFor } from './growth.ts';
import { growthAlong } from './orbits.ts';
import type { RateValues } from './setup.ts';
import type { RateConstants, RateStepper } from './stepper.ts';

/** Share of held-in counts of validation trials that is hidden from the encoder where a checkpoint is chosen. */
const HIDDEN_IN_VALIDATION = 0.2;
/** Steps between two looks at how fast differences grow, and trials that are looked at. */
const LOOK_EVERY = 5;
const LOOKED_AT = 4;
/** Forcing ends in the last part of the training, where the network learns to run by itself. */
const FREE_SHARE = 0.2;

/** What is judged: all elements, those withheld, or all that the encoder did not see. */
export type Judged = 'all' | 'withheld' | 'unseen';

/** Free runs of trials into judges, one for all or one a trial; `strength` above 0 judges one-step predictions instead. */
export async function judgeRuns(
  stepper: Pick<RateStepper, 'forward'>,
  batches: RateBatches,
  { sizes: s, batch: atOnce }: RateConstants,
  trials: Int32Array,
  judged: Judged,
  withheld: Withholding | undefined,
  judgeOf: (trial: number) => Pick<Judge, 'take'>,
  breathe: () => Promise<void>,
  { strength = 0, fromBin = isGiven(s) ? firstJudged(s) : 0 } = {},
): Promise<void> {
  for (const some of inBatches(trials, atOnce)) {
    await breathe();
    const batch = batches.of(some, withheld);
    const { rates } = await stepper.forward(batch, strength);
    for (const [b, trial] of some.entries()) {
      const judge = judgeOf(trial);
      for (let t = fromBin; t < s.bins; t++) {
        if (batch.observed?.[b * s.bins + t] === 0) continue;
        for (let n = 0; n < s.units; n++) {
          const encoded = t < s.encodedBins && n < s.heldIn;
          const isWithheld = encoded && batch.withheld?.[(b * s.encodedBins + t) * s.heldIn + n] === 1;
          if (judged !== 'all' && !isWithheld && (encoded || judged === 'withheld')) continue;
          const i = (b * s.bins + t) * s.units + n;
          judge.take(n, batch.counts[i], rates[i]);
        }
      }
    }
  }
}

/** Held-out likelihood of validation trials, in nats an element: counts that the encoder did not see, held-out units among them. */
export interface HeldOut {
  /** Of each trial, by free runs. */
  readonly nlls: readonly number[];
  /** Mean over trials where every unit keeps its mean of all training trials. */
  readonly ofMeans: number;
}

export async function heldOutLikelihood(
  stepper: RateStepper,
  dataset: Dataset,
  batches: RateBatches,
  constants: RateConstants,
  breathe: () => Promise<void>,
): Promise<HeldOut> {
  const { sizes: s, seed } = constants;
  const trials = trialsIn(dataset, VALIDATION);
  const hidden = { seed, rate: HIDDEN_IN_VALIDATION };
  const of = async (from: RateStepper['forward']): Promise<readonly number[]> => {
    const judges = new Map(Array.from(trials, (trial) => [trial, new Judge(s.units, s.outputsPerUnit === 2)]));
    const running = { forward: from };
    await judgeRuns(running, batches, constants, trials, 'unseen', hidden, (trial) => judges.get(trial)!, breathe);
    return Array.from(trials, (trial) => judges.get(trial)!.nll() ?? Number.NaN).filter(Number.isFinite);
  };
  const means = unitMeans(dataset, batches, s.bins * s.units, s.units);
  const still: RateStepper['forward'] = async ({ trials: batch }) => ({
    rates: Float32Array.from({ length: batch.length * s.bins * s.units }, (_, i) => means[i % s.units]),
    states: new Float32Array(0),
  });
  const nlls = await of((batch) => stepper.forward(batch));
  const constant = await of(still);
  return { nlls, ofMeans: constant.reduce((sum, nll) => sum + nll / constant.length, 0) };
}

/** Mean of each unit over observed bins of training trials, as batches have them. */
function unitMeans(dataset: Dataset, batches: RateBatches, size: number, units: number): Float64Array {
  const sums = new Float64Array(units);
  let rows = 0;
  for (const trial of trialsIn(dataset, TRAINING)) {
    const { counts, observed } = batches.of(Int32Array.of(trial));
    for (let i = 0; i < size; i++) {
      if (observed?.[Math.floor(i / units)] === 0) continue;
      sums[i % units] += counts[i];
      rows += 1 / units;
    }
  }
  return sums.map((sum) => sum / Math.max(1, rows));
}

/** What forcing is in force, and goes on from a checkpoint. */
export interface ForcingState {
  readonly strength: number;
  /** σ̃ when it was last looked at. */
  readonly growth: number;
}

export function rateTrainee(
  stepper: RateStepper,
  dataset: Dataset,
  batches: RateBatches,
  constants: RateConstants,
  values: RateValues,
  begun: ForcingState | undefined,
  facts: Readonly<Record<string, unknown>>,
): Trainee {
  const { sizes, seed, forcing } = constants;
  const training = trialsIn(dataset, TRAINING);
  const validation = trialsIn(dataset, VALIDATION);
  const minibatches = new Minibatches(training, constants.batch, seed);
  const withholding: Withholding | undefined = values.sampleValidation > 0 ? { seed, rate: values.sampleValidation } : undefined;
  const ahead = new Ahead((step) => batches.of(minibatches.at(step), withholding));
  const gaussian = sizes.outputsPerUnit === 2;
  let state: ForcingState = begun ?? { strength: 0, growth: 0 };

  /** Looks at the orbits as they are forced now, and gives the strength in force; it ends before the training does. */
  const forcingAt = async (step: number): Promise<number> => {
    if (forcing === 'none') return 0;
    const left = Math.min(1, Math.max(0, (values.steps - step) / (FREE_SHARE * values.steps)));
    if (forcing !== 'generalised') return left >= 1 ? 1 : 0;
    if (values.strength > 0) return values.strength * left;
    if (left > 0 && step % LOOK_EVERY === 0) {
      const trials = training.slice(0, Math.min(LOOKED_AT, constants.batch));
      const { states } = await stepper.forward(batches.of(trials), state.strength * left);
      const sigma = growthAlong(constants, stepper.weights(), states, trials.length);
      state = { strength: nextStrength(state.strength, strengthFor(sigma)), growth: sigma };
    }
    return state.strength * left;
  };

  const judge = async (trials: Int32Array, judged: Judged, withheld: Withholding | undefined, breathe: () => Promise<void>) => {
    const all = new Judge(sizes.units, gaussian);
    await judgeRuns(stepper, batches, constants, trials, judged, withheld, () => all, breathe);
    return all;
  };

  return {
    get facts() {
      return { ...facts, forcing: state };
    },
    async step(step, learningRate) {
      const strength = await forcingAt(step);
      const settings = { step, learningRate, weightDecay: values.weightDecay, strength };
      const { loss, gradientNorm } = await ahead.during(step, (batch) => stepper.step(batch, settings));
      return {
        trainLoss: loss,
        trainNll: loss,
        gradientNorm,
        ...(forcing === 'none' ? {} : { strength }),
        ...(forcing === 'generalised' && values.strength === 0 ? { growth: state.growth } : {}),
      };
    },
    async validate(breathe) {
      const found: Record<string, number | undefined> = {};
      if (validation.length > 0) {
        const onTrials = await judge(validation, 'all', undefined, breathe);
        found.validationNll = onTrials.nll();
        found.validationBitsPerSpike = onTrials.bitsPerSpike(0, sizes.heldIn);
        found.validationCoBps = onTrials.bitsPerSpike(sizes.heldIn, sizes.units);
        found.validationUnseenNll = (await judge(validation, 'unseen', { seed, rate: HIDDEN_IN_VALIDATION }, breathe)).nll();
      }
      if (withholding && sizes.encoder > 0) {
        const onSample = await judge(training, 'withheld', withholding, breathe);
        found.sampleNll = onSample.nll();
        found.sampleBitsPerSpike = onSample.bitsPerSpike(0, sizes.heldIn);
      }
      const numbers = Object.fromEntries(Object.entries(found).filter((entry): entry is [string, number] => entry[1] !== undefined));
      return { score: found.sampleNll ?? found.validationUnseenNll, values: numbers };
    },
    weights: () => stepper.weights(),
    setWeights: (weights) => stepper.setWeights(weights),
    moments: () => stepper.moments(),
    setMoments: (moments) => stepper.setMoments(moments),
  };
}
