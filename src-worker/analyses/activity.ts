// What a network of recorded units was fitted to: activity as it was recorded, smoothed, and in the network's range, with what undoes it; and
// the network left alone over trials that judge it.

import { Failure } from '../contract/failure.ts';
import type { Arrays, NamedArray, Result } from '../contract/result.ts';
import { countOf } from './states.ts';
import type { CurrentUnit } from '../contract/currents.ts';
import { groupsOf } from '../models/constrained/activity.ts';
import { SHAPES } from '../models/network/rnn.ts';
import { defineAnalysis } from './analysis.ts';
import { judgedRuns } from './currents/judged.ts';
import { shownTrials } from './currents/rows.ts';
import { preparedActivity } from './prepared.ts';

export const activityAnalysis = defineAnalysis({
  id: 'activity',
  version: 2,
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
    const choices = model.choices(resolved);
    const shown = shownTrials(dataset, 'training');
    const preparation = { ...choices, places: fitted.places, transform: fitted.transform, range: SHAPES[fitted.network.phi].range };
    const prepared = preparedActivity(dataset, preparation, groupsOf(dataset, shown.trials, shown.perAverage));
    const judged = judgedRuns(constrained, dataset);
    const { units: n, rows } = prepared;
    const byUnit = (values: Float64Array, about: string): NamedArray => ({
      values: Float32Array.from(values),
      shape: [judged.rows, judged.bins, n],
      axes: ['row', 'bin', 'unit'],
      unit: 'Hz',
      about,
    });
    const perUnit = (values: NamedArray['values'], about: string): NamedArray => ({ values, shape: [n], axes: ['unit'], unit: '', about });
    const averages = shown.perAverage === 0 ? countOf(rows, 'condition average') : countOf(rows, 'trial');
    return {
      arrays: {
        ...prepared.arrays,
        judged: byUnit(judged.data, 'Averages of trials that judge the network'),
        freeRun: byUnit(judged.found, 'The network started at their first bin and left alone'),
        judgedConditions: { values: judged.conditions, shape: [judged.rows], axes: ['row'], unit: '' },
        freeRunPVar: perUnit(judged.perUnit, 'Share of each unit’s variance that the free run explains'),
        ...(judged.meanPerUnit && {
          conditionMeanPVar: perUnit(judged.meanPerUnit, 'Share that the means of conditions over training explain'),
        }),
      },
      summary: {
        units: n,
        sdMs: choices.sdMs,
        scaleLeast: prepared.smallestScale,
        scaleMost: prepared.largestScale,
        largest: prepared.largest,
        freeRunPVar: judged.pVar,
      },
      recipe: `Activity of ${countOf(n, 'unit')} in ${averages} of training: ${prepared.steps}. Rates and currents are given with this undone.`,
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
