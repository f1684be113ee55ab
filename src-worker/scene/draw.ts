// One Scene, two painters: turns a Scene into the list of primitives that the stages and the figure writers both paint.

import { drawPlane } from './plane.ts';
import type { Drawing } from './primitives.ts';
import type { Camera, Scene } from './scene.ts';
import { drawSpace } from './space.ts';
import type { Style } from './style.ts';

/** Draws a Scene into a panel of width × height in the unit of the style; `camera` overrides the Scene's. */
export const draw = (scene: Scene, width: number, height: number, style: Style, camera?: Camera): Drawing =>
  scene.z ? drawSpace(scene, width, height, style, camera) : drawPlane(scene, width, height, style);
