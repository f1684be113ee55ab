// Eigenvalues of fixed points in the complex plane, over circles of equal time constant and rays of equal frequency; what grows is shaded.

import { pointsOf } from '../analyses/fixed-points/result.ts';
import { countOf } from '../analyses/states.ts';
import { Failure } from '../contract/failure.ts';
import { defineParams } from '../contract/params.ts';
import { numberText } from '../scene/axes.ts';
import type { Axis, Mark, Points, Scene } from '../scene/scene.ts';
import { guidesOf, type Plane } from './eigenvalue-guides.ts';
import { type Mode, modesAt, timeText } from './portrait/modes.ts';
import { isFar, placesOf } from './portrait/points.ts';
import { sourceText } from './shared.ts';
import { defineView } from './view.ts';

const params = defineParams({
  point: {
    kind: 'number',
    label: 'Point',
    help: 'The one whose eigenvalues are filled, counted from 1.',
    default: 1,
    min: 1,
    integer: true,
    tier: 'common',
  },
  mode: {
    kind: 'number',
    label: 'Mode',
    help: 'The one with a ring, counted from the least stable; a pair counts once.',
    default: 1,
    min: 1,
    integer: true,
    tier: 'common',
  },
  others: { kind: 'switch', label: 'Other points', help: 'Hollow, for comparison.', default: true, tier: 'common' },
  whole: {
    kind: 'switch',
    label: 'Whole circle',
    help: 'Else as much of the plane as the eigenvalues need.',
    default: false,
    tier: 'occasional',
  },
});

const SIZE = { picked: 0.7, other: 0.5, ring: 1.5 } as const;
/** Points of which others are shown too although no state was visited near them. */
const MANY_STARTS = 20;

export const eigenvalues = defineView({
  id: 'eigenvalues',
  title: 'Eigenvalues',
  version: 1,
  about: 'Eigenvalues of fixed points in the complex plane, with their time constants and frequencies.',
  shows: 'fixed-points',
  params,
  scene(shown, { point, mode, others, whole }): Scene {
    const { result, dynamics } = shown;
    if (!result?.arrays.positions || !dynamics)
      throw new Failure('no-result', 'There are no eigenvalues to show.', 'Run the analysis first: orrery analyze fixed-points.');
    const { points } = pointsOf(result);
    if (points.length === 0)
      throw new Failure(
        'no-points',
        'No fixed or slow point was found, so there are no eigenvalues.',
        'Search from more starts, or at another input.',
      );
    const isMap = dynamics.flow.kind === 'map';
    const places = placesOf(result);
    const picked = Math.max(0, places.indexOf(point - 1));
    const name = `point ${places[picked] + 1}`;
    const plane: Plane = dynamics.flow.kind === 'map' ? { kind: 'map', stepMs: dynamics.flow.stepMs } : { kind: 'ode' };
    const scale = isMap ? 1 : 1000;
    const all = eigenvaluesOf(result.arrays, picked, scale);
    const beside = others
      ? [...points.keys()]
          .filter((k) => k !== picked && (!isFar(points[k]) || points[k].starts >= MANY_STARTS))
          .map((k) => ({ k, values: eigenvaluesOf(result.arrays, k, scale) }))
      : [];
    const modes = modesAt(result, picked, isMap);
    const ringed = modes[Math.min(mode, modes.length) - 1];
    const { x, y } = domainOf(plane, [all, ...beside.map(({ values }) => values)], whole);
    const marks: readonly Mark[] = [
      ...guidesOf(plane, x, y),
      ...beside.map(
        ({ k, values }): Points => ({
          kind: 'points',
          key: `point ${places[k] + 1}`,
          datum: { point: places[k] },
          colour: 'mute',
          sign: 'ring',
          size: SIZE.other,
          x: values.re,
          y: values.im,
          legend: 'other points',
        }),
      ),
      ...(ringed ? [ringOf(ringed, places[picked], scale)] : []),
      {
        kind: 'points',
        key: name,
        datum: { point: places[picked] },
        colour: 'ink',
        sign: 'dot',
        size: SIZE.picked,
        x: all.re,
        y: all.im,
        data: Array.from(all.re, (_, k) => ({ point: places[picked], mode: placeOf(all, modes, k, scale) })),
        ...(beside.length > 0 ? { legend: name } : {}),
      },
    ];
    const axis = (label: string, domain: readonly [number, number]): Axis => ({ label, unit: isMap ? '' : '1/s', scale: 'linear', domain });
    const slowest = ringed ? modeText(ringed) : '';
    return {
      title: 'Eigenvalues',
      subtitle: `${name}: ${slowest}`,
      x: axis(isMap ? 'Re λ' : 'Real part', x),
      y: axis(isMap ? 'Im λ' : 'Imaginary part', y),
      equal: true,
      marks,
      text: `${countOf(all.re.length, 'eigenvalue')} of ${name} of ${points.length}; mode ${Math.min(mode, modes.length)}: ${slowest}.`,
      caption: `${sourceText(shown)}: eigenvalues of ${isMap ? 'the Jacobian of one step' : 'the Jacobian'} at ${name} of ${dynamics.of}${beside.length > 0 ? `, hollow those of ${countOf(beside.length, 'other point')}` : ''}; lines: equal time constants and frequencies; shaded: grows. ${result.recipe}`,
    };
  },
});

/** '1.74 Hz, 253 ms', 'grows, 46 ms', 'at the border'. */
export function modeText({ frequencyHz, timeMs, verdict }: Mode): string {
  const turns = frequencyHz >= 0.005 ? [`${numberText(Number(frequencyHz.toPrecision(3)))} Hz`] : [];
  const lasts = verdict === 'undecided' ? 'at the border' : `${verdict === 'grows' ? 'grows by e in ' : ''}${timeText(timeMs)}`;
  return [...turns, lasts].join(', ');
}

interface Values {
  readonly re: Float64Array;
  readonly im: Float64Array;
}

function eigenvaluesOf(
  { eigenvaluesRe, eigenvaluesIm }: NonNullable<Parameters<typeof modesAt>[0]['arrays']>,
  point: number,
  scale: number,
): Values {
  const [, modes] = eigenvaluesRe.shape;
  const of = (values: ArrayLike<number>) => Float64Array.from({ length: modes }, (_, k) => scale * values[point * modes + k]);
  return { re: of(eigenvaluesRe.values), im: of(eigenvaluesIm.values) };
}

/** Place among the modes of an eigenvalue or of its conjugate, from 0; the last where its vector was not kept. */
function placeOf({ re, im }: Values, modes: readonly Mode[], k: number, scale: number): number {
  const at = modes.findIndex((mode) => scale * mode.re === re[k] && Math.abs(scale * mode.im) === Math.abs(im[k]));
  return at < 0 ? modes.length - 1 : at;
}

const ringOf = ({ re, im }: Mode, point: number, scale: number): Points => ({
  kind: 'points',
  key: 'picked mode',
  datum: { point },
  colour: 'accent',
  sign: 'ring',
  size: SIZE.ring,
  x: Float64Array.from(im > 0 ? [re, re] : [re], (value) => scale * value),
  y: Float64Array.from(im > 0 ? [im, -im] : [im], (value) => scale * value),
});

/** A part of the plane with the border of stability in it. */
function domainOf(
  plane: Plane,
  sets: readonly Values[],
  whole: boolean,
): { readonly x: readonly [number, number]; readonly y: readonly [number, number] } {
  if (plane.kind === 'map' && whole) return { x: [-1.2, 1.2], y: [-1.2, 1.2] };
  const border = plane.kind === 'map' ? 1 : 0;
  const re = sets.flatMap((set) => [...set.re]);
  const im = sets.flatMap((set) => [...set.im].map(Math.abs));
  const [left, right, up] = [Math.min(border, ...re), Math.max(border, ...re), Math.max(0, ...im)];
  const room = 0.08 * Math.max(right - left, 2 * up, plane.kind === 'map' ? 0.1 : 1);
  return { x: [left - room, right + 1.6 * room], y: [-up - room, up + room] };
}
