// Networks of recorded units as those see them who ask how far to believe them: the data's own activity flows through their weights, free runs
// start at its first bins, and refits are given rows of activity.

import { TRAINING, trialsIn } from '../../dataset/index.ts';
import type { Again, RowsAsked, Tested } from '../tested.ts';
import { type Activity, activityRows, groupsOf, type Prepared } from './activity.ts';
import { type FitTo, givenFrom, type PlainGiven, plainGivenOf } from './given.ts';
import { SHAPES } from '../network/rnn.ts';
import { freeRun, fromCheckpoint, toArrays, toState } from './network.ts';
import { asMeasured } from './noise.ts';
import { activityChoices } from './params.ts';
import { shiftedValues } from './shifted.ts';

/** What the inverse of tanh takes. */
const INSIDE = 0.999;

interface ToActivity {
  readonly activity: Activity;
  readonly given: PlainGiven;
  readonly prepared: Pick<Prepared, 'places' | 'transform' | 'means'>;
}

export const testedBy = (id: string, fitTo: FitTo): Tested => ({
  id,
  oneThread: true,
  usual: { recoveries: 2, shifted: true },
  open(checkpoint, resolved, dataset) {
    const { network, ...prepared } = fromCheckpoint(checkpoint);
    const { places, transform } = prepared;
    const choices = activityChoices(resolved);
    const recorded = (trials: Int32Array, { perAverage = choices.trialsPerAverage, sdMs = choices.sdMs }: RowsAsked = {}): Activity =>
      activityRows(dataset, prepared, groupsOf(dataset, trials, perAverage), sdMs);
    return {
      units: network.units,
      J: network.J,
      alpha: network.alpha,
      stepMs: network.stepMs,
      choices: { ...choices, range: SHAPES[network.phi].range },
      start: 'first bin',
      outputs: { places, transform, unit: 'Hz' },
      between: {
        places,
        weights: network.J,
        onto: transform.scale,
        from: new Float64Array(network.units).fill(1),
        unit: 'Hz',
        fromData: true,
        hasTruth: true,
      },
      recorded,
      async follow(trials, asked) {
        const rows = recorded(trials, asked);
        const { values } = freeRun(network, rows);
        return { rows, found: values, flowing: values };
      },
      async again(to: Again) {
        const rows = recorded(trialsIn(dataset, TRAINING));
        const own = (): Float64Array => {
          const measured = asMeasured(dataset, prepared, rows, freeRun(network, rows).values, choices.sdMs, to.seed);
          return network.phi === 'tanh' ? measured.map((value) => Math.min(INSIDE, Math.max(-INSIDE, value))) : measured;
        };
        const values = to.of === 'itself' ? own() : shiftedValues(rows, to.units, to.bins);
        const samples = rows.lengths.reduce((all, length) => all + length, 0);
        const plain: ToActivity = { activity: { ...rows, values }, given: plainGivenOf(dataset, places), prepared };
        return { seed: to.seed, work: Number(resolved.steps?.value ?? 1) * network.units ** 2 * samples, plain };
      },
    };
  },
  async refit({ plain }, resolved, job) {
    const { activity, given, prepared } = plain as ToActivity;
    const quiet = { ...job, metric: () => {}, keep: async () => {}, again: true };
    const { network } = await fitTo(activity, resolved, givenFrom(given), quiet);
    const fitted = { network, ...prepared };
    return { step: 0, bestStep: 0, arrays: toArrays(fitted), state: toState(fitted) };
  },
});
