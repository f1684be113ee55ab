// Fixed points of the true system as crosses among those of a fit, and how far apart they are, in log rates.

import { apart } from '../../analyses/fixed-points/truth.ts';
import type { Mark, Points, Text } from '../../scene/scene.ts';
import { numberText } from '../../scene/axes.ts';
import type { TruePoint } from '../../synthetic/true-points.ts';
import type { PlacedPoint } from './points.ts';
import type { PortraitSpace } from './space.ts';

export function truthMarks(truth: readonly TruePoint[], space: PortraitSpace): readonly Mark[] {
  return truth.flatMap(({ name, logRates }): readonly Mark[] => {
    const [x, y, z] = space.place(logRates);
    const cross: Points = {
      kind: 'points',
      key: `true ${name}`,
      datum: {},
      colour: 'control',
      sign: 'plus',
      x: Float64Array.of(x),
      y: Float64Array.of(y),
      z: Float64Array.of(z),
      legend: 'true system',
    };
    const label: Text = {
      kind: 'text',
      key: `true ${name} name`,
      datum: {},
      colour: 'text',
      x,
      y,
      z,
      text: `true ${name}`,
      anchor: 'middle',
    };
    return [cross, label];
  });
}

/** 'true rest lies 0.08 from point 1, …'. */
export function apartFrom(truth: readonly TruePoint[], placed: readonly PlacedPoint[], space: PortraitSpace): string {
  const shown = placed.map(({ point }) => space.shown(Float64Array.from(point.position)));
  const parts = truth.map(({ name, logRates }) => {
    const distances = shown.map((values) => apart(values, logRates));
    const nearest = distances.indexOf(Math.min(...distances));
    return nearest < 0
      ? `true ${name} has none beside it`
      : `true ${name} lies ${numberText(distances[nearest], 2)} from point ${placed[nearest].place + 1}`;
  });
  return `crosses: the true system without input (${parts.join(', ')}; rms log rate over units)`;
}
