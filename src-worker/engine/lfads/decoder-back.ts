// The way back from the readout through the loop of controller and generator to the initial condition and the encoders' code.

import { cellBack, recurrentGradients } from '../gru.ts';
import { addGradients, type GradientOf, multiplyBack } from '../products.ts';
import { gradientAt, keysAt, type Work, weightAt } from './shard.ts';

/** A whole weight whose gradient is xᵀ · dy. */
function whole(work: Work, name: string, x: number, ldx: number): GradientOf {
  const { rows, parts, padded, stride } = work.plan.layout.places.get(name)!;
  return { x, ldx, inner: rows, firstColumn: 0, columns: parts * padded, gradient: gradientAt(work, name), stride };
}

/** From gradients in `readout` to those of all weights of the decoder, `dEnds` and `dCode`. Returns the inputs' divergence, summed over trials. */
export function decoderBack(work: Work): number {
  const { k, plan, lane, rows } = work;
  const { s, widths: w, packs, constants } = plan;
  const { generator: cell, generatorInput } = packs;
  const g = lane.generator;
  const T = s.bins;
  const f1 = 4 * rows * w.factors;

  multiplyBack(k, packs.readout, T * rows, lane.readout, w.readout, lane.dFactors + f1, w.factors, 0);
  k.zero(lane.dFactors, rows * w.factors);
  const readout = whole(work, 'readout.W', lane.factors + f1, w.factors);
  addGradients(k, lane.scratch, T * rows, lane.readout, w.readout, readout.columns, gradientAt(work, 'readout.b'), [readout]);

  const kl = inputsDivergence(work);
  k.zero(g.dh, rows * cell.ldh);
  if (lane.controller && packs.controller) k.zero(lane.controller.dh, rows * packs.controller.cell.ldh);
  for (let t = T - 1; t >= 0; t--) {
    const state = 4 * t * rows * cell.ldh;
    const G = g.gates + 4 * t * rows * cell.ldg;
    factorsBack(work, t + 1);
    cellBack(k, cell, rows, G, g.states + state, g.states + state + 4 * rows * cell.ldh, g.dh, g.drh, constants.stateClip);
    if (generatorInput && packs.controller) multiplyBack(k, generatorInput, rows, G, cell.ldg, g.dInput, w.generatorInput, 0);
    controlBack(work, t);
  }
  factorsBack(work, 0);
  decoderGradients(work);
  startBack(work);
  return kl;
}

/** Adds to `dh` of the generator what the factors of state `index` bring. */
function factorsBack(work: Work, index: number): void {
  const { k, plan, lane, rows } = work;
  const { s, widths: w, packs, factors } = plan;
  const { ldh } = packs.generator;
  const { dDropped, dh } = lane.generator;
  multiplyBack(k, factors.product, rows, lane.dFactors + 4 * index * rows * w.factors, w.factors, dDropped, ldh, 0);
  const keys = keysAt(work, 'generator');
  k.dropout(rows, s.generator, dDropped, ldh, dh, ldh, keys, index * s.generator, work.threshold, work.scale, 1);
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

/** The controller at bin t, from the generator's input gradient to that of the factors before. */
function controlBack(work: Work, t: number): void {
  const { k, plan, lane, rows } = work;
  const { s, widths: w, packs, constants } = plan;
  if (!packs.controller || !lane.controller) return;
  const { cell, fromFactors, inferred, half } = packs.controller;
  const c = lane.controller;
  const Q = 4 * t * rows * w.inferred;
  const u = lane.generator.input + 4 * t * rows * w.generatorInput;
  const { dInput } = lane.generator;
  k.inputsBack(rows, s.inputs, half, dInput, w.generatorInput, c.inferred + Q, w.inferred, u, w.generatorInput, c.dInferred + Q);
  multiplyBack(k, inferred, rows, c.dInferred + Q, w.inferred, c.dh, cell.ldh, 1);
  const state = 4 * t * rows * cell.ldh;
  const G = c.gates + 4 * t * rows * cell.ldg;
  cellBack(k, cell, rows, G, c.states + state, c.states + state + 4 * rows * cell.ldh, c.dh, c.drh, constants.stateClip);
  multiplyBack(k, fromFactors, rows, G, cell.ldg, c.dFactors, w.factors, 0);
  const code = 2 * s.inputEncoder;
  const first = t * (code + s.factors) + code;
  const target = lane.dFactors + 4 * t * rows * w.factors;
  const keys = keysAt(work, 'controllerInput');
  k.dropout(rows, s.factors, c.dFactors, w.factors, target, w.factors, keys, first, work.threshold, work.scale, 1);
}

/** Gradients of weights that the loop used, over all bins at once, and `dCode`. */
function decoderGradients(work: Work): void {
  const { k, plan, lane, rows, gradients } = work;
  const { s, widths: w, packs } = plan;
  const { generator: cell, controller: planned, generatorInput } = packs;
  const g = lane.generator;
  const all = s.bins * rows;
  const input = generatorInput ? [whole(work, 'generator.W', g.input, w.generatorInput)] : [];
  addGradients(k, lane.scratch, all, g.gates, cell.ldg, 3 * cell.width, gradientAt(work, 'generator.b'), [
    ...input,
    ...recurrentGradients(cell, gradients, g.states, g.reset),
  ]);
  const factors = whole(work, 'factors.W', g.dropped, cell.ldh);
  addGradients(k, lane.scratch, all + rows, lane.dFactors, w.factors, factors.columns, 0, [factors]);
  const c = lane.controller;
  if (!c || !planned) return;
  const { ldh, ldg, width } = planned.cell;
  addGradients(k, lane.scratch, all, c.gates, ldg, 3 * width, gradientAt(work, 'controller.b'), [
    whole(work, 'controller.W', c.input, w.controllerInput),
    ...recurrentGradients(planned.cell, gradients, c.states, c.reset),
  ]);
  k.columnSums(rows, ldh, c.dh, ldh, gradientAt(work, 'controller.h0'));
  const inferred = whole(work, 'inferred.W', c.states + 4 * rows * ldh, ldh);
  addGradients(k, lane.scratch, all, c.dInferred, w.inferred, inferred.columns, gradientAt(work, 'inferred.b'), [inferred]);
  const encoded = (s.encodedBins - s.initialBins) * rows;
  multiplyBack(k, planned.fromCode, encoded, c.gates + 4 * s.initialBins * rows * ldg, ldg, c.dCode, w.code, 0);
}

/** From the gradient of g_0 through the sample and the posterior to `dEnds`. */
function startBack(work: Work): void {
  const { k, plan, lane, rows } = work;
  const { s, widths: w, packs, constants } = plan;
  const { ldh } = packs.generator;
  const { dh } = lane.generator;
  multiplyBack(k, packs.generatorStart, rows, dh, ldh, lane.dz, w.z, 0);
  const start = whole(work, 'generatorStart.W', lane.z, w.z);
  addGradients(k, lane.scratch, rows, dh, ldh, start.columns, gradientAt(work, 'generatorStart.b'), [start]);
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
  addGradients(k, lane.scratch, rows, lane.initial, w.initial, initial.columns, gradientAt(work, 'initial.b'), [initial]);
}
