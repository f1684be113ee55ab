// Divergence over time, one line a condition, or over delays; either over the median and 5 to 95 % of surrogates.

import { allTrials, countOf } from '../analyses/states.ts';
import { Failure } from '../contract/failure.ts';
import { defineParams } from '../contract/params.ts';
import type { NamedArray } from '../contract/result.ts';
import { numberText } from '../scene/axes.ts';
import type { Line, Mark } from '../scene/scene.ts';
import { conditionKey, conditionRole, controlMarks, eventRules, timeAxis } from './shared.ts';
import { defineView } from './view.ts';

export const divergence = defineView({
  id: 'divergence',
  title: 'Divergence',
  version: 1,
  about: 'Divergence of every condition over time, or of all over delays, beside its control.',
  shows: 'divergence',
  params: defineParams({
    over: {
      kind: 'choice',
      label: 'Over',
      help: 'Time at one delay, or delays at the median over time.',
      choices: ['time', 'delay'],
      default: 'time',
      tier: 'common',
    },
    scale: {
      kind: 'choice',
      label: 'Scale',
      help: 'A logarithmic axis keeps one crossing from flattening the rest.',
      choices: ['log', 'linear'],
      default: 'log',
      tier: 'common',
    },
  }),
  scene({ result, dataset }, { over, scale }) {
    const { q, time, conditions, rows, delays, sweep } = result?.arrays ?? {};
    if (!result || !q || !time || !conditions || !rows || !delays || !sweep)
      throw new Failure('no-result', 'There is no divergence to show.', 'Run the analysis first: orrery analyze divergence.');
    const { median, delayMs, controlDraws, controlMedian, shareAboveControl95, shareBelowControl5 } = result.summary;
    const areTrials = q.axes[0] === 'trial';
    const what = countOf(q.shape[0], areTrials ? 'trial' : 'average');
    const short = (value: number) => numberText(Number(value.toPrecision(3)));
    const caption =
      `${result.recipe}${controlDraws === undefined ? '' : ' Band, 5 to 95 % of the surrogates; dashed, their median.'} ${result.notes.join(' ')}`.trim();
    const y = { label: 'Divergence D', unit: '', scale };
    if (over === 'delay') {
      const x = Float64Array.from(delays.values);
      const { sweepControlLow, sweepControlMedian, sweepControlHigh } = result.arrays;
      return {
        title: 'Divergence over delays',
        subtitle: `${what}, median over time; ${controlDraws === undefined ? 'no control' : `surrogates ${short(sweepControlMedian.values[0])} to ${short(sweepControlMedian.values[sweepControlMedian.values.length - 1])}`}`,
        x: { label: 'Delay', unit: 'ms', scale: 'linear', domain: [0, x[x.length - 1]] },
        y,
        marks: [
          ...controlMarks(x, { low: sweepControlLow, median: sweepControlMedian, high: sweepControlHigh }),
          { kind: 'line', key: 'sweep', datum: {}, colour: 'ink', weight: 'thick', x, y: Float64Array.from(sweep.values), label: 'data' },
          { kind: 'points', key: 'delays', datum: {}, colour: 'ink', sign: 'dot', size: 'small', x, y: Float64Array.from(sweep.values) },
        ],
        text: `Median divergence of ${what} at delays of ${x[0]} to ${x[x.length - 1]} ms: ${short(sweep.values[0])} to ${short(sweep.values[sweep.values.length - 1])}.`,
        caption,
      };
    }
    const x = Float64Array.from(time.values);
    const { controlLow, controlHigh } = result.arrays;
    const key = conditionKey(dataset, allTrials(dataset));
    const percent = (share: number | undefined) => `${Math.round(100 * (share ?? 0))} %`;
    const beside =
      controlDraws === undefined
        ? 'no control'
        : `${percent(shareBelowControl5)} of bins below 5 %, ${percent(shareAboveControl95)} above 95 % of the control`;
    return {
      title: 'Divergence',
      subtitle: `${what}, ${delayMs} ms later; ${beside}`,
      x: timeAxis(dataset),
      y,
      marks: [
        ...controlMarks(x, { low: controlLow, median: result.arrays.controlMedian, high: controlHigh }),
        ...linesOf(q, x, conditions, rows, areTrials),
        ...eventRules(dataset, allTrials(dataset)),
      ],
      ...(key ? { conditions: key } : {}),
      text: `Divergence of ${what} ${delayMs} ms later, median ${short(median)}${controlMedian === undefined ? '' : `; surrogates ${short(controlMedian)}`}.`,
      caption,
    };
  },
});

const linesOf = (q: NamedArray, x: Float64Array, conditions: NamedArray, rows: NamedArray, areTrials: boolean): readonly Mark[] =>
  Array.from({ length: q.shape[0] }, (_, row): Line => {
    const condition = conditions.values[row];
    return {
      kind: 'line',
      key: `${areTrials ? 'trial' : 'average'} ${rows.values[row]}`,
      datum: { ...(condition >= 0 ? { condition } : {}), ...(areTrials ? { trial: rows.values[row] } : {}) },
      colour: conditionRole(condition),
      weight: areTrials ? 'thin' : 'line',
      x,
      y: Float64Array.from(q.values.subarray(row * x.length, (row + 1) * x.length)),
      timeMs: x,
    };
  });
