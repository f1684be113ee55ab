// What a thread does for one shard of the batch: a pass through the rate network (models/rate-rnn/stepper.ts has the loss), and the start of the
// way back (back.ts).
// No shard waits for another; a shard's gradients are its own until all are added.

import { COORDINATED, inverse, PLACE, passedFraction, threshold } from '../../models/lfads/noise.ts';
import { lfadsLike } from '../../models/rate-rnn/noise.ts';
import { isForced } from '../../models/rate-rnn/stepper.ts';
import { encoderForward, encoderState } from '../gru.ts';
import type { Kernels } from '../kernels.ts';
import { multiply } from '../products.ts';
import { key, STREAM } from '../random.ts';
import { Turns } from '../turns.ts';
import { placeOf } from '../weights.ts';
import { back, startBack } from './back.ts';
import { forceStates } from './forcing.ts';
import { type Seen, see } from '../seen.ts';
import { KEYS, type Lane, type RatePlan } from './plan.ts';

/** What all threads are told about the pass at hand. */
export interface Pass {
  /** `train`: with dropout, noise and gradients. `run`: outputs only. */
  readonly kind: 'train' | 'run';
  readonly batch: number;
  readonly step: number;
  readonly strength: number;
  readonly hasObserved: boolean;
  readonly hasWithheld: boolean;
}

/** One shard at work: everything that its functions share. */
export interface Work {
  readonly k: Kernels;
  readonly plan: RatePlan;
  readonly lane: Lane;
  readonly pass: Pass;
  /** First trial of the shard in the batch, and how many. */
  readonly first: number;
  readonly rows: number;
  /** Weights, and this shard's gradients: byte addresses. */
  readonly weights: number;
  readonly gradients: number;
  /** Dropout as the kernels take it: no threshold, no drawing. */
  readonly threshold: number;
  readonly scale: number;
  readonly f32: Float32Array;
  /** What the encoders see of the shard's trials. */
  readonly seen: Seen;
}

export const weightAt = (work: Work, name: string): number => work.weights + 4 * placeOf(work.plan.layout, name).offset;
export const keysAt = (work: Work, place: keyof typeof KEYS): number => work.lane.keys + 4 * KEYS[place] * work.rows;
/** Address of the states at a step. */
export const stateAt = ({ plan, lane, rows }: Work, step: number): number => lane.states + 4 * step * rows * plan.widths.hidden;

/** Runs shard `index` in a thread's lane. */
export function runShard(k: Kernels, buffer: SharedArrayBuffer, plan: RatePlan, lane: Lane, index: number, pass: Pass): void {
  const { s, constants } = plan;
  const train = pass.kind === 'train';
  const { first, rows } = plan.shards[index];
  const dropout = train ? constants.dropout : 0;
  const turns = new Turns(k, buffer, plan.turns, plan.lanes.indexOf(lane));
  const begin = {
    k,
    plan,
    lane,
    pass,
    first,
    rows: Math.min(rows, pass.batch - first),
    weights: plan.weights.values,
    gradients: train ? turns.take(index) : 0,
    threshold: threshold(dropout),
    scale: inverse(dropout),
    f32: new Float32Array(buffer),
  };
  const work: Work = { ...begin, seen: prepare(begin) };
  startStates(work);
  forward(work);
  if (!train) {
    writeOutputs(work);
    return;
  }
  k.zero(work.gradients, plan.layout.length);
  const passed = passedFraction(lfadsLike(constants));
  const told = [
    s.bins * work.rows,
    plan.widths.units,
    lane.readout,
    plan.widths.readout,
    weightAt(work, 'readout.b'),
    lane.target,
    lane.counted,
    plan.widths.units,
    1 / (pass.batch * passed * s.bins * s.units),
  ] as const;
  const nll = s.outputsPerUnit === 1 ? k.poisson(...told, lane.scratch.left) : k.gaussian(...told);
  new Float64Array(buffer, plan.losses[index], 1)[0] = nll / passed;
  back(work);
  startBack(work);
  turns.finish(index);
}

/** Keys of the shard's trials, and from counts to what encoders see, target and counted elements. */
function prepare(work: Omit<Work, 'seen'>): Seen {
  const { k, plan, lane, pass, first, rows, f32 } = work;
  const { s, constants, widths: w, input } = plan;
  const trials = new Int32Array(f32.buffer, input.trials + 4 * first, rows);
  const keys = new Int32Array(f32.buffer, lane.keys, rows * Object.keys(KEYS).length);
  const c = pass.kind === 'train' && s.encoder > 0 ? constants.coordinatedDropout : 0;
  trials.forEach((trial, i) => {
    const of = (stream: number, counter: number) => key(constants.seed, stream, counter, pass.step, trial);
    keys[KEYS.encoder * rows + i] = of(STREAM.dropout, PLACE.initialEncoder);
    keys[KEYS.readout * rows + i] = of(STREAM.dropout, PLACE.generator);
    keys[KEYS.process * rows + i] = of(STREAM.processNoise, 0);
    const b = first + i;
    k.prepareTrial(
      input.counts + 4 * b * s.bins * s.units,
      pass.hasObserved ? input.observed + b * s.bins : 0,
      pass.hasWithheld ? input.withheld + b * s.encodedBins * s.heldIn : 0,
      s.bins,
      s.units,
      s.encodedBins,
      0,
      s.heldIn,
      of(STREAM.coordinatedDropout, COORDINATED.drop),
      of(STREAM.coordinatedDropout, COORDINATED.pass),
      of(STREAM.dropout, PLACE.encoderInput),
      threshold(c),
      0,
      inverse(c),
      work.threshold,
      work.scale,
      lane.x + 4 * i * w.heldIn,
      rows * w.heldIn,
      lane.target + 4 * i * w.units,
      lane.counted + 4 * i * w.units,
      rows * w.units,
    );
  });
  return see(k, lane.entries, s.encodedBins * rows, w.heldIn, lane.x, w.heldIn);
}

/** The first states: from the encoder's last ones, out of the table, or given with the batch. */
function startStates(work: Work): void {
  const { k, plan, lane, rows, f32, first } = work;
  const { s, widths: w, packs, constants, input } = plan;
  if (!packs.initial && s.conditions === 0) {
    for (let i = 0; i < rows; i++) {
      const from = input.initial / 4 + (first + i) * s.hidden;
      f32.copyWithin(lane.states / 4 + i * w.hidden, from, from + s.hidden);
    }
    return;
  }
  if (!packs.initial) {
    const table = weightAt(work, 'initialTable.W') / 4;
    conditionsOf(work).forEach((condition, i) => {
      const from = table + condition * w.hidden;
      f32.copyWithin(lane.states / 4 + i * w.hidden, from, from + w.hidden);
    });
    return;
  }
  lane.encoders.forEach((encoder, side) => {
    encoderForward(k, encoder, rows, work.weights, work.seen, lane.scratch.reset, constants.stateClip);
    const column = side * s.encoder;
    const last = encoderState(encoder, rows, encoder.backward ? 0 : encoder.bins - 1);
    const to = lane.ends + 4 * column;
    k.dropout(rows, s.encoder, last, encoder.cell.ldh, to, w.ends, keysAt(work, 'encoder'), column, work.threshold, work.scale, 0);
  });
  multiply(k, packs.initial, rows, lane.ends, w.ends, lane.states, w.hidden, 0);
  k.addRow(rows, w.hidden, lane.states, w.hidden, weightAt(work, 'initial.b'));
}

export const conditionsOf = ({ plan, first, rows, f32 }: Work): Int32Array =>
  new Int32Array(f32.buffer, plan.input.conditions + 4 * first, rows);

/** All bins, then the readout (without its bias) of all at once. */
function forward(work: Work): void {
  const { k, plan, lane, rows, pass } = work;
  const { s, widths: w, packs, constants, steps } = plan;
  const rectified = Number(constants.nonlinearity === 'relu');
  const floats = rows * w.hidden;
  if (packs.external) driveFromInputs(work);
  for (let t = 0; t < s.bins; t++) {
    const at = stateAt(work, t * s.substeps);
    const keys = keysAt(work, 'readout');
    k.dropout(rows, s.hidden, at, w.hidden, lane.dropped + 4 * t * floats, w.hidden, keys, t * s.hidden, work.threshold, work.scale, 0);
    if (t === s.bins - 1) break;
    const forced = isForced(constants, pass.strength, t);
    if (forced) forceStates(work, t);
    for (let step = t * s.substeps; step < (t + 1) * s.substeps; step++) {
      const from = forced && step === t * s.substeps ? lane.forced + 4 * t * floats : stateAt(work, step);
      const activity = lane.activity + 4 * step * floats;
      k.activate(rows, w.hidden, from, w.hidden, activity, w.hidden, rectified);
      recur(work, step, activity);
      const drive = packs.external ? lane.drive + 4 * step * floats : weightAt(work, 'bias.b');
      const next = stateAt(work, step + 1);
      k.leak(rows, w.hidden, from, w.hidden, lane.driven, w.hidden, drive, packs.external ? w.hidden : 0, next, w.hidden, constants.leak);
      if (pass.kind === 'train' && constants.noise > 0) {
        k.fillNormals(rows, s.hidden, keysAt(work, 'process'), step * s.hidden, lane.noise, w.hidden);
        k.addScaled(next, lane.noise, floats, constants.noise * Math.sqrt(2 * constants.leak));
      }
    }
  }
  multiply(k, packs.readout, s.bins * rows, lane.dropped, w.hidden, lane.readout, w.readout, 0);
  if (s.outputsPerUnit === 2) k.fillRows(s.bins * rows, w.units, lane.readout + 4 * w.units, w.readout, plan.zeros);
  if (steps === 0) k.zero(lane.driven, floats);
}

/** `driven` = φ(x) U, of the activity at a step. */
function recur({ k, plan, lane, rows }: Work, step: number, activity: number): void {
  const { s, widths: w, packs } = plan;
  if (packs.recurrent) {
    multiply(k, packs.recurrent, rows, activity, w.hidden, lane.driven, w.hidden, 0);
    return;
  }
  const along = lane.along + 4 * step * rows * w.rank;
  multiply(k, packs.selection!, rows, activity, w.hidden, along, w.rank, 0);
  k.scale(along, rows * w.rank, 1 / s.hidden);
  multiply(k, packs.output!, rows, along, w.rank, lane.driven, w.hidden, 0);
}

/** `drive` = u V + b of all steps at once; a bin's inputs stay for its substeps. */
function driveFromInputs(work: Work): void {
  const { k, plan, lane, rows, first, f32 } = work;
  const { s, widths: w, packs, steps, input } = plan;
  k.zero(lane.input, steps * rows * w.external);
  for (let step = 0; step < steps; step++)
    for (let i = 0; i < rows; i++) {
      const from = input.external / 4 + ((first + i) * s.bins + Math.floor(step / s.substeps)) * s.external;
      f32.copyWithin(lane.input / 4 + (step * rows + i) * w.external, from, from + s.external);
    }
  multiply(k, packs.external!, steps * rows, lane.input, w.external, lane.drive, w.hidden, 0);
  k.addRow(steps * rows, w.hidden, lane.drive, w.hidden, weightAt(work, 'bias.b'));
}

/** Rates and states of the shard's trials, from bins × rows to trial after trial. */
function writeOutputs(work: Work): void {
  const { k, plan, lane, f32, first, rows } = work;
  const { s, widths: w, output } = plan;
  const bias = weightAt(work, 'readout.b');
  if (s.outputsPerUnit === 1) k.expectedCounts(s.bins * rows, w.units, lane.readout, w.readout, bias);
  else k.addRow(s.bins * rows, w.units, lane.readout, w.readout, bias);
  for (let t = 0; t < s.bins; t++)
    for (let i = 0; i < rows; i++) {
      const to = (first + i) * s.bins + t;
      const rates = lane.readout / 4 + (t * rows + i) * w.readout;
      f32.copyWithin(output.rates / 4 + to * s.units, rates, rates + s.units);
      const state = stateAt(work, t * s.substeps) / 4 + i * w.hidden;
      f32.copyWithin(output.states / 4 + to * s.hidden, state, state + s.hidden);
    }
}
