// LFADS (Pandarinath et al. 2018) as a model of Orrery: what it is called, what can be set, fitting, inference and its dynamics.

import { Failure } from '../../contract/failure.ts';
import type { Chosen } from '../../contract/run.ts';
import { type Dataset, TRAINING, trialsIn } from '../../dataset/index.ts';
import { bestBuild } from '../../engine/kernels.ts';
import { planLfads } from '../../engine/lfads/plan.ts';
import { bestWeights, train } from '../../training/loop.ts';
import { planOf } from '../../training/plan.ts';
import { hzPerValue } from '../baseline.ts';
import { type Checkpoint, defineModel, type FitJob, type FitOutcome } from '../model.ts';
import { hasController, type LfadsSizes } from './architecture.ts';
import { makeBatch } from './training/batches.ts';
import { chooseDevice, DEVICES, foretoldDevice, namedDevice, requireDevice } from './devices/devices.ts';
import { divergencesOf } from './divergences.ts';
import { flowFrom } from '../flows.ts';
import { foretellFit, isFused } from './foretell/index.ts';
import { makeFusedStepper } from './fused.ts';
import { inferInto } from './infer.ts';
import { lfadsParams } from './settings/params.ts';
import { readoutsOf } from './readout.ts';
import { type UnitView, viewOf } from '../../training/units.ts';
import { constantsOf, resolveSettings, sizesOf, startingWeights, valuesIn } from './settings/setup.ts';
import type { Example } from './devices/smoke.ts';
import type { MakeStepper } from './stepper.ts';
import { lfadsTrainee } from './training/trainee.ts';
import { withoutInputs } from './without-inputs.ts';

/** What every checkpoint carries beside weights; plain data. */
interface Facts {
  readonly sizes: LfadsSizes;
  readonly view: UnitView;
  readonly seed: number;
  readonly binMs: number;
  readonly device: string;
  readonly build: string;
}

const factsOf = ({ state }: Checkpoint): Facts => state as unknown as Facts;

type Resolved = Readonly<Record<string, Chosen>>;

async function fit(dataset: Dataset, resolved: Resolved, job: FitJob): Promise<FitOutcome> {
  const values = valuesIn(resolved);
  if (trialsIn(dataset, TRAINING).length === 0)
    throw new Failure('no-training-trials', 'There are no training trials.', 'Leave fewer trials to validation and test.');
  const earlier = job.resume && factsOf(job.resume);
  const sizes = earlier?.sizes ?? sizesOf(dataset, values);
  const seed = earlier?.seed ?? job.seed;
  const constants = constantsOf(sizes, values, seed);
  const view = earlier?.view ?? viewOf(dataset, values.likelihood);
  const weights = startingWeights(dataset, sizes, values, view, seed);
  const example = () => ({
    constants,
    weights,
    batch: makeBatch(dataset, sizes, view, trialsIn(dataset, TRAINING).slice(0, values.batch)),
  });
  const { make, why } = await deviceOf(job, earlier, example);
  const stepper = await make(constants, job.threads);
  try {
    const { device, deviceName, build } = stepper;
    const facts: Facts = { sizes, view, seed, binMs: dataset.binMs, device, build };
    stepper.setWeights(weights);
    const trainee = lfadsTrainee(stepper, dataset, constants, view, values, { ...facts });
    const checkpoint = await train(trainee, planOf(values), job);
    const notes = [
      ...why,
      ...(checkpoint.step < (job.resume && job.moreSteps ? job.resume.step + job.moreSteps : values.steps)
        ? [`Stopped at step ${checkpoint.step}: validation had not improved for ${values.patience} steps.`]
        : []),
      ...(earlier && earlier.build !== build
        ? [`Went on with ${build} what ${earlier.build} had begun: the last bits differ from an uninterrupted fit.`]
        : []),
    ];
    return { checkpoint, device, deviceName, notes };
  } finally {
    await stepper.close();
  }
}

/** The device that was named, or the one that the fit began on, or the best for the model at hand; and the sentence to be told of it. */
async function deviceOf(
  { device, threads }: FitJob,
  earlier: Facts | undefined,
  example: () => Example,
): Promise<{ readonly make: MakeStepper; readonly why: readonly string[] }> {
  if (device !== 'auto') return namedDevice(device);
  if (earlier === undefined) {
    const { make, why } = await chooseDevice(example(), threads);
    return { make, why: [why] };
  }
  try {
    return await namedDevice(earlier.device);
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    return { make: makeFusedStepper, why: [`Went on with the fused engine. ${error.sentence}`] };
  }
}

/** A dataset on which a trained model can be used has its bins, units and external inputs. */
function requireFitting(dataset: Dataset, { sizes, view, binMs }: Facts): void {
  const hint = 'Make trials with the same window, bins, units and external inputs as those that the model was trained on.';
  const external = dataset.external?.channels.length ?? 0;
  const differs =
    dataset.bins !== sizes.bins || dataset.binMs !== binMs
      ? `${dataset.bins} bins of ${dataset.binMs} ms, and the model ${sizes.bins} of ${binMs} ms`
      : dataset.units !== view.order.length
        ? `${dataset.units} units, and the model ${view.order.length}`
        : external !== sizes.external
          ? `${external} external inputs, and the model ${sizes.external}`
          : undefined;
  if (differs !== undefined) throw new Failure('other-shape', `These trials have ${differs}.`, hint);
}

export const lfads = defineModel({
  id: 'lfads',
  version: 1,
  title: 'LFADS',
  about: 'Single-trial rates, factors and inputs from a recurrent network whose dynamics are inferred from the spikes of all units',
  cites: [
    'Pandarinath C. et al. Inferring single-trial neural population dynamics using sequential auto-encoders. Nature Methods 15, 805–815 (2018).',
    'Keshtkaran M. R., Pandarinath C. Enabling hyperparameter optimization in sequential autoencoders for spiking neural data. NeurIPS 32 (2019).',
  ],
  reports: ['tangling'],
  params: lfadsParams,
  resolve: (dataset, settings) => {
    const resolved = resolveSettings(dataset, settings);
    sizesOf(dataset, valuesIn(resolved));
    return resolved as Record<keyof typeof lfadsParams, Chosen>;
  },

  async foretell(dataset, resolved, threads, device) {
    const values = valuesIn(resolved);
    const constants = constantsOf(sizesOf(dataset, values), values, 0);
    const told = await foretellFit(dataset, constants, values, threads, device);
    if (!isFused(device)) return told;
    return { ...told, bytes: planLfads(constants, threads, bestBuild()).bytes, device: foretoldDevice(told.stepMs) };
  },

  devices: DEVICES,

  requireDevice,

  fit,

  async infer(checkpoint, dataset, resolved, trials, sink, job) {
    const facts = factsOf(checkpoint);
    requireFitting(dataset, facts);
    const values = valuesIn(resolved);
    const constants = constantsOf(facts.sizes, values, facts.seed);
    // Whatever trained it: outputs agree, and a project opens where that device is not.
    const stepper = await makeFusedStepper(constants, job.threads);
    try {
      stepper.setWeights(bestWeights(checkpoint));
      const { posteriorSamples } = values;
      await inferInto(stepper, dataset, constants, facts.view, posteriorSamples, hzPerValue(dataset), trials, sink, job);
    } finally {
      await stepper.close();
    }
  },

  divergences(checkpoint, resolved, outputs) {
    const { sizes, seed } = factsOf(checkpoint);
    return divergencesOf(constantsOf(sizes, valuesIn(resolved), seed), bestWeights(checkpoint), outputs);
  },

  withoutInputs,

  flow(checkpoint, resolved) {
    const { sizes, binMs } = factsOf(checkpoint);
    const weights = bestWeights(checkpoint);
    const cell = {
      states: sizes.generator,
      inputs: (hasController(sizes) ? sizes.inputs : 0) + sizes.external,
      W: weights['generator.W'] ?? [],
      U: weights['generator.U']!,
      b: weights['generator.b']!,
      clip: valuesIn(resolved).stateClip,
      stepMs: binMs,
    };
    return flowFrom({ of: 'generator', cell });
  },

  inputPrior(checkpoint, resolved) {
    const { sizes } = factsOf(checkpoint);
    if (!hasController(sizes)) return undefined;
    const { 'inputPrior.logTau': logTau, 'inputPrior.logVariance': logVariance } = bestWeights(checkpoint);
    const isNormal = valuesIn(resolved).inputPrior === 'normal';
    return {
      alpha: Float64Array.from({ length: sizes.inputs }, (_, i) => (isNormal ? 0 : Math.exp(-Math.exp(-logTau![i]!)))),
      variance: Float64Array.from({ length: sizes.inputs }, (_, i) => Math.exp(logVariance![i]!)),
    };
  },

  readouts(checkpoint) {
    const { sizes, view, binMs } = factsOf(checkpoint);
    return readoutsOf(bestWeights(checkpoint), sizes, view, binMs);
  },
});
