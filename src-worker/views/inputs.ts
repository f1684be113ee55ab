// Inferred inputs of one trial, or averages of its condition, over the mean and standard deviation of all trials; one strip an input.

import { binCentres } from '../analyses/states.ts';
import { Failure } from '../contract/failure.ts';
import { defineParams } from '../contract/params.ts';
import type { Dataset } from '../dataset/dataset.ts';
import { quantile } from '../numerics/statistics.ts';
import { numberText, rounded } from '../scene/axes.ts';
import type { Band, ColourRole, Line, Mark } from '../scene/scene.ts';
import {
  conditionKey,
  conditionRole,
  eventRules,
  sourceText,
  thinned,
  timeAxis,
  trialParam,
  trialPlace,
  trialsShown,
  trialsText,
  undisturbed,
} from './shared.ts';
import { defineView } from './view.ts';

const params = defineParams({
  show: {
    kind: 'choice',
    label: 'Show',
    help: 'One trial over the mean of all, or the mean of every condition.',
    choices: ['trial', 'conditions'],
    default: 'trial',
    tier: 'common',
  },
  trial: trialParam,
});

export const inputs = defineView({
  id: 'inputs',
  title: 'Inferred inputs',
  version: 1,
  about: 'What the controller feeds to the generator, over the mean and s.d. of trials.',
  shows: 'outputs',
  params,
  scene(shown, { show, trial }) {
    const { dataset, outputs } = shown;
    const array = outputs?.inputs;
    const count = array?.shape[2] ?? 0;
    if (!array || count === 0)
      throw new Failure('no-inputs', 'This model has no inferred inputs.', 'Fit one with a controller, or look at its rates.');
    const place = trialPlace(dataset, trial);
    const kept = trialsShown(dataset);
    const time = binCentres(dataset);
    // What a push does is seen against trials without one.
    const calm = undisturbed(dataset, kept);
    const usual = calm?.trials ?? kept;
    const moments = Array.from({ length: count }, (_, input) => momentsOf(dataset, array.values, count, input, usual));
    // All strips share one scale, so that a strong input looks strong.
    const curvesOf = (input: number) =>
      show === 'trial'
        ? [
            {
              key: `trial ${dataset.trialRows[place]}`,
              colour: 'ink' as ColourRole,
              condition: -1,
              y: valuesOf(dataset, array.values, count, input, place),
            },
          ]
        : (dataset.conditions?.names ?? []).map((_, condition) => ({
            key: `condition ${condition}`,
            colour: conditionRole(condition),
            condition,
            y: momentsOf(
              dataset,
              array.values,
              count,
              input,
              kept.filter((at) => dataset.conditions?.of[at] === condition),
            ).mean,
          }));
    const strips = moments.map((all, input) => ({ all, curves: curvesOf(input) }));
    const size = Math.max(
      1e-12,
      show === 'trial' ? reachOf(dataset, array.values, count, kept) : 0,
      ...strips.flatMap(({ all, curves }) =>
        [...all.mean.map((value, i) => Math.abs(value) + all.sd[i]), ...curves.flatMap(({ y }) => [...y.map(Math.abs)])].filter(
          Number.isFinite,
        ),
      ),
    );
    const half = rounded([-size, size], false)[1];
    // Strip k is drawn about −2 k · half, the first on top.
    const marks = strips.flatMap(({ all, curves }, input): readonly Mark[] => {
      const lift = -2 * half * input;
      const raised = (values: Float64Array) => values.map((value) => value + lift);
      const band: Band = {
        kind: 'band',
        key: `spread ${input + 1}`,
        datum: {},
        colour: 'band',
        x: time,
        low: raised(all.mean.map((value, i) => value - all.sd[i])),
        high: raised(all.mean.map((value, i) => value + all.sd[i])),
      };
      const mean: Line = {
        kind: 'line',
        key: `mean ${input + 1}`,
        datum: {},
        colour: 'mute',
        weight: 'line',
        x: time,
        y: raised(all.mean),
        timeMs: time,
      };
      return [
        { kind: 'rule', key: `zero ${input + 1}`, datum: {}, colour: 'mute', y: lift, label: '', dashed: true },
        band,
        mean,
        ...curves.map(
          ({ key, colour, condition, y }): Line => ({
            kind: 'line',
            key: `${key} input ${input + 1}`,
            datum: condition >= 0 ? { condition } : { trial: dataset.trialRows[place] },
            colour,
            weight: 'line',
            x: time,
            y: raised(y),
            timeMs: time,
          }),
        ),
      ];
    });
    const label = (value: number) => numberText(Number(value.toPrecision(2)));
    const ticks = strips.flatMap((_, input) => [
      { at: -2 * half * input, label: '0' },
      { at: half / 2 - 2 * half * input, label: `u${input + 1}  ${label(half / 2)}` },
    ]);
    const row = dataset.trialRows[place];
    const ofUsual = `${usual.length} trials${calm ? ` without ${calm.by}` : ''}`;
    const key = show === 'conditions' ? conditionKey(dataset, kept) : undefined;
    return {
      title: 'Inferred inputs',
      subtitle: `over mean ± s.d. ${calm ? `without ${calm.by}` : `of ${usual.length} trials`}`,
      x: timeAxis(dataset),
      y: {
        label: 'Inferred input',
        unit: array.unit === '1' ? '' : array.unit,
        scale: 'linear',
        domain: [-2 * half * (count - 1) - half, half],
        ticks,
      },
      marks: [...marks, ...eventRules(dataset, show === 'trial' ? Int32Array.of(place) : kept)],
      ...(key ? { conditions: key } : {}),
      text: `${count} inferred input${count === 1 ? '' : 's'} of ${show === 'trial' ? `trial ${row}` : 'every condition'} over time, over the mean of ${ofUsual}.`,
      caption: `Inferred inputs of ${sourceText(shown)}, posterior means; ${show === 'trial' ? `black, trial ${row}; ` : ''}grey, mean ± s.d. of ${calm ? ofUsual : trialsText(dataset, kept)}; one scale for all.`,
    };
  },
});

const valuesOf = ({ bins, observed }: Dataset, values: ArrayLike<number>, count: number, input: number, trial: number): Float64Array =>
  Float64Array.from({ length: bins }, (_, bin) =>
    observed && !observed[trial * bins + bin] ? Number.NaN : values[(trial * bins + bin) * count + input],
  );

/** What nearly all trials stay within, so that the scale keeps still from one trial to the next. */
function reachOf({ bins, observed }: Dataset, values: ArrayLike<number>, count: number, trials: Int32Array): number {
  const some = thinned(trials, 300).trials;
  const sizes = Array.from(some, (trial) =>
    Array.from({ length: bins * count }, (_, i) =>
      observed && !observed[trial * bins + Math.floor(i / count)] ? Number.NaN : Math.abs(values[trial * bins * count + i]),
    ),
  ).flat();
  const known = Float64Array.from(sizes).filter(Number.isFinite);
  return known.length > 0 ? quantile(known, 0.998) : 0;
}

/** Mean and s.d. over trials in every bin. */
function momentsOf(dataset: Dataset, values: ArrayLike<number>, count: number, input: number, trials: Int32Array) {
  const all = Array.from(trials, (trial) => valuesOf(dataset, values, count, input, trial));
  const mean = new Float64Array(dataset.bins);
  const sd = new Float64Array(dataset.bins);
  for (let bin = 0; bin < dataset.bins; bin++) {
    const known = all.map((one) => one[bin]).filter(Number.isFinite);
    mean[bin] = known.reduce((sum, value) => sum + value / known.length, known.length > 0 ? 0 : Number.NaN);
    sd[bin] = Math.sqrt(known.reduce((sum, value) => sum + (value - mean[bin]) ** 2 / known.length, 0));
  }
  return { mean, sd };
}
