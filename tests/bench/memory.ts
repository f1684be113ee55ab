// Memory of a fit at `maze` size: the job's one allocation, and the most that a process takes beside the data, by number of trials.

import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { bestBuild } from '../../src-worker/engine/kernels.ts';
import { planLfads } from '../../src-worker/engine/lfads/plan.ts';
import { constantsOf, SIZES } from './sizes.ts';

export interface FitMemory {
  readonly trials: number;
  readonly threads: number;
  /** Megabytes: of the job's shared memory; of the dataset's counts; of the process at most, without them. */
  readonly jobMb: number;
  readonly dataMb: number;
  readonly processMb: number;
}

export async function fitMemory(trials: number, threads: number): Promise<FitMemory> {
  const entry = fileURLToPath(new URL('./memory-process.ts', import.meta.url));
  const { stdout } = await promisify(execFile)(process.execPath, [entry, String(trials), String(threads)]);
  const { peakMb, dataMb } = JSON.parse(stdout) as { peakMb: number; dataMb: number };
  const jobMb = planLfads(constantsOf(SIZES.maze), threads, bestBuild()).bytes / 1e6;
  return { trials, threads, jobMb, dataMb, processMb: peakMb };
}
