// Names of branches in a bifurcation diagram: the true point that one passes without input, or its number in the list of points.

import type { Arm } from '../analyses/continuation/arms.ts';
import { besideTruth, namesByPlace } from '../analyses/fixed-points/truth.ts';
import type { Result } from '../contract/result.ts';
import type { Datum, Mark } from '../scene/scene.ts';
import type { Shown } from './view.ts';

/** Names of arms take up so much of the height. */
const NAME_HEIGHT = 0.09;
/** Share of an arm that its name stands beside. */
const INNER = 0.25;
const MOST_BRANCH_NAMES = 6;

/** At an end of the axis that an arm reaches, else in its middle: the true point that it passes without input, or its number in the list of points. */
export function branchNames(
  { dynamics }: Shown,
  result: Result,
  arms: readonly Arm[],
  names: readonly Datum[],
  of: (x: Float64Array) => number,
  [from, to]: readonly [number, number],
): readonly Mark[] {
  const { heldPositions, held } = result.arrays;
  const count = heldPositions?.shape[0] ?? 0;
  const n = dynamics!.flow.states;
  const positions = Array.from({ length: count }, (_, k) => ({ position: heldPositions.values.subarray(k * n, (k + 1) * n) }));
  const isFree = held?.values.every((value) => value === 0) === true;
  const beside = (isFree && besideTruth(dynamics!, positions)) || [];
  const known = namesByPlace(beside);
  const drawn = arms.flatMap(({ vertices }, k) => {
    const { point } = names[k];
    if (point === undefined || point >= count) return [];
    const [first, last] = [vertices[0], vertices[vertices.length - 1]];
    const end = last.value >= to ? 'end' : first.value <= from ? 'start' : 'middle';
    const at = end === 'end' ? last : end === 'start' ? first : vertices[Math.floor(vertices.length / 2)];
    // Where the arm is under its name, some way in from the end.
    const inner = vertices[Math.round((end === 'end' ? 1 - INNER : INNER) * (vertices.length - 1))];
    const isAbove = end === 'middle' || of(at.x) >= of(inner.x);
    return [
      { text: known.get(point) ?? `point ${point + 1}`, end, value: at.value, y: of(at.x), isAbove, isKnown: known.has(point) } as const,
    ];
  });
  const heights = arms.flatMap(({ vertices }) => vertices.map(({ x }) => of(x)));
  const [low, high] = [Math.min(...heights), Math.max(...heights)];
  const apart = NAME_HEIGHT * (high - low || 1);
  const taken: (typeof drawn)[number][] = [];
  // Names of true points come first; where two would meet the later one is left out.
  for (const one of [...drawn.filter(({ isKnown }) => isKnown), ...drawn.filter(({ isKnown }) => !isKnown)])
    if ((one.isKnown || drawn.length > 1) && !taken.some(({ end, y }) => end === one.end && Math.abs(y - one.y) < 2 * apart))
      taken.push(one);
  const inset = 0.02 * (to - from);
  return taken.slice(0, MOST_BRANCH_NAMES).map(
    ({ text, end, value, y, isAbove }): Mark => ({
      kind: 'text',
      key: `branch ${text}`,
      datum: {},
      colour: 'text',
      x: end === 'end' ? value - inset : value + inset,
      // On the side that the line turns away from.
      y: y + (isAbove ? apart : -apart),
      text,
      anchor: end === 'end' ? 'end' : 'start',
    }),
  );
}
