// A learning run of CURBD on the fused kernels beside the same in plain float64 TypeScript, and CORNN's solution of a problem of the same kind.

import { key, normal } from '../../src-worker/engine/random.ts';
import type { Activity } from '../../src-worker/models/constrained/activity.ts';
import { heldBackSteps } from '../../src-worker/models/constrained/held-back.ts';
import { freeRun } from '../../src-worker/models/constrained/network.ts';
import { problemOf } from '../../src-worker/models/cornn/index.ts';
import { chooseRidge } from '../../src-worker/models/cornn/ridge.ts';
import { Regressions } from '../../src-worker/models/cornn/solver.ts';
import { filteredNoise, initialWeights, Learner } from '../../src-worker/models/curbd/learner.ts';
import { median } from '../../src-worker/numerics/statistics.ts';
import { runPlainly } from '../models/curbd/plain.ts';

export interface ConstrainedTimes {
  readonly units: number;
  readonly samples: number;
  readonly stepsPerBin: number;
  /** A run of CURBD that learns, one thread. */
  readonly plainMs: number;
  readonly fusedMs: number;
  readonly times: number;
  /** CORNN without self-coupling: 200 units, 3001 samples. */
  readonly cornnSeconds: number;
}

const RUNS = { plain: 2, fused: 7 };

function activity(units: number, bins: number): Activity {
  return {
    rows: 1,
    bins,
    units,
    binMs: 10,
    values: Float64Array.from({ length: bins * units }, (_, i) => 0.6 * Math.sin(Math.floor(i / units) / (9 + (i % 7)) + (i % units))),
    lengths: Int32Array.of(bins),
    averaged: Int32Array.of(1),
    conditions: Int32Array.of(-1),
    inputs: new Float64Array(0),
    inputCount: 0,
  };
}

async function timed(run: () => Promise<unknown>): Promise<number> {
  const begun = performance.now();
  await run();
  return performance.now() - begun;
}

export async function constrainedTimes(units = 300, samples = 1201, stepsPerBin = 5): Promise<ConstrainedTimes> {
  const data = activity(units, samples);
  const noise = { values: filteredNoise(units, (samples - 1) * stepsPerBin, 2, 100, 1), amount: 0.01 };
  const options = { phi: 'tanh', alpha: 0.02, stepsPerBin, noise } as const;
  const plain = initialWeights(units, 0, 1.5, 1, 1);
  const learner = new Learner(data, options, plain);
  const quiet = async (): Promise<void> => {};
  const [plainMs, fusedMs]: [number[], number[]] = [[], []];
  await learner.run(true, quiet);
  for (let k = 0; k < RUNS.plain; k++) {
    plainMs.push(await timed(async () => runPlainly(data, options, plain)));
    for (let j = 0; j < RUNS.fused; j++) fusedMs.push(await timed(() => learner.run(true, quiet)));
  }
  const [slow, fast] = [median(Float64Array.from(plainMs)), median(Float64Array.from(fusedMs))];
  return {
    units,
    samples,
    stepsPerBin,
    plainMs: Math.round(slow),
    fusedMs: Number(fast.toFixed(1)),
    times: Number((slow / fast).toFixed(1)),
    cornnSeconds: Number(((await cornnMs()) / 1000).toFixed(2)),
  };
}

/** A chaotic rate network of 200 units, fitted from its own activity. */
function cornnMs(): Promise<number> {
  const [units, bins, alpha] = [200, 3001, 0.1];
  const W = Float64Array.from({ length: units * units }, (_, i) =>
    i % (units + 1) === 0 ? 0 : (3 * normal(key(2), i)) / Math.sqrt(units),
  );
  const start = activity(units, bins);
  const teacher = {
    form: 'rates',
    units,
    inputs: 0,
    J: W,
    V: new Float64Array(0),
    phi: 'tanh',
    alpha,
    stepMs: 10,
    stepsPerBin: 1,
  } as const;
  const problem = problemOf({ ...start, values: freeRun(teacher, start).values }, alpha);
  const settings = { stiffness: 0, weighting: 'robust', threshold: 0.5, iterations: 100, tolerance: 1e-3, selfCoupling: false } as const;
  const quiet = async (): Promise<void> => {};
  return timed(async () => {
    const { ridge, theta } = await chooseRidge(problem, heldBackSteps(problem.steps), settings, quiet);
    return new Regressions(problem, settings).solve(ridge, quiet, theta);
  });
}
