// Opens damaged copies of a small recording in a thread of its own and reads all of each; tells the number under way, and any error that is no Failure.

import { parentPort, workerData } from 'node:worker_threads';
import { Failure } from '../../src-worker/contract/failure.ts';
import { openRecording } from '../../src-worker/formats/index.ts';
import type { Recording } from '../../src-worker/formats/format.ts';
import { key, uniform } from '../../src-worker/engine/random.ts';
import { job, nwbBytes, smallParts, written } from '../formats/small-nwb.ts';

/** Damages a few bytes, zeroes a stretch, repeats one elsewhere, or cuts the end off. */
function mutate(bytes: Uint8Array, mutant: number): Uint8Array {
  const k = key(7, mutant);
  const below = (i: number, n: number) => Math.floor(uniform(k, i) * n);
  const copy = bytes.slice();
  switch (below(0, 5)) {
    case 0:
    case 1:
      for (let i = 0; i <= below(1, 6); i++) copy[below(2 + 2 * i, copy.length)] = below(3 + 2 * i, 256);
      return copy;
    case 2:
      return copy.fill(0, below(2, copy.length), below(3, copy.length));
    case 3:
      copy.copyWithin(below(2, copy.length), below(3, copy.length), below(3, copy.length) + 200);
      return copy;
    default:
      return copy.slice(0, below(2, copy.length));
  }
}

function readAll(recording: Recording): void {
  for (const table of [...recording.unitTables(), ...recording.intervalTables()]) for (const column of table.columns) column.values.length;
  for (const table of recording.unitTables()) {
    for (let row = 0; row < table.rows; row++) {
      table.spikeTimes(row);
      table.observed(row);
    }
  }
  for (const signal of recording.signals()) signal.read(-Infinity, Infinity);
  for (const array of recording.arrays()) {
    try {
      array.readText();
    } catch (error) {
      if (!(error instanceof Failure)) throw error;
    }
  }
}

const { mutants } = workerData as { readonly mutants: number };
const good = nwbBytes(smallParts());
for (let mutant = 0; mutant < mutants; mutant++) {
  const path = written('mutant.nwb', mutate(good, mutant));
  let outcome = 'opened';
  try {
    const recording = await openRecording(path, {}, job);
    try {
      readAll(recording);
    } finally {
      recording.close();
    }
  } catch (error) {
    outcome = error instanceof Failure ? error.code : `unknown: ${error instanceof Error ? error.stack : String(error)}`;
  }
  parentPort!.postMessage({ mutant, outcome });
}
const healthy = await openRecording(written('healthy.nwb', good), {}, job);
parentPort!.postMessage({ mutant: mutants, outcome: `healthy with ${healthy.summary.spikes} spikes` });
