// Batches of a rate network: what LFADS's batches hold, rows of the table of initial states, and smoothed activity for teachers of it.

import { type Dataset, ofTrials } from '../../dataset/index.ts';
import { smoothBins } from '../../numerics/smoothing.ts';
import { makeBatch, type Withholding } from '../lfads/training/batches.ts';
import type { UnitView } from '../../training/units.ts';
import { DIAGONAL_READOUT, isGiven } from './architecture.ts';
import { initialRows } from './setup.ts';
import type { RateBatch, RateConstants } from './stepper.ts';

/** Smoothed counts are at least this a bin, so that they have a logarithm. */
const LEAST = 0.1;

/** Makes batches of one dataset; smoothed activity is made once, trial by trial as it is asked for. */
export class RateBatches {
  readonly #dataset: Dataset;
  readonly #constants: RateConstants;
  readonly #view: UnitView;
  readonly #rows: Int32Array;
  readonly #sdBins: number;
  readonly #smoothed = new Map<number, Float32Array>();

  constructor(dataset: Dataset, constants: RateConstants, view: UnitView, teacherSdMs: number) {
    this.#dataset = dataset;
    this.#constants = constants;
    this.#view = view;
    this.#rows = initialRows(dataset, constants.sizes);
    this.#sdBins = teacherSdMs / dataset.binMs;
  }

  /** A batch of the given trials (places in the dataset). */
  of(trials: Int32Array, withholding?: Withholding): RateBatch {
    const { sizes, forcing, teacher } = this.#constants;
    return {
      ...makeBatch(this.#dataset, sizes, this.#view, trials, withholding),
      ...(sizes.conditions > 0 ? { conditions: trials.map((trial) => this.#rows[trial]) } : {}),
      ...(isGiven(sizes) ? { initial: this.#recorded(trials) } : {}),
      ...(forcing !== 'none' && teacher === 'smoothed' ? { smoothed: this.#smoothedOf(trials) } : {}),
    };
  }

  /** The states that show each trial's first bin; of held-out units and where it was not observed the mean, 0. */
  #recorded(trials: Int32Array): Float32Array {
    const { bins, units, counts, observed } = this.#dataset;
    const { order, offset, scale } = this.#view;
    const { heldIn, hidden } = this.#constants.sizes;
    const initial = new Float32Array(trials.length * hidden);
    for (const [b, trial] of trials.entries()) {
      if (observed?.[trial * bins] === 0) continue;
      for (let n = 0; n < heldIn; n++)
        initial[b * hidden + n] = (counts[trial * bins * units + order[n]] - offset[n]) / scale[n] / DIAGONAL_READOUT;
    }
    return initial;
  }

  #smoothedOf(trials: Int32Array): Float32Array {
    const { bins, units } = this.#dataset;
    const smoothed = new Float32Array(trials.length * bins * units);
    for (const [b, trial] of trials.entries()) {
      const own = this.#smoothed.get(trial) ?? this.#smooth(trial);
      this.#smoothed.set(trial, own);
      smoothed.set(own, b * bins * units);
    }
    return smoothed;
  }

  /** Log counts per bin, or standardised values, in the model's order of units. */
  #smooth(trial: number): Float32Array {
    const { bins, units, counts, observed } = this.#dataset;
    const one = Int32Array.of(trial);
    const values = smoothBins(ofTrials(counts, one, bins * units), 1, bins, units, this.#sdBins, {
      observed: observed && ofTrials(observed, one, bins),
    });
    const { order, offset, scale } = this.#view;
    const gaussian = this.#constants.sizes.outputsPerUnit === 2;
    return Float32Array.from({ length: bins * units }, (_, i) => {
      const n = i % units;
      const value = values[i - n + order[n]];
      return gaussian ? (value - offset[n]) / scale[n] : Math.log(Math.max(LEAST, value));
    });
  }
}
