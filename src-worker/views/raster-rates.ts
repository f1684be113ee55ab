// What a raster is of spikes, of rates or other continuous activity: one unit in every trial, a line each, as colours.

import type { Dataset } from '../dataset/dataset.ts';
import type { Image, Mark, ValueScale } from '../scene/scene.ts';

/** Trials in the order given, the first at the top of an axis that runs down. NaN where a bin was not observed. */
export function heatOf(
  { counts, observed, bins, units, edgesMs }: Dataset,
  unit: number,
  trials: Int32Array,
): { readonly mark: Mark; readonly scale: ValueScale } {
  const values = new Float32Array(trials.length * bins);
  for (const [line, trial] of trials.entries())
    for (let t = 0; t < bins; t++) {
      const at = trial * bins + t;
      values[line * bins + t] = observed && !observed[at] ? Number.NaN : counts[at * units + unit];
    }
  let [least, most] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const value of values) {
    if (value < least) least = value;
    if (value > most) most = value;
  }
  const size = Math.max(Math.abs(least), Math.abs(most)) || 1;
  const signed = least < 0;
  const scale: ValueScale = signed
    ? { label: 'Activity', unit: '', domain: [-size, size], palette: 'signed' }
    : { label: 'Rate', unit: 'Hz', domain: [0, size], palette: 'sequential' };
  const mark: Image = {
    kind: 'image',
    key: 'rates',
    datum: {},
    colour: 'ink',
    rows: trials.length,
    columns: bins,
    values,
    x0: edgesMs[0],
    x1: edgesMs[bins],
    y0: 0.5,
    y1: trials.length + 0.5,
    scale,
  };
  return { mark, scale };
}
