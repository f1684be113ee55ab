// Where each weight lies in the flat array of all weights, and the way between that and plain arrays by name. Columns come in parts
// (gates; mean and log variance), each padded to a few floats, rows to 8; matrices have zero rows up to the tile. Gradients and moments lie alike.

import { roundUp } from './memory.ts';

export interface WeightPlace {
  readonly name: string;
  readonly rows: number;
  /** Parts side by side, each `width` columns wide and `padded` apart. */
  readonly parts: number;
  readonly width: number;
  readonly padded: number;
  /** Floats from row to row. */
  readonly stride: number;
  /** First float in the flat array. */
  readonly offset: number;
  /** Floats that it takes there. */
  readonly length: number;
}

export interface WeightLayout {
  readonly places: ReadonlyMap<string, WeightPlace>;
  readonly length: number;
}

export interface WeightShape {
  readonly name: string;
  readonly rows: number;
  readonly columns: number;
  readonly parts: number;
  /** The matrix whose rows, rounded up to 8, this one's follow at once, so that both can be read as one; it comes before this one. */
  readonly under?: string;
}

export function layOut(shapes: readonly WeightShape[], tileRows: number): WeightLayout {
  const places = new Map<string, WeightPlace>();
  let offset = 0;
  for (const { name, rows, columns, parts, under } of shapes) {
    const width = columns / parts;
    const padded = roundUp(width, parts === 2 ? 4 : 8);
    const stride = roundUp(parts * padded, 8);
    const above = under === undefined ? 0 : places.get(under)!.length / stride;
    const headed = shapes.some((other) => other.under === name);
    const row = rows === 1 && !name.endsWith('.W') && !name.endsWith('.U');
    const length = stride * (row ? 1 : headed ? roundUp(rows, 8) : roundUp(above + rows, tileRows) - above);
    places.set(name, { name, rows, parts, width, padded, stride, offset, length });
    offset += headed ? length : roundUp(length, 16);
  }
  return { places, length: offset };
}

export function placeOf(layout: WeightLayout, name: string): WeightPlace {
  const place = layout.places.get(name);
  if (!place) throw new Error(`No weight ${name}`);
  return place;
}

/** Copies plain arrays (rows × columns) into the flat array; padding stays as it is, which is zero. */
export function writeWeights(layout: WeightLayout, flat: Float32Array, weights: Readonly<Record<string, Float32Array>>): void {
  for (const place of layout.places.values()) {
    const values = weights[place.name];
    if (!values || values.length !== place.rows * place.parts * place.width) throw new Error(`Wrong size of weight ${place.name}`);
    eachPart(place, (at, plain) => flat.set(values.subarray(plain, plain + place.width), at));
  }
}

export function readWeights(layout: WeightLayout, flat: Float32Array): Record<string, Float32Array> {
  const weights: Record<string, Float32Array> = {};
  for (const place of layout.places.values()) {
    const values = new Float32Array(place.rows * place.parts * place.width);
    // Parts are short and many: a loop copies one before a view of it is made.
    eachPart(place, (at, plain) => {
      for (let column = 0; column < place.width; column++) values[plain + column] = flat[at + column]!;
    });
    weights[place.name] = values;
  }
  return weights;
}

function eachPart(place: WeightPlace, visit: (at: number, plain: number) => void): void {
  for (let row = 0; row < place.rows; row++)
    for (let part = 0; part < place.parts; part++)
      visit(place.offset + row * place.stride + part * place.padded, (row * place.parts + part) * place.width);
}
