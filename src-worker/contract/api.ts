// The contract: every method that a window, the command line or a test may ask of the worker. Arguments are parsed on arrival.

import type { Catalogue } from './catalogue.ts';
import type { Belief } from './belief.ts';
import type { Currents } from './currents.ts';
import type { Continuation } from './continuation.ts';
import type { DatasetSummary } from './dataset.ts';
import type { FixedPoints } from './fixed-points.ts';
import type { Linearizations } from './linearize.ts';
import type { Settings } from './params.ts';
import type { PointsReport } from './points.ts';
import type { RecordingSummary, TableRows, UnitMeans } from './recording.ts';
import type { Methods, ReportRequest, WrittenReport } from './report.ts';
import type { EnsembleReport, FitReport, MetricPoint, RunRecord } from './run.ts';
import type { Follow } from '../scene/follow.ts';
import type { Scene } from '../scene/scene.ts';
import type { PaperLook } from '../scene/style.ts';

/** A file the worker may read or write: a path for the host and the command line, made from a grant for a page. */
export type FilePath = string;

export interface RecordingRef {
  readonly path: FilePath;
  /** Set where the file needs it: arrays to read, tables to use. */
  readonly settings?: Settings;
}

export interface FitRequest {
  readonly project: FilePath;
  readonly recording: FilePath;
  readonly model: string;
  readonly data: Settings;
  readonly settings: Settings;
  readonly seed: number;
  readonly threads?: number;
  readonly device: string;
  /** Fit anew even where a finished run of the same recipe is there. */
  readonly again?: boolean;
}

export interface RunRef {
  readonly project: FilePath;
  /** A run's id, `latest` or `best`. */
  readonly run: string;
}

export interface ProjectSummary {
  readonly path: FilePath;
  readonly name: string;
  readonly recordings: readonly { readonly identity: string; readonly path: FilePath; readonly found: boolean }[];
  /** What the user set to make each dataset; `recording` is an identity. */
  readonly datasets?: readonly { readonly hash: string; readonly recording: string; readonly settings: Settings }[];
  readonly runs: readonly RunRecord[];
  /** Views kept under a name, by name. */
  readonly views?: readonly NamedView[];
  /** Someone else has it open for writing: this one only reads. */
  readonly readOnly: boolean;
}

/** What some analyses say beyond numbers. */
export type AnalysisDetails = Partial<Currents & Belief & FixedPoints & Linearizations & Continuation>;

export interface AnalysisReport extends AnalysisDetails {
  readonly analysis: string;
  readonly run: string;
  readonly recipe: string;
  readonly summary: Readonly<Record<string, number>>;
  readonly notes: readonly string[];
  readonly seconds: number;
}

/** Trials of a recording before any fit. */
export interface DataRef {
  readonly recording: FilePath;
  readonly data: Settings;
  /** As a fit of this model with these settings would be given them. */
  readonly fit?: { readonly model: string; readonly settings: Settings };
}

/** A view of a run, or of a dataset that nothing was fitted to yet. */
export type ViewRequest = (RunRef | DataRef) & ViewOptions;

export interface ViewOptions {
  readonly view: string;
  readonly settings: Settings;
  readonly state?: string;
  /** Only trials that fit, such as `success=true,direction=3`. */
  readonly trials?: string;
  /** Settings of the analysis that the view shows, where it shows one. */
  readonly analysis?: Settings;
  /** Points of the analysis are followed to this held input, instead of searched for there. */
  readonly held?: readonly number[];
  readonly width: number;
  readonly height: number;
}

/** A view as a project keeps it under a name: all that makes its picture, but for the run and the paper. */
export interface SavedView {
  readonly view: string;
  readonly settings: Settings;
  readonly state?: string;
  readonly trials?: string;
  readonly analysis?: Settings;
  readonly camera?: Scene['camera'];
  readonly follow?: Follow;
  /** Sizes on paper. */
  readonly look?: PaperLook;
  /** The input that fixed points are followed to. */
  readonly held?: readonly number[];
}

export interface NamedView extends SavedView {
  readonly name: string;
}

export type FigureRequest = ViewRequest & {
  readonly out: FilePath;
  /** Name of a view kept in the project, drawn as it was; what the request itself sets comes before it. */
  readonly saved?: string;
  /** Keeps the view in the project under this name. */
  readonly saveAs?: string;
  readonly widthMm: number;
  readonly heightMm?: number;
  readonly dpi: number;
  readonly camera?: Scene['camera'];
  /** Sizes on paper. */
  readonly look?: PaperLook;
  /** Of a movie, where `out` is one; what is not given is as usual. */
  readonly movie?: Settings;
  /** Conditions hidden, named or recoloured, and the time to look at, as on screen. */
  readonly follow?: Follow;
};

/** Where a fit is. `seconds` since it was started or gone on with, reading the recording included. */
export interface FitProgress {
  readonly step: number;
  readonly steps: number;
  readonly seconds?: number;
  /** Of training. */
  readonly secondsLeft?: number;
  /** What is under way once training has ended: outputs, scores of baselines. */
  readonly after?: string;
}

export interface DeviceInfo {
  readonly id: string;
  readonly name: string;
  readonly available: boolean;
  readonly reason: string;
  readonly stepMs?: number;
}

/** Long calls carry a `job` id of the caller's choice: `cancel(job)` stops them, `Events.progress` tells of them. */
export interface WorkerApi {
  catalogue(): Promise<Catalogue>;
  devices(): Promise<readonly DeviceInfo[]>;
  inspect(ref: RecordingRef, job: string): Promise<RecordingSummary>;
  /** Rows of a table of units or intervals; units come with their area, spikes and rate. */
  rows(request: RecordingRef & { readonly table: string }, job: string): Promise<TableRows>;
  /** Average rate of every unit over the trials of a dataset. */
  unitMeans(request: DataRef, job: string): Promise<UnitMeans>;
  /** What the dataset would be, what the model would choose for it, and what the fit would cost on a device (`auto` unless it is named). */
  preview(
    request: {
      readonly recording: FilePath;
      readonly data: Settings;
      readonly model: string;
      readonly settings: Settings;
      readonly threads?: number;
      readonly device?: string;
      /** Where the fit would be kept: what is known there is not computed again. */
      readonly project?: FilePath;
    },
    job: string,
  ): Promise<{
    readonly dataset: DatasetSummary;
    readonly resolved: RunRecord['resolved'];
    readonly seconds?: number;
    readonly bytes?: number;
    /** A step of this model, measured on the device. */
    readonly stepMs?: number;
    /** What `auto` will use, as far as that is known before the fit. */
    readonly device?: RunRecord['resolved'][string];
  }>;
  createProject(path: FilePath): Promise<ProjectSummary>;
  openProject(path: FilePath): Promise<ProjectSummary>;
  /** Starts (or goes on with) a fit and answers at once; follow it by `Events.run` and `runs`. */
  startFit(request: FitRequest): Promise<RunRecord>;
  resumeFit(ref: RunRef, more: { readonly steps?: number; readonly threads?: number; readonly device?: string }): Promise<RunRecord>;
  /** Stops a running fit within a second; its last checkpoint is kept. */
  stopFit(ref: RunRef): Promise<RunRecord>;
  /** Resolves when the run is no longer running. */
  waitForRun(ref: RunRef): Promise<RunRecord>;
  run(ref: RunRef): Promise<RunRecord>;
  curves(ref: RunRef): Promise<readonly MetricPoint[]>;
  /** Finished runs of one model and one dataset taken together: spread, rates averaged, agreement. */
  ensemble(request: { readonly project: FilePath; readonly runs: readonly string[] }, job: string): Promise<EnsembleReport>;
  /** Trained model on the trials of another recording; what it infers is kept in the project, and written to `out` (.h5, .nwb, .mat, .csv). */
  infer(
    request: RunRef & { readonly recording: FilePath; readonly data: Settings; readonly out?: FilePath },
    job: string,
  ): Promise<FitReport>;
  analyze(
    request: RunRef & {
      readonly analysis: string;
      readonly state?: string;
      readonly trials?: string;
      readonly settings: Settings;
      readonly out?: FilePath;
      /** The result that is kept and no other: a Failure `not-kept` where there is none. */
      readonly onlyKept?: boolean;
    },
    job: string,
  ): Promise<AnalysisReport>;
  /** Fixed points of a run as `settings` of that analysis find them, or followed from there to the input `held`. */
  points(
    request: RunRef & { readonly settings: Settings; readonly trials?: string; readonly held?: readonly number[] },
    job: string,
  ): Promise<PointsReport>;
  scene(request: ViewRequest, job: string): Promise<Scene>;
  figure(
    request: FigureRequest,
    job: string,
  ): Promise<{ readonly path: FilePath; readonly bytes: number; readonly text: string; readonly caption: string }>;
  /** Keeps a view in the project in place of one of that name; without one it forgets the one there is. Gives those there are then. */
  keepView(request: { readonly project: FilePath; readonly name: string; readonly view?: SavedView }): Promise<readonly NamedView[]>;
  export(
    request: RunRef & { readonly exporter: string; readonly out: FilePath; readonly trials?: string; readonly settings: Settings },
    job: string,
  ): Promise<{
    readonly files: readonly FilePath[];
    readonly names: readonly string[];
    readonly load: readonly { readonly language: string; readonly lines: string }[];
  }>;
  /** How a run was made, as the methods section of a paper says it. */
  methods(ref: RunRef, job: string): Promise<Methods>;
  /** The whole project as one page that needs nothing else. */
  report(request: ReportRequest, job: string): Promise<WrittenReport>;
  cancel(job: string): Promise<void>;
}

/** What the worker tells without being asked; at most ten times a second each. */
export interface Events {
  progress(job: string, done: number, doing: string): void;
  run(project: FilePath, record: RunRecord, points: readonly MetricPoint[], progress: FitProgress): void;
}
