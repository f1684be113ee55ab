import { expect, test } from 'vitest';
import { placed, spread } from '../../src-worker/scene/place.ts';
import { splined } from '../../src-worker/scene/smooth.ts';

test('a curve passes through every point, and through straight lines straight', () => {
  const points = Float64Array.of(0, 0, 1, 2, 2, 4, 3, 6);
  const curve = splined(points, 2, 3);
  expect(curve.length).toBe(2 * 10);
  for (let i = 0; i < 4; i++) expect([...curve.slice(6 * i, 6 * i + 2)]).toEqual([i, 2 * i]);
  expect(curve[3 * 2 + 2]).toBeCloseTo(4 / 3, 12);
});

test('a curve keeps gaps as gaps and the points beside them', () => {
  const curve = splined(Float64Array.of(0, 1, Number.NaN, 3, 4), 1, 2);
  expect([...curve].map(Number.isNaN)).toEqual([false, false, false, true, true, true, false, false, false]);
});

test('names keep clear of each other and inside the panel', () => {
  const wish = { x: 50, y: 50, width: 30, height: 8, angle: 0, gap: 4 };
  const boxes = placed([wish, wish, { ...wish, x: 99 }], new Float64Array(0), [], { x: 0, y: 0, width: 100, height: 100 });
  for (const [i, a] of boxes.entries())
    for (const b of boxes.slice(i + 1))
      expect(a.x >= b.x + b.width || b.x >= a.x + a.width || a.y >= b.y + b.height || b.y >= a.y + a.height).toBe(true);
  expect(boxes[2].x + boxes[2].width).toBeLessThanOrEqual(100);
});

test('ends of curves are spread in their order within the panel', () => {
  expect(spread([10, 11, 30], 5, 0, 100)).toEqual([10, 15, 30]);
  expect(spread([98, 99, 100], 5, 0, 100)).toEqual([90, 95, 100]);
});
