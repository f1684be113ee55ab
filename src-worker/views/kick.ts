// A kick: how far it takes the state, beside random kicks; or a rate, factor or state of each condition with it and without.

import { allTrials, countOf } from '../analyses/states.ts';
import { Failure } from '../contract/failure.ts';
import { defineParams } from '../contract/params.ts';
import type { NamedArray } from '../contract/result.ts';
import { numberText } from '../scene/axes.ts';
import type { Axis, Line, Mark } from '../scene/scene.ts';
import { conditionKey, conditionRole, controlMarks, timeAxis } from './shared.ts';
import { defineView } from './view.ts';

const NAMES = { rates: ['rates', 'Rate', 'unit'], factors: ['factors', 'Factor', 'factor'], states: ['states', 'State', 'state'] } as const;

export const kick = defineView({
  id: 'kick',
  title: 'Kick',
  version: 1,
  about: 'How far a kick takes the state over time, or one rate, factor or state with and without it.',
  shows: 'kick',
  params: defineParams({
    show: {
      kind: 'choice',
      label: 'Show',
      help: 'Distance from the trials left alone, or one of their rates, factors or states.',
      choices: ['distance', 'rates', 'factors', 'states'],
      default: 'distance',
      tier: 'common',
    },
    which: {
      kind: 'number',
      label: 'Which',
      help: 'Place of the unit, factor or state, from 0; the unit whose rate changes most unless given.',
      min: 0,
      integer: true,
      tier: 'common',
    },
  }),
  scene({ result, dataset }, { show, which }) {
    const { distance, time, conditions, trials, window, controlLow, controlMedian, controlHigh } = result?.arrays ?? {};
    if (!result || !distance || !time || !conditions || !trials || !window)
      throw new Failure('no-result', 'There is no kick to show.', 'Run the analysis first: orrery analyze kick.');
    const x = Float64Array.from(time.values);
    const [rows, bins] = distance.shape;
    const { peakDistance, returnMs, controlDraws } = result.summary;
    const short = (value: number) => numberText(Number(value.toPrecision(3)));
    const begins: Mark = { kind: 'rule', key: 'kick', datum: {}, colour: 'mute', x: window.values[0], label: 'kick' };
    const xAxis: Axis =
      dataset.bins === bins ? timeAxis(dataset) : { label: 'Time', unit: 'ms', scale: 'linear', domain: [x[0], x[bins - 1]] };
    const key = conditionKey(dataset, allTrials(dataset));
    const common = { title: 'Kick', x: xAxis, ...(key ? { conditions: key } : {}) };
    if (show === 'distance') {
      const lines = Array.from({ length: rows }, (_, row): Line => {
        const condition = conditions.values[row];
        return {
          kind: 'line',
          key: `trial ${trials.values[row]}`,
          datum: { trial: trials.values[row], ...(condition >= 0 ? { condition } : {}) },
          colour: conditionRole(condition),
          weight: 'thin',
          x,
          y: Float64Array.from(distance.values.subarray(row * bins, (row + 1) * bins)),
          timeMs: x,
        };
      });
      const median: Line = {
        kind: 'line',
        key: 'median',
        datum: {},
        colour: 'ink',
        weight: 'thick',
        x,
        y: Float64Array.from(result.arrays.distanceMedian.values),
        label: 'kick',
      };
      const says = `${short(peakDistance)} s.d. at most, ${returnMs === undefined ? 'not back within the trial' : `back to 1/e in ${short(returnMs)} ms`}`;
      return {
        ...common,
        subtitle: `${countOf(rows, 'trial')}; ${says}${controlDraws ? '; control: random kicks' : ''}`,
        y: { label: 'Distance', unit: 's.d.', scale: 'linear' },
        marks: [...controlMarks(x, { low: controlLow, median: controlMedian, high: controlHigh }), ...lines, median, begins],
        text: `Distance of kicked states from those left alone in ${countOf(rows, 'trial')}: ${says}.`,
        caption: `${result.recipe} Thick, median over trials${controlDraws ? '; band, 5 to 95 % of random kicks; dashed, their median' : ''}. ${result.notes.join(' ')}`,
      };
    }
    const [name, label, noun] = NAMES[show];
    const [alone, kicked] = [result.arrays[`${name}Alone`], result.arrays[`${name}Kicked`]];
    if (!alone || !kicked) throw new Failure('no-readout', `These dynamics have no ${name}.`, 'Show the distance or the states.');
    const place = which ?? (show === 'rates' ? (result.summary.mostChangedUnit ?? 0) : 0);
    if (place >= alone.shape[2])
      throw new Failure(
        'no-such-place',
        `There is no ${noun} ${place}: there are ${alone.shape[2]}.`,
        `Choose --which from 0 to ${alone.shape[2] - 1}.`,
      );
    const groups = [
      ...Map.groupBy(
        Array.from({ length: rows }, (_, row) => row),
        (row) => conditions.values[row],
      ),
    ].sort(([a], [b]) => a - b);
    const average = (of: NamedArray, members: readonly number[]) =>
      Float64Array.from({ length: bins }, (_, bin) =>
        members.reduce((sum, row) => sum + of.values[(row * bins + bin) * of.shape[2] + place] / members.length, 0),
      );
    const lines = groups.flatMap(([condition, members]): readonly Mark[] =>
      (
        [
          ['alone', alone],
          ['kicked', kicked],
        ] as const
      ).map(
        ([how, of]): Line => ({
          kind: 'line',
          key: `${how} ${condition}`,
          datum: condition >= 0 ? { condition } : {},
          colour: conditionRole(condition),
          weight: 'line',
          dashed: how === 'alone',
          x,
          y: average(of, members),
          timeMs: x,
          legend: how === 'alone' ? 'left alone' : 'with the kick',
        }),
      ),
    );
    return {
      ...common,
      subtitle: `${noun} ${place}; averages of ${countOf(rows, 'trial')}`,
      y: { label: `${label} of ${noun} ${place}`, unit: alone.unit, scale: 'linear' },
      marks: [...lines, begins],
      text: `${label} of ${noun} ${place} with and without the kick, averages of ${countOf(rows, 'trial')}.`,
      caption: `${result.recipe} ${result.notes.join(' ')}`,
    };
  },
});
