import { expect, test } from 'vitest';
import { binsOf, countSpikes, edgesOf, merged, microseconds, shared, within, spikesAbout } from '../../src-worker/dataset/align.ts';

test('edges are whole microseconds, never sums of a width', () => {
  const bins = binsOf([-250, 450], 0.1);
  expect(bins.count).toBe(7000);
  expect(edgesOf(bins)[6999]).toBe(449.9);
});

test('a window that is no whole number of bins is refused with the two nearest that are', () => {
  expect(() => binsOf([-250, 450], 30)).toThrow(/-250,440 or -250,470/);
});

test('a spike on an edge falls into the bin that begins there, whatever its binary rounding', () => {
  // 0.1 + 0.2 is just above 0.3, 1.1 − 0.8 just above: both stand on the edge at 300 ms.
  const times = Float64Array.of(0.1 + 0.2, 0.3 - 1e-12).map(microseconds);
  const counts = new Float32Array(10);
  countSpikes(times, Float64Array.of(0), binsOf([0, 1000], 100), counts, 0, 1);
  expect([...counts]).toEqual([0, 0, 0, 2, 0, 0, 0, 0, 0, 0]);
});

test('the bin that holds the last edge is not part of the window', () => {
  const counts = new Float32Array(2);
  countSpikes(Float64Array.of(0, 199_999, 200_000), Float64Array.of(0), binsOf([0, 200], 100), counts, 0, 1);
  expect([...counts]).toEqual([1, 1]);
});

test('windows before the event count the spikes before it', () => {
  const counts = new Float32Array(2);
  countSpikes(Float64Array.of(900_000, 1_050_000), Float64Array.of(1_000_000), binsOf([-100, 100], 100), counts, 0, 1);
  expect([...counts]).toEqual([1, 1]);
});

test('intervals that touch are one, others are intersected', () => {
  expect([...merged(Float64Array.of(5, 9, 0, 5, 20, 30))]).toEqual([0, 9, 20, 30]);
  expect([...shared(Float64Array.of(0, 9, 20, 30), Float64Array.of(4, 25))]).toEqual([4, 9, 20, 25]);
});

test('a window may leave an interval by a microsecond, not by two', () => {
  const intervals = Float64Array.of(100, 200);
  expect(within(99, 201, intervals)).toBe(true);
  expect(within(98, 200, intervals)).toBe(false);
});

test('exact spike times about the event fall into the bins that count them', () => {
  const times = Float64Array.of(900_000, 1_000_000, 1_019_999, 1_020_000, 1_059_999, 1_060_000);
  const bins = binsOf([0, 60], 20);
  const counts = new Float32Array(3);
  countSpikes(times, Float64Array.of(1_000_000), bins, counts, 0, 1);
  const spikes = spikesAbout(times, 1_000_000, bins, [0, 3]);
  expect([...spikes]).toEqual([0, 19.999, 20, 59.999]);
  expect([0, 1, 2].map((bin) => spikes.filter((ms) => Math.floor(ms / 20) === bin).length)).toEqual([...counts]);
  expect([...spikesAbout(times, 1_000_000, bins, [0, 1])]).toEqual([0, 19.999]);
});
