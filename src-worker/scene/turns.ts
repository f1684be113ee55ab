// Cameras that belong together: those of two eyes, and those of one turn. They share a middle and a scale, so that nothing breathes.

import { type Point3, rotationOf } from './projection.ts';
import type { Camera, Scene } from './scene.ts';
import { fittedPoints, spaceFrame } from './space.ts';
import type { Style } from './style.ts';

const RADIANS = Math.PI / 180;

/** The camera with its eye moved to the right by an angle, about the upright of the picture. */
export function cameraBeside(camera: Camera, degrees: number): Camera {
  const r = rotationOf(camera);
  const [c, s] = [Math.cos(degrees * RADIANS), Math.sin(degrees * RADIANS)];
  const right = [0, 1, 2].map((k) => c * r[k] - s * r[6 + k]) as unknown as Point3;
  const towards = [0, 1, 2].map((k) => c * r[6 + k] + s * r[k]) as unknown as Point3;
  const elevation = Math.asin(Math.max(-1, Math.min(1, towards[2])));
  // Straight from above or below any azimuth does: that of before stays.
  const azimuth = Math.hypot(towards[0], towards[1]) < 1e-9 ? camera.azimuthDeg * RADIANS : Math.atan2(towards[1], towards[0]);
  const plain = rotationOf({ azimuthDeg: azimuth / RADIANS, elevationDeg: elevation / RADIANS, rollDeg: 0, zoom: 1 });
  const along = (row: number): number => right.reduce((sum, part, k) => sum + part * plain[3 * row + k], 0);
  return {
    ...camera,
    azimuthDeg: azimuth / RADIANS,
    elevationDeg: elevation / RADIANS,
    rollDeg: Math.atan2(along(1), along(0)) / RADIANS,
  };
}

/** Cameras of one scene with the same middle, the camera's own or that of the points' box, and with the least of their scales. */
export function steadied(scene: Scene, width: number, height: number, style: Style, cameras: readonly Camera[]): readonly Camera[] {
  const middle = middleOf(fittedPoints(scene));
  const aimed = cameras.map((camera) => ({ target: middle, ...camera }));
  const scales = aimed.map((camera) => spaceFrame(scene, width, height, style, camera).scale / camera.zoom);
  const least = Math.min(...scales);
  return aimed.map((camera, k) => ({ ...camera, zoom: (camera.zoom * least) / scales[k] }));
}

function middleOf(points: Float64Array): Point3 {
  const low = [Infinity, Infinity, Infinity];
  const high = [-Infinity, -Infinity, -Infinity];
  for (const [i, value] of points.entries()) {
    if (!Number.isFinite(value)) continue;
    low[i % 3] = Math.min(low[i % 3], value);
    high[i % 3] = Math.max(high[i % 3], value);
  }
  return low.map((bottom, k) => (bottom <= high[k] ? (bottom + high[k]) / 2 : 0)) as unknown as Point3;
}
