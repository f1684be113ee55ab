// Signals averaged into the bins of trials; where a bin holds no sample, the line between its neighbours at the bin's centre.

import { Failure } from '../../contract/failure.ts';
import type { Signal } from '../../formats/format.ts';
import { type Bins, lowerBound, microseconds } from '../align.ts';
import type { Binned } from '../dataset.ts';

const SLICE_SAMPLES = 1 << 20;
/** Signals of up to so many values are read whole. */
const MOST_VALUES = 1 << 25;
/** Neighbours further apart than this many bins do not bridge a gap. */
const BRIDGE_BINS = 4;

const lastPart = (path: string): string => path.split('/').at(-1) ?? path;

/** `d:NAME` asks for the derivative. */
export function derivativeOf(name: string): { readonly name: string; readonly derived: boolean } {
  return name.startsWith('d:') ? { name: name.slice(2), derived: true } : { name, derived: false };
}

/** The signal of that path, title or last part of the path. Throws a Failure that lists what there is. */
export function findSignal(signals: readonly Signal[], name: string): Signal {
  const found =
    signals.find(({ path }) => path === name) ??
    signals.find(({ path, title }) => title === name || lastPart(path) === name || path === `/${name}`);
  if (found) return found;
  throw new Failure(
    'unknown-signal',
    `There is no signal “${name}” in this recording.`,
    signals.length > 0 ? `Known are: ${signals.map(({ path }) => path).join(', ')}.` : 'It holds no signals.',
  );
}

interface Samples {
  readonly timesUs: Float64Array;
  readonly values: Float64Array;
}

/** Gives the samples from one time to another (µs), with one neighbour on either side. */
type Reader = (fromUs: number, toUs: number) => Samples;

/** Short signals are read once; of long ones, such as raw voltages, only what trials need. */
function readerOf(signal: Signal): Reader {
  const channels = signal.channels.length;
  const all = signal.samples * channels <= MOST_VALUES ? readAll(signal) : undefined;
  const timeUs = (i: number): number => all?.timesUs[i] ?? microseconds(signal.read(i, i + 1).times[0]);
  const firstFrom = (time: number): number => {
    let [low, high] = [0, signal.samples];
    while (low < high) {
      const middle = Math.floor((low + high) / 2);
      if (timeUs(middle) < time) low = middle + 1;
      else high = middle;
    }
    return low;
  };
  return (fromUs, toUs) => {
    const [from, to] = [Math.max(0, firstFrom(fromUs) - 1), Math.min(signal.samples, firstFrom(toUs) + 1)];
    if (all) return { timesUs: all.timesUs.subarray(from, to), values: all.values.subarray(from * channels, to * channels) };
    const { times, values } = signal.read(from, to);
    return { timesUs: times.map(microseconds), values };
  };
}

/** All samples of a signal, read in slices. */
function readAll(signal: Signal): Samples {
  const channels = signal.channels.length;
  const timesUs = new Float64Array(signal.samples);
  const values = new Float64Array(signal.samples * channels);
  for (let from = 0; from < signal.samples; from += SLICE_SAMPLES) {
    const slice = signal.read(from, Math.min(signal.samples, from + SLICE_SAMPLES));
    timesUs.set(slice.times.map(microseconds), from);
    values.set(slice.values, from * channels);
  }
  return { timesUs, values };
}

/** Averages trials × bins × channels; `eventsUs` is time zero of each trial. */
export function binSignal(signal: Signal, eventsUs: Float64Array, bins: Bins, derived: boolean): Binned {
  const read = readerOf(signal);
  const channels = signal.channels.length;
  const name = derived ? `d:${lastPart(signal.path)}` : lastPart(signal.path);
  const unit = derived ? `${signal.unit}/s` : signal.unit;
  const trials = eventsUs.length;
  if (!derived) {
    const values = new Float32Array(trials * bins.count * channels);
    for (let trial = 0; trial < trials; trial++) values.set(averages(read, channels, eventsUs[trial], bins), trial * bins.count * channels);
    return { name, unit, channels: signal.channels, values };
  }
  // Central differences of bin averages, with one bin more on either side so that the ends are as good as the middle.
  const wider: Bins = { ...bins, startUs: bins.startUs - bins.binUs, count: bins.count + 2 };
  const values = new Float32Array(trials * bins.count * channels);
  for (let trial = 0; trial < trials; trial++)
    values.set(
      centralDifferences(averages(read, channels, eventsUs[trial], wider), channels, bins.binUs / 1e6),
      trial * bins.count * channels,
    );
  return { name, unit, channels: signal.channels, values };
}

/** Slope per second at the inner bins of a row of bins × channels; one-sided where a neighbour is missing. */
export function centralDifferences(values: Float64Array, channels: number, binSeconds: number): Float64Array {
  const inner = values.length / channels - 2;
  const slopes = new Float64Array(inner * channels);
  for (let t = 0; t < inner; t++)
    for (let c = 0; c < channels; c++) {
      const [before, at, after] = [0, 1, 2].map((k) => values[(t + k) * channels + c]);
      const both = (after - before) / (2 * binSeconds);
      const one = Number.isNaN(before) ? (after - at) / binSeconds : (at - before) / binSeconds;
      slopes[t * channels + c] = Number.isNaN(both) ? one : both;
    }
  return slopes;
}

function averages(read: Reader, channels: number, eventUs: number, { startUs, binUs, count }: Bins): Float64Array {
  const sums = new Float64Array(count * channels);
  const seen = new Int32Array(count * channels);
  const from = eventUs + startUs;
  const { timesUs, values } = read(from, from + count * binUs);
  for (let i = lowerBound(timesUs, from); i < timesUs.length && timesUs[i] < from + count * binUs; i++) {
    const bin = Math.floor((timesUs[i] - from) / binUs);
    for (let c = 0; c < channels; c++) {
      const value = values[i * channels + c];
      if (Number.isNaN(value)) continue;
      sums[bin * channels + c] += value;
      seen[bin * channels + c]++;
    }
  }
  for (let bin = 0; bin < count; bin++) {
    const centre = from + (bin + 0.5) * binUs;
    for (let c = 0; c < channels; c++) {
      const k = bin * channels + c;
      sums[k] = seen[k] > 0 ? sums[k] / seen[k] : between(timesUs, values, channels, c, centre, binUs);
    }
  }
  return sums;
}

function between(timesUs: Float64Array, values: Float64Array, channels: number, c: number, atUs: number, binUs: number): number {
  const after = lowerBound(timesUs, atUs);
  const before = after - 1;
  if (before < 0 || after >= timesUs.length) return Number.NaN;
  const gap = timesUs[after] - timesUs[before];
  if (gap > BRIDGE_BINS * binUs) return Number.NaN;
  const share = (atUs - timesUs[before]) / gap;
  return (1 - share) * values[before * channels + c] + share * values[after * channels + c];
}
