// The largest eigenvalues of a symmetric matrix with their vectors, where few of many are wanted: a block Krylov space, made orthonormal throughout
// (Golub and Underwood 1977), grown until what the pairs leave over is rounding. Blocks are wider than what is wanted, so that equal values are all found.

import { key, normal } from '../engine/random.ts';
import { symmetricEigen, type Symmetric } from './symmetric.ts';

/** Smaller matrices, or a larger share of their values, are quicker taken whole. */
const FEWEST = 128;
const LARGEST_SHARE = 1 / 6;
/** What a pair may leave over, |A v − λ v|, as a share of the largest value. */
const LEFT_OVER = 1e-12;
/** Vectors more in a block than are wanted. */
const MORE = 2;
/** A space is looked at when it has grown by this. */
const GROWTH = 1.3;
/** A space of a larger share of all dimensions costs more than the whole. */
const WHOLE_SHARE = 0.6;
const START = 171;

/** The first `count` eigenvalues, from the largest down, and their vectors as rows of n, of a row-major n × n matrix. */
export function leadingEigen(matrix: Float64Array, n: number, count: number): Symmetric {
  if (n >= FEWEST && count <= LARGEST_SHARE * n) {
    const found = inKrylovSpace(matrix, n, count);
    if (found) return found;
  }
  const { values, vectors } = symmetricEigen(matrix, n);
  return { values: values.slice(0, count), vectors: vectors.slice(0, count * n) };
}

/** Undefined where the space would grow too large. */
function inKrylovSpace(matrix: Float64Array, n: number, count: number): Symmetric | undefined {
  const width = count + MORE;
  const most = Math.floor(WHOLE_SHARE * n);
  /** Rows: an orthonormal basis of the space, what the matrix makes of it, and its matrix there (most × most). */
  const basis = new Float64Array(most * n);
  const images = new Float64Array(most * n);
  const inner = new Float64Array(most * most);
  const start = key(START);
  let block = Float64Array.from({ length: width * n }, (_, i) => normal(start, i));
  let look = 3 * width;
  for (let size = 0; size + width <= most; ) {
    const kept = joined(block, basis, n, size);
    if (kept === 0) return undefined;
    const own = basis.subarray(size * n, (size + kept) * n);
    const image = images.subarray(size * n, (size + kept) * n);
    multiplied(matrix, own, image, n);
    for (let row = size; row < size + kept; row++)
      for (let other = 0; other <= row; other++)
        inner[row * most + other] = inner[other * most + row] = dot(images, row * n, basis, other * n, n);
    size += kept;
    block = image.slice();
    if (size < look && size + width <= most) continue;
    look = Math.ceil(GROWTH * size);
    const found = pairsIn(basis, images, inner, { n, size, most, count });
    if (found) return found;
  }
  return undefined;
}

/** The pairs of the space, where they leave nothing over. */
function pairsIn(
  basis: Float64Array,
  images: Float64Array,
  inner: Float64Array,
  { n, size, most, count }: { readonly n: number; readonly size: number; readonly most: number; readonly count: number },
): Symmetric | undefined {
  const small = new Float64Array(size * size);
  for (let i = 0; i < size; i++) small.set(inner.subarray(i * most, i * most + size), i * size);
  const { values, vectors: shares } = symmetricEigen(small, size);
  const vectors = new Float64Array(count * n);
  const image = new Float64Array(n);
  const largest = Math.max(Math.abs(values[0]), Math.abs(values[size - 1]));
  for (let k = 0; k < count; k++) {
    const own = vectors.subarray(k * n, (k + 1) * n);
    image.fill(0);
    for (let row = 0; row < size; row++) {
      const share = shares[k * size + row];
      for (let i = 0; i < n; i++) {
        own[i] += share * basis[row * n + i];
        image[i] += share * images[row * n + i];
      }
    }
    let left = 0;
    for (let i = 0; i < n; i++) left += (image[i] - values[k] * own[i]) ** 2;
    if (!(Math.sqrt(left) <= LEFT_OVER * largest)) return undefined;
  }
  return { values: values.slice(0, count), vectors };
}

/** Puts what a block (rows of n) has beyond the first `size` rows of the basis behind them, orthonormal; how many rows that are. */
function joined(block: Float64Array, basis: Float64Array, n: number, size: number): number {
  let kept = 0;
  for (let from = 0; from < block.length; from += n) {
    const whole = Math.sqrt(dot(block, from, block, from, n));
    // Twice: the second pass takes away the rounding of the first.
    for (let pass = 0; pass < 2; pass++)
      for (let row = 0; row < size + kept; row++) {
        const along = dot(block, from, basis, row * n, n);
        for (let i = 0; i < n; i++) block[from + i] -= along * basis[row * n + i];
      }
    const left = Math.sqrt(dot(block, from, block, from, n));
    if (!(left > 1e-10 * whole)) continue;
    for (let i = 0; i < n; i++) basis[(size + kept) * n + i] = block[from + i] / left;
    kept++;
  }
  return kept;
}

function dot(a: Float64Array, from: number, b: Float64Array, start: number, n: number): number {
  let [s0, s1, s2, s3] = [0, 0, 0, 0];
  let i = 0;
  for (; i + 3 < n; i += 4) {
    s0 += a[from + i] * b[start + i];
    s1 += a[from + i + 1] * b[start + i + 1];
    s2 += a[from + i + 2] * b[start + i + 2];
    s3 += a[from + i + 3] * b[start + i + 3];
  }
  for (; i < n; i++) s0 += a[from + i] * b[start + i];
  return s0 + s1 + (s2 + s3);
}

/** A v of every row v of n, four rows at a time. */
function multiplied(matrix: Float64Array, rows: Float64Array, out: Float64Array, n: number): void {
  const count = rows.length / n;
  for (let row = 0; row < count; row += 4) {
    const [r0, r1, r2, r3] = [0, 1, 2, 3].map((k) => Math.min(row + k, count - 1) * n);
    for (let i = 0; i < n; i++) {
      let [s0, s1, s2, s3] = [0, 0, 0, 0];
      for (let j = 0, at = i * n; j < n; j++, at++) {
        const a = matrix[at];
        s0 += a * rows[r0 + j];
        s1 += a * rows[r1 + j];
        s2 += a * rows[r2 + j];
        s3 += a * rows[r3 + j];
      }
      out[r0 + i] = s0;
      out[r1 + i] = s1;
      out[r2 + i] = s2;
      out[r3 + i] = s3;
    }
  }
}
