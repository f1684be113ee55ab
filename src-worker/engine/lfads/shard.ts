// What a thread does for one shard of the batch: a pass forward through LFADS, and the way back (methods.md 1.1, 1.2). No shard waits
// for another; a shard's gradients are its own until all are added.

import { COORDINATED, inverse, PLACE, PURPOSE, passedFraction, threshold } from '../../models/lfads/noise.ts';
import type { Kernels } from '../kernels.ts';
import { key, STREAM } from '../random.ts';
import { decoderForward, readOut, startGenerator } from './decoder.ts';
import { decoderBack, readoutBack } from './decoder-back.ts';
import { encodeForward, encodeInitialBack, encodeInputsBack } from './encoders.ts';
import { type Seen, see } from '../seen.ts';
import { Turns } from '../turns.ts';
import { KEYS, type Lane, type LfadsPlan } from './plan.ts';

/** What all threads are told about the pass at hand. */
export interface Pass {
  /** `train`: with dropout, sample and gradients. `mean` and `sample`: outputs only. */
  readonly kind: 'train' | 'mean' | 'sample';
  readonly batch: number;
  /** Counter of the step, or of the first posterior sample. */
  readonly step: number;
  /** Samples of this pass, one unless said otherwise: outputs are then running means over all samples from the first counter to these. */
  readonly samples?: number | undefined;
  readonly betaInitial: number;
  readonly betaInputs: number;
  readonly hasObserved: boolean;
  readonly hasWithheld: boolean;
}

/** One shard at work: everything that its functions share. */
export interface Work {
  readonly k: Kernels;
  readonly plan: LfadsPlan;
  readonly lane: Lane;
  readonly pass: Pass;
  /** First trial of the shard in the batch, and how many. */
  readonly first: number;
  readonly rows: number;
  /** Weights, and this shard's gradients: byte addresses. */
  readonly weights: number;
  readonly gradients: number;
  /** Whether an earlier shard has set gradients, so that this one adds to them. */
  readonly begun: boolean;
  /** Dropout as the kernels take it: no threshold, no drawing. */
  readonly threshold: number;
  readonly scale: number;
  /** 1 with sampling noise, 0 for posterior means. */
  readonly amount: number;
  /** Weights of the divergences in the gradient. */
  readonly initialWeight: number;
  readonly inputsWeight: number;
  readonly f32: Float32Array;
  /** What the encoders see of the shard's trials. */
  readonly seen: Seen;
}

/** Address of a weight of this job. */
export const weightAt = (work: Work, name: string): number => work.weights + 4 * work.plan.layout.places.get(name)!.offset;
export const gradientAt = (work: Work, name: string): number => work.gradients + 4 * work.plan.layout.places.get(name)!.offset;
export const keysAt = (work: Work, place: keyof typeof KEYS): number => work.lane.keys + 4 * KEYS[place] * work.rows;

/** Runs the shards of share `index` in a thread's lane, one after another. */
export function runShare(k: Kernels, buffer: SharedArrayBuffer, plan: LfadsPlan, lane: Lane, index: number, pass: Pass): void {
  const { first, shards } = plan.shares[index]!;
  const turns = new Turns(k, buffer, plan.turns, plan.lanes.indexOf(lane));
  const gradients = pass.kind === 'train' ? turns.take(index) : 0;
  for (let shard = first; shard < first + shards && plan.shards[shard]!.first < pass.batch; shard++)
    runShard(k, buffer, plan, lane, shard, gradients, shard > first, pass);
  if (pass.kind === 'train') turns.finish(index);
}

function runShard(
  k: Kernels,
  buffer: SharedArrayBuffer,
  plan: LfadsPlan,
  lane: Lane,
  index: number,
  gradients: number,
  begun: boolean,
  pass: Pass,
): void {
  const { s, constants } = plan;
  const train = pass.kind === 'train';
  const { first, rows } = plan.shards[index]!;
  const elements = s.bins * s.units;
  const dropout = train ? constants.dropout : 0;
  const begin = {
    k,
    plan,
    lane,
    pass,
    first,
    rows: Math.min(rows, pass.batch - first),
    weights: plan.weights.values,
    gradients,
    begun,
    threshold: threshold(dropout),
    scale: inverse(dropout),
    amount: pass.kind === 'mean' ? 0 : 1,
    initialWeight: pass.betaInitial / (pass.batch * elements),
    inputsWeight: pass.betaInputs / (pass.batch * elements),
    f32: new Float32Array(buffer),
  };
  const losses = new Float64Array(buffer, plan.losses[index]!, 4);
  const work: Work = { ...begin, seen: prepare(begin) };
  drawNoise(work, pass.step);
  encodeForward(work);
  if (!train) {
    const averaging = pass.samples !== undefined;
    // What the encoders found serves all samples.
    for (let sample = pass.step; sample < pass.step + (pass.samples ?? 1); sample++) {
      if (sample > pass.step) drawNoise(work, sample);
      k.zero(plan.divergences[index]!, plan.widths.initialHalf);
      startGenerator(work, plan.divergences[index]!);
      decoderForward(work);
      readOut(work, 0, s.bins);
      writeOutputs(work, averaging ? sample + 1 : 1, averaging);
    }
    return;
  }
  k.zero(plan.divergences[index]!, plan.widths.initialHalf);
  losses[1] = startGenerator(work, plan.divergences[index]!);
  decoderForward(work);
  // Gradients of matrices are set before anything is added to them.
  if (!begun)
    for (const { offset, length, rows: height } of plan.layout.places.values()) if (height === 1) k.zero(gradients + 4 * offset, length);
  losses[0] = readoutBack(work) / passedFraction(constants);
  losses[2] = decoderBack(work);
  encodeInitialBack(work);
  encodeInputsBack(work);
}

/** Keys of the shard's trials, and from counts to what encoders see, target and counted elements. */
function prepare(work: Omit<Work, 'seen'>): Seen {
  const { k, plan, lane, pass, first, rows, f32 } = work;
  const { s, constants, widths: w, input } = plan;
  const trials = new Int32Array(f32.buffer, input.trials + 4 * first, rows);
  const keys = new Int32Array(f32.buffer, lane.keys, rows * Object.keys(KEYS).length);
  const train = pass.kind === 'train';
  const c = train ? constants.coordinatedDropout : 0;
  const bins = 4 * rows;
  trials.forEach((trial, i) => {
    const of = (stream: number, counter: number) => key(constants.seed, stream, counter, pass.step, trial);
    for (const place of ['initialEncoder', 'controllerInput', 'generator', 'external'] as const)
      keys[KEYS[place] * rows + i] = of(STREAM.dropout, PLACE[place]);
    const b = first + i;
    k.prepareTrial(
      input.counts + 4 * b * s.bins * s.units,
      pass.hasObserved ? input.observed + b * s.bins : 0,
      pass.hasWithheld ? input.withheld + b * s.encodedBins * s.heldIn : 0,
      s.bins,
      s.units,
      s.encodedBins,
      s.initialBins,
      s.heldIn,
      of(STREAM.coordinatedDropout, COORDINATED.drop),
      of(STREAM.coordinatedDropout, COORDINATED.pass),
      of(STREAM.dropout, PLACE.encoderInput),
      threshold(c),
      threshold(constants.passRate),
      inverse(c),
      work.threshold,
      work.scale,
      lane.x + 4 * i * w.heldIn,
      (bins / 4) * w.heldIn,
      lane.target + 4 * i * w.units,
      lane.counted + 4 * i * w.units,
      (bins / 4) * w.units,
    );
  });
  return see(k, lane.entries, s.encodedBins * rows, w.heldIn, lane.x, w.heldIn);
}

/** Keys of the noise of a step or of a posterior sample. */
function drawNoise({ plan, lane, pass, first, rows, f32 }: Work, counter: number): void {
  const trials = new Int32Array(f32.buffer, plan.input.trials + 4 * first, rows);
  const keys = new Int32Array(f32.buffer, lane.keys, rows * Object.keys(KEYS).length);
  const purpose = pass.kind === 'train' ? PURPOSE.training : PURPOSE.sample;
  trials.forEach((trial, i) => {
    keys[KEYS.initialNoise * rows + i] = key(plan.constants.seed, STREAM.initialNoise, purpose, counter, trial);
    keys[KEYS.inputNoise * rows + i] = key(plan.constants.seed, STREAM.inputNoise, purpose, counter, trial);
  });
}

/**
 * Outputs of the shard's trials, from bins × rows to trial after trial: those of sample number `count`, from 1, into the means over the samples
 * so far. The spread of the rates is wanted where samples are averaged.
 */
function writeOutputs(work: Work, count: number, spread: boolean): void {
  const { k, plan, lane, f32, first, rows } = work;
  const { s, widths: w, output, packs } = plan;
  const readoutBias = weightAt(work, 'readout.b');
  if (s.outputsPerUnit === 1) k.expectedCounts(s.bins * rows, w.units, lane.readout, w.readout, readoutBias);
  else k.addRow(s.bins * rows, w.units, lane.readout, w.readout, readoutBias);
  const scatter = (from: number, stride: number, to: number, width: number) => {
    for (let t = 0; t < s.bins; t++)
      k.average(rows, width, from + 4 * t * rows * stride, stride, to + 4 * (first * s.bins + t) * width, s.bins * width, count);
  };
  scatter(lane.readout, w.readout, output.rates, s.units);
  if (spread)
    for (let t = 0; t < s.bins; t++) {
      const at = 4 * (first * s.bins + t) * s.units;
      const x = lane.readout + 4 * t * rows * w.readout;
      k.addSpread(rows, s.units, x, w.readout, output.rates + at, output.ratesSquares + at, s.bins * s.units, count);
    }
  scatter(lane.factors + 4 * rows * w.factors, w.factors, output.factors, s.factors);
  scatter(lane.generator.states + 4 * rows * packs.generator.ldh, packs.generator.ldh, output.generator, s.generator);
  if (lane.controller) {
    scatter(lane.controller.inferred, w.inferred, output.inputMean, s.inputs);
    const logVariance = lane.controller.inferred + 4 * packs.controller!.half;
    for (let row = 0; row < s.bins * rows; row++)
      for (let j = 0; j < s.inputs; j++) {
        const at = logVariance / 4 + row * w.inferred + j;
        f32[at] = Math.exp(0.5 * f32[at]!);
      }
    scatter(logVariance, w.inferred, output.inputSd, s.inputs);
  }
  const floor = plan.constants.initialPosteriorFloor;
  for (let i = 0; i < rows; i++)
    for (let j = 0; j < s.initialCondition; j++) {
      const mean = lane.initial / 4 + i * w.initial + j;
      const at = (first + i) * s.initialCondition + j;
      f32[output.initialMean / 4 + at] = f32[mean]!;
      f32[output.initialSd / 4 + at] = Math.sqrt(Math.exp(f32[mean + w.initialHalf]!) + floor);
    }
}
