// LFADS (Pandarinath et al. 2018; AutoLFADS's coordinated dropout) written once over `Operations`: encoders, controller, generator,
// readout, and the loss that stepper.ts spells out. Rows are t · B + b throughout.

import { hasController, type LfadsSizes } from '../architecture.ts';
import { logFactorial } from './log-factorial.ts';
import type { Noise } from '../noise.ts';
import type { Build, Named, Operations } from './operations.ts';
import type { Batch, LfadsConstants } from '../stepper.ts';

/** B × T × width to T × B × width. */
export function timeMajor(values: ArrayLike<number>, trials: number, bins: number, width: number): Float64Array {
  const out = new Float64Array(trials * bins * width);
  for (let b = 0; b < trials; b++)
    for (let t = 0; t < bins; t++) for (let i = 0; i < width; i++) out[(t * trials + b) * width + i] = values[(b * bins + t) * width + i]!;
  return out;
}

const reversed = <T>(items: readonly T[]): T[] => items.toReversed();

/** A GRU with the reset gate before the recurrent product; `W` and `U` split into gates and candidate once. */
function makeGru<A>(o: Operations<A>, w: Named<A>, name: string, clip: number) {
  const thirds = (part: string) => o.splitColumns(w[`${name}.${part}`]!, 3);
  const pair = (part: string) => {
    const [r, z, n] = thirds(part) as [A, A, A];
    return { gates: o.stackColumns([r, z]), candidate: n };
  };
  const U = pair('U');
  return {
    b: pair('b'),
    /** Absent where the cell has no input at all. */
    W: w[`${name}.W`] === undefined ? undefined : pair('W'),
    step(gates: A, candidate: A, h: A): A {
      const [r, z] = o.splitColumns(o.sigmoid(o.add(gates, o.product(h, U.gates))), 2) as [A, A];
      const n = o.tanh(o.add(candidate, o.product(o.times(r, h), U.candidate)));
      return o.clip(o.add(n, o.times(z, o.subtract(h, n))), clip); // z h + (1 − z) n
    },
  };
}

/** States of an encoder in the order of its steps; `x` holds `bins` blocks of B rows in time's order. */
export function encode<A>(o: Operations<A>, w: Named<A>, name: string, x: A, bins: number, start: A, backward: boolean, clip: number): A[] {
  const gru = makeGru(o, w, name, clip);
  const along = (part: 'gates' | 'candidate'): readonly A[] => {
    const blocks = o.splitRows(o.add(o.product(x, gru.W![part]), gru.b[part]), bins);
    return backward ? reversed(blocks) : blocks;
  };
  const [gates, candidates] = [along('gates'), along('candidate')];
  const states: A[] = [];
  let h = o.add(start, w[`${name}.h0`]!);
  for (let k = 0; k < bins; k++) {
    h = gru.step(gates[k]!, candidates[k]!, h);
    states.push(h);
  }
  return states;
}

/** [forward_{t−lag}; backward_{t+lag}] of the bins that the controller's encoder reads, zeros elsewhere; T · B rows. */
function controllerInputs<A>(o: Operations<A>, w: Named<A>, s: LfadsSizes, x: A, trials: number, clip: number): A {
  const bins = s.encodedBins - s.initialBins;
  const zero = o.constant(new Float64Array(trials * s.inputEncoder), trials, s.inputEncoder);
  const seen = s.initialBins === 0 ? x : o.rows(x, s.initialBins * trials, s.encodedBins * trials);
  const forward = encode(o, w, 'inputEncoder.forward', seen, bins, zero, false, clip);
  const backward = reversed(encode(o, w, 'inputEncoder.backward', seen, bins, zero, true, clip));
  const at = (states: readonly A[], k: number): A => states[k] ?? zero;
  const rows = Array.from({ length: s.bins }, (_, t) => {
    const k = t - s.initialBins;
    const inside = k >= 0 && k < bins;
    return o.stackColumns(inside ? [at(forward, k - s.lagBins), at(backward, k + s.lagBins)] : [zero, zero]);
  });
  return o.stackRows(rows);
}

/**
 * Everything a batch gives, as a `Build`: `rates` (mean counts per bin), `factors`, `generator` (T · B rows), `initialMean`,
 * `initialSd`, `inputMean`, `inputSd`, and where `beta` is given the 1 × 1 values `loss`, `nll`, `klInitial`, `klInputs`, `l2` in
 * stepper.ts's units. `klPerDimension` (B × Z) is the initial condition's divergence before sums.
 */
export function lfads(
  constants: LfadsConstants,
  batch: Batch,
  noise: Noise,
  beta?: { readonly betaInitial: number; readonly betaInputs: number; readonly l2Ramp: number },
): Build {
  return <A>(o: Operations<A>, w: Named<A>): Named<A> => {
    const { sizes: s, stateClip: clip } = constants;
    const B = batch.trials.length;
    const T = s.bins;
    const zeros = (rows: number, columns: number): A => o.constant(new Float64Array(rows * columns), rows, columns);
    const overTime = (values: Float32Array, bins: number, width: number): A =>
      o.constant(timeMajor(values, B, bins, width), bins * B, width);
    const affine = (x: A, name: string): A => o.add(o.product(x, w[`${name}.W`]!), w[`${name}.b`]!);

    const input = new Float32Array(B * s.encodedBins * s.heldIn);
    for (let b = 0, i = 0; b < B; b++)
      for (let t = 0; t < s.encodedBins; t++)
        for (let n = 0; n < s.heldIn; n++, i++) input[i] = batch.counts[(b * T + t) * s.units + n]! * noise.input[i]!;
    const x = overTime(input, s.encodedBins, s.heldIn);

    // Initial condition
    const initialBins = s.initialBins || s.encodedBins;
    const first = s.initialBins === 0 ? x : o.rows(x, 0, initialBins * B);
    const encoderStart = zeros(B, s.initialEncoder);
    const last = (name: string, backward: boolean): A => encode(o, w, name, first, initialBins, encoderStart, backward, clip).at(-1)!;
    const ends = o.stackColumns([last('initialEncoder.forward', false), last('initialEncoder.backward', true)]);
    const posterior = affine(o.times(ends, o.constant(noise.initialEncoder, B, 2 * s.initialEncoder)), 'initial');
    const [initialMean, initialLogVariance] = o.splitColumns(posterior, 2) as [A, A];
    const initialVariance = o.offset(o.exp(initialLogVariance), constants.initialPosteriorFloor);
    const initialSd = o.exp(o.scale(o.log(initialVariance), 0.5));
    const z = o.add(initialMean, o.times(initialSd, o.constant(noise.initial, B, s.initialCondition)));

    // Controller and generator
    const columnNorms = o.product(o.constant(new Float64Array(s.generator).fill(1), 1, s.generator), o.square(w['factors.W']!));
    const unitFactors = o.times(w['factors.W']!, o.exp(o.scale(o.log(columnNorms), -0.5))); // each factor's weights have norm 1
    const generatorMasks = o.splitRows(overTime(noise.generator, T + 1, s.generator), T + 1);
    const factorsOf = (g: A, t: number): A => o.product(o.times(g, generatorMasks[t]!), unitFactors);
    const generator = makeGru(o, w, 'generator', clip);
    const external =
      s.external > 0
        ? o.splitRows(o.times(overTime(batch.external!, T, s.external), overTime(noise.external, T, s.external)), T)
        : undefined;
    const controlled = hasController(s) ? makeController(o, w, s, x, B, noise, clip) : undefined;

    let g = affine(z, 'generatorStart');
    let factors = factorsOf(g, 0);
    const states: A[] = [];
    const allFactors: A[] = [];
    for (let t = 0; t < T; t++) {
      const parts = [...(controlled ? [controlled.next(factors, t)] : []), ...(external ? [external[t]!] : [])];
      const drive = (part: 'gates' | 'candidate'): A =>
        parts.length === 0
          ? o.add(zeros(B, (part === 'gates' ? 2 : 1) * s.generator), generator.b[part])
          : o.add(o.product(parts.length === 1 ? parts[0]! : o.stackColumns(parts), generator.W![part]), generator.b[part]);
      g = generator.step(drive('gates'), drive('candidate'), g);
      factors = factorsOf(g, t + 1);
      states.push(g);
      allFactors.push(factors);
    }

    const factorRows = o.stackRows(allFactors);
    const theta = affine(factorRows, 'readout');
    const inferred = controlled?.inferred();
    const outputs: Record<string, A> = {
      rates: s.outputsPerUnit === 1 ? o.exp(theta) : o.splitColumns(theta, 2)[0]!,
      factors: factorRows,
      generator: o.stackRows(states),
      initialMean,
      initialSd,
      ...(inferred ? { inputMean: inferred.mean, inputSd: o.exp(o.scale(inferred.logVariance, 0.5)) } : {}),
    };

    // ½ (log v − log s + (s + (μ − m)²) / v − 1)
    const v = constants.initialPriorVariance;
    const fromPrior = o.scale(o.add(initialVariance, o.square(o.subtract(initialMean, w['initialPrior.mean']!))), 1 / v);
    const klPerDimension = o.scale(o.offset(o.subtract(fromPrior, o.log(initialVariance)), Math.log(v) - 1), 0.5);
    outputs.klPerDimension = klPerDimension;
    if (!beta) return outputs;

    const nll = o.scale(negativeLogLikelihood(o, s, theta, batch, noise), 1 / (B * noise.passed));
    const klInitial = o.scale(o.sum(klPerDimension), 1 / B);
    const klInputs = inferred ? o.scale(inputDivergence(o, w, constants, inferred, B), 1 / B) : zeros(1, 1);
    const l2 = o.scale(recurrentNorm(o, w, constants.l2, zeros(1, 1)), beta.l2Ramp);
    const bound = o.add(nll, o.add(o.scale(klInitial, beta.betaInitial), o.scale(klInputs, beta.betaInputs)));
    return { ...outputs, nll, klInitial, klInputs, l2, loss: o.add(o.scale(bound, 1 / (T * s.units)), l2) };
  };
}

/** The controller: `next` gives the inferred input of bin t from the factors before it. */
function makeController<A>(o: Operations<A>, w: Named<A>, s: LfadsSizes, x: A, B: number, noise: Noise, clip: number) {
  const T = s.bins;
  const encoded = 2 * s.inputEncoder;
  const gru = makeGru(o, w, 'controller', clip);
  const seen = o.splitRows(controllerInputs(o, w, s, x, B, clip), T);
  const masks = o.splitRows(o.constant(timeMajor(noise.controllerInput, B, T, encoded + s.factors), T * B, encoded + s.factors), T);
  const normals = o.splitRows(o.constant(timeMajor(noise.inputs, B, T, s.inputs), T * B, s.inputs), T);
  const parameters: A[] = [];
  let c = o.add(o.constant(new Float64Array(B * s.controller), B, s.controller), w['controller.h0']!);
  return {
    next(factors: A, t: number): A {
      const input = o.times(o.stackColumns([seen[t]!, factors]), masks[t]!);
      const drive = (part: 'gates' | 'candidate'): A => o.add(o.product(input, gru.W![part]), gru.b[part]);
      c = gru.step(drive('gates'), drive('candidate'), c);
      const posterior = o.add(o.product(c, w['inferred.W']!), w['inferred.b']!);
      parameters.push(posterior);
      const [mean, logVariance] = o.splitColumns(posterior, 2) as [A, A];
      return o.add(mean, o.times(o.exp(o.scale(logVariance, 0.5)), normals[t]!));
    },
    inferred(): { readonly mean: A; readonly logVariance: A } {
      const [mean, logVariance] = o.splitColumns(o.stackRows(parameters), 2) as [A, A];
      return { mean, logVariance };
    },
  };
}

/** Of log rates, or of means and log variances side by side: summed over elements that count, exact log k!. */
export function negativeLogLikelihood<A>(
  o: Operations<A>,
  s: Pick<LfadsSizes, 'bins' | 'units' | 'outputsPerUnit'>,
  theta: A,
  batch: Pick<Batch, 'trials' | 'counts'>,
  noise: Pick<Noise, 'counted'>,
): A {
  const B = batch.trials.length;
  const [rows, N] = [s.bins * B, s.units];
  const counts = timeMajor(batch.counts, B, s.bins, N);
  const counted = timeMajor(noise.counted, B, s.bins, N);
  let constant = 0;
  if (s.outputsPerUnit === 1) {
    const weighted = counts.map((k, i) => k * counted[i]!);
    for (const [i, k] of counts.entries()) if (counted[i] !== 0) constant += counted[i]! * logFactorial(k);
    // e^θ − k θ + log k!
    const elements = o.subtract(o.times(o.exp(theta), o.constant(counted, rows, N)), o.times(theta, o.constant(weighted, rows, N)));
    return o.offset(o.sum(elements), constant);
  }
  const [mean, logVariance] = o.splitColumns(theta, 2) as [A, A];
  for (const c of counted) constant += 0.5 * c * Math.log(2 * Math.PI);
  // ½ (log 2π + log v + (x − m)² / v)
  const errors = o.times(o.square(o.subtract(mean, o.constant(counts, rows, N))), o.exp(o.scale(logVariance, -1)));
  return o.offset(o.scale(o.sum(o.times(o.add(errors, logVariance), o.constant(counted, rows, N))), 0.5), constant);
}

/** KL of the inferred inputs from their prior, summed over trials, bins and dimensions; stepper.ts has the formula. */
export function inputDivergence<A>(
  o: Operations<A>,
  w: Named<A>,
  { sizes: s, inputPrior }: LfadsConstants,
  { mean, logVariance }: { readonly mean: A; readonly logVariance: A },
  B: number,
): A {
  const T = s.bins;
  const row = (value: number): A => o.constant(new Float64Array(s.inputs).fill(value), 1, s.inputs);
  const logQ = w['inputPrior.logVariance']!;
  const precision = o.exp(o.scale(logQ, -1));
  const variance = o.exp(logVariance);
  const alpha = inputPrior === 'normal' ? row(0) : o.exp(o.scale(o.exp(o.scale(w['inputPrior.logTau']!, -1)), -1));
  const left = o.subtract(row(1), o.square(alpha)); // 1 − α²
  const head = (a: A): A => o.rows(a, 0, B);
  const start = o.times(o.times(o.add(o.square(head(mean)), head(variance)), precision), left);
  const sums = [o.sum(start), o.scale(o.sum(logVariance), -1), o.scale(o.sum(logQ), T * B), o.scale(o.sum(o.log(left)), -B)];
  if (T > 1) {
    const [now, before] = [(a: A): A => o.rows(a, B, T * B), (a: A): A => o.rows(a, 0, (T - 1) * B)];
    const moved = o.square(o.subtract(now(mean), o.times(before(mean), alpha)));
    const spread = o.add(now(variance), o.times(before(variance), o.square(alpha)));
    sums.push(o.sum(o.times(o.add(moved, spread), precision)));
  }
  return o.scale(
    o.offset(
      sums.reduce((a, b) => o.add(a, b)),
      -T * B * s.inputs,
    ),
    0.5,
  );
}

/** Names of the recurrent kernels with an L2 scale, and that scale. */
export function penalised(
  names: readonly string[],
  l2: LfadsConstants['l2'],
): readonly { readonly name: string; readonly scale: number }[] {
  return names.flatMap((name) => {
    const prefix = Object.keys(l2).find((prefix) => name.endsWith('.U') && name.startsWith(prefix));
    const scale = prefix === undefined ? 0 : l2[prefix]!;
    return scale > 0 ? [{ name, scale }] : [];
  });
}

/** Σ_k scale_k · ½‖U_k‖² / Σ_k numel(U_k). */
function recurrentNorm<A>(o: Operations<A>, w: Named<A>, l2: LfadsConstants['l2'], none: A): A {
  const kernels = penalised(Object.keys(w), l2);
  if (kernels.length === 0) return none;
  const norms = kernels.map(({ name, scale }) => o.scale(o.sum(o.square(w[name]!)), scale / 2));
  return o.scale(
    norms.reduce((a, b) => o.add(a, b)),
    1 / kernels.reduce((sum, { name }) => sum + o.elements(w[name]!), 0),
  );
}
