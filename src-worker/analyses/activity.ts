// What a network was fitted to: what was recorded, smoothed, and in the network's range, with what undoes it; and the network left alone over
// trials that judge it.

import type { CurrentUnit } from '../contract/currents.ts';
import { Failure } from '../contract/failure.ts';
import type { Arrays, NamedArray, Result } from '../contract/result.ts';
import { defineAnalysis } from './analysis.ts';
import { judgedRuns } from './belief/judged.ts';
import { shownTrials } from './belief/rows.ts';
import { preparedRows } from './prepared.ts';
import { countOf } from './states.ts';

export const activityAnalysis = defineAnalysis({
  id: 'activity',
  version: 3,
  title: 'Activity',
  about: 'Activity that a network was fitted to, before and after smoothing and scaling, and its free run.',
  needs: 'tested',
  state: 'rates',
  params: {},
  details: ({ arrays }) => ({ units: unitsOf(arrays) }),
  async run({ dataset, tested }, _, job): Promise<Result> {
    if (!tested)
      throw new Failure(
        'not-tested',
        'Activity is prepared for a network that is fitted to it, and this is none.',
        'Choose a run of a network that is fitted to the recording.',
      );
    await job.progress(0, 'Preparing activity');
    const [{ network }] = tested.members;
    const { outputs, between, choices } = network;
    const shown = shownTrials(dataset, 'training');
    const [rows, plain] = [undefined, 0].map((sdMs) =>
      network.recorded(shown.trials, { perAverage: shown.perAverage, ...(sdMs !== undefined && { sdMs }) }),
    );
    const prepared = preparedRows(dataset, { ...choices, ...outputs, rows, plain });
    const judged = await judgedRuns(network, dataset, job);
    const { units: n } = prepared;
    const byUnit = (values: Float64Array, about: string): NamedArray => ({
      values: Float32Array.from(values),
      shape: [judged.rows, judged.bins, n],
      axes: ['row', 'bin', 'unit'],
      unit: outputs.unit,
      about,
    });
    const perUnit = (values: NamedArray['values'], about: string): NamedArray => ({ values, shape: [n], axes: ['unit'], unit: '', about });
    const averages = shown.perAverage === 0 ? countOf(rows.rows, 'condition average') : countOf(rows.rows, 'trial');
    const what = outputs.places ? `Activity of ${countOf(n, 'unit')}` : `Behaviour of ${countOf(n, 'channel')}`;
    return {
      arrays: {
        ...prepared.arrays,
        judged: byUnit(judged.data, 'Averages of trials that judge the network'),
        freeRun: byUnit(judged.found, 'The network left alone over them'),
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
        ...(judged.conditionMean !== undefined && { conditionMeanPVar: judged.conditionMean }),
        judging: judged.judging ? 1 : 0,
        // Between which currents can flow.
        regions: between ? prepared.regions : 0,
      },
      recipe: `${what} in ${averages} of training: ${network.fittedTo ?? prepared.steps}. Rates and currents are given with this undone.`,
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
