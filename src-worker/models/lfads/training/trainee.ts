// LFADS as the training loop sees it: a minibatch with its noise and penalties for each step, posterior means to judge by.

import { type Dataset, TRAINING, trialsIn, VALIDATION } from '../../../dataset/index.ts';
import type { Trainee } from '../../../training/loop.ts';
import { Ahead } from '../../../training/ahead.ts';
import { Minibatches } from '../../../training/minibatches.ts';
import { ramp } from '../../../training/schedules.ts';
import { makeBatch, moved, type Withholding } from './batches.ts';
import { Judge } from './judge.ts';
import type { UnitView } from '../../../training/units.ts';
import type { LfadsValues } from '../settings/setup.ts';
import type { LfadsConstants, Stepper } from '../stepper.ts';

/** Trials cut into batches of at most `size`. */
export function* inBatches(trials: Int32Array, size: number): Generator<Int32Array> {
  for (let start = 0; start < trials.length; start += size) yield trials.slice(start, start + size);
}

/**
 * Share of held-in counts of validation trials that is hidden from the encoders where a checkpoint is chosen. Counts that are seen are
 * likelier under rates that follow each of them, so their likelihood falls while rates come closer to the truth.
 */
const HIDDEN_IN_VALIDATION = 0.2;

export function lfadsTrainee(
  stepper: Stepper,
  dataset: Dataset,
  constants: LfadsConstants,
  view: UnitView,
  values: LfadsValues,
  facts: Readonly<Record<string, unknown>>,
): Trainee {
  const { sizes, seed } = constants;
  const training = trialsIn(dataset, TRAINING);
  const validation = trialsIn(dataset, VALIDATION);
  const batches = new Minibatches(training, constants.batch, seed);
  const withholding: Withholding | undefined = values.sampleValidation > 0 ? { seed, rate: values.sampleValidation } : undefined;
  const gaussian = sizes.outputsPerUnit === 2;
  const movement = {
    seed,
    jitterBins: gaussian ? 0 : Math.round(values.jitterMs / dataset.binMs),
    shiftBins: Math.round(values.shiftMs / dataset.binMs),
  };
  const moves = movement.jitterBins > 0 || movement.shiftBins > 0;
  const ahead = new Ahead((step) => {
    const still = makeBatch(dataset, sizes, view, batches.at(step), withholding);
    return moves ? moved(still, sizes, { ...movement, step }) : still;
  });

  /**
   * Posterior means of some trials into a judge: of all elements, of those withheld, or of all that the encoders did not see (withheld
   * ones, held-out units, bins of forward prediction).
   */
  const judge = async (
    trials: Int32Array,
    judged: 'all' | 'withheld' | 'unseen',
    withheld: Withholding | undefined,
    breathe: () => Promise<void>,
  ): Promise<Judge> => {
    const judge = new Judge(sizes.units, gaussian);
    const { bins: T, units: N, encodedBins, heldIn } = sizes;
    for (const some of inBatches(trials, constants.batch)) {
      await breathe();
      const batch = makeBatch(dataset, sizes, view, some, withheld);
      const { rates } = await stepper.forward(batch);
      for (let b = 0; b < some.length; b++)
        for (let t = 0; t < T; t++) {
          if (batch.observed?.[b * T + t] === 0) continue;
          for (let n = 0; n < N; n++) {
            const encoded = t < encodedBins && n < heldIn;
            const isWithheld = encoded && batch.withheld?.[(b * encodedBins + t) * heldIn + n] === 1;
            if (judged !== 'all' && !isWithheld && (encoded || judged === 'withheld')) continue;
            const i = (b * T + t) * N + n;
            judge.take(n, batch.counts[i]!, rates[i]!);
          }
        }
    }
    return judge;
  };

  return {
    facts,
    async step(step, learningRate) {
      const penalties = ramp(step, values.rampL2);
      const settings = {
        step,
        learningRate,
        weightDecay: values.weightDecay * penalties,
        betaInitial: values.betaInitial * ramp(step, values.rampInitial),
        betaInputs: values.betaInputs * ramp(step, values.rampInputs),
        l2Ramp: penalties,
      };
      const losses = await ahead.during(step, (batch) => stepper.step(batch, settings));
      const { loss, nll, klInitial, klInputs, gradientNorm } = losses;
      return { trainLoss: loss, trainNll: nll / (sizes.bins * sizes.units), klInitial, klInputs, gradientNorm };
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
      if (withholding) {
        const onSample = await judge(training, 'withheld', withholding, breathe);
        found.sampleNll = onSample.nll();
        found.sampleBitsPerSpike = onSample.bitsPerSpike(0, sizes.heldIn);
      }
      const values = Object.fromEntries(Object.entries(found).filter((entry): entry is [string, number] => entry[1] !== undefined));
      return { score: withholding ? found.sampleNll : found.validationUnseenNll, values };
    },
    weights: () => stepper.weights(),
    setWeights: (weights) => stepper.setWeights(weights),
    moments: () => stepper.moments(),
    setMoments: (moments) => stepper.setMoments(moments),
  };
}
