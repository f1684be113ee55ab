// FORCE and full-FORCE as models: a network of units of its own that learns to give recorded activity or behaviour, trial by trial from an
// initial state of each condition.

import { defineParams } from '../../contract/params.ts';
import type { NamedArray } from '../../contract/result.ts';
import type { Chosen } from '../../contract/run.ts';
import { type Dataset, holdsRates, TRAINING, trialsIn } from '../../dataset/index.ts';
import { judgingTrials } from '../../metrics/report.ts';
import { groupsOf, prepare } from '../constrained/activity.ts';
import { type DrivenNetwork, flowOf, freeRun } from '../constrained/network.ts';
import { activityChoices, activityParams, resolveActivity } from '../constrained/params.ts';
import { chosenBy, numberOf, type Resolved, textOf } from '../constrained/resolved.ts';
import type { Checkpoint, Model } from '../model.ts';
import { closed, ForceLearner, type ForceOptions, initialState, type Learned } from './learner.ts';
import { behaviorNames, hintsAmong, type Scaling, scalingOf, taskOf, type Wanted } from './task.ts';

const SAVE_EVERY_MS = 10_000;
const TRIALS_AT_ONCE = 32;
const LEAST_SHARE = 0.05;

const { regions: _regions, leastUnits: _least, ...shared } = activityParams;

const forceParams = defineParams({
  steps: {
    kind: 'number',
    label: 'Passes',
    help: 'How many times the network goes through the trials while it learns',
    default: 20,
    min: 1,
    integer: true,
    unit: 'steps',
    tier: 'common',
  },
  target: {
    kind: 'choice',
    label: 'Target',
    help: 'What the network learns to give: the activity of all recorded units, or behaviour',
    choices: ['activity', 'behaviour'],
    default: 'activity',
    tier: 'common',
  },
  networkUnits: {
    kind: 'number',
    label: 'Units of the network',
    help: 'Units of its own: more of them hold more, and take longer by their square',
    default: 200,
    min: 2,
    max: 5000,
    integer: true,
    unit: 'units',
    tier: 'common',
  },
  tauMs: { kind: 'number', label: 'Time constant', help: 'Time constant τ of every unit', unit: 'ms', min: 0.001, tier: 'common' },
  gain: {
    kind: 'number',
    label: 'Gain g',
    help: 'Fixed weights are g · N(0, 1) / √units; above 1 such a network is active by itself',
    default: 1.5,
    min: 0,
    tier: 'common',
  },
  stepsPerBin: {
    kind: 'number',
    label: 'Steps per bin',
    help: 'Steps that the network takes from one bin to the next',
    default: 5,
    min: 1,
    max: 1000,
    integer: true,
    tier: 'occasional',
  },
  every: {
    kind: 'number',
    label: 'Steps between corrections',
    help: 'Weights are corrected every so many steps',
    default: 2,
    min: 1,
    integer: true,
    unit: 'steps',
    tier: 'rare',
  },
  p0: { kind: 'number', label: 'P₀', help: 'How fast learning begins', default: 1, min: 1e-9, tier: 'rare' },
});

const hintParams = defineParams({
  hints: {
    kind: 'list',
    of: 'text',
    label: 'Hints',
    help: 'External inputs that only the target-generating network gets, such as a ramp between two events',
    default: [],
    tier: 'occasional',
  },
});

const optionsOf = (kind: ForceOptions['kind'], resolved: Resolved, binMs: number, seed: number): ForceOptions => ({
  kind,
  units: numberOf(resolved, 'networkUnits'),
  gain: numberOf(resolved, 'gain'),
  alpha: binMs / numberOf(resolved, 'stepsPerBin') / numberOf(resolved, 'tauMs'),
  stepsPerBin: numberOf(resolved, 'stepsPerBin'),
  every: numberOf(resolved, 'every'),
  p0: numberOf(resolved, 'p0'),
  seed,
});

const wantedOf = (resolved: Resolved): Wanted => ({
  target: textOf(resolved, 'target') as Wanted['target'],
  hints: (resolved.hints?.value ?? []) as readonly string[],
  sdMs: numberOf(resolved, 'sdMs'),
});

const choicesOf = (resolved: Resolved) =>
  activityChoices({ ...resolved, regions: { value: 'area', reason: '' }, leastUnits: { value: 1, reason: '' } });

const named = (values: Float64Array, shape: readonly number[], axes: readonly string[], unit = '', about?: string): NamedArray => ({
  values,
  shape,
  axes,
  unit,
  ...(about === undefined ? {} : { about }),
});

function networkOf({ arrays, state }: Checkpoint): DrivenNetwork {
  const { alpha, stepMs, stepsPerBin } = state as unknown as DrivenNetwork;
  const [units, inputs] = arrays.V.shape;
  const numbers = (name: string): Float64Array => Float64Array.from(arrays[name].values);
  return { form: 'currents', phi: 'tanh', units, inputs, J: numbers('J'), V: numbers('V'), alpha, stepMs, stepsPerBin };
}

function defineForce(kind: ForceOptions['kind'], title: string, about: string, cites: readonly string[]): Model {
  const params = kind === 'full-force' ? { ...forceParams, ...hintParams, ...shared } : { ...forceParams, ...shared };
  return {
    id: kind,
    version: 1,
    title,
    about,
    cites,
    params,
    reports: ['currents', 'weights'],
    takesOnePiece: true,
    oneThread: true,
    resolve(dataset, settings) {
      const chosen = chosenBy(settings);
      const { regions: _r, leastUnits: _l, ...activity } = resolveActivity(dataset, settings);
      const usual = (name: keyof typeof forceParams, why = 'usual') =>
        chosen(name, [(forceParams[name] as { default: number }).default, why]);
      const resolved: Record<string, Chosen> = {
        steps: usual('steps', 'errors have mostly levelled off by then'),
        target: chosen('target', ['activity', 'every recorded unit is an output']),
        networkUnits: usual('networkUnits'),
        tauMs: chosen('tauMs', [Math.max(100, dataset.binMs), 'usual for rates; sweep it']),
        gain: usual('gain', 'active by itself before it learns'),
        stepsPerBin: usual('stepsPerBin'),
        every: usual('every'),
        p0: usual('p0'),
        ...(kind === 'full-force' && { hints: chosen('hints', [[], 'none']) }),
        ...activity,
      };
      hintsAmong(dataset, wantedOf(resolved).hints);
      if (resolved.target.value === 'behaviour')
        scalingOf(
          dataset,
          Array.from(trialsIn(dataset, TRAINING), (trial) => Int32Array.of(trial)),
        );
      return resolved;
    },
    async fit(dataset, resolved, job) {
      const choices = choicesOf(resolved);
      const prepared = prepare(dataset, choices);
      const groups = groupsOf(dataset, trialsIn(dataset, TRAINING), choices.trialsPerAverage);
      const wanted = wantedOf(resolved);
      const none: Scaling = { scale: new Float64Array(0), offset: new Float64Array(0) };
      const scaling = wanted.target === 'behaviour' ? scalingOf(dataset, groups) : none;
      const task = taskOf(dataset, prepared, groups, wanted, scaling);
      const seed = job.resume ? Number(job.resume.state.seed) : job.seed;
      const options = optionsOf(kind, resolved, dataset.binMs, seed);
      const n = options.units;
      const before: Learned | undefined = job.resume && {
        M: Float64Array.from(job.resume.arrays.M.values),
        P: Float64Array.from(job.resume.arrays.P.values),
      };
      const learner = new ForceLearner(task, options, before);
      const begun = job.resume?.step ?? 0;
      const passes = job.moreSteps === undefined ? numberOf(resolved, 'steps') : begun + job.moreSteps;
      let learned = learner.learned();
      const checkpointOf = (step: number): Checkpoint => {
        const { J, V, readout } = closed(options, task, learned);
        const { scale, offset } = wanted.target === 'behaviour' ? scaling : prepared.transform;
        return {
          step,
          bestStep: step,
          arrays: {
            J: named(J, [n, n], ['target', 'source'], '', 'Weights of the network that runs by itself, row i those onto unit i'),
            V: named(V, [n, task.inputs], ['target', 'input'], '', 'Weights of external inputs'),
            readout: named(readout, [task.outputs, n], ['output', 'unit'], '', 'Outputs from the rates of units'),
            M: named(learned.M, [learned.M.length / n, n], ['row', 'unit'], '', 'What learns'),
            P: named(learned.P, [n, n], ['unit', 'unit'], '', 'P of recursive least squares'),
            places: { values: prepared.places, shape: [prepared.places.length], axes: ['output'], unit: '' },
            scale: named(scale, [scale.length], ['output'], '', 'An output is (value − offset) / scale'),
            offset: named(offset, [offset.length], ['output']),
            means: named(prepared.means, [prepared.means.length], ['unit'], 'Hz', 'Mean activity over training'),
          },
          state: { seed, alpha: options.alpha, stepMs: dataset.binMs / options.stepsPerBin, stepsPerBin: options.stepsPerBin },
        };
      };
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
      const scores = { nMseTraining: freely, nMseFreeRun: heldOut };
      return {
        checkpoint: checkpointOf(step),
        device: 'cpu',
        deviceName: 'CPU, one thread',
        notes: [
          ...prepared.notes,
          ...(dataset.conditions || task.inputs > 0 || task.rows === 1
            ? []
            : ['Without conditions or inputs nothing tells trials apart: all of them get the same output.']),
        ],
        diagnostics: Object.fromEntries(Object.entries(scores).filter(([, value]) => Number.isFinite(value))),
      };
    },
    async infer(checkpoint, dataset, resolved, trials, sink, job) {
      const network = networkOf(checkpoint);
      const { arrays, state } = checkpoint;
      const wanted = wantedOf(resolved);
      const places = Int32Array.from(arrays.places.values);
      const [O] = arrays.readout.shape;
      const { values: readout } = arrays.readout;
      const n = network.units;
      const isHint = hintsAmong(dataset, wanted.hints);
      const least = Float64Array.from(arrays.means.values, (mean) => (holdsRates(dataset) ? -Infinity : LEAST_SHARE * mean));
      for (let from = 0; from < trials.length; from += TRIALS_AT_ONCE) {
        const batch = trials.slice(from, from + TRIALS_AT_ONCE);
        const { rates, generator, outputs } = runs(dataset, batch);
        const shaped = (values: Float32Array, unit: string, axis: string): NamedArray => ({
          values,
          unit,
          shape: [batch.length, dataset.bins, values.length / batch.length / dataset.bins],
          axes: ['trial', 'bin', axis],
        });
        await sink(batch, {
          rates: shaped(rates, 'Hz', 'unit'),
          generator: shaped(generator, '', 'state'),
          ...(wanted.target === 'behaviour' && { behavior: { ...shaped(outputs, '', 'channel'), labels: behaviorNames(dataset) } }),
        });
        await job.progress(Math.min(1, (from + batch.length) / trials.length), 'Running the network');
      }

      function runs(of: Dataset, batch: Int32Array) {
        const { bins, units, external, conditions } = of;
        const width = external?.channels.length ?? 0;
        const channels = isHint.flatMap((hint, c) => (hint ? [] : [c]));
        const inputs = new Float64Array(batch.length * bins * channels.length);
        const starts = new Float64Array(batch.length * bins * n);
        for (const [row, trial] of batch.entries()) {
          const state0 = initialState(n, Number(state.seed), (conditions?.of[trial] ?? -1) + 1);
          starts.set(state0.map(Math.tanh), row * bins * n);
          for (let t = 0; t < bins; t++)
            for (const [k, c] of channels.entries())
              inputs[(row * bins + t) * channels.length + k] = external?.values[(trial * bins + t) * width + c] || 0;
        }
        const { states, values } = freeRun(network, {
          rows: batch.length,
          bins,
          units: n,
          binMs: of.binMs,
          values: starts,
          lengths: new Int32Array(batch.length).fill(bins),
          averaged: new Int32Array(batch.length).fill(1),
          conditions: new Int32Array(batch.length).fill(-1),
          inputs,
          inputCount: channels.length,
        });
        const rates = new Float32Array(batch.length * bins * units);
        const outputs = new Float32Array(batch.length * bins * O);
        for (let at = 0; at < batch.length * bins; at++) {
          for (let u = 0; u < units; u++) rates[at * units + u] = Math.max(least[u], arrays.means.values[u]);
          for (let o = 0; o < O; o++) {
            let sum = 0;
            for (let j = 0; j < n; j++) sum += readout[o * n + j] * values[at * n + j];
            const value = sum * arrays.scale.values[o] + arrays.offset.values[o];
            outputs[at * O + o] = value;
            if (wanted.target === 'activity') rates[at * units + places[o]] = Math.max(least[places[o]], value);
          }
        }
        return { rates, outputs, generator: Float32Array.from(states) };
      }
    },
    flow: (checkpoint) => flowOf(networkOf(checkpoint)),
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
