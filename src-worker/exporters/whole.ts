// Outputs of segments merged again into one whole: a chopped recording is exported as the one long stretch of time that it was.

import type { Arrays, NamedArray } from '../contract/result.ts';
import type { Dataset } from '../dataset/dataset.ts';
import { mergeSegments } from '../dataset/index.ts';
import type { Exported } from './exporter.ts';

/** What `split` holds where a bin was used by no segment. */
const UNUSED = 255;

/**
 * A run on segments as a run on one trial, 1 × bins × …, where neighbours fade into each other and bins that no segment covers are
 * NaN; `split` says of each bin what its segment was used for. What belongs to a segment as such (initial conditions) is left out.
 * A run on trials stays as it is.
 */
export function wholeOf(what: Exported): Exported {
  const { dataset } = what;
  if (!dataset.segments) return what;
  const byBin = Object.entries(what.outputs).filter(([, { axes }]) => axes[0] === 'trial' && axes[1] === 'bin');
  const outputs: Arrays = Object.fromEntries(byBin.map(([name, array]) => [name, merged(dataset, array)]));
  const { split, startSeconds } = splitByBin(dataset);
  return {
    ...what,
    dataset: wholeDataset(dataset, split, startSeconds),
    outputs: {
      ...outputs,
      split: {
        values: split,
        shape: [1, split.length],
        axes: ['trial', 'bin'],
        unit: '',
        about: `Part that the bin had in the fit: 0 training, 1 validation, 2 test, ${UNUSED} none`,
      },
    },
  };
}

function merged(dataset: Dataset, { values, shape, about, ...array }: NamedArray): NamedArray {
  const rest = shape.slice(2);
  const whole = mergeSegments(
    dataset,
    values,
    rest.reduce((product, size) => product * size, 1),
  );
  return {
    ...array,
    values: Float32Array.from(whole.values),
    shape: [1, whole.bins, ...rest],
    about: `${about === undefined ? '' : `${about}; `}segments merged, each fading into the next`,
  };
}

/** Each bin's part in the fit; within blocks segments overlap, but a block has one part. */
function splitByBin(dataset: Dataset): { readonly split: Uint8Array; readonly startSeconds: number } {
  const parts = Float64Array.from({ length: dataset.trials * dataset.bins }, (_, at) => dataset.split[Math.floor(at / dataset.bins)]);
  const { values, startSeconds } = mergeSegments(dataset, parts, 1);
  return { split: Uint8Array.from(values, (part) => (Number.isNaN(part) ? UNUSED : Math.round(part))), startSeconds };
}

function wholeDataset(dataset: Dataset, split: Uint8Array, startSeconds: number): Dataset {
  const bins = split.length;
  const { conditions: _conditions, external: _external, truth: _truth, observed: _observed, ...kept } = dataset;
  return {
    ...kept,
    trials: 1,
    bins,
    event: 'start of the whole',
    edgesMs: Float64Array.from({ length: bins + 1 }, (_, edge) => (edge * Math.round(dataset.binMs * 1000)) / 1000),
    counts: new Float32Array(0),
    ...(split.includes(UNUSED) && { observed: split.map((part) => (part === UNUSED ? 0 : 1)) }),
    trialRows: Int32Array.of(0),
    trialIds: Float64Array.of(0),
    split: Uint8Array.of(UNUSED),
    behaviors: [],
    events: [],
    columns: [],
    segments: { startBin: Int32Array.of(0), overlapBins: 0, startSeconds: Float64Array.of(startSeconds) },
  };
}
