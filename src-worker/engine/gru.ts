// A GRU cell over a shard of the batch, one bin at a time, and a whole encoder in one direction. The reset gate acts before the
// recurrent product, so the candidate's product waits for the gates (methods.md 1.1).

import type { Kernels } from './kernels.ts';
import { type Arena, roundUp } from './memory.ts';
import {
  addGateGradients,
  GRADIENT_ROWS,
  type GradientOf,
  multiply,
  type Product,
  pack,
  planProduct,
  planScratch,
  type Scratch,
} from './products.ts';
import { from, type Seen } from './seen.ts';
import { placeOf, type WeightLayout, type WeightPlace } from './weights.ts';

export interface Cell {
  readonly hidden: number;
  /** Floats of one gate. */
  readonly width: number;
  /**
   * Inputs that lie beside the state, behind its `width` floats, with weights under U: nothing else reaches the gates. Without them G holds x W
   * when a bin begins.
   */
  readonly inputs: number | undefined;
  /** Floats from row to row of states and of gates. */
  readonly ldh: number;
  readonly ldg: number;
  readonly U: WeightPlace;
  readonly bias: WeightPlace;
  /** Recurrent blocks: reset and update together, then the candidate. */
  readonly gates: Product;
  readonly candidate: Product;
}

export function planCell(arena: Arena, layout: WeightLayout, name: string, inputs?: number): Cell {
  const U = placeOf(layout, `${name}.U`);
  const width = U.padded;
  const rows = inputs ? width + inputs : U.rows;
  return {
    hidden: U.rows,
    width,
    inputs,
    // What is written last beside a state may run on to a whole vector.
    ldh: inputs ? roundUp(width + inputs + 3, 8) : width,
    ldg: U.stride,
    U,
    bias: placeOf(layout, `${name}.b`),
    gates: planProduct(arena, U, { rows, columns: 2 * width }),
    candidate: planProduct(arena, U, { rows, firstColumn: 2 * width, columns: width }),
  };
}

export function packCell(k: Kernels, cell: Cell, weights: number): void {
  pack(k, cell.gates, weights);
  pack(k, cell.candidate, weights);
}

/** One bin forward: `G` becomes the gates; `rh` is room for r ⊙ h with the inputs beside it. */
export function cellForward(
  k: Kernels,
  cell: Cell,
  rows: number,
  weights: number,
  G: number,
  h: number,
  next: number,
  rh: number,
  clip: number,
): void {
  const { width, ldh, ldg, gates, candidate } = cell;
  const bias = weights + 4 * cell.bias.offset;
  const accumulate = cell.inputs === undefined ? 1 : 0;
  k.cellForward(rows, width, gates.inner, gates.forward, candidate.forward, accumulate, G, ldg, bias, h, next, rh, ldh, clip);
}

/** Where the way back leaves gradients of gates: those of a bin in `at`, and those of a block in panels. */
export interface GateGradients {
  readonly at: number;
  /** Panels of the block, from this bin's first row on, and bytes from panel to panel. */
  readonly panels: number;
  readonly panelBytes: number;
}

/** The panels of bin `bin` of a block of `bins`. */
export const binOf = (panels: number, bin: number, bins: number, rows: number): Omit<GateGradients, 'at'> => ({
  panels: panels + 32 * bin * rows,
  panelBytes: 32 * bins * rows,
});

/**
 * One bin back: `dh` turns from the gradient of `next` into that of `h` and of the inputs beside it; `d` gets those of the pre-activations of gates G.
 * `rh` gets r ⊙ h again, for the gradient of U_n: to keep it since the way there would cost more.
 */
export function cellBack(
  k: Kernels,
  cell: Cell,
  rows: number,
  G: number,
  d: GateGradients,
  h: number,
  next: number,
  dh: number,
  drh: number,
  rh: number,
  clip: number,
): void {
  const { width, ldh, ldg, gates, candidate } = cell;
  const { at, panels, panelBytes } = d;
  const [weights, candidates] = [gates.backward, candidate.backward];
  k.cellBack(rows, width, gates.inner, weights, candidates, G, at, ldg, h, next, dh, drh, rh, ldh, clip, panels, panelBytes);
}

/** The weights whose gradients come from gates G: U in its two blocks, with those of inputs beside the state. */
export function recurrentGradients(cell: Cell, gradients: number, states: number, rh: number): readonly GradientOf[] {
  const U = { ldx: cell.ldh, inner: cell.gates.inner, gradient: gradients + 4 * cell.U.offset, stride: cell.U.stride };
  return [
    { ...U, x: states, firstColumn: 0, columns: 2 * cell.width },
    { ...U, x: rh, firstColumn: 2 * cell.width, columns: cell.width },
  ];
}

/** An encoder's direction: forward keeps the state after bin t at t + 1, backward at t. */
export interface Encoder {
  readonly cell: Cell;
  readonly backward: boolean;
  readonly bins: number;
  readonly W: WeightPlace;
  readonly h0: WeightPlace;
  readonly input: Product;
  /** A thread's buffers: (bins + 1) × rows × ldh, bins × rows × ldg. */
  readonly states: number;
  readonly gates: number;
}

/** Weights' packed blocks are planned once (`packs`), buffers once a thread (`lane`). */
export function planEncoder(packs: Arena, layout: WeightLayout, name: string, bins: number): Omit<Encoder, 'states' | 'gates'> {
  const W = placeOf(layout, `${name}.W`);
  return {
    cell: planCell(packs, layout, name),
    backward: name.endsWith('.backward'),
    bins,
    W,
    h0: placeOf(layout, `${name}.h0`),
    input: planProduct(packs, W, { back: false }),
  };
}

export function planEncoderLane(lane: Arena, encoder: Omit<Encoder, 'states' | 'gates'>, rows: number): Encoder {
  const { cell, bins } = encoder;
  return {
    ...encoder,
    states: lane.floats((bins + 1) * rows * cell.ldh),
    gates: lane.floats(bins * rows * cell.ldg),
  };
}

/** Address of the state after bin t. */
export const encoderState = (encoder: Encoder, rows: number, t: number): number =>
  encoder.states + 4 * (encoder.backward ? t : t + 1) * rows * encoder.cell.ldh;

/** Runs over all its bins of what it sees; `rh` is room for one bin. */
export function encoderForward(k: Kernels, e: Encoder, rows: number, weights: number, seen: Seen, rh: number, clip: number): void {
  const { cell, backward } = e;
  const stateBytes = 4 * rows * cell.ldh;
  k.fillRows(rows, cell.width, e.states + (backward ? e.bins * stateBytes : 0), cell.ldh, weights + 4 * e.h0.offset);
  for (const { first, bins } of blocksForward(e.bins, rows, backward)) {
    const { x, ldx, starts } = from(seen, first * rows);
    const G = e.gates + 4 * first * rows * cell.ldg;
    if (starts) k.sparseProduct(bins * rows, e.input.outer, starts, weights + 4 * e.W.offset, e.W.stride, G, cell.ldg);
    else multiply(k, e.input, bins * rows, x, ldx, G, cell.ldg, 0);
    for (let i = 0; i < bins; i++) {
      const t = backward ? first + bins - 1 - i : first + i;
      const [before, after] = backward ? [t + 1, t] : [t, t + 1];
      const G = e.gates + 4 * t * rows * cell.ldg;
      cellForward(k, cell, rows, weights, G, e.states + before * stateBytes, e.states + after * stateBytes, rh, clip);
    }
  }
}

/** A thread's scratch with r ⊙ h of a block of bins, and gradients of an encoder's gates. */
export interface GruScratch extends Scratch {
  readonly reset: number;
  readonly gates: number;
}

/** `hidden` is the widest state of all cells, `encoder` that of an encoder. */
export const planGruScratch = (arena: Arena, rows: number, widest: number, hidden: number, encoder: number): GruScratch => ({
  ...planScratch(arena, rows, widest),
  reset: arena.floats(Math.max(rows, GRADIENT_ROWS) * roundUp(hidden, 8)),
  gates: arena.floats(Math.max(rows, GRADIENT_ROWS) * 3 * roundUp(encoder, 8)),
});

export interface Block {
  readonly first: number;
  readonly bins: number;
}

/** The bins in even blocks of at most so many rows, in the order of time or against it. */
function* blocksOf(bins: number, rows: number, most: number, reversed: boolean): Generator<Block> {
  const blocks = Math.ceil(bins / Math.max(1, Math.floor(most / rows)));
  for (let i = 0; i < blocks; i++) {
    const block = reversed ? blocks - 1 - i : i;
    const first = Math.floor((block * bins) / blocks);
    yield { first, bins: Math.floor(((block + 1) * bins) / blocks) - first };
  }
}

/** Rows, at most, of which inputs' products are formed before the bins go through the gates: then they still lie near. */
const INPUT_ROWS = 128;
export const blocksForward = (bins: number, rows: number, backward: boolean) => blocksOf(bins, rows, INPUT_ROWS, backward);

/**
 * Blocks of bins, last first where the way back goes from the last bin to the first: gradients of weights are formed over a block at once, while
 * what the way back has just read and written lies near the processor.
 */
export const blocksBack = (bins: number, rows: number, backward: boolean) => blocksOf(bins, rows, GRADIENT_ROWS, !backward);

/**
 * Back through the bins. `dh` (rows × ldh) holds the gradient of the last state; `addOuter` adds what reaches the state after bin t
 * from elsewhere. Sets the gradients of W, U and b, adds to that of h0.
 */
export function encoderBack(
  k: Kernels,
  e: Encoder,
  rows: number,
  gradients: number,
  scratch: GruScratch,
  seen: Seen,
  dh: number,
  drh: number,
  clip: number,
  begun: boolean,
  addOuter?: (t: number) => void,
): void {
  const { cell, backward } = e;
  const stateBytes = 4 * rows * cell.ldh;
  const gateBytes = 4 * rows * cell.ldg;
  let added = begun;
  for (const { first, bins } of blocksBack(e.bins, rows, backward)) {
    for (let i = 0; i < bins; i++) {
      const t = backward ? first + i : first + bins - 1 - i;
      const [before, after] = backward ? [t + 1, t] : [t, t + 1];
      addOuter?.(t);
      const rh = scratch.reset + (t - first) * stateBytes;
      const d = { at: scratch.gates + (t - first) * gateBytes, ...binOf(scratch.right, t - first, bins, rows) };
      cellBack(k, cell, rows, e.gates + t * gateBytes, d, e.states + before * stateBytes, e.states + after * stateBytes, dh, drh, rh, clip);
    }
    const earlier = e.states + (backward ? first + 1 : first) * stateBytes;
    const { x, ldx, starts, sorted } = from(seen, first * rows);
    const [W, n, columns] = [gradients + 4 * e.W.offset, bins * rows, 3 * cell.width];
    if (starts) k.sparseGradient(n, e.W.rows, columns, starts, scratch.gates, cell.ldg, W, e.W.stride, sorted, added ? 1 : 0);
    const input = { x, ldx, inner: e.W.rows, firstColumn: 0, columns, gradient: W, stride: e.W.stride };
    const weights = [...(starts ? [] : [input]), ...recurrentGradients(cell, gradients, earlier, scratch.reset)];
    addGateGradients(k, scratch, n, scratch.right, cell.width, gradients + 4 * cell.bias.offset, weights, added);
    added = true;
  }
  k.columnSums(rows, cell.ldh, dh, cell.ldh, gradients + 4 * e.h0.offset);
}
