// A network that is started and left alone, over the data that judge it: averages of one unit by condition.

import { minus } from '../contract/minus.ts';
import { allTrials, countOf } from '../analyses/states.ts';
import { Failure } from '../contract/failure.ts';
import { defineParams } from '../contract/params.ts';
import { numberText } from '../scene/axes.ts';
import type { Mark } from '../scene/scene.ts';
import { conditionKey, eventRules, sourceText, timeAxis } from './shared.ts';
import { curveOf, nameOf, placeOfUnit, seriesOf, unitParam, valueAxis } from './unit-rows.ts';
import { defineView } from './view.ts';

export const freeRun = defineView({
  id: 'free-run',
  title: 'Free run over data',
  version: 1,
  about: 'A network started at the first bin and left alone, over averages of trials that it never saw.',
  shows: 'activity',
  params: defineParams({
    ...unitParam('the one that the network follows best'),
    show: {
      kind: 'choice',
      label: 'Show',
      help: 'The network over the data, or what is left of the data without it.',
      choices: ['runs', 'residuals'],
      default: 'runs',
      tier: 'common',
    },
  }),
  report: { more: () => [{ show: 'residuals' }] },
  scene(shown, { unit, show }) {
    const { result, dataset } = shown;
    const { judged, freeRun: run, judgedConditions, timeMs, unitRows, freeRunPVar, conditionMeanPVar } = result?.arrays ?? {};
    if (!result || !judged || !run)
      throw new Failure('no-result', 'There is no free run to show.', 'Run the analysis first: orrery analyze activity.');
    const place = unit === undefined ? bestOf(freeRunPVar?.values ?? []) : placeOfUnit(unit, unitRows);
    const [rows, bins] = judged.shape;
    // Continuous activity may be negative.
    const isCut = !judged.values.some((value) => value < 0);
    const x = Float64Array.from({ length: bins }, (_, t) => timeMs.values[t]);
    const lines = Array.from({ length: rows }, (_, row): readonly Mark[] => {
      const condition = judgedConditions.values[row];
      const common = curveOf(condition, x);
      const [data, network] = [seriesOf(judged, row, place), seriesOf(run, row, place)];
      if (show === 'residuals')
        return [{ ...common, key: `residual ${row}`, weight: 'line', y: data.map((value, t) => value - network[t]) }];
      return [
        { ...common, key: `data ${row}`, weight: 'thin', y: data, legend: 'data' },
        {
          ...common,
          key: `network ${row}`,
          weight: 'thick',
          y: isCut ? network.map((rate) => Math.max(0, rate)) : network,
          legend: 'network',
        },
      ];
    }).flat();
    const name = nameOf(unitRows, place);
    const p = (value = Number.NaN) => (Number.isFinite(value) ? minus(value.toFixed(2)) : 'unknown');
    const [own, mean] = [p(freeRunPVar?.values[place]), p(conditionMeanPVar?.values[place])];
    const key = conditionKey(dataset, allTrials(dataset));
    const judging = result.summary.judging === 0 ? 'training trials' : 'trials kept from training';
    return {
      title: show === 'residuals' ? `${name}, residuals` : name,
      subtitle: conditionMeanPVar ? `pVar ${own} of ${mean}` : `pVar ${own}`,
      x: timeAxis(dataset),
      y: show === 'residuals' ? { label: 'Data − network', unit: judged.unit, scale: 'linear' } : valueAxis(unitRows, judged.unit),
      marks: [...lines, ...eventRules(dataset, allTrials(dataset))],
      ...(key ? { conditions: key } : {}),
      text: `${name} in ${countOf(rows, 'average')} of ${judging} and the network left alone: ${own} of its variance is explained.`,
      caption:
        `${sourceText(shown)}. ${name}: averages of ${judging} ${show === 'residuals' ? 'less' : '(thin) and'} the network started at ${numberText(Math.round(x[0]))} ms and left alone${show === 'residuals' ? '' : ` (thick${isCut ? ', cut at 0 Hz' : ''})`}; pVar ${own}${conditionMeanPVar ? `, averages of training trials by condition ${mean}` : ''}. ${result.notes.join(' ')}`.trim(),
    };
  },
});

/** The place of the largest number; NaN is none. */
function bestOf(values: ArrayLike<number>): number {
  let best = 0;
  for (let place = 1; place < values.length; place++) if (!(values[place] <= values[best])) best = place;
  return best;
}
