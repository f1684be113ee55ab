// Rate networks trained by back-propagation through time, of full or low rank (Valente, Pillow and Ostojic 2022), as a model of Orrery.

import { Failure } from '../../contract/failure.ts';
import type { Chosen } from '../../contract/run.ts';
import { type Dataset, TRAINING, trialsIn } from '../../dataset/index.ts';
import { bestBuild } from '../../engine/kernels.ts';
import { planRate } from '../../engine/rate-rnn/plan.ts';
import { bestWeights } from '../../training/loop.ts';
import { defineModel, type FitJob, type FitOutcome } from '../model.ts';
import { RateBatches } from './batches.ts';
import { factsOf, type RateFacts } from './facts.ts';
import { rateFlow } from './flow.ts';
import { foretellSeconds } from './foretell.ts';
import { makeFusedRateStepper } from './fused.ts';
import { inferRates } from './infer.ts';
import { MOST_RANK, rateParams } from './params.ts';
import { foretoldFits, isSearching, searchRank } from './rank.ts';
import { preparationOf } from './preparation.ts';
import { rateReadouts, recordedUnits } from './readout.ts';
import { constantsOf, resolveRateSettings, sizesOf, valuesIn } from './setup.ts';
import { requireFused, trainRank } from './train.ts';

type Resolved = Readonly<Record<string, Chosen>>;

async function fit(dataset: Dataset, resolved: Resolved, job: FitJob): Promise<FitOutcome> {
  requireFused(job.device);
  const values = valuesIn(resolved);
  if (trialsIn(dataset, TRAINING).length === 0)
    throw new Failure('no-training-trials', 'There are no training trials.', 'Leave fewer trials to validation and test.');
  const search = values.rank === 'auto' && (job.resume === undefined || isSearching(job.resume));
  const { checkpoint, device, deviceName, notes, diagnostics } = search
    ? await searchRank(dataset, values, job)
    : await trainRank(dataset, values, values.rank === 'full' ? 0 : Number(values.rank), job);
  return { checkpoint, device, deviceName, notes, diagnostics };
}

/** A dataset on which a trained network can be used has its bins, units and external inputs. */
function requireFitting(dataset: Dataset, { sizes, view, binMs }: RateFacts): void {
  const external = dataset.external?.channels.length ?? 0;
  const differs =
    dataset.bins !== sizes.bins || dataset.binMs !== binMs
      ? `${dataset.bins} bins of ${dataset.binMs} ms, and the network ${sizes.bins} of ${binMs} ms`
      : dataset.units !== view.order.length
        ? `${dataset.units} units, and the network ${view.order.length}`
        : external !== sizes.external
          ? `${external} external inputs, and the network ${sizes.external}`
          : undefined;
  if (differs !== undefined)
    throw new Failure(
      'other-shape',
      `These trials have ${differs}.`,
      'Make trials with the same window, bins, units and external inputs as those that the network was trained on.',
    );
}

export const rateRnn = defineModel({
  id: 'rate-rnn',
  version: 1,
  title: 'Rate RNN',
  about: 'A recurrent network of rate units, of full or low rank, trained so that it runs through every trial from its initial state',
  params: rateParams,
  cites: [
    'Valente A., Pillow J. W., Ostojic S. Extracting computational mechanisms from neural data using low-rank RNNs. NeurIPS 35 (2022).',
    'Hess F., Monfared Z., Brenner M., Durstewitz D. Generalized teacher forcing for learning chaotic dynamics. ICML (2023).',
  ],
  reports: ['weights'],
  resolve: (dataset, settings) => resolveRateSettings(dataset, settings) as Record<keyof typeof rateParams, Chosen>,

  async foretell(dataset, resolved, threads) {
    const values = valuesIn(resolved);
    const rank = values.rank === 'full' ? 0 : values.rank === 'auto' ? Math.min(MOST_RANK, values.hidden) : Number(values.rank);
    const constants = constantsOf(sizesOf(dataset, values, rank), values, dataset.binMs, 0);
    const seconds = await foretellSeconds(dataset, constants, values, threads);
    return {
      seconds: values.rank === 'auto' ? seconds * foretoldFits(dataset, values) : seconds,
      bytes: planRate(constants, threads, bestBuild()).bytes,
    };
  },

  requireDevice: async (device) => requireFused(device),

  prepares: (dataset, resolved) => preparationOf(dataset, valuesIn(resolved)),

  fit,

  async infer(checkpoint, dataset, resolved, trials, sink, job) {
    const facts = factsOf(checkpoint);
    requireFitting(dataset, facts);
    const values = valuesIn(resolved);
    const constants = { ...constantsOf(facts.sizes, values, facts.binMs, facts.seed), forcing: 'none' as const };
    const stepper = await makeFusedRateStepper(constants, job.threads);
    try {
      stepper.setWeights(bestWeights(checkpoint));
      const batches = new RateBatches(dataset, constants, facts.view, values.teacherSdMs);
      await inferRates(stepper, dataset, batches, constants, facts, trials, sink, job);
    } finally {
      await stepper.close();
    }
  },

  readouts: (checkpoint, resolved) => rateReadouts(checkpoint, valuesIn(resolved).nonlinearity),
  statesAtStart: true,
  recordedUnits: (checkpoint, resolved) => (valuesIn(resolved).readout === 'units' ? recordedUnits(checkpoint) : undefined),

  flow: (checkpoint, resolved) => {
    const { nonlinearity, tauMs } = valuesIn(resolved);
    return rateFlow(checkpoint, nonlinearity, tauMs);
  },
});
