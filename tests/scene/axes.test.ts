import { describe, expect, test } from 'vitest';
import { numberText, rounded, scaleOf, ticksOf } from '../../src-worker/scene/axes.ts';
import type { Axis } from '../../src-worker/scene/scene.ts';
import { arialWidth, shortened } from '../../src-worker/scene/style.ts';

const axis = (more: Partial<Axis> = {}): Axis => ({ label: 'Rate', unit: 'Hz', scale: 'linear', ...more });
const labels = (more: Partial<Axis>, extent: readonly [number, number], length = 200) =>
  ticksOf(axis(more), scaleOf(axis(more), extent, [0, length]), 6, arialWidth, true).map(({ label }) => label);

describe('axes', () => {
  test('write numbers with a true minus and commas', () => {
    expect([-1234.5, 0, 0.25, -0.001, 1e6, 0.1 + 0.2].map((value) => numberText(value))).toEqual([
      '−1,235',
      '0',
      '0.25',
      '−0.001',
      '1,000,000',
      '0.3',
    ]);
    expect(numberText(-0.4, 0)).toBe('0');
  });

  test('round their ends to ticks, and logarithmic ones to 1, 2, 5', () => {
    expect(rounded([-390, 590], false)).toEqual([-400, 600]);
    expect(rounded([312, 2900], true)).toEqual([200, 5000]);
    expect(rounded([0.03, 0.03], true).every((value) => value > 0)).toBe(true);
    expect(rounded([5, 5], false)).toEqual([2.5, 7.5]);
  });

  test('have ticks with room for their labels', () => {
    expect(labels({}, [-390, 590])).toEqual(['−400', '−200', '0', '200', '400', '600']);
    expect(labels({}, [-390, 590], 60).length).toBeLessThanOrEqual(3);
    expect(labels({ scale: 'log' }, [312, 2900])).toEqual(['200', '500', '1,000', '2,000', '5,000']);
    expect(labels({ domain: [61.5, 0.5] }, [1, 61])).toEqual(['10', '20', '30', '40', '50', '60']);
  });

  test('named places that would touch are left out', () => {
    const ticks = [0, 1, 2, 3].map((at) => ({ at, label: 'a long name' }));
    expect(labels({ ticks, domain: [0, 3] }, [0, 3], 100)).toHaveLength(2);
  });

  test('go both ways, and have no place for zero on a logarithm', () => {
    const scale = scaleOf(axis({ scale: 'log' }), [1, 100], [0, 100]);
    expect(scale.to(10)).toBeCloseTo(50, 9);
    expect(scale.from(50)).toBeCloseTo(10, 9);
    expect(scale.to(0)).toBeNaN();
  });

  test('text is measured in Arial’s metrics and shortened with an ellipsis', () => {
    expect(arialWidth('PC 1, 34 %', 10)).toBeCloseTo(50.58, 2);
    expect(shortened('direction of the target', 10, 60, arialWidth)).toBe('direction of…');
  });
});
