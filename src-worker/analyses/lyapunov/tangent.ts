// Vectors of the tangent space as the columns of a matrix Q in the kernels' memory: moved by Jacobians, and made orthonormal by the Cholesky
// factor of QᵀQ (Yamazaki et al. 2015), or one by one where that factor would lose too much.

import { Doubles, type Place, product, put } from '../../models/constrained/doubles.ts';

/** What a vector keeps of its squared length beside those before it, for the factor to be trusted: logarithms are then right to 1e-8. */
const TRUST = 1e-8;

export interface Tangent {
  readonly count: number;
  /** Q ← J Q. */
  move(jacobian: Float64Array): void;
  /**
   * A stage of Runge–Kutta: K = J P, S += weight · K, and P = Q + next · K for the one after; P and S begin as Q. Where `next` is undefined it
   * was the last: Q ← S.
   */
  stage(jacobian: Float64Array, weight: number, next?: number): void;
  /** Makes Q orthonormal; `logs` gets the logarithm of what each column's length was beside those before it, −∞ where nothing was left. */
  orthonormalise(logs: Float64Array): void;
}

export function tangentOf(n: number, count: number): Tangent {
  const plan = new Doubles();
  const J = plan.matrix(n, n);
  const [q, k, p, s] = Array.from({ length: 4 }, () => plan.matrix(n, count));
  const [g, r, t] = Array.from({ length: 3 }, () => plan.matrix(count, count));
  const { kernels, view } = plan.open();
  const named = (place: Place) => ({ place, values: view(place) });
  let [Q, K] = [named(q), named(k)];
  const [P, S, G, R, T] = [p, s, g, r, t].map(named);
  const jacobian = view(J);
  let isOpen = false;
  // No direction is special to a network, and none is random: all axes are in each.
  for (let i = 0; i < n; i++)
    for (let c = 0; c < count; c++) Q.values[i * q.ld + c] = (i === c ? 1 : 0) + 0.1 * Math.sin(3 * i + 7 * c + 1);

  /** R with QᵀQ = RᵀR; false where it is not to be trusted. */
  const factorised = (logs: Float64Array): boolean => {
    const { ld } = g;
    kernels.squares(Q.place.at, n, ld, g.at);
    if (kernels.factorise(g.at, r.at, count, ld, 0) === 0) return false;
    for (let i = 0; i < count; i++) {
      const left = R.values[i * (ld + 1)];
      if (!(left * left > TRUST * G.values[i * (ld + 1)]) || !Number.isFinite(left)) return false;
      logs[i] = Math.log(left);
    }
    return true;
  };

  /** T = R⁻¹. */
  const inverted = (): void => {
    const { ld } = t;
    const [factor, out] = [R.values, T.values];
    out.fill(0);
    for (let i = count - 1; i >= 0; i--) {
      const own = 1 / factor[i * ld + i];
      out[i * ld + i] = own;
      for (let m = i + 1; m < count; m++) {
        const by = own * factor[i * ld + m];
        for (let j = m; j < count; j++) out[i * ld + j] -= by * out[m * ld + j];
      }
    }
  };

  /** Modified Gram–Schmidt; a column of which nothing is left becomes an axis. */
  const oneByOne = (logs: Float64Array): void => {
    const { ld } = q;
    const a = Q.values;
    const along = new Float64Array(count);
    for (let c = 0; c < count; c++) {
      let size = 0;
      for (let i = 0; i < n; i++) size += a[i * ld + c] ** 2;
      size = Math.sqrt(size);
      logs[c] = Math.log(size);
      for (let i = 0; i < n; i++) a[i * ld + c] = size > 0 ? a[i * ld + c] / size : Number(i === c % n);
      if (!(size > 0)) continue;
      along.fill(0);
      for (let i = 0; i < n; i++) for (let j = c + 1; j < count; j++) along[j] += a[i * ld + c] * a[i * ld + j];
      for (let i = 0; i < n; i++) for (let j = c + 1; j < count; j++) a[i * ld + j] -= along[j] * a[i * ld + c];
    }
  };

  return {
    count,
    move(matrix) {
      put(jacobian, J, matrix);
      product(kernels, J, Q.place, K.place);
      [Q, K] = [K, Q];
    },
    stage(matrix, weight, next) {
      if (!isOpen) {
        P.values.set(Q.values);
        S.values.set(Q.values);
        isOpen = true;
      }
      put(jacobian, J, matrix);
      product(kernels, J, P.place, K.place);
      for (let i = 0; i < S.values.length; i++) S.values[i] += weight * K.values[i];
      if (next === undefined) {
        Q.values.set(S.values);
        isOpen = false;
      } else for (let i = 0; i < P.values.length; i++) P.values[i] = Q.values[i] + next * K.values[i];
    },
    orthonormalise(logs) {
      if (!factorised(logs)) return oneByOne(logs);
      inverted();
      product(kernels, Q.place, T.place, K.place);
      [Q, K] = [K, Q];
    },
  };
}
