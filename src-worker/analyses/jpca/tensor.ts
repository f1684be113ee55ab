// Condition averages as jPCA takes them: the part of the window that every condition was observed in, without what conditions share.

import { Failure } from '../../contract/failure.ts';
import type { States } from '../../contract/result.ts';
import { key, permutation } from '../../engine/random.ts';
import { principalComponents, project } from '../../numerics/pca.ts';
import { finiteBins } from '../states.ts';

/** The longest run of bins that all rows were observed in, within `partMs` about the event where that is given. */
export function observedPart(states: States, partMs: readonly [number, number] | undefined): States {
  const { values, rows, bins, dimensions, timeMs } = states;
  const finite = finiteBins(values, dimensions);
  const usable = Array.from(timeMs, (time, bin) => {
    const inside = partMs === undefined || (time >= partMs[0] && time <= partMs[1]);
    return inside && Array.from({ length: rows }, (_, row) => finite[row * bins + bin]).every((known) => known === 1);
  });
  let [from, length] = [0, 0];
  for (let bin = 0, run = 0; bin < bins; bin++) {
    run = usable[bin] ? run + 1 : 0;
    if (run > length) [from, length] = [bin + 1 - run, run];
  }
  if (length < 3)
    throw new Failure(
      'too-few-bins',
      `jPCA needs 3 neighbouring bins that every condition was observed in, and ${partMs ? `from ${partMs[0]} to ${partMs[1]} ms ` : ''}there are ${length}.`,
      'Choose a longer part, shorter bins, or conditions with more trials.',
    );
  if (length === bins) return states;
  const out = new Float64Array(rows * length * dimensions);
  for (let row = 0; row < rows; row++) {
    const at = (row * bins + from) * dimensions;
    out.set(values.subarray(at, at + length * dimensions), row * length * dimensions);
  }
  const part = timeMs.slice(from, from + length);
  const edge = states.binMs / 2;
  return {
    ...states,
    values: out,
    bins: length,
    timeMs: part,
    recipe: `${states.recipe}, ${part[0] - edge} to ${part[length - 1] + edge} ms`,
  };
}

/** Without the mean over rows at each bin. */
export function withoutMean(states: States): States {
  const { values, rows } = states;
  const size = values.length / rows;
  const means = new Float64Array(size);
  for (let i = 0; i < values.length; i++) means[i % size] += values[i] / rows;
  return { ...states, values: values.map((value, i) => value - means[i % size]) };
}

const SHUFFLE = 161;

/** Rows in another order for each dimension: courses over time stay what they are, what dimensions do together does not. */
export function unitsShuffled(states: States, seed: number, draw: number): States {
  const { values, rows, bins, dimensions } = states;
  const out = new Float64Array(values.length);
  for (let d = 0; d < dimensions; d++) {
    const order = permutation(key(seed, SHUFFLE, draw, d), rows);
    for (let row = 0; row < rows; row++)
      for (let bin = 0; bin < bins; bin++) out[(row * bins + bin) * dimensions + d] = values[(order[row] * bins + bin) * dimensions + d];
  }
  return { ...states, values: out };
}

/**
 * The same states in as many orthogonal dimensions as they fill: nothing but the names of axes changes, and what follows is quicker.
 * `back` takes a direction into the states' own dimensions.
 */
export function fewerDimensions(states: States): States & { back(row: Float64Array): Float64Array } {
  const { values, dimensions } = states;
  const most = Math.min(dimensions, values.length / dimensions - 1);
  const basis = principalComponents(values, dimensions, most);
  const count = basis.variances.filter((variance) => variance > 1e-10 * basis.variances[0]).length;
  const kept = { ...basis, count, components: basis.components.subarray(0, count * dimensions) };
  return {
    ...states,
    values: project(values, kept),
    dimensions: count,
    back: (row) => {
      const out = new Float64Array(dimensions);
      for (let k = 0; k < count; k++) for (let d = 0; d < dimensions; d++) out[d] += row[k] * kept.components[k * dimensions + d];
      return out;
    },
  };
}
