// FORCE (Sussillo & Abbott 2009) and full-FORCE (DePasquale et al. 2018): a network of units of its own learns to give target outputs, by
// recursive least squares while it runs.
//
//   FORCE       τ ẋ = −x + J r + U_fb z + V u, z = w r; w learns e = z − f, before it is changed
//   full-FORCE  a network that is driven by the targets, τ ẋ_T = −x_T + J r_T + U_out f + U_hint h + V u, says what recurrent input each unit
//               should get, F = J r_T + U_out f + U_hint h (so that x = x_T solves both); τ ẋ = −x + W r + V u learns e = [W r − F; w r − f],
//               with one P for all rows

import { Failure } from '../../contract/failure.ts';
import { key, normal, uniform } from '../../engine/random.ts';
import { Doubles, type Opened, padded, type Place, put, taken } from '../constrained/doubles.ts';

/** Rows of targets and inputs, each from its own initial state; a row holds its first `lengths` bins. */
export interface Task {
  readonly rows: number;
  readonly bins: number;
  readonly lengths: Int32Array;
  readonly outputs: number;
  /** rows × bins × outputs. */
  readonly targets: Float64Array;
  readonly inputs: number;
  /** rows × bins × inputs. */
  readonly given: Float64Array;
  readonly hintCount: number;
  /** rows × bins × hints: for the target-generating network alone. */
  readonly hints: Float64Array;
  /** Which initial state each row begins from. */
  readonly starts: Int32Array;
}

export interface ForceOptions {
  readonly kind: 'force' | 'full-force';
  readonly units: number;
  readonly gain: number;
  readonly alpha: number;
  readonly stepsPerBin: number;
  /** Steps from one correction to the next. */
  readonly every: number;
  readonly p0: number;
  readonly seed: number;
}

/** What learns: rows × units, the readout last; and P. */
export interface Learned {
  readonly M: Float64Array;
  readonly P: Float64Array;
}

const STREAM = { J: 141, feedback: 142, input: 143, hint: 144, start: 145 } as const;

const uniforms = (seed: number, stream: number, size: number): Float64Array =>
  Float64Array.from({ length: size }, (_, i) => 2 * uniform(key(seed, stream), i) - 1);

/** Weights that are drawn and never learn. */
export const fixedWeights = ({ units: n, gain, seed }: ForceOptions, { outputs, inputs, hintCount }: Task) => ({
  J: Float64Array.from({ length: n * n }, (_, i) => (gain * normal(key(seed, STREAM.J), i)) / Math.sqrt(n)),
  /** U_fb, or U_out: smaller where outputs are many, so that together they drive as one does. */
  feedback: uniforms(seed, STREAM.feedback, n * outputs).map((value) => value / Math.sqrt(outputs)),
  V: uniforms(seed, STREAM.input, n * inputs),
  hint: uniforms(seed, STREAM.hint, n * hintCount),
});

/** The state that rows of this start begin from. */
export const initialState = (units: number, seed: number, start: number): Float64Array =>
  Float64Array.from({ length: units }, (_, i) => uniform(key(seed, STREAM.start, start), i) - 0.5);

const joint = (a: Float64Array, columnsA: number, b: Float64Array, columnsB: number, rows: number): Float64Array => {
  const out = new Float64Array(rows * (columnsA + columnsB));
  for (let i = 0; i < rows; i++) {
    out.set(a.subarray(i * columnsA, (i + 1) * columnsA), i * (columnsA + columnsB));
    out.set(b.subarray(i * columnsB, (i + 1) * columnsB), i * (columnsA + columnsB) + columnsA);
  }
  return out;
};

/** The network that runs by itself after learning, units × units, its input weights and its readout, outputs × units. */
export function closed(
  options: ForceOptions,
  task: Task,
  { M }: Learned,
): { readonly J: Float64Array; readonly V: Float64Array; readonly readout: Float64Array } {
  const { units: n, kind } = options;
  const { outputs: O } = task;
  const { J, feedback, V } = fixedWeights(options, task);
  if (kind === 'full-force') return { J: M.slice(0, n * n), V, readout: M.slice(n * n) };
  const closedJ = J.slice();
  for (let i = 0; i < n; i++)
    for (let o = 0; o < O; o++) {
      const factor = feedback[i * O + o];
      for (let j = 0; j < n; j++) closedJ[i * n + j] += factor * M[o * n + j];
    }
  return { J: closedJ, V, readout: M.slice() };
}

const WORK_AT_ONCE = 2e8;

export class ForceLearner {
  readonly #options: ForceOptions;
  readonly #task: Task;
  readonly #opened: Opened;
  readonly #rows: number;
  readonly #places: Readonly<
    Record<'J' | 'U' | 'T' | 'M' | 'P' | 'r' | 'x' | 'rT' | 'xT' | 'given' | 'drive' | 'driven' | 'out' | 'e' | 'k' | 'spare', Place>
  >;

  constructor(task: Task, options: ForceOptions, learned?: Learned) {
    const { units: n, kind, p0 } = options;
    const { outputs: O, inputs: m, hintCount: h } = task;
    const full = kind === 'full-force';
    this.#options = options;
    this.#task = task;
    this.#rows = full ? n + O : O;
    const plan = new Doubles();
    const wide = O + m + h;
    this.#places = {
      J: plan.matrix(n, n),
      // From feedback (FORCE) and inputs to the network, and from targets, inputs and hints to the target-generating one.
      U: plan.matrix(n, wide),
      T: plan.matrix(n, wide),
      M: plan.matrix(this.#rows, n),
      P: plan.matrix(n, n),
      r: plan.vector(n),
      x: plan.vector(n),
      rT: plan.vector(n),
      xT: plan.vector(n),
      given: plan.vector(wide),
      drive: plan.vector(n),
      driven: plan.vector(n),
      out: plan.vector(this.#rows),
      e: plan.vector(this.#rows),
      k: plan.vector(n),
      spare: plan.vector(Math.max(n, this.#rows)),
    };
    this.#opened = plan.open();
    const { view } = this.#opened;
    const { J, feedback, V, hint } = fixedWeights(options, task);
    const none = new Float64Array(n * Math.max(O, h));
    const withInputs = (first: Float64Array): Float64Array => joint(first, O, V, m, n);
    put(view(this.#places.J), this.#places.J, J);
    put(
      view(this.#places.U),
      this.#places.U,
      joint(withInputs(full ? none.subarray(0, n * O) : feedback), O + m, none.subarray(0, n * h), h, n),
    );
    put(view(this.#places.T), this.#places.T, joint(withInputs(feedback), O + m, hint, h, n));
    const identity = Float64Array.from({ length: n * n }, (_, at) => (at % (n + 1) === 0 ? p0 : 0));
    put(view(this.#places.P), this.#places.P, learned?.P ?? identity);
    put(
      view(this.#places.M),
      this.#places.M,
      learned?.M ?? (full ? Float64Array.from([...J, ...new Float64Array(O * n)]) : new Float64Array(O * n)),
    );
  }

  learned(): Learned {
    const { view } = this.#opened;
    const { M, P } = this.#places;
    return { M: taken(view(M), M), P: taken(view(P), P) };
  }

  /** Runs through all rows; answers with Σ(z − f)² / Σ(f − mean)² over bins after each row's first. */
  async run(learns: boolean, tick: (done: number) => Promise<void>): Promise<number> {
    const { rows, bins, lengths, outputs: O, targets, inputs: m, given, hintCount: h, hints, starts } = this.#task;
    const { units: n, alpha, stepsPerBin, every, kind, seed } = this.#options;
    const { kernels, view } = this.#opened;
    const places = this.#places;
    const { J, U, T, M, P } = places;
    const [_r, x, _rT, xT, into, drive, driven, out, e] = [
      places.r,
      places.x,
      places.rT,
      places.xT,
      places.given,
      places.drive,
      places.driven,
      places.out,
      places.e,
    ].map(view);
    const full = kind === 'full-force';
    const even = padded(n);
    const first = full ? n : 0;
    const target = new Float64Array(O);
    let [errors, sum, squares, count, step, work] = [0, 0, 0, 0, 0, 0];
    for (let row = 0; row < rows; row++) {
      x.set(initialState(n, seed, starts[row]));
      xT.set(x);
      kernels.tanh64(even, places.x.at, places.r.at);
      kernels.tanh64(even, places.xT.at, places.rT.at);
      kernels.matVec64(this.#rows, even, M.at, M.ld, places.r.at, places.out.at);
      for (let t = 1; t < lengths[row]; t++) {
        const [before, now] = [row * bins + t - 1, row * bins + t];
        for (let s = 1; s <= stepsPerBin; s++) {
          const share = s / stepsPerBin;
          for (let o = 0; o < O; o++) target[o] = (1 - share) * targets[before * O + o] + share * targets[now * O + o];
          for (let c = 0; c < m; c++) into[O + c] = given[before * m + c];
          for (let c = 0; c < h; c++) into[O + m + c] = hints[before * h + c];
          // The network, closed by its own output.
          for (let o = 0; o < O; o++) into[o] = out[first + o];
          kernels.matVec64(n, padded(O + m + h), U.at, U.ld, places.given.at, places.driven.at);
          if (full) for (let i = 0; i < n; i++) drive[i] = out[i] + driven[i];
          else {
            kernels.matVec64(n, even, J.at, J.ld, places.r.at, places.drive.at);
            for (let i = 0; i < n; i++) drive[i] += driven[i];
          }
          kernels.leak64(even, places.x.at, places.drive.at, 0, 0, alpha);
          kernels.tanh64(even, places.x.at, places.r.at);
          const due = learns && step++ % every === 0;
          if (full && learns) {
            // The one that is driven by what is wanted.
            for (let o = 0; o < O; o++) into[o] = target[o];
            kernels.matVec64(n, padded(O + m + h), T.at, T.ld, places.given.at, places.driven.at);
            kernels.matVec64(n, even, J.at, J.ld, places.rT.at, places.drive.at);
            for (let i = 0; i < n; i++) drive[i] += driven[i];
            kernels.leak64(even, places.xT.at, places.drive.at, 0, 0, alpha);
            kernels.tanh64(even, places.xT.at, places.rT.at);
          }
          kernels.matVec64(this.#rows, even, M.at, M.ld, places.r.at, places.out.at);
          if (due) {
            if (full) {
              // F at the new time: inputs are no part of it, because the network gets them too.
              kernels.matVec64(n, even, J.at, J.ld, places.rT.at, places.drive.at);
              for (let o = 0; o < O; o++) into[o] = target[o];
              into.fill(0, O, O + m);
              kernels.matVec64(n, padded(O + m + h), T.at, T.ld, places.given.at, places.driven.at);
              for (let i = 0; i < n; i++) e[i] = out[i] - drive[i] - driven[i];
            }
            for (let o = 0; o < O; o++) e[first + o] = out[first + o] - target[o];
            kernels.matVec64(n, even, P.at, P.ld, places.r.at, places.k.at);
            const c = 1 / (1 + kernels.dot64(even, places.r.at, places.k.at));
            kernels.learnMatVec64(n, even, P.at, P.ld, places.k.at, c, places.k.at, places.r.at, places.spare.at);
            kernels.learnMatVec64(this.#rows, even, M.at, M.ld, places.e.at, c, places.k.at, places.r.at, places.out.at);
          }
        }
        for (let o = 0; o < O; o++) {
          const wanted = targets[now * O + o];
          // The error before the correction, where there was one.
          const error = learns && (step - 1) % every === 0 ? e[first + o] : out[first + o] - wanted;
          errors += error * error;
          sum += wanted;
          squares += wanted * wanted;
          count++;
        }
      }
      work += lengths[row] * stepsPerBin * n * (4 * n + this.#rows);
      if (work > WORK_AT_ONCE) {
        work = 0;
        await tick(row / rows);
      }
    }
    if (!Number.isFinite(errors))
      throw new Failure('not-finite', 'The network’s activity grew without bound.', 'Lower --gain, or raise --steps-per-bin.');
    return errors / (squares - sum ** 2 / count);
  }
}
