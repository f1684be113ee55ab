// The one camera of screen and paper: orthographic, equal scale on three axes, the same numbers for a function and for matrices.
//
// Azimuth turns the data about the third axis, elevation lifts the eye above the plane of the first two, roll turns the picture
// clockwise. Rows of the rotation are right, up and towards the viewer, so depth grows towards the viewer.

import type { Camera } from './scene.ts';
import type { Rect } from './primitives.ts';

export type Point3 = readonly [number, number, number];

/** Smallest box about the finite points of a picture, in data units. */
export interface Extent {
  readonly low: Point3;
  readonly high: Point3;
}

/** Where a camera puts data in a rectangle. */
export interface Frame {
  /** Pixels (points on paper) for one data unit. */
  readonly scale: number;
  /** The data point in the middle of the rectangle. */
  readonly target: Point3;
  readonly plot: Rect;
  /** Nine numbers in rows: right, up, towards the viewer; its columns are longer along stretched axes. */
  readonly rotation: readonly number[];
  /** Depth of the nearest and farthest fitted point, data units from the target. */
  readonly depth: readonly [number, number];
}

/** The planes of the first three axes, as keys 1, 2, 3 set them. */
export const PLANES: Readonly<Record<'1-2' | '1-3' | '2-3', Omit<Camera, 'zoom'>>> = {
  '1-2': { azimuthDeg: -90, elevationDeg: 90, rollDeg: 0 },
  '1-3': { azimuthDeg: -90, elevationDeg: 0, rollDeg: 0 },
  '2-3': { azimuthDeg: 0, elevationDeg: 0, rollDeg: 0 },
};

export const DEFAULT_CAMERA: Camera = { azimuthDeg: -40, elevationDeg: 25, rollDeg: 0, zoom: 1 };

/** Rotation of a camera, nine numbers in rows. */
export function rotationOf({ azimuthDeg, elevationDeg, rollDeg }: Camera): readonly number[] {
  const [a, e, r] = [azimuthDeg, elevationDeg, rollDeg].map((degrees) => (degrees * Math.PI) / 180) as [number, number, number];
  const [ca, sa, ce, se, cr, sr] = [Math.cos(a), Math.sin(a), Math.cos(e), Math.sin(e), Math.cos(r), Math.sin(r)];
  const right = [-sa, ca, 0] as const;
  const up = [-ca * se, -sa * se, ce] as const;
  const turned = [0, 1, 2].map((i) => [cr * right[i] + sr * up[i], cr * up[i] - sr * right[i]] as const);
  return [...turned.map(([x]) => x), ...turned.map(([, y]) => y), ca * ce, sa * ce, se];
}

/** How the axes of a camera are stretched, the least of them 1: a scale bar is true along those. */
export function stretchOf({ stretch = [1, 1, 1] }: Pick<Camera, 'stretch'>): Point3 {
  const least = Math.min(...stretch);
  return stretch.map((factor) => factor / least) as unknown as Point3;
}

/** Names of stretched axes with their factors, 'axis 2 × 1.5'; empty where the scale is equal. */
export const stretchText = (camera: Pick<Camera, 'stretch'>): string =>
  stretchOf(camera)
    .flatMap((factor, axis) => (factor === 1 ? [] : [`axis ${axis + 1} × ${Number(factor.toPrecision(3))}`]))
    .join(', ');

/** Angles that look straight onto the plane with that normal, from above where there is an above. Undefined for no direction. */
export function ontoPlane(normal: Point3): Omit<Camera, 'zoom'> | undefined {
  const length = Math.hypot(...normal);
  if (!(length > 0) || !Number.isFinite(length)) return undefined;
  const isBelow = normal[2] < 0 || (normal[2] === 0 && (normal[1] > 0 || (normal[1] === 0 && normal[0] < 0)));
  const [x, y, z] = normal.map((part) => (isBelow ? -part : part) / length) as unknown as Point3;
  const degrees = 180 / Math.PI;
  // Straight from above the first axis points right.
  const azimuthDeg = Math.hypot(x, y) < 1e-12 ? -90 : Math.atan2(y, x) * degrees;
  return { azimuthDeg: azimuthDeg + 0, elevationDeg: Math.asin(z) * degrees + 0, rollDeg: 0 };
}

/** A direction of the data as right, up and towards. */
export const turn = (rotation: readonly number[], [x, y, z]: Point3): Point3 => [
  rotation[0] * x + rotation[1] * y + rotation[2] * z,
  rotation[3] * x + rotation[4] * y + rotation[5] * z,
  rotation[6] * x + rotation[7] * y + rotation[8] * z,
];

/** A rectangle in the upper right of a picture that fitted points keep clear of: its left and lower edges. */
export interface Corner {
  readonly left: number;
  readonly bottom: number;
}

interface Fitted {
  readonly scale: number;
  /** How far the middle of the points lies to the left of that of the rectangle and below it, pixels. */
  readonly aside: readonly [number, number];
}

/** Steps of halving: the size is right to a thousandth. */
const HALVINGS = 10;

/**
 * Where points `across` × `above` their middle (x, y, x, y …, data units) fit and keep clear of the corner: they move aside as far as
 * that needs, into the lower left, and shrink only where that is not enough. Both follow a turning camera without jumps.
 */
function clearOf({ left, bottom }: Corner, plot: Rect, seen: Float64Array, size: readonly [number, number], whole: number): Fitted {
  const [across, above] = [left - plot.x - plot.width / 2, plot.y + plot.height / 2 - bottom];
  const slack = (scale: number) => [(plot.width - scale * size[0]) / 2, (plot.height - scale * size[1]) / 2] as const;
  const isClear = (scale: number, share: number): boolean => {
    const [x, y] = slack(scale);
    for (let i = 0; i < seen.length; i += 2)
      if (scale * seen[i] - share * x > across && scale * seen[i + 1] - share * y > above) return false;
    return true;
  };
  /** The value that just does, between one that does not and one that does. */
  const between = (no: number, yes: number, does: (value: number) => boolean): number => {
    let [bad, good] = [no, yes];
    for (let k = 0; k < HALVINGS; k++) {
      const middle = (bad + good) / 2;
      if (does(middle)) good = middle;
      else bad = middle;
    }
    return good;
  };
  const at = (scale: number, share: number): Fitted => {
    const [x, y] = slack(scale);
    return { scale, aside: [share * x, share * y] };
  };
  if (isClear(whole, 0)) return at(whole, 0);
  if (isClear(whole, 1))
    return at(
      whole,
      between(0, 1, (share) => isClear(whole, share)),
    );
  const least = LEAST_SHARE * whole;
  return at(isClear(least, 1) ? between(whole, least, (scale) => isClear(scale, 1)) : least, 1);
}

/** Points keep clear of a corner only as long as that leaves them this share of their size. */
const LEAST_SHARE = 0.7;
/** So many points, as of very many trials, fill the picture whatever is done. */
const MOST_CLEAR = 20_000;

/**
 * Fits points (x, y, z, x, y, z …) into a rectangle at the camera's zoom, clear of a corner where one is given. Points that are not
 * finite are passed over; without any the frame is a unit cube.
 */
export function frameOf(camera: Camera, points: Float64Array, plot: Rect, corner?: Corner): Frame {
  const stretch = stretchOf(camera);
  const rotation = rotationOf(camera).map((part, i) => part * stretch[i % 3]);
  const low = [Infinity, Infinity, Infinity];
  const high = [-Infinity, -Infinity, -Infinity];
  const keepsClear = corner !== undefined && points.length <= 3 * MOST_CLEAR;
  const seen: Point3[] = [];
  for (let i = 0; i + 2 < points.length; i += 3) {
    const point = turn(rotation, [points[i], points[i + 1], points[i + 2]]);
    if (!point.every(Number.isFinite)) continue;
    if (keepsClear) seen.push(point);
    for (let k = 0; k < 3; k++) {
      low[k] = Math.min(low[k], point[k]);
      high[k] = Math.max(high[k], point[k]);
    }
  }
  if (low[0] > high[0]) for (let k = 0; k < 3; k++) [low[k], high[k]] = [-1, 1];
  const middle = [0, 1, 2].map((k) => (low[k] + high[k]) / 2) as unknown as Point3;
  // A rotation's inverse is its transpose, here of stretched axes: a point as it is seen, back in data units.
  const inData = (point: Point3): Point3 =>
    [0, 1, 2].map((k) =>
      [0, 1, 2].reduce((sum, row) => sum + (rotation[3 * row + k] * point[row]) / stretch[k] ** 2, 0),
    ) as unknown as Point3;
  const about = camera.target ? turn(rotation, camera.target) : middle;
  const [width, height] = [0, 1].map((k) => 2 * Math.max(high[k] - about[k], about[k] - low[k])) as [number, number];
  const whole = Math.min(plot.width / width, plot.height / height);
  const isKnown = Number.isFinite(whole) && whole > 0;
  // A picture that was moved by hand stays where it is.
  const flat = Float64Array.from(seen.flatMap(([x, y]) => [x - middle[0], y - middle[1]]));
  const fitted = keepsClear && isKnown && !camera.target ? clearOf(corner, plot, flat, [width, height], whole) : undefined;
  const scale = fitted?.scale ?? (isKnown ? whole : Math.min(plot.width, plot.height));
  const [left, below] = fitted?.aside ?? [0, 0];
  const target = camera.target ?? inData([middle[0] + left / scale, middle[1] + below / scale, middle[2]]);
  return { scale: camera.zoom * scale, target, plot, rotation, depth: [low[2] - about[2], high[2] - about[2]] };
}

/** Data to pixels: x to the right, y downwards, and depth towards the viewer in data units. */
export function projector({ scale, target, plot, rotation }: Frame): (x: number, y: number, z: number) => Point3 {
  const [cx, cy] = [plot.x + plot.width / 2, plot.y + plot.height / 2];
  return (x, y, z) => {
    const [right, up, near] = turn(rotation, [x - target[0], y - target[1], z - target[2]]);
    return [cx + scale * right, cy - scale * up, near];
  };
}

/** How near a depth is within the fitted points: 0 farthest, 1 nearest. */
export const nearness = ({ depth: [far, near] }: Frame, depth: number): number =>
  near > far ? Math.min(1, Math.max(0, (depth - far) / (near - far))) : 0.5;

/**
 * The same frame as 4 × 4 matrices in column order, for a drawing surface of `width` × `height` pixels: `view` puts data before
 * the eye, `projection` maps to clip space −1 … 1, nearer depths to smaller z.
 */
export function matricesOf(
  frame: Frame,
  width: number,
  height: number,
): { readonly view: Float64Array; readonly projection: Float64Array } {
  const { scale, target, plot, rotation: r } = frame;
  const moved = turn(r, [-target[0], -target[1], -target[2]]);
  const view = Float64Array.of(r[0], r[3], r[6], 0, r[1], r[4], r[7], 0, r[2], r[5], r[8], 0, moved[0], moved[1], moved[2], 1);
  const [cx, cy] = [plot.x + plot.width / 2, plot.y + plot.height / 2];
  const depth = Math.max(1e-9, Math.abs(frame.depth[0]), Math.abs(frame.depth[1]));
  const projection = Float64Array.of(
    ...[(2 * scale) / width, 0, 0, 0],
    ...[0, (2 * scale) / height, 0, 0],
    // Single trials reach beyond the fitted points: eight times their depth stays inside the clip planes.
    ...[0, 0, -1 / (8 * depth), 0],
    ...[(2 * cx) / width - 1, 1 - (2 * cy) / height, 0, 1],
  );
  return { view, projection };
}
