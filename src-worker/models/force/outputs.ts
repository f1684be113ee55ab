// What a network of FORCE gives for trials: it runs by itself from the initial state of each one's condition.

import type { Job } from '../../contract/job.ts';
import type { NamedArray } from '../../contract/result.ts';
import { type Dataset, holdsRates } from '../../dataset/index.ts';
import { type DrivenNetwork, freeRun } from '../constrained/network.ts';
import type { Resolved } from '../constrained/resolved.ts';
import type { Checkpoint, Sink } from '../model.ts';
import type { Readouts } from '../readout.ts';
import { initialState } from './learner.ts';
import { wantedOf } from './params.ts';
import { behaviorNames, hintsAmong } from './task.ts';

const TRIALS_AT_ONCE = 32;
/** Rates of spikes do not fall below this share of the unit's mean: a lone spike where the network is silent would otherwise cost everything. */
const LEAST_SHARE = 0.05;

export function networkOf({ arrays, state }: Checkpoint): DrivenNetwork {
  const { alpha, stepMs, stepsPerBin } = state as unknown as DrivenNetwork;
  const [units, inputs] = arrays.V.shape;
  const numbers = (name: string): Float64Array => Float64Array.from(arrays[name].values);
  return { form: 'currents', phi: 'tanh', units, inputs, J: numbers('J'), V: numbers('V'), alpha, stepMs, stepsPerBin };
}

/** Rates of the recorded units in Hz, where these are the outputs. */
export function forceReadouts({ arrays }: Checkpoint, resolved: Resolved): Readouts {
  if (wantedOf(resolved).target !== 'activity') return {};
  const [outputs, n] = arrays.readout.shape;
  const bias = Float64Array.from(arrays.means.values);
  const matrix = new Float64Array(bias.length * n);
  for (let o = 0; o < outputs; o++) {
    const unit = arrays.places.values[o];
    bias[unit] = arrays.offset.values[o];
    for (let j = 0; j < n; j++) matrix[unit * n + j] = arrays.scale.values[o] * arrays.readout.values[o * n + j];
  }
  return { rates: { of: 'rates', unit: 'Hz', dimensions: bias.length, states: n, matrix, bias, phi: 'tanh' } };
}

export async function inferForce(
  checkpoint: Checkpoint,
  dataset: Dataset,
  resolved: Resolved,
  trials: Int32Array,
  sink: Sink,
  job: Job,
): Promise<void> {
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
}
