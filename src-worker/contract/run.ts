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
    readonly left: readonly LeftOut[];
  };
  readonly perUnit: readonly UnitScore[];
  readonly baselines: Readonly<Record<string, Scores>>;
  readonly beatsBaseline: boolean;
  readonly diagnostics: Readonly<Record<string, number>>;
  readonly notes: readonly string[];
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
