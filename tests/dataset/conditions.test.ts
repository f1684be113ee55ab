import { expect, test } from 'vitest';
import { conditionsOf } from '../../src-worker/dataset/conditions.ts';
import { column, range } from './fake-recording.ts';

test('text is nominal, in natural order; trials without a value are in no condition', () => {
  const { names, of, scale } = conditionsOf([column('target', ['t10', 't2', '', 't2'])], 'target');
  expect(names).toEqual(['t2', 't10']);
  expect([...of]).toEqual([1, 0, -1, 0]);
  expect(scale).toBe('nominal');
});

test('numbers are ordered, codes of conditions are not', () => {
  const contrast = column('contrast', [0.25, 0, 1, 0.25]);
  const code = column('condition', [3, 1, 3, 1]);
  expect(conditionsOf([contrast], 'contrast')).toMatchObject({ names: ['0', '0.25', '1'], scale: 'ordinal' });
  expect(conditionsOf([code], '/condition')).toMatchObject({ names: ['1', '3'], scale: 'nominal', label: 'condition' });
});

test('a column said to be steps of degrees is an angle', () => {
  const direction = column('direction', [7, 0, 1, 0], 'Target direction, 0 to 7, times 45 degrees');
  const { names, scale, values, of } = conditionsOf([direction], 'direction');
  expect(names).toEqual(['0°', '45°', '315°']);
  expect([...(values ?? [])]).toEqual([0, 45, 315]);
  expect([...of]).toEqual([2, 0, 1, 0]);
  expect(scale).toBe('angle');
});

test('codes that go round are angles too', () => {
  const direction = column('direction', [2, 0, 5], 'Target, 0 to 7 counter-clockwise from the right');
  expect(conditionsOf([direction], 'direction')).toMatchObject({ names: ['0°', '90°', '225°'], scale: 'angle' });
});

test('angles in degrees and radians are told apart, and wrap', () => {
  expect(conditionsOf([column('target_angle', [-90, 270, 0, 90])], 'target_angle').names).toEqual(['0°', '90°', '270°']);
  const radians = column('angle', [-Math.PI / 2, 1.5 * Math.PI, 0, Math.PI / 2], 'Reach angle in radians');
  expect(conditionsOf([radians], 'angle').names).toEqual(['0°', '90°', '270°']);
  expect(conditionsOf([column('direction', [0, 90, 180])], 'direction').scale).toBe('angle');
  expect(conditionsOf([column('direction', [0, 1, 2])], 'direction').scale).toBe('ordinal');
});

test('a product has the combinations that occur', () => {
  const columns = [column('side', ['left', 'right', 'left', '']), column('correct', [true, true, false, true])];
  const { names, of, label } = conditionsOf(columns, 'side*correct');
  expect(names).toEqual(['left, not correct', 'left, correct', 'right, correct']);
  expect([...of]).toEqual([1, 2, 0, -1]);
  expect(label).toBe('side × correct');
});

test('bins of numbers hold equal shares, bins of angles equal sectors about 0', () => {
  const time = column(
    'reaction',
    range(40, (k) => k * k),
  );
  const quarters = conditionsOf([time], 'reaction:4');
  expect(range(4, (c) => quarters.of.filter((k) => k === c).length)).toEqual([10, 10, 10, 10]);
  const sectors = conditionsOf([column('angle', [350, 10, 80, 100, 180, 260])], 'angle:4');
  expect([...sectors.of]).toEqual([0, 0, 1, 1, 2, 3]);
  expect(sectors.names).toEqual(['0°', '90°', '180°', '270°']);
});

test('a column in which each trial has its own value is refused with bins as the way out', () => {
  expect(() =>
    conditionsOf(
      [
        column(
          'reaction',
          range(100, (k) => k / 7),
        ),
      ],
      'reaction',
    ),
  ).toThrow(/100 values for 100 trials.*reaction:4/);
});
