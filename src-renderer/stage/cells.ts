// What a cell of a picture stands for, said under the pointer.

import { numberText } from '../../src-worker/scene/axes.ts';
import type { Drawing } from '../../src-worker/scene/primitives.ts';
import type { Image, Scene } from '../../src-worker/scene/scene.ts';

const valueText = (value: number): string => (Number.isFinite(value) ? numberText(Number(value.toPrecision(3))) : '–');

/** Row and column of a cell, its value, and what else is known of it; none where there is no such picture at (x, y), pixels. */
export function cellLines({ marks }: Pick<Scene, 'marks'>, drawing: Pick<Drawing, 'x' | 'y'>, x: number, y: number): readonly string[] {
  const image = marks.find((mark): mark is Image => mark.kind === 'image' && mark.cells !== undefined);
  if (!image?.cells || !drawing.x || !drawing.y) return [];
  const { rows, columns, x0, x1, y0, y1, values, scale, cells } = image;
  const column = Math.floor(((drawing.x.from(x) - x0) / (x1 - x0)) * columns);
  const row = Math.floor(((drawing.y.from(y) - y0) / (y1 - y0)) * rows);
  if (column < 0 || column >= columns || row < 0 || row >= rows) return [];
  const at = row * columns + column;
  return [
    `${scale.label} ${valueText(values[at]!)}${scale.unit ? ` ${scale.unit}` : ''}`,
    ...(cells.also ? [`${cells.also.label} ${valueText(cells.also.values[at]!)}`] : []),
    `${cells.columns[column]} ${cells.rows[row]}`,
  ];
}
