// The bins of an array: those of the file, a stretch of them, or several added together.

import { Failure } from '../../contract/failure.ts';
import type { Bins } from '../align.ts';

export interface Grid {
  readonly bins: Bins;
  /** Width of the file's own bins, how many make one of ours, and which of them are used. */
  readonly stepMs: number;
  readonly factor: number;
  readonly from: number;
  readonly stop: number;
  /** Our bin that a bin of the file falls into. */
  binOf(fileBin: number): number;
  readonly notes: readonly string[];
}

/** Throws a Failure where the new width is no multiple of the old, or the window leaves the array. */
export function gridOf(
  fileBins: number,
  stepMs: number,
  rebinMs: number | undefined,
  windowMs: readonly [number, number] | undefined,
  path: string,
): Grid {
  const stepUs = Math.round(stepMs * 1000);
  const binUs = Math.round((rebinMs ?? stepMs) * 1000);
  const factor = binUs / stepUs;
  if (!Number.isInteger(factor))
    throw new Failure(
      'rebin-not-multiple',
      `${rebinMs} ms is no multiple of the ${stepMs} ms bins of ${path}.`,
      `Try --rebin-ms ${stepMs * Math.max(1, Math.round(factor))}.`,
    );
  const span = (fileBins * stepUs) / 1000;
  const [startMs, stopMs] = windowMs ?? [0, span];
  if (startMs < 0 || stopMs > span)
    throw new Failure(
      'window-outside',
      `The window ${startMs} to ${stopMs} ms leaves the array ${path}, which covers 0 to ${span} ms.`,
      'Choose --window-ms within it; it counts from the start of the array.',
    );
  const from = Math.round(startMs * 1000) / stepUs;
  if (!Number.isInteger(from))
    throw new Failure(
      'window-not-bins',
      `A window cannot start at ${startMs} ms in bins of ${stepMs} ms.`,
      `The nearest start is ${(Math.round(from) * stepUs) / 1000} ms.`,
    );
  const wanted = (stopMs * 1000 - from * stepUs) / binUs;
  const count = Math.floor(wanted + 1e-9);
  if (windowMs && Math.abs(wanted - Math.round(wanted)) > 1e-9) {
    const ends = [count, count + 1]
      .filter((n) => n > 0 && from * stepUs + n * binUs <= span * 1000)
      .map((n) => `${startMs},${(from * stepUs + n * binUs) / 1000}`);
    throw new Failure(
      'window-not-bins',
      `The window ${startMs} to ${stopMs} ms is no whole number of ${binUs / 1000} ms bins.`,
      `The nearest that are: ${ends.join(' or ')}.`,
    );
  }
  if (count < 1)
    throw new Failure(
      'rebin-too-wide',
      `Bins of ${binUs / 1000} ms are longer than ${path}, which covers ${span} ms.`,
      'Choose a narrower --rebin-ms.',
    );
  const stop = from + count * factor;
  const unused = windowMs ? 0 : fileBins - stop;
  return {
    bins: { startUs: from * stepUs, binUs, count },
    stepMs,
    factor,
    from,
    stop,
    binOf: (fileBin) => Math.floor((fileBin - from) / factor),
    notes: unused > 0 ? [`The last ${unused * stepMs} ms of ${path} do not fill a bin and are not used.`] : [],
  };
}

/** Averages a row of the file's bins × channels into our bins × channels; missing values are left out of the mean. */
export function rebinned(values: Float64Array, channels: number, { bins, from, stop, binOf }: Grid): Float64Array {
  const sums = new Float64Array(bins.count * channels);
  const seen = new Int32Array(bins.count * channels);
  for (let bin = from; bin < stop; bin++)
    for (let c = 0; c < channels; c++) {
      const value = values[bin * channels + c];
      if (Number.isNaN(value)) continue;
      sums[binOf(bin) * channels + c] += value;
      seen[binOf(bin) * channels + c]++;
    }
  return sums.map((sum, i) => (seen[i] > 0 ? sum / seen[i] : Number.NaN));
}
