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
 * `observedBins` is the number of bins of each trial that were observed.
 */
export function countSpikes(
  timesUs: Float64Array,
  eventsUs: Float64Array,
  { startUs, binUs, count }: Bins,
  counts: Float32Array,
  unit: number,
  units: number,
  observedBins?: Int32Array,
): void {
  for (let trial = 0; trial < eventsUs.length; trial++) {
    const from = eventsUs[trial] + startUs;
    const stop = from + (observedBins?.[trial] ?? count) * binUs;
    for (let k = lowerBound(timesUs, from); k < timesUs.length && timesUs[k] < stop; k++)
      counts[(trial * count + Math.floor((timesUs[k] - from) / binUs)) * units + unit]++;
  }
}

/** Times about the event, ms, of one unit's spikes in one trial's first `observedBins` bins. */
export function spikesAbout(timesUs: Float64Array, eventUs: number, { startUs, binUs }: Bins, observedBins: number): Float64Array {
  const from = eventUs + startUs;
  const [first, end] = [lowerBound(timesUs, from), lowerBound(timesUs, from + observedBins * binUs)];
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

/** Whether [from, to] lies within one of the merged intervals, give or take the tolerance. */
export function within(from: number, to: number, intervals: Float64Array): boolean {
  for (let i = 0; i < intervals.length; i += 2)
    if (from >= intervals[i] - TOLERANCE_US && to <= intervals[i + 1] + TOLERANCE_US) return true;
  return false;
}
