// Writes the three regions with known currents: `node src-worker/synthetic/make-three-regions.ts FILE.h5 [seed [weight [noise]]]`.

import { writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { hdf5Bytes } from './hdf5/write.ts';
import { THREE_REGIONS, threeRegions } from './three-regions.ts';
import { threeRegionsFile } from './three-regions-file.ts';

const { seed: usual, amplitude: weight, noise: size } = THREE_REGIONS;
const [path = 'three-regions.h5', seed = usual, amplitude = weight, noise = size] = process.argv.slice(2);
const bytes = hdf5Bytes(threeRegionsFile(threeRegions({ seed: Number(seed), amplitude: Number(amplitude), noise: Number(noise) })));
writeFileSync(resolve(path), bytes);
console.log(`${resolve(path)}: ${(bytes.length / 1e6).toFixed(2)} MB`);
