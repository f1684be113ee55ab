// What a page may ask of its host: the worker's methods with grants in place of paths, and the host's own.

import type { Events, ProjectSummary, WorkerApi } from './api.ts';
import type { Settings } from './params.ts';

/** Stands for a file or folder that the host let the page have; only the host knows the path. */
export type Grant = string;

export interface FileEntry {
  readonly grant: Grant;
  readonly name: string;
  readonly kind: 'folder' | 'recording' | 'project';
  readonly bytes?: number;
}

export interface Listing {
  /** Names from the root down to this folder. */
  readonly trail: readonly FileEntry[];
  readonly entries: readonly FileEntry[];
  /** Files of other kinds, which are not shown. */
  readonly others: number;
}

/** Settings of a model under a name, for fits of any recording. */
export interface Preset {
  readonly model: string;
  readonly name: string;
  readonly settings: Settings;
}

/** What the window shows, so that a reload or a second tab shows it again. Only the page knows what is in it. */
export type Workspace = string;

export interface Hello {
  readonly mode: 'browser' | 'desktop';
  readonly version: string;
  /** Name of the folder whose files can be opened, in browser mode. */
  readonly root?: string;
  readonly sample: FileEntry;
  readonly recent: readonly FileEntry[];
  /** A file or project named when the program was started. */
  readonly opened?: FileEntry;
  readonly workspace?: Workspace;
}

/** The worker's methods, where every `FilePath` is a Grant, and what the host itself does for a page. */
export interface HostApi extends WorkerApi {
  hello(): Promise<Hello>;
  /** Folders, recordings and projects of a folder below the root; browser mode only. */
  list(folder?: Grant): Promise<Listing>;
  /** The system's dialog; undefined where the user cancels. Desktop only. */
  choose(kind: 'recording' | 'project'): Promise<FileEntry | undefined>;
  /** Adds to the recent list; gives the recording's project in the user's data folder where there is one. */
  opened(grant: Grant): Promise<ProjectSummary | undefined>;
  /** A project in the user's data folder, named after the recording; the same one each time for one recording. */
  projectFor(recording: Grant): Promise<ProjectSummary>;
  /** Where a file of this name is to be written; undefined where the user cancels. In browser mode it is then fetched from `download/GRANT`. */
  saveTarget(name: string): Promise<Grant | undefined>;
  remember(workspace: Workspace): Promise<void>;
  /** Presets of the user, by model and name. */
  presets(): Promise<readonly Preset[]>;
  /** Keeps a preset in place of one of that name; without settings it forgets the one there is. Gives those there are then. */
  keepPreset(preset: Pick<Preset, 'model' | 'name'> & { readonly settings?: Settings }): Promise<readonly Preset[]>;
}

export interface HostEvents extends Events {
  worker(state: 'crashed' | 'started', reason: string): void;
  /** The program was asked for another file while it runs. */
  open(entry: FileEntry): void;
}
