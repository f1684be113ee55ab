// A first recipe for a recording that was just opened: an event inside the trial, a window about it, and what tells trials apart.

import type { Settings } from '../../src-worker/contract/params.ts';
import type { ArraySummary, ColumnSummary, RecordingSummary } from '../../src-worker/contract/recording.ts';
import { trialTable } from './offers.ts';

const WINDOW_MS = [-400, 600] as const;
/** Windows are whole bins of the usual width, and hold a few of them. */
const BIN_MS = 20;
const LEAST_MS = 100;
const MOST_CONDITIONS = 12;

/** The first whose name matches the earliest pattern, else the first. */
function preferred(columns: readonly ColumnSummary[], patterns: readonly RegExp[]): ColumnSummary | undefined {
  for (const pattern of patterns) {
    const found = columns.find(({ name }) => pattern.test(name));
    if (found) return found;
  }
  return columns[0];
}

/** Settings that stand in the form as if the user had set them; of a file of arrays, which of them is activity. */
export function suggest(summary: RecordingSummary): Settings {
  const table = trialTable(summary);
  if (!table || summary.unitTables.length === 0) return summary.unitTables.length === 0 ? arraysOf(summary) : {};
  const events = table.columns.filter(
    ({ name, isTime, missing }) => isTime && !/^(start|stop)_time$/.test(name) && missing < table.rows / 2,
  );
  const groups = table.columns.filter(
    ({ isTime, kind, distinct }) => !isTime && kind !== 'boolean' && distinct >= 2 && distinct <= MOST_CONDITIONS,
  );
  const event = preferred(events, [/mov.*(onset|start|begin)|(onset|start).*mov/i, /\bgo\b|go_?cue|response/i, /stim/i]);
  const group = preferred(groups, [/direction|angle/i, /condition/i, /target|side|stim|contrast|type/i]);
  return {
    ...(event ? { align: event.name, windowMs: windowAbout(event) } : {}),
    ...(group ? { condition: group.name } : {}),
    ...behaviourOf(summary.signals),
  };
}

/** The usual window, as far as trials were observed about the event. */
function windowAbout({ reachMs = [Infinity, Infinity] }: ColumnSummary): readonly number[] {
  const [from, to] = [Math.max(WINDOW_MS[0], -whole(reachMs[0])), Math.min(WINDOW_MS[1], whole(reachMs[1]))];
  return to - from >= LEAST_MS ? [from, to] : [...WINDOW_MS];
}

const whole = (ms: number): number => BIN_MS * Math.floor(ms / BIN_MS);

const ACTIVITY = /rate|psth|dff|df_f|fluor|calcium|firing|activity|traces/i;
const COUNTS = /spike|count/i;
const WEIGHTS = /^(true_?)?(w|j|weights)$/i;
const STEP = /^(dt|bin|step|sample)(_?ms)$/i;

const leafOf = (path: string): string => path.split('/').at(-1) ?? path;
const isSquare = ({ shape }: ArraySummary): boolean => shape.length === 2 && shape[0] === shape[1];

/** The array of a file that holds rates or other continuous activity, by its name; none where there are counts. */
export function activityArray({ arrays }: Pick<RecordingSummary, 'arrays'>): ArraySummary | undefined {
  const counts = arrays.some(({ path, shape }) => COUNTS.test(leafOf(path)) && shape.length === 3);
  const likely = arrays.filter(
    (array) => /^float/.test(array.type) && ACTIVITY.test(leafOf(array.path)) && [2, 3].includes(array.shape.length) && !isSquare(array),
  );
  return counts ? undefined : (likely.find(({ shape }) => shape.length === 3) ?? likely[0]);
}

/** Units × units, or the three gates of a GRU over one another. */
const isMatrix = ([rows = 0, columns = 0, ...more]: readonly number[]): boolean =>
  more.length === 0 && columns > 1 && (rows === columns || rows === 3 * columns);

/** Whether a file may hold a network: no units, no table of trials, a square matrix. */
export const mayHoldNetwork = ({ unitTables, intervalTables, trials, arrays }: RecordingSummary): boolean =>
  unitTables.length === 0 && intervalTables.length === 0 && trials === 0 && arrays.some(({ shape }) => isMatrix(shape));

/** Whether it holds weights and nothing that trials could be made of: no activity of units either. */
export const holdsNetwork = (summary: RecordingSummary): boolean => mayHoldNetwork(summary) && activityArray(summary) === undefined;

/** Activity with its time step, and the true weights of a simulated network of as many units. */
function arraysOf(summary: RecordingSummary): Settings {
  const activity = activityArray(summary);
  if (!activity) return {};
  const step = Object.entries(summary.metadata).find(([name, value]) => STEP.test(name) && Number(value) > 0)?.[1];
  const units = activity.shape.at(-1);
  const weights = summary.arrays.find((array) => isSquare(array) && array.shape[0] === units && WEIGHTS.test(leafOf(array.path)));
  return {
    rates: activity.path,
    ...(step === undefined ? {} : { dtMs: Number(step) }),
    ...(weights ? { trueWeights: weights.path } : {}),
  };
}

/** Behaviour to see beside the trial: a velocity of the hand before another, else the change of a position. */
function behaviourOf(signals: RecordingSummary['signals']): Settings {
  const moving = signals.filter(({ channels }) => channels.length > 1 && channels.length <= 3);
  const of = (pattern: RegExp) => moving.find(({ path }) => pattern.test(path))?.path;
  const velocity = of(/(hand|cursor|finger).*vel/i) ?? of(/veloc/i);
  const position = of(/(hand|cursor|finger).*pos/i);
  if (velocity !== undefined) return { behavior: [velocity] };
  return position === undefined ? {} : { behavior: [`d:${position}`] };
}
