// How long a fit of FORCE or full-FORCE takes: a few bins that are run through and learned from here, with the fit's own code.

import { usualSecondsOf } from '../../training/rehearsal.ts';
import { ForceLearner, type ForceOptions, type Task } from './learner.ts';

/** Rehearsed for about so many multiplications. */
const REHEARSED = 4e8;
const LEAST_BINS = 3;

/** Seconds for each bin of each row, by the network's shape: forms ask again and again while other settings change. */
const measured = new Map<string, number>();

const samplesOf = ({ lengths }: Task): number => lengths.reduce((sum, length) => sum + Math.max(0, length - 1), 0);

/** Seconds of a fit of so many passes on this machine. */
export async function foretellForce(task: Task, options: ForceOptions, passes: number): Promise<number> {
  const { kind, units, stepsPerBin, every } = options;
  const shape = [kind, units, stepsPerBin, every, task.outputs, task.inputs, task.hintCount].join(' ');
  const pace = measured.get(shape) ?? (await rehearse(task, options));
  measured.set(shape, pace);
  return pace * passes * samplesOf(task);
}

async function rehearse(task: Task, options: ForceOptions): Promise<number> {
  const { units, stepsPerBin, kind } = options;
  // J, P twice and what learns twice, of two networks in full-FORCE.
  const aBin = stepsPerBin * units * ((kind === 'full-force' ? 7 : 3) * units + 2 * task.outputs);
  const most = Math.max(LEAST_BINS, Math.ceil(REHEARSED / aBin));
  let left = most;
  let rows = 0;
  while (rows < task.rows && left > 0) left -= Math.max(0, task.lengths[rows++] - 1);
  const some = { ...task, rows, lengths: task.lengths.slice(0, rows).map((length) => Math.min(length, most)) };
  const learner = new ForceLearner(some, options);
  const run = () => learner.run(true, async () => {});
  // The first warms up.
  await run();
  return (await usualSecondsOf(run)) / Math.max(1, samplesOf(some));
}
