// A small NWB file made for tests: units with electrodes and observed intervals, trials, behaviour, truth. Parts can be replaced.

import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Job } from '../../src-worker/contract/job.ts';
import { hdf5Bytes } from '../../src-worker/synthetic/hdf5/write.ts';
import type { ArrayNode, Attributes, GroupNode, Node, Values } from '../../src-worker/synthetic/hdf5/types.ts';
import { group, series, table, textArray, typed } from '../../src-worker/synthetic/nwb.ts';

export const job: Job = { signal: new AbortController().signal, progress: async () => {}, seed: 0, threads: 1 };

export const array = (values: Values, shape: readonly number[], attributes: Attributes = {}): ArrayNode => ({
  kind: 'array',
  values,
  shape,
  attributes,
});

export const floats = (...values: readonly number[]): ArrayNode => array(Float64Array.of(...values), [values.length]);

/** Members of the root: three units of 3, 0 and 2 spikes, two trials, one signal. */
export function smallParts(): Record<string, Node> {
  return {
    identifier: textArray('small'),
    session_description: textArray('A file for tests'),
    session_start_time: textArray('2025-01-01T00:00:00+00:00'),
    general: group({
      extracellular_ephys: group({
        electrodes: table('/e', 'DynamicTable', 'Electrodes', 2, [
          { name: 'location', about: '', values: ['M1', 'PMd'], shape: [2] },
          { name: 'group_name', about: '', values: ['a', 'b'], shape: [2] },
          { name: 'rel_y', about: '', values: Float64Array.of(20, 40), shape: [2] },
          { name: 'shank', about: '', values: Int32Array.of(0, 1), shape: [2] },
        ]),
      }),
    }),
    intervals: group({
      trials: table('/intervals/trials', 'TimeIntervals', 'Trials', 2, [
        { name: 'start_time', about: '', values: Float64Array.of(0, 2), shape: [2] },
        { name: 'stop_time', about: '', values: Float64Array.of(1, 3), shape: [2] },
        { name: 'go_cue_time', about: 'Go', values: Float64Array.of(0.5, NaN), shape: [2] },
        { name: 'side', about: '', values: ['left', ''], shape: [2] },
        { name: 'success', about: '', values: { booleans: Uint8Array.of(1, 0) }, shape: [2] },
        { name: 'tags', about: '', values: ['a', 'b', 'c'], shape: [3], ends: Uint8Array.of(2, 3) },
      ]),
    }),
    processing: group({
      behavior: group({
        hand: series('/processing/behavior/hand', 'TimeSeries', {
          about: 'Hand',
          unit: 'cm',
          values: Float32Array.from({ length: 600 }, (_, i) => i),
          channels: 2,
          rateHz: 100,
        }),
      }),
    }),
    units: units(Float64Array.of(0.1, 0.2, 0.9, 1.5, 2.5), Uint8Array.of(3, 3, 5)),
  };
}

/** A table of three units whose spike times end where `ends` says. */
export function units(times: Float64Array, ends: Values): GroupNode {
  const made = table('/units', 'Units', 'Units', 3, [
    { name: 'spike_times', about: '', values: times, shape: [times.length], ends: Uint8Array.of(0, 0, 0) },
    { name: 'obs_intervals', about: '', values: Float64Array.of(0, 1, 2, 3, 0, 3), shape: [3, 2], ends: Uint8Array.of(2, 2, 3) },
    { name: 'electrodes', about: '', values: Int32Array.of(1, 0, 1), shape: [3], ends: Uint8Array.of(1, 2, 3) },
  ]);
  const index = made.members.spike_times_index as ArrayNode;
  return { ...made, members: { ...made.members, spike_times_index: { ...index, values: ends } } };
}

export const nwbBytes = (parts: Readonly<Record<string, Node>>): Uint8Array =>
  hdf5Bytes(group(parts, { ...typed('/', 'NWBFile'), nwb_version: { shape: [], values: ['2.7.0'] } }));

const folder = mkdtempSync(join(tmpdir(), 'orrery-formats-'));

/** A file with these bytes in a folder of its own for the run. */
export function written(name: string, bytes: Uint8Array): string {
  const path = join(folder, name);
  writeFileSync(path, bytes);
  return path;
}
