// The rate network written once over `Operations`, for float64 and tfjs: encoder or table, the loop, readout, and the loss that stepper.ts
// spells out. Rows are t · B + b throughout.

import { pastCorrection } from '../../engine/rate-rnn/teacher.ts';
import { encode, negativeLogLikelihood, timeMajor } from '../lfads/op-by-op/graph.ts';
import type { Build, Named, Operations } from '../lfads/op-by-op/operations.ts';
import type { RateNoise } from './noise.ts';
import { isForced, type RateBatch, type RateConstants } from './stepper.ts';
import type { Readout } from './teacher.ts';

/** Forced states as they came out of a run (T × B × H each, before and after), and the readout that led to them: fixed numbers to gradients. */
export interface Forced {
  readonly before: Float64Array;
  readonly after: Float64Array;
  readonly readout: Readout;
}

/**
 * Everything a batch gives, as a `Build`: `rates` (mean counts per bin, or standardised), `states` (T · B rows), and where `strength` is
 * given the 1 × 1 values `loss` and `nll`.
 */
export function rateNetwork(constants: RateConstants, batch: RateBatch, noise: RateNoise, strength: number, forced?: Forced): Build {
  return <A>(o: Operations<A>, w: Named<A>): Named<A> => {
    const { sizes: s, leak: a } = constants;
    const B = batch.trials.length;
    const [T, H, N] = [s.bins, s.hidden, s.units];
    const phi = (x: A): A => (constants.nonlinearity === 'relu' ? o.relu(x) : o.tanh(x));
    const recur = (r: A): A =>
      s.rank > 0 ? o.product(o.scale(o.product(r, w['selection.W']), 1 / H), w['output.W']) : o.product(r, w['recurrent.W']);
    const zeros = (rows: number, columns: number): A => o.constant(new Float64Array(rows * columns), rows, columns);

    const external = batch.external
      ? o.splitRows(o.constant(timeMajor(batch.external, B, T, s.external), T * B, s.external), T)
      : undefined;
    const drive = (t: number): A =>
      external ? o.add(o.product(external[t], w['external.W']), w['bias.b']) : o.add(zeros(B, H), w['bias.b']);
    const steps = (T - 1) * s.substeps;
    const process =
      noise.process.length > 0 ? o.splitRows(o.constant(timeMajor(noise.process, B, steps, H), steps * B, H), steps) : undefined;
    const masks = o.splitRows(o.constant(timeMajor(noise.generator, B, T + 1, H), (T + 1) * B, H), T + 1);

    let x = first(o, w, constants, batch, noise);
    const states: A[] = [];
    const read: A[] = [];
    for (let t = 0; t < T; t++) {
      states.push(x);
      read.push(o.times(x, masks[t]));
      if (t === T - 1) break;
      if (forced && isForced(constants, strength, t)) x = force(o, constants, batch, x, forced, strength, t);
      for (let k = 0; k < s.substeps; k++) {
        x = o.add(o.scale(x, 1 - a), o.scale(o.add(recur(phi(x)), drive(t)), a));
        if (process) x = o.add(x, o.scale(process[t * s.substeps + k], constants.noise * Math.sqrt(2 * a)));
      }
    }
    const rows = o.stackRows(read);
    const C = constants.diagonal ? o.times(w['readout.W'], o.constant(diagonal(H, N), H, N)) : w['readout.W'];
    const [d, logVariance] = s.outputsPerUnit === 2 ? o.splitColumns(w['readout.b'], 2) : [w['readout.b']];
    const means = o.add(o.product(rows, C), d);
    const theta = logVariance === undefined ? means : o.stackColumns([means, o.add(zeros(T * B, N), logVariance)]);
    const nll = o.scale(negativeLogLikelihood(o, s, theta, batch, noise), 1 / (B * noise.passed));
    return {
      rates: s.outputsPerUnit === 1 ? o.exp(theta) : means,
      states: o.stackRows(states),
      nll,
      loss: o.scale(nll, 1 / (T * N)),
    };
  };
}

function diagonal(rows: number, columns: number): Float64Array {
  const values = new Float64Array(rows * columns);
  for (let i = 0; i < Math.min(rows, columns); i++) values[i * (columns + 1)] = 1;
  return values;
}

/** The first states, B × H. */
function first<A>(o: Operations<A>, w: Named<A>, { sizes: s, stateClip }: RateConstants, batch: RateBatch, noise: RateNoise): A {
  const B = batch.trials.length;
  if (s.encoder === 0 && s.conditions === 0) return o.constant(Float64Array.from(batch.initial!), B, s.hidden);
  if (s.encoder === 0) {
    const rows = new Float64Array(B * s.conditions);
    for (const [b, condition] of batch.conditions!.entries()) rows[b * s.conditions + condition] = 1;
    return o.product(o.constant(rows, B, s.conditions), w['initialTable.W']);
  }
  const seen = new Float32Array(B * s.encodedBins * s.heldIn);
  for (let b = 0, i = 0; b < B; b++)
    for (let t = 0; t < s.encodedBins; t++)
      for (let n = 0; n < s.heldIn; n++, i++)
        seen[i] = noise.input[i] === 0 ? 0 : batch.counts[(b * s.bins + t) * s.units + n] * noise.input[i];
  const x = o.constant(timeMajor(seen, B, s.encodedBins, s.heldIn), s.encodedBins * B, s.heldIn);
  const start = o.constant(new Float64Array(B * s.encoder), B, s.encoder);
  const last = (name: string, backward: boolean): A => encode(o, w, name, x, s.encodedBins, start, backward, stateClip).at(-1)!;
  const ends = o.stackColumns([last('encoder.forward', false), last('encoder.backward', true)]);
  return o.add(o.product(o.times(ends, o.constant(noise.initialEncoder, B, 2 * s.encoder)), w['initial.W']), w['initial.b']);
}

/** x̃ = x A + what is missing to the forced state, which is a constant; unobserved bins keep x. */
function force<A>(
  o: Operations<A>,
  { forcing, sizes: s }: RateConstants,
  batch: RateBatch,
  x: A,
  { before, after, readout }: Forced,
  strength: number,
  t: number,
): A {
  const B = batch.trials.length;
  const H = s.hidden;
  const observed = (b: number): boolean => batch.observed?.[b * s.bins + t] !== 0;
  const past = forcing === 'error' ? pastCorrection(readout.C, gramOf(readout), H, s.units) : undefined;
  const keep = forcing === 'generalised' ? 1 - strength : 0;
  const rest = new Float64Array(B * H);
  const seen = new Float64Array(B * H);
  for (let b = 0; b < B; b++)
    for (let i = 0; i < H; i++) {
      const at = (t * B + b) * H;
      if (!observed(b)) continue;
      seen[b * H + i] = 1;
      let along = keep * before[at + i];
      if (past) for (let j = 0; j < H; j++) along += before[at + j] * past[j * H + i];
      rest[b * H + i] = after[at + i] - along;
    }
  const mask = o.constant(seen, B, H);
  const carried = past ? o.product(x, o.constant(past, H, H)) : o.scale(x, keep);
  const unseen = o.constant(
    seen.map((one) => 1 - one),
    B,
    H,
  );
  return o.add(o.add(o.times(x, unseen), o.times(carried, mask)), o.constant(rest, B, H));
}

function gramOf({ units: N, states: H, C }: Readout): Float64Array {
  const gram = new Float64Array(N * N);
  for (let a = 0; a < N; a++) for (let b = 0; b < N; b++) for (let i = 0; i < H; i++) gram[a * N + b] += C[a * H + i] * C[b * H + i];
  return gram;
}
