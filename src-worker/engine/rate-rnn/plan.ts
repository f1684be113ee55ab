// The memory plan of a rate network's job: every address, as a pure function of constants, threads and tile, so that each thread works it
// out for itself. Shared: the batch, weights with the sum of their gradients and those under way, packed panels, outputs. A thread's lane: what one shard needs.

import { type RateSizes, weightTable } from '../../models/rate-rnn/architecture.ts';
import type { RateConstants } from '../../models/rate-rnn/stepper.ts';
import { planEncoder, planEncoderLane, planGruScratch } from '../gru.ts';
import { type KernelBuild, TILE_ROWS } from '../kernels.ts';
import { Arena, divide, roundUp } from '../memory.ts';
import { planProduct } from '../products.ts';
import { planEntries } from '../seen.ts';
import { planTurns } from '../turns.ts';
import { layOut, placeOf, type WeightLayout } from '../weights.ts';

export type RatePlan = ReturnType<typeof planRate>;
export type Lane = RatePlan['lanes'][number];

/** Rows of the table of keys: one counter a trial for each of these. */
export const KEYS = { encoder: 0, readout: 1, process: 2 } as const;

export function rateLayout(sizes: RateSizes, tileRows: number): WeightLayout {
  const parts = (name: string): number =>
    name === 'readout.b' ? sizes.outputsPerUnit : name.startsWith('encoder.') && !name.endsWith('.h0') ? 3 : 1;
  return layOut(
    weightTable(sizes).map((spec) => ({ ...spec, parts: parts(spec.name) })),
    tileRows,
  );
}

export function planRate(constants: RateConstants, threads: number, build: KernelBuild) {
  const { sizes: s, batch } = constants;
  const arena = new Arena();
  const layout = rateLayout(s, TILE_ROWS[build]);
  const shards = divide(batch, TILE_ROWS[build]);
  const rows = Math.max(...shards.map((shard) => shard.rows));
  const flat = () => arena.floats(layout.length);
  const turns = planTurns(arena, Math.min(threads, shards.length), layout.length);
  const weights = { values: flat(), gradients: turns.sum, first: flat(), second: flat() };
  const product = (name: string, block = {}) => planProduct(arena, placeOf(layout, name), block);

  const ldh = roundUp(s.hidden, 8);
  const forces = constants.forcing !== 'none';
  const packs = {
    encoders:
      s.encoder > 0 ? (['forward', 'backward'] as const).map((side) => planEncoder(arena, layout, `encoder.${side}`, s.encodedBins)) : [],
    initial: s.encoder > 0 ? product('initial.W') : undefined,
    recurrent: s.rank === 0 ? product('recurrent.W') : undefined,
    selection: s.rank > 0 ? product('selection.W') : undefined,
    output: s.rank > 0 ? product('output.W') : undefined,
    external: s.external > 0 ? product('external.W', { back: false }) : undefined,
    readout: product('readout.W', { columns: s.units }),
  };
  const projection = arena.floats(constants.forcing === 'error' ? s.hidden * ldh : 0);
  /** Cᵀ by units and C Cᵀ in float64; I − C⁺C, which takes gradients past an error's correction. */
  const teacher = forces
    ? {
        rows: arena.bytes(8 * s.units * s.hidden),
        gram: arena.bytes(8 * s.units * s.units),
        projection,
        past: planProduct(
          arena,
          { name: '', rows: s.hidden, parts: 1, width: s.hidden, padded: ldh, stride: ldh, offset: 0, length: 0 },
          { columns: s.hidden, back: false },
        ),
      }
    : undefined;

  const input = {
    trials: arena.floats(batch),
    counts: arena.floats(batch * s.bins * s.units),
    observed: arena.bytes(batch * s.bins),
    withheld: arena.bytes(batch * s.encodedBins * s.heldIn),
    external: arena.floats(batch * s.bins * s.external),
    conditions: arena.floats(batch),
    initial: arena.floats(s.encoder === 0 && s.conditions === 0 ? batch * s.hidden : 0),
    smoothed: arena.floats(forces && constants.teacher === 'smoothed' ? batch * s.bins * s.units : 0),
  };
  const output = { rates: arena.floats(batch * s.bins * s.units), states: arena.floats(batch * s.bins * s.hidden) };
  const losses = shards.map(() => arena.bytes(8));
  const offsets = placeOf(layout, 'readout.b');
  const widths = {
    hidden: ldh,
    heldIn: roundUp(s.heldIn, 8),
    units: offsets.padded,
    readout: offsets.stride,
    rank: roundUp(s.rank, 8),
    ends: roundUp(2 * s.encoder, 8),
    external: roundUp(s.external, 8),
  };
  const zeros = arena.floats(Math.max(widths.readout, ldh));
  const widest = Math.max(...[...layout.places.values()].flatMap((place) => [place.rows, place.stride]));
  const steps = (s.bins - 1) * s.substeps;

  /** What one thread needs for the shard it is at: everything that the way back reads again, steps by `rows` trials. */
  const planLane = () => {
    const floats = (count: number, width: number) => arena.floats(count * rows * width);
    return {
      scratch: planGruScratch(arena, rows, widest, s.encoder, s.encoder),
      keys: arena.floats(Object.keys(KEYS).length * rows),
      x: floats(s.encodedBins, widths.heldIn),
      entries: planEntries(arena, s.encodedBins * rows, widths.heldIn),
      target: floats(s.bins, widths.units),
      counted: floats(s.bins, widths.units),
      encoders: packs.encoders.map((encoder) => planEncoderLane(arena, encoder, rows)),
      ends: floats(1, widths.ends),
      dEnds: floats(1, widths.ends),
      dEncoder: { dh: floats(1, roundUp(s.encoder, 8)), drh: floats(1, roundUp(s.encoder, 8)) },
      states: floats(steps + 1, ldh),
      activity: floats(steps, ldh),
      along: floats(steps, widths.rank),
      dAlong: floats(steps, widths.rank),
      driven: floats(1, ldh),
      input: floats(steps, widths.external),
      drive: floats(s.external > 0 ? steps : 0, ldh),
      dDrive: floats(steps, ldh),
      noise: floats(1, ldh),
      forced: floats(forces ? s.bins : 0, ldh),
      seen: floats(1, widths.readout),
      solving: arena.bytes(forces ? 8 * (Math.min(s.hidden, s.units) ** 2 + Math.min(s.hidden, s.units) + 2 * s.units + s.hidden) : 0),
      dropped: floats(s.bins, ldh),
      readout: floats(s.bins, widths.readout),
      dh: floats(1, ldh),
      dActivity: floats(1, ldh),
    };
  };
  const lanes = Array.from({ length: Math.min(threads, shards.length) }, planLane);
  return {
    s,
    constants,
    layout,
    weights,
    turns,
    packs,
    teacher,
    input,
    output,
    losses,
    widths,
    zeros,
    steps,
    shards,
    rows,
    lanes,
    bytes: arena.size,
  };
}

/** How many shards hold a batch that may be smaller than planned. */
export const shardsOf = (plan: RatePlan, batch: number): number => plan.shards.filter(({ first }) => first < batch).length;
