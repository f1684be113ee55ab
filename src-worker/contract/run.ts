// A fit as other processes see it: its record, its live metrics, and the report that `fit --json` prints.

import type { Settings, Value } from './params.ts';

export type RunState = 'queued' | 'running' | 'stopped' | 'failed' | 'finished';

/** A value the program chose, with the reason shown beside it in forms. */
export interface Chosen {
  readonly value: Value;
  readonly reason: string;
}

/** One point of the curves; `values` by name: trainLoss, validationBitsPerSpike, validationCoBps, klInitial, klInputs, learningRate, gradientNorm … */
export interface MetricPoint {
  readonly step: number;
  readonly values: Readonly<Record<string, number>>;
}

export interface LeftOut {
  readonly what: 'unit' | 'trial';
  /** Rows of the file's table. */
  readonly rows: readonly number[];
  /** A sentence: '2 units have no spikes in trials'. */
  readonly why: string;
}

export interface Scores {
  /** Held-in units, validation trials. */
  readonly bitsPerSpike?: number;
  readonly coBitsPerSpike?: number;
  readonly r2Truth?: number;
  readonly r2Behavior?: number;
}

export interface UnitScore {
  readonly unit: number;
  readonly heldOut: boolean;
  readonly bitsPerSpike: number;
}

/** Scores of something that a fit is held against; by unit too in reports of this version on. */
export interface BaselineScores extends Scores {
  readonly perUnit?: readonly UnitScore[];
}

/** `look`: something to know before pictures are read; `doubt`: the fit is not to be trusted as it is. */
export type Verdict = 'fine' | 'look' | 'doubt';

/** One thing that tells whether to trust a fit, or an ensemble of fits. */
export interface Reading {
  readonly id:
    | 'gap'
    | 'glm'
    | 'smoothing'
    | 'inputShare'
    | 'initialCondition'
    | 'inferredInputs'
    | 'sampleValidation'
    | 'agreement'
    | 'spread';
  readonly title: string;
  readonly verdict: Verdict;
  readonly sentence: string;
  /** Names of the numbers that it reads: of a fit's `diagnostics`, of an ensemble's `metrics` or `agreement`. */
  readonly numbers: readonly string[];
  /** By dimension, where there is such a thing: KL in nats per trial. */
  readonly perDimension?: readonly number[];
}

export interface FitReport extends Scores {
  readonly run: string;
  readonly model: string;
  readonly device: string;
  readonly deviceName: string;
  readonly threads: number;
  readonly seed: number;
  readonly steps: number;
  readonly bestStep: number;
  readonly seconds: number;
  readonly dataset: {
    readonly trials: number;
    readonly bins: number;
    readonly units: number;
    readonly heldOutUnits: number;
    readonly validationTrials: number;
    /** Where there are any, the scores are theirs; else those of the validation trials, which chose the checkpoint. */
    readonly testTrials?: number;
    readonly left: readonly LeftOut[];
  };
  readonly perUnit: readonly UnitScore[];
  readonly baselines: Readonly<Record<string, BaselineScores>>;
  /** Scores of the true rates, where they are known: what the best of models could reach on these trials. */
  readonly truth?: BaselineScores;
  readonly beatsBaseline: boolean;
  /** Correlation of fitted with true weights, without those of units onto themselves, where true weights were given. */
  readonly weightCorrelation?: number;
  readonly diagnostics: Readonly<Record<string, number>>;
  /** Whether to trust the fit, a sentence for each thing; absent in reports of earlier versions. */
  readonly readings?: readonly Reading[];
  readonly notes: readonly string[];
}

export interface Spread {
  readonly mean: number;
  /** Sample standard deviation, over n − 1. */
  readonly sd: number;
  readonly min: number;
  readonly max: number;
}

/** R² of one fit's latents as a linear map of another's, over bins of trials that judge. */
export interface Agreement {
  /** Over all ordered pairs of fits; 1 where each fit's latents are a linear map of the other's. */
  readonly mean: number;
  /** That of the pair that agrees least. */
  readonly least: number;
  readonly pairs: number;
}

/** What several fits of one dataset by one model say together. */
export interface EnsembleReport {
  readonly runs: readonly string[];
  readonly seeds: readonly number[];
  readonly model: string;
  /** Of every score and diagnostic that all members have. */
  readonly metrics: Readonly<Record<string, Spread>>;
  /** Scores of the rates averaged over members. */
  readonly averaged: Scores;
  readonly baselines: Readonly<Record<string, Scores>>;
  /** The averaged rates beat the baseline. */
  readonly beatsBaseline: boolean;
  /**
   * Of `rates`, `factors`, and `inputs` where they are inferred; `ratesWithinConditions` and so on of what is left of each trial when the
   * average of its condition is taken away.
   */
  readonly agreement: Readonly<Record<string, Agreement>>;
  readonly readings: readonly Reading[];
  readonly seconds: number;
}

export interface RunRecord {
  readonly id: string;
  readonly model: string;
  readonly modelVersion: number;
  readonly dataset: string;
  readonly seed: number;
  readonly state: RunState;
  readonly created: string;
  /** What the user set. */
  readonly settings: Settings;
  /** Every value in use, chosen ones with their reason. */
  readonly resolved: Readonly<Record<string, Chosen>>;
  readonly device: string;
  readonly step: number;
  readonly bestStep: number;
  readonly parent?: string;
  readonly report?: FitReport;
  readonly failure?: { readonly code: string; readonly sentence: string; readonly hint: string };
}
