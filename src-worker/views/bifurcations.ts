// Bifurcation diagram: fixed points followed along one input, solid where they are stable and dashed where they are not, with the bifurcations on
// them by their kind; grey where no state was visited.

import { type Arm, armsOf, onArm, type Verdict, verdictBetween } from '../analyses/continuation/arms.ts';
import { continuationOf } from '../analyses/continuation/result.ts';
import { armNames } from '../analyses/continuation/track.ts';
import { distanceFrom, FAR, usualDistance, visitedRows } from '../analyses/fixed-points/starts.ts';
import { countOf } from '../analyses/states.ts';
import type { BifurcationKind } from '../contract/continuation.ts';
import { Failure } from '../contract/failure.ts';
import { defineParams, type Values } from '../contract/params.ts';
import type { Result } from '../contract/result.ts';
import { numberText } from '../scene/axes.ts';
import type { Axis, Datum, Line, Mark, Points, Scene, Sign } from '../scene/scene.ts';
import { branchNames } from './bifurcation-names.ts';
import { POINT_SIGNS } from './portrait/points.ts';
import { simulated } from './portrait/simulate.ts';
import { portraitSpace, SHOWN_STATES } from './portrait/space.ts';
import { sourceText } from './shared.ts';
import { defineView, type Shown } from './view.ts';

const params = defineParams({
  y: {
    kind: 'choice',
    label: 'Height',
    help: 'What is drawn upwards: a principal component of what the states stand for, as in the phase portrait, one state of the dynamics, or the length of the state.',
    choices: ['component', 'state', 'norm'],
    default: 'component',
    tier: 'common',
  },
  which: {
    kind: 'number',
    label: 'Which',
    help: 'Which component or state, counted from 1.',
    default: 1,
    min: 1,
    integer: true,
    tier: 'common',
  },
  state: {
    kind: 'choice',
    label: 'State',
    help: 'What components are of: log rates or factors that the states stand for, or the states themselves; log rates where they are known.',
    choices: SHOWN_STATES,
    tier: 'common',
  },
  at: { kind: 'number', label: 'At', help: 'A value of the input that is marked, with the points there.', tier: 'occasional' },
  point: {
    kind: 'number',
    label: 'Point',
    help: 'The one with a ring where the input is marked, counted from 1 as in the list of points.',
    min: 1,
    integer: true,
    tier: 'occasional',
  },
});

const SIGNS = { fold: 'diamond', 'branch point': 'square', flip: 'triangle', oscillation: 'plus' } as const satisfies Record<
  BifurcationKind,
  Sign
>;
const NAMES = { fold: 'fold', 'branch point': 'branch point', flip: 'flip', oscillation: 'onset of oscillation' } as const;
const PLURALS = { fold: 'folds', 'branch point': 'branch points', flip: 'flips', oscillation: 'onsets of oscillation' } as const;
/** More bifurcations than these are signs without their values. */
const NAMED = 6;
/** Share of the axis that a name needs. */
const NO_ROOM = 0.14;
/** States that distances are measured from. */
const VISITED = 2000;

export const bifurcations = defineView({
  id: 'bifurcations',
  title: 'Bifurcation diagram',
  version: 2,
  about: 'Fixed points followed along one input, their stability, and the bifurcations where it changes.',
  shows: 'continuation',
  params,
  scene(shown, settings): Scene {
    const { result, dynamics, states } = shown;
    if (!result?.arrays.branchOf || !dynamics || !states)
      throw new Failure('no-result', 'There are no branches to show.', 'Run the analysis first: orrery analyze continuation.');
    const { slider, bifurcations: found, branches } = continuationOf(result);
    const height = heightOf(shown, settings);
    const arms = armsOf(result);
    const names = namesFor(result, shown);
    const far = farOf(result, arms, shown);
    const [from, to] = [slider.from, slider.to];
    const short = (value: number): string => numberText(Number(value.toPrecision(3)));
    const named = found.length <= NAMED;
    const at = settings.at;
    const there =
      at === undefined
        ? []
        : arms.flatMap((arm, k) => {
            const place = onArm(arm, at);
            return place ? [{ ...place, datum: names[k], far: nearestFar(arm, far[k], at) }] : [];
          });
    const lines = arms.flatMap((arm, k) => linesOf(arm, far[k], `arm ${k + 1}`, names[k], height.of));
    const said = branchNames(shown, result, arms, names, height.of, [from, to]);
    const isMixed = new Set(lines.map(({ legend }) => legend)).size > 1;
    const picked = settings.point === undefined ? undefined : there.find(({ datum }) => datum.point === settings.point! - 1);
    const several = severalStable(arms, far, from, to);
    const marks: readonly Mark[] = [
      ...several.map(([x, until], k): Mark => ({ kind: 'rule', key: `several ${k + 1}`, datum: {}, colour: 'guide', x, until, label: '' })),
      ...(isMixed ? lines : lines.map(({ legend: _, ...line }): Line => line)),
      ...(at === undefined ? [] : [{ kind: 'rule', key: 'at', datum: {}, colour: 'accent', x: at, label: '' } as const]),
      ...(picked
        ? [
            {
              kind: 'points',
              key: 'picked',
              datum: picked.datum,
              colour: 'accent',
              sign: 'ring',
              size: 2.4,
              x: Float64Array.of(at!),
              y: Float64Array.of(height.of(picked.x)),
            } as const,
          ]
        : []),
      ...there.map(
        ({ x, verdict, datum, far: away }, k): Points => ({
          kind: 'points',
          key: `point ${k + 1}`,
          datum,
          colour: away ? 'mute' : 'ink',
          sign: POINT_SIGNS[verdict],
          size: 1.4,
          x: Float64Array.of(at!),
          y: Float64Array.of(height.of(x)),
        }),
      ),
      ...found.map(
        ({ kind, value, position }, k): Points => ({
          kind: 'points',
          key: `bifurcation ${k + 1}`,
          datum: {},
          colour: 'ink',
          sign: SIGNS[kind],
          size: 'small',
          x: Float64Array.of(value),
          y: Float64Array.of(height.of(Float64Array.from(position))),
          legend: NAMES[kind],
        }),
      ),
      ...said,
      ...(named
        ? found.map(({ value, position }, k): Mark => {
            // Branches turn inwards at their folds, so that names have room without; near an end of the axis there is none.
            const isLater = value > (from + to) / 2;
            const isNearEnd = Math.min(value - from, to - value) < NO_ROOM * (to - from);
            const left = isLater === isNearEnd;
            return {
              kind: 'text',
              key: `name ${k + 1}`,
              datum: {},
              colour: 'text',
              x: value + (left ? -1 : 1) * 0.02 * (to - from),
              y: height.of(Float64Array.from(position)),
              text: numberText(Number(value.toPrecision(2))),
              anchor: left ? 'end' : 'start',
            };
          })
        : []),
    ];
    const kinds = (Object.keys(NAMES) as BifurcationKind[]).flatMap((kind) => {
      const own = found
        .filter((one) => one.kind === kind)
        .map(({ value }) => value)
        .sort((a, b) => a - b)
        .map(short);
      return own.length === 0
        ? []
        : [
            `${own.length === 1 ? NAMES[kind] : `${own.length} ${PLURALS[kind]}`} at ${own.slice(0, NAMED).join(', ')}${own.length > NAMED ? ' …' : ''}`,
          ];
    });
    const what = kinds.length === 0 ? 'no bifurcation' : kinds.join('; ');
    const here = at === undefined ? '' : ` At ${slider.input} = ${short(at)}: ${tally(there.map(({ verdict }) => verdict))}.`;
    return {
      title: 'Bifurcation diagram',
      subtitle: `${countOf(branches.length, 'branch').replace('branchs', 'branches')} along ${slider.input}; ${what}`,
      x: { label: capital(slider.input), unit: dynamics.driven?.units?.[slider.index] ?? '', scale: 'linear', domain: [from, to] },
      y: height.axis,
      marks,
      text: `Fixed points along ${slider.input} from ${short(from)} to ${short(to)}: ${what}.${here}`,
      caption:
        `${sourceText(shown)}: ${height.words}; solid: stable; dashed: with unstable modes; dotted thin: undecided${several.length > 0 ? '; shaded: two or more stable points' : ''}${far.some((list) => list.some(Boolean)) ? '; grey: further than 3 × the usual distance from all visited states' : ''}. ${result.recipe}${here} ${result.notes.join(' ')}`.trim(),
    };
  },
});

/** What each arm stands for: the point that it is at the held input, or one that the search there does not meet. */
function namesFor(result: Result, { dynamics }: Shown): readonly Datum[] {
  const found =
    keptNames.get(result.arrays) ??
    (armNames(dynamics!, result) ?? armsOf(result).map(() => undefined)).map((point) => (point === undefined ? {} : { point }));
  keptNames.set(result.arrays, found);
  return found;
}

const keptNames = new WeakMap<Result['arrays'], readonly Datum[]>();

/** Ranges of the input where two arms or more are stable: of those that come near visited states, where two do, else of all. */
function severalStable(
  arms: readonly Arm[],
  far: readonly (readonly boolean[])[],
  from: number,
  to: number,
): readonly (readonly [number, number])[] {
  const near = arms.filter(({ vertices }, arm) => vertices.some(({ verdict }, k) => verdict === 'stable' && !far[arm][k]));
  const pieces = (near.length > 1 ? near : arms).flatMap(({ vertices }) =>
    vertices
      .slice(1)
      .flatMap((vertex, k) => (verdictBetween(vertices[k], vertex) === 'stable' ? [[vertices[k].value, vertex.value] as const] : [])),
  );
  const edges = [...new Set([from, to, ...pieces.flat()])].filter((edge) => edge >= from && edge <= to).sort((a, b) => a - b);
  const ranges: [number, number][] = [];
  for (const [k, left] of edges.slice(0, -1).entries()) {
    const right = edges[k + 1];
    const middle = (left + right) / 2;
    if (pieces.filter(([a, b]) => a < middle && middle < b).length < 2) continue;
    const last = ranges.at(-1);
    if (last && last[1] === left) last[1] = right;
    else ranges.push([left, right]);
  }
  return ranges;
}

const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);

function tally(verdicts: readonly Verdict[]): string {
  const kinds = (['stable', 'saddle', 'unstable', 'undecided'] as const).flatMap((kind) => {
    const count = verdicts.filter((verdict) => verdict === kind).length;
    return count === 0 ? [] : [`${count} ${kind}`];
  });
  return `${countOf(verdicts.length, 'point')}${kinds.length > 0 ? ` (${kinds.join(', ')})` : ''}`;
}

interface Height {
  readonly axis: Axis;
  readonly words: string;
  of(x: Float64Array): number;
}

function heightOf({ dynamics, states, result }: Shown, { y, which, state }: Values<typeof params>): Height {
  if (y === 'norm')
    return { axis: { label: 'Length of the state', unit: '', scale: 'linear' }, words: 'length of the state', of: (x) => Math.hypot(...x) };
  const { flow } = dynamics!;
  if (y === 'state') {
    if (which > flow.states)
      throw new Failure(
        'no-such-state',
        `The dynamics have ${flow.states} states, no state ${which}.`,
        `Choose one from 1 to ${flow.states}.`,
      );
    return { axis: { label: `State ${which}`, unit: '', scale: 'linear' }, words: `state ${which}`, of: (x) => x[which - 1] };
  }
  const own = states!.rows > 0 && states!.bins > 1;
  const visited = own ? states! : simulated(dynamics!, Float64Array.from(result!.arrays.held.values));
  const space = portraitSpace(dynamics!, visited, state, [which, which, which]);
  return {
    axis: space.axes[0],
    words: `${space.axes[0].label} of ${space.recipe.replace(/ \(\d+ % of their variance\)$/, '')}`,
    of: (x) => space.place(space.shown(x))[0],
  };
}

const kept = new WeakMap<Result['arrays'], readonly (readonly boolean[])[]>();

/** Whether each vertex of each arm is away from all visited states. */
function farOf({ arrays }: Result, arms: readonly Arm[], { states }: Shown): readonly (readonly boolean[])[] {
  const found = kept.get(arrays);
  if (found) return found;
  const all = visitedRows(states!);
  const usual = usualDistance(all);
  const every = Math.max(1, Math.ceil(all.length / VISITED));
  const visited = all.filter((_, k) => k % every === 0);
  const made = arms.map(({ vertices }) => vertices.map(({ x }) => distanceFrom(x, visited, usual) > FAR));
  kept.set(arrays, made);
  return made;
}

function nearestFar({ vertices }: Arm, far: readonly boolean[], value: number): boolean {
  const k = vertices.findIndex((vertex) => vertex.value >= value);
  return far[Math.max(0, k)] ?? false;
}

/** An arm in pieces of one stability, visited or not. */
function linesOf({ vertices }: Arm, far: readonly boolean[], key: string, datum: Datum, of: Height['of']): readonly Line[] {
  const lines: Line[] = [];
  const kindAt = (k: number): string => `${verdictBetween(vertices[k], vertices[k + 1])} ${far[k] && far[k + 1]}`;
  const heights = vertices.map(({ x }) => of(x));
  for (let from = 0; from + 1 < vertices.length; ) {
    let to = from + 1;
    while (to + 1 < vertices.length && kindAt(to) === kindAt(from)) to++;
    const verdict = verdictBetween(vertices[from], vertices[from + 1]);
    lines.push({
      kind: 'line',
      key: `${key}.${lines.length + 1}`,
      datum,
      colour: far[from] && far[from + 1] ? 'mute' : 'ink',
      weight: verdict === 'stable' ? 'thick' : verdict === 'undecided' ? 'fine' : 'line',
      x: Float64Array.from({ length: to - from + 1 }, (_, k) => vertices[from + k].value),
      y: Float64Array.from({ length: to - from + 1 }, (_, k) => heights[from + k]),
      ...(verdict === 'stable' ? {} : { dashed: true }),
      legend: verdict === 'stable' ? 'stable' : verdict === 'undecided' ? 'undecided' : 'unstable',
    });
    from = to;
  }
  return lines;
}
