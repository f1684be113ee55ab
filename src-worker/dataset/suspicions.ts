// Times that look like milliseconds where seconds are meant.

import type { Recording } from '../formats/format.ts';
import { median } from '../numerics/statistics.ts';

/** A recording longer than this in which units hardly fire is most likely a thousand times shorter. */
const LONG_SECONDS = 10_000;
const SLOW_HZ = 0.1;
const LONG_TRIAL_SECONDS = 100;

export function suspiciousTimes(recording: Recording): readonly string[] {
  if (recording.unitTables().length === 0) return [];
  const { seconds, intervalTables, spikes, units } = recording.summary;
  const rateHz = spikes / units / seconds;
  if (seconds > LONG_SECONDS && rateHz < SLOW_HZ)
    return [
      `Times look like milliseconds: the recording would be ${(seconds / 3600).toFixed(1)} h long and units fire at ${rateHz.toPrecision(2)} Hz on average. NWB wants seconds.`,
    ];
  const trials = recording.intervalTables().find(({ path }) => path.endsWith('/trials'));
  const [starts, stops] = ['start_time', 'stop_time'].map((name) => trials?.columns.find((column) => column.name === name)?.values);
  if (!(starts instanceof Float64Array) || !(stops instanceof Float64Array) || starts.length === 0) return [];
  const length = median(stops.map((stop, row) => stop - starts[row]));
  const lastTrial = intervalTables.find(({ path }) => path.endsWith('/trials'))?.columns.find(({ name }) => name === 'stop_time')?.max ?? 0;
  if (length > LONG_TRIAL_SECONDS && lastTrial > LONG_SECONDS && lastTrial > 100 * lastSpike(recording))
    return [
      `Times of trials look like milliseconds: half of the trials would be longer than ${length.toFixed(0)} s, long after the last spike. NWB wants seconds.`,
    ];
  return [];
}

function lastSpike(recording: Recording): number {
  const [table] = recording.unitTables();
  let last = 0;
  for (let row = 0; row < table.rows; row++) last = Math.max(last, table.spikeTimes(row).at(-1) ?? 0);
  return last;
}
