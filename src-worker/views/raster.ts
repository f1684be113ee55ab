// One unit's spikes in every trial, trials grouped by condition, each with its own events.

import { defineParams } from '../contract/params.ts';
import type { Line, Mark, Points } from '../scene/scene.ts';
import {
  conditionKey,
  conditionRole,
  eventName,
  eventRules,
  eventsOf,
  isMoment,
  sourceText,
  spikesOf,
  thinned,
  timeAxis,
  trialsShown,
  trialsText,
  unitParam,
  unitPlace,
} from './shared.ts';
import { Failure } from '../contract/failure.ts';
import { holdsRates } from '../dataset/kind.ts';
import { heatOf } from './raster-rates.ts';
import type { Dataset } from '../dataset/dataset.ts';
import { defineView } from './view.ts';

/** Trials up to which every event has its own sign. */
const MARKED_TRIALS = 60;

const params = defineParams({
  unit: unitParam,
  order: {
    kind: 'choice',
    label: 'Order',
    help: 'Trials grouped by condition, or as in the file.',
    choices: ['condition', 'file'],
    default: 'condition',
    tier: 'common',
  },
  sort: {
    kind: 'text',
    label: 'Sort',
    help: 'Event by whose time the trials of a condition are sorted; as in the file unless given.',
    tier: 'common',
    offer: 'events',
  },
  trials: {
    kind: 'number',
    label: 'Most trials',
    help: 'Of more trials every n-th is drawn, and the caption says so.',
    default: 1000,
    min: 1,
    max: 20000,
    integer: true,
    unit: 'trials',
    tier: 'occasional',
  },
});

export const raster = defineView({
  id: 'raster',
  title: 'Raster',
  version: 1,
  about: 'Spikes of a unit in every trial, by condition.',
  shows: 'dataset',
  params,
  scene(shown, { unit, order, sort, trials: most }) {
    const { dataset } = shown;
    const place = unitPlace(dataset, unit);
    const { trials, every } = thinned(trialsShown(dataset), most);
    if (trials.length === 0)
      throw new Failure('no-trials', 'There are no trials to draw.', 'Choose another window, or let more trials in.');
    const conditionOf = (trial: number) => dataset.conditions?.of[trial] ?? -1;
    const grouped = order === 'condition' && dataset.conditions !== undefined;
    const delay = delaysOf(dataset, sort);
    const sorted = trials.toSorted((a, b) => (grouped ? conditionOf(a) - conditionOf(b) : 0) || delay(a) - delay(b) || a - b);
    if (holdsRates(dataset)) {
      const { mark, scale } = heatOf(dataset, place, sorted);
      const unitRow = dataset.unitRows[place];
      const shownTrials = `${trials.length} trials${every > 1 ? `, every ${every}th` : ''}${grouped ? `, by ${dataset.conditions?.label}` : ''}`;
      return {
        title: `Unit ${unitRow}`,
        subtitle: `rates in ${shownTrials}`,
        x: timeAxis(dataset),
        y: { label: 'Trial', unit: '', scale: 'linear', domain: [trials.length + 0.5, 0.5] },
        values: scale,
        marks: [mark, ...eventRules(dataset, trials)],
        text: `Rates of unit ${unitRow} in ${shownTrials}.`,
        caption: `Rates of unit ${unitRow} in ${shownTrials}; ${sourceText(shown)}.`,
      };
    }
    // Groups stand apart by a little, whatever the number of trials.
    const gap = grouped ? trials.length / 80 : 0;
    const firsts = [...sorted.keys()].filter(
      (line) => grouped && (line === 0 || conditionOf(sorted[line]) !== conditionOf(sorted[line - 1])),
    );
    const groupOf = Int32Array.from(sorted.keys(), (line) => firsts.findLastIndex((first) => first <= line));
    const lineAt = (line: number): number => line + 1 + gap * Math.max(0, groupOf[line]);
    // One mark a condition, so that its spikes share a colour and one path.
    const groups = new Map<number, { readonly x: number[]; readonly y: number[] }>();
    for (const [line, trial] of sorted.entries()) {
      const condition = conditionOf(trial);
      const group = groups.get(condition) ?? { x: [], y: [] };
      groups.set(condition, group);
      for (const spike of spikesOf(dataset, place, trial)) {
        group.x.push(spike);
        group.y.push(lineAt(line));
      }
    }
    const row = dataset.unitRows[place];
    const spikes = [...groups.entries()].map(
      ([condition, { x, y }]): Points => ({
        kind: 'points',
        key: `spikes ${condition}`,
        datum: { unit: row, ...(condition >= 0 ? { condition } : {}) },
        colour: conditionRole(condition),
        sign: 'tick',
        x: Float64Array.from(x),
        y: Float64Array.from(y),
        tickHeight: 0.9,
      }),
    );
    const few = trials.length <= MARKED_TRIALS;
    const moments = eventsOf(dataset).flatMap((event): readonly Mark[] => {
      if (event.isAlignment) return [];
      const seen = [...sorted.entries()].filter(([, trial]) => Number.isFinite(event.timeMs[trial]));
      // In many trials an event that all have is a tick a trial about its labelled mean.
      const asTicks = !few && event.isCommon;
      return [
        {
          kind: 'points',
          key: `events ${event.name}`,
          datum: {},
          colour: 'ink',
          size: 'small',
          x: Float64Array.from(seen, ([, trial]) => event.timeMs[trial]),
          y: Float64Array.from(seen, ([line]) => lineAt(line)),
          ...(asTicks
            ? { sign: 'tick', tickHeight: 1.2 }
            : { sign: event.sign, legend: event.name, data: seen.map(([, trial]) => ({ trial: dataset.trialRows[trial] })) }),
        },
      ];
    });
    const rules = eventRules(dataset, trials).filter(({ x }) => !few || x === 0);
    const count = spikes.reduce((sum, { x }) => sum + x.length, 0);
    const key = conditionKey(dataset, trials);
    const last = lineAt(trials.length - 1);
    const ticks = [...new Set([1, Math.round(trials.length / 2), trials.length])].map((at) => ({ at, label: String(at) }));
    const blocks = firsts.map((first, k) => ({
      condition: conditionOf(sorted[first]),
      from: lineAt(first),
      to: lineAt((firsts[k + 1] ?? trials.length) - 1),
    }));
    const names = blocks.map(({ condition, from, to }) => ({ at: (from + to) / 2, label: key?.names[condition] ?? '' }));
    const edges = blocks.map(
      ({ condition, from, to }): Line => ({
        kind: 'line',
        key: `group ${condition}`,
        datum: { condition },
        colour: conditionRole(condition),
        weight: 'thick',
        x: Float64Array.of(dataset.edgesMs[0], dataset.edgesMs[0]),
        y: Float64Array.of(from - 0.5, to + 0.5),
      }),
    );
    return {
      title: `Unit ${row}`,
      subtitle: `${count} spikes in ${trials.length} trials${every > 1 ? `, every ${every}th` : ''}`,
      x: timeAxis(dataset),
      y: {
        label: grouped && key ? `Trials by ${key.label}` : 'Trial',
        unit: '',
        scale: 'linear',
        domain: [last + 0.5, 0.5],
        ticks: grouped ? names : ticks,
      },
      marks: [...edges, ...spikes, ...moments, ...rules],
      ...(key ? { conditions: key } : {}),
      text: `${count} spikes of unit ${row} in ${trials.length} trials about ${isMoment(dataset.event) ? eventName(dataset.event).toLowerCase() : dataset.event}.`,
      caption: `Spikes of unit ${row}${dataset.spikesMs ? '' : `, at the resolution of ${dataset.binMs} ms bins`}; ${trialsText(dataset, trials)}${every > 1 ? `, every ${every}th` : ''}; ${sourceText(shown)}.`,
    };
  },
});

/** Time of the event in each trial, for sorting: trials without it come last. Throws a Failure that lists the events there are. */
function delaysOf({ events }: Dataset, name: string | undefined): (trial: number) => number {
  if (!name) return () => 0;
  const found = events.find((event) => event.name === name);
  if (!found)
    throw new Failure('unknown-event', `There is no event “${name}”.`, `Known are: ${events.map((event) => event.name).join(', ')}.`);
  return (trial) => (Number.isFinite(found.timeMs[trial]) ? found.timeMs[trial] : Number.MAX_VALUE);
}
