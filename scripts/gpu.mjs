// Fetches TensorFlow's CUDA library, which set-up leaves out because most machines cannot use it.

import { existsSync } from 'node:fs';
import { delimiter } from 'node:path';
import { inRoot, runMain, say, Trouble } from './lib/root.mjs';
import { lockedNode, runProgram } from './lib/run.mjs';

const PACKAGE = inRoot('node_modules', '@tensorflow', 'tfjs-node-gpu');

await runMain(async () => {
  if (process.platform === 'darwin') throw new Trouble('TensorFlow’s CUDA library exists for Linux and Windows alone.');
  if (!existsSync(PACKAGE)) throw new Trouble('The package @tensorflow/tfjs-node-gpu is not installed: run `npm run setup` first.');
  say('Fetching TensorFlow’s CUDA library (several hundred MB). It needs an NVIDIA driver, CUDA 11.2 and cuDNN 8.1 to run.');
  // Its install script calls other programs of its packages by name.
  const env = { ...process.env, PATH: `${inRoot('node_modules', '.bin')}${delimiter}${process.env.PATH ?? ''}` };
  const code = await runProgram(lockedNode(), ['scripts/install.js', 'gpu', 'download'], { cwd: PACKAGE, env });
  if (code !== 0) throw new Trouble('The library could not be fetched; the lines above say why.');
  say('Done. `npm run -s orrery -- devices` says whether it runs here.');
});
