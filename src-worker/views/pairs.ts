// Pairs of regions as a matrix with its numbers, and a scatter of very many weights of which some are drawn.

import { minus } from '../contract/minus.ts';
import type { Area, Mark, Points, Scene, Text, ValueScale } from '../scene/scene.ts';

/** Weights, at most, that a scatter draws. */
const MOST_DOTS = 4000;

/** Of a scatter of so many. */
const DOT = 0.4;

export const numbersText = (value: number): string => (Number.isFinite(value) ? minus(value.toFixed(2)) : '–');

/** Places of evenly spread weights of an n × n matrix, without its diagonal. */
export function scattered(n: number): { readonly places: readonly number[]; readonly every: number } {
  const all = n * n;
  let every = Math.max(1, Math.ceil(all / MOST_DOTS));
  // A step that shares a factor with the width would draw a few columns alone.
  while (every > 1 && greatestCommon(every, n) > 1) every++;
  const places: number[] = [];
  for (let at = 0; at < all; at += every) if (at % (n + 1) !== 0) places.push(at);
  return { places, every };
}

/** Places of evenly spread values of so many. */
export function evenly(count: number): { readonly places: readonly number[]; readonly every: number } {
  let every = Math.max(1, Math.ceil(count / MOST_DOTS));
  // An odd step goes through units and bins alike.
  if (every > 1 && every % 2 === 0) every++;
  return { places: Array.from({ length: Math.ceil(count / every) }, (_, k) => k * every), every };
}

/** Those of the places, each a dot. */
export const dotsAt = (
  places: readonly number[],
  x: ArrayLike<number>,
  y: ArrayLike<number>,
  { key, legend, series }: { readonly key: string; readonly legend: string; readonly series: number },
): Points => ({
  kind: 'points',
  key,
  datum: {},
  colour: { series },
  sign: 'dot',
  size: DOT,
  x: Float64Array.from(places, (at) => x[at]),
  y: Float64Array.from(places, (at) => y[at]),
  legend,
});

/** The line on which what came back is what was there. */
export const diagonal = (high: number, low: number): Mark => ({
  kind: 'line',
  key: 'equal',
  datum: {},
  colour: 'mute',
  weight: 'line',
  x: Float64Array.of(low, high),
  y: Float64Array.of(low, high),
  dashed: true,
  legend: 'as it was',
});

const greatestCommon = (a: number, b: number): number => (b === 0 ? a : greatestCommon(b, a % b));

/** A size that nearly all values of the lists stay below. */
export function within(lists: readonly ArrayLike<number>[], share = 0.999): number {
  let reach = 0;
  for (const list of lists) {
    const sizes = Float64Array.from(list, Math.abs).sort();
    reach = Math.max(reach, sizes[Math.min(sizes.length - 1, Math.floor(share * sizes.length))] ?? 0);
  }
  return 1.05 * (reach || 1);
}

/** Rows receive, columns send; the first row stands at the top, as in a table. `values` are target × source, NaN where there is nothing. */
export function pairMatrix(
  names: readonly string[],
  values: ArrayLike<number>,
  { scale, text }: { readonly scale: ValueScale; text(pair: number): string },
): Pick<Scene, 'x' | 'y' | 'values' | 'marks' | 'areas'> {
  const count = names.length;
  const rectangle = { x0: 0.5, x1: count + 0.5, y0: 0.5, y1: count + 0.5 };
  const flipped = Float32Array.from(
    { length: count * count },
    (_, at) => values[(count - 1 - Math.floor(at / count)) * count + (at % count)],
  );
  const numbers = Array.from({ length: count * count }, (_, pair): Text => {
    const [target, source] = [Math.floor(pair / count), pair % count];
    return {
      kind: 'text',
      key: `pair ${pair}`,
      datum: { pair: [names[target], names[source]] },
      colour: 'text',
      x: source + 1,
      y: count - target,
      text: text(pair),
      anchor: 'middle',
    };
  });
  return {
    x: {
      label: 'From',
      unit: '',
      scale: 'linear',
      domain: [0.5, count + 0.5],
      ticks: names.map((label, place) => ({ at: place + 1, label })),
    },
    y: {
      label: 'Into',
      unit: '',
      scale: 'linear',
      domain: [0.5, count + 0.5],
      ticks: names.map((label, place) => ({ at: count - place, label })),
    },
    values: scale,
    areas: numbers.map(({ datum, x, y }): Area => ({ datum, x0: x - 0.5, x1: x + 0.5, y0: y - 0.5, y1: y + 0.5 })),
    marks: [
      { kind: 'image', key: 'pairs', datum: {}, colour: 'ink', rows: count, columns: count, values: flipped, ...rectangle, scale },
      ...numbers,
    ],
  };
}
