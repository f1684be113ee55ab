// What teachers need of the readout once a step, in float64: Cᵀ by units, C Cᵀ, and past an error's correction I − C⁺C.

import { ALMOST_NONE } from '../../models/rate-rnn/stepper.ts';
import { factorise, solveFactorised } from '../../numerics/cholesky.ts';
import type { Kernels } from '../kernels.ts';
import { pack } from '../products.ts';
import { placeOf } from '../weights.ts';
import type { RatePlan } from './plan.ts';

export function prepareTeacher(k: Kernels, plan: RatePlan, buffer: SharedArrayBuffer): void {
  const { s, layout, weights, teacher, constants, widths } = plan;
  if (!teacher) return;
  const { hidden: H, units: N } = s;
  const { offset, stride } = placeOf(layout, 'readout.W');
  const W = new Float32Array(buffer, weights.values + 4 * offset, H * stride);
  const rows = new Float64Array(buffer, teacher.rows, N * H);
  const gram = new Float64Array(buffer, teacher.gram, N * N);
  for (let n = 0; n < N; n++) for (let i = 0; i < H; i++) rows[n * H + i] = W[i * stride + n];
  // By states only the diagonal is read.
  const isWhole = N < H || constants.forcing === 'error';
  for (let a = 0; a < N; a++)
    for (let b = isWhole ? 0 : a; b <= a; b++) {
      let sum = 0;
      for (let i = 0; i < H; i++) sum += rows[a * H + i] * rows[b * H + i];
      gram[a * N + b] = sum;
      gram[b * N + a] = sum;
    }
  if (constants.forcing !== 'error') return;
  const past = pastCorrection(rows, gram, H, N);
  const flat = new Float32Array(buffer, teacher.projection, H * widths.hidden);
  for (let i = 0; i < H; i++) for (let j = 0; j < H; j++) flat[i * widths.hidden + j] = past[i * H + j];
  pack(k, teacher.past, teacher.projection);
}

/** I − Cᵀ(C Cᵀ + εI)⁻¹C, H × H, from the rows of C (N × H); zero where there are as many observations as states. */
export function pastCorrection(rows: Float64Array, gram: Float64Array, H: number, N: number): Float64Array {
  const past = new Float64Array(H * H);
  if (N >= H) return past;
  let trace = 0;
  for (let n = 0; n < N; n++) trace += gram[n * (N + 1)];
  const A = gram.slice();
  for (let n = 0; n < N; n++) A[n * (N + 1)] += (ALMOST_NONE * trace) / N;
  if (!factorise(A, N)) return past;
  // X = (C Cᵀ + εI)⁻¹ C, N × H
  const X = rows.slice();
  solveFactorised(A, N, X, H);
  for (let i = 0; i < H; i++) {
    past[i * (H + 1)] = 1;
    for (let n = 0; n < N; n++) {
      const c = rows[n * H + i];
      for (let j = 0; j < H; j++) past[i * H + j] -= c * X[n * H + j];
    }
  }
  return past;
}
