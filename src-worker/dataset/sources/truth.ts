// Known rates of a simulated recording, as counts per bin.

import { Failure } from '../../contract/failure.ts';
import type { Truth } from '../../formats/format.ts';
import type { Bins } from '../align.ts';

/** Expected counts, trials × bins × units: rates are constant within a step, so a bin adds up the steps it covers. */
export function expectedCounts(truth: Truth, units: Int32Array, eventsUs: Float64Array, { startUs, binUs, count }: Bins): Float32Array {
  const stepUs = Math.round(truth.stepSeconds * 1e6);
  const expected = new Float32Array(eventsUs.length * count * units.length);
  for (let trial = 0; trial < eventsUs.length; trial++) {
    const from = eventsUs[trial] + startUs;
    const firstStep = Math.floor(from / stepUs);
    const stopStep = Math.ceil((from + count * binUs) / stepUs);
    for (let u = 0; u < units.length; u++) {
      const rates = truth.rateHz(units[u], firstStep, stopStep);
      for (let bin = 0; bin < count; bin++) {
        const [start, stop] = [from + bin * binUs, from + (bin + 1) * binUs];
        let sum = 0;
        for (let step = Math.floor(start / stepUs); step * stepUs < stop; step++)
          sum += rates[step - firstStep] * (Math.min(stop, (step + 1) * stepUs) - Math.max(start, step * stepUs));
        expected[(trial * count + bin) * units.length + u] = sum / 1e6;
      }
    }
  }
  return expected;
}

/** Throws a Failure where truth and counts differ by more than twofold in their mean: then the unit of the truth is another. */
export function checkTruth(truth: Float32Array, counts: Float32Array, path: string): void {
  let [expected, found] = [0, 0];
  for (let i = 0; i < truth.length; i++) {
    if (Number.isNaN(truth[i])) continue;
    expected += truth[i];
    found += counts[i];
  }
  const ratio = expected / found;
  if (ratio <= 2 && ratio >= 0.5) return;
  throw new Failure(
    'truth-differs',
    `The true rates in ${path} have ${ratio > 2 ? `${ratio.toPrecision(3)} times` : `only ${ratio.toPrecision(2)} of`} the mean of the counts.`,
    'Say their unit with --truth-unit counts (per bin of the file) or --truth-unit hz, or name another array.',
  );
}
