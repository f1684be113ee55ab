// PSTHs: averages over trials of each condition of spikes, smoothed, and of the model's rates, with R² of every unit
// (Neural Latents Benchmark: per unit, then averaged).

import { Failure } from '../contract/failure.ts';
import { defineParams } from '../contract/params.ts';
import { averageByCondition } from '../numerics/averages.ts';
import { rSquared } from '../numerics/ridge.ts';
import { smoothBins } from '../numerics/smoothing.ts';
import { median } from '../numerics/statistics.ts';
import { defineAnalysis } from './analysis.ts';
import { conditionAverages, countOf, judgingPart, finiteBins, statesOf } from './states.ts';

const params = defineParams({
  trials: {
    kind: 'choice',
    label: 'Trials',
    help: 'Validation and test trials, which the model was not trained on, or all of them.',
    choices: ['unseen', 'all'],
    default: 'unseen',
    tier: 'common',
  },
  smoothMs: {
    kind: 'number',
    label: 'Smoothing',
    help: 'Standard deviation of the Gaussian over spikes; the model is not smoothed.',
    default: 40,
    min: 0,
    unit: 'ms',
    tier: 'common',
  },
});

export const psth = defineAnalysis({
  id: 'psth',
  version: 2,
  title: 'PSTH',
  about: 'Average rates by condition, of spikes and of the model, with R² of every unit.',
  needs: 'states',
  state: 'rates',
  params,
  async run({ states, dataset }, { trials, smoothMs }, job) {
    if (states.dimensions !== dataset.units || states.unit !== 'Hz')
      throw new Failure(
        'no-rates',
        `PSTHs need rates of the ${dataset.units} units, and these are ${states.recipe}.`,
        'Choose the state “rates” or “counts”.',
      );
    if (states.rows === 0)
      throw new Failure('no-trials', 'There are no trials to average.', 'Choose another window, or let more trials in.');
    job.signal.throwIfAborted();
    const places = new Map(Array.from(dataset.trialRows, (row, place) => [row, place]));
    const rows = [...states.rowIds.keys()];
    const split = rows.map((row) => dataset.split[places.get(states.rowIds[row]) ?? 0]);
    const { part, noun } = judgingPart(split);
    const unseen = rows.filter((row) => split[row] === part);
    const kept = trials === 'unseen' && unseen.length > 0 ? unseen : rows;
    const size = states.bins * states.dimensions;
    const chosen = {
      ...states,
      rows: kept.length,
      values: Float64Array.from(kept.flatMap((row) => [...states.values.subarray(row * size, (row + 1) * size)])),
      rowIds: Int32Array.from(kept, (row) => states.rowIds[row]),
      conditions: Int32Array.from(kept, (row) => states.conditions[row]),
    };
    const model = conditionAverages(chosen);
    await job.progress(0.4);
    job.signal.throwIfAborted();
    const counts = statesOf(
      dataset,
      'counts',
      undefined,
      Int32Array.from(chosen.rowIds, (row) => places.get(row) ?? 0),
    );
    const observed = finiteBins(counts.values, counts.dimensions);
    const known = counts.values.map((value) => (Number.isFinite(value) ? value : 0));
    const smooth = smoothBins(known, counts.rows, counts.bins, counts.dimensions, smoothMs / counts.binMs, { observed });
    const of = model.conditions[0] === -1 ? new Int32Array(chosen.rows) : chosen.conditions;
    const data = averageByCondition(smooth, states.bins, states.dimensions, of, observed).values;
    const r2 = Float64Array.from({ length: dataset.units }, (_, unit) => {
      const own = (values: Float64Array) =>
        values.filter((_value, i) => i % dataset.units === unit && Number.isFinite(data[i]) && Number.isFinite(model.values[i]));
      return rSquared(own(data), own(model.values), 1);
    });
    await job.progress(1);
    const judged = r2.filter(Number.isFinite);
    const shape = [model.rows, states.bins, dataset.units];
    const axes = ['condition', 'bin', 'unit'];
    const flat = dataset.units - judged.length;
    return {
      arrays: {
        data: { values: data, shape, axes, unit: 'Hz', about: 'Averages of smoothed spikes' },
        model: { values: model.values, shape, axes, unit: 'Hz', about: `Averages of ${states.state ?? 'states'}` },
        r2: {
          values: r2,
          shape: [dataset.units],
          axes: ['unit'],
          unit: '',
          about: 'R² of each unit over conditions and bins, NaN where its spikes do not vary',
        },
        conditions: { values: model.conditions, shape: [model.rows], axes: ['condition'], unit: '', about: 'Condition of each row' },
        trials: { values: model.trialsOf, shape: [model.rows], axes: ['condition'], unit: 'trials', about: 'Trials of each average' },
        units: {
          values: dataset.unitRows,
          shape: [dataset.units],
          axes: ['unit'],
          unit: '',
          about: 'Row of the file’s table of each unit',
        },
        time: { values: states.timeMs, shape: [states.bins], axes: ['bin'], unit: 'ms', about: 'Bin centres' },
      },
      summary: {
        ...(judged.length > 0 ? { r2: judged.reduce((sum, value) => sum + value / judged.length, 0), r2Median: median(judged) } : {}),
        conditions: model.rows,
        trials: kept.length,
      },
      recipe: `Averages of ${states.state ?? 'states'} and of spikes smoothed with a Gaussian (s.d. ${smoothMs} ms) over ${countOf(kept.length, kept === unseen ? noun : 'trial')} by condition; R² per unit, then averaged.`,
      notes: [
        ...(trials === 'unseen' && unseen.length === 0 ? ['There are no validation trials among these, so all trials are averaged.'] : []),
        ...(flat > 0 ? [`${countOf(flat, 'unit')} without an R²: averages of the spikes do not vary.`] : []),
      ],
    };
  },
});
