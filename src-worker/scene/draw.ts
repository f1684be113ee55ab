// One Scene, two painters: turns a Scene into the list of primitives that the stages and the figure writers both paint.

import { drawPlane } from './plane.ts';
import type { Drawing, Primitive } from './primitives.ts';
import { DEFAULT_CAMERA } from './projection.ts';
import type { Camera, Scene } from './scene.ts';
import { drawSpace } from './space.ts';
import type { Style } from './style.ts';
import { cameraBeside, steadied } from './turns.ts';

/** Draws a Scene into a panel of width × height in the unit of the style; `camera` overrides the Scene's. */
export function draw(scene: Scene, width: number, height: number, style: Style, camera?: Camera): Drawing {
  if (!scene.z) return drawPlane(scene, width, height, style);
  return style.stereo > 0 ? drawPair(scene, width, height, style, camera) : drawSpace(scene, width, height, style, camera);
}

/** A stereo pair for parallel eyes: what the left one sees on the left. Furniture keeps its corners, so that both have it in one place. */
function drawPair(scene: Scene, width: number, height: number, style: Style, camera: Camera = scene.camera ?? DEFAULT_CAMERA): Drawing {
  const half = width / 2;
  const alike: Style = { ...style, corners: 'fixed' };
  const eyes = [-style.stereo / 2, style.stereo / 2].map((degrees) => cameraBeside(camera, degrees));
  const [left, right] = steadied(scene, half, height, alike, eyes).map((eye) => drawSpace(scene, half, height, alike, eye));
  return { ...left, width, primitives: [...left.primitives, ...right.primitives.map((primitive) => movedRight(primitive, half))] };
}

function movedRight(primitive: Primitive, by: number): Primitive {
  const clip = primitive.clip ? { clip: { ...primitive.clip, x: primitive.clip.x + by } } : {};
  if (primitive.kind !== 'path') return { ...primitive, ...clip, x: primitive.x + by };
  return { ...primitive, ...clip, points: primitive.points.map((value, i) => (i % 2 === 0 ? value + by : value)) };
}
