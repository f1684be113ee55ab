// The index of a project: its tables, its version, and how one from the future or from elsewhere is told before anything is touched.

import fs from 'node:fs';
import type { DatabaseSync } from 'node:sqlite';
import { Failure } from '../contract/failure.ts';

/** Raised with every change of the tables; `migrations` then says how an older index becomes a newer one. */
export const SCHEMA_VERSION = 2;
/** 'ORRY', in the header of the file, where SQLite keeps the number of the program that owns it. */
const APPLICATION_ID = 0x4f525259;

const TABLES = `
CREATE TABLE recordings (
  identity TEXT PRIMARY KEY,
  path TEXT NOT NULL,
  name TEXT NOT NULL,
  summary TEXT NOT NULL
) STRICT;
CREATE TABLE datasets (
  hash TEXT PRIMARY KEY,
  recording TEXT NOT NULL REFERENCES recordings (identity),
  recipe TEXT NOT NULL,
  summary TEXT NOT NULL
) STRICT;
CREATE TABLE runs (
  number INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE,
  recipe TEXT NOT NULL,
  attempt INTEGER NOT NULL,
  model TEXT NOT NULL,
  version INTEGER NOT NULL,
  dataset TEXT NOT NULL REFERENCES datasets (hash),
  seed INTEGER NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('queued', 'running', 'stopped', 'failed', 'finished')),
  created TEXT NOT NULL,
  settings TEXT NOT NULL,
  resolved TEXT NOT NULL,
  device TEXT NOT NULL,
  step INTEGER NOT NULL,
  bestStep INTEGER NOT NULL,
  parent TEXT REFERENCES runs (id),
  moreSteps INTEGER,
  report TEXT,
  failure TEXT,
  UNIQUE (recipe, attempt)
) STRICT;
CREATE TABLE metrics (
  run TEXT NOT NULL REFERENCES runs (id),
  step INTEGER NOT NULL,
  "values" TEXT NOT NULL,
  PRIMARY KEY (run, step)
) STRICT, WITHOUT ROWID;
CREATE TABLE checkpoints (
  run TEXT NOT NULL REFERENCES runs (id),
  step INTEGER NOT NULL,
  bestStep INTEGER NOT NULL,
  state TEXT NOT NULL,
  arrays TEXT NOT NULL,
  PRIMARY KEY (run, step)
) STRICT, WITHOUT ROWID;
CREATE TABLE results (
  key TEXT PRIMARY KEY,
  kind TEXT NOT NULL CHECK (kind IN ('analysis', 'outputs')),
  run TEXT REFERENCES runs (id),
  dataset TEXT REFERENCES datasets (hash),
  recipe TEXT NOT NULL,
  sentence TEXT NOT NULL,
  summary TEXT NOT NULL,
  arrays TEXT NOT NULL,
  notes TEXT NOT NULL,
  created TEXT NOT NULL
) STRICT;
CREATE INDEX resultsOfRun ON results (run, kind);
`;

/** Views kept by name. */
const VIEWS = 'CREATE TABLE views (name TEXT PRIMARY KEY, shown TEXT NOT NULL) STRICT;';

/** What turns an index of version k into one of version k + 1, at k; the first makes the tables. */
const migrations: readonly string[] = [TABLES, VIEWS];

/**
 * The version in the header of an index, read without opening it as a database: 0 for one that is empty or was never finished.
 * Throws a Failure where the file is no index of a project, or one from a later Orrery.
 */
export function indexVersion(path: string): number {
  const header = new Uint8Array(100);
  const file = fs.openSync(path, 'r');
  let read: number;
  try {
    read = fs.readSync(file, header, 0, 100, 0);
  } finally {
    fs.closeSync(file);
  }
  if (read === 0) return 0;
  const view = new DataView(header.buffer);
  // Header of a SQLite file: magic at 0, user version at 60, application id at 68, both big-endian.
  const magic = new TextDecoder('latin1').decode(header.subarray(0, 16));
  const [version, owner] = [view.getInt32(60), view.getInt32(68)];
  const unfinished = version === 0 && owner === 0;
  if (read < 100 || magic !== 'SQLite format 3\0' || !(unfinished || owner === APPLICATION_ID))
    throw new Failure(
      'not-a-project',
      `${path} is not the index of a project.`,
      'Choose a folder that Orrery made; its name ends in .orrery.',
    );
  if (version > SCHEMA_VERSION)
    throw new Failure(
      'project-too-new',
      `${path} was written by a later Orrery (project version ${version}; this one knows up to ${SCHEMA_VERSION}).`,
      'It was left as it is. Open it with a newer Orrery.',
    );
  return version;
}

/** Brings an index to the present version. To be called inside a transaction. */
export function migrate(database: DatabaseSync): void {
  const row = database.prepare('PRAGMA user_version').get();
  const version = Number(row?.user_version ?? 0);
  if (version === SCHEMA_VERSION) return;
  for (const step of migrations.slice(version)) database.exec(step);
  database.exec(`PRAGMA application_id = ${APPLICATION_ID}; PRAGMA user_version = ${SCHEMA_VERSION}`);
}
