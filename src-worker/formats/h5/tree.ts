// The tree of an HDF5 file, listed once: every group and array under one path, links into other files never followed.

import type { Metadata } from 'h5wasm/node';
import { Failure } from '../../contract/failure.ts';
import type { Connection } from './connection.ts';
import { type ElementKind, elementKind, isInteger, typeName } from './values.ts';

/** A tree with more objects than this is refused: listing it would take minutes. */
const MOST_OBJECTS = 200_000;

export interface H5Array {
  readonly path: string;
  /** Empty for a scalar. */
  readonly shape: readonly number[];
  readonly length: number;
  readonly kind: ElementKind;
  /** `uint8`, `float32`, `text` … */
  readonly type: string;
  readonly integer: boolean;
  /** Set where the values lie in another file and are not read. */
  readonly elsewhere: boolean;
}

export interface GroupEntry {
  readonly path: string;
  /** Paths of the members by name, in alphabetical order; a group met before keeps its first path. */
  readonly children: Map<string, string>;
}

export interface ArrayEntry extends H5Array {
  readonly metadata: Metadata;
}

export interface Tree {
  readonly entries: ReadonlyMap<string, GroupEntry | ArrayEntry>;
  /** Sentences about links and objects that were passed over. */
  readonly notes: readonly string[];
}

export function listTree(file: Connection): Tree {
  const entries = new Map<string, GroupEntry | ArrayEntry>();
  const notes: string[] = [];
  const groups = new Map<string, GroupEntry>();
  const root: GroupEntry = { path: '/', children: new Map() };
  entries.set('/', root);
  groups.set(addressOf(file, '/'), root);
  const waiting = [root];
  for (let group = waiting.shift(); group !== undefined; group = waiting.shift()) {
    for (const name of namesIn(file, group.path)) {
      const path = group.path === '/' ? `/${name}` : `${group.path}/${name}`;
      const found = look(file, path, groups);
      if (typeof found === 'string') notes.push(found);
      if (typeof found === 'string' || found === undefined) continue;
      group.children.set(name, found.path);
      if (entries.has(found.path)) continue;
      entries.set(found.path, found);
      if ('children' in found) waiting.push(found);
      if (entries.size > MOST_OBJECTS)
        throw new Failure(
          'too-many-objects',
          `${file.name} holds more than ${MOST_OBJECTS} objects.`,
          'Copy the part that matters into a file of its own.',
        );
    }
  }
  return { entries, notes };
}

const namesIn = (file: Connection, path: string): string[] =>
  [...file.call((module) => module.get_names(file.id, path, false), path)].sort();

/** Tells one object from another whatever the path. */
const addressOf = (file: Connection, path: string): string =>
  file.call((module) => module.create_object_reference(file.id, path), path).join();

/**
 * What lies at a path: a group (the one met before where this is another name for it) or an array; a sentence where it was
 * passed over; undefined for what holds no data.
 */
function look(file: Connection, path: string, groups: Map<string, GroupEntry>): GroupEntry | ArrayEntry | string | undefined {
  try {
    const link = file.call((module) => module.get_external_link(file.id, path), path) as { readonly filename?: string };
    if (link.filename !== undefined) return `${path} is a link into another file (${link.filename}) and was not followed.`;
    const { kind, GROUP, DATASET, TYPE } = file.call(
      (module) => ({ kind: module.get_type(file.id, path), GROUP: module.H5G_GROUP, DATASET: module.H5G_DATASET, TYPE: module.H5G_TYPE }),
      path,
    );
    if (kind === TYPE) return undefined;
    if (kind === DATASET) return describe(file, path);
    if (kind === GROUP) {
      const address = addressOf(file, path);
      const group = groups.get(address) ?? { path, children: new Map<string, string>() };
      groups.set(address, group);
      return group;
    }
  } catch (error) {
    if (!(error instanceof Failure) || file.broken) throw error;
  }
  return `${path} could not be read and is left out.`;
}

function describe(file: Connection, path: string): ArrayEntry {
  const metadata = file.call((module) => module.get_dataset_metadata(file.id, path), path);
  const shape = metadata.shape ?? [0];
  return {
    path,
    shape,
    length: shape.reduce((product, size) => product * size, 1),
    kind: elementKind(metadata),
    type: typeName(metadata),
    integer: isInteger(metadata),
    elsewhere: metadata.virtual_sources !== undefined,
    metadata,
  };
}
