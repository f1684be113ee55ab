// Tangling over time: one line a condition, over the median and 5 to 95 % of surrogates.

import { Failure } from '../contract/failure.ts';
import { defineParams } from '../contract/params.ts';
import type { Line } from '../scene/scene.ts';
import { numberText } from '../scene/axes.ts';
import { allTrials, countOf } from '../analyses/states.ts';
import { conditionKey, conditionRole, controlMarks, eventRules, timeAxis } from './shared.ts';
import { defineView } from './view.ts';

const params = defineParams({
  scale: {
    kind: 'choice',
    label: 'Scale',
    help: 'A logarithmic axis keeps one crossing from flattening the rest.',
    choices: ['log', 'linear'],
    default: 'log',
    tier: 'common',
  },
});

export const tangling = defineView({
  id: 'tangling',
  title: 'Tangling',
  version: 1,
  about: 'Tangling over time of every condition, beside its control.',
  shows: 'tangling',
  params,
  scene({ result, dataset }, { scale }) {
    const { q, time, conditions, rows, controlLow, controlMedian, controlHigh } = result?.arrays ?? {};
    if (!result || !q || !time || !conditions || !rows)
      throw new Failure('no-result', 'There is no tangling to show.', 'Run the analysis first: orrery analyze tangling.');
    const bins = time.values.length;
    const x = Float64Array.from(time.values);
    const areTrials = q.axes[0] === 'trial';
    const lines = Array.from({ length: q.values.length / bins }, (_, row): Line => {
      const condition = conditions.values[row];
      return {
        kind: 'line',
        key: `${areTrials ? 'trial' : 'average'} ${rows.values[row]}`,
        datum: { ...(condition >= 0 ? { condition } : {}), ...(areTrials ? { trial: rows.values[row] } : {}) },
        colour: conditionRole(condition),
        weight: areTrials ? 'thin' : 'line',
        x,
        y: Float64Array.from(q.values.subarray(row * bins, (row + 1) * bins)),
        timeMs: x,
      };
    });
    const control = controlMarks(x, { low: controlLow, median: controlMedian, high: controlHigh });
    const { median = Number.NaN, controlDraws, shareAboveControl95, shareBelowControl5, controlMedian: level } = result.summary;
    const what = countOf(lines.length, areTrials ? 'trial' : 'average');
    const percent = (share: number | undefined) => `${Math.round(100 * (share ?? 0))} %`;
    const beside =
      controlDraws === undefined
        ? 'no control'
        : `${percent(shareBelowControl5)} of bins below, ${percent(shareAboveControl95)} above the control`;
    const key = conditionKey(dataset, allTrials(dataset));
    return {
      title: 'Tangling',
      subtitle: `${beside}; ${what}`,
      x: timeAxis(dataset),
      y: { label: 'Tangling Q', unit: 's⁻²', scale },
      marks: [...control, ...lines, ...eventRules(dataset, allTrials(dataset))],
      ...(key ? { conditions: key } : {}),
      text: `Tangling of ${what} over time, median ${numberText(Number(median.toPrecision(3)))} s⁻²${level === undefined ? '' : `; surrogates ${numberText(Number(level.toPrecision(3)))} s⁻²`}.`,
      caption:
        `${result.recipe}${controlDraws === undefined ? '' : ' Band, 5 to 95 % of the surrogates in each bin; dashed, their median.'} ${result.notes.join(' ')}`.trim(),
    };
  },
});
