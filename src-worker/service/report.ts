// The scores of a model's outputs: those of every trial are streamed on, and those of the trials that judge it are held against baselines.

import type { Arrays } from '../contract/result.ts';
import type { Job } from '../contract/job.ts';
import type { FitReport } from '../contract/run.ts';
import type { Dataset } from '../dataset/dataset.ts';
import { beats, scoringTrials, scoreBaselines, scoreRates, scoreTruth } from '../metrics/report.ts';
import { tellsEvents } from '../metrics/perturbation.ts';
import type { Sink } from '../models/model.ts';
import type { Baselines } from './baselines.ts';
import { type Fitted, TrustGauge } from './trust.ts';

/** The part of a report that follows from outputs and dataset alone. */
export type Scored = Pick<
  FitReport,
  | 'dataset'
  | 'bitsPerSpike'
  | 'coBitsPerSpike'
  | 'r2Truth'
  | 'r2Behavior'
  | 'perUnit'
  | 'baselines'
  | 'truth'
  | 'beatsBaseline'
  | 'diagnostics'
  | 'readings'
>;

/** Collects out of a stream of batches: the judging trials' rates in counts per bin, and the inferred inputs of all trials. */
class Collector {
  readonly rates: Float32Array;
  inputs: Float32Array | undefined;
  inputDimensions = 0;
  readonly #place: ReadonlyMap<number, number>;
  readonly #dataset: Dataset;

  constructor(dataset: Dataset, trials: Int32Array) {
    this.#dataset = dataset;
    this.rates = new Float32Array(trials.length * dataset.bins * dataset.units);
    this.#place = new Map([...trials].map((trial, place) => [trial, place]));
  }

  take(trials: Int32Array, { rates, inputs }: Arrays): void {
    const { bins, units, binMs } = this.#dataset;
    for (const [row, trial] of trials.entries()) {
      const place = this.#place.get(trial);
      if (rates && place !== undefined) {
        const size = bins * units;
        for (let i = 0; i < size; i++) this.rates[place * size + i] = (rates.values[row * size + i] * binMs) / 1000;
      }
      if (inputs) {
        this.inputDimensions = inputs.shape[2];
        const size = bins * this.inputDimensions;
        this.inputs ??= new Float32Array(this.#dataset.trials * size);
        this.inputs.set(inputs.values.subarray(row * size, (row + 1) * size), trial * size);
      }
    }
  }
}

/** Where the scores of a dataset's baselines are kept from one fit to the next. */
export interface KeptBaselines {
  load(dataset: string): Promise<Baselines | undefined>;
  keep(dataset: string, baselines: Baselines): Promise<void>;
}

/** Streams a model's outputs of every trial through to `write`, scores them, and reads whether to trust them. */
export async function outputsAndScores(dataset: Dataset, fitted: Fitted, write: Sink, kept: KeptBaselines, job: Job): Promise<Scored> {
  if (dataset.network) return unscored(dataset);
  const trials = scoringTrials(dataset);
  const collected = new Collector(dataset, trials);
  const gauge = new TrustGauge(dataset, fitted);
  const take: Sink = async (batch, arrays) => {
    collected.take(batch, arrays);
    gauge.take(batch, arrays);
    await write(batch, arrays);
  };
  await fitted.model.infer(fitted.checkpoint, dataset, fitted.resolved, everyPlace(dataset), take, job);
  const { perUnit, ...scores } = scoreRates(dataset, trials, collected.rates);
  const known = await kept.load(dataset.hash);
  const baselines = known ?? (await scoreBaselines(dataset, job));
  if (!known) await kept.keep(dataset.hash, baselines);
  const truth = scoreTruth(dataset);
  const { diagnostics, readings } = await gauge.judge(scores, baselines, job);
  const { heldOutUnits, validationTrials, testTrials, left } = dataset.summary;
  const split = { validationTrials, ...(testTrials > 0 ? { testTrials } : {}) };
  return {
    dataset: { trials: dataset.trials, bins: dataset.bins, units: dataset.units, heldOutUnits, ...split, left },
    ...scores,
    perUnit,
    baselines,
    ...(truth ? { truth } : {}),
    beatsBaseline: beats(dataset, scores, baselines),
    diagnostics: { ...diagnostics, ...(collected.inputs && tellsEvents(dataset, collected.inputs, collected.inputDimensions)) },
    readings,
  };
}

/** A network that was trained elsewhere has no trials that could judge it. */
const unscored = ({ trials, bins, units, summary: { heldOutUnits, validationTrials, left } }: Dataset): Scored => ({
  dataset: { trials, bins, units, heldOutUnits, validationTrials, left },
  perUnit: [],
  baselines: {},
  beatsBaseline: false,
  diagnostics: {},
  readings: [],
});

/** Every trial's place in the dataset. */
export const everyPlace = ({ trials }: Dataset): Int32Array => Int32Array.from({ length: trials }, (_, trial) => trial);
