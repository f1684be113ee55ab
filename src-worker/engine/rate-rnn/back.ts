// The way back of a shard through the rate network: from the gradient of its readout to those of all weights.

import { isForced } from '../../models/rate-rnn/stepper.ts';
import { encoderBack } from '../gru.ts';
import { addGradients, multiplyBack } from '../products.ts';
import { placeOf } from '../weights.ts';
import { forcedBack } from './forcing.ts';
import { conditionsOf, keysAt, type Work } from './shard.ts';

const gradientAt = (work: Work, name: string): number => work.gradients + 4 * placeOf(work.plan.layout, name).offset;

/** From the gradient of the readout to that of the first states (`dh`), and all gradients of weights in between. */
export function back(work: Work): void {
  const { k, plan, lane, rows, pass } = work;
  const { s, widths: w, packs, constants, steps, layout } = plan;
  const rectified = Number(constants.nonlinearity === 'relu');
  const floats = rows * w.hidden;
  const readout = placeOf(layout, 'readout.W');
  const dY = lane.readout;
  k.columnSums(s.bins * rows, s.outputsPerUnit * w.units, dY, w.readout, gradientAt(work, 'readout.b'));
  addGradients(
    k,
    lane.scratch,
    s.bins * rows,
    dY,
    w.readout,
    s.units,
    0,
    [
      {
        x: lane.dropped,
        ldx: w.hidden,
        inner: s.hidden,
        firstColumn: 0,
        columns: s.units,
        gradient: gradientAt(work, 'readout.W'),
        stride: readout.stride,
      },
    ],
    true,
  );
  // What went through dropout is not read again: its place takes the gradient.
  multiplyBack(k, packs.readout, s.bins * rows, dY, w.readout, lane.dropped, w.hidden, 0);
  k.zero(lane.dh, floats);
  for (let t = s.bins - 1; t >= 0; t--) {
    if (t < s.bins - 1) {
      for (let step = (t + 1) * s.substeps - 1; step >= t * s.substeps; step--) {
        const dDrive = lane.dDrive + 4 * step * floats;
        k.leakBack(rows, w.hidden, lane.dh, w.hidden, dDrive, w.hidden, constants.leak);
        recurBack(work, step, dDrive);
        k.activateBack(rows, w.hidden, lane.dActivity, w.hidden, lane.activity + 4 * step * floats, w.hidden, lane.dh, w.hidden, rectified);
      }
      if (isForced(constants, pass.strength, t)) forcedBack(work, t);
    }
    const from = lane.dropped + 4 * t * floats;
    const keys = keysAt(work, 'readout');
    k.dropout(rows, s.hidden, from, w.hidden, lane.dh, w.hidden, keys, t * s.hidden, work.threshold, work.scale, 1);
  }
  if (steps === 0) return;
  const all = { firstColumn: 0, columns: w.hidden };
  const of = (name: string, x: number, ldx: number, inner: number) => ({
    ...all,
    x,
    ldx,
    inner,
    gradient: gradientAt(work, name),
    stride: placeOf(layout, name).stride,
  });
  addGradients(
    k,
    lane.scratch,
    steps * rows,
    lane.dDrive,
    w.hidden,
    w.hidden,
    gradientAt(work, 'bias.b'),
    [
      ...(packs.recurrent ? [of('recurrent.W', lane.activity, w.hidden, s.hidden)] : [of('output.W', lane.along, w.rank, s.rank)]),
      ...(packs.external ? [of('external.W', lane.input, w.external, s.external)] : []),
    ],
    true,
  );
  if (packs.selection)
    addGradients(
      k,
      lane.scratch,
      steps * rows,
      lane.dAlong,
      w.rank,
      w.rank,
      0,
      [{ ...of('selection.W', lane.activity, w.hidden, s.hidden), columns: w.rank }],
      true,
    );
}

/** `dActivity` = gradient of φ(x) at a step, from that of its drive. */
function recurBack({ k, plan, lane, rows }: Work, step: number, dDrive: number): void {
  const { s, widths: w, packs } = plan;
  if (packs.recurrent) {
    multiplyBack(k, packs.recurrent, rows, dDrive, w.hidden, lane.dActivity, w.hidden, 0);
    return;
  }
  const dAlong = lane.dAlong + 4 * step * rows * w.rank;
  multiplyBack(k, packs.output!, rows, dDrive, w.hidden, dAlong, w.rank, 0);
  k.scale(dAlong, rows * w.rank, 1 / s.hidden);
  multiplyBack(k, packs.selection!, rows, dAlong, w.rank, lane.dActivity, w.hidden, 0);
}

/** From `dh` at the first states to the encoder or the table; states that were given end it. */
export function startBack(work: Work): void {
  const { k, plan, lane, rows, gradients } = work;
  const { s, widths: w, packs, constants, layout } = plan;
  if (!packs.initial && s.conditions === 0) return;
  if (!packs.initial) {
    const table = gradientAt(work, 'initialTable.W');
    conditionsOf(work).forEach((condition, i) => {
      k.add(table + 4 * condition * w.hidden, lane.dh + 4 * i * w.hidden, w.hidden);
    });
    return;
  }
  addGradients(
    k,
    lane.scratch,
    rows,
    lane.dh,
    w.hidden,
    w.hidden,
    gradientAt(work, 'initial.b'),
    [
      {
        x: lane.ends,
        ldx: w.ends,
        inner: 2 * s.encoder,
        firstColumn: 0,
        columns: w.hidden,
        gradient: gradientAt(work, 'initial.W'),
        stride: placeOf(layout, 'initial.W').stride,
      },
    ],
    true,
  );
  multiplyBack(k, packs.initial, rows, lane.dh, w.hidden, lane.dEnds, w.ends, 0);
  const { dh, drh } = lane.dEncoder;
  lane.encoders.forEach((encoder, side) => {
    const column = side * s.encoder;
    const { ldh } = encoder.cell;
    k.zero(dh, rows * ldh);
    k.dropout(rows, s.encoder, lane.dEnds + 4 * column, w.ends, dh, ldh, keysAt(work, 'encoder'), column, work.threshold, work.scale, 0);
    encoderBack(k, encoder, rows, gradients, lane.scratch, work.seen, dh, drh, constants.stateClip, false);
  });
}
