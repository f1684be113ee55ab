// Points of a run's dynamics as the window lists them: with all modes, the inputs that can be moved, and how far the true points are.

import type { Drive, Dynamics } from '../analyses/analysis.ts';
import { pointsOf } from '../analyses/fixed-points/result.ts';
import { besideTruth } from '../analyses/fixed-points/truth.ts';
import type { HeldInput, PointsReport, TruePointBeside } from '../contract/points.ts';
import type { Result } from '../contract/result.ts';
import { placesOf } from '../views/portrait/points.ts';
import { timesAt } from '../views/portrait/modes.ts';

/** Range of an input of which no values are known. */
const UNKNOWN = [-1, 1] as const;
/** Values that are looked at for the range. */
const SAMPLED = 20_000;

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
    inputs: Array.from({ length: flow.inputs }, (_, i) => inputOf(driven, i)),
    held: Array.from(result.arrays.input.values),
    isFollowed,
    ...(coverage === undefined ? {} : { coverage }),
    conditions: flow.inputs > 0 ? (driven?.conditionNames ?? []) : [],
    states: [...(readouts?.logRates ? ['log-rates'] : []), ...(readouts?.factors ? ['factors'] : []), 'generator'],
    ...(truth ? { truth } : {}),
    recipe: result.recipe,
    notes: result.notes,
    seconds,
  };
}

function inputOf(driven: Drive | undefined, i: number): HeldInput {
  const width = driven?.names.length ?? 0;
  const every = Math.max(1, Math.floor((driven?.values.length ?? 0) / Math.max(1, width) / SAMPLED));
  const values: number[] = [];
  for (let at = i; driven && at < driven.values.length; at += width * every)
    if (Number.isFinite(driven.values[at])) values.push(driven.values[at]);
  values.sort((a, b) => a - b);
  const name = driven?.names[i] ?? `input ${i + 1}`;
  const isInferred = i < (driven?.inferred ?? 0);
  if (values.length === 0) return { name, isInferred, mean: 0, low: UNKNOWN[0], high: UNKNOWN[1] };
  const mean = values.reduce((sum, value) => sum + value / values.length, 0);
  const at = (share: number): number => values[Math.round(share * (values.length - 1))];
  const [low, high] = [Math.min(0, at(0.01)), Math.max(0, at(0.99))];
  return { name, isInferred, mean, ...(low < high ? { low, high } : { low: UNKNOWN[0], high: UNKNOWN[1] }) };
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
