// Rate networks trained by back-propagation through time, of full or low rank (Valente, Pillow and Ostojic 2022), as a model of Orrery.

import { Failure } from '../../contract/failure.ts';
import type { Chosen } from '../../contract/run.ts';
import { type Dataset, TRAINING, trialsIn } from '../../dataset/index.ts';
import { bestBuild } from '../../engine/kernels.ts';
import { planRate } from '../../engine/rate-rnn/plan.ts';
import { defineModel, type FitJob, type FitOutcome } from '../model.ts';
import { rateFlow } from './flow.ts';
import { foretellSeconds } from './foretell.ts';
import { inferFitted } from './infer.ts';
import { MOST_RANK, rateParams } from './params.ts';
import { foretoldFits, isSearching, searchRank } from './rank.ts';
import { preparationOf } from './preparation.ts';
import { rateReadouts, recordedUnits } from './readout.ts';
import { constantsOf, resolveRateSettings, sizesOf, valuesIn } from './setup.ts';
import { testedRate } from './tested.ts';
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
  // What takes another training is drawn where it was asked for.
  reports: ['activity', 'weights'],
  resolve: (dataset, settings) => resolveRateSettings(dataset, settings) as Record<keyof typeof rateParams, Chosen>,

  async foretell(dataset, resolved, threads) {
    const values = valuesIn(resolved);
    const rank = values.rank === 'full' ? 0 : values.rank === 'auto' ? Math.min(MOST_RANK, values.hidden) : Number(values.rank);
    const constants = constantsOf(sizesOf(dataset, values, rank), values, dataset.binMs, 0);
    // A search makes fits side by side, a thread each.
    const isSearch = values.rank === 'auto';
    const { seconds, outputSeconds } = await foretellSeconds(dataset, constants, values, isSearch ? 1 : threads);
    const { bytes } = planRate(constants, isSearch ? 1 : threads, bestBuild());
    return isSearch
      ? { seconds: seconds * foretoldFits(dataset, values, threads), outputSeconds, bytes: threads * bytes }
      : { seconds, outputSeconds, bytes };
  },

  requireDevice: async (device) => requireFused(device),

  prepares: (dataset, resolved) => preparationOf(dataset, valuesIn(resolved)),

  fit,

  infer: inferFitted,
  readouts: (checkpoint, resolved) => rateReadouts(checkpoint, valuesIn(resolved).nonlinearity),
  statesAtStart: true,
  recordedUnits: (checkpoint, resolved) => (valuesIn(resolved).readout === 'units' ? recordedUnits(checkpoint) : undefined),

  tested: testedRate,

  flow: (checkpoint, resolved) => {
    const { nonlinearity, tauMs } = valuesIn(resolved);
    return rateFlow(checkpoint, nonlinearity, tauMs);
  },
});
