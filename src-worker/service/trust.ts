// What tells whether to trust a fit: gathered while its outputs stream by, and from a few trials once more without inferred inputs.

import { comparable } from '../contract/baselines.ts';
import type { Job } from '../contract/job.ts';
import type { Arrays } from '../contract/result.ts';
import type { Chosen, Scores } from '../contract/run.ts';
import { type Dataset, holdsRates, TEST, TRAINING } from '../dataset/index.ts';
import { Likelihood } from '../metrics/likelihood.ts';
import { judgingTrials } from '../metrics/report.ts';
import { type DivergencesPerTrial, judged } from '../metrics/trust.ts';
import { thinned } from '../models/baseline.ts';
import type { Checkpoint, Divergences, Model } from '../models/model.ts';

/** A fitted model, and how it came to the trials that it is to be judged on. */
export interface Fitted {
  readonly model: Model;
  readonly checkpoint: Checkpoint;
  readonly resolved: Readonly<Record<string, Chosen>>;
  /** The dataset's training trials are those that it learned from. */
  readonly trainedHere: boolean;
  /** Bits per spike of the counts that were withheld from training, where some were. */
  readonly withheldBitsPerSpike?: number | undefined;
}

const TRIALS_WITHOUT_INPUTS = 64;

/** Trials whose rates are computed once more without inferred inputs: of those that judge, where there are any. */
export function comparedTrials(dataset: Dataset): Int32Array {
  const judging = judgingTrials(dataset);
  return thinned(judging.length > 0 ? judging : Int32Array.from({ length: dataset.trials }, (_, trial) => trial), TRIALS_WITHOUT_INPUTS);
}

export class TrustGauge {
  readonly #dataset: Dataset;
  readonly #fitted: Fitted;
  readonly #training: Likelihood;
  /** Rates in Hz of the trials that are to be compared with those without inputs. */
  readonly #rates = new Map<number, Float32Array>();
  readonly #compared: Int32Array;
  #told: Divergences | undefined;
  #trials = 0;

  constructor(dataset: Dataset, fitted: Fitted) {
    this.#dataset = dataset;
    this.#fitted = fitted;
    this.#training = new Likelihood(dataset.units);
    this.#compared = comparedTrials(dataset);
  }

  /** Takes the outputs of some trials, as a Sink does. */
  take(trials: Int32Array, arrays: Arrays): void {
    const { model, checkpoint, resolved, trainedHere } = this.#fitted;
    const { bins, units, binMs, counts, observed, split } = this.#dataset;
    const size = bins * units;
    for (const [row, trial] of trials.entries()) {
      const hz = arrays.rates ? Float32Array.from(arrays.rates.values.subarray(row * size, (row + 1) * size)) : undefined;
      if (!hz) continue;
      if (this.#compared.includes(trial)) this.#rates.set(trial, hz);
      if (!trainedHere || split[trial] !== TRAINING || holdsRates(this.#dataset)) continue;
      const perBin = hz.map((rate) => (rate * binMs) / 1000);
      this.#training.take(perBin, counts.subarray(trial * size, (trial + 1) * size), observed?.subarray(trial * bins, (trial + 1) * bins));
    }
    const told = model.divergences?.(checkpoint, resolved, arrays);
    if (!told) return;
    this.#trials += trials.length;
    const before = this.#told;
    const added = (name: keyof Divergences) => told[name].map((nats, k) => nats + (before?.[name][k] ?? 0));
    this.#told = { initial: added('initial'), inputs: added('inputs'), unusedInputs: added('unusedInputs') };
  }

  /** Diagnostics and readings, once the outputs of every trial were taken. */
  async judge(scores: Scores, baselines: Readonly<Record<string, Scores>>, job: Job): Promise<ReturnType<typeof judged>> {
    const { model, withheldBitsPerSpike } = this.#fitted;
    const training = this.#trainingScores();
    const inputShare = await this.#inputShare(job);
    return judged({
      judgedBy: this.#dataset.split.includes(TEST) ? 'test' : 'validation',
      // Smoothing sees the spikes that it is scored on.
      scores: comparable(model.id, scores),
      // A baseline that was fitted by itself is no opponent of its own.
      baselines: Object.fromEntries(Object.entries(baselines).filter(([name]) => name !== model.id)),
      ...(training && { training }),
      ...(this.#told && { divergences: this.#perTrial(this.#told) }),
      ...(inputShare === undefined ? {} : { inputShare }),
      ...(withheldBitsPerSpike === undefined ? {} : { withheldBitsPerSpike }),
    });
  }

  #trainingScores(): Scores | undefined {
    const { heldOut } = this.#dataset;
    const heldIn = this.#training.bitsPerSpike(heldOut.map((is) => 1 - is)).pooled;
    const hidden = this.#training.bitsPerSpike(heldOut).pooled;
    if (Number.isNaN(heldIn)) return undefined;
    return { bitsPerSpike: heldIn, ...(Number.isNaN(hidden) ? {} : { coBitsPerSpike: hidden }) };
  }

  #perTrial(told: Divergences): DivergencesPerTrial {
    const mean = (name: keyof Divergences) => Array.from(told[name], (nats) => nats / this.#trials);
    return { initial: mean('initial'), inputs: mean('inputs'), unusedInputs: mean('unusedInputs') };
  }

  /** Undefined where the model knows no such thing, or where its rates do not vary. */
  async #inputShare(job: Job): Promise<number | undefined> {
    const { model, checkpoint, resolved } = this.#fitted;
    if (!model.withoutInputs) return undefined;
    const silent = model.withoutInputs(checkpoint);
    if (!silent) return 0;
    const { bins, units, observed } = this.#dataset;
    const rates = [...this.#rates];
    const without = new Map<number, Float32Array>();
    const size = bins * units;
    const take = (trials: Int32Array, arrays: Arrays): void => {
      for (const [row, trial] of trials.entries())
        without.set(trial, Float32Array.from(arrays.rates?.values.subarray(row * size, (row + 1) * size) ?? []));
    };
    await model.infer(silent, this.#dataset, resolved, this.#compared, take, job);
    return varianceGone(
      rates.map(([trial, whole]) => ({
        whole,
        without: without.get(trial)!,
        observed: observed?.subarray(trial * bins, (trial + 1) * bins),
      })),
      units,
    );
  }
}

/**
 * Share of the variance of rates (pooled over trials, bins and units, about each unit's mean; bins × units each) that is gone in
 * those without inputs: their squared distance, at most 1; undefined where nothing varies.
 */
export function varianceGone(
  trials: readonly { readonly whole: Float32Array; readonly without: Float32Array; readonly observed?: Uint8Array | undefined }[],
  units: number,
): number | undefined {
  const [sums, squares] = [new Float64Array(units), new Float64Array(units)];
  let [distance, bins] = [0, 0];
  for (const { whole, without, observed } of trials)
    for (let bin = 0; bin < whole.length / units; bin++) {
      if (observed?.[bin] === 0) continue;
      bins++;
      for (let u = 0; u < units; u++) {
        const rate = whole[bin * units + u];
        sums[u] += rate;
        squares[u] += rate * rate;
        distance += (rate - without[bin * units + u]) ** 2;
      }
    }
  const variance = squares.reduce((total, square, u) => total + square - sums[u] ** 2 / bins, 0);
  return variance > 0 ? Math.min(1, distance / variance) : undefined;
}
