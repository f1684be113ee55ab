// The way back from the readout through the loop of controller and generator to the initial condition and the encoders' code.

import { passedFraction } from '../../models/lfads/noise.ts';
import { binOf, blocksBack, cellBack, recurrentGradients } from '../gru.ts';
import { addGateGradients, addGradients, type GradientOf, multiplyBack } from '../products.ts';
import { generatorInput, readOut } from './decoder.ts';
import { gradientAt, keysAt, type Work, weightAt } from './shard.ts';

/** A whole weight whose gradient is xᵀ · dy. */
function whole(work: Work, name: string, x: number, ldx: number): GradientOf {
  const { rows, parts, padded, stride } = work.plan.layout.places.get(name)!;
  return { x, ldx, inner: rows, firstColumn: 0, columns: parts * padded, gradient: gradientAt(work, name), stride };
}

/**
 * Readout, likelihood and the way back to the factors, a block of bins at a time, so that what one writes the next still finds near. Returns the
 * negative log-likelihood of counted elements.
 */
export function readoutBack(work: Work): number {
  const { k, plan, lane, rows } = work;
  const { s, widths: w, packs, constants } = plan;
  const { target, counted } = lane;
  const offsets = weightAt(work, 'readout.b');
  const scale = 1 / (work.pass.batch * passedFraction(constants) * s.bins * s.units);
  let total = 0;
  k.zero(lane.dFactors, rows * w.factors);
  for (const { first, bins } of blocksBack(s.bins, rows, true)) {
    readOut(work, first, bins);
    const skipped = 4 * first * rows;
    const y = lane.readout;
    const [from, to] = [target, counted].map((at) => at + skipped * w.units) as [number, number];
    const told = [bins * rows, w.units, y, w.readout, offsets, from, to, w.units, scale] as const;
    total += s.outputsPerUnit === 1 ? k.poisson(...told, lane.scratch.left) : k.gaussian(...told);
    const f = skipped * w.factors + 4 * rows * w.factors;
    multiplyBack(k, packs.readout, bins * rows, y, w.readout, lane.dFactors + f, w.factors, 0);
    const readout = whole(work, 'readout.W', lane.factors + f, w.factors);
    const [bias, begun] = [gradientAt(work, 'readout.b'), work.begun || first > 0];
    addGradients(k, lane.scratch, bins * rows, y, w.readout, readout.columns, bias, [readout], begun);
  }
  return total;
}

/** From gradients of the factors to those of all other weights of the decoder, `dEnds` and `dCode`. Returns the inputs' divergence, summed over trials. */
export function decoderBack(work: Work): number {
  const { k, plan, lane, rows } = work;
  const { s, packs, constants } = plan;
  const { generator: cell } = packs;
  const g = lane.generator;
  const T = s.bins;

  const kl = inputsDivergence(work);
  k.zero(g.dh, rows * cell.ldh);
  if (lane.controller && packs.controller) k.zero(lane.controller.dh, rows * packs.controller.cell.ldh);
  const stateBytes = 4 * rows * cell.ldh;
  for (const { first, bins } of blocksBack(T, rows, false)) {
    for (let t = first + bins - 1; t >= first; t--) {
      const state = g.states + t * stateBytes;
      const G = g.gates + 4 * t * rows * cell.ldg;
      factorsBack(work, t + 1, t - first);
      const rh = lane.scratch.reset + (t - first) * stateBytes;
      const d = { at: g.dGates, ...binOf(lane.scratch.right, t - first, bins, rows) };
      cellBack(k, cell, rows, G, d, state, state + stateBytes, g.dh, g.drh, rh, constants.stateClip);
      controlBack(work, t, first, bins);
    }
    generatorGradients(work, first, bins);
    controllerGradients(work, first, bins);
  }
  factorsBack(work, 0, 0);
  factorsGradient(work, 0, 1, true);
  const { controller } = lane;
  if (controller && packs.controller) {
    const { ldh } = packs.controller.cell;
    k.columnSums(rows, ldh, controller.dh, ldh, gradientAt(work, 'controller.h0'));
  }
  startBack(work);
  return kl;
}

/** Adds to `dh` of the generator what the factors of state `index` bring, and keeps that state after dropout as the block's `at`-th. */
function factorsBack(work: Work, index: number, at: number): void {
  const { k, plan, lane, rows } = work;
  const { s, widths: w, packs, factors } = plan;
  const { ldh, width } = packs.generator;
  const { states, dropped, dDropped, dh } = lane.generator;
  multiplyBack(k, factors.product, rows, lane.dFactors + 4 * index * rows * w.factors, w.factors, dDropped, width, 0);
  const keys = keysAt(work, 'generator');
  const [state, kept] = [states + 4 * index * rows * ldh, dropped + 4 * at * rows * width];
  const first = index * s.generator;
  k.dropoutBoth(rows, s.generator, state, dh, ldh, kept, dDropped, width, keys, first, work.threshold, work.scale);
}

/** Divergence of the inferred inputs with its gradients, written before the loop adds what the generator brings. */
function inputsDivergence(work: Work): number {
  const { k, plan, lane, rows } = work;
  const { s, widths: w, packs } = plan;
  if (!packs.controller || !lane.controller) return 0;
  const { half, prior } = packs.controller;
  const { inferred, dInferred } = lane.controller;
  k.zero(dInferred, s.bins * rows * w.inferred);
  return k.inputsDivergence(
    s.bins,
    rows,
    s.inputs,
    half,
    inferred,
    w.inferred,
    prior,
    work.inputsWeight,
    dInferred,
    // Gradients of α and log q; the end of the step turns the former into that of log τ.
    gradientAt(work, 'inputPrior.logTau'),
    gradientAt(work, 'inputPrior.logVariance'),
  );
}

/** The controller at bin t of a block of bins that begins at `first`, from the generator's input gradient to that of the factors before. */
function controlBack(work: Work, t: number, first: number, bins: number): void {
  const { k, plan, lane, rows } = work;
  const { s, widths: w, packs, constants } = plan;
  if (!packs.controller || !lane.controller) return;
  const { cell, fromFactors, inferred, half } = packs.controller;
  const c = lane.controller;
  const Q = 4 * t * rows * w.inferred;
  const { ldh: ldu, width } = packs.generator;
  const du = lane.generator.dh + 4 * width;
  k.inputsBack(rows, s.inputs, half, du, ldu, c.inferred + Q, w.inferred, generatorInput(work, t), ldu, c.dInferred + Q);
  multiplyBack(k, inferred, rows, c.dInferred + Q, w.inferred, c.dh, cell.ldh, 1);
  const state = 4 * t * rows * cell.ldh;
  const G = c.gates + 4 * t * rows * cell.ldg;
  const rh = c.reset + 4 * (t - first) * rows * cell.ldh;
  const d = { at: c.dGates + 4 * (t - first) * rows * cell.ldg, ...binOf(c.panels, t - first, bins, rows) };
  cellBack(k, cell, rows, G, d, c.states + state, c.states + state + 4 * rows * cell.ldh, c.dh, c.drh, rh, constants.stateClip);
  multiplyBack(k, fromFactors, rows, d.at, cell.ldg, c.dFactors, w.factors, 0);
  const code = 2 * s.inputEncoder;
  const number = t * (code + s.factors) + code;
  const target = lane.dFactors + 4 * t * rows * w.factors;
  const keys = keysAt(work, 'controllerInput');
  k.dropout(rows, s.factors, c.dFactors, w.factors, target, w.factors, keys, number, work.threshold, work.scale, 1);
}

/** Gradients of the generator's weights over some bins, and of the factors' that read its states after them. */
function generatorGradients(work: Work, first: number, bins: number): void {
  const { k, plan, lane, rows, gradients } = work;
  const { generator: cell } = plan.packs;
  const g = lane.generator;
  const weights = recurrentGradients(cell, gradients, g.states + 4 * first * rows * cell.ldh, lane.scratch.reset);
  const begun = work.begun || first + bins < plan.s.bins;
  const { scratch } = lane;
  addGateGradients(k, scratch, bins * rows, scratch.right, cell.width, gradientAt(work, 'generator.b'), weights, begun);
  factorsGradient(work, first + 1, bins, begun);
}

/** Gradient of the factors' weights from a block of `states` states, the first of them `index`. */
function factorsGradient(work: Work, index: number, states: number, begun: boolean): void {
  const { k, plan, lane, rows } = work;
  const { widths: w, packs } = plan;
  const { width } = packs.generator;
  const factors = whole(work, 'factors.W', lane.generator.dropped, width);
  addGradients(
    k,
    lane.scratch,
    states * rows,
    lane.dFactors + 4 * index * rows * w.factors,
    w.factors,
    factors.columns,
    0,
    [factors],
    begun,
  );
}

/** Gradients of the controller's weights over some bins, and what of them is `dCode`. */
function controllerGradients(work: Work, first: number, bins: number): void {
  const { k, plan, lane, rows, gradients } = work;
  const { s, widths: w, packs } = plan;
  const { controller: planned } = packs;
  const c = lane.controller;
  if (!c || !planned) return;
  const { ldh, ldg, width } = planned.cell;
  const skipped = 4 * first * rows;
  const states = c.states + skipped * ldh;
  const weights = [
    whole(work, 'controller.W', c.input + skipped * w.controllerInput, w.controllerInput),
    ...recurrentGradients(planned.cell, gradients, states, c.reset),
  ];
  const begun = work.begun || first + bins < s.bins;
  addGateGradients(k, lane.scratch, bins * rows, c.panels, width, gradientAt(work, 'controller.b'), weights, begun);
  const inferred = whole(work, 'inferred.W', states + 4 * rows * ldh, ldh);
  const dInferred = c.dInferred + skipped * w.inferred;
  addGradients(k, lane.scratch, bins * rows, dInferred, w.inferred, inferred.columns, gradientAt(work, 'inferred.b'), [inferred], begun);
  const from = Math.max(first, s.initialBins);
  const encoded = Math.min(first + bins, s.encodedBins) - from;
  if (encoded <= 0) return;
  const dCode = c.dCode + 4 * (from - s.initialBins) * rows * w.code;
  multiplyBack(k, planned.fromCode, encoded * rows, c.dGates + 4 * (from - first) * rows * ldg, ldg, dCode, w.code, 0);
}

/** From the gradient of g_0 through the sample and the posterior to `dEnds`. */
function startBack(work: Work): void {
  const { k, plan, lane, rows } = work;
  const { s, widths: w, packs, constants } = plan;
  const { ldh } = packs.generator;
  const { dh } = lane.generator;
  multiplyBack(k, packs.generatorStart, rows, dh, ldh, lane.dz, w.z, 0);
  const start = whole(work, 'generatorStart.W', lane.z, w.z);
  addGradients(k, lane.scratch, rows, dh, ldh, start.columns, gradientAt(work, 'generatorStart.b'), [start], work.begun);
  k.initialBack(
    rows,
    s.initialCondition,
    w.initialHalf,
    lane.initial,
    w.initial,
    lane.z,
    lane.dz,
    w.z,
    weightAt(work, 'initialPrior.mean'),
    constants.initialPriorVariance,
    constants.initialPosteriorFloor,
    work.initialWeight,
    gradientAt(work, 'initialPrior.mean'),
  );
  multiplyBack(k, packs.initial, rows, lane.initial, w.initial, lane.dEnds, w.ends, 0);
  const initial = whole(work, 'initial.W', lane.ends, w.ends);
  addGradients(k, lane.scratch, rows, lane.initial, w.initial, initial.columns, gradientAt(work, 'initial.b'), [initial], work.begun);
}
