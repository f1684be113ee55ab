// The search for fixed points beside the usual algorithm, on the same starts of the same network: time, and how many points of each are true.

import type { Dynamics } from '../../src-worker/analyses/analysis.ts';
import { fixedPoints } from '../../src-worker/analyses/fixed-points/index.ts';
import { pointsOf } from '../../src-worker/analyses/fixed-points/result.ts';
import type { States } from '../../src-worker/contract/result.ts';
import { valuesOf } from '../../src-worker/contract/settings.ts';
import type { Dataset } from '../../src-worker/dataset/dataset.ts';
import { key, normal, uniform } from '../../src-worker/engine/random.ts';
import { H5File } from '../../src-worker/formats/h5/file.ts';
import { flowFrom } from '../../src-worker/models/flows.ts';
import { median } from '../../src-worker/numerics/statistics.ts';
import { realData } from '../data.ts';
import { adamOnQ, USUAL } from './adam-on-q.ts';

interface Found {
  readonly seconds: number;
  readonly points: number;
  /** Points within 1e-6 of one of the known ones, each known one counted once; and those that are near none. */
  readonly truePoints: number;
  readonly falsePoints: number;
  /** Largest ‖F(x) − x‖ of them. */
  readonly residual: number;
}

export interface FixedPointTimes {
  readonly network: string;
  readonly starts: number;
  readonly known: number;
  readonly threads: number;
  readonly search: Found;
  readonly adam: Found & { readonly iterations: number };
  /** Seconds of the usual algorithm over those of the search. */
  readonly times: number;
}

const TRUE = 1e-6;
const RUNS = 3;
const N = 64;
const STARTS = 512;

interface Network {
  readonly name: string;
  readonly W: Float64Array;
  readonly starts: readonly Float64Array[];
  /** Undefined where none are known: then those of the search count as true. */
  readonly known?: readonly Float64Array[];
}

const rows = (values: Float64Array, n: number): Float64Array[] =>
  Array.from({ length: values.length / n }, (_, k) => values.slice(k * n, (k + 1) * n));

/** The network whose points are known, or one like it. */
async function networkOf(): Promise<Network> {
  const file = realData('nets/tanh64.h5');
  if (file) {
    const net = await H5File.open(file);
    const [W, starts, points] = ['/W', '/starts', '/points'].map((path) => net.numbers(path));
    net.close();
    return { name: 'tanh64.h5', W, starts: rows(starts, N), known: rows(points, N) };
  }
  const W = Float64Array.from({ length: N * N }, (_, i) => (1.5 * normal(key(1), i)) / Math.sqrt(N));
  const starts = Array.from({ length: STARTS }, (_, k) => Float64Array.from({ length: N }, (_unused, i) => 2 * uniform(key(2, k), i) - 1));
  return { name: 'random tanh network', W, starts };
}

const distance = (a: ArrayLike<number>, b: ArrayLike<number>): number => Math.hypot(...Array.from(a, (value, i) => value - b[i]));

function judged(seconds: number, points: readonly ArrayLike<number>[], known: readonly ArrayLike<number>[], W: Float64Array): Found {
  const residuals = points.map((x) =>
    distance(
      x,
      Array.from({ length: N }, (_, i) => Math.tanh(Array.from(x, (value, j) => W[i * N + j] * value).reduce((sum, one) => sum + one, 0))),
    ),
  );
  return {
    seconds: Number(seconds.toPrecision(4)),
    points: points.length,
    truePoints: known.filter((one) => points.some((x) => distance(x, one) < TRUE)).length,
    falsePoints: points.filter((x) => known.every((one) => distance(x, one) >= TRUE)).length,
    residual: Number(Math.max(0, ...residuals).toPrecision(3)),
  };
}

export async function fixedPointTimes(threads = 2): Promise<FixedPointTimes> {
  const { name, W, starts, known } = await networkOf();
  const weights = { states: N, inputs: 0, W, V: new Float64Array(0), b: new Float64Array(N) };
  const values = new Float64Array(starts.length * N);
  for (const [k, start] of starts.entries()) values.set(start, k * N);
  const dynamics: Dynamics = {
    flow: flowFrom({ of: 'stepped', weights, phi: 'tanh', alpha: 1, stepMs: 1 }),
    of: name,
    notes: [],
    starts: { values, shape: [starts.length, N], axes: ['start', 'state'], unit: '' },
  };
  const states = { values: new Float64Array(0), rows: 0, bins: 1, dimensions: N } as States;
  const job = { signal: new AbortController().signal, progress: async () => {}, seed: 0, threads };
  const seconds: number[] = [];
  let points: readonly (readonly number[])[] = [];
  for (let run = 0; run < RUNS; run++) {
    const begun = performance.now();
    const result = await fixedPoints.run({ states, dataset: {} as Dataset, dynamics }, valuesOf(fixedPoints.params, {}), job);
    seconds.push((performance.now() - begun) / 1000);
    points = pointsOf(result).points.map(({ position }) => position);
  }
  const begun = performance.now();
  const minimised = adamOnQ(W, N, starts);
  const adamSeconds = (performance.now() - begun) / 1000;
  const truth = known ?? points;
  const search = judged(median(Float64Array.from(seconds)), points, truth, W);
  return {
    network: name,
    starts: starts.length,
    known: truth.length,
    threads,
    search,
    adam: { ...judged(adamSeconds, minimised.points, truth, W), iterations: minimised.iterations },
    times: Number((adamSeconds / median(Float64Array.from(seconds))).toPrecision(3)),
  };
}

/** As lines of the bench's report. */
export const fixedPointRows = ({ known, search, adam }: FixedPointTimes): readonly (readonly string[])[] => [
  ['', 'seconds', 'points', `true, of ${known}`, 'false', 'largest residual'],
  ...(
    [
      ['search', search],
      [`Adam on q, ${adam.iterations} of ${USUAL.iterations} iterations`, adam],
    ] as const
  ).map(([what, found]) => [
    what,
    String(found.seconds),
    String(found.points),
    String(found.truePoints),
    String(found.falsePoints),
    String(found.residual),
  ]),
];
