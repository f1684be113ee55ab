// Arrays with trials along their first axis, read in slices; the parts of an LFADS file are stacked, training trials first.

import { Failure } from '../../contract/failure.ts';
import type { ArraySource, LfadsLayout } from '../../formats/format.ts';
import { TEST, TRAINING, VALIDATION } from '../dataset.ts';

/** Values read at once: 64 MB of float64. */
const SLICE_VALUES = 8 << 20;

export interface Stack {
  readonly path: string;
  readonly trials: number;
  /** Dimensions after the trials. */
  readonly shape: readonly number[];
  readonly parts: readonly ArraySource[];
}

/** One array, or several of which each holds some of the trials. Throws a Failure where their shapes differ. */
export function stackOf(parts: readonly ArraySource[]): Stack {
  const [first] = parts;
  const shape = first.shape.slice(1);
  const odd = parts.find((part) => part.shape.length !== first.shape.length || part.shape.slice(1).some((n, i) => n !== shape[i]));
  if (odd)
    throw new Failure(
      'shapes-differ',
      `${odd.path} has the shape ${odd.shape.join(' × ')}, ${first.path} ${first.shape.join(' × ')}.`,
      'All parts need the same bins and units.',
    );
  return { path: parts.map(({ path }) => path).join(', '), trials: parts.reduce((sum, part) => sum + part.shape[0], 0), shape, parts };
}

/** Calls `visit` with the values of every trial in order: a view that is only valid during the call. */
export function eachTrial({ parts, shape }: Stack, visit: (trial: number, values: Float64Array) => void): void {
  const size = shape.reduce((product, n) => product * n, 1);
  const inSlice = Math.max(1, Math.floor(SLICE_VALUES / Math.max(1, size)));
  let trial = 0;
  for (const part of parts)
    for (let from = 0; from < part.shape[0]; from += inSlice) {
      const stop = Math.min(part.shape[0], from + inSlice);
      const values = part.read(from, stop);
      for (let k = 0; k < stop - from; k++) visit(trial++, values.subarray(k * size, (k + 1) * size));
    }
}

const PARTS = ['train', 'valid', 'test'] as const;
const CODES = { train: TRAINING, valid: VALIDATION, test: TEST } as const;

/** The arrays of one kind of an LFADS file, training trials first; undefined where it has none. */
export function partsOf(arrays: readonly ArraySource[], paths: LfadsLayout['encod']): Stack | undefined {
  const parts = PARTS.flatMap((part) => arrays.find(({ path }) => path === paths[part]) ?? []);
  return parts.length > 0 ? stackOf(parts) : undefined;
}

/** TRAINING, VALIDATION or TEST of every trial of an LFADS file. */
export const splitOf = (arrays: readonly ArraySource[], paths: LfadsLayout['encod']): Uint8Array =>
  Uint8Array.from(
    PARTS.flatMap((part) => {
      const array = arrays.find(({ path }) => path === paths[part]);
      return array ? new Array<number>(array.shape[0]).fill(CODES[part]) : [];
    }),
  );

/** Arrays of numbers that a Failure lists. */
const MOST_LISTED = 16;

export const isText = ({ type }: ArraySource): boolean => /^s|str|text/i.test(type);

/** The array of that path. Throws a Failure that lists what there is. */
export function findArray(arrays: readonly ArraySource[], name: string): ArraySource {
  const found = arrays.find(({ path }) => path === name || path === `/${name}`);
  if (found) return found;
  const known = arrays.filter((array) => !isText(array) && array.shape.length > 0);
  const more = known.length - MOST_LISTED;
  const listed = known
    .slice(0, MOST_LISTED)
    .map(({ path, shape }) => `${path} (${shape.join(' × ')})`)
    .join(', ');
  throw new Failure(
    'unknown-array',
    `There is no array “${name}” in this file.`,
    known.length > 0 ? `Known are: ${listed}${more > 0 ? ` and ${more} more` : ''}.` : 'It holds no arrays of numbers.',
  );
}
