// One unit's average rate by condition: smoothed spikes thin, and the model's average over them where there is a model.

import { binCentres } from '../analyses/states.ts';
import { Failure } from '../contract/failure.ts';
import { defineParams } from '../contract/params.ts';
import { type Dataset, TEST, VALIDATION } from '../dataset/dataset.ts';
import { averageByCondition } from '../numerics/averages.ts';
import { smoothBins } from '../numerics/smoothing.ts';
import { variance } from '../numerics/statistics.ts';
import { rounded } from '../scene/axes.ts';
import type { Band, Line } from '../scene/scene.ts';
import { conditionKey, conditionRole, eventRules, sourceText, timeAxis, trialsShown, trialsText, unitParam, unitPlace } from './shared.ts';
import { holdsRates } from '../dataset/kind.ts';
import { defineView } from './view.ts';

const params = defineParams({
  unit: unitParam,
  smoothMs: {
    kind: 'number',
    label: 'Smoothing',
    help: 'Standard deviation of the Gaussian over averaged spikes; the model is not smoothed.',
    default: 30,
    min: 0,
    unit: 'ms',
    tier: 'common',
  },
  trials: {
    kind: 'choice',
    label: 'Trials',
    help: 'All trials, or those alone that were kept from training.',
    choices: ['all', 'validation', 'test'],
    default: 'all',
    tier: 'occasional',
  },
});

export const psth = defineView({
  id: 'psth',
  title: 'PSTH',
  version: 1,
  about: 'Average rate of a unit by condition, and the model’s over it.',
  shows: 'outputs',
  params,
  scene(shown, { unit, smoothMs, trials }) {
    const { dataset, outputs } = shown;
    const place = unitPlace(dataset, unit);
    const split = { validation: VALIDATION, test: TEST };
    const kept = trialsShown(dataset).filter((trial) => trials === 'all' || dataset.split[trial] === split[trials]);
    if (kept.length === 0)
      throw new Failure('no-trials', `There are no ${trials === 'all' ? '' : `${trials} `}trials to average.`, 'Choose other trials.');
    const areRates = holdsRates(dataset);
    const seen = areRates ? 'rates' : 'spikes';
    const hz = areRates ? 1 : 1000 / dataset.binMs;
    const spikes = averagesOf(dataset, (at) => dataset.counts[at] * hz, place, kept);
    const smooth = smoothMs > 0 ? smoothedRows(spikes.values, dataset, smoothMs / dataset.binMs) : spikes.values;
    const rates = outputs?.rates;
    const model = rates?.shape[2] === dataset.units ? averagesOf(dataset, (at) => rates.values[at], place, kept) : undefined;
    const time = binCentres(dataset);
    const bands = model ? [] : spreadOf(dataset, place, kept, smoothMs, smooth, spikes.conditions);
    const linesOf = (values: Float64Array, what: 'spikes' | 'model', weight: Line['weight']): readonly Line[] =>
      Array.from(spikes.conditions, (condition, row) => {
        const one = dataset.conditions ? condition : -1;
        return {
          kind: 'line',
          key: `${what} ${one}`,
          datum: { unit: dataset.unitRows[place], ...(one >= 0 ? { condition: one } : {}) },
          colour: conditionRole(one),
          weight,
          x: time,
          y: values.slice(row * dataset.bins, (row + 1) * dataset.bins),
          timeMs: time,
          ...(model ? { legend: what === 'spikes' ? seen : what } : {}),
        };
      });
    const row = dataset.unitRows[place];
    const area = dataset.areas[place];
    const name = `Unit ${row}${area ? `, ${area}` : ''}${dataset.heldOut[place] ? ', held out' : ''}`;
    const key = conditionKey(dataset, kept);
    const drawn = model ? `thick, the model; thin, ${seen}` : bands.length > 0 ? `${seen}, mean ± s.e.m.` : seen;
    const lines = [...linesOf(smooth, 'spikes', model ? 'thin' : 'line'), ...(model ? linesOf(model.values, 'model', 'thick') : [])];
    // Rates end at zero, also where a mean less its error lies below.
    const means = lines.flatMap(({ y }) => [...y]).filter(Number.isFinite);
    const highs = bands.flatMap(({ high }) => [...high]).filter(Number.isFinite);
    const least = means.reduce((low, rate) => Math.min(low, rate), 0);
    const most = [...means, ...highs].reduce((high, rate) => Math.max(high, rate), 0);
    const domain = rounded([least, most > 0 ? most : 1], false);
    return {
      title: name,
      subtitle: `${drawn}, ${kept.length} trials`,
      x: timeAxis(dataset),
      y: { label: 'Rate', unit: 'Hz', scale: 'linear', domain },
      marks: [...bands, ...lines, { kind: 'rule', key: 'zero', datum: {}, colour: 'mute', y: 0, label: '' }, ...eventRules(dataset, kept)],
      ...(key ? { conditions: key } : {}),
      text: `Average rate of unit ${row} over time${key ? ` by ${key.label}` : ''}, ${kept.length} trials${model ? `, the model over smoothed ${seen}` : ''}.`,
      caption: `${name}: ${drawn}, smoothed (s.d. ${smoothMs} ms); ${trialsText(dataset, kept)}; ${sourceText(shown)}.`,
    };
  },
});

/** Standard errors over the trials of each condition about its smoothed mean (rows × bins), where a condition has at least two. */
function spreadOf(
  dataset: Dataset,
  unit: number,
  trials: Int32Array,
  smoothMs: number,
  means: Float64Array,
  conditions: Int32Array,
): readonly Band[] {
  const { bins, units, binMs, counts, observed } = dataset;
  const rates = new Float64Array(trials.length * bins);
  const seen = new Uint8Array(trials.length * bins).fill(1);
  for (const [row, trial] of trials.entries())
    for (let bin = 0; bin < bins; bin++) {
      rates[row * bins + bin] = counts[(trial * bins + bin) * units + unit] * (holdsRates(dataset) ? 1 : 1000 / binMs);
      if (observed) seen[row * bins + bin] = observed[trial * bins + bin];
    }
  const smooth = smoothMs > 0 ? smoothBins(rates, trials.length, bins, 1, smoothMs / binMs, { observed: seen }) : rates;
  const time = binCentres(dataset);
  return Array.from(conditions, (condition, k): Band | undefined => {
    const rows = Array.from(trials.keys()).filter((row) => (dataset.conditions?.of[trials[row]] ?? 0) === condition);
    if (rows.length < 2) return undefined;
    const errors = Float64Array.from({ length: bins }, (_, bin) => {
      const values = Float64Array.from(
        rows.filter((row) => seen[row * bins + bin]),
        (row) => smooth[row * bins + bin],
      );
      return values.length < 2 ? Number.NaN : Math.sqrt(variance(values) / (values.length - 1));
    });
    const mean = means.subarray(k * bins, (k + 1) * bins);
    const one = dataset.conditions ? condition : -1;
    return {
      kind: 'band',
      key: `spread ${one}`,
      datum: { unit: dataset.unitRows[unit], ...(one >= 0 ? { condition: one } : {}) },
      colour: one >= 0 ? conditionRole(one) : 'band',
      x: time,
      low: mean.map((value, bin) => value - errors[bin]),
      high: mean.map((value, bin) => value + errors[bin]),
    };
  }).filter((band) => band !== undefined);
}

/** Averages by condition (all trials without conditions) of one unit, rows × bins, in Hz. */
function averagesOf(dataset: Dataset, rateAt: (at: number) => number, unit: number, trials: Int32Array) {
  const { bins, units, observed, conditions } = dataset;
  const values = new Float64Array(trials.length * bins);
  const seen = new Uint8Array(trials.length * bins);
  for (const [row, trial] of trials.entries())
    for (let bin = 0; bin < bins; bin++) {
      values[row * bins + bin] = rateAt((trial * bins + bin) * units + unit);
      seen[row * bins + bin] = observed?.[trial * bins + bin] ?? 1;
    }
  const of = Int32Array.from(trials, (trial) => conditions?.of[trial] ?? 0);
  return averageByCondition(values, bins, 1, of, seen);
}

function smoothedRows(values: Float64Array, { bins }: Dataset, sdBins: number): Float64Array {
  const observed = Uint8Array.from(values, (value) => (Number.isFinite(value) ? 1 : 0));
  const known = values.map((value) => (Number.isFinite(value) ? value : 0));
  return smoothBins(known, values.length / bins, bins, 1, sdBins, { observed }).map((value, i) => (observed[i] ? value : Number.NaN));
}
