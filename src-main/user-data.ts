// The user's data folder: projects not yet saved elsewhere, dropped files, the recent list, and presets of models.

import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { basename, extname, join } from 'node:path';
import { z } from 'zod';
import type { Preset } from '../src-worker/contract/page.ts';
import { settings } from './policy/calls.ts';
import { safeName } from './policy/files.ts';

const MOST_RECENT = 12;

const kept = z.object({
  recent: z.array(z.object({ path: z.string(), kind: z.enum(['recording', 'project']) })).default([]),
  /** Project of each recording, by path. */
  projects: z.record(z.string(), z.string()).default({}),
  presets: z.array(z.object({ model: z.string(), name: z.string(), settings })).default([]),
});
type Kept = z.infer<typeof kept>;
export type Recent = Kept['recent'][number];

/** ORRERY_DATA names another place; else where programs of this system keep their data. */
export function dataFolder(): string {
  if (process.env.ORRERY_DATA) return process.env.ORRERY_DATA;
  if (process.platform === 'win32') return join(process.env.LOCALAPPDATA ?? join(homedir(), 'AppData', 'Local'), 'Orrery');
  if (process.platform === 'darwin') return join(homedir(), 'Library', 'Application Support', 'Orrery');
  return join(process.env.XDG_DATA_HOME ?? join(homedir(), '.local', 'share'), 'orrery');
}

export class UserData {
  readonly #folder: string;
  #kept: Kept;

  constructor(folder: string) {
    this.#folder = folder;
    for (const room of ['projects', 'dropped']) mkdirSync(join(folder, room), { recursive: true, mode: 0o700 });
    this.#kept = this.#read();
  }

  /** Recordings and projects that are still there, newest first. */
  get recent(): readonly Recent[] {
    return this.#kept.recent.filter(({ path }) => existsSync(path));
  }

  opened(entry: Recent): void {
    const recent = [entry, ...this.#kept.recent.filter(({ path }) => path !== entry.path)].slice(0, MOST_RECENT);
    this.#write({ ...this.#kept, recent });
  }

  /** The project of a recording where it was made before. */
  knownProject(recording: string): string | undefined {
    const project = this.#kept.projects[recording];
    return project !== undefined && existsSync(project) ? project : undefined;
  }

  /** The project of a recording, made or not; chosen once, so that a recording keeps its runs. */
  projectFor(recording: string): string {
    const known = this.#kept.projects[recording];
    if (known !== undefined) return known;
    const taken = new Set(Object.values(this.#kept.projects));
    const project = free(join(this.#folder, 'projects'), basename(recording, extname(recording)), '.orrery', (path) => taken.has(path));
    this.#write({ ...this.#kept, projects: { ...this.#kept.projects, [recording]: project } });
    return project;
  }

  /** By model and name. */
  get presets(): readonly Preset[] {
    return this.#kept.presets;
  }

  /** Keeps a preset in place of one of that name, or forgets it where there are no settings. */
  keepPreset({ model, name, settings }: Pick<Preset, 'model' | 'name'> & Partial<Preset>): readonly Preset[] {
    const others = this.#kept.presets.filter((other) => other.model !== model || other.name !== name);
    const given = settings ? [{ model, name, settings: settings as Kept['presets'][number]['settings'] }] : [];
    const keyOf = (preset: Preset): string => `${preset.model}\n${preset.name}`;
    this.#write({ ...this.#kept, presets: [...others, ...given].sort((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1)) });
    return this.presets;
  }

  /** A free path for a dropped file. */
  dropPath(name: string): string {
    const safe = safeName(name);
    return free(join(this.#folder, 'dropped'), basename(safe, extname(safe)), extname(safe), () => false);
  }

  get #file(): string {
    return join(this.#folder, 'recent.json');
  }

  /** A list that cannot be read is a list lost, and no reason not to start. */
  #read(): Kept {
    try {
      return kept.parse(JSON.parse(readFileSync(this.#file, 'utf8')));
    } catch {
      return kept.parse({});
    }
  }

  #write(next: Kept): void {
    this.#kept = next;
    const beside = `${this.#file}.${process.pid}.part`;
    writeFileSync(beside, JSON.stringify(next), { mode: 0o600 });
    renameSync(beside, this.#file);
  }
}

/** `stem.ext`, or `stem 2.ext` and so on, whichever is not there yet. */
function free(folder: string, stem: string, extension: string, taken: (path: string) => boolean): string {
  for (let count = 1; ; count++) {
    const path = join(folder, `${stem}${count === 1 ? '' : ` ${count}`}${extension}`);
    if (!existsSync(path) && !existsSync(`${path}.part`) && !taken(path)) return path;
  }
}
