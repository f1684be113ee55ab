// The delayed-reach experiment as an NWB file: units, trials, hand, and its truth in a processing module.

import {
  areaOf,
  type DelayedReach,
  isolationOf,
  ODD,
  BETWEEN_SHARE,
  IDENTIFIER,
  RATE_CAP_HZ,
  SLOW_SHARE,
  TWICE_SHARE,
  UNITS,
} from './delayed-reach.ts';
import { inputsOf, LATENTS, STEP_SECONDS } from './reach-system.ts';
import type { GroupNode } from './hdf5/types.ts';
import { group, type NwbColumn, series, table, textArray, typed } from './nwb.ts';

const ABOUT =
  'A simulated delayed-reach experiment with known latents, inputs, rates and fixed points, made by Orrery. Eight targets, a go cue after a variable delay, a push to the left or right on a quarter of the trials.';
const DATE = '2025-01-01T00:00:00+00:00';
/** Below this isolation a unit counts as several cells. */
const SINGLE_UNIT = 3;

/** Natural logarithms, written out so that no machine's own differ. */
const LOG_SLOW = -3.912023005428146;
const LOG_BETWEEN = -2.995732273553991;
const LOG_TWICE = -0.05129329438755058;

const SPIKE_CHUNK = 65536;
const rateHz = 1 / STEP_SECONDS;
/** Steps to seconds: the nearest number to the decimal one would write. */
const seconds = (step: number) => step / rateHz;

const numbers = (name: string, about: string, values: Float64Array): NwbColumn => ({ name, about, values, shape: [values.length] });
const texts = (name: string, about: string, values: readonly string[]): NwbColumn => ({ name, about, values, shape: [values.length] });

/** The tree of the file; `hdf5Bytes` writes it. */
export function delayedReachFile(reach: DelayedReach): GroupNode {
  const behavior = '/processing/behavior';
  const hand = { channels: 2, rateHz };
  const velocity = { ...hand, about: 'Velocity of the hand', unit: 'cm/s', values: Float32Array.from(reach.velocity) };
  const position = {
    ...hand,
    about: 'Position of the hand from where the trial began',
    unit: 'cm',
    values: Float32Array.from(reach.position),
  };
  return group(
    {
      acquisition: group({}),
      analysis: group({}),
      file_create_date: textArray([DATE]),
      general: group({
        experiment_description: textArray('Delayed reaching to eight targets, simulated; the truth is in the processing module “truth”'),
        keywords: textArray(['simulation', 'motor cortex', 'reaching']),
        session_id: textArray('sample'),
      }),
      identifier: textArray(IDENTIFIER),
      intervals: group({ trials: trialTable(reach) }),
      processing: group({
        behavior: group(
          {
            hand_position: series(
              `${behavior}/hand_position`,
              'SpatialSeries',
              position,
              'x to the right, y away from the body, zero where the trial began',
            ),
            hand_velocity: series(`${behavior}/hand_velocity`, 'TimeSeries', velocity),
          },
          typed(behavior, 'ProcessingModule', { description: 'Movement of the hand' }),
        ),
        truth: truthModule(reach),
      }),
      session_description: textArray(ABOUT),
      session_start_time: textArray(DATE),
      stimulus: group({ presentation: group({}), templates: group({}) }),
      timestamps_reference_time: textArray(DATE),
      units: unitTable(reach),
    },
    { ...typed('/', 'NWBFile'), nwb_version: { shape: [], values: ['2.7.0'] } },
  );
}

function unitTable({ spikes, weights, bias }: DelayedReach): GroupNode {
  const units = Array.from({ length: UNITS }, (_, unit) => unit);
  const ends = new Uint32Array(UNITS);
  let total = 0;
  for (const unit of units) {
    total += spikes[unit].length;
    ends[unit] = total;
  }
  const times = new Float64Array(total);
  for (const unit of units) times.set(spikes[unit], ends[unit] - spikes[unit].length);

  const trueWeights = weights.slice();
  trueWeights.copyWithin(ODD.twice * LATENTS, ODD.original * LATENTS, (ODD.original + 1) * LATENTS);
  const trueBias = bias.slice();
  trueBias[ODD.slow] += LOG_SLOW;
  trueBias[ODD.betweenTrials] += LOG_BETWEEN;
  trueBias[ODD.twice] = bias[ODD.original] + LOG_TWICE;
  const cap = new Float64Array(UNITS).fill(RATE_CAP_HZ);
  cap[ODD.slow] *= SLOW_SHARE;
  cap[ODD.betweenTrials] *= BETWEEN_SHARE;
  cap[ODD.twice] *= TWICE_SHARE;
  const when = units.map((unit) => (unit === ODD.silent ? 'never' : unit === ODD.betweenTrials ? 'between trials' : 'always'));
  const isolation = Float64Array.from(units, isolationOf);

  return table('/units', 'Units', 'Simulated single units', UNITS, [
    { name: 'spike_times', about: 'Times of the unit’s spikes, in seconds', values: times, shape: [total], chunks: [SPIKE_CHUNK], ends },
    texts('location', 'Area of the unit', units.map(areaOf)),
    numbers('isolation', 'Separation of the unit’s waveforms from noise and other units', isolation),
    texts(
      'quality',
      `mua where the isolation is below ${SINGLE_UNIT}`,
      Array.from(isolation, (value) => (value < SINGLE_UNIT ? 'mua' : 'good')),
    ),
    numbers('truth_bias', 'True log rate at latents of zero, log Hz', trueBias),
    { name: 'truth_weights', about: 'True log rate per latent, log Hz', values: trueWeights, shape: [UNITS, LATENTS] },
    numbers('truth_cap', 'The true rate is never above this, Hz', cap),
    texts('truth_when', 'When the unit fires at its true rate; its rate is zero otherwise', when),
  ]);
}

function trialTable({ trials }: DelayedReach): GroupNode {
  const times = (name: string, about: string, step: (trial: DelayedReach['trials'][number]) => number | undefined) =>
    numbers(
      name,
      about,
      Float64Array.from(trials, (trial) => seconds(step(trial) ?? NaN)),
    );
  return table('/intervals/trials', 'TimeIntervals', 'Trials of the delayed-reach experiment', trials.length, [
    times('start_time', 'Start of the trial, s', ({ start }) => start),
    times('stop_time', 'End of the trial, s', ({ stop }) => stop),
    times('target_on_time', 'The target appears, s', ({ target }) => target),
    times('go_cue_time', 'The go cue, s; NaN where the trial was aborted', ({ go, success }) => (success ? go : undefined)),
    times('move_onset_time', 'The movement begins, s; NaN where the trial was aborted', ({ onset }) => onset),
    {
      name: 'direction',
      about: 'Target, 0 to 7 counter-clockwise from the right',
      values: Int32Array.from(trials, ({ direction }) => direction),
      shape: [trials.length],
    },
    numbers(
      'target_x',
      'Where the target is, to the right',
      Float64Array.from(trials, ({ goal }) => goal[0]),
    ),
    numbers(
      'target_y',
      'Where the target is, away from the body',
      Float64Array.from(trials, ({ goal }) => goal[1]),
    ),
    texts(
      'perturbation',
      'Push on the hand',
      trials.map(({ push }) => (push === 0 ? 'none' : push < 0 ? 'left' : 'right')),
    ),
    times('perturbation_time', 'Start of the push, s; NaN where there is none', ({ push, pushAt }) => (push === 0 ? undefined : pushAt)),
    {
      name: 'success',
      about: 'Whether the reach was made; aborted trials have neither go cue nor movement',
      values: { booleans: Uint8Array.from(trials, ({ success }) => (success ? 1 : 0)) },
      shape: [trials.length],
    },
  ]);
}

function truthModule({ latents, trials }: DelayedReach): GroupNode {
  const path = '/processing/truth';
  const inputs = trials.flatMap(inputsOf);
  const about = 'Gate s, planning pair qx qy, movement pair px py, sensory trace m; constant within a step';
  return group(
    {
      inputs: table(`${path}/inputs`, 'TimeIntervals', 'What drove the latents', inputs.length, [
        numbers(
          'start_time',
          'Start of the input, s',
          Float64Array.from(inputs, ({ from }) => seconds(from)),
        ),
        numbers(
          'stop_time',
          'End of the input, s',
          Float64Array.from(inputs, ({ to }) => seconds(to)),
        ),
        texts(
          'kind',
          'target_x and target_y: goal of planning; go: gate; push: perturbation',
          inputs.map(({ kind }) => kind),
        ),
        numbers(
          'value',
          'Its value in the equations of the latents',
          Float64Array.from(inputs, ({ value }) => value),
        ),
      ]),
      latents: series(`${path}/latents`, 'TimeSeries', {
        about,
        unit: 'a.u.',
        values: Float32Array.from(latents),
        channels: LATENTS,
        rateHz,
      }),
    },
    typed(path, 'ProcessingModule', {
      description:
        'What the recording was simulated from: rate = min(exp(latents · truth_weights + truth_bias), truth_cap) in Hz, with the columns of /units, zero outside truth_when',
    }),
  );
}
