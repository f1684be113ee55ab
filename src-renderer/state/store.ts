// All that the window knows, in one place; panels read parts of it, actions change it.

import { create } from 'zustand';
import type { FitProgress, ProjectSummary } from '../../src-worker/contract/api.ts';
import type { Catalogue } from '../../src-worker/contract/catalogue.ts';
import type { DatasetSummary } from '../../src-worker/contract/dataset.ts';
import type { Failure } from '../../src-worker/contract/failure.ts';
import type { FileEntry, Hello } from '../../src-worker/contract/page.ts';
import type { Settings } from '../../src-worker/contract/params.ts';
import type { RecordingSummary } from '../../src-worker/contract/recording.ts';
import type { MetricPoint, RunRecord } from '../../src-worker/contract/run.ts';
import type { Follow } from '../../src-worker/scene/follow.ts';
import type { Camera, Scene } from '../../src-worker/scene/scene.ts';
import type { PaperLook } from '../../src-worker/scene/style.ts';
import type { Written } from './writing.ts';

export const screens = ['Recording', 'Dataset', 'Fit', 'Explore', 'Figure'] as const;
export type Screen = (typeof screens)[number];
export type Theme = 'light' | 'dark';

/** What is picked, in every panel alike. Rows of the file's tables; time about the event. */
export interface Selection {
  readonly trial?: number | undefined;
  readonly unit?: number | undefined;
  /** A fixed point, by its place in the search. */
  readonly point?: number | undefined;
  /** A current: the region it flows into, and the one it comes from. */
  readonly pair?: readonly [into: string, from: string] | undefined;
  /** All currents that are picked to be compared, where there are several; `pair` is the newest. */
  readonly pairs?: readonly (readonly [into: string, from: string])[] | undefined;
  readonly timeMs?: number | undefined;
  /** The time to look at: what lies outside fades, in every panel. */
  readonly spanMs?: readonly [number, number] | undefined;
  /** The one trial drawn beside the averages. */
  readonly onlyTrial?: number | undefined;
  /** Conditions that are hidden, and other names and colours (places in the palette), by column and value ('direction=45°'). */
  readonly hidden?: readonly string[] | undefined;
  readonly names?: Readonly<Record<string, string>> | undefined;
  readonly colours?: Readonly<Record<string, number>> | undefined;
}

export interface Preview {
  readonly dataset: DatasetSummary;
  readonly resolved: RunRecord['resolved'];
  readonly seconds?: number;
  readonly bytes?: number;
  readonly stepMs?: number;
  readonly device?: RunRecord['resolved'][string];
}

/** A view on its way to paper. */
export interface FigureDraft {
  readonly view: string;
  readonly settings: Settings;
  readonly trials?: string;
  readonly camera?: Camera;
  readonly follow?: Follow;
  /** Of the analysis that it shows, and the input that its points are followed to. */
  readonly analysis?: Settings;
  readonly held?: readonly number[];
  /** Sizes on paper that are not as usual. */
  readonly look?: PaperLook;
}

/** The large panel of Explore. */
export interface SpaceState {
  readonly view: string;
  readonly settings: Settings;
  readonly camera?: Camera;
  /** How the other views of this panel were left. */
  readonly others?: Readonly<Record<string, { readonly settings: Settings; readonly camera?: Camera }>>;
  /** What it shows: where other panels learn the names of conditions and the trials there are. */
  readonly scene?: Scene;
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
  /** A device of the catalogue, or `auto`. */
  readonly device: string;
  readonly preview?: Preview | undefined;
  readonly previewTrouble?: Failure | undefined;
  readonly previewing: boolean;
  readonly project?: ProjectSummary | undefined;
  readonly run?: RunRecord | undefined;
  readonly points: readonly MetricPoint[];
  readonly progress?: FitProgress | undefined;
  readonly selection: Selection;
  /** How the trajectories are shown: kept while other screens are visited. */
  readonly space: SpaceState;
  /** What was chosen in the menus of Explore's flat panels, by view, and the one that the last place shows where there is room for three. */
  readonly panels: Readonly<Record<string, Settings>>;
  readonly lastPanel: string;
  /** Only trials that fit are shown in Explore: 'direction=3'. */
  readonly trials?: string | undefined;
  readonly isPlaying: boolean;
  readonly isPaletteOpen: boolean;
  /** The question whether to stop the fit in view is open. */
  readonly asksToStop: boolean;
  readonly draft: FigureDraft;
  /** Work that the user waits for: what, and how far, 0 to 1. */
  readonly busy?: { readonly doing: string; readonly done: number } | undefined;
  readonly trouble?: Failure | undefined;
  /** What was just written, shown until it is closed. */
  readonly written?: Written | undefined;
  readonly dialog?: 'open' | 'open-project' | 'open-for-model' | undefined;
  /** A dialog about the run in view. */
  readonly task?: 'export' | 'infer' | undefined;
  /** The recording that the run's model is to be run on. */
  readonly inferOn?: FileEntry | undefined;
}

export const emptyWork = {
  data: {},
  settings: {},
  seed: 0,
  device: 'auto',
  preview: undefined,
  previewTrouble: undefined,
  previewing: false,
  project: undefined,
  run: undefined,
  points: [],
  progress: undefined,
  selection: {},
  space: { view: 'trajectories', settings: {} } as SpaceState,
  panels: {},
  lastPanel: 'tangling',
  trials: undefined,
  isPlaying: false,
  draft: { view: 'trajectories', settings: {} },
} satisfies Partial<State>;

export const useStore = create<State>()(() => ({
  joined: false,
  theme: 'light',
  screen: 'Recording',
  model: 'lfads',
  isPaletteOpen: false,
  asksToStop: false,
  ...emptyWork,
}));

export const get = useStore.getState;
export const set = useStore.setState;
