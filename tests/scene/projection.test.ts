import { describe, expect, test } from 'vitest';
import {
  frameOf,
  matricesOf,
  nearness,
  ontoPlane,
  PLANES,
  projector,
  rotationOf,
  stretchOf,
  turn,
  type Point3,
} from '../../src-worker/scene/projection.ts';
import type { Camera } from '../../src-worker/scene/scene.ts';

const camera = (azimuthDeg: number, elevationDeg: number, rollDeg = 0, zoom = 1): Camera => ({ azimuthDeg, elevationDeg, rollDeg, zoom });
const plot = { x: 10, y: 20, width: 200, height: 100 };
const cube = Float64Array.from([0, 1].flatMap((x) => [0, 1].flatMap((y) => [0, 1].flatMap((z) => [x, y, z]))));
const near = (found: readonly number[], wanted: readonly number[]) => {
  for (const [i, value] of wanted.entries()) expect(found[i]).toBeCloseTo(value, 9);
};

describe('the camera', () => {
  test('looks down the axes as its planes say: right, up, towards', () => {
    const axes: readonly Point3[] = [
      [1, 0, 0],
      [0, 1, 0],
      [0, 0, 1],
    ];
    const seen = (plane: keyof typeof PLANES) => axes.map((axis) => turn(rotationOf({ ...PLANES[plane], zoom: 1 }), axis));
    near(seen('1-2').flat(), [1, 0, 0, 0, 1, 0, 0, 0, 1]);
    near(seen('1-3').flat(), [1, 0, 0, 0, 0, -1, 0, 1, 0]);
    near(seen('2-3').flat(), [0, 0, 1, 1, 0, 0, 0, 1, 0]);
  });

  test('is a rotation: lengths stay, handedness stays', () => {
    const r = rotationOf(camera(33, -21, 14));
    for (const row of [0, 1, 2]) expect(Math.hypot(...r.slice(3 * row, 3 * row + 3))).toBeCloseTo(1, 12);
    const [a, b, c] = [r.slice(0, 3), r.slice(3, 6), r.slice(6, 9)];
    near([a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0]], c);
  });

  test('rolls the picture clockwise', () => {
    const [x, y] = turn(rotationOf({ ...PLANES['1-2'], rollDeg: 90, zoom: 1 }), [0, 1, 0]);
    near([x, y], [1, 0]);
  });

  test('keeps points clear of a corner, shrinks no more than that needs, and never to less than a share', () => {
    const front = { ...PLANES['1-2'], zoom: 1 };
    const whole = frameOf(front, cube, plot);
    // The cube reaches from 60 to 160 across and from 120 up to 20: its upper right corner lies in this one.
    const aside = frameOf(front, cube, plot, { left: 150, bottom: 35 });
    expect(aside.scale).toBe(whole.scale);
    expect(projector(aside)(1, 1, 1)[0]).toBeCloseTo(150, 1);
    // As far to the left as it can be it still reaches 110; lower by being smaller it just keeps clear.
    const small = frameOf(front, cube, plot, { left: 90, bottom: 30 });
    expect(projector(small)(1, 1, 1)[1]).toBeCloseTo(30, 0);
    expect(small.scale / whole.scale).toBeCloseTo(0.9, 2);
    expect(frameOf(front, cube, plot, { left: 165, bottom: 100 })).toEqual(whole);
    expect(frameOf(front, cube, plot, { left: 20, bottom: 110 }).scale).toBeCloseTo(0.7 * whole.scale, 9);
    expect(frameOf({ ...front, target: [0.5, 0.5, 0.5] }, cube, plot, { left: 90, bottom: 30 }).scale).toBeCloseTo(whole.scale, 9);
  });

  test('fits a unit cube seen from the front into the lower side of the panel, in its middle', () => {
    const project = projector(frameOf({ ...PLANES['1-2'], zoom: 1 }, cube, plot));
    near(project(0, 0, 0), [60, 120, -0.5]);
    near(project(1, 1, 1), [160, 20, 0.5]);
  });

  test('keeps an equal scale and multiplies it by zoom', () => {
    const plain = frameOf(camera(-40, 25), cube, plot);
    const zoomed = frameOf(camera(-40, 25, 0, 2.5), cube, plot);
    expect(zoomed.scale / plain.scale).toBeCloseTo(2.5, 12);
    const [a, b] = [projector(plain)(0, 0, 0), projector(plain)(0, 0, 1)];
    expect(Math.hypot(a[0] - b[0], a[1] - b[1], plain.scale * (a[2] - b[2]))).toBeCloseTo(plain.scale, 9);
  });

  test('stretches an axis, the middle of the data stays in the middle of the panel', () => {
    const seen = { ...camera(-40, 25), stretch: [2, 4, 2] as const };
    expect(stretchOf(seen)).toEqual([1, 2, 1]);
    const frame = frameOf(seen, cube, plot);
    const project = projector(frame);
    // The eight corners are as far from the middle to either side.
    const across = [0, 1].flatMap((x) => [0, 1].flatMap((y) => [0, 1].map((z) => project(x, y, z)[0])));
    expect((Math.min(...across) + Math.max(...across)) / 2).toBeCloseTo(plot.x + plot.width / 2, 9);
    const along = (to: Point3): number => {
      const [a, b] = [project(0, 0, 0), project(...to)];
      return Math.hypot(a[0] - b[0], a[1] - b[1], frame.scale * (a[2] - b[2]));
    };
    expect(along([0, 1, 0]) / along([1, 0, 0])).toBeCloseTo(2, 9);
    expect(along([0, 0, 1]) / along([1, 0, 0])).toBeCloseTo(1, 9);
  });

  test('looks straight onto a typed plane, as onto those of the axes', () => {
    for (const [plane, normal] of [
      ['1-2', [0, 0, 3]],
      ['1-3', [0, 1, 0]],
      ['2-3', [-2, 0, 0]],
    ] as const)
      expect(ontoPlane(normal)).toEqual(PLANES[plane]);
    const normal: Point3 = [1, -2, 0.5];
    const seen = turn(rotationOf({ ...ontoPlane(normal)!, zoom: 1 }), normal);
    near(seen, [0, 0, Math.hypot(...normal)]);
    expect(ontoPlane([0, 0, 0])).toBeUndefined();
  });

  test('gives matrices that put a point where the function does', () => {
    const frame = frameOf({ ...camera(12, 34, 5, 1.3), stretch: [1, 3, 1] }, cube, plot);
    const { view, projection } = matricesOf(frame, 220, 140);
    const times = (m: Float64Array, v: readonly number[]) =>
      [0, 1, 2, 3].map((row) => v.reduce((sum, value, k) => sum + m[4 * k + row] * value, 0));
    const points: readonly Point3[] = [
      [0.3, 0.8, -0.2],
      [1, 0, 0.5],
    ];
    for (const point of points) {
      const [x, y, z] = times(projection, times(view, [...point, 1]));
      const [px, py, depth] = projector(frame)(...point);
      near([((x + 1) / 2) * 220, ((1 - y) / 2) * 140], [px, py]);
      expect(Math.sign(z)).toBe(-Math.sign(depth));
      expect(Math.abs(z)).toBeLessThan(1);
    }
  });

  test('passes over points that are not finite, and stands without any', () => {
    const holed = Float64Array.from([...cube, Number.NaN, 9, 9]);
    expect(frameOf(camera(0, 0), holed, plot)).toEqual(frameOf(camera(0, 0), cube, plot));
    const none = frameOf(camera(0, 0), new Float64Array(0), plot);
    expect(none.scale).toBe(50);
    expect(nearness(none, 0)).toBe(0.5);
    expect(Number.isFinite(frameOf(camera(0, 0), Float64Array.of(1, 2, 3), plot).scale)).toBe(true);
  });
});
