// A first recipe for a recording that was just opened: an event inside the trial, a window about it, and what tells trials apart.

import type { Settings } from '../../src-worker/contract/params.ts';
import type { ColumnSummary, RecordingSummary } from '../../src-worker/contract/recording.ts';
import { trialTable } from './offers.ts';

const WINDOW_MS = [-400, 600] as const;
const MOST_CONDITIONS = 12;

/** The first whose name matches the earliest pattern, else the first. */
function preferred(columns: readonly ColumnSummary[], patterns: readonly RegExp[]): ColumnSummary | undefined {
  for (const pattern of patterns) {
    const found = columns.find(({ name }) => pattern.test(name));
    if (found) return found;
  }
  return columns[0];
}

/** Settings that stand in the form as if the user had set them; none for recordings without trials. */
export function suggest(summary: RecordingSummary): Settings {
  const table = trialTable(summary);
  if (!table || summary.unitTables.length === 0) return {};
  const events = table.columns.filter(
    ({ name, isTime, missing }) => isTime && !/^(start|stop)_time$/.test(name) && missing < table.rows / 2,
  );
  const groups = table.columns.filter(
    ({ isTime, kind, distinct }) => !isTime && kind !== 'boolean' && distinct >= 2 && distinct <= MOST_CONDITIONS,
  );
  const event = preferred(events, [/mov.*(onset|start|begin)|(onset|start).*mov/i, /\bgo\b|go_?cue|response/i, /stim/i]);
  const group = preferred(groups, [/direction|angle/i, /condition/i, /target|side|stim|contrast|type/i]);
  return {
    ...(event ? { align: event.name, windowMs: [...WINDOW_MS] } : {}),
    ...(group ? { condition: group.name } : {}),
    ...behaviourOf(summary.signals),
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
