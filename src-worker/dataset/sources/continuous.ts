// Recordings of continuous activity without trials: arrays of samples × units, taken as one piece or chopped into segments.
//
// An array whose first axis are the samples is read as if it had been written as pieces × bins × …: rates, counts, behaviour and truth alike.

import { Failure } from '../../contract/failure.ts';
import type { Values } from '../../contract/params.ts';
import type { ArraySource } from '../../formats/format.ts';
import type { datasetParams } from '../params.ts';
import { chop } from './segments.ts';

/** Pieces of equal length of a recording of `samples` samples. */
export interface Pieces {
  readonly samples: number;
  /** First sample of each piece. */
  readonly start: Int32Array;
  /** Samples of each piece. */
  readonly length: number;
  /** Pieces that go to the same part of a split. */
  readonly block: Int32Array;
  readonly overlap: number;
  readonly notes: readonly string[];
}

const microseconds = (ms: number): number => Math.round(ms * 1000);

/** The whole as one piece, or the segments that were asked for. Throws a Failure where no segment fits. */
export function piecesOf(
  samples: number,
  stepMs: number,
  { segmentMs, overlapMs }: Pick<Values<typeof datasetParams>, 'segmentMs' | 'overlapMs'>,
  path: string,
): Pieces {
  if (segmentMs === undefined) return { samples, start: Int32Array.of(0), length: samples, block: Int32Array.of(0), overlap: 0, notes: [] };
  const inSamples = (ms: number, option: string): number => {
    const steps = microseconds(ms) / microseconds(stepMs);
    if (Number.isInteger(steps)) return steps;
    const near = [Math.floor(steps), Math.ceil(steps)].map((n) => (n * microseconds(stepMs)) / 1000);
    throw new Failure(
      'window-not-bins',
      `${ms} ms is no whole number of the ${stepMs} ms samples of ${path}.`,
      `The nearest --${option} that are: ${near.join(' or ')}.`,
    );
  };
  const length = inSamples(segmentMs, 'segment-ms');
  const overlap = inSamples(overlapMs, 'overlap-ms');
  const stepUs = microseconds(stepMs);
  const { startBin, block, unusedUs } = chop(Float64Array.of(0, samples * stepUs), stepUs, length, overlap);
  if (startBin.length < 2)
    throw new Failure(
      'no-segments',
      `${path} covers ${(samples * stepUs) / 1e6} s: fewer than two segments of ${segmentMs} ms.`,
      'Choose a shorter --segment-ms.',
    );
  const notes = unusedUs > 0 ? [`${(unusedUs / 1e6).toPrecision(3)} s at the end of ${path} is too short for a segment and not used.`] : [];
  return { samples, start: startBin, length, block, overlap, notes };
}

/** An array of samples × … as pieces × bins × … */
export function inPieces(array: ArraySource, { start, length }: Pieces): ArraySource {
  const size = array.shape.slice(1).reduce((product, n) => product * n, 1);
  return {
    path: array.path,
    type: array.type,
    shape: [start.length, length, ...array.shape.slice(1)],
    read(from = 0, to = start.length) {
      const values = new Float64Array((to - from) * length * size);
      for (let k = from; k < to; k++) values.set(array.read(start[k], start[k] + length), (k - from) * length * size);
      return values;
    },
    readText: () => array.readText(),
  };
}
