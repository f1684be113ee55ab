// FORCE and full-FORCE as models: a network of units of its own that learns to give recorded activity or behaviour, trial by trial from an
// initial state of each condition.

import { Failure } from '../../contract/failure.ts';
import type { Chosen } from '../../contract/run.ts';
import { type Dataset, TRAINING, trialsIn } from '../../dataset/index.ts';
import { judgingTrials } from '../../metrics/report.ts';
import { groupsOf, prepare } from '../constrained/activity.ts';
import { flowOf } from '../constrained/network.ts';
import { resolveActivity } from '../constrained/params.ts';
import { chosenBy, numberOf, type Resolved } from '../constrained/resolved.ts';
import type { Checkpoint, Model } from '../model.ts';
import { forceCheckpoint } from './checkpoint.ts';
import { foretellForce } from './foretell.ts';
import { ForceLearner, type ForceOptions, type Learned } from './learner.ts';
import { forceReadouts, inferForce, networkOf } from './outputs.ts';
import { choicesOf, forceParams, hintParams, optionsOf, sharedParams, wantedOf } from './params.ts';
import { testedForce } from './tested.ts';
import { hintsAmong, type Scaling, scalingOf, taskOf } from './task.ts';

const SAVE_EVERY_MS = 10_000;

/** What the network is to give over training. */
function trainingOf(dataset: Dataset, resolved: Resolved) {
  const choices = choicesOf(resolved);
  const prepared = prepare(dataset, choices);
  const groups = groupsOf(dataset, trialsIn(dataset, TRAINING), choices.trialsPerAverage);
  const wanted = wantedOf(resolved);
  const none: Scaling = { scale: new Float64Array(0), offset: new Float64Array(0) };
  const scaling = wanted.target === 'behaviour' ? scalingOf(dataset, groups) : none;
  return { choices, prepared, wanted, scaling, task: taskOf(dataset, prepared, groups, wanted, scaling) };
}

function defineForce(kind: ForceOptions['kind'], title: string, about: string, cites: readonly string[]): Model {
  const params = kind === 'full-force' ? { ...forceParams, ...hintParams, ...sharedParams } : { ...forceParams, ...sharedParams };
  return {
    id: kind,
    version: 1,
    title,
    about,
    cites,
    params,
    reports: ['activity', 'belief', 'weights'],
    takesOnePiece: true,
    oneThread: true,
    resolve(dataset, settings) {
      const chosen = chosenBy(settings);
      const { regions: _r, leastUnits: _l, ...activity } = resolveActivity(dataset, settings);
      const usual = (name: keyof typeof forceParams, why = 'Usual') =>
        chosen(name, [(forceParams[name] as { default: number }).default, why]);
      const resolved: Record<string, Chosen> = {
        steps: usual('steps', 'Usual: errors have mostly levelled off by then'),
        target: chosen('target', ['activity', 'All units: every recorded one is an output']),
        networkUnits: usual('networkUnits'),
        tauMs: chosen('tauMs', [Math.max(100, dataset.binMs), 'Usual: for rates; sweep it']),
        gain: usual('gain', 'Usual: active by itself before it learns'),
        gainSpread: usual('gainSpread', 'Usual: so that an ensemble varies it too'),
        stepsPerBin: usual('stepsPerBin'),
        every: usual('every'),
        p0: usual('p0'),
        ...(kind === 'full-force' && { hints: chosen('hints', [[], 'none']) }),
        ...activity,
      };
      // What cannot be fitted is said before anything is written.
      hintsAmong(dataset, wantedOf(resolved).hints);
      prepare(dataset, choicesOf(resolved));
      if (resolved.target.value === 'behaviour')
        scalingOf(
          dataset,
          Array.from(trialsIn(dataset, TRAINING), (trial) => Int32Array.of(trial)),
        );
      return resolved;
    },
    prepares(dataset, resolved) {
      if (wantedOf(resolved).target === 'behaviour')
        throw new Failure(
          'nothing-prepared',
          'The network is to give behaviour, which is taken less its mean and divided by its s.d.; activity of units has no part in it.',
          'With the target activity, every recorded unit is an output.',
        );
      const choices = choicesOf(resolved);
      return { ...choices, ...prepare(dataset, choices) };
    },
    async foretell(dataset, resolved) {
      return {
        seconds: await foretellForce(
          trainingOf(dataset, resolved).task,
          optionsOf(kind, resolved, dataset.binMs, 0),
          numberOf(resolved, 'steps'),
        ),
      };
    },
    async fit(dataset, resolved, job) {
      const { choices, prepared, wanted, scaling, task } = trainingOf(dataset, resolved);
      const seed = job.resume ? Number(job.resume.state.seed) : job.seed;
      const options = optionsOf(kind, resolved, dataset.binMs, seed);
      const before: Learned | undefined = job.resume && {
        M: Float64Array.from(job.resume.arrays.M.values),
        P: Float64Array.from(job.resume.arrays.P.values),
      };
      const learner = new ForceLearner(task, options, before);
      const begun = job.resume?.step ?? 0;
      const passes = job.moreSteps === undefined ? numberOf(resolved, 'steps') : begun + job.moreSteps;
      let learned = learner.learned();
      const { scale, offset } = wanted.target === 'behaviour' ? scaling : prepared.transform;
      const tied = { places: prepared.places, scale, offset, means: prepared.means };
      const checkpointOf = (of: number): Checkpoint => forceCheckpoint(of, options, task, learned, tied, dataset.binMs);
      let [saved, step] = [performance.now(), begun];
      try {
        while (step < passes) {
          const nMse = await learner.run(true, (done) => job.progress((step + done - begun) / (passes - begun), 'Learning'));
          step++;
          learned = learner.learned();
          job.metric({ step, values: { nMse } });
          if (performance.now() - saved > SAVE_EVERY_MS) {
            await job.save(checkpointOf(step));
            saved = performance.now();
          }
          await job.progress((step - begun) / (passes - begun), 'Learning');
        }
      } catch (error) {
        if (job.signal.aborted) await job.save(checkpointOf(step));
        throw error;
      }
      const freely = await learner.run(false, () => job.progress(1));
      const judging = judgingTrials(dataset);
      const held = taskOf(dataset, prepared, groupsOf(dataset, judging, choices.trialsPerAverage), wanted, scaling);
      const heldOut = held.rows > 0 ? await new ForceLearner(held, options, learned).run(false, () => job.progress(1)) : Number.NaN;
      const scores = { gain: options.gain, nMseTraining: freely, nMseFreeRun: heldOut };
      return {
        checkpoint: checkpointOf(step),
        device: 'cpu',
        deviceName: 'CPU',
        notes: [
          ...prepared.notes,
          ...(dataset.conditions || task.inputs > 0 || task.rows === 1
            ? []
            : ['Without conditions or inputs nothing tells trials apart: all of them get the same output.']),
        ],
        diagnostics: Object.fromEntries(Object.entries(scores).filter(([, value]) => Number.isFinite(value))),
      };
    },
    infer: inferForce,
    flow: (checkpoint) => flowOf(networkOf(checkpoint)),
    statesAtStart: true,
    readouts: forceReadouts,
    tested: testedForce(kind),
  };
}

export const force = defineForce(
  'force',
  'FORCE',
  'A random network whose readout, fed back to it, learns to give activity or behaviour while it runs',
  ['Sussillo D., Abbott L. F. Generating coherent patterns of activity from chaotic neural networks. Neuron 63, 544–557 (2009).'],
);

export const fullForce = defineForce(
  'full-force',
  'full-FORCE',
  'A network all of whose weights learn from a second one that is driven by what is wanted, with hints',
  ['DePasquale B. et al. full-FORCE: A target-based method for training recurrent networks. PLoS ONE 13, e0191527 (2018).'],
);
