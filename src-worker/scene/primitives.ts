// What a drawn Scene is made of: paths, text and images in pixels (points on paper), in painting order. Two painters, a canvas
// and the figure writers, put the same list on screen and on paper.

import type { Scale } from './axes.ts';
import type { Frame } from './projection.ts';
import type { Datum } from './scene.ts';

export interface Rect {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** Painting order, back to front; a stage that draws lines itself leaves out `thin` and `line`. */
export const LAYERS = ['back', 'thin', 'line', 'sign', 'label', 'furniture'] as const;
export type Layer = (typeof LAYERS)[number];

interface Drawn {
  readonly layer: Layer;
  readonly opacity?: number;
  readonly clip?: Rect;
  /** Of the mark it came from, for picking. */
  readonly key?: string;
  readonly datum?: Datum;
}

export interface PathPrimitive extends Drawn {
  readonly kind: 'path';
  /** x, y, x, y …; NaN lifts the pen. */
  readonly points: Float64Array;
  readonly closed?: boolean;
  readonly stroke?: string;
  readonly width?: number;
  readonly dash?: readonly number[];
  readonly cap?: 'butt' | 'round';
  readonly fill?: string;
}

export interface TextPrimitive extends Drawn {
  readonly kind: 'text';
  /** Where the baseline starts, has its middle, or ends. */
  readonly x: number;
  readonly y: number;
  readonly text: string;
  readonly size: number;
  readonly colour: string;
  readonly anchor: 'start' | 'middle' | 'end';
  readonly strong?: boolean;
  /** Width of an outline in the page's colour beneath the letters. */
  readonly halo?: { readonly colour: string; readonly width: number };
  /** Turned a quarter anticlockwise about (x, y): titles of y axes. */
  readonly turned?: boolean;
}

export interface ImagePrimitive extends Drawn, Rect {
  readonly kind: 'image';
  readonly rows: number;
  readonly columns: number;
  /** rows × columns × 4, 0 … 255, top row first; drawn without smoothing. */
  readonly rgba: Uint8Array;
}

export type Primitive = PathPrimitive | TextPrimitive | ImagePrimitive;

export interface Drawing {
  readonly width: number;
  readonly height: number;
  readonly background: string;
  readonly primitives: readonly Primitive[];
  /** Where data are, without axes and legends. */
  readonly plot: Rect;
  /** In flat pictures: between data and pixels, both ways. */
  readonly x?: Scale;
  readonly y?: Scale;
  /** In pictures of space. */
  readonly frame?: Frame;
}
