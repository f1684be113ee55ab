// Which marks are ticks of spikes, and when there are so many that a stage of their own draws them.

import type { Drawing } from '../../src-worker/scene/primitives.ts';
import type { Points, Scene } from '../../src-worker/scene/scene.ts';

/** Ticks from which a scene is dense. */
export const DENSE = 20_000;

export const isTicks = (mark: Scene['marks'][number]): mark is Points => mark.kind === 'points' && mark.sign === 'tick' && !mark.data;

export const ticksIn = (scene: Scene): number => (scene.z ? 0 : scene.marks.filter(isTicks).reduce((sum, { x }) => sum + x.length, 0));

/** Draws the ticks of one scene on a canvas of their own, beneath axes that another painter draws. */
export interface TickPainter {
  /** Puts them where a drawing has its axes, at `ratio` pixels of the screen for one of the page. */
  place(drawing: Drawing, ratio: number): void;
  dispose(): void;
}
