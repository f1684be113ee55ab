// Complex Schur form A = Q T Qᴴ of a real square matrix (Golub & Van Loan, 7.4–7.5): Hessenberg form by reflections, then shifted QR steps by
// rotations. Only T is made: eigenvalues on its diagonal, what departs from normality above it.

export interface Schur {
  readonly n: number;
  /** n × n, row-major, upper triangular. */
  readonly re: Float64Array;
  readonly im: Float64Array;
}

const STEPS_PER_EIGENVALUE = 60;

/** Upper Hessenberg form of a row-major matrix, in place. */
export function hessenberg(a: Float64Array, n: number): void {
  const v = new Float64Array(n);
  const by = new Float64Array(n);
  for (let k = 0; k + 2 < n; k++) {
    let size = 0;
    for (let i = k + 1; i < n; i++) size += a[i * n + k] ** 2;
    size = Math.sqrt(size);
    if (size === 0) continue;
    const alpha = a[(k + 1) * n + k] > 0 ? -size : size;
    let squared = 0;
    for (let i = k + 1; i < n; i++) {
      v[i] = a[i * n + k] - (i === k + 1 ? alpha : 0);
      squared += v[i] * v[i];
    }
    if (squared === 0) continue;
    // Row by row, as the matrix lies in memory.
    by.fill(0);
    for (let i = k + 1; i < n; i++) for (let j = k; j < n; j++) by[j] += v[i] * a[i * n + j];
    for (let j = k; j < n; j++) by[j] *= 2 / squared;
    for (let i = k + 1; i < n; i++) for (let j = k; j < n; j++) a[i * n + j] -= v[i] * by[j];
    for (let i = 0; i < n; i++) {
      let sum = 0;
      for (let j = k + 1; j < n; j++) sum += a[i * n + j] * v[j];
      const back = (2 * sum) / squared;
      for (let j = k + 1; j < n; j++) a[i * n + j] -= back * v[j];
    }
    for (let i = k + 2; i < n; i++) a[i * n + k] = 0;
  }
}

/** Throws a RangeError for a matrix with values that are not finite, or where QR steps do not converge. */
export function schurOf(matrix: Float64Array, n: number): Schur {
  const re = matrix.slice();
  if (!re.every(Number.isFinite)) throw new RangeError('A matrix with values that are not finite has no Schur form.');
  hessenberg(re, n);
  const im = new Float64Array(n * n);
  const size = (at: number): number => Math.hypot(re[at], im[at]);
  let steps = 0;
  for (let high = n - 1; high > 0; ) {
    let low = high;
    for (; low > 0; low--) {
      const around = size(low * n + low) + size((low - 1) * n + low - 1);
      if (size(low * n + low - 1) > Number.EPSILON * around) continue;
      re[low * n + low - 1] = 0;
      im[low * n + low - 1] = 0;
      break;
    }
    if (low === high) {
      high--;
      steps = 0;
      continue;
    }
    if (steps++ > STEPS_PER_EIGENVALUE) throw new RangeError('The Schur form did not converge.');
    // Now and then another shift, against cycles.
    const [shiftRe, shiftIm] = steps % 11 === 10 ? [re[high * n + high] + size(high * n + high - 1), 0] : wilkinson(re, im, n, high);
    step(re, im, n, low, high, shiftRe, shiftIm);
  }
  return { n, re, im };
}

/** The eigenvalue of the last 2 × 2 block that is nearer to its corner. */
function wilkinson(re: Float64Array, im: Float64Array, n: number, high: number): [number, number] {
  const at = (i: number, j: number): [number, number] => [re[(high + i) * n + high + j], im[(high + i) * n + high + j]];
  const [[ar, ai], [br, bi], [cr, ci], [dr, di]] = [at(-1, -1), at(-1, 0), at(0, -1), at(0, 0)];
  // d − λ = (−h ∓ √(h² + bc)), h = (a − d) / 2.
  const [hr, hi] = [(ar - dr) / 2, (ai - di) / 2];
  const [sr, si] = root(hr * hr - hi * hi + br * cr - bi * ci, 2 * hr * hi + br * ci + bi * cr);
  const same = hr * sr + hi * si >= 0;
  // λ = d + h ± s; the one nearer to d has the sign against h.
  return same ? [dr + hr - sr, di + hi - si] : [dr + hr + sr, di + hi + si];
}

function root(re: number, im: number): [number, number] {
  const size = Math.hypot(re, im);
  const a = Math.sqrt(Math.max(0, (size + re) / 2));
  const b = Math.sqrt(Math.max(0, (size - re) / 2));
  return [a, im < 0 ? -b : b];
}

/** One explicit QR step on rows and columns low…high, carried through the whole matrix. */
function step(re: Float64Array, im: Float64Array, n: number, low: number, high: number, shiftRe: number, shiftIm: number): void {
  for (let i = low; i <= high; i++) {
    re[i * n + i] -= shiftRe;
    im[i * n + i] -= shiftIm;
  }
  const count = high - low;
  const [cr, ci, sr, si] = Array.from({ length: 4 }, () => new Float64Array(count));
  for (let k = low; k < high; k++) {
    const [a, b] = [k * n + k, (k + 1) * n + k];
    const size = Math.hypot(re[a], im[a], re[b], im[b]);
    const g = k - low;
    [cr[g], ci[g], sr[g], si[g]] = size === 0 ? [1, 0, 0, 0] : [re[a] / size, im[a] / size, re[b] / size, im[b] / size];
    const [a0, a1, b0, b1] = [cr[g], ci[g], sr[g], si[g]];
    for (let p = a, q = b; p < (k + 1) * n; p++, q++) {
      const xr = re[p];
      const xi = im[p];
      const yr = re[q];
      const yi = im[q];
      // x ← c̄ x + s̄ y, y ← −s x + c y
      re[p] = a0 * xr + a1 * xi + b0 * yr + b1 * yi;
      im[p] = a0 * xi - a1 * xr + b0 * yi - b1 * yr;
      re[q] = a0 * yr - a1 * yi - b0 * xr + b1 * xi;
      im[q] = a0 * yi + a1 * yr - b0 * xi - b1 * xr;
    }
  }
  // Each row by itself, as the matrix lies in memory: rotation k touches the rows up to k + 1.
  for (let i = 0; i <= high; i++) {
    const from = Math.max(low, i - 1);
    for (let g = from - low, p = i * n + from; g < count; g++, p++) {
      const xr = re[p];
      const xi = im[p];
      const yr = re[p + 1];
      const yi = im[p + 1];
      // x ← c x + s y, y ← −s̄ x + c̄ y
      re[p] = cr[g] * xr - ci[g] * xi + sr[g] * yr - si[g] * yi;
      im[p] = cr[g] * xi + ci[g] * xr + sr[g] * yi + si[g] * yr;
      re[p + 1] = cr[g] * yr + ci[g] * yi - sr[g] * xr - si[g] * xi;
      im[p + 1] = cr[g] * yi - ci[g] * yr - sr[g] * xi + si[g] * xr;
    }
  }
  for (let i = low; i <= high; i++) {
    re[i * n + i] += shiftRe;
    im[i * n + i] += shiftIm;
  }
}

/** Henrici's departure from normality: the length of what lies above the diagonal. */
export function departureOf({ n, re, im }: Schur): number {
  let squares = 0;
  for (let i = 0; i < n; i++) for (let j = i + 1; j < n; j++) squares += re[i * n + j] ** 2 + im[i * n + j] ** 2;
  return Math.sqrt(squares);
}

/** The same form, by rotations, with eigenvalues on its diagonal from the largest to the smallest. */
export function ordered({ n, re: fromRe, im: fromIm }: Schur): Schur {
  const [re, im] = [fromRe.slice(), fromIm.slice()];
  const sizes = Float64Array.from({ length: n }, (_, i) => Math.hypot(re[i * (n + 1)], im[i * (n + 1)]));
  for (let from = 1; from < n; from++)
    for (let k = from - 1; k >= 0 && sizes[k + 1] > sizes[k]; k--) {
      exchange(re, im, n, k);
      [sizes[k], sizes[k + 1]] = [sizes[k + 1], sizes[k]];
    }
  return { n, re, im };
}

/** Rotates rows and columns k and k + 1 so that their eigenvalues change places. */
function exchange(re: Float64Array, im: Float64Array, n: number, k: number): void {
  const [first, second] = [k * (n + 1), (k + 1) * (n + 1)];
  const [ar, ai, cr, ci] = [re[first], im[first], re[second], im[second]];
  // The eigenvector of the second, (b, c − a), becomes the first direction.
  const [br, bi, dr, di] = [re[first + 1], im[first + 1], cr - ar, ci - ai];
  const size = Math.hypot(br, bi, dr, di);
  const [pr, pi, qr, qi] = [br / size, bi / size, dr / size, di / size];
  for (let i = 0, at = k; i <= k + 1; i++, at += n) {
    const [xr, xi, yr, yi] = [re[at], im[at], re[at + 1], im[at + 1]];
    // x ← p x + q y, y ← −q̄ x + p̄ y
    re[at] = pr * xr - pi * xi + qr * yr - qi * yi;
    im[at] = pr * xi + pi * xr + qr * yi + qi * yr;
    re[at + 1] = pr * yr + pi * yi - qr * xr - qi * xi;
    im[at + 1] = pr * yi - pi * yr - qr * xi + qi * xr;
  }
  for (let x = first, y = first + n; x < (k + 1) * n; x++, y++) {
    const [xr, xi, yr, yi] = [re[x], im[x], re[y], im[y]];
    // x ← p̄ x + q̄ y, y ← −q x + p y
    re[x] = pr * xr + pi * xi + qr * yr + qi * yi;
    im[x] = pr * xi - pi * xr + qr * yi - qi * yr;
    re[y] = pr * yr - pi * yi - qr * xr + qi * xi;
    im[y] = pr * yi + pi * yr - qr * xi - qi * xr;
  }
  [re[first], im[first], re[second], im[second]] = [cr, ci, ar, ai];
  [re[second - 1], im[second - 1]] = [0, 0];
}

/** The first rows and columns: of a power of T, the power of those of T. */
export function leading({ n, re, im }: Schur, rows: number): Schur {
  const part = (values: Float64Array): Float64Array => {
    const out = new Float64Array(rows * rows);
    for (let i = 0; i < rows; i++) out.set(values.subarray(i * n, i * n + rows), i * rows);
    return out;
  };
  return { n: rows, re: part(re), im: part(im) };
}

/** A triangle R with R Rᴴ that of the first `rows` rows, by reflections of their columns: all the same to products from the left. */
export function withoutLast({ n, re: fromRe, im: fromIm }: Schur, rows: number): Schur {
  const [re, im] = [fromRe.slice(0, rows * n), fromIm.slice(0, rows * n)];
  // Reflected are column i and those from `rows` on, so that of row i only column i is left.
  const places = new Int32Array(n - rows + 1);
  for (let i = rows - 1; i >= 0; i--) {
    for (let c = 0; c < places.length; c++) places[c] = c === 0 ? i : rows + c - 1;
    const row = i * n;
    const vr = Float64Array.from(places, (c) => re[row + c]);
    const vi = Float64Array.from(places, (c) => -im[row + c]);
    let squares = 0;
    for (let c = 0; c < vr.length; c++) squares += vr[c] ** 2 + vi[c] ** 2;
    const [size, own] = [Math.sqrt(squares), Math.hypot(vr[0], vi[0])];
    if (size === 0) continue;
    // v = ȳ + e^{iφ} ‖y‖ e₁, with φ the phase of ȳ₁.
    const [cos, sin] = own === 0 ? [1, 0] : [vr[0] / own, vi[0] / own];
    vr[0] += size * cos;
    vi[0] += size * sin;
    const by = 1 / (squares + size * own);
    for (let above = 0; above <= i; above++) {
      const at = above * n;
      let [sumRe, sumIm] = [0, 0];
      for (let c = 0; c < vr.length; c++) {
        const [xr, xi] = [re[at + places[c]], im[at + places[c]]];
        sumRe += xr * vr[c] - xi * vi[c];
        sumIm += xr * vi[c] + xi * vr[c];
      }
      sumRe *= by;
      sumIm *= by;
      for (let c = 0; c < vr.length; c++) {
        re[at + places[c]] -= sumRe * vr[c] + sumIm * vi[c];
        im[at + places[c]] -= sumIm * vr[c] - sumRe * vi[c];
      }
    }
  }
  const part = leading({ n, re, im }, rows);
  for (let i = 0; i < rows; i++)
    for (let j = 0; j < i; j++) {
      part.re[i * rows + j] = 0;
      part.im[i * rows + j] = 0;
    }
  return part;
}

/** T T′ of upper triangular matrices. */
export function timesTriangular(a: Schur, b: Schur): Schur {
  const { n } = a;
  const re = new Float64Array(n * n);
  const im = new Float64Array(n * n);
  for (let i = 0; i < n; i++)
    for (let k = i; k < n; k++) {
      const [x, y] = [a.re[i * n + k], a.im[i * n + k]];
      for (let j = k; j < n; j++) {
        const [u, v] = [b.re[k * n + j], b.im[k * n + j]];
        re[i * n + j] += x * u - y * v;
        im[i * n + j] += x * v + y * u;
      }
    }
  return { n, re, im };
}

const POWER_STEPS = 60;
const SETTLED = 1e-6;

/** ‖T‖₂ by power iteration: at most the true norm, and close to it. */
export function triangularNorm({ n, re, im }: Schur): number {
  const xr = Float64Array.from({ length: n }, (_, i) => 1 + 0.5 * Math.sin(3 * i + 1));
  const xi = Float64Array.from({ length: n }, (_, i) => 0.5 * Math.cos(5 * i + 2));
  const [yr, yi] = [new Float64Array(n), new Float64Array(n)];
  let norm = 0;
  for (let k = 0; k < POWER_STEPS; k++) {
    let size = 0;
    for (let i = 0; i < n; i++) size += xr[i] * xr[i] + xi[i] * xi[i];
    size = Math.sqrt(size);
    if (size === 0) return 0;
    for (let i = 0; i < n; i++) {
      xr[i] /= size;
      xi[i] /= size;
    }
    let squares = 0;
    for (let i = 0; i < n; i++) {
      let [sumRe, sumIm] = [0, 0];
      for (let j = i, at = i * n + i; j < n; j++, at++) {
        sumRe += re[at] * xr[j] - im[at] * xi[j];
        sumIm += re[at] * xi[j] + im[at] * xr[j];
      }
      yr[i] = sumRe;
      yi[i] = sumIm;
      squares += sumRe * sumRe + sumIm * sumIm;
    }
    const last = norm;
    norm = Math.sqrt(squares);
    if (!Number.isFinite(norm) || Math.abs(norm - last) <= SETTLED * norm) break;
    xr.fill(0);
    xi.fill(0);
    for (let i = 0; i < n; i++) {
      const [u, v] = [yr[i], yi[i]];
      for (let j = i, at = i * n + i; j < n; j++, at++) {
        xr[j] += re[at] * u + im[at] * v;
        xi[j] += re[at] * v - im[at] * u;
      }
    }
  }
  return norm;
}
