// Recursive least squares for recordings of many units and many rows: several rows run through the network side by side, and what a bin of all
// of them teaches is learned at once. Products of matrices then take the place of passes over J and P that memory cannot feed.
//
//   bin   Y = [R; U] of B rows, E = R − A; K = P Y; C = (I + Yᵀ K)⁻¹; P ← P − K C Kᵀ; [J V] ← [J V] − E C Kᵀ
//
// On given regressors this is the same regression as one row after another (the matrix inversion lemma takes B samples instead of one).

import { Failure } from '../../contract/failure.ts';
import type { Kernels } from '../../engine/kernels.ts';
import { factorise, solveFactorised } from '../../numerics/cholesky.ts';
import type { Activity } from '../constrained/activity.ts';
import { Doubles, type Opened, type Place, product, put, taken } from '../constrained/doubles.ts';
import { stateOf } from '../constrained/network.ts';
import { SHAPES } from '../network/rnn.ts';
import { type LearnerOptions, type RowsLearner, type RunScore, spreadOf, type Weights, WORK_AT_ONCE } from './learner.ts';

type Name = 'J' | 'P' | 'x' | 'y' | 'drive' | 'e' | 'k' | 'kRows' | 'gain';

export class SideBySide implements RowsLearner {
  readonly #activity: Activity;
  readonly #options: LearnerOptions;
  readonly #opened: Opened;
  readonly #kernels: Kernels;
  readonly #together: number;
  readonly #places: Readonly<Record<Name, Place>>;
  readonly #noise: number;

  /** `together` rows run side by side; noise is steps × units × the rows' padded number. */
  constructor(activity: Activity, options: LearnerOptions, { J, P }: Weights, together: number) {
    const { units: n, inputCount } = activity;
    const width = n + inputCount;
    const B = Math.min(together, activity.rows);
    const plan = new Doubles();
    this.#places = {
      J: plan.matrix(n, width),
      P: plan.matrix(width, width),
      x: plan.matrix(n, B),
      y: plan.matrix(width, B),
      drive: plan.matrix(n, B),
      e: plan.matrix(n, B),
      k: plan.matrix(width, B),
      kRows: plan.matrix(B, width),
      gain: plan.matrix(B, B),
    };
    const noise = options.noise?.values;
    this.#noise = noise ? plan.floats(noise.length + 4) : 0;
    this.#opened = plan.open();
    this.#kernels = this.#opened.kernels;
    this.#activity = activity;
    this.#options = options;
    this.#together = B;
    if (noise) this.#opened.floats(this.#noise, noise.length).set(noise);
    put(this.#opened.view(this.#places.J), this.#places.J, J);
    put(this.#opened.view(this.#places.P), this.#places.P, P);
  }

  weights(): Weights {
    const { J, P } = this.#places;
    return { J: taken(this.#opened.view(J), J), P: taken(this.#opened.view(P), P) };
  }

  /** Runs through every row from its beginning; `tick` is awaited now and then with the share done. */
  async run(learns: boolean, tick: (done: number) => Promise<void>): Promise<RunScore> {
    const { rows, bins, units: n, values, lengths, inputs, inputCount: m } = this.#activity;
    const { phi, alpha, stepsPerBin, noise } = this.#options;
    const { J, x, y, drive, e } = this.#places;
    const kernels = this.#kernels;
    const [state, ru, error] = [this.#opened.view(x), this.#opened.view(y), this.#opened.view(e)];
    const { value } = SHAPES[phi];
    const B = this.#together;
    const ld = x.ld;
    const groups = Math.ceil(rows / B);
    const noiseSteps = noise ? Math.floor(noise.values.length / (n * ld)) : 0;
    const firing = (): void => {
      if (phi === 'tanh') kernels.tanh64(n * ld, x.at, y.at);
      else for (let at = 0; at < n * ld; at++) ru[at] = value(state[at]);
    };
    let [squares, chi2, step, work] = [0, 0, 0, 0];
    for (let group = 0; group < groups; group++) {
      // Rows of one condition lie together, so those that run side by side are taken from all over.
      const own = Array.from({ length: B }, (_, b) => group + b * groups).filter((row) => row < rows);
      state.fill(0);
      for (const [b, row] of own.entries())
        for (let i = 0; i < n; i++) state[i * ld + b] = stateOf({ form: 'currents', phi }, values[row * bins * n + i]);
      firing();
      const longest = own.reduce((most, row) => Math.max(most, lengths[row]), 0);
      for (let t = 1; t < longest; t++) {
        for (const [b, row] of own.entries()) for (let c = 0; c < m; c++) ru[(n + c) * ld + b] = inputs[(row * bins + t - 1) * m + c];
        for (let s = 0; s < stepsPerBin; s++, step++) {
          product(kernels, J, y, drive);
          const from = noise ? this.#noise + 4 * n * ld * (step % noiseSteps) : 0;
          kernels.leak64(n * ld, x.at, drive.at, from, noise?.amount ?? 0, alpha);
          firing();
        }
        error.fill(0);
        for (const [b, row] of own.entries()) {
          if (t >= lengths[row]) continue;
          const at = (row * bins + t) * n;
          let sum = 0;
          for (let i = 0; i < n; i++) {
            const off = ru[i * ld + b] - values[at + i];
            error[i * ld + b] = off;
            sum += off * off;
          }
          squares += sum;
          chi2 += sum / n;
        }
        if (learns)
          this.#learn(
            own.length,
            own.map((row) => t < lengths[row]),
          );
        work += (stepsPerBin + 3) * n * ld * (n + m);
        if (work < WORK_AT_ONCE) continue;
        work = 0;
        await tick((group + t / longest) / groups);
      }
    }
    if (!Number.isFinite(squares))
      throw new Failure('not-finite', 'The network’s activity grew without bound.', 'Lower --gain, or choose tanh for --nonlinearity.');
    return { pVar: 1 - squares / spreadOf(this.#activity), chi2 };
  }

  /** One bin of the rows that still run is learned; a row that has ended has no part in it. */
  #learn(count: number, running: readonly boolean[]): void {
    const { J, P, y, e, k, kRows, gain } = this.#places;
    const { view } = this.#opened;
    const kernels = this.#kernels;
    const width = y.rows;
    const ld = y.ld;
    const [ru, columns, rowsOfK, error] = [view(y), view(k), view(kRows), view(e)];
    const ended = running.flatMap((is, b) => (is ? [] : [b]));
    // What an ended row still fires is out of the way while this is learned; its state begins anew with the next rows.
    for (const b of ended) for (let i = 0; i < width; i++) ru[i * ld + b] = 0;
    product(kernels, P, y, k);
    product(kernels, y, k, gain, true);
    const C = taken(view(gain), { ...gain, rows: count, columns: count });
    for (let b = 0; b < count; b++) C[b * (count + 1)] += 1;
    const right = new Float64Array(count * width);
    for (let i = 0; i < width; i++)
      for (let b = 0; b < count; b++) {
        right[b * width + i] = columns[i * ld + b];
        columns[i * ld + b] = -columns[i * ld + b];
      }
    if (!factorise(C, count))
      throw new Failure('not-finite', 'Learning broke down: P is no longer positive.', 'Lower --p0, or choose --rows-together 1.');
    solveFactorised(C, count, right, width);
    for (let b = 0; b < count; b++) rowsOfK.set(right.subarray(b * width, (b + 1) * width), b * kRows.ld);
    for (let at = 0; at < error.length; at++) error[at] = -error[at];
    this.#add(k, kRows, P, count);
    this.#add(e, kRows, J, count);
  }

  /** C += A · B, over so many columns of A. */
  #add(a: Place, b: Place, c: Place, count: number): void {
    this.#kernels.gemm64(a.at, a.ld, 1, b.at, b.ld, c.at, c.ld, c.rows, count, b.ld, 1);
  }
}
