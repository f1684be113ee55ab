// The memory plan of an LFADS job: every address, as a pure function of sizes, batch, threads and tile, so that each thread works it
// out for itself. Shared: the batch, weights with the sum of their gradients and those under way, packed panels, outputs. A thread's lane: what one shard needs.

import { hasController, type LfadsSizes, weightTable } from '../../models/lfads/architecture.ts';
import { PLACE } from '../../models/lfads/noise.ts';
import type { LfadsConstants } from '../../models/lfads/stepper.ts';
import { type Cell, type Encoder, planCell, planEncoder, planEncoderLane, planGruScratch } from '../gru.ts';
import { type KernelBuild, TILE_ROWS } from '../kernels.ts';
import { Arena, divide, roundUp, share } from '../memory.ts';
import { GRADIENT_ROWS, type Product, planProduct } from '../products.ts';
import { planEntries } from '../seen.ts';
import { planTurns } from '../turns.ts';
import { layOut, placeOf, type WeightLayout } from '../weights.ts';

export type LfadsPlan = ReturnType<typeof planLfads>;
export type Lane = LfadsPlan['lanes'][number];

/** Rows of the table of keys: one counter a trial for each of these. */
export const KEYS = {
  initialEncoder: 0,
  controllerInput: 1,
  generator: 2,
  external: 3,
  initialNoise: 4,
  inputNoise: 5,
} as const;

/** Gates side by side, mean and log variance side by side: how many parts a weight's columns have. */
function partsOf(name: string, sizes: LfadsSizes): number {
  const [owner, kind] = [name.slice(0, name.lastIndexOf('.')), name.slice(name.lastIndexOf('.') + 1)];
  if (owner === 'initial' || owner === 'inferred') return 2;
  if (owner === 'readout') return sizes.outputsPerUnit;
  const gru = owner === 'generator' || owner === 'controller' || owner.startsWith('initialEncoder') || owner.startsWith('inputEncoder');
  return gru && kind !== 'h0' ? 3 : 1;
}

export function lfadsLayout(sizes: LfadsSizes, tileRows: number): WeightLayout {
  const shapes = weightTable(sizes).map((spec) => ({ ...spec, parts: partsOf(spec.name, sizes) }));
  // The generator reads state and inputs side by side.
  const isInput = ({ name }: { readonly name: string }) => name === 'generator.W';
  const inputs = shapes.filter(isInput).map((shape) => ({ ...shape, under: 'generator.U' }));
  const others = shapes.filter((shape) => !isInput(shape));
  const state = 1 + others.findIndex(({ name }) => name === 'generator.U');
  return layOut(others.toSpliced(state, 0, ...inputs), tileRows);
}

/** Controller, inferred inputs and the encoder that feeds them. */
function planController(arena: Arena, layout: WeightLayout, s: LfadsSizes) {
  const W = placeOf(layout, 'controller.W');
  const code = 2 * s.inputEncoder;
  return {
    encoders: (['forward', 'backward'] as const).map((side) =>
      planEncoder(arena, layout, `inputEncoder.${side}`, s.encodedBins - s.initialBins),
    ),
    cell: planCell(arena, layout, 'controller'),
    W,
    /** The rows of W that see the encoders, and those that see the last factors. */
    fromCode: planProduct(arena, W, { rows: code }),
    fromFactors: planProduct(arena, W, { firstRow: code, rows: s.factors }),
    inferred: planProduct(arena, placeOf(layout, 'inferred.W')),
    half: placeOf(layout, 'inferred.b').padded,
    /** α, 1/q, log q and 1 − α² of the prior, `half` floats each. */
    prior: arena.floats(4 * roundUp(s.inputs, 4)),
  };
}

export function planLfads(constants: LfadsConstants, threads: number, build: KernelBuild) {
  const { sizes: s, batch } = constants;
  const arena = new Arena();
  const layout = lfadsLayout(s, TILE_ROWS[build]);
  const shards = divide(batch, TILE_ROWS[build]);
  const shares = share(shards);
  const rows = Math.max(...shards.map((shard) => shard.rows));
  const controlled = hasController(s);

  const flat = () => arena.floats(layout.length);
  const turns = planTurns(arena, Math.min(threads, shares.length), layout.length);
  const weights = { values: flat(), gradients: turns.sum, first: flat(), second: flat() };
  const inputWidth = (controlled ? s.inputs : 0) + s.external;
  const initialBins = s.initialBins > 0 ? s.initialBins : s.encodedBins;
  const packs = {
    initialEncoders: (['forward', 'backward'] as const).map((side) => planEncoder(arena, layout, `initialEncoder.${side}`, initialBins)),
    initial: planProduct(arena, placeOf(layout, 'initial.W')),
    generatorStart: planProduct(arena, placeOf(layout, 'generatorStart.W')),
    generator: planCell(arena, layout, 'generator', inputWidth),
    readout: planProduct(arena, placeOf(layout, 'readout.W')),
    controller: controlled ? planController(arena, layout, s) : undefined,
  };
  const factorsPlace = placeOf(layout, 'factors.W');
  const factors = {
    place: factorsPlace,
    /** Ŵ: the columns of factors.W at unit length, and 1 / their lengths. */
    normal: arena.floats(factorsPlace.length),
    inverse: arena.floats(factorsPlace.stride),
    product: planProduct(arena, { ...factorsPlace, offset: 0 }),
  };

  const input = {
    trials: arena.floats(batch),
    counts: arena.floats(batch * s.bins * s.units),
    observed: arena.bytes(batch * s.bins),
    withheld: arena.bytes(batch * s.encodedBins * s.heldIn),
    external: arena.floats(batch * s.bins * s.external),
  };
  const output = {
    rates: arena.floats(batch * s.bins * s.units),
    /** Sums of squares about the mean over samples. */
    ratesSquares: arena.floats(batch * s.bins * s.units),
    factors: arena.floats(batch * s.bins * s.factors),
    generator: arena.floats(batch * s.bins * s.generator),
    initialMean: arena.floats(batch * s.initialCondition),
    initialSd: arena.floats(batch * s.initialCondition),
    inputMean: arena.floats(batch * s.bins * s.inputs),
    inputSd: arena.floats(batch * s.bins * s.inputs),
  };
  /** Each shard's losses (4 float64) and its divergence in each initial dimension. */
  const losses = shards.map(() => arena.bytes(32));
  const divergences = shards.map(() => arena.floats(roundUp(s.initialCondition, 4)));

  const widths = {
    heldIn: roundUp(s.heldIn, 8),
    units: placeOf(layout, 'readout.b').padded,
    readout: placeOf(layout, 'readout.b').stride,
    factors: roundUp(s.factors, 8),
    initial: placeOf(layout, 'initial.b').stride,
    initialHalf: placeOf(layout, 'initial.b').padded,
    z: roundUp(s.initialCondition, 8),
    ends: roundUp(2 * s.initialEncoder, 8),
    code: roundUp(2 * s.inputEncoder, 8),
    // What is written last into a row may run on to a multiple of 4.
    controllerInput: roundUp(2 * s.inputEncoder + roundUp(s.factors, 4), 8),
    inferred: controlled ? placeOf(layout, 'inferred.b').stride : 0,
  };
  const widest = Math.max(...[...layout.places.values()].flatMap((place) => [place.rows, place.stride]));
  const planned = { s, rows, packs, widths, inputWidth, widest };
  const lanes = Array.from({ length: Math.min(threads, shares.length) }, () => planLane(arena, planned));
  return {
    ...planned,
    constants,
    layout,
    weights,
    turns,
    factors,
    input,
    output,
    losses,
    divergences,
    shards,
    shares,
    lanes,
    bytes: arena.size,
  };
}

interface Planned {
  readonly s: LfadsSizes;
  readonly rows: number;
  readonly widest: number;
  readonly widths: Readonly<Record<'heldIn' | 'units' | 'readout' | 'factors' | 'initial' | 'z' | 'ends' | 'code', number>> &
    Readonly<Record<'controllerInput' | 'inferred', number>>;
  readonly packs: {
    readonly initialEncoders: readonly Parameters<typeof planEncoderLane>[1][];
    readonly generator: Cell;
    readonly controller: ReturnType<typeof planController> | undefined;
  };
}

/** What one thread needs for the shard it is at: T bins by `rows` trials of everything the way back reads again. */
function planLane(arena: Arena, { s, rows, widths: w, packs, widest }: Planned) {
  const floats = (bins: number, width: number) => arena.floats(bins * rows * width);
  const encoder = (plan: Parameters<typeof planEncoderLane>[1]): Encoder => planEncoderLane(arena, plan, rows);
  const { generator, controller } = packs;
  const T = s.bins;
  const scratch = planGruScratch(
    arena,
    rows,
    widest,
    Math.max(generator.ldh, s.initialEncoder, s.inputEncoder),
    Math.max(s.initialEncoder, s.inputEncoder),
  );
  return {
    scratch,
    keys: arena.floats((Object.keys(KEYS).length + Object.keys(PLACE).length) * rows),
    x: floats(s.encodedBins, w.heldIn),
    entries: planEntries(arena, s.encodedBins * rows, w.heldIn),
    target: floats(T, w.units),
    counted: floats(T, w.units),
    initialEncoders: packs.initialEncoders.map(encoder),
    ends: floats(1, w.ends),
    initial: floats(1, w.initial),
    z: floats(1, w.z),
    generator: {
      states: floats(T + 1, generator.ldh),
      gates: floats(T, generator.ldg),
      /** Gradients of a bin's gates. */
      dGates: floats(1, generator.ldg),
      /** States of a block of bins after dropout. */
      dropped: arena.floats(Math.max(rows, GRADIENT_ROWS) * generator.width),
      dh: floats(1, generator.ldh),
      drh: floats(1, generator.ldh),
      dDropped: floats(1, generator.width),
    },
    factors: floats(T + 1, w.factors),
    dFactors: floats(T + 1, w.factors),
    readout: floats(T, w.readout),
    dEnds: floats(1, w.ends),
    dz: floats(1, w.z),
    encoder: encoderScratch(arena, rows, s),
    controller: controller && {
      encoders: controller.encoders.map(encoder),
      states: floats(T + 1, controller.cell.ldh),
      gates: floats(T, controller.cell.ldg),
      /** r ⊙ h of a block of bins. */
      reset: arena.floats(Math.max(rows, GRADIENT_ROWS) * controller.cell.ldh),
      /** Gradients of its gates over a block, as rows and in panels. */
      dGates: arena.floats(Math.max(rows, GRADIENT_ROWS) * controller.cell.ldg),
      panels: arena.floats(Math.max(rows, GRADIENT_ROWS) * controller.cell.ldg),
      input: floats(T, w.controllerInput),
      inferred: floats(T, w.inferred),
      dInferred: floats(T, w.inferred),
      dh: floats(1, controller.cell.ldh),
      drh: floats(1, controller.cell.ldh),
      dCode: floats(s.encodedBins - s.initialBins, w.code),
      dFactors: floats(1, w.factors),
    },
  };
}

/** Gradients of one encoder's state. */
function encoderScratch(arena: Arena, rows: number, s: LfadsSizes) {
  const width = roundUp(Math.max(s.initialEncoder, s.inputEncoder), 8);
  return { dh: arena.floats(rows * width), drh: arena.floats(rows * width) };
}

/** How many shards hold a batch that may be smaller than planned. */
export const shardsOf = (plan: LfadsPlan, batch: number): number => plan.shards.filter(({ first }) => first < batch).length;

/** How many shares hold such a batch. */
export const sharesOf = (plan: LfadsPlan, batch: number): number =>
  plan.shares.filter(({ first }) => plan.shards[first]!.first < batch).length;

/** Every product that is packed from the weights once a step. */
export function productsOf({ packs }: LfadsPlan): { readonly cells: readonly Cell[]; readonly products: readonly Product[] } {
  const { controller } = packs;
  const encoders = [...packs.initialEncoders, ...(controller?.encoders ?? [])];
  return {
    cells: [...encoders.map(({ cell }) => cell), packs.generator, ...(controller ? [controller.cell] : [])],
    products: [
      ...encoders.map(({ input }) => input),
      packs.initial,
      packs.generatorStart,
      packs.readout,
      ...(controller ? [controller.fromCode, controller.fromFactors, controller.inferred] : []),
    ],
  };
}
