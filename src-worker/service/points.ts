// Points of a run's dynamics as the window lists them: with all modes, the inputs that can be moved, and how far the true points are.

import type { Dynamics } from '../analyses/analysis.ts';
import { pointsOf } from '../analyses/fixed-points/result.ts';
import { besideTruth } from '../analyses/fixed-points/truth.ts';
import { rangeOfInput } from '../analyses/flow/held.ts';
import type { PointsReport, TruePointBeside } from '../contract/points.ts';
import type { Result } from '../contract/result.ts';
import { placesOf } from '../views/portrait/points.ts';
import { timesAt } from '../views/portrait/modes.ts';

export function reportOf(run: string, result: Result, dynamics: Dynamics, isFollowed: boolean, seconds: number): PointsReport {
  const { flow, driven, readouts } = dynamics;
  const found = pointsOf(result);
  const { coverage } = result.summary;
  const truth = truthBeside(dynamics, found.points, placesOf(result));
  return {
    ...found,
    run,
    kind: flow.kind,
    ...(flow.kind === 'map' ? { stepMs: flow.stepMs } : {}),
    places: placesOf(result),
    modes: found.points.map((_, k) => timesAt(result, k, flow.kind === 'map').map(({ place: _place, ...mode }) => mode)),
    inputs: Array.from({ length: flow.inputs }, (_, i) => rangeOfInput(driven, i)),
    held: Array.from(result.arrays.input.values),
    isFollowed,
    ...(coverage === undefined ? {} : { coverage }),
    conditions: flow.inputs > 0 ? (driven?.conditionNames ?? []) : [],
    states: [
      ...(readouts?.logRates ? ['log-rates'] : []),
      ...(readouts?.rates ? ['rates'] : []),
      ...(readouts?.factors ? ['factors'] : []),
      'generator',
    ],
    ...(truth ? { truth } : {}),
    recipe: result.recipe,
    notes: result.notes,
    seconds,
  };
}

function truthBeside(
  dynamics: Dynamics,
  points: readonly { readonly position: readonly number[] }[],
  places: readonly number[],
): readonly TruePointBeside[] | undefined {
  return besideTruth(dynamics, points)?.map(({ truth: { name, stability, unstable, eigenvalues }, nearest }) => {
    const [[re, im]] = eigenvalues;
    return {
      name,
      stability,
      unstable,
      timeMs: 1000 / Math.abs(re),
      frequencyHz: Math.abs(im) / (2 * Math.PI),
      ...(nearest ? { nearest: { point: places[nearest.place], apart: nearest.apart } } : {}),
    };
  });
}
