// The largest of many powers of a matrix. Once the modes that decay are gone, powers have the norm of small triangles: those are multiplied instead.

import { timesOf } from '../../engine/times.ts';
import { triangularTimes } from '../../engine/triangular.ts';
import { norm2 } from '../../numerics/lu.ts';
import { leading, ordered, type Schur, timesTriangular, triangularNorm, withoutLast } from '../../numerics/schur.ts';

/** Surely below 1, for a norm by power iteration. */
const SHRUNK = 1 - 1e-4;
/** What is left out of a power, before its further steps. */
const LOST = 1e-10;
/** Before so many steps triangles are not worth their making; nor are those of more than this share of the matrix. */
const FIRST = 64;
const SMALLER = 0.5;
/** Smaller matrices are multiplied as quickly by plain loops. */
const SMALL = 24;

export const timesFor = (n: number): typeof timesTriangular => (n < SMALL ? timesTriangular : triangularTimes(n));

/** T, its power T^from, and a triangle R with ‖T^j R‖ = ‖A^(from + j)‖. */
interface Octave {
  readonly t: Schur;
  readonly power: Schur;
  readonly r: Schur;
}

export interface Largest {
  /** 0 where no power has a norm above 1. */
  readonly at: number;
  readonly norm: number;
}

/**
 * Where ‖A^k‖, k = 1 … `count`, is largest, for a matrix whose eigenvalues are at most 1 in size; `schur` is its form. For from ≤ k < 2 from the
 * modes that are gone at `from` are left out, which changes ‖A^k‖ by at most 1e-10 ‖A^(k − from)‖, of a power that was looked at before.
 */
export function largestPower(matrix: Float64Array, n: number, count: number, schur: () => Schur): Largest {
  let best: Largest = { at: 0, norm: 1 };
  // ‖A^(k+m)‖ ≤ ‖A^k‖ ‖A^m‖: once it is below 1, nothing later is larger than what was seen.
  const isLast = (at: number, norm: number): boolean => {
    if (norm > best.norm) best = { at, norm };
    return norm <= SHRUNK;
  };
  const once = timesOf(matrix, n);
  let power = matrix;
  let octave: Octave | undefined;
  for (let from = 1; from <= count; from *= 2) {
    const to = Math.min(count, 2 * from - 1);
    if (from >= FIRST) octave = octave ? doubled(octave) : firstOctave(schur());
    if (octave && octave.t.n <= SMALLER * n) {
      const { t } = octave;
      const times = timesFor(t.n);
      let r = octave.r;
      for (let k = from; k <= to; k++) {
        if (isLast(k, triangularNorm(r))) return best;
        r = times(t, r);
      }
    } else
      for (let k = from; k <= to; k++) {
        if (isLast(k, norm2(power, n))) return best;
        power = once(power).slice();
      }
  }
  return best;
}

function firstOctave(schur: Schur): Octave {
  const t = ordered(schur);
  const times = timesFor(t.n);
  let power = t;
  for (let from = 1; from < FIRST; from *= 2) power = times(power, power);
  return narrowed({ t, power, r: power });
}

function doubled({ t, power, r }: Octave): Octave {
  const times = timesFor(t.n);
  return narrowed({ t, power: times(power, power), r: times(power, r) });
}

/** Without the rows of R that are nothing. */
function narrowed({ t, power, r }: Octave): Octave {
  let [rows, squares] = [r.n, 0];
  for (; rows > 0; rows--) {
    for (let at = (rows - 1) * r.n + rows - 1; at < rows * r.n; at++) squares += r.re[at] ** 2 + r.im[at] ** 2;
    if (squares > LOST ** 2) break;
  }
  return rows === r.n ? { t, power, r } : { t: leading(t, rows), power: leading(power, rows), r: withoutLast(r, rows) };
}

/** A^k by squarings. */
export function powerOf(matrix: Float64Array, n: number, k: number): Float64Array {
  let [power, square] = [undefined as Float64Array | undefined, matrix];
  for (let left = k; ; left = Math.floor(left / 2)) {
    if (left % 2 === 1) power = power ? timesOf(square, n)(power).slice() : square;
    if (left <= 1) return power ?? matrix;
    square = timesOf(square, n)(square).slice();
  }
}
