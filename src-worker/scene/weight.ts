// How large a drawing becomes as a file: single trials above the limit become one image, so that a figure stays below 2 MB.

import type { Primitive } from './primitives.ts';

/** Above this many bytes of single trials they become one image. */
export const MOST_LINE_BYTES = 1.4e6;

/** About what paths take as SVG. */
export const bytesOf = (primitives: readonly Primitive[]): number =>
  primitives.reduce((sum, primitive) => sum + (primitive.kind === 'path' ? 100 + 6 * primitive.points.length : 120), 0);

export const isThin = ({ layer }: Primitive): boolean => layer === 'thin';

/** Whether the single trials of a drawing are too many to stay lines on paper. */
export const becomesImage = (primitives: readonly Primitive[]): boolean =>
  bytesOf(primitives.filter((primitive) => isThin(primitive) && primitive.kind === 'path')) > MOST_LINE_BYTES;
