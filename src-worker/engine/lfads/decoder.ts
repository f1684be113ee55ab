// From the posterior of the initial condition through the loop of controller and generator to the readout, forward.

import { type Block, blocksForward, cellForward, encoderState } from '../gru.ts';
import { multiply } from '../products.ts';
import { codeAt } from './encoders.ts';
import { keysAt, type Work, weightAt } from './shard.ts';

/** Posterior, sample z, g_0 and f_0. Returns the divergence of the initial condition, summed over trials. */
export function startGenerator(work: Work, divergence: number): number {
  const { k, plan, lane, rows } = work;
  const { s, widths: w, packs, constants } = plan;
  const { initialHalf: half } = w;
  const floor = constants.initialPosteriorFloor;
  multiply(k, packs.initial, rows, lane.ends, w.ends, lane.initial, w.initial, 0);
  k.addRow(rows, w.initial, lane.initial, w.initial, weightAt(work, 'initial.b'));
  const mean = weightAt(work, 'initialPrior.mean');
  const variance = constants.initialPriorVariance;
  const kl = k.initialDivergence(rows, s.initialCondition, half, lane.initial, w.initial, mean, variance, floor, divergence);
  if (work.amount) k.fillNormals(rows, s.initialCondition, keysAt(work, 'initialNoise'), 0, lane.z, w.z);
  else k.zero(lane.z, rows * w.z);
  k.initialSample(rows, s.initialCondition, half, lane.initial, w.initial, floor, lane.z, w.z);
  const { ldh, width } = packs.generator;
  multiply(k, packs.generatorStart, rows, lane.z, w.z, lane.generator.states, ldh, 0);
  k.addRow(rows, width, lane.generator.states, ldh, weightAt(work, 'generatorStart.b'));
  readFactors(work, 0);
  return kl;
}

/** f of one state of the generator (0 is g_0, t + 1 the state after bin t), through dropout. */
function readFactors(work: Work, index: number): void {
  const { k, plan, lane, rows } = work;
  const { s, widths: w, packs, factors } = plan;
  const { ldh, width } = packs.generator;
  const { states, dropped } = lane.generator;
  const state = states + 4 * index * rows * ldh;
  const keys = keysAt(work, 'generator');
  k.dropout(rows, s.generator, state, ldh, dropped, width, keys, index * s.generator, work.threshold, work.scale, 0);
  multiply(k, factors.product, rows, dropped, width, lane.factors + 4 * index * rows * w.factors, w.factors, 0);
}

/** Address of the generator's inputs at bin t, inferred and external, which lie beside the state before it. */
export function generatorInput({ plan, lane, rows }: Work, t: number): number {
  const { ldh, width } = plan.packs.generator;
  return lane.generator.states + 4 * (t * rows * ldh + width);
}

/** External inputs of all bins. */
function placeExternal(work: Work): void {
  const { k, plan, lane, rows } = work;
  const { s, packs } = plan;
  const { ldh } = packs.generator;
  const inferred = packs.controller ? s.inputs : 0;
  if (s.external === 0) return;
  for (let t = 0; t < s.encodedBins; t++) {
    const source = plan.input.external + 4 * (work.first * s.bins + t) * s.external;
    const keys = keysAt(work, 'external');
    const target = generatorInput(work, t) + 4 * inferred;
    k.dropout(rows, s.external, source, s.bins * s.external, target, ldh, keys, t * s.external, work.threshold, work.scale, 0);
  }
  // Later bins have none; their states come in the loop.
  k.zero(lane.generator.states + 4 * s.encodedBins * rows * ldh, (s.bins - s.encodedBins) * rows * ldh);
}

/** What the encoders bring to the controller's gates in a block of bins, shortly before they are wanted. */
function encodedGates(work: Work, { first, bins }: Block): void {
  const { k, plan, lane, rows } = work;
  const { s, widths: w, packs } = plan;
  if (!packs.controller || !lane.controller) return;
  const { cell, fromCode } = packs.controller;
  const { input, gates, encoders } = lane.controller;
  const width = 2 * s.inputEncoder + s.factors;
  const binFloats = rows * w.controllerInput;
  const keys = keysAt(work, 'controllerInput');
  for (let t = first; t < first + bins; t++) {
    const x = input + 4 * t * binFloats;
    const codes = encoders.map((_, side) => codeAt(work, side, t));
    if (codes.includes(undefined)) k.zero(x, binFloats);
    for (const [side, encoder] of encoders.entries()) {
      const code = codes[side];
      if (code === undefined) continue;
      const column = side * s.inputEncoder;
      const state = encoderState(encoder, rows, code);
      const number = t * width + column;
      const to = x + 4 * column;
      k.dropout(rows, s.inputEncoder, state, encoder.cell.ldh, to, w.controllerInput, keys, number, work.threshold, work.scale, 0);
    }
  }
  const [from, to] = [Math.max(first, s.initialBins), Math.min(first + bins, s.encodedBins)];
  const gatesAt = (t: number): number => gates + 4 * t * rows * cell.ldg;
  if (to <= from) {
    k.zero(gatesAt(first), bins * rows * cell.ldg);
    return;
  }
  k.zero(gatesAt(first), (from - first) * rows * cell.ldg);
  multiply(k, fromCode, (to - from) * rows, input + 4 * from * binFloats, w.controllerInput, gatesAt(from), cell.ldg, 0);
  k.zero(gatesAt(to), (first + bins - to) * rows * cell.ldg);
}

/** The controller at bin t: from the last factors to inferred inputs, which it writes into the generator's input. */
function control(work: Work, t: number): void {
  const { k, plan, lane, rows } = work;
  const { s, widths: w, packs, constants } = plan;
  if (!packs.controller || !lane.controller) return;
  const { cell, fromFactors, inferred, half } = packs.controller;
  const c = lane.controller;
  const code = 2 * s.inputEncoder;
  const state = 4 * t * rows * cell.ldh;
  const next = state + 4 * rows * cell.ldh;
  const G = c.gates + 4 * t * rows * cell.ldg;
  const x = c.input + 4 * (t * rows * w.controllerInput + code);
  const f = lane.factors + 4 * t * rows * w.factors;
  const first = t * (code + s.factors) + code;
  const keys = keysAt(work, 'controllerInput');
  k.dropout(rows, s.factors, f, w.factors, x, w.controllerInput, keys, first, work.threshold, work.scale, 0);
  multiply(k, fromFactors, rows, x, w.controllerInput, G, cell.ldg, 1);
  cellForward(k, cell, rows, work.weights, G, c.states + state, c.states + next, c.reset, constants.stateClip);
  const Q = c.inferred + 4 * t * rows * w.inferred;
  multiply(k, inferred, rows, c.states + next, cell.ldh, Q, w.inferred, 0);
  const bias = weightAt(work, 'inferred.b');
  const noise = keysAt(work, 'inputNoise');
  k.sampleInputs(rows, s.inputs, half, Q, w.inferred, bias, noise, t * s.inputs, work.amount, generatorInput(work, t), packs.generator.ldh);
}

/** The whole loop, to the factors of all bins. */
export function decoderForward(work: Work): void {
  const { k, plan, lane, rows } = work;
  const { s, packs, constants } = plan;
  const { generator: cell } = packs;
  const g = lane.generator;
  placeExternal(work);
  const { controller } = lane;
  if (controller && packs.controller) {
    const { ldh } = packs.controller.cell;
    k.fillRows(rows, ldh, controller.states, ldh, weightAt(work, 'controller.h0'));
  }
  for (const block of blocksForward(s.bins, rows, false)) {
    encodedGates(work, block);
    for (let t = block.first; t < block.first + block.bins; t++) {
      control(work, t);
      const state = 4 * t * rows * cell.ldh;
      const next = state + 4 * rows * cell.ldh;
      const G = g.gates + 4 * t * rows * cell.ldg;
      cellForward(k, cell, rows, work.weights, G, g.states + state, g.states + next, lane.scratch.reset, constants.stateClip);
      readFactors(work, t + 1);
    }
  }
}

/** The readout (without its bias) of some bins, to the start of its buffer. */
export function readOut({ k, plan, lane, rows }: Work, first: number, bins: number): void {
  const { widths: w, packs } = plan;
  const f = lane.factors + 4 * (first + 1) * rows * w.factors;
  multiply(k, packs.readout, bins * rows, f, w.factors, lane.readout, w.readout, 0);
}
