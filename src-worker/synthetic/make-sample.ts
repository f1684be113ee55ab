// Writes resources/sample.nwb, the recording that ships with Orrery: the same bytes each time and on every machine.

import { writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { delayedReach, digestOf } from './delayed-reach.ts';
import { delayedReachFile } from './delayed-reach-nwb.ts';
import { hdf5Bytes } from './hdf5/write.ts';

const reach = delayedReach();
const bytes = hdf5Bytes(delayedReachFile(reach));
const path = resolve(import.meta.dirname, '../../resources/sample.nwb');
writeFileSync(path, bytes);
const spikes = reach.spikes.reduce((sum, times) => sum + times.length, 0);
console.log(`${path}: ${(bytes.length / 1e6).toFixed(2)} MB, ${reach.steps} steps, ${spikes} spikes, digest ${digestOf(reach.spikes)}`);
