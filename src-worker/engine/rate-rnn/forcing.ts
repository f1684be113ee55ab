// Forcing of a shard's states towards what was recorded, forward and back (models/rate-rnn/stepper.ts says which state each kind gives).

import { ALMOST_NONE, MOST_MOVED, type RateConstants } from '../../models/rate-rnn/stepper.ts';
import { multiply } from '../products.ts';
import { stateAt, type Work, weightAt } from './shard.ts';

/** Kinds of errors, as kernels/teacher.ts counts them. */
const KIND = { counts: 0, values: 1, smoothedCounts: 2, smoothedValues: 3, errors: 4 } as const;

function kindOf({ forcing, teacher, sizes }: RateConstants): number {
  const gaussian = sizes.outputsPerUnit === 2;
  if (forcing === 'error') return teacher === 'smoothed' || gaussian ? KIND.errors : KIND.counts;
  if (teacher === 'smoothed') return gaussian ? KIND.smoothedValues : KIND.smoothedCounts;
  return gaussian ? KIND.values : KIND.counts;
}

/** Whether each of the shard's trials was observed in bin t. */
function observedAt({ f32, plan, pass, first, rows }: Work, t: number): boolean[] {
  const { input, s } = plan;
  const bytes = new Uint8Array(f32.buffer, input.observed + first * s.bins, rows * s.bins);
  return Array.from({ length: rows }, (_, i) => !pass.hasObserved || bytes[i * s.bins + t] !== 0);
}

/** Writes x̃ of bin t behind `forced`. */
export function forceStates(work: Work, t: number): void {
  const { k, plan, lane, rows, pass, first, f32 } = work;
  const { s, widths: w, packs, constants, input, teacher } = plan;
  const smoothed = constants.teacher === 'smoothed';
  const observed = observedAt(work, t);
  const x = stateAt(work, t * s.substeps);
  const out = lane.forced + 4 * t * rows * w.hidden;
  multiply(k, packs.readout, rows, x, w.hidden, lane.seen, w.readout, 0);
  const { forcing, ridge } = constants;
  const relative = forcing === 'error';
  for (let i = 0; i < rows; i++) {
    const row = 4 * i * w.hidden;
    if (!observed[i]) {
      f32.copyWithin((out + row) / 4, (x + row) / 4, (x + row) / 4 + w.hidden);
      continue;
    }
    k.teach(
      kindOf(constants),
      s.hidden,
      s.units,
      x + row,
      lane.seen + 4 * i * w.readout,
      weightAt(work, 'readout.b'),
      w.units,
      smoothed ? input.smoothed + 4 * ((first + i) * s.bins + t) * s.units : lane.target + 4 * (t * rows + i) * w.units,
      teacher!.rows,
      teacher!.gram,
      relative ? ALMOST_NONE : ridge,
      Number(relative),
      MOST_MOVED / Math.sqrt(ridge),
      forcing === 'generalised' ? pass.strength : 1,
      lane.solving,
      out + row,
    );
    // Padding beyond the states.
    f32.fill(0, (out + row) / 4 + s.hidden, (out + row) / 4 + w.hidden);
  }
}

/** `dh` from the gradient of x̃ of bin t to that of x. */
export function forcedBack(work: Work, t: number): void {
  const { k, plan, lane, rows, f32, pass } = work;
  const { s, widths: w, constants, teacher } = plan;
  const observed = observedAt(work, t);
  if (constants.forcing === 'error') multiply(k, teacher!.past, rows, lane.dh, w.hidden, lane.dActivity, w.hidden, 0);
  for (let i = 0; i < rows; i++) {
    if (!observed[i]) continue;
    const at = lane.dh / 4 + i * w.hidden;
    if (constants.forcing === 'error') f32.copyWithin(at, lane.dActivity / 4 + i * w.hidden, lane.dActivity / 4 + i * w.hidden + s.hidden);
    else k.scale(4 * at, w.hidden, constants.forcing === 'generalised' ? 1 - pass.strength : 0);
  }
}
