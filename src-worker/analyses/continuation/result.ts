// Branches and bifurcations as arrays, and as objects out of these again.

import type { BifurcationKind, BranchEnd, Continuation } from '../../contract/continuation.ts';
import type { Arrays, NamedArray, Numbers, Result } from '../../contract/result.ts';
import type { Found } from '../fixed-points/search.ts';
import { timesOf } from '../fixed-points/stability.ts';
import type { Line } from './arclength.ts';
import type { Branch, Crossing } from './branches.ts';

const KINDS = ['fold', 'branch point', 'flip', 'oscillation'] as const satisfies readonly BifurcationKind[];
const CROSSINGS = ['none', ...KINDS] as const;
const ENDS = ['range', 'steps', 'lost', 'closed'] as const satisfies readonly BranchEnd[];
const VERDICTS = ['stable', 'saddle', 'unstable', 'undecided'] as const;
const codes = (names: readonly string[]): string => names.map((name, k) => `${k} ${name}`).join(', ');

export function branchArrays(line: Line, input: string, branches: readonly Branch[], stepMs: number): Arrays {
  const { states: n, kind } = line.flow;
  const steps = branches.flatMap((branch, of) => branch.steps.map((step, place) => ({ ...step, of, place })));
  const crossings = branches.flatMap((branch, of) => branch.crossings.map((crossing) => ({ ...crossing, of })));
  const list = (values: Numbers, axis: string, unit: string, about: string): NamedArray => ({
    values,
    shape: [values.length],
    axes: [axis],
    unit,
    about,
  });
  const perStep = (about: string, of: (step: (typeof steps)[number]) => number, unit = '') =>
    list(Float64Array.from(steps, of), 'step', unit, about);
  const perCrossing = (about: string, of: (crossing: Crossing & { readonly of: number }) => number, unit = '') =>
    list(Float64Array.from(crossings, of), 'bifurcation', unit, about);
  const states = (all: readonly { readonly x: Float64Array }[], axis: string, about: string): NamedArray => {
    const values = new Float64Array(all.length * n);
    for (const [k, { x }] of all.entries()) values.set(x, k * n);
    return { values, shape: [all.length, n], axes: [axis, 'state'], unit: '', about };
  };
  const perUnit = kind === 'ode' ? 'per ms' : 'per step';
  const ends = branches.flatMap(({ ends: [before, after], closed }) => [ENDS.indexOf(before), ENDS.indexOf(after), closed ? 1 : 0]);
  return {
    slider: {
      values: Float64Array.of(line.index, line.from, line.to),
      shape: [3],
      axes: ['number'],
      unit: '',
      about: `Place of the input along which points are followed (${input}), and its range`,
      labels: ['index', 'from', 'to'],
    },
    held: { ...list(line.held, 'input', '', 'Held input; the entry that is followed is where the search began'), labels: [input] },
    branchOf: perStep('Branch of each step', ({ of }) => of),
    values: perStep('Value of the input at each step', ({ value }) => value),
    positions: states(steps, 'step', 'State at each step'),
    tangents: {
      values: Float64Array.from(steps.flatMap(({ tangent }) => [...tangent])),
      shape: [steps.length, n + 1],
      axes: ['step', 'state and input'],
      unit: '',
      about: 'Direction of the branch, in measured units',
    },
    verdicts: {
      ...perStep(`Stability: ${codes(VERDICTS)}`, ({ stability }) => VERDICTS.indexOf(stability.verdict)),
      words: VERDICTS,
    },
    unstable: perStep('Modes that are surely unstable', ({ stability }) => stability.unstable),
    leadingRe: perStep('Real part of the least stable eigenvalue', ({ stability }) => stability.leading.re, perUnit),
    leadingIm: perStep('Imaginary part of the least stable eigenvalue', ({ stability }) => stability.leading.im, perUnit),
    leadingTimes: perStep(
      'Time constant of that mode, or its doubling time',
      ({ stability: { leading } }) => timesOf(kind, stepMs, leading.re, leading.im).ms,
      'ms',
    ),
    leadingFrequencies: perStep(
      'Frequency of that mode',
      ({ stability: { leading } }) => timesOf(kind, stepMs, leading.re, leading.im).hz,
      'Hz',
    ),
    crossings: {
      ...perStep(`Bifurcation between this step and the next of its branch: ${codes(CROSSINGS)}`, ({ of, place }) =>
        CROSSINGS.indexOf(branches[of].crossings.find(({ after }) => after === place)?.kind ?? 'none'),
      ),
      words: CROSSINGS,
    },
    branchEnds: {
      values: Float64Array.from(ends),
      shape: [branches.length, 3],
      axes: ['branch', 'end'],
      unit: '',
      about: `Why each branch ends before and after: ${codes(ENDS)}; and whether it is closed`,
    },
    bifurcationKinds: { ...perCrossing(`What each is: ${codes(KINDS)}`, (one) => KINDS.indexOf(one.kind)), words: KINDS },
    bifurcationBranches: perCrossing('Branch of each', ({ of }) => of),
    bifurcationAfter: perCrossing('Step of the branch after which it lies', ({ after }) => after),
    bifurcationValues: perCrossing('Value of the input', ({ value }) => value),
    bifurcationUncertainties: perCrossing('How far that may be off', ({ uncertainty }) => uncertainty),
    bifurcationRe: perCrossing('Real part of the eigenvalue that crosses', ({ re }) => re, perUnit),
    bifurcationIm: perCrossing('Its imaginary part', ({ im }) => im, perUnit),
    bifurcationFrequencies: perCrossing('Its frequency', ({ re, im }) => timesOf(kind, stepMs, re, im).hz, 'Hz'),
    bifurcationPositions: states(crossings, 'bifurcation', 'State at each'),
  };
}

/** Points of the search at the held input, in its order: what names the branches that it meets. */
export function heldArrays(points: readonly Found[], n: number): Arrays {
  const positions = new Float64Array(points.length * n);
  for (const [k, { end }] of points.entries()) positions.set(end.x, k * n);
  return {
    heldPositions: { values: positions, shape: [points.length, n], axes: ['point', 'state'], unit: '', about: 'Points at the held input' },
    heldFixed: {
      values: Int32Array.from(points, ({ kind }) => Number(kind === 'fixed')),
      shape: [points.length],
      axes: ['point'],
      unit: '',
      about: '1 where that point is fixed, 0 where it is slow or undecided',
    },
  };
}

/** Branches and bifurcations out of a result that may have been kept for long; states along branches stay in its arrays. */
export function continuationOf({ arrays }: Pick<Result, 'arrays'>): Continuation {
  const { slider, held, branchOf, values, verdicts, unstable, branchEnds } = arrays;
  const n = arrays.positions.shape[1];
  const branches = Array.from({ length: branchEnds.shape[0] }, (_, branch) => {
    const steps = [...branchOf.values.keys()].filter((k) => branchOf.values[k] === branch);
    const [before, after, closed] = branchEnds.values.subarray(3 * branch, 3 * branch + 3);
    return {
      values: steps.map((k) => values.values[k]),
      stability: steps.map((k) => VERDICTS[verdicts.values[k]]),
      unstable: steps.map((k) => unstable.values[k]),
      ends: [ENDS[before], ENDS[after]] as const,
      closed: closed === 1,
    };
  });
  const bifurcations = Array.from({ length: arrays.bifurcationKinds.values.length }, (_, k) => {
    const of = (name: string): number => arrays[name].values[k];
    return {
      kind: KINDS[of('bifurcationKinds')],
      branch: of('bifurcationBranches'),
      after: of('bifurcationAfter'),
      value: of('bifurcationValues'),
      uncertainty: of('bifurcationUncertainties'),
      re: of('bifurcationRe'),
      im: of('bifurcationIm'),
      frequencyHz: of('bifurcationFrequencies'),
      position: [...arrays.bifurcationPositions.values.subarray(k * n, (k + 1) * n)],
    };
  });
  const [index, from, to] = slider.values;
  return {
    slider: { input: held.labels?.[0] ?? `input ${index + 1}`, index, from, to, held: [...held.values] },
    branches,
    bifurcations,
  };
}
