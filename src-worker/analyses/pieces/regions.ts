// Every fixed point of a network that is linear in pieces, by walking all 2ⁿ of them in Gray code: neighbours differ in one unit, so that the
// inverse follows by a rank-one update (Sherman & Morrison 1950). Pieces without an inverse are looked at by themselves.

import { Matrix, SingularValueDecomposition } from 'ml-matrix';
import type { Job } from '../../contract/job.ts';
import { factoriseLu, length, solveLu } from '../../numerics/lu.ts';
import type { Pieces } from './pieces.ts';

/** Above so many units the pieces are too many to walk. */
export const MOST_UNITS = 20;
const REFACTOR_EVERY = 1024;
const REPORT_EVERY = 1 << 15;
/** An update that divides by less than this starts from a new inverse. */
const SMALL = 1e-7;
/** Entries this near to zero lie on the border of a piece. */
const BORDER = 1e-9;
/** What the running inverse may be off by, before a hit is solved for anew. */
const SLACK = 1e-6;
/** Singular values below this share of the largest are zero. */
const RANK = 1e-12;
const MOST_SINGULAR = 4096;
const MOST_POINTS = 2 ** 16;

export interface Regions {
  readonly walked: number;
  /** States of fixed points inside pieces. */
  readonly points: readonly Float64Array[];
  /** Of points on a border between pieces, one for each place. */
  readonly border: readonly Float64Array[];
  /** One state for each piece that holds a line of fixed points. */
  readonly lines: readonly Float64Array[];
  /** Pieces without an inverse, and those of them that could not be decided. */
  readonly singular: number;
  readonly undecided: number;
  /** Every fixed point is in `points`. */
  readonly complete: boolean;
}

export async function walkRegions(pieces: Pieces, job: Job): Promise<Regions> {
  const { n, W, c } = pieces;
  const on = new Uint8Array(n);
  const total = 2 ** n;
  const points: Float64Array[] = [];
  const border: Float64Array[] = [];
  const lines: Float64Array[] = [];
  let [singular, undecided, dropped] = [0, 0, 0];
  const inverse = new Float64Array(n * n);
  const y = new Float64Array(n);
  const column = new Float64Array(n);
  let [known, since] = [false, 0];
  const scale = Math.max(1, Math.max(...c.map(Math.abs)));
  for (let k = 0; k < total; k++) {
    if (k % REPORT_EVERY === 0) await job.progress(k / total, 'Walking pieces');
    if (k > 0) {
      const unit = 31 - Math.clz32(k & -k);
      on[unit] ^= 1;
      known = known && since++ < REFACTOR_EVERY && updated(inverse, y, column, W, n, unit, on[unit] === 1 ? 1 : -1);
    }
    if (!known) {
      known = inverted(pieces, on, inverse);
      since = 0;
      if (known) applied(inverse, c, y);
    }
    if (known && !nearlyInside(y, on, SLACK * scale)) continue;
    const found = known ? solvedIn(pieces, on) : undefined;
    if (found) {
      const least = leastInside(found, on);
      if (least < -BORDER) continue;
      if (points.length >= MOST_POINTS) dropped++;
      else if (least > BORDER) points.push(pieces.stateOf(found));
      else addBorder(border, pieces.stateOf(found));
      continue;
    }
    singular++;
    if (singular > MOST_SINGULAR) {
      undecided++;
      continue;
    }
    const line = lineIn(pieces, on);
    if (line === 'undecided') undecided++;
    else if (line) lines.push(pieces.stateOf(line));
  }
  return {
    walked: total,
    points,
    border,
    lines,
    singular,
    undecided,
    complete: border.length + lines.length + undecided + dropped === 0,
  };
}

/** B = M − W D. */
function matrixIn({ n, M, W }: Pieces, on: Uint8Array): Float64Array {
  const B = new Float64Array(n * n);
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < n; j++) B[i * n + j] = on[j] ? -W[i * n + j] : 0;
    B[i * (n + 1)] += M[i];
  }
  return B;
}

function inverted(pieces: Pieces, on: Uint8Array, into: Float64Array): boolean {
  const { n } = pieces;
  const lu = matrixIn(pieces, on);
  const size = Math.max(...lu.map(Math.abs));
  const pivots = new Int32Array(n);
  if (!factoriseLu(lu, n, pivots)) return false;
  for (let i = 0; i < n; i++) if (Math.abs(lu[i * (n + 1)]) < RANK * size) return false;
  const unit = new Float64Array(n);
  for (let j = 0; j < n; j++) {
    unit.fill(0);
    unit[j] = 1;
    solveLu(lu, n, pivots, unit);
    for (let i = 0; i < n; i++) into[i * n + j] = unit[i];
  }
  return true;
}

function applied(inverse: Float64Array, c: Float64Array, y: Float64Array): void {
  const n = c.length;
  for (let i = 0; i < n; i++) {
    let sum = 0;
    for (let j = 0; j < n; j++) sum += inverse[i * n + j] * c[j];
    y[i] = sum;
  }
}

/** B′ = B ∓ w eᵀ for a unit that goes on (off): B′⁻¹ = B⁻¹ ± (B⁻¹w)(eᵀB⁻¹)/(1 ∓ eᵀB⁻¹w), and y = B⁻¹c alike. */
function updated(
  inverse: Float64Array,
  y: Float64Array,
  column: Float64Array,
  W: Float64Array,
  n: number,
  unit: number,
  sign: 1 | -1,
): boolean {
  for (let i = 0; i < n; i++) {
    let sum = 0;
    for (let j = 0; j < n; j++) sum += inverse[i * n + j] * W[j * n + unit];
    column[i] = sum;
  }
  const divisor = 1 - sign * column[unit];
  if (!(Math.abs(divisor) > SMALL * Math.max(1, Math.abs(column[unit])))) return false;
  const row = unit * n;
  const own = y[unit];
  for (let i = 0; i < n; i++) {
    if (i === unit) continue;
    const by = (sign * column[i]) / divisor;
    for (let j = 0; j < n; j++) inverse[i * n + j] += by * inverse[row + j];
    y[i] += by * own;
  }
  const by = (sign * column[unit]) / divisor;
  for (let j = 0; j < n; j++) inverse[row + j] += by * inverse[row + j];
  y[unit] += by * own;
  return true;
}

function nearlyInside(y: Float64Array, on: Uint8Array, slack: number): boolean {
  for (let i = 0; i < y.length; i++) if ((on[i] ? y[i] : -y[i]) < -slack * Math.max(1, Math.abs(y[i]))) return false;
  return true;
}

/** How far inside its piece y lies: the least distance of an entry to the border, negative outside. */
function leastInside(y: Float64Array, on: Uint8Array): number {
  let least = Infinity;
  for (let i = 0; i < y.length; i++) least = Math.min(least, on[i] ? y[i] : -y[i]);
  return least;
}

/** y of a piece by factors of its own; undefined where it has no inverse. */
function solvedIn(pieces: Pieces, on: Uint8Array): Float64Array | undefined {
  const { n } = pieces;
  const lu = matrixIn(pieces, on);
  const size = Math.max(...lu.map(Math.abs));
  const pivots = new Int32Array(n);
  if (!factoriseLu(lu, n, pivots)) return undefined;
  for (let i = 0; i < n; i++) if (Math.abs(lu[i * (n + 1)]) < RANK * size) return undefined;
  const y = pieces.c.slice();
  solveLu(lu, n, pivots, y);
  return y;
}

/** A y on the line of solutions of a singular piece that lies inside it; undefined where there is none. */
function lineIn(pieces: Pieces, on: Uint8Array): Float64Array | undefined | 'undecided' {
  const { n, c } = pieces;
  const B = Matrix.from1DArray(n, n, matrixIn(pieces, on) as unknown as number[]);
  const { diagonal, leftSingularVectors: U, rightSingularVectors: V } = new SingularValueDecomposition(B, { autoTranspose: true });
  const zero = diagonal.flatMap((value, k) => (value <= 1e3 * RANK * Math.max(diagonal[0], 1) ? [k] : []));
  const y = new Float64Array(n);
  for (let k = 0; k < n; k++) {
    const part = c.reduce((sum, value, i) => sum + U.get(i, k) * value, 0);
    if (zero.includes(k)) {
      // No solution where c has a part that B cannot give.
      if (Math.abs(part) > 1e-9 * Math.max(1, length(c))) return undefined;
      continue;
    }
    for (let i = 0; i < n; i++) y[i] += (V.get(i, k) * part) / diagonal[k];
  }
  if (zero.length !== 1) return 'undecided';
  const v = Float64Array.from({ length: n }, (_, i) => V.get(i, zero[0]));
  let [low, high] = [-Infinity, Infinity];
  for (let i = 0; i < n; i++) {
    const sign = on[i] ? 1 : -1;
    const [at, slope] = [sign * y[i], sign * v[i]];
    if (Math.abs(slope) < 1e-12) {
      if (at < -BORDER) return undefined;
    } else if (slope > 0) low = Math.max(low, -at / slope);
    else high = Math.min(high, -at / slope);
  }
  if (low > high) return undefined;
  const t =
    Number.isFinite(low) && Number.isFinite(high)
      ? (low + high) / 2
      : Number.isFinite(low)
        ? low + 1
        : Number.isFinite(high)
          ? high - 1
          : 0;
  return y.map((value, i) => value + t * v[i]);
}

/** A point on a border belongs to several pieces. */
function addBorder(border: Float64Array[], x: Float64Array): void {
  if (!border.some((other) => length(other.map((value, i) => value - x[i])) <= BORDER * Math.max(1, length(x)))) border.push(x);
}
