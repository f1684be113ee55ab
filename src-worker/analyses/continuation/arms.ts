// Branches cut at their folds into arms: along an arm the input only rises, so that each of its values has at most one point there. What
// pictures and sliders ask of a continuation.

import type { FixedPoint } from '../../contract/fixed-points.ts';
import type { Result } from '../../contract/result.ts';
import { continuationOf } from './result.ts';

export type Verdict = FixedPoint['stability'];

export interface Vertex {
  readonly value: number;
  readonly x: Float64Array;
  /** Of a step; a bifurcation has none of its own. */
  readonly verdict: Verdict | undefined;
}

export interface Arm {
  readonly branch: number;
  /** The input rises from each to the next; two at least. */
  readonly vertices: readonly Vertex[];
}

const kept = new WeakMap<Result['arrays'], readonly Arm[]>();

/** In the order of branches, and along each of them; made once for a result. */
export function armsOf(result: Pick<Result, 'arrays'>): readonly Arm[] {
  const { arrays } = result;
  const found =
    kept.get(arrays) ?? branchesOf(result).flatMap((vertices, branch) => cut(vertices).map((arm) => ({ branch, vertices: arm })));
  kept.set(arrays, found);
  return found;
}

/** Steps of each branch with the bifurcations in their places; a closed one ends where it began. */
function branchesOf(result: Pick<Result, 'arrays'>): readonly (readonly Vertex[])[] {
  const { branchOf, values, positions } = result.arrays;
  const n = positions.shape[1];
  const { branches, bifurcations } = continuationOf(result);
  return branches.map(({ stability, closed }, branch) => {
    const steps = [...branchOf.values.keys()].filter((k) => branchOf.values[k] === branch);
    const vertices = steps.flatMap((k, step): readonly Vertex[] => [
      { value: values.values[k], x: Float64Array.from(positions.values.subarray(k * n, (k + 1) * n)), verdict: stability[step] },
      ...bifurcations
        .filter((one) => one.branch === branch && one.after === step)
        .map(({ value, position }) => ({ value, x: Float64Array.from(position), verdict: undefined })),
    ]);
    if (!closed) return vertices;
    // From its highest value round to there again: that is where two arms meet.
    const top = vertices.reduce((best, { value }, k) => (value > vertices[best].value ? k : best), 0);
    return [...vertices.slice(top), ...vertices.slice(0, top + 1)];
  });
}

/** Where the input turns, one arm ends and the next begins. */
function cut(vertices: readonly Vertex[]): Vertex[][] {
  const arms: Vertex[][] = [];
  let arm: Vertex[] = [];
  let way = 0;
  for (const vertex of vertices) {
    const last = arm[arm.length - 1];
    const turn = last ? Math.sign(vertex.value - last.value) : 0;
    if (turn !== 0 && way !== 0 && turn !== way) {
      arms.push(arm);
      arm = [last];
    }
    // Two at one value: the later one stands for both.
    if (last && turn === 0) arm.pop();
    if (turn !== 0) way = turn;
    arm.push(vertex);
  }
  arms.push(arm);
  return arms.filter(({ length }) => length > 1).map((one) => (one[0].value < one[1].value ? one : one.reverse()));
}

/** Where an arm meets a value of the input, straight between its vertices; undefined where it does not reach it. */
export function onArm(
  { vertices }: Arm,
  value: number,
): { readonly x: Float64Array; readonly verdict: Verdict; readonly apart: number } | undefined {
  if (value < vertices[0].value || value > vertices[vertices.length - 1].value) return undefined;
  const after = Math.max(
    1,
    vertices.findIndex((vertex) => vertex.value >= value),
  );
  const [a, b] = [vertices[after - 1], vertices[after]];
  const share = (value - a.value) / (b.value - a.value);
  const x = a.x.map((one, i) => one + share * (b.x[i] - one));
  return { x, verdict: verdictBetween(a, b, share), apart: Math.hypot(...a.x.map((one, i) => b.x[i] - one)) };
}

/** Of a place between two vertices: that of the step it has as a neighbour, of two the nearer one's. */
export const verdictBetween = (a: Vertex, b: Vertex, share = 0.5): Verdict =>
  (share <= 0.5 ? (a.verdict ?? b.verdict) : (b.verdict ?? a.verdict)) ?? 'undecided';
