// The dataset of a network that was trained elsewhere: no trials, only the arrays of its file, for a model that reads weights.

import { Failure } from '../contract/failure.ts';
import type { Recording } from '../formats/format.ts';
import { hashOf } from '../store/hash.ts';
import type { Dataset, DatasetRecipe, FileArray } from './dataset.ts';

/** Weights and states beyond this would not fit beside what is made of them. */
const MOST_VALUES = 2 ** 27;

/** Throws where the file holds no arrays, or more of them than memory. */
export function networkDataset(recording: Recording, recipe: DatasetRecipe): Dataset {
  const arrays = new Map<string, FileArray>();
  let total = 0;
  for (const source of recording.arrays()) {
    const size = source.shape.reduce((product, length) => product * length, 1);
    total += size;
    if (total > MOST_VALUES)
      throw new Failure(
        'too-large',
        `The arrays of ${recording.summary.name} do not fit into memory.`,
        'Write weights and states to a file of their own.',
      );
    const values = numbersOf(source);
    if (values && values.length === size) arrays.set(source.path, { values, shape: source.shape });
  }
  if (arrays.size === 0)
    throw new Failure(
      'no-arrays',
      `${recording.summary.name} holds no arrays of numbers.`,
      'Write the weights of the network to an HDF5 file.',
    );
  const none = new Int32Array(0);
  const hash = hashOf(recipe);
  return {
    recipe,
    hash,
    summary: summaryOf(hash, 8 * total),
    network: arrays,
    trials: 0,
    bins: 0,
    units: 0,
    binMs: 1,
    event: 'none',
    edgesMs: new Float64Array(1),
    counts: new Float32Array(0),
    trialRows: none,
    unitRows: none,
    trialIds: new Float64Array(0),
    unitIds: new Float64Array(0),
    areas: [],
    split: new Uint8Array(0),
    heldOut: new Uint8Array(0),
    behaviors: [],
    events: [],
    columns: [],
  };
}

/** Undefined where the array holds something else. */
function numbersOf(source: { readonly type: string; read(): Float64Array }): Float64Array | undefined {
  try {
    return source.read();
  } catch (error) {
    if (error instanceof Failure) return undefined;
    throw error;
  }
}

const summaryOf = (hash: string, bytes: number): Dataset['summary'] => ({
  hash,
  trials: 0,
  bins: 0,
  units: 0,
  binMs: 1,
  windowMs: [0, 0],
  event: 'none',
  emptyShare: 0,
  spikes: 0,
  conditions: [],
  trainingTrials: 0,
  validationTrials: 0,
  testTrials: 0,
  heldOutUnits: 0,
  bytes,
  left: [],
  warnings: [],
  duplicates: [],
  hasTruth: false,
  behaviors: [],
  externals: [],
});
