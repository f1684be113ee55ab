// A project: a folder with an index (SQLite) and array files (HDF5). Opening takes the lock, brings the index up to date, clears what a kill left.

import fs from 'node:fs';
import { basename, join, resolve } from 'node:path';
import { DatabaseSync, type SQLInputValue, type SQLOutputValue } from 'node:sqlite';
import { Failure } from '../contract/failure.ts';
import type { ProjectSummary } from '../contract/api.ts';
import type { Settings } from '../contract/params.ts';
import { contentHash, discard, fileFailure, makeFolder, syncFile, syncFolder } from './files.ts';
import { type LockOwner, releaseLock, takeLock } from './lock.ts';
import { indexVersion, migrate, SCHEMA_VERSION } from './schema.ts';
import { decode } from './text.ts';

export type Row = Readonly<Record<string, SQLOutputValue>>;

const INDEX = 'index.sqlite';
const ARRAYS = 'arrays';
/** Array files that are ours to clear: named by their content, or still being written. */
const OURS = /^([0-9a-f]{64}\.h5|.+\.tmp)$/;
const LOCK_DRAFT = /^lock\.\d+\.tmp$/;
/** Milliseconds to wait for another process in the midst of a transaction. */
const PATIENCE = 5000;

export interface Project {
  /** Absolute path of the folder. */
  readonly path: string;
  /** The folder's name without `.orrery`. */
  readonly name: string;
  readonly readOnly: boolean;
  /** Who writes to it, where that is the reason to read only. */
  readonly lockedBy?: LockOwner;
  /** Rows of a SELECT. */
  rows(sql: string, ...values: SQLInputValue[]): readonly Row[];
  row(sql: string, ...values: SQLInputValue[]): Row | undefined;
  /** All statements that `work` runs with its `put`, or none. Throws a Failure where the project may not be written. */
  change<T>(work: (put: (sql: string, ...values: SQLInputValue[]) => void) => T): T;
  /** Path of an array file. */
  arrayPath(file: string): string;
  /** A new path to write an array file at; `keep` brings it in. */
  draftPath(): string;
  /**
   * Brings in an array file that was written at a draft path: synced, named by the hash of its bytes, put in place, and recorded by `work`,
   * which is given its name. Until `work` has succeeded the project is as before. Array files that nothing refers to any more are removed.
   */
  keep<T>(draft: string, work: (file: string, put: (sql: string, ...values: SQLInputValue[]) => void) => T): Promise<T>;
  /** Path of a recorded array file whose bytes still have the hash that names it (checked once a session). Throws a Failure. */
  checked(file: string): Promise<string>;
  close(): void;
}

/**
 * Opens the project folder at `path`, or with `create` makes it where there is none. Another process that writes to it leaves it to be
 * read only. Throws a Failure: `no-project`, `folder-not-empty`, `not-a-project`, `project-too-new`, `no-permission`, `disk-full`.
 */
export async function openProject(
  path: string,
  { create = false, readOnly = false }: { readonly create?: boolean; readonly readOnly?: boolean } = {},
): Promise<Project> {
  const folder = resolve(path);
  try {
    const index = join(folder, INDEX);
    if (!fs.existsSync(index)) make(folder, create && !readOnly);
    const real = fs.realpathSync(folder);
    if (fs.existsSync(index) && indexVersion(index) === 0) checkUnfinished(folder, readOnly);
    return open(real, readOnly);
  } catch (error) {
    throw fileFailure(error, folder, 'write');
  }
}

const none = (folder: string) =>
  new Failure('no-project', `There is no project at ${folder}.`, 'Check the path; a project is a folder whose name ends in .orrery.');

/** A folder for a project to be; refuses one that holds something else. */
function make(folder: string, create: boolean): void {
  if (!create) throw none(folder);
  if (fs.existsSync(folder)) {
    if (!fs.statSync(folder).isDirectory())
      throw new Failure('not-a-folder', `${folder} is a file.`, 'Choose another name for the project, such as results.orrery.');
    // A project whose making was cut short holds nothing but its own beginnings.
    const others = fs.readdirSync(folder).filter((name) => name !== 'lock' && name !== `${INDEX}-journal` && !LOCK_DRAFT.test(name));
    if (others.length > 0)
      throw new Failure(
        'folder-not-empty',
        `${folder} holds other files (${others.slice(0, 3).join(', ')}) and no project.`,
        'Choose a new folder or an empty one.',
      );
  }
  makeFolder(folder);
}

/** An index without tables is a project whose making was cut short: then it has no arrays, which would be cleared as nobody's. */
function checkUnfinished(folder: string, readOnly: boolean): void {
  const arrays = join(folder, ARRAYS);
  if (fs.existsSync(arrays) && fs.readdirSync(arrays).length > 0)
    throw new Failure('project-damaged', `The index of ${folder} is empty, and yet there are arrays.`, 'Restore index.sqlite from a copy.');
  if (readOnly) throw none(folder);
}

function open(path: string, askedToRead: boolean): Project {
  const index = join(path, INDEX);
  const writer = askedToRead ? undefined : openToWrite(path, index);
  const database = writer?.database ?? new DatabaseSync(index, { readOnly: true, timeout: PATIENCE });
  const readOnly = writer?.database === undefined;
  const checkedFiles = new Set<string>();
  let drafts = 0;
  const arrayPath = (file: string) => join(path, ARRAYS, file);

  const rows: Project['rows'] = (sql, ...values) => database.prepare(sql).all(...values);

  const change: Project['change'] = (work) => {
    if (readOnly) throw readOnlyFailure(path, writer?.owner);
    try {
      database.exec('BEGIN IMMEDIATE');
      const result = work((sql, ...values) => void database.prepare(sql).run(...values));
      database.exec('COMMIT');
      return result;
    } catch (error) {
      if (database.isTransaction) database.exec('ROLLBACK');
      throw error instanceof RangeError ? error : fileFailure(error, index, 'write');
    }
  };

  const project: Project = {
    path,
    name: basename(path).replace(/\.orrery$/, ''),
    readOnly,
    ...(writer?.owner === undefined ? {} : { lockedBy: writer.owner }),
    rows,
    row: (sql, ...values) => rows(sql, ...values)[0],
    change,
    arrayPath,
    draftPath: () => {
      if (readOnly) throw readOnlyFailure(path, writer?.owner);
      return arrayPath(`${process.pid}-${drafts++}.tmp`);
    },
    async keep(draft, work) {
      try {
        await syncFile(draft);
        const file = `${await contentHash(draft)}.h5`;
        // From here to the end nothing else of this process runs: a file in place is a file recorded.
        if (fs.existsSync(arrayPath(file))) discard(draft);
        else fs.renameSync(draft, arrayPath(file));
        syncFolder(join(path, ARRAYS));
        try {
          return change((put) => work(file, put));
        } finally {
          clear(project, false);
        }
      } catch (error) {
        discard(draft);
        throw error instanceof RangeError ? error : fileFailure(error, draft, 'write');
      }
    },
    async checked(file) {
      const whole = arrayPath(file);
      if (!checkedFiles.has(file)) {
        const damaged = !fs.existsSync(whole) || `${await contentHash(whole)}.h5` !== file;
        if (damaged)
          throw new Failure(
            'array-file-damaged',
            `The project's array file ${file} is ${fs.existsSync(whole) ? 'damaged' : 'missing'}.`,
            'Restore it from a copy of the project, or make the run or analysis anew.',
          );
        checkedFiles.add(file);
      }
      return whole;
    },
    close() {
      if (!database.isOpen) return;
      database.close();
      if (!readOnly) releaseLock(path);
    },
  };
  if (!readOnly) {
    try {
      clear(project, true);
      recover(project);
    } catch (error) {
      project.close();
      throw error;
    }
  }
  return project;
}

/** The index with the lock taken and its tables up to date; without a database where somebody else writes or nobody may. */
function openToWrite(path: string, index: string): { readonly database?: DatabaseSync; readonly owner?: LockOwner } {
  const database = new DatabaseSync(index, { timeout: PATIENCE });
  let locked = false;
  try {
    database.exec('PRAGMA journal_mode = DELETE; PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON');
    database.exec('BEGIN IMMEDIATE');
    const owner = takeLock(path);
    if (owner !== undefined) {
      database.close();
      return { owner };
    }
    locked = true;
    migrate(database);
    database.exec('COMMIT');
    makeFolder(join(path, ARRAYS));
    syncFolder(path);
    return { database };
  } catch (error) {
    if (database.isOpen) database.close();
    if (locked) releaseLock(path);
    const failure = fileFailure(error, index, 'write');
    // A project on a drive that may not be written is still read, if it was ever finished.
    if (failure instanceof Failure && failure.code === 'no-permission' && fs.existsSync(index) && indexVersion(index) === SCHEMA_VERSION)
      return {};
    throw failure;
  }
}

const readOnlyFailure = (path: string, owner: LockOwner | undefined) =>
  new Failure(
    'project-read-only',
    owner === undefined
      ? `The project ${basename(path)} is open for reading only.`
      : `The project ${basename(path)} is open for writing in process ${owner.process} on ${owner.host} since ${owner.time}.`,
    owner === undefined
      ? 'Open it for writing, on a drive that may be written.'
      : `Close it there and open it again. If ${owner.host} no longer has it open, remove the file “lock” in its folder.`,
  );

/**
 * Removes array files that nothing refers to; with `drafts` those too that a kill left half written. What cannot be removed costs
 * space only, and the next opening tries again.
 */
function clear(project: Project, drafts: boolean): void {
  try {
    const used = new Set(project.rows('SELECT arrays FROM checkpoints UNION SELECT arrays FROM results').map((row) => String(row.arrays)));
    for (const name of fs.readdirSync(join(project.path, ARRAYS)))
      if (OURS.test(name) && !used.has(name) && (drafts || !name.endsWith('.tmp'))) discard(project.arrayPath(name));
    if (drafts) for (const name of fs.readdirSync(project.path)) if (LOCK_DRAFT.test(name)) discard(join(project.path, name));
  } catch {}
}

/** Runs that no process runs any more: stopped at their last checkpoint, with the curves up to there. */
function recover(project: Project): void {
  if (project.row(`SELECT id FROM runs WHERE state IN ('queued', 'running')`) === undefined) return;
  project.change((put) => {
    const last = 'coalesce((SELECT max(step) FROM checkpoints WHERE checkpoints.run = runs.id), 0)';
    put(
      `DELETE FROM metrics WHERE EXISTS (SELECT 1 FROM runs WHERE id = run AND state IN ('queued', 'running') AND metrics.step > ${last})`,
    );
    put(`UPDATE runs SET state = 'stopped', step = ${last} WHERE state IN ('queued', 'running')`);
  });
}

/** The project for windows and tables. */
export function summarize(project: Project, runs: ProjectSummary['runs']): ProjectSummary {
  const recordings = project
    .rows('SELECT identity, path FROM recordings ORDER BY name, identity')
    .map((row) => ({ identity: String(row.identity), path: String(row.path), found: fs.existsSync(String(row.path)) }));
  const datasets = project.rows('SELECT hash, recording, recipe FROM datasets ORDER BY hash').map((row) => ({
    hash: String(row.hash),
    recording: String(row.recording),
    settings: decode<{ readonly settings: Settings }>(String(row.recipe), 'datasets.recipe').settings,
  }));
  return { path: project.path, name: project.name, recordings, datasets, runs, readOnly: project.readOnly };
}
