// Products with a block of a weight matrix, packed once a step for both directions, and gradients of weights over many rows at once.

import type { Kernels } from './kernels.ts';
import { type Arena, roundUp } from './memory.ts';
import type { WeightPlace } from './weights.ts';

/** A block of a weight: `inner` rows × `outer` columns. */
export interface Product {
  /** First float of the block in the flat weights. */
  readonly offset: number;
  readonly stride: number;
  readonly inner: number;
  readonly outer: number;
  /** Packed panels of the block and of its transpose; 0 where the way back is not wanted. */
  readonly forward: number;
  readonly backward: number;
}

export interface Block {
  readonly firstRow?: number;
  readonly rows?: number;
  readonly firstColumn?: number;
  readonly columns?: number;
  readonly back?: boolean;
}

export function planProduct(arena: Arena, place: WeightPlace, block: Block = {}): Product {
  const { firstRow = 0, rows = place.rows, firstColumn = 0, columns = place.parts * place.padded, back = true } = block;
  return {
    offset: place.offset + firstRow * place.stride + firstColumn,
    stride: place.stride,
    inner: rows,
    outer: columns,
    forward: arena.floats(rows * roundUp(columns, 8)),
    backward: back ? arena.floats(columns * roundUp(rows, 8)) : 0,
  };
}

/** Packs the block from weights that start at byte `weights`. */
export function pack(k: Kernels, product: Product, weights: number): void {
  const source = weights + 4 * product.offset;
  k.packB(source, product.stride, product.inner, product.outer, product.forward);
  if (product.backward) k.packBT(source, product.stride, product.outer, product.inner, product.backward);
}

/** y = or += x · W. */
export const multiply = (k: Kernels, p: Product, rows: number, x: number, ldx: number, y: number, ldy: number, accumulate: 0 | 1): void =>
  k.gemm(x, ldx, p.forward, y, ldy, rows, p.inner, p.outer, accumulate);

/** dx = or += dy · Wᵀ. */
export const multiplyBack = (
  k: Kernels,
  p: Product,
  rows: number,
  dy: number,
  ldy: number,
  dx: number,
  ldx: number,
  accumulate: 0 | 1,
): void => k.gemm(dy, ldy, p.backward, dx, ldx, rows, p.outer, p.inner, accumulate);

/** Rows, at most, whose products are summed in registers before a gradient is touched. */
export const GRADIENT_ROWS = 256;

/** Where a thread packs both sides of a weight gradient. */
export interface Scratch {
  readonly left: number;
  readonly right: number;
}

export const planScratch = (arena: Arena, rows: number, widest: number): Scratch => ({
  left: arena.floats(Math.max(rows, GRADIENT_ROWS) * roundUp(widest, 12)),
  right: arena.floats(Math.max(rows, GRADIENT_ROWS) * roundUp(widest, 8)),
});

/** One weight whose gradient is xᵀ · dy, from some of dy's columns (a multiple of 8 in). */
export interface GradientOf {
  readonly x: number;
  readonly ldx: number;
  readonly inner: number;
  readonly firstColumn: number;
  readonly columns: number;
  /** First byte of its gradient, and floats from row to row. */
  readonly gradient: number;
  readonly stride: number;
}

/**
 * Adds xᵀ · dy over `rows` rows to each weight's gradient, and dy's column sums to `bias` where there is one. What has not `begun` holds nothing
 * to add to.
 */
export function addGradients(
  k: Kernels,
  scratch: Scratch,
  rows: number,
  dy: number,
  ldy: number,
  columns: number,
  bias: number,
  weights: readonly GradientOf[],
  begun: boolean,
): void {
  if (bias && !begun) k.zero(bias, roundUp(columns, 8));
  const most = Math.ceil(rows / Math.ceil(rows / GRADIENT_ROWS));
  for (let row = 0; row < rows; row += most) {
    const n = Math.min(most, rows - row);
    const source = dy + 4 * row * ldy;
    if (bias) k.packBSum(source, ldy, n, columns, scratch.right, bias);
    else k.packB(source, ldy, n, columns, scratch.right);
    for (const w of weights) addGradient(k, { ...w, x: w.x + 4 * row * w.ldx }, n, scratch.left, scratch.right, begun || row > 0);
  }
}

/** One weight's gradient from dy's panels. */
function addGradient(k: Kernels, w: GradientOf, rows: number, left: number, panels: number, begun: boolean): void {
  k.packAT(w.x, w.ldx, rows, w.inner, left);
  const right = panels + 4 * w.firstColumn * rows;
  k.gemmTN(left, right, w.gradient + 4 * w.firstColumn, w.stride, w.inner, rows, w.columns, begun ? 1 : 0);
}

/** As addGradients of gates, three times `width` of them whose gradients the way back has left in `panels`. */
export function addGateGradients(
  k: Kernels,
  scratch: Scratch,
  rows: number,
  panels: number,
  width: number,
  bias: number,
  weights: readonly GradientOf[],
  begun: boolean,
): void {
  if (!begun) k.zero(bias, 3 * width);
  k.panelSums(rows, 3 * width, panels, bias);
  for (const w of weights) addGradient(k, w, rows, scratch.left, panels, begun);
}
