// The three regions as an HDF5 file: activity, regions and true weights, from which every true current follows as W × rates.

import type { GroupNode } from './hdf5/types.ts';
import { group } from './nwb.ts';
import { SAMPLE_MS, STEPS_PER_SAMPLE, TAU_MS, type ThreeRegions } from './three-regions.ts';

const text = (value: string) => ({ shape: [], values: [value] });
const number = (value: number) => ({ shape: [], values: Float64Array.of(value) });

/** The tree of the file; `hdf5Bytes` writes it. */
export function threeRegionsFile({ units, samples, rates, weights, regions }: ThreeRegions): GroupNode {
  return group(
    {
      rates: { kind: 'array', shape: [samples, units], values: rates, attributes: { about: text('Activity φ(x), samples × units') } },
      region: { kind: 'array', shape: [units], values: regions, attributes: {} },
      W: {
        kind: 'array',
        shape: [units, units],
        values: weights,
        attributes: { about: text('True weights, row i those onto unit i: the current from a region is its columns times its rates') },
      },
    },
    {
      about: text('Three simulated regions with known currents between them, made by Orrery'),
      dt_ms: number(SAMPLE_MS),
      tau_ms: number(TAU_MS),
      steps_per_sample: number(STEPS_PER_SAMPLE),
    },
  );
}
