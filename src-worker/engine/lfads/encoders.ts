// The bidirectional encoders of LFADS: of the initial condition, whose two last states count, and of the controller's input.

import { encoderBack, encoderForward, encoderState } from '../gru.ts';
import { from } from '../seen.ts';
import { keysAt, type Work } from './shard.ts';

/** Both encoders; `ends` holds the initial encoder's last states after dropout. */
export function encodeForward(work: Work): void {
  const { k, plan, lane, rows, seen } = work;
  const { s, widths: w, constants } = plan;
  const { reset } = lane.scratch;
  for (const encoder of lane.initialEncoders) encoderForward(k, encoder, rows, work.weights, seen, reset, constants.stateClip);
  lane.initialEncoders.forEach((encoder, side) => {
    const column = side * s.initialEncoder;
    const last = encoderState(encoder, rows, encoder.backward ? 0 : encoder.bins - 1);
    const { ldh } = encoder.cell;
    const keys = keysAt(work, 'initialEncoder');
    k.dropout(rows, s.initialEncoder, last, ldh, lane.ends + 4 * column, w.ends, keys, column, work.threshold, work.scale, 0);
  });
  const later = from(seen, s.initialBins * rows);
  for (const encoder of lane.controller?.encoders ?? []) encoderForward(k, encoder, rows, work.weights, later, reset, constants.stateClip);
}

/**
 * Where the input encoders' states meet the controller's input: forward states (side 0) are delayed by the lag and backward states advanced by it.
 * The encoder's bin, from its first, whose state the controller sees at `bin`, counted from the first of all; undefined where there is none.
 */
export function codeAt({ plan: { s } }: Work, side: number, bin: number): number | undefined {
  const bins = s.encodedBins - s.initialBins;
  const t = bin - s.initialBins;
  const from = side === 0 ? t - s.lagBins : t + s.lagBins;
  return t >= 0 && t < bins && from >= 0 && from < bins ? from : undefined;
}

/** The way back through the initial encoder, from `dEnds`. */
export function encodeInitialBack(work: Work): void {
  const { k, plan, lane, rows, gradients } = work;
  const { s, widths: w, constants } = plan;
  lane.initialEncoders.forEach((encoder, side) => {
    const column = side * s.initialEncoder;
    const { dh, drh } = lane.encoder;
    const keys = keysAt(work, 'initialEncoder');
    const { ldh } = encoder.cell;
    k.zero(dh, rows * ldh);
    k.dropout(rows, s.initialEncoder, lane.dEnds + 4 * column, w.ends, dh, ldh, keys, column, work.threshold, work.scale, 0);
    encoderBack(k, encoder, rows, gradients, lane.scratch, work.seen, dh, drh, constants.stateClip, work.begun);
  });
}

/** The way back through the input encoders, from `dCode` (encoded bins after the initial segment × rows). */
export function encodeInputsBack(work: Work): void {
  const { k, plan, lane, rows, gradients } = work;
  const { s, widths: w, constants } = plan;
  if (!lane.controller) return;
  const { dCode, encoders } = lane.controller;
  const width = 2 * s.inputEncoder + s.factors;
  const later = from(work.seen, s.initialBins * rows);
  encoders.forEach((encoder, side) => {
    const column = side * s.inputEncoder;
    const { dh, drh } = lane.encoder;
    const { ldh } = encoder.cell;
    k.zero(dh, rows * ldh);
    const addOuter = (from: number) => {
      const bin = s.initialBins + (side === 0 ? from + s.lagBins : from - s.lagBins);
      if (codeAt(work, side, bin) === undefined) return;
      const source = dCode + 4 * ((bin - s.initialBins) * rows * w.code + column);
      const keys = keysAt(work, 'controllerInput');
      k.dropout(rows, s.inputEncoder, source, w.code, dh, ldh, keys, bin * width + column, work.threshold, work.scale, 1);
    };
    encoderBack(k, encoder, rows, gradients, lane.scratch, later, dh, drh, constants.stateClip, work.begun, addOuter);
  });
}
