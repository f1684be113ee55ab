// What was found in the pieces of a network as arrays, as objects out of these again, and in words.

import type { Cycle as CycleReport, Enumeration, FixedPoints } from '../../contract/fixed-points.ts';
import type { Arrays } from '../../contract/result.ts';
import type { Cycle } from './cycles.ts';
import { MOST_UNITS, type Regions } from './regions.ts';

const NUMBERS = [
  'pieces',
  'points',
  'border',
  'lines',
  'singular',
  'undecided',
  'complete',
] as const satisfies readonly (keyof Enumeration)[];
const VERDICTS = ['stable', 'saddle', 'unstable', 'undecided'] as const;

/** Undefined for networks that are not linear in pieces. */
export type InPieces = { readonly regions?: Regions; readonly cycles?: readonly Cycle[]; readonly tooMany: boolean } | undefined;

export function piecesArrays(found: InPieces, n: number): Arrays {
  const { regions, cycles } = found ?? {};
  return { ...(regions ? { enumeration: enumerationArray(regions) } : {}), ...(cycles ? cycleArrays(cycles, n) : {}) };
}

function enumerationArray({ walked, points, border, lines, singular, undecided, complete }: Regions): Arrays[string] {
  const numbers = {
    pieces: walked,
    points: points.length,
    border: border.length,
    lines: lines.length,
    singular,
    undecided,
    complete: complete ? 1 : 0,
  };
  return {
    values: Float64Array.from(NUMBERS, (name) => numbers[name]),
    shape: [NUMBERS.length],
    axes: ['number'],
    unit: '',
    about: 'What lies in the pieces of the network, all of them walked',
    labels: NUMBERS,
  };
}

function cycleArrays(cycles: readonly Cycle[], n: number): Arrays {
  const perCycle = (about: string, of: (cycle: Cycle) => number) => ({
    values: Float64Array.from(cycles, of),
    shape: [cycles.length],
    axes: ['cycle'],
    unit: '',
    about,
  });
  const multipliers = (part: 're' | 'im') => ({
    values: Float64Array.from(cycles.flatMap((cycle) => cycle.multipliers.map((one) => one[part]))),
    shape: [cycles.length, n],
    axes: ['cycle', 'mode'],
    unit: 'per turn',
    about: part === 're' ? 'Real parts of the eigenvalues of one turn' : 'Imaginary parts of the eigenvalues of one turn',
  });
  const states = cycles.flatMap((cycle) => cycle.states);
  const values = new Float64Array(states.length * n);
  for (const [k, x] of states.entries()) values.set(x, k * n);
  return {
    cycleOrders: perCycle('Steps of each cycle', (cycle) => cycle.states.length),
    cycleVerdicts: perCycle(`Stability: ${VERDICTS.map((name, k) => `${k} ${name}`).join(', ')}`, ({ verdict }) =>
      VERDICTS.indexOf(verdict),
    ),
    cycleFound: perCycle('Guesses that led to each cycle', ({ found }) => found),
    cycleMultipliersRe: multipliers('re'),
    cycleMultipliersIm: multipliers('im'),
    cycleStates: {
      values,
      shape: [states.length, n],
      axes: ['place', 'state'],
      unit: '',
      about: 'States of all cycles, one cycle after another',
    },
  };
}

/** Out of a result that may have been kept for long. */
export function piecesIn(arrays: Arrays): Pick<FixedPoints, 'enumeration' | 'cycles'> {
  const { enumeration } = arrays;
  const numbers =
    enumeration &&
    (Object.fromEntries(NUMBERS.map((name, k) => [name, enumeration.values[k]])) as Record<(typeof NUMBERS)[number], number>);
  return {
    ...(numbers ? { enumeration: { ...numbers, complete: numbers.complete === 1 } } : {}),
    ...(arrays.cycleOrders ? { cycles: cyclesIn(arrays) } : {}),
  };
}

function cyclesIn(arrays: Arrays): CycleReport[] {
  const n = arrays.cycleStates.shape[1];
  let from = 0;
  return Array.from(arrays.cycleOrders.values, (order, k) => {
    const first = from;
    from += order;
    return {
      order,
      stability: VERDICTS[arrays.cycleVerdicts.values[k]],
      multipliers: Array.from({ length: n }, (_, mode) => ({
        re: arrays.cycleMultipliersRe.values[k * n + mode],
        im: arrays.cycleMultipliersIm.values[k * n + mode],
      })),
      found: arrays.cycleFound.values[k],
      states: Array.from({ length: order }, (_, t) => [...arrays.cycleStates.values.subarray((first + t) * n, (first + t + 1) * n)]),
    };
  });
}

/** `shown`: how many of the points were looked at more closely. */
export function piecesNotes(found: InPieces, shown: number): string[] {
  if (!found) return [];
  const { regions, cycles, tooMany } = found;
  const said: string[] = [];
  if (tooMany)
    said.push(
      `More than ${MOST_UNITS} units have too many pieces to walk: fixed points come from the search, a heuristic that may miss some.`,
    );
  if (regions)
    said.push(regions.complete ? `All ${regions.walked} pieces were walked: the list of fixed points is complete.` : notComplete(regions));
  const all = regions ? regions.points.length + regions.border.length + regions.lines.length : 0;
  if (all > shown) said.push(`Of ${all} points the first ${shown} are looked at more closely.`);
  if (cycles)
    said.push(
      `${cycles.length === 0 ? 'No cycle was' : cycles.length === 1 ? 'One cycle was' : `${cycles.length} cycles were`} found by a heuristic: there may be more.`,
    );
  return said;
}

function notComplete({ walked, border, lines, singular, undecided }: Regions): string {
  const reasons = [
    ...(border.length > 0 ? [`${border.length} ${border.length === 1 ? 'point lies' : 'points lie'} on a border between pieces`] : []),
    ...(lines.length > 0 ? [`${lines.length} of ${singular} pieces without an inverse hold a line of points`] : []),
    ...(undecided > 0 ? [`${undecided} pieces without an inverse could not be decided`] : []),
  ];
  return `All ${walked} pieces were walked, but the list of fixed points is not complete: ${reasons.join('; ') || 'there are too many points to keep'}.`;
}
