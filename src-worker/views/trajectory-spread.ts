// How far single trials lie about the average of their condition: rings across its path, the ellipses of their covariance there.

import type { Dataset } from '../dataset/dataset.ts';
import type { Line } from '../scene/scene.ts';
import { conditionRole } from './shared.ts';
import type { Space } from './trajectory-space.ts';

const CORNERS = 24;

interface Rings {
  readonly spread: 's.d.' | 's.e.m.' | 'none';
  readonly spreadMs: number;
}

/** A ring at every multiple of `spreadMs` for each condition of at least three trials. */
export function spreadRings(
  dataset: Dataset,
  space: Space,
  kept: Int32Array,
  time: Float64Array,
  { spread, spreadMs }: Rings,
): readonly Line[] {
  const { bins } = dataset;
  if (bins < 2) return [];
  const paths = new Map(Array.from(kept, (trial) => [trial, space.trial(trial)]));
  return Array.from(space.conditions, (condition, row) => {
    const average = space.averages.subarray(row * bins * 3, (row + 1) * bins * 3);
    const trials = condition >= 0 ? kept.filter((trial) => dataset.conditions?.of[trial] === condition) : kept;
    return ringBins(time, spreadMs).flatMap((bin): readonly Line[] => {
      const points = Array.from(trials, (trial) => paths.get(trial)!.subarray(3 * bin, 3 * bin + 3)).filter((at) =>
        at.every(Number.isFinite),
      );
      const middle = average.subarray(3 * bin, 3 * bin + 3);
      const along = tangent(average, bin, bins);
      if (points.length < 3 || !along || !middle.every(Number.isFinite)) return [];
      const [x, y, z] = ring(points, middle, along, spread === 's.e.m.' ? 1 / Math.sqrt(points.length) : 1);
      return [
        {
          kind: 'line',
          key: `spread ${condition} at ${time[bin]}`,
          datum: condition >= 0 ? { condition } : {},
          colour: condition >= 0 ? conditionRole(condition) : 'mute',
          weight: 'thin',
          timeMs: new Float64Array(CORNERS + 1).fill(time[bin]),
          x,
          y,
          z,
        },
      ];
    });
  }).flat();
}

/** The bins nearest to multiples of the step, each once. */
function ringBins(time: Float64Array, step: number): readonly number[] {
  const width = time[1] - time[0];
  const first = Math.ceil(time[0] / step);
  const last = Math.floor(time[time.length - 1] / step);
  const bins = Array.from({ length: Math.max(0, last - first + 1) }, (_, k) => Math.round(((first + k) * step - time[0]) / width));
  return [...new Set(bins)].filter((bin) => bin >= 0 && bin < time.length);
}

/** Unit vector along the path at a bin; undefined where it stands still or is not known. */
function tangent(path: Float64Array, bin: number, bins: number): readonly number[] | undefined {
  const [before, after] = [Math.max(0, bin - 1), Math.min(bins - 1, bin + 1)];
  const step = [0, 1, 2].map((d) => path[3 * after + d] - path[3 * before + d]);
  const length = Math.hypot(...step);
  return length > 0 && Number.isFinite(length) ? step.map((value) => value / length) : undefined;
}

/** Corners of the ellipse of the points' covariance in the plane across `along`, about `middle`, times `scale`; closed. */
export function ring(
  points: readonly Float64Array[],
  middle: Float64Array,
  along: readonly number[],
  scale: number,
): readonly [Float64Array, Float64Array, Float64Array] {
  // Two unit vectors across the path: the axis least along it, made orthogonal, and their product.
  const least = along.reduce((best, value, d) => (Math.abs(value) < Math.abs(along[best]) ? d : best), 0);
  const raw = [0, 1, 2].map((d) => (d === least ? 1 : 0) - along[least] * along[d]);
  const size = Math.hypot(...raw);
  const u = raw.map((value) => value / size);
  const v = [0, 1, 2].map((d) => along[(d + 1) % 3] * u[(d + 2) % 3] - along[(d + 2) % 3] * u[(d + 1) % 3]);
  const mean = [0, 1, 2].map((d) => points.reduce((sum, at) => sum + at[d] / points.length, 0));
  let [uu, uv, vv] = [0, 0, 0];
  for (const at of points) {
    const away = [0, 1, 2].map((d) => at[d] - mean[d]);
    const [a, b] = [u, v].map((axis) => axis.reduce((sum, value, d) => sum + value * away[d], 0));
    uu += (a * a) / (points.length - 1);
    uv += (a * b) / (points.length - 1);
    vv += (b * b) / (points.length - 1);
  }
  // Square root of the 2 × 2 covariance: (C + √det C) / √(tr C + 2 √det C).
  const det = Math.sqrt(Math.max(0, uu * vv - uv * uv));
  const root = Math.sqrt(uu + vv + 2 * det);
  const factor = root > 0 ? scale / root : 0;
  const corner = (k: number, d: number): number => {
    const [cos, sin] = [Math.cos((2 * Math.PI * k) / CORNERS), Math.sin((2 * Math.PI * k) / CORNERS)];
    const a = factor * ((uu + det) * cos + uv * sin);
    const b = factor * (uv * cos + (vv + det) * sin);
    return middle[d] + a * u[d] + b * v[d];
  };
  const column = (d: number) => Float64Array.from({ length: CORNERS + 1 }, (_, k) => corner(k % CORNERS, d));
  return [column(0), column(1), column(2)];
}
