// External inputs: what the animal was shown or given, as channels in bins. Signals are resampled; events become pulses and steps.

import { Failure } from '../contract/failure.ts';
import { columnOf, numbersOf, restrict, textOf } from './columns.ts';
import type { Binned } from './dataset.ts';
import type { Source } from './sources/source.ts';

/**
 * Channels of all entries side by side, trials × bins × channels:
 *   NAME                     a signal, averaged into bins
 *   pulse:EVENT              1 in the bin that holds the event
 *   step:EVENT               1 from the event on
 *   one-hot:COLUMN[@EVENT]   a channel per value of the column, 1 in trials that have it (from the event on)
 *   value:COLUMN[@EVENT]     the column's number (from the event on)
 * A trial without the event, or without a value, gets 0. Throws a Failure where a signal has gaps.
 */
export function externalInputs(source: Source, entries: readonly string[], trials: Int32Array): Binned | undefined {
  const own = source.external?.(trials);
  const parts = [...(own ? [own] : []), ...entries.map((entry) => partOf(source, entry, trials))];
  if (parts.length === 0) return undefined;
  const rows = trials.length * (source.edgesMs.length - 1);
  const channels = parts.flatMap((part) => part.channels);
  const values = new Float32Array(rows * channels.length);
  let at = 0;
  for (const part of parts) {
    const width = part.channels.length;
    for (let row = 0; row < rows; row++)
      for (let c = 0; c < width; c++) values[row * channels.length + at + c] = part.values[row * width + c];
    at += width;
  }
  return { name: parts.map(({ name }) => name).join(', '), unit: parts.length === 1 ? parts[0].unit : '', channels, values };
}

function partOf(source: Source, entry: string, trials: Int32Array): Binned {
  const [, kind, name, event] = /^(pulse|step|one-hot|value):([^@]+)(?:@(.+))?$/.exec(entry) ?? [];
  switch (kind) {
    case 'pulse':
      return inBins(source, entry, [entry], trials, source.eventMs(name, trials), (from, to, at) => (at >= from && at < to ? [1] : [0]));
    case 'step':
      return inBins(source, entry, [entry], trials, source.eventMs(name, trials), (from, to, at) => [after(from, to, at)]);
    case 'value': {
      const values = numbersOf(restrict(columnOf(source.trials.columns, name, 'trial'), trials), 'trial');
      return inBins(source, entry, [name], trials, onset(source, event, trials), (from, to, at, trial) => [
        (values[trial] || 0) * after(from, to, at),
      ]);
    }
    case 'one-hot': {
      const column = columnOf(source.trials.columns, name, 'trial');
      const texts = Array.from(trials, (row) => textOf(column, row));
      // Values of the whole table, so that a filter on trials leaves the channels of a trained model as they are.
      const values = Array.from(column.values.keys(), (row) => textOf(column, row));
      const known = [...new Set(values)].filter((text) => text !== '').sort((a, b) => a.localeCompare(b, 'en', { numeric: true }));
      const channels = known.map((text) => `${name} ${text}`);
      return inBins(source, entry, channels, trials, onset(source, event, trials), (from, to, at, trial) =>
        known.map((text) => (texts[trial] === text ? after(from, to, at) : 0)),
      );
    }
    default: {
      const signal = source.signal(entry, trials);
      const gap = signal.values.findIndex((value) => Number.isNaN(value));
      if (gap < 0) return signal;
      const row = trials[Math.floor(gap / (signal.values.length / trials.length))];
      throw new Failure(
        'gap-in-input',
        `The external input ${signal.name} has no value in part of trial ${row}.`,
        'Leave such trials out, or choose another input.',
      );
    }
  }
}

/** Where the value starts to count: an event, or before the trial. */
const onset = (source: Source, event: string | undefined, trials: Int32Array): Float64Array =>
  event === undefined ? new Float64Array(trials.length).fill(-Infinity) : source.eventMs(event, trials);

/** Share of a bin that lies after the event. */
const after = (from: number, to: number, at: number): number =>
  at >= to || Number.isNaN(at) ? 0 : at <= from ? 1 : (to - at) / (to - from);

function inBins(
  { edgesMs }: Source,
  name: string,
  channels: readonly string[],
  trials: Int32Array,
  eventMs: Float64Array,
  value: (from: number, to: number, at: number, trial: number) => readonly number[],
): Binned {
  const bins = edgesMs.length - 1;
  const values = new Float32Array(trials.length * bins * channels.length);
  for (let trial = 0; trial < trials.length; trial++)
    for (let bin = 0; bin < bins; bin++)
      values.set(value(edgesMs[bin], edgesMs[bin + 1], eventMs[trial], trial), (trial * bins + bin) * channels.length);
  return { name, unit: '', channels, values };
}
