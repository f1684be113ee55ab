// Words of guides among thousands of points: on their guides, clear of signs and of each other, the same on screen and on paper.

import { describe, expect, test } from 'vitest';
import { draw } from '../../src-worker/scene/draw.ts';
import type { Drawing, Rect, TextPrimitive } from '../../src-worker/scene/primitives.ts';
import type { Line, Mark, Points, Scene, Text } from '../../src-worker/scene/scene.ts';
import { paperStyle, screenStyle, type Style } from '../../src-worker/scene/style.ts';

const guide = (key: string, ...ends: readonly (readonly [x: number, y: number])[]): Line => ({
  kind: 'line',
  key,
  datum: {},
  colour: 'guide',
  weight: 'fine',
  x: Float64Array.from(ends, ([x]) => x),
  y: Float64Array.from(ends, ([, y]) => y),
});
const word = (text: string, x: number, y: number, along?: readonly string[]): Text => ({
  kind: 'text',
  key: `name ${text}`,
  datum: {},
  colour: 'control',
  x,
  y,
  text,
  anchor: 'middle',
  ...(along ? { along } : {}),
});
const dots = (places: readonly (readonly [x: number, y: number])[]): Points => ({
  kind: 'points',
  key: 'dots',
  datum: {},
  colour: 'ink',
  sign: 'dot',
  x: Float64Array.from(places, ([x]) => x),
  y: Float64Array.from(places, ([, y]) => y),
});
const axis = { label: '', unit: '', scale: 'linear', domain: [0, 100] } as const;
const drawn = (marks: readonly Mark[], style: Style, letters = 30): Drawing =>
  draw(
    { title: '', subtitle: '', x: axis, y: axis, marks, text: '', caption: '' } satisfies Scene,
    letters * style.small,
    letters * style.small,
    style,
  );
const wordsIn = ({ primitives }: Drawing) =>
  primitives.filter((one): one is TextPrimitive => one.kind === 'text' && one.key?.startsWith('name ') === true);
/** What letters cover, a little less than the room that is kept for them. */
const boxOf = ({ x, y, text, size }: TextPrimitive, { measure }: Style): Rect => ({
  x: x - measure(text, size) / 2,
  y: y - 0.75 * size,
  width: measure(text, size),
  height: 0.75 * size,
});
const gap = (box: Rect, x: number, y: number): number =>
  Math.hypot(Math.max(box.x - x, 0, x - box.x - box.width), Math.max(box.y - y, 0, y - box.y - box.height));

/** Points all over the plane but about the upright x = 50 from 60 to 80. */
const crowd = Array.from({ length: 4096 }, (_, i) => [((i % 64) + 0.5) / 0.64, (Math.floor(i / 64) + 0.5) / 0.64] as const).filter(
  ([x, y]) => Math.abs(x - 50) > 16 || y < 58 || y > 82,
);

describe.each([
  ['screen', screenStyle('light')],
  ['paper', paperStyle],
])('words of guides on %s', (_, style) => {
  test('slide to the gap between points and stay on their guide', () => {
    const drawing = drawn([guide('up', [50, -500], [50, 500]), dots(crowd), word('200 ms', 50, 8, ['up'])], style);
    const [name] = wordsIn(drawing);
    expect(name!.x).toBeCloseTo(drawing.x!.to(50), 6);
    const box = boxOf(name!, style);
    for (const [x, y] of crowd) expect(gap(box, drawing.x!.to(x), drawing.y!.to(y))).toBeGreaterThan(style.sign);
    expect(box.y).toBeGreaterThan(drawing.y!.to(82));
    expect(box.y + box.height).toBeLessThan(drawing.y!.to(58));
  });

  test('stand where they are wished where that place is free', () => {
    const drawing = drawn([guide('level', [-500, 30], [500, 30]), word('2 Hz', 20, 30, ['level'])], style);
    const [name] = wordsIn(drawing);
    expect(name!.y).toBeCloseTo(drawing.y!.to(30), 6);
    expect(Math.abs(name!.x - drawing.x!.to(20))).toBeLessThan(0.25 * style.small);
  });

  test('keep clear of each other, of texts that cannot move and of other guides', () => {
    const guides = [30, 50, 70].flatMap((at) => [guide(`${at} up`, [at, 0], [at, 100]), guide(`${at} level`, [0, at], [100, at])]);
    const names = [30, 50, 70].flatMap((at) => [word(`${at} ms`, 50, 50, [`${at} up`]), word(`${at} Hz`, 50, 50, [`${at} level`])]);
    const drawing = drawn([...guides, word('fixed', 50, 50), ...names], style);
    const boxes = wordsIn(drawing).map((one) => boxOf(one, style));
    expect(boxes).toHaveLength(7);
    for (const [i, a] of boxes.entries())
      for (const b of boxes.slice(0, i))
        expect(a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height && b.y < a.y + a.height).toBe(false);
    for (const name of wordsIn(drawing).filter(({ text }) => text.endsWith(' ms'))) {
      const box = boxOf(name, style);
      for (const at of [30, 50, 70]) {
        const level = drawing.y!.to(at);
        expect(level < box.y || level > box.y + box.height).toBe(true);
      }
    }
  });

  test('take another of their guides where the first is full, and are left out only where all are', () => {
    const full = Array.from({ length: 101 }, (_, i) => [i, 30] as const);
    const both = [guide('a', [0, 30], [100, 30]), guide('b', [0, 70], [100, 70])];
    const drawing = drawn([...both, dots(full), word('5 Hz', 50, 30, ['a', 'b']), word('9 Hz', 50, 30, ['a'])], style);
    expect(wordsIn(drawing).map(({ text }) => text)).toEqual(['5 Hz']);
    expect(wordsIn(drawing)[0]!.y).toBeCloseTo(drawing.y!.to(70), 6);
  });

  test('go first where they have the fewest places', () => {
    // The short guide has room for its name alone, where the long one's is wished too.
    const marks = [
      guide('long', [0, 50], [100, 50]),
      guide('short', [48, 52], [52, 52]),
      word('long', 50, 50, ['long']),
      word('short', 50, 52, ['short']),
    ];
    expect(wordsIn(drawn(marks, style)).map(({ text }) => text)).toEqual(['long', 'short']);
  });
});
