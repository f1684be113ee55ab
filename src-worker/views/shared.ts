// What views have in common: the key of conditions, names and signs of events, captions.

import { countOf } from '../analyses/states.ts';
import { Failure } from '../contract/failure.ts';
import type { NumberParam } from '../contract/params.ts';
import type { NamedArray } from '../contract/result.ts';
import { type Dataset, TEST, VALIDATION } from '../dataset/dataset.ts';
import type { Axis, ColourRole, ConditionKey, Datum, Mark, Rule, Sign } from '../scene/scene.ts';
import type { Shown } from './view.ts';

/** Which unit a view shows. */
export const unitParam = {
  kind: 'number',
  label: 'Unit',
  help: 'Row of the file’s table; the first unit unless given.',
  integer: true,
  min: 0,
  tier: 'common',
} as const satisfies NumberParam;

/** Which trial a view shows, where its choice `show` says `trial`. */
export const trialParam = {
  kind: 'number',
  label: 'Trial',
  help: 'Row of the file’s table; the first trial unless given.',
  integer: true,
  min: 0,
  tier: 'common',
  when: { param: 'show', is: 'trial' },
} as const satisfies NumberParam;

/** The key of conditions for the given trials (places in the dataset); undefined without conditions. */
export function conditionKey({ conditions }: Dataset, trials: Int32Array): ConditionKey | undefined {
  if (conditions === undefined) return undefined;
  const counts = new Array<number>(conditions.names.length).fill(0);
  for (const trial of trials) if (conditions.of[trial] >= 0) counts[conditions.of[trial]]++;
  const { label, names, scale, values } = conditions;
  const shown = names.map((name) => (scale === 'angle' && /^-?[\d.]+$/.test(name) ? `${name}°` : name));
  return { label, names: shown, trials: counts, scale, ...(values ? { values: [...values] } : {}) };
}

/** What a mark of one trial stands for: its row, its condition (−1 for none), and its split where it was kept from training. */
export function trialDatum(dataset: Dataset, trial: number): Datum {
  const { trialRows, conditions, split } = dataset;
  const kept = split[trial] === VALIDATION ? 'validation' : split[trial] === TEST ? 'test' : undefined;
  const about = aboutTrial(dataset, trial);
  return {
    trial: trialRows[trial],
    condition: conditions?.of[trial] ?? -1,
    ...(kept ? { split: kept } : {}),
    ...(about === '' ? {} : { about }),
  };
}

/** Columns with more values than this tell trials apart rather than kinds of trials. */
const MOST_KINDS = 6;
const NOTHING = /^(none|no|false|nan|n\/?a|-)?$/i;
const tellingColumns = new WeakMap<Dataset, readonly { readonly name: string; readonly values: readonly string[] }[]>();

/** Columns of words with a few values that differ between trials, other than conditions and splits. */
function tellingOf(dataset: Dataset): readonly { readonly name: string; readonly values: readonly string[] }[] {
  const known = tellingColumns.get(dataset);
  if (known) return known;
  const named = dataset.conditions?.label.split(/[*:]/) ?? [];
  const telling = dataset.columns.flatMap(({ name, kind, values }) => {
    if (kind !== 'text' || named.includes(name) || /split|set$/i.test(name)) return [];
    const kinds = new Set(values as readonly string[]);
    return kinds.size >= 2 && kinds.size <= MOST_KINDS ? [{ name: name.replaceAll('_', ' '), values: values as readonly string[] }] : [];
  });
  tellingColumns.set(dataset, telling);
  return telling;
}

/** 'perturbation left': what happened in a trial and not in others, as its columns say; '' where that is nothing. */
export const aboutTrial = (dataset: Dataset, trial: number): string =>
  tellingOf(dataset)
    .filter(({ values }) => !NOTHING.test(values[trial]))
    .map(({ name, values }) => `${name} ${values[trial]}`)
    .join(', ');

/** Places of trials in the dataset that have a condition, or all of them without conditions. */
export const trialsShown = ({ trials, conditions }: Dataset): Int32Array =>
  Int32Array.from({ length: trials }, (_, i) => i).filter((i) => conditions === undefined || conditions.of[i] >= 0);

/** Every n-th of the trials, at most `most` of them, the same ones every time. */
export function thinned(trials: Int32Array, most: number): { readonly trials: Int32Array; readonly every: number } {
  const every = Math.max(1, Math.ceil(trials.length / Math.max(1, most)));
  return { trials: trials.filter((_, i) => i % every === 0), every };
}

/** 'move_onset_time' is 'Move onset'. */
export function eventName(column: string): string {
  const words = column
    .replace(/_(time|times)$/, '')
    .replace(/[_-]+/g, ' ')
    .trim();
  return words.charAt(0).toUpperCase() + words.slice(1);
}

/** Events that are a moment within a trial, not the edges of segments and arrays. */
export const isMoment = (event: string): boolean => !/^(segment|start of)/.test(event);

export interface ShownEvent {
  readonly name: string;
  readonly sign: Sign;
  readonly dashed: boolean;
  /** ms about the alignment, one per trial of the dataset, NaN where missing or outside the window. */
  readonly timeMs: Float64Array;
  /** How long it lasts in each trial, ms, where that is known. */
  readonly lengthMs?: Float64Array;
  readonly isAlignment: boolean;
  /** Every trial with a condition should have it; else it marks single trials only. */
  readonly isCommon: boolean;
}

/** Events inside the window, the alignment first; each keeps its sign in every panel. */
export function eventsOf({ events, event, edgesMs, trials, bins }: Dataset): readonly ShownEvent[] {
  const [from, to] = [edgesMs[0], edgesMs[bins]];
  const aligned = isMoment(event)
    ? [
        {
          name: eventName(event),
          sign: 'square' as const,
          dashed: false,
          timeMs: new Float64Array(trials),
          isAlignment: true,
          isCommon: true,
        },
      ]
    : [];
  const signs: readonly Sign[] = ['diamond', 'triangle', 'cross'];
  const others = events
    .filter(({ name }) => name !== event)
    .map(({ name, timeMs, lengthMs }) => ({
      name,
      timeMs: timeMs.map((time) => (time > from && time < to ? time : Number.NaN)),
      ...(lengthMs && { lengthMs }),
    }))
    .map((entry) => ({ ...entry, share: entry.timeMs.filter((time) => Number.isFinite(time)).length / Math.max(1, trials) }))
    .filter(({ share }) => share > 0.02)
    .sort((a, b) => Number(b.share > 0.5) - Number(a.share > 0.5))
    .slice(0, signs.length)
    .map(({ name, timeMs, lengthMs, share }, i) => ({
      name: eventName(name),
      ...(lengthMs && { lengthMs }),
      sign: signs[i],
      dashed: true,
      timeMs,
      isAlignment: false,
      isCommon: share > 0.5,
    }));
  return [...aligned, ...others].filter(({ isAlignment }) => !isAlignment || (from < 0 && to > 0));
}

/** Upright rules at the events of one trial, or at their means over several. */
export function eventRules(dataset: Dataset, trials: Int32Array): readonly Rule[] {
  return eventsOf(dataset).flatMap((event): readonly Rule[] => {
    const times = Array.from(trials, (trial) => event.timeMs[trial]).filter(Number.isFinite);
    if (times.length === 0 || (trials.length > 1 && !event.isCommon)) return [];
    const x = times.reduce((sum, time) => sum + time / times.length, 0);
    const label = trials.length > 1 && !event.isAlignment ? `${event.name} (mean)` : event.name;
    // What happens in some trials alone, such as a push, is shaded in one of these for as long as it lasts.
    const lasts = trials.length === 1 && !event.isCommon ? event.lengthMs?.[trials[0]] : undefined;
    const until = lasts !== undefined && Number.isFinite(lasts) ? { until: x + lasts } : {};
    return [{ kind: 'rule', key: `event ${event.name}`, datum: {}, colour: 'mute', x, ...until, label, dashed: event.dashed }];
  });
}

/** What happens in some trials and not in others, such as a push; undefined where there is no such thing, or no two trials without. */
export function undisturbed(dataset: Dataset, trials: Int32Array): { readonly trials: Int32Array; readonly by: string } | undefined {
  const rare = eventsOf(dataset).filter(({ isCommon }) => !isCommon);
  const without = trials.filter((trial) => rare.every(({ timeMs }) => !Number.isFinite(timeMs[trial])));
  if (without.length === trials.length || without.length < 2) return undefined;
  return { trials: without, by: rare.map(({ name }) => name.toLowerCase()).join(' or ') };
}

/** Time about the alignment: 'Time from move onset, ms'. */
export function timeAxis({ event, edgesMs, bins }: Dataset): Axis {
  const label = isMoment(event) ? `Time from ${eventName(event).toLowerCase()}` : 'Time';
  return { label, unit: 'ms', scale: 'linear', domain: [edgesMs[0], edgesMs[bins]] };
}

/** '256 trials, 51 of them validation'. */
export function trialsText({ split }: Dataset, trials: Int32Array): string {
  const of = (kind: number, name: string) => {
    const count = trials.filter((trial) => split[trial] === kind).length;
    return count > 0 ? `, ${count} of them ${name}` : '';
  };
  return `${countOf(trials.length, 'trial')}${of(VALIDATION, 'validation')}${of(TEST, 'test')}`;
}

/** 'LFADS, seed 2, run 3f2a…' or 'dataset 1c9e…'. */
export const sourceText = ({ run, modelTitle, dataset }: Shown): string =>
  run ? `${modelTitle ?? run.model}, seed ${run.seed}, run ${run.id}` : `dataset ${dataset.hash}`;

export const conditionRole = (condition: number): ColourRole => (condition >= 0 ? { condition } : 'ink');

/** The place in the dataset of a trial named by its row in the file's table; the first trial unless one is named. */
export function trialPlace({ trialRows, trials }: Dataset, row: number | undefined): number {
  if (trials === 0) throw new Failure('no-trials', 'There are no trials to show.', 'Choose another window, or let more trials in.');
  if (row === undefined) return 0;
  const place = trialRows.indexOf(row);
  if (place >= 0) return place;
  throw new Failure(
    'unknown-trial',
    `Trial ${row} is not in the dataset.`,
    `Its trials are rows ${trialRows[0]} to ${trialRows[trials - 1]} of the file's table.`,
  );
}

/** The place in the dataset of a unit named by its row in the file's table; the first unit unless one is named. */
export function unitPlace({ unitRows, units }: Dataset, row: number | undefined): number {
  if (units === 0) throw new Failure('no-units', 'There are no units to show.', 'Let more units in.');
  if (row === undefined) return 0;
  const place = unitRows.indexOf(row);
  if (place >= 0) return place;
  throw new Failure(
    'unknown-unit',
    `Unit ${row} is not in the dataset.`,
    `Its units are rows ${unitRows[0]} to ${unitRows[units - 1]} of the file's table.`,
  );
}

/** Times of a unit's spikes in a trial (both by place), ms: exact where the recording has them, else spread evenly over their bins. */
export function spikesOf(dataset: Dataset, unit: number, trial: number): Float64Array {
  if (dataset.spikesMs) return dataset.spikesMs(unit, trial);
  const { bins, units, counts, edgesMs } = dataset;
  const times: number[] = [];
  for (let bin = 0; bin < bins; bin++) {
    const count = Math.round(counts[(trial * bins + bin) * units + unit]);
    for (let spike = 0; spike < count; spike++) times.push(edgesMs[bin] + ((spike + 0.5) / count) * (edgesMs[bin + 1] - edgesMs[bin]));
  }
  return Float64Array.from(times);
}

/** What a control has of its own: a band from low to high, and its median dashed and named; nothing where there is none. */
export function controlMarks(
  x: Float64Array,
  { low, median, high }: Readonly<Partial<Record<'low' | 'median' | 'high', NamedArray>>>,
): readonly Mark[] {
  if (!low || !median || !high) return [];
  const values = ({ values: own }: NamedArray) => Float64Array.from(own);
  return [
    { kind: 'band', key: 'control band', datum: {}, colour: 'band', x, low: values(low), high: values(high) },
    { kind: 'line', key: 'control', datum: {}, colour: 'control', weight: 'line', dashed: true, x, y: values(median), label: 'control' },
  ];
}
