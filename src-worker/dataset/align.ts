// Bins about an event. Edges are integers of microseconds, never sums, so that a spike on an edge always falls the same way.

import { Failure } from '../contract/failure.ts';

export interface Bins {
  readonly startUs: number;
  readonly binUs: number;
  readonly count: number;
}

/** What rounding of times in a file is forgiven, µs. */
export const TOLERANCE_US = 1;

export const microseconds = (seconds: number): number => Math.round(seconds * 1e6);

/** Bins of a window. Throws a Failure with the two nearest windows where it is no whole number of bins. */
export function binsOf([from, to]: readonly [number, number], binMs: number): Bins {
  const [startUs, stopUs, binUs] = [from, to, binMs].map((ms) => Math.round(ms * 1000));
  const count = (stopUs - startUs) / binUs;
  if (Number.isInteger(count)) return { startUs, binUs, count };
  const nearest = [Math.floor(count), Math.ceil(count)]
    .filter((bins) => bins > 0)
    .map((bins) => `${from},${(startUs + bins * binUs) / 1000}`);
  throw new Failure(
    'window-not-bins',
    `The window ${from} to ${to} ms is no whole number of ${binMs} ms bins.`,
    `The nearest ${nearest.length > 1 ? 'windows that are' : 'window that is one'}: ${nearest.join(' or ')}.`,
  );
}

/** count + 1 edges about the event, ms. */
export const edgesOf = ({ startUs, binUs, count }: Bins): Float64Array =>
  Float64Array.from({ length: count + 1 }, (_, k) => (startUs + k * binUs) / 1000);

/** A first bin and the one after the last. */
export type BinSpan = readonly [first: number, end: number];

/** The first place in a sorted list whose value is at least `value`. */
export function lowerBound(sorted: Float64Array, value: number): number {
  let [low, high] = [0, sorted.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (sorted[middle] < value) low = middle + 1;
    else high = middle;
  }
  return low;
}

/**
 * Adds the spikes of one unit to trials × bins × units of counts. `timesUs` are sorted whole microseconds, `eventsUs` one per trial;
 * `observed` says of each trial its first observed bin and the one after its last.
 */
export function countSpikes(
  timesUs: Float64Array,
  eventsUs: Float64Array,
  { startUs, binUs, count }: Bins,
  counts: Float32Array,
  unit: number,
  units: number,
  observed?: readonly BinSpan[],
): void {
  for (let trial = 0; trial < eventsUs.length; trial++) {
    const from = eventsUs[trial] + startUs;
    const [first, end] = observed?.[trial] ?? [0, count];
    const stop = from + end * binUs;
    for (let k = lowerBound(timesUs, from + first * binUs); k < timesUs.length && timesUs[k] < stop; k++)
      counts[(trial * count + Math.floor((timesUs[k] - from) / binUs)) * units + unit]++;
  }
}

/** Times about the event, ms, of one unit's spikes in one trial's observed bins. */
export function spikesAbout(timesUs: Float64Array, eventUs: number, { startUs, binUs }: Bins, observed: BinSpan): Float64Array {
  const [first, end] = observed.map((bin) => lowerBound(timesUs, eventUs + startUs + bin * binUs));
  return timesUs.slice(first, end).map((time) => (time - eventUs) / 1000);
}

/** Sorted start, stop … with neighbours that touch (within the tolerance) merged. */
export function merged(intervals: Float64Array): Float64Array {
  const pairs = Array.from({ length: intervals.length / 2 }, (_, k) => [intervals[2 * k], intervals[2 * k + 1]] as const).sort(
    (a, b) => a[0] - b[0],
  );
  const flat: number[] = [];
  for (const [start, stop] of pairs) {
    if (flat.length > 0 && start <= flat[flat.length - 1] + TOLERANCE_US) flat[flat.length - 1] = Math.max(flat[flat.length - 1], stop);
    else flat.push(start, stop);
  }
  return Float64Array.from(flat);
}

/** Time that lies in both of two merged lists of start, stop … */
export function shared(a: Float64Array, b: Float64Array): Float64Array {
  const flat: number[] = [];
  for (let i = 0, j = 0; i < a.length && j < b.length; ) {
    const [start, stop] = [Math.max(a[i], b[j]), Math.min(a[i + 1], b[j + 1])];
    if (stop > start) flat.push(start, stop);
    if (a[i + 1] < b[j + 1]) i += 2;
    else j += 2;
  }
  return Float64Array.from(flat);
}

/**
 * The bins about an event that lie wholly in one of the intervals (start, stop …): those in a row that reach closest to the event;
 * `[0, 0]` where there are none.
 */
export function binsWithin(eventUs: number, { startUs, binUs, count }: Bins, intervals: Float64Array): BinSpan {
  let best: BinSpan = [0, 0];
  let nearest = Number.POSITIVE_INFINITY;
  const from = eventUs + startUs;
  for (let i = 0; i < intervals.length; i += 2) {
    const first = Math.max(0, Math.ceil((intervals[i] - TOLERANCE_US - from) / binUs));
    const end = Math.min(count, Math.floor((intervals[i + 1] + TOLERANCE_US - from) / binUs));
    const away = Math.max(0, intervals[i] - eventUs, eventUs - intervals[i + 1]);
    if (end > first && away < nearest) [best, nearest] = [[first, end], away];
  }
  return best;
}

/** Whether [from, to] lies within one of the merged intervals, give or take the tolerance. */
export function within(from: number, to: number, intervals: Float64Array): boolean {
  for (let i = 0; i < intervals.length; i += 2)
    if (from >= intervals[i] - TOLERANCE_US && to <= intervals[i + 1] + TOLERANCE_US) return true;
  return false;
}
