// Inferred rates of all units in one trial as a heat map with its spikes as ticks, or the average of a condition; units by peak or by area.

import { Failure } from '../contract/failure.ts';
import { defineParams } from '../contract/params.ts';
import type { Dataset } from '../dataset/dataset.ts';
import { holdsRates } from '../dataset/kind.ts';
import { quantile } from '../numerics/statistics.ts';
import { rounded } from '../scene/axes.ts';
import type { Image, Points } from '../scene/scene.ts';
import { eventRules, sourceText, spikesOf, timeAxis, trialParam, trialPlace, trialsShown } from './shared.ts';
import { defineView } from './view.ts';

const params = defineParams({
  show: {
    kind: 'choice',
    label: 'Show',
    help: 'One trial with its spikes, or the average of all trials.',
    choices: ['trial', 'average'],
    default: 'trial',
    tier: 'common',
  },
  trial: trialParam,
  order: {
    kind: 'choice',
    label: 'Order',
    help: 'By the time of each unit’s highest average rate, by area, or as in the file.',
    choices: ['peak', 'area', 'file'],
    default: 'peak',
    tier: 'common',
  },
  rates: {
    kind: 'choice',
    label: 'Rates',
    help: 'Those that the model infers, the true ones where they are known, or both, one above the other.',
    choices: ['inferred', 'true', 'both'],
    default: 'inferred',
    tier: 'common',
  },
  spikes: {
    kind: 'switch',
    label: 'Spikes',
    help: 'Ticks at the bins that held spikes.',
    default: true,
    tier: 'occasional',
    when: { param: 'show', is: 'trial' },
  },
});

export const rates = defineView({
  id: 'rates',
  title: 'Inferred rates',
  version: 1,
  about: 'Rates of all units over time with the spikes that were recorded.',
  shows: 'outputs',
  params,
  scene(shown, { show, trial, order, rates: which, spikes }) {
    const { dataset, outputs } = shown;
    const { bins, units } = dataset;
    const inferred = outputs?.rates?.values;
    if (!inferred || outputs?.rates?.shape[2] !== units)
      throw new Failure('no-rates', 'There are no inferred rates here.', 'Fit a model first.');
    const truth = which === 'inferred' ? undefined : trueRates(dataset);
    const place = trialPlace(dataset, trial);
    const kept = trialsShown(dataset);
    const average = averageRates(dataset, inferred, kept);
    const ordered = orderOf(dataset, average, order);
    const cellsOf = (values: ArrayLike<number>): Float32Array => {
      const of = show === 'trial' ? undefined : values === inferred ? average : averageRates(dataset, values, kept);
      const cells = new Float32Array(units * bins);
      for (const [line, unit] of ordered.entries())
        for (let bin = 0; bin < bins; bin++) {
          const missing = show === 'trial' && dataset.observed && !dataset.observed[place * bins + bin];
          const value = of ? of[bin * units + unit] : values[(place * bins + bin) * units + unit];
          cells[line * bins + bin] = missing ? Number.NaN : value;
        }
      return cells;
    };
    const blocks = [
      ...(which === 'true' ? [] : [{ key: 'rates', name: 'inferred', cells: cellsOf(inferred) }]),
      ...(truth ? [{ key: 'true rates', name: 'true', cells: cellsOf(truth) }] : []),
    ];
    const known = Float32Array.from(blocks.flatMap(({ cells }) => Array.from(cells))).filter(Number.isFinite);
    const highest = known.reduce((most, rate) => Math.max(most, rate), 0);
    const top = rounded([0, Math.max(1, quantile(known, 0.99) || 0)], false)[1];
    const withSpikes = show === 'trial' && spikes && !holdsRates(dataset);
    // Continuous activity may be negative.
    const isSigned = holdsRates(dataset) && dataset.counts.some((value) => value < 0);
    const domain = isSigned ? rounded([quantile(known, 0.01), quantile(known, 0.99)], false) : ([0, top] as const);
    const scale = { label: 'Rate', unit: 'Hz', domain, palette: withSpikes ? 'wash' : 'sequential' } as const;
    const [from, to] = [dataset.edgesMs[0], dataset.edgesMs[bins]];
    // Blocks stand one below the other, a gap apart.
    const gap = Math.max(1, Math.round(0.08 * units));
    const firstOf = (block: number): number => block * (units + gap);
    const row = dataset.trialRows[place];
    const numbers = [...new Set([1, ...[1, 2, 3].map((k) => Math.round((k * units) / 3))])].filter((at) => at >= 1);
    const words = { peak: 'by peak', area: 'by area', file: 'as in the file' } as const;
    const what = blocks.map(({ name }) => name).join(' and ');
    const below = blocks.length > 1 ? ', the true ones below' : '';
    const events = eventRules(dataset, show === 'trial' ? Int32Array.of(place) : kept);
    return {
      title: show === 'trial' ? `Trial ${row}` : 'Average rates',
      subtitle: `${units} units, ${withSpikes ? 'spikes over ' : ''}${what} rates${below}${show === 'trial' ? '' : `, ${kept.length} trials`}`,
      x: timeAxis(dataset),
      y: {
        label: `Unit, ${words[order]}`,
        unit: '',
        scale: 'linear',
        domain: [firstOf(blocks.length - 1) + units + 0.5, 0.5],
        ticks: blocks.flatMap((_, block) => numbers.map((at) => ({ at: firstOf(block) + at, label: String(at) }))),
      },
      marks: [
        ...blocks.map(
          ({ key, cells }, block): Image => ({
            kind: 'image',
            key,
            datum: show === 'trial' ? { trial: row } : {},
            colour: 'ink',
            rows: units,
            columns: bins,
            values: cells,
            x0: from,
            x1: to,
            y0: firstOf(block) + 0.5,
            y1: firstOf(block) + units + 0.5,
            scale,
          }),
        ),
        ...(withSpikes ? blocks.map((_, block) => spikeTicks(dataset, place, ordered, firstOf(block))) : []),
        // A shade would tint the colours that are to be read.
        ...events.map(({ until: _, ...rule }) => rule),
      ],
      values: scale,
      text: `${capital(what)} rates of ${units} units over time in ${show === 'trial' ? `trial ${row}` : `the average of ${kept.length} trials`}, up to ${Math.round(highest)} Hz.`,
      caption: `${which === 'inferred' ? 'Rates' : `${capital(what)} rates${below}`} of ${sourceText(shown)}, ${show === 'trial' ? `trial ${row}${withSpikes ? ', with its spikes' : ''}` : `average of ${kept.length} trials`}; ${units} units ${words[order]}; ${dataset.binMs} ms bins.`,
    };
  },
});

const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);

/** In Hz, trials × bins × units. Throws where the truth is not known. */
function trueRates({ truth, binMs }: Dataset): Float32Array {
  if (truth) return truth.map((perBin) => (1000 * perBin) / binMs);
  throw new Failure('no-truth', 'The true rates of this recording are not known.', 'Show the inferred ones.');
}

/** bins × units. */
function averageRates({ bins, units, observed }: Dataset, values: ArrayLike<number>, trials: Int32Array): Float64Array {
  const sums = new Float64Array(bins * units);
  const counted = new Float64Array(bins);
  for (const trial of trials)
    for (let bin = 0; bin < bins; bin++) {
      if (observed && !observed[trial * bins + bin]) continue;
      counted[bin]++;
      for (let unit = 0; unit < units; unit++) sums[bin * units + unit] += values[(trial * bins + bin) * units + unit];
    }
  return sums.map((sum, i) => sum / counted[Math.floor(i / units)]);
}

function orderOf({ bins, units, areas }: Dataset, average: Float64Array, order: 'peak' | 'area' | 'file'): readonly number[] {
  const all = Array.from({ length: units }, (_, unit) => unit);
  if (order === 'file') return all;
  if (order === 'area') return all.sort((a, b) => (areas[a] < areas[b] ? -1 : areas[a] > areas[b] ? 1 : a - b));
  const peaks = all.map((unit) => {
    let best = 0;
    for (let bin = 1; bin < bins; bin++) if (average[bin * units + unit] > average[best * units + unit]) best = bin;
    return best;
  });
  return all.sort((a, b) => peaks[a] - peaks[b] || a - b);
}

/** A tick in the middle of each bin for one spike; more spikes are spread evenly over their bin. */
function spikeTicks(dataset: Dataset, trial: number, order: readonly number[], above: number): Points {
  const x: number[] = [];
  const y: number[] = [];
  for (const [line, unit] of order.entries())
    for (const spike of spikesOf(dataset, unit, trial)) {
      x.push(spike);
      y.push(above + line + 1);
    }
  return {
    kind: 'points',
    key: above > 0 ? 'spikes below' : 'spikes',
    datum: { trial: dataset.trialRows[trial] },
    colour: 'ink',
    sign: 'tick',
    x: Float64Array.from(x),
    y: Float64Array.from(y),
    tickHeight: 0.8,
  };
}
