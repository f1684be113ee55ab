// All that the window knows, in one place; panels read parts of it, actions change it.

import { create } from 'zustand';
import type { ProjectSummary } from '../../src-worker/contract/api.ts';
import type { Catalogue } from '../../src-worker/contract/catalogue.ts';
import type { DatasetSummary } from '../../src-worker/contract/dataset.ts';
import type { Failure } from '../../src-worker/contract/failure.ts';
import type { FileEntry, Hello } from '../../src-worker/contract/page.ts';
import type { Settings } from '../../src-worker/contract/params.ts';
import type { RecordingSummary } from '../../src-worker/contract/recording.ts';
import type { MetricPoint, RunRecord } from '../../src-worker/contract/run.ts';
import type { Camera } from '../../src-worker/scene/scene.ts';

export const screens = ['Recording', 'Dataset', 'Fit', 'Explore', 'Figure'] as const;
export type Screen = (typeof screens)[number];
export type Theme = 'light' | 'dark';

/** What is picked, in every panel alike. Rows of the file's tables; time about the event. */
export interface Selection {
  readonly trial?: number;
  readonly timeMs?: number;
}

export interface Preview {
  readonly dataset: DatasetSummary;
  readonly resolved: RunRecord['resolved'];
  readonly seconds?: number;
  readonly bytes?: number;
}

export interface FitProgress {
  readonly step: number;
  readonly steps: number;
  readonly secondsLeft?: number;
}

/** A view on its way to paper. */
export interface FigureDraft {
  readonly view: string;
  readonly settings: Settings;
  readonly camera?: Camera;
}

export interface State {
  readonly joined: boolean;
  readonly hello?: Hello | undefined;
  readonly catalogue?: Catalogue | undefined;
  readonly theme: Theme;
  readonly screen: Screen;
  readonly recording?: { readonly entry: FileEntry; readonly summary: RecordingSummary } | undefined;
  /** What the user set of the dataset and of the model. */
  readonly data: Settings;
  readonly model: string;
  readonly settings: Settings;
  readonly seed: number;
  readonly preview?: Preview | undefined;
  readonly previewTrouble?: Failure | undefined;
  readonly previewing: boolean;
  readonly project?: ProjectSummary | undefined;
  readonly run?: RunRecord | undefined;
  readonly points: readonly MetricPoint[];
  readonly progress?: FitProgress | undefined;
  readonly selection: Selection;
  /** How the trajectories are shown: kept while other screens are visited. */
  readonly space: { readonly settings: Settings; readonly camera?: Camera };
  readonly draft: FigureDraft;
  /** Work that the user waits for: what, and how far, 0 to 1. */
  readonly busy?: { readonly doing: string; readonly done: number } | undefined;
  readonly trouble?: Failure | undefined;
  readonly dialog?: 'open' | 'open-project' | undefined;
}

export const emptyWork = {
  data: {},
  settings: {},
  seed: 0,
  preview: undefined,
  previewTrouble: undefined,
  previewing: false,
  project: undefined,
  run: undefined,
  points: [],
  progress: undefined,
  selection: {},
  space: { settings: {} },
  draft: { view: 'trajectories', settings: {} },
} satisfies Partial<State>;

export const useStore = create<State>()(() => ({ joined: false, theme: 'light', screen: 'Recording', model: 'lfads', ...emptyWork }));

export const get = useStore.getState;
export const set = useStore.setState;
