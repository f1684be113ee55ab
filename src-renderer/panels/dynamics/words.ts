// Words and signs of fixed points, as tables and tips say them.

import type { FixedPoint } from '../../../src-worker/contract/fixed-points.ts';
import type { PointMode, PointsReport } from '../../../src-worker/contract/points.ts';
import { numberText } from '../../../src-worker/scene/axes.ts';
import type { Sign } from '../../../src-worker/scene/scene.ts';

const SIGNS: Readonly<Record<FixedPoint['stability'], Sign>> = { stable: 'dot', saddle: 'half', unstable: 'ring', undecided: 'question' };

/** In usual distances of visited states. */
const FAR = 3;

export const isFar = ({ distance }: FixedPoint): boolean => distance !== undefined && distance > FAR;
export const signOf = ({ kind, stability }: FixedPoint): Sign => (kind === 'undecided' ? 'question' : SIGNS[stability]);
export const stabilityText = ({ kind, stability }: FixedPoint): string => (kind === 'undecided' ? 'undecided' : stability);
/** What it is and how it stands in one: 'stable' of a fixed point, 'slow, saddle' of a slow one. */
export const kindText = (point: FixedPoint): string =>
  point.kind === 'fixed' || point.kind === 'undecided' ? stabilityText(point) : `${point.kind}, ${stabilityText(point)}`;
export const unstableText = ({ unstable }: FixedPoint): string =>
  typeof unstable === 'number' ? String(unstable) : `${unstable[0]} to ${unstable[1]}`;

/** '253', '1,222'; ms without the unit. */
export const msText = (ms: number): string => (Number.isFinite(ms) ? numberText(ms, ms < 10 ? 1 : 0) : '–');

export const hzText = (hz: number): string => (hz < 0.005 ? '0' : numberText(hz, hz >= 100 ? 0 : hz >= 10 ? 1 : 2));

export const marginText = (margin: number): string => (margin < 1e-4 ? '< 1e−4' : numberText(margin, margin < 0.01 ? 4 : 3));

/** 'grows 168', '253', '–'. */
export const slowestText = (mode: PointMode | undefined): string =>
  mode === undefined || mode.verdict === 'undecided' ? '–' : `${mode.verdict === 'grows' ? 'grows ' : ''}${msText(mode.timeMs)}`;

/** '1.74 Hz, 253 ms', 'grows by e in 46 ms', 'at the border'. */
export function modeText({ frequencyHz, timeMs, verdict }: PointMode): string {
  const turns = frequencyHz < 0.005 ? [] : [`${hzText(frequencyHz)} Hz`];
  return [...turns, verdict === 'undecided' ? 'at the border' : `${verdict === 'grows' ? 'grows by e in ' : ''}${msText(timeMs)} ms`].join(
    ', ',
  );
}

/** 'u = 0', 'go = 0.04', 'inputs at their mean'. */
export function heldText({ held, inputs }: PointsReport): string {
  if (held.length === 0) return 'no input';
  if (held.every((value) => value === 0)) return 'u = 0';
  const off = held.flatMap((value, i) => (value === 0 ? [] : [`${inputs[i]?.name ?? `input ${i + 1}`} = ${numberText(value, 2)}`]));
  return off.length > 2 ? `${off.slice(0, 2).join(', ')}, …` : off.join(', ');
}

export const placeOf = ({ places }: PointsReport, point: number | undefined): number => (point === undefined ? -1 : places.indexOf(point));
