// Dynamics run over trials, as they were and with something done to them: the state pushed, units clamped, inputs changed or taken away.

import type { States } from '../../contract/result.ts';
import type { Flow } from '../../models/model.ts';
import type { Drive } from '../analysis.ts';
import { runFor, stepsPerBin } from '../flow/run.ts';
import { equationCourse } from '../lyapunov/course.ts';

/** What is run: a start and an input for every step of every trial. */
export interface Trials {
  readonly rows: number;
  readonly bins: number;
  readonly stepMs: number;
  /** Steps of a map from one bin to the next. */
  readonly steps: number;
  readonly timeMs: Float64Array;
  /** rows × states. */
  readonly starts: Float64Array;
  /** Input of the step that leads to a bin. */
  input(row: number, bin: number): Float64Array;
  readonly conditions: Int32Array;
  readonly rowIds: Int32Array;
}

/** What is done, from bin `from` to before bin `to`. */
export interface Perturbation {
  readonly from: number;
  readonly to: number;
  /** Added to the state once, at bin `from`. */
  readonly push?: Float64Array;
  /** States that are held at a value. */
  readonly hold?: { readonly places: readonly number[]; readonly value: number };
  /** Inputs that change: what is added to them, or `remove`. */
  readonly input?: { readonly places: readonly number[]; readonly by: number | 'remove' };
}

/** States, rows × bins × states; from bin 0 on. */
export function simulate(flow: Flow, { rows, bins, starts, stepMs, steps, input }: Trials, done?: Perturbation): Float64Array {
  const n = flow.states;
  const out = new Float64Array(rows * bins * n);
  for (let row = 0; row < rows; row++) {
    let x = disturbed(starts.slice(row * n, (row + 1) * n), 0, done);
    out.set(x, row * bins * n);
    for (let bin = 1; bin < bins; bin++) {
      const u = changed(input(row, bin), bin, done);
      x = disturbed(next(flow, x, u, stepMs, steps), bin, done);
      out.set(x, (row * bins + bin) * n);
    }
  }
  return out;
}

function next(flow: Flow, from: Float64Array, u: Float64Array, stepMs: number, steps: number): Float64Array {
  return flow.kind === 'map' ? runFor(flow, from, u, steps, 0) : equationCourse(flow, () => u, stepMs).advance(from, 0);
}

function disturbed(x: Float64Array, bin: number, done: Perturbation | undefined): Float64Array {
  if (!done) return x;
  const { from, to, push, hold } = done;
  if (push && bin === from) return x.map((value, i) => value + push[i]);
  if (!hold || bin < from || bin >= to) return x;
  const held = x.slice();
  for (const place of hold.places) held[place] = hold.value;
  return held;
}

function changed(u: Float64Array, bin: number, done: Perturbation | undefined): Float64Array {
  const input = done?.input;
  if (!done || !input || bin < done.from || bin >= done.to) return u;
  const out = u.slice();
  for (const place of input.places) out[place] = input.by === 'remove' ? 0 : out[place] + input.by;
  return out;
}

/** Trials that were recorded, from the state at their first bin and under their inputs where these are known; at most `most`, evenly thinned. */
export function recordedTrials(
  flow: Extract<Flow, { kind: 'map' }>,
  states: States,
  drive: Drive | undefined,
  u: Float64Array,
  most: number,
): Trials {
  const { values, rows, bins, dimensions: n } = states;
  const inputs = drive && drive.trials === rows && drive.bins === bins ? drive : undefined;
  const width = u.length;
  const usable = Array.from({ length: rows }, (_, row) => row).filter((row) =>
    values.subarray(row * bins * n, (row * bins + 1) * n).every(Number.isFinite),
  );
  const every = Math.max(1, Math.ceil(usable.length / most));
  const kept = usable.filter((_, k) => k % every === 0);
  const starts = new Float64Array(kept.length * n);
  for (const [to, row] of kept.entries()) starts.set(values.subarray(row * bins * n, (row * bins + 1) * n), to * n);
  return {
    rows: kept.length,
    bins,
    stepMs: states.binMs,
    steps: stepsPerBin(flow, states.binMs),
    timeMs: states.timeMs,
    starts,
    input(row, bin) {
      if (!inputs) return u;
      const at = (kept[row] * bins + bin) * width;
      const own = inputs.values.slice(at, at + width);
      return own.every(Number.isFinite) ? own : u;
    },
    conditions: Int32Array.from(kept, (row) => states.conditions[row] ?? -1),
    rowIds: Int32Array.from(kept, (row) => states.rowIds[row] ?? row),
  };
}

/** Runs of a network without trials: from states it brought, or from states near zero, at a held input. */
export function heldTrials(starts: readonly Float64Array[], u: Float64Array, bins: number, stepMs: number): Trials {
  const n = starts[0].length;
  const all = new Float64Array(starts.length * n);
  for (const [row, start] of starts.entries()) all.set(start, row * n);
  return {
    rows: starts.length,
    bins,
    stepMs,
    steps: 1,
    timeMs: Float64Array.from({ length: bins }, (_, bin) => bin * stepMs),
    starts: all,
    input: () => u,
    conditions: new Int32Array(starts.length).fill(-1),
    rowIds: Int32Array.from(starts.keys()),
  };
}
