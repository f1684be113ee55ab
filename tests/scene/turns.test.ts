import { describe, expect, test } from 'vitest';
import { valuesOf } from '../../src-worker/contract/settings.ts';
import { draw } from '../../src-worker/scene/draw.ts';
import { DEFAULT_CAMERA, rotationOf } from '../../src-worker/scene/projection.ts';
import { spaceFrame } from '../../src-worker/scene/space.ts';
import { paperStyleWith } from '../../src-worker/scene/style.ts';
import { cameraBeside, steadied } from '../../src-worker/scene/turns.ts';
import { trajectories } from '../../src-worker/views/trajectories.ts';
import { reaches } from '../views/reaches.ts';

const scene = trajectories.scene(reaches({ trials: 16, units: 8 }), valuesOf(trajectories.params, { show: 'averages' }), {
  width: 300,
  height: 200,
});
const style = paperStyleWith();

describe('the camera beside another', () => {
  test.each([
    DEFAULT_CAMERA,
    { azimuthDeg: 70, elevationDeg: -35, rollDeg: 20, zoom: 1 },
    { azimuthDeg: -90, elevationDeg: 90, rollDeg: 0, zoom: 1 },
  ])('keeps what is up, and sees what is near further to the left: %o', (camera) => {
    const before = rotationOf(camera);
    const after = rotationOf(cameraBeside(camera, 5));
    for (let k = 3; k < 6; k++) expect(after[k]).toBeCloseTo(before[k]!, 10);
    // A point that stood straight before the first eye lies to the left of the middle for one further to the right.
    const near = before.slice(6, 9);
    const right = after.slice(0, 3).reduce((sum, part, k) => sum + part * near[k]!, 0);
    expect(right).toBeCloseTo(-Math.sin((5 * Math.PI) / 180), 10);
  });

  test('and back again is the first', () => {
    const back = cameraBeside(cameraBeside(DEFAULT_CAMERA, 5), -5);
    expect(back.azimuthDeg).toBeCloseTo(DEFAULT_CAMERA.azimuthDeg, 9);
    expect(back.elevationDeg).toBeCloseTo(DEFAULT_CAMERA.elevationDeg, 9);
    expect(back.rollDeg).toBeCloseTo(0, 9);
  });
});

describe('cameras of one turn', () => {
  test('have one middle and one scale, at which each fits', () => {
    const turn = [0, 60, 120, 180].map((degrees) => ({ ...DEFAULT_CAMERA, azimuthDeg: degrees }));
    const whole = turn.map((camera) => spaceFrame(scene, 300, 200, style, camera).scale);
    const frames = steadied(scene, 300, 200, style, turn).map((camera) => spaceFrame(scene, 300, 200, style, camera));
    for (const { scale, target } of frames) {
      expect(scale).toBeCloseTo(frames[0]!.scale, 9);
      expect(target).toEqual(frames[0]!.target);
    }
    expect(frames[0]!.scale).toBeLessThanOrEqual(Math.min(...whole) * (1 + 1e-9));
  });
});

test('a stereo pair is two pictures side by side with the same words in the same places', () => {
  const { width, primitives } = draw(scene, 300, 200, paperStyleWith({ stereo: 5 }));
  expect(width).toBe(300);
  const furniture = primitives.filter(
    (primitive) => primitive.kind === 'text' && primitive.layer === 'furniture' && /ms$/.test(primitive.text),
  );
  const [left, right] = [0, 1].map((side) => furniture.slice((side * furniture.length) / 2, ((side + 1) * furniture.length) / 2));
  expect(left!.length).toBeGreaterThan(0);
  for (const [i, words] of left!.entries()) {
    const other = right![i]!;
    if (words.kind !== 'text' || other.kind !== 'text') throw new Error('no words');
    expect([other.text, other.y]).toEqual([words.text, words.y]);
    expect(other.x).toBeCloseTo(words.x + 150, 9);
  }
  expect(draw(scene, 300, 200, paperStyleWith({ stereo: 0 })).primitives.length).toBeLessThan(primitives.length);
});
