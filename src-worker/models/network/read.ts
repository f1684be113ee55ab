// Arrays of a network as its file has them: found by path, checked for shape and for values that are no numbers.

import { Failure } from '../../contract/failure.ts';
import type { Dataset, FileArray } from '../../dataset/dataset.ts';

const HINT = 'Give the path of another array, or write the file anew.';

export const arraysOf = ({ network }: Dataset): ReadonlyMap<string, FileArray> => {
  if (network) return network;
  throw new Failure('not-a-network', 'These are trials and not the weights of a network.', 'Choose LFADS or another model for recordings.');
};

/** The array of that path, with or without its leading slash. Throws a Failure that lists the arrays there are. */
export function arrayAt(dataset: Dataset, path: string, what: string): FileArray {
  const arrays = arraysOf(dataset);
  const found = arrays.get(path) ?? arrays.get(`/${path}`);
  if (!found) {
    const known = [...arrays].map(([name, { shape }]) => `${name} (${shape.join(' × ')})`);
    throw new Failure(
      'no-such-array',
      `The file has no array ${path} for the ${what}.`,
      known.length === 0 ? 'It has no arrays of numbers at all.' : `Its arrays are: ${known.join(', ')}.`,
    );
  }
  const bad = found.values.findIndex((value) => !Number.isFinite(value));
  if (bad >= 0)
    throw new Failure(
      'weights-not-finite',
      `The ${what} (${path}) hold ${found.values[bad]} at place ${bad}.`,
      'A network with such weights has no dynamics: look at how its training ended, and write the file anew.',
    );
  return found;
}

/** Throws unless the array has this shape; `size` says in words what it should fit. */
export function requireShape({ shape }: FileArray, wanted: readonly number[], path: string, what: string): void {
  if (shape.length === wanted.length && wanted.every((length, k) => shape[k] === length)) return;
  throw new Failure('bad-shape', `The ${what} (${path}) are ${shape.join(' × ')} where ${wanted.join(' × ')} is wanted.`, HINT);
}

/** Units of weights of `gates` × units rows and units columns. */
export function unitsOf({ shape }: FileArray, gates: number, path: string): number {
  const [rows, columns] = shape;
  if (shape.length === 2 && columns > 0 && rows === gates * columns) return columns;
  const wanted = gates === 1 ? 'square: a row and a column for every unit' : `${gates} × units rows and a column for every unit`;
  throw new Failure('bad-shape', `The weights (${path}) are ${shape.join(' × ')}; they must be ${wanted}.`, HINT);
}
