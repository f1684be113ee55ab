// Phase portrait: trajectories of a run, the fixed and slow points of its dynamics at a held input with their stability and modes, the flow
// in one plane, and the points of the true system where that is known.

import { minus } from '../contract/minus.ts';
import { isTruthNote } from '../analyses/fixed-points/truth.ts';
import { fieldOf } from '../analyses/fixed-points/field.ts';
import { pointsOf, usualTimeOf } from '../analyses/fixed-points/result.ts';
import { usualSpeed, visitedRows } from '../analyses/fixed-points/starts.ts';
import { countOf } from '../analyses/states.ts';
import type { FixedPoint } from '../contract/fixed-points.ts';
import { Failure } from '../contract/failure.ts';
import { defineParams } from '../contract/params.ts';
import { numberText } from '../scene/axes.ts';
import type { Mark, Scene, ValueScale } from '../scene/scene.ts';
import { cameraOf, cameraParams } from './camera.ts';
import { manifoldLines } from './portrait/manifold.ts';
import { modeMarks, modesAt } from './portrait/modes.ts';
import { isFar, type PlacedPoint, placesOf, pointMarks } from './portrait/points.ts';
import { simulated } from './portrait/simulate.ts';
import { planeOfModes, sliceOf } from './portrait/slice.ts';
import { portraitSpace, SHOWN_STATES } from './portrait/space.ts';
import { trajectoriesOf } from './portrait/trajectories.ts';
import { apartFrom, truthMarks } from './portrait/truth.ts';
import { conditionKey, sourceText, trialsShown } from './shared.ts';
import { defineView } from './view.ts';

const params = defineParams({
  state: {
    kind: 'choice',
    label: 'State',
    help: 'What is drawn: log rates or factors that the states stand for, or the states of the dynamics themselves; log rates where they are known.',
    choices: SHOWN_STATES,
    tier: 'common',
  },
  show: {
    kind: 'choice',
    label: 'Show',
    help: 'Condition averages, single trials, or both.',
    choices: ['both', 'averages', 'trials'],
    default: 'both',
    tier: 'common',
  },
  modes: { kind: 'switch', label: 'Modes', help: 'Lines and discs of the slowest modes.', default: true, tier: 'common' },
  waysOut: {
    kind: 'switch',
    label: 'Ways out',
    help: 'Where the one unstable direction of a saddle leads, to either side.',
    default: true,
    tier: 'common',
  },
  flow: { kind: 'switch', label: 'Flow', help: 'In the plane of the slowest modes of one point.', default: false, tier: 'common' },
  truth: { kind: 'switch', label: 'Truth', help: 'Fixed points of the true system, where it is known.', default: true, tier: 'common' },
  colour: {
    kind: 'choice',
    label: 'Colour',
    help: 'Points in ink, or slow ones by their speed.',
    choices: ['condition', 'speed'],
    default: 'condition',
    tier: 'common',
  },
  point: {
    kind: 'number',
    label: 'Point',
    help: 'The picked one, counted from 1: it has two modes, and its plane shows the flow.',
    min: 1,
    integer: true,
    tier: 'common',
  },
  dimensions: {
    kind: 'list',
    of: 'number',
    label: 'Dimensions',
    help: 'Which three principal components to draw, counted from 1.',
    default: [1, 2, 3],
    tier: 'occasional',
  },
  trials: {
    kind: 'number',
    label: 'Most trials',
    help: 'Of more trials every n-th is drawn, and the caption says so.',
    default: 64,
    min: 1,
    max: 5000,
    integer: true,
    unit: 'trials',
    tier: 'occasional',
  },
  modeMs: {
    kind: 'number',
    label: 'Bar of modes',
    help: 'The time constant that is printed beside a bar; a round one near the middle unless set.',
    unit: 'ms',
    min: 1e-6,
    tier: 'occasional',
  },
  flowMs: { kind: 'number', label: 'Flow over', help: 'Three steps unless set.', unit: 'ms', min: 1e-6, tier: 'occasional' },
  part: {
    kind: 'choice',
    label: 'Part',
    help: 'All of it, or one of the layers that a window puts over each other.',
    choices: ['all', 'trajectories', 'points'],
    default: 'all',
    tier: 'rare',
  },
  ...cameraParams,
});

/** Points that are not visited and lie further than this times the extent from the middle do not stretch the picture. */
const REACH = 0.75;

export const phasePortrait = defineView({
  id: 'phase-portrait',
  title: 'Phase portrait',
  version: 2,
  about: 'Fixed and slow points of the fitted dynamics, their stability and modes, among the trajectories.',
  shows: 'fixed-points',
  params,
  scene(shown, settings): Scene {
    const { dataset, result, dynamics, states } = shown;
    if (!result?.arrays.positions || !dynamics || !states)
      throw new Failure('no-result', 'There are no fixed points to show.', 'Run the analysis first: orrery analyze fixed-points.');
    const { flow } = dynamics;
    const u = Float64Array.from(result.arrays.input?.values ?? []);
    const own = states.rows > 0 && states.bins > 1;
    const visited = own ? states : simulated(dynamics, u);
    const space = portraitSpace(dynamics, visited, settings.state, settings.dimensions);
    const { points, starts } = pointsOf(result);
    const places = placesOf(result);
    const placed = points.map((point, k): PlacedPoint => {
      const stands = space.shown(Float64Array.from(point.position));
      return { point, place: places[k], at: space.place(stands), outside: space.outside(stands) };
    });
    const named = settings.point === undefined ? -1 : places.indexOf(settings.point - 1);
    const picked = named < 0 ? undefined : named;
    const drawn = trajectoriesOf(dataset, space, { show: settings.show, most: settings.trials });
    const { extent, middle } = boxOf(drawn.fitted);
    const inView = placed.filter(
      ({ point, at }) => !isFar(point) || Math.hypot(...at.map((value, d) => value - middle[d])) < REACH * extent,
    );
    const fitted = Float64Array.from([...drawn.fitted, ...inView.flatMap(({ at }) => [...at])]);
    const modesOf = (k: number) => modesAt(result, k, flow.kind === 'map');
    const modes = settings.modes ? modeMarks(placed, modesOf, space, extent, picked, settings.modeMs, usualTimeOf(result)) : undefined;
    const centre = picked ?? placed.findIndex(({ point }) => !isFar(point));
    const plane = settings.flow && placed[centre] ? planeOfModes(modesOf(centre), `point ${places[centre] + 1}`) : undefined;
    const slice = plane && sliceOf(flow, u, plane, Float64Array.from(points[centre].position), visited.values, space, settings.flowMs);
    const truth = settings.truth && space.unit === 'log Hz' ? dynamics.truth : undefined;
    const slow = settings.colour === 'speed' ? speedsOf(points, usualSpeed(fieldOf(flow, u), states, visitedRows(visited))) : undefined;
    const ways = settings.waysOut && settings.part !== 'trajectories' ? manifoldLines(flow, u, placed, modesOf, space, extent, picked) : [];
    const above: readonly Mark[] = [
      ...(slice?.marks ?? []),
      ...ways,
      ...(modes?.marks ?? []),
      ...(truth ? truthMarks(truth, space) : []),
      ...pointMarks(placed, picked, slow?.values),
    ];
    const key = own ? conditionKey(dataset, trialsShown(dataset)) : undefined;
    const [x, y, z] = space.axes;
    const held =
      u.length === 0
        ? 'no input'
        : u.every((value) => value === 0)
          ? 'u = 0'
          : `u = (${[...u].map((value) => numberText(value)).join(', ')})`;
    return {
      title: 'Phase portrait',
      subtitle: `${held}; ${space.recipe}; ${drawn.words}`,
      x,
      y,
      z,
      camera: cameraOf(settings),
      marks: [...(settings.part === 'points' ? [] : drawn.marks), ...(settings.part === 'trajectories' ? [] : above)],
      ...(key ? { conditions: key } : {}),
      ...(slow ? { values: slow.scale } : {}),
      fitted,
      ...(modes?.bar && settings.part !== 'trajectories' ? { bars: [modes.bar] } : {}),
      text: `${tally(points)} among ${drawn.words} along ${space.axes.map(({ label }) => label).join('; ')}.`,
      caption: `${[
        `${sourceText(shown)}: ${space.recipe}`,
        own ? drawn.words : visited.recipe,
        `${tally(points)} of ${dynamics.of} with ${held}, from ${countOf(starts, 'start')}${floorText(points, flow.kind)}`,
        ...outsideText(placed, space.unit),
        ...(modes && modes.words !== '' ? [modes.words] : []),
        ...(slice ? [slice.words] : []),
        ...(ways.length > 0 ? ['lines out of saddles: where their one unstable direction leads'] : []),
        // What the search says of them stands below, with more than their distances.
        ...(truth ? [result.notes.some(isTruthNote) ? 'crosses: the true system without input' : apartFrom(truth, placed, space)] : []),
        'grey: further than 3 × the usual distance from all visited states',
        'equal scale, orthographic',
      ].join('; ')}. ${result.notes.join(' ')}`.trim(),
    };
  },
});

/** Extent and middle of the points x, y, z …. */
function boxOf(points: Float64Array): { readonly extent: number; readonly middle: readonly number[] } {
  const low = [Infinity, Infinity, Infinity];
  const high = [-Infinity, -Infinity, -Infinity];
  for (let i = 0; i < points.length; i++)
    if (Number.isFinite(points[i])) {
      low[i % 3] = Math.min(low[i % 3], points[i]);
      high[i % 3] = Math.max(high[i % 3], points[i]);
    }
  const sizes = high.map((value, d) => value - low[d]);
  const extent = Math.max(...sizes);
  return Number.isFinite(extent) && extent > 0
    ? { extent, middle: high.map((value, d) => (value + low[d]) / 2) }
    : { extent: 1, middle: [0, 0, 0] };
}

/** 'Points: 2 fixed (1 stable, 1 saddle), 1 slow'. */
function tally(points: readonly FixedPoint[]): string {
  if (points.length === 0) return 'No fixed or slow point';
  const kinds = (['fixed', 'slow', 'continuum', 'undecided'] as const).flatMap((kind) => {
    const own = points.filter((point) => point.kind === kind);
    if (own.length === 0) return [];
    const verdicts = (['stable', 'saddle', 'unstable', 'undecided'] as const)
      .map((verdict) => ({ verdict, count: own.filter(({ stability }) => stability === verdict).length }))
      .filter(({ count }) => count > 0);
    return [`${own.length} ${kind} (${verdicts.map(({ verdict, count }) => `${count} ${verdict}`).join(', ')})`];
  });
  return `${countOf(points.length, 'point')}: ${kinds.join(', ')}`;
}

/** ', residuals of fixed ones at most 3 × 10⁻¹⁵ per step'. */
function floorText(points: readonly FixedPoint[], kind: 'map' | 'ode'): string {
  const residuals = points.filter((point) => point.kind === 'fixed').map(({ residual }) => residual);
  if (residuals.length === 0) return '';
  const most = Math.max(...residuals);
  return `, residuals of fixed ones at most ${most === 0 ? '0' : minus(most.toExponential(0))} per ${kind === 'map' ? 'step' : 'ms'}`;
}

/** How far points lie from what is drawn. */
function outsideText(placed: readonly PlacedPoint[], unit: string): readonly string[] {
  const near = [...placed.entries()].filter(([, { point }]) => !isFar(point)).slice(0, 6);
  if (near.length === 0) return [];
  const numbers = near.map(([, { outside }]) => numberText(Number(outside.toPrecision(2))));
  return [
    `${near.length === 1 ? 'point' : 'points'} ${near.map(([, { place }]) => place + 1).join(', ')} ${near.length === 1 ? 'lies' : 'lie'} ${numbers.join(', ')}${unit ? ` ${unit}` : ''} outside the drawn dimensions`,
  ];
}

/** log₁₀ of the speed of slow points over the usual one. */
function speedsOf(points: readonly FixedPoint[], usual: number): { readonly values: Float64Array; readonly scale: ValueScale } | undefined {
  const values = Float64Array.from(points, ({ kind, residual }) =>
    kind === 'slow' || kind === 'undecided' ? Math.log10(residual / usual) : Number.NaN,
  );
  const known = values.filter(Number.isFinite);
  if (known.length === 0) return undefined;
  const low = Math.floor(Math.min(...known));
  const scale: ValueScale = { label: 'Speed, log₁₀ of usual steps', unit: '', domain: [low, Math.max(low + 1, -1)], palette: 'sequential' };
  return { values, scale };
}
