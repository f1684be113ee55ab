// What a network of recorded units was fitted to: activity as it was recorded, smoothed, and in the network's range, with what undoes it; and
// the network left alone over trials that judge it.

import { Failure } from '../contract/failure.ts';
import type { Arrays, NamedArray, Result } from '../contract/result.ts';
import { countOf } from './states.ts';
import type { CurrentUnit } from '../contract/currents.ts';
import { regionsOf } from '../models/constrained/regions.ts';
import { defineAnalysis } from './analysis.ts';
import { judgedRuns, recorded, turned } from './currents/judged.ts';
import { inHz, sharedBins, shownTrials } from './currents/rows.ts';

const number = (value: number): string => String(Number(value.toPrecision(3))).replace('-', '−');

export const activityAnalysis = defineAnalysis({
  id: 'activity',
  version: 1,
  title: 'Activity',
  about: 'Activity that a network of recorded units was fitted to, before and after smoothing and scaling, and its free run.',
  needs: 'constrained',
  state: 'rates',
  params: {},
  details: ({ arrays }) => ({ units: unitsOf(arrays) }),
  async run({ dataset, constrained }, _, job): Promise<Result> {
    if (!constrained)
      throw new Failure(
        'not-constrained',
        'Activity is prepared for a network of recorded units, and this is none.',
        'Choose a run of a network of recorded units.',
      );
    await job.progress(0, 'Preparing activity');
    const { fitted, model, resolved } = constrained;
    const { transform, places } = fitted;
    const { sdMs, trialsPerAverage, scale, centre, regions: column } = model.choices(resolved);
    const every = regionsOf(dataset, column);
    const regions = Array.from(places, (place) => every[place]);
    const names = [...new Set(regions)].sort();
    const shown = shownTrials(dataset, 'training');
    const rows = model.activity(dataset, fitted, resolved, shown.trials, shown.perAverage);
    const bins = sharedBins(rows);
    const judged = judgedRuns(constrained, dataset);
    const n = rows.units;
    const byUnit = (values: Float64Array, unit: string, about: string, length = bins): NamedArray => ({
      values: Float32Array.from(values),
      shape: [values.length / n / length, length, n],
      axes: ['row', 'bin', 'unit'],
      unit,
      about,
    });
    const perUnit = (values: NamedArray['values'], unit: string, about: string): NamedArray => ({
      values,
      shape: [n],
      axes: ['unit'],
      unit,
      about,
    });
    const list = (values: Int32Array | Float64Array, axis: string, unit = ''): NamedArray => ({
      values,
      shape: [values.length],
      axes: [axis],
      unit,
    });
    const centres = Float64Array.from({ length: bins }, (_none, t) => (dataset.edgesMs[t] + dataset.edgesMs[t + 1]) / 2);
    const activity = turned(rows, bins);
    const sizes = [...transform.scale].sort((a, b) => a - b);
    const averages = shown.perAverage === 0 ? countOf(rows.rows, 'condition average') : countOf(rows.rows, 'trial');
    const steps = [
      sdMs > 0 ? `smoothed by a Gaussian of ${number(sdMs)} ms (s.d.)` : 'as it is, without smoothing',
      ...(trialsPerAverage === 1
        ? []
        : [trialsPerAverage === 0 ? 'averaged by condition' : `averaged over about ${countOf(trialsPerAverage, 'trial')} of a condition`]),
      ...(centre ? ['means taken away'] : []),
      scale === 'none'
        ? 'not scaled'
        : scale === 'global'
          ? `divided by ${number(sizes[0])}`
          : `each unit divided by its own maximum and a little more (${number(sizes[0])} to ${number(sizes[n - 1])})`,
    ];
    return {
      arrays: {
        timeMs: list(centres, 'bin', 'ms'),
        unitRows: list(
          Int32Array.from(places, (place) => dataset.unitRows[place]),
          'unit',
        ),
        rowConditions: list(rows.conditions, 'row'),
        raw: byUnit(recorded(dataset, constrained, shown, bins), 'Hz', 'Averages as they were recorded'),
        smoothed: byUnit(inHz(rows, rows.values, bins, transform), 'Hz', 'The same, smoothed'),
        activity: byUnit(activity, '', 'What the network was fitted to: (Hz − offset) / scale'),
        scale: perUnit(transform.scale, 'Hz', 'Activity is (Hz − offset) / scale'),
        offset: perUnit(transform.offset, 'Hz', 'Offset of each unit'),
        regions: {
          ...list(
            Int32Array.from(regions, (name) => names.indexOf(name)),
            'unit',
          ),
          about: 'Region of each unit',
          labels: names,
        },
        judged: byUnit(judged.data, 'Hz', 'Averages of trials that judge the network', judged.bins),
        freeRun: byUnit(judged.found, 'Hz', 'The network started at their first bin and left alone', judged.bins),
        judgedConditions: list(judged.conditions, 'row'),
        freeRunPVar: perUnit(judged.perUnit, '', 'Share of each unit’s variance that the free run explains'),
        ...(judged.meanPerUnit && {
          conditionMeanPVar: perUnit(judged.meanPerUnit, '', 'Share that the means of conditions over training explain'),
        }),
      },
      summary: {
        units: n,
        sdMs,
        scaleLeast: sizes[0],
        scaleMost: sizes[n - 1],
        largest: activity.reduce((most, value) => Math.max(most, Math.abs(value)), 0),
        freeRunPVar: judged.pVar,
      },
      recipe: `Activity of ${countOf(n, 'unit')} in ${averages} of training: ${steps.join(', ')}. Rates and currents are given with this undone.`,
      notes: [],
    };
  },
});

/** Every unit of the network with its region and how well its free run foretells it. */
function unitsOf({ unitRows, regions, freeRunPVar, conditionMeanPVar }: Arrays): readonly CurrentUnit[] {
  return Array.from(unitRows.values, (unit, place) => {
    const [own, mean] = [freeRunPVar.values[place], conditionMeanPVar?.values[place] ?? Number.NaN];
    return {
      unit,
      region: regions.labels?.[regions.values[place]] ?? '',
      ...(Number.isFinite(own) && { freeRunPVar: own }),
      ...(Number.isFinite(mean) && { conditionMeanPVar: mean }),
    };
  });
}
