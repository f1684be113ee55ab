// A network of rank 1 with known fixed points (methods.md 4.10: m = ±1, n = 2 m, so κ = 2 tanh κ: ±1.91500805, stable, and the saddle 0), run
// from many states and observed as Poisson counts: what a fit is to find again.

import { type Dataset, makeDataset } from '../../../src-worker/dataset/index.ts';
import { key, normal, uniform } from '../../../src-worker/engine/random.ts';
import { array, fakeRecording, quietJob } from '../../dataset/fake-recording.ts';

export const KAPPA = 1.91500805;
const HIDDEN = 20;
const LEAK = 0.2;
export const BIN_MS = 10;
export const TAU_MS = BIN_MS / LEAK;

const m = (i: number): number => (uniform(key(1, 70), i) < 0.5 ? -1 : 1);
const along = (unit: number): number => 0.6 * normal(key(2, 70), unit);

/** Log counts per bin of a unit at a state κ m. */
export const logRate = (unit: number, kappa: number): number => Math.log(0.4) + along(unit) * kappa;

function poisson(mean: number, u: number): number {
  let [chance, left, count] = [Math.exp(-mean), u, 0];
  for (; left > chance && count < 100; count++) {
    left -= chance;
    chance *= mean / (count + 1);
  }
  return count;
}

export function bistable(trials = 200, bins = 40, units = 20): Promise<Dataset> {
  const counts: number[] = [];
  for (let trial = 0; trial < trials; trial++) {
    const start = 1.2 * (uniform(key(3, 70), trial) - 0.5);
    let x = Float64Array.from({ length: HIDDEN }, (_, i) => start * m(i));
    for (let t = 0; t < bins; t++) {
      let [kappa, along_] = [0, 0];
      for (let i = 0; i < HIDDEN; i++) {
        kappa += (2 * m(i) * Math.tanh(x[i])) / HIDDEN;
        along_ += (m(i) * x[i]) / HIDDEN;
      }
      for (let unit = 0; unit < units; unit++)
        counts.push(poisson(Math.exp(logRate(unit, along_)), uniform(key(4, 70, trial), t * units + unit)));
      x = x.map((value, i) => (1 - LEAK) * value + LEAK * m(i) * kappa);
    }
  }
  const recording = fakeRecording({ arrays: [array('/spikes', [trials, bins, units], counts)] });
  return makeDataset(recording, { counts: '/spikes', binMs: BIN_MS, valid: 'every:5' }, quietJob());
}
