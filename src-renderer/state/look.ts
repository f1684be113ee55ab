// How a recording is looked at before anything is made of it: alignment, window, grouping and smoothing of the picked unit's pictures.

import type { Settings } from '../../src-worker/contract/params.ts';
import type { RecordingSummary } from '../../src-worker/contract/recording.ts';
import { trialTable } from '../forms/offers.ts';
import { remember, select } from './selection.ts';
import { refreshPreview } from './form.ts';
import { type Look, SMOOTH_MS, useLook, WINDOW_MS } from './look-store.ts';
import { get, set } from './store.ts';

export { type Look, useLook } from './look-store.ts';

/** Counts that a picture may be made of. */
const MOST_COUNTS = 4e7;
const BINS_MS = [5, 10, 20, 50] as const;

/** Starts as the recipe does, for a recording that was just opened. */
export function beginLook(summary: RecordingSummary, { align, condition, intervals }: Settings): void {
  const { identity } = summary;
  if (useLook.getState().identity === identity) return;
  const table = trialTable(summary, intervals);
  // An earlier event of nearly every trial tells short delays from long ones.
  const before = table?.columns.find(
    ({ isTime, name, missing }) => isTime && !/^(start|stop)_time$/.test(name) && name !== align && missing < table.rows / 2,
  );
  const text = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined);
  useLook.setState({
    identity,
    align: text(align),
    group: text(condition),
    sort: before?.name,
    windowMs: WINDOW_MS,
    smoothMs: SMOOTH_MS,
  });
}

/** Whether spikes can be cut about events, so that alignment and window are a choice. */
export const hasEvents = (summary: RecordingSummary, data: Settings): boolean =>
  summary.unitTables.length > 0 && data.segmentMs === undefined && trialTable(summary, data.intervals) !== undefined;

const ofFitsAlone = ['units', 'leaveOutUnits', 'heldOutUnits', 'valid', 'test', 'splitSeed', 'behavior', 'external', 'truth', 'truthUnit'];

/** The dataset that pictures are made of: all units, trials as the recipe has them, about the event that is looked at. */
export function lookData(summary: RecordingSummary, data: Settings, look: Look): Settings {
  const shared = Object.fromEntries(Object.entries(data).filter(([name]) => !ofFitsAlone.includes(name)));
  if (!hasEvents(summary, data)) return { ...shared, keepSilentUnits: true };
  const { align, condition, until, ...rest } = shared;
  const [from, to] = look.windowMs;
  const counts = (binMs: number): number => (summary.units * summary.trials * (to - from)) / binMs;
  const binMs = BINS_MS.find((candidate) => (to - from) % candidate === 0 && counts(candidate) <= MOST_COUNTS) ?? BINS_MS.at(-1)!;
  return {
    ...rest,
    windowMs: [...look.windowMs],
    binMs,
    keepSilentUnits: true,
    partTrials: true,
    ...(look.align === undefined ? {} : { align: look.align }),
    ...(look.group === undefined ? {} : { condition: look.group }),
  };
}

const numbersOf = (value: unknown): readonly number[] => (Array.isArray(value) ? value.filter((one) => typeof one === 'number') : []);

/** Rows that were left out by hand. */
export const leftOut = (data: Settings, what: 'leaveOutUnits' | 'leaveOutTrials'): readonly number[] => numbersOf(data[what]);

/** Leaves rows out of the next dataset, or brings back those that all are out; undone by Ctrl Z. */
export function leaveOut(what: 'leaveOutUnits' | 'leaveOutTrials', rows: readonly number[]): void {
  const before = leftOut(get().data, what);
  const isBack = rows.every((row) => before.includes(row));
  const after = isBack ? before.filter((row) => !rows.includes(row)) : [...new Set([...before, ...rows])].sort((a, b) => a - b);
  const { [what]: _, ...rest } = get().data;
  remember();
  set({ data: after.length > 0 ? { ...rest, [what]: after } : rest });
  refreshPreview();
}

/** The next or previous unit among those listed; the first where none is picked. */
export function stepUnit(rows: readonly number[], by: 1 | -1): void {
  if (rows.length === 0) return;
  const { unit } = get().selection;
  const at = unit === undefined ? -1 : rows.indexOf(unit);
  const next = at < 0 ? (by > 0 ? 0 : rows.length - 1) : (at + by + rows.length) % rows.length;
  select({ unit: rows[next]! }, 'step unit');
}
