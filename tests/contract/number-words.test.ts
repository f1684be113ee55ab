import { expect, test } from 'vitest';
import { numberWords } from '../../src-worker/contract/number-words.ts';

const said = (analysis: string, name: string, value: number): string => {
  const { words, value: text } = numberWords(analysis, name, value);
  return `${words}: ${text}`;
};

test('numbers of results have words and units', () => {
  expect(said('belief', 'regressors.dimensions95', 12)).toBe('activity: dimensions with 95 % of the variance: 12');
  expect(said('tangling', 'median', 1234.5678)).toBe('median: 1235 s⁻²');
  expect(said('divergence', 'median', 0.25)).toBe('median: 0.25');
  expect(said('lyapunov', 'largest', -0.12345)).toBe('largest exponent: −0.1235 1/s');
  expect(said('activity', 'largest', 0.9)).toBe('largest activity after scaling: 0.9');
  expect(said('decoding', 'lagMs', 80)).toBe('lag: 80 ms');
  expect(said('weights', 'smallestAngle', 12.5)).toBe('smallest angle between m and n: 12.5°');
});

test('what stands for yes, for a place, or for nothing is said so', () => {
  expect(said('lyapunov', 'settled', 0)).toBe('settles on a fixed point: no');
  expect(said('belief', 'regressors.recorded', 1)).toBe('activity: units are the recorded ones: yes');
  expect(said('belief', 'freeRun.start', 2)).toBe('free run: begins at: the state that its encoder read');
  expect(said('belief', 'freeRun.conditionMean', Number.NaN)).toBe('free run: share that means of conditions explain: –');
});

test('names that have no words of their own are taken apart', () => {
  expect(said('made-up', 'outer.medianOfAll', 2)).toBe('outer: median of all: 2');
  expect(said('made-up', 'riseMs', 2)).toBe('rise: 2 ms');
});
