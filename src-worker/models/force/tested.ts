// FORCE and full-FORCE as those see them who ask how far to believe them: what they give from the state of each condition, and fits from other
// random weights to that. Their units stand for nothing recorded, so that outputs and spectra can be compared from fit to fit, and weights not.

import { TRAINING, trialsIn } from '../../dataset/index.ts';
import { key, normal } from '../../engine/random.ts';
import { type Activity, groupsOf } from '../constrained/activity.ts';
import { freeRun } from '../constrained/network.ts';
import { asMeasured, secondDifferenceSd } from '../constrained/noise.ts';
import type { RowsAsked, Tested } from '../tested.ts';
import { forceCheckpoint, type Tied } from './checkpoint.ts';
import { ForceLearner, type ForceOptions, initialState, type Task } from './learner.ts';
import { networkOf } from './outputs.ts';
import { choicesOf, optionsOf, wantedOf } from './params.ts';
import { behaviorNames, taskOf } from './task.ts';

const STREAM = 146;

interface ToOutputs {
  readonly task: Task;
  readonly tied: Tied;
  readonly binMs: number;
  readonly passes: number;
}

export const testedForce = (kind: ForceOptions['kind']): Tested => ({
  id: kind,
  oneThread: true,
  usual: { recoveries: 2, shifted: false },
  open(checkpoint, resolved, dataset) {
    const network = networkOf(checkpoint);
    const n = network.units;
    const { arrays, state } = checkpoint;
    const numbers = (name: string): Float64Array => Float64Array.from(arrays[name].values);
    const tied: Tied = {
      places: Int32Array.from(arrays.places.values),
      scale: numbers('scale'),
      offset: numbers('offset'),
      means: numbers('means'),
    };
    const { scale, offset } = tied;
    const transform = { scale, offset };
    const choices = choicesOf(resolved);
    const wanted = wantedOf(resolved);
    const isBehaviour = wanted.target === 'behaviour';
    const readout = numbers('readout');
    const prepared = { places: tied.places, transform: isBehaviour ? none(tied.places.length) : transform };
    const taskFor = (trials: Int32Array, { perAverage = choices.trialsPerAverage, sdMs = choices.sdMs }: RowsAsked = {}) => {
      const groups = groupsOf(dataset, trials, perAverage);
      return { groups, task: taskOf(dataset, prepared, groups, { ...wanted, sdMs }, transform) };
    };
    const rowsOf = ({ groups, task }: ReturnType<typeof taskFor>): Activity => ({
      rows: task.rows,
      bins: task.bins,
      units: task.outputs,
      binMs: dataset.binMs,
      values: task.targets,
      lengths: task.lengths,
      averaged: Int32Array.from(groups, (group) => group.length),
      conditions: task.starts.map((start) => start - 1),
      inputs: task.given,
      inputCount: task.inputs,
    });
    const followed = (of: ReturnType<typeof taskFor>) => {
      const rows = rowsOf(of);
      const starts = new Float64Array(rows.rows * rows.bins * n);
      for (const [row, start] of of.task.starts.entries())
        starts.set(initialState(n, Number(state.seed), start).map(Math.tanh), row * rows.bins * n);
      const { values: flowing } = freeRun(network, { ...rows, units: n, values: starts });
      const found = new Float64Array(rows.values.length);
      for (let at = 0; at < rows.rows * rows.bins; at++)
        for (let o = 0; o < rows.units; o++) {
          let sum = 0;
          for (let j = 0; j < n; j++) sum += readout[o * n + j] * flowing[at * n + j];
          found[at * rows.units + o] = sum;
        }
      return { rows, found, flowing };
    };
    return {
      units: n,
      J: network.J,
      alpha: network.alpha,
      stepMs: network.stepMs,
      choices,
      start: 'condition',
      outputs: isBehaviour ? { names: behaviorNames(dataset), transform, unit: '' } : { places: tied.places, transform, unit: 'Hz' },
      ...(isBehaviour && { fittedTo: 'less its mean and divided by its s.d.' }),
      recorded: (trials, asked) => rowsOf(taskFor(trials, asked)),
      follow: async (trials, asked) => followed(taskFor(trials, asked)),
      async again({ seed }) {
        const of = taskFor(trialsIn(dataset, TRAINING));
        const { rows, found } = followed(of);
        const targets = isBehaviour ? noisy(rows, found, seed) : asMeasured(dataset, prepared, rows, found, choices.sdMs, seed);
        const samples = rows.lengths.reduce((all, length) => all + length, 0);
        const plain: ToOutputs = { task: { ...of.task, targets }, tied, binMs: dataset.binMs, passes: checkpoint.step };
        return { seed, work: 3 * checkpoint.step * network.stepsPerBin * n ** 2 * samples, plain };
      },
    };
  },
  async refit({ plain }, resolved, job) {
    const { task, tied, binMs, passes } = plain as ToOutputs;
    const options = optionsOf(kind, resolved, binMs, job.seed);
    const learner = new ForceLearner(task, options);
    for (let pass = 0; pass < passes; pass++) await learner.run(true, (done) => job.progress((pass + done) / passes));
    return forceCheckpoint(passes, options, task, learner.learned(), tied, binMs);
  },
});

const none = (n: number) => ({ scale: new Float64Array(n).fill(1), offset: new Float64Array(n) });

/** Behaviour with noise as large as its own second differences say. */
function noisy(rows: Activity, found: Float64Array, seed: number): Float64Array {
  const sds = secondDifferenceSd(rows.values, rows.rows, rows.bins, rows.units);
  const k = key(seed, STREAM);
  return found.map((value, at) => value + sds[at % rows.units] * normal(k, at));
}
