// TimeSeries of an NWB file: behaviour and stimuli with their clock, unit and conversion, read a stretch at a time.

import type { Signal } from '../format.ts';
import type { H5File } from '../h5/file.ts';

/** Recordings of voltage and images are not signals that a dataset averages into bins. */
const RAW_TYPES = [
  'ElectricalSeries',
  'SpikeEventSeries',
  'ImageSeries',
  'ImageMaskSeries',
  'OpticalSeries',
  'TwoPhotonSeries',
  'OnePhotonSeries',
  'IndexSeries',
  'AbstractFeatureSeries',
];

export interface NwbSignal extends Signal {
  readonly rateHz: number | undefined;
  /** First and last sample, s. */
  readonly span: readonly [number, number];
}

/** Times of samples: a rate from a start, or a list. */
interface Clock {
  readonly rateHz: number | undefined;
  readonly span: readonly [number, number];
  /** Samples [first, last) that lie in [from, to). */
  range(from: number, to: number): readonly [number, number];
  time(sample: number): number;
}

function regular(start: number, rateHz: number, samples: number): Clock {
  const clamp = (sample: number) => Math.min(samples, Math.max(0, sample));
  // A sample at the border counts as inside: a thousandth of a step covers rounding of the times asked for.
  const at = (seconds: number) => clamp(Math.ceil((seconds - start) * rateHz - 1e-3));
  return {
    rateHz,
    span: [start, start + (samples - 1) / rateHz],
    range: (from, to) => [at(from), at(to)],
    time: (sample) => start + sample / rateHz,
  };
}

function listed(times: Float64Array): Clock {
  const firstFrom = (seconds: number) => {
    let [low, high] = [0, times.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (times[middle] < seconds) low = middle + 1;
      else high = middle;
    }
    return low;
  };
  return {
    rateHz: undefined,
    span: [times[0], times[times.length - 1]],
    range: (from, to) => [firstFrom(from), firstFrom(to)],
    time: (sample) => times[sample],
  };
}

const lastPart = (path: string) => path.slice(path.lastIndexOf('/') + 1);

/** The signal in the group at `path`; undefined, with a note where that is surprising, where there is none to read. */
export function readSignal(file: H5File, path: string, notes: string[]): NwbSignal | undefined {
  const data = file.array(`${path}/data`);
  if (data === undefined || data.kind !== 'number' || data.length === 0 || data.shape.length === 0) return undefined;
  if (RAW_TYPES.includes(file.attributeText(path, 'neurodata_type'))) return undefined;
  const samples = data.shape[0];
  const leave = (why: string) => {
    notes.push(`${path} ${why} and is left out.`);
    return undefined;
  };
  if (data.elsewhere) return leave('lies in another file');

  const stamps = file.array(`${path}/timestamps`);
  const starting = file.array(`${path}/starting_time`);
  let clock: Clock;
  let order: Uint32Array | undefined;
  if (stamps !== undefined && stamps.kind === 'number' && stamps.length > 0) {
    if (stamps.length !== samples) return leave(`has ${stamps.length} timestamps for ${samples} samples`);
    const times = file.numbers(stamps.path);
    if (!times.every(Number.isFinite)) return leave('has timestamps that are no numbers');
    if (times.some((time, i) => i > 0 && time < times[i - 1])) {
      notes.push(`Timestamps of ${path} were not in order and were sorted.`);
      order = Uint32Array.from(times.keys()).sort((a, b) => times[a] - times[b] || a - b);
      times.sort();
    }
    clock = listed(times);
  } else if (starting !== undefined && starting.kind === 'number' && starting.length > 0) {
    const rateHz = file.attributeNumber(starting.path, 'rate') ?? NaN;
    const start = file.numbers(starting.path)[0];
    if (!(rateHz > 0) || !Number.isFinite(rateHz)) return leave('has no sampling rate');
    if (!Number.isFinite(start)) notes.push(`The starting time of ${path} is no number and is taken as 0 s.`);
    clock = regular(Number.isFinite(start) ? start : 0, rateHz, samples);
  } else return leave('has no times');

  const width = data.shape.slice(1).reduce((product, size) => product * size, 1);
  const conversion = file.attributeNumber(data.path, 'conversion') ?? 1;
  const scale = Number.isFinite(conversion) && conversion !== 0 ? conversion : 1;
  const offset = file.attributeNumber(data.path, 'offset') ?? 0;
  return {
    path,
    title: lastPart(path),
    unit: file.attributeText(data.path, 'unit'),
    channels: channelNames(lastPart(path), width),
    samples,
    rateHz: clock.rateHz,
    span: clock.span,
    read(from, to) {
      const [first, last] = clock.range(from, to);
      const count = Math.max(0, last - first);
      const values =
        order === undefined ? file.numbers(data.path, first, last) : picked(file.numbers(data.path), order.subarray(first, last), width);
      if (scale !== 1 || offset !== 0) for (let i = 0; i < values.length; i++) values[i] = values[i] * scale + offset;
      return { times: Float64Array.from({ length: count }, (_, i) => clock.time(first + i)), values };
    },
  };
}

function picked(values: Float64Array, rows: Uint32Array, width: number): Float64Array {
  const result = new Float64Array(rows.length * width);
  for (const [i, row] of rows.entries()) result.set(values.subarray(row * width, (row + 1) * width), i * width);
  return result;
}

/** One channel carries the series' own name, two or three are directions in space, more are counted from 0. */
const channelNames = (name: string, width: number): readonly string[] =>
  width === 1 ? [name] : width <= 3 ? ['x', 'y', 'z'].slice(0, width) : Array.from({ length: width }, (_, k) => String(k));
