// A process of its own that takes steps at `maze` size out of so many trials, and says how much memory it took at most beside them.

import { existsSync, readFileSync } from 'node:fs';
import { makeFusedStepper } from '../../src-worker/models/lfads/fused.ts';
import { batchOf, constantsOf, SIZES, settingsOf, weightsOf } from './sizes.ts';

/** Most memory of this process. Linux keeps that of the process which started it in `maxRSS`, and its own in a file. */
function peakKb(): number {
  const own = '/proc/self/status';
  const said = existsSync(own) ? /VmHWM:\s+(\d+) kB/.exec(readFileSync(own, 'utf8')) : undefined;
  return said ? Number(said[1]) : process.resourceUsage().maxRSS;
}

const [trials, threads] = process.argv.slice(2).map(Number) as [number, number];
const { batch, sizes } = SIZES.maze;
const trialSize = sizes.bins * sizes.units;
const dataset = new Float32Array(trials * trialSize).fill(1);
const { counts } = batchOf(SIZES.maze);
for (let first = 0; first + batch <= trials; first += batch) dataset.set(counts, first * trialSize);
const stepper = await makeFusedStepper(constantsOf(SIZES.maze), threads);
stepper.setWeights(weightsOf(SIZES.maze));
for (let step = 0; step < 6; step++) {
  const first = (step * batch) % (trials - batch + 1);
  const rows = Int32Array.from({ length: batch }, (_, i) => first + i);
  await stepper.step({ trials: rows, counts: dataset.slice(first * trialSize, (first + batch) * trialSize) }, settingsOf(step));
}
await stepper.close();
process.stdout.write(JSON.stringify({ peakMb: (peakKb() * 1024 - dataset.byteLength) / 1e6, dataMb: dataset.byteLength / 1e6 }));
process.exit(0);
