// The one selection that every panel follows, and its undo: what is picked, hidden, renamed, and left out of the next dataset.

import type { Settings } from '../../src-worker/contract/params.ts';
import { conditionId, type Follow } from '../../src-worker/scene/follow.ts';
import type { ConditionKey, Scene } from '../../src-worker/scene/scene.ts';
import { refreshPreview } from './form.ts';
import { type Pair, withPair } from './pairs.ts';
import { get, type Selection, set } from './store.ts';

interface Moment {
  readonly selection: Selection;
  readonly data: Settings;
}

const MOST_KEPT = 200;
const past: Moment[] = [];
const future: Moment[] = [];
let lastGesture: string | undefined;

const now = (): Moment => ({ selection: get().selection, data: get().data });

/** Keeps what is, so that it can come back; one `gesture` is undone as a whole. */
export function remember(gesture?: string): void {
  if (gesture !== undefined && gesture === lastGesture) return;
  lastGesture = gesture;
  past.push(now());
  if (past.length > MOST_KEPT) past.shift();
  future.length = 0;
}

/** The selection with a part of it changed, the newest part last; `undefined` drops one. */
function changed(before: Selection, part: Selection): Selection {
  const kept = Object.entries(before).filter(([name]) => !(name in part));
  const added = Object.entries(part).filter(([, value]) => value !== undefined);
  return Object.fromEntries([...kept, ...added]) as Selection;
}

/** Selects a part more. The time cursor alone is not worth an undo; a drag is one. */
export function select(part: Selection, gesture?: string): void {
  const { selection } = get();
  const next = changed(selection, part);
  if (JSON.stringify(next) === JSON.stringify(selection)) return;
  if (Object.keys(part).some((name) => name !== 'timeMs')) remember(gesture);
  set({ selection: next });
}

/** Picks a pair of regions in place of those that are, or beside them. */
export const pickPair = (pair: Pair, beside = false): void => select(withPair(get().selection, pair, beside));

const narrowing = ['trial', 'onlyTrial', 'unit', 'point', 'pair', 'spanMs', 'hidden'] as const;

/** Drops the newest part of the selection, and at last the time cursor. False where there is nothing to drop. */
export function dropNewest(): boolean {
  const { selection } = get();
  const newest = Object.keys(selection).findLast((name) => narrowing.some((known) => known === name)) ?? Object.keys(selection).at(-1);
  if (newest === undefined) return false;
  drop(newest as keyof Selection);
  return true;
}

/** Drops one part; the picked trial takes its time cursor along. */
export function drop(name: keyof Selection): void {
  select({
    [name]: undefined,
    ...(name === 'trial' ? { timeMs: undefined, onlyTrial: undefined } : {}),
    ...(name === 'pair' ? { pairs: undefined } : {}),
  });
}

export const canUndo = (): boolean => past.length > 0;
export const canRedo = (): boolean => future.length > 0;
export const undo = (): void => travel(past, future);
export const redo = (): void => travel(future, past);

function travel(from: Moment[], to: Moment[]): void {
  const moment = from.pop();
  if (!moment) return;
  lastGesture = undefined;
  const before = now();
  to.push(before);
  set(moment);
  if (moment.data !== before.data) refreshPreview();
}

/** Shows or hides a condition, in every panel. */
export function toggleCondition(id: string): void {
  const hidden = get().selection.hidden ?? [];
  const next = hidden.includes(id) ? hidden.filter((other) => other !== id) : [...hidden, id].sort();
  select({ hidden: next.length > 0 ? next : undefined });
}

/** Shows one condition of a key alone; asked again, all of them. What is hidden of other columns stays so. */
export function showAlone(key: ConditionKey, condition: number): void {
  const ids = key.names.map((_, index) => conditionId(key, index));
  const others = ids.filter((_, index) => index !== condition);
  const hidden = get().selection.hidden ?? [];
  const elsewhere = hidden.filter((id) => !ids.includes(id));
  const isAlone = others.every((id) => hidden.includes(id)) && !hidden.includes(ids[condition]!);
  const next = [...elsewhere, ...(isAlone ? [] : others)].sort();
  select({ hidden: next.length > 0 ? next : undefined });
}

export function nameCondition(id: string, name: string): void {
  const { [id]: _, ...rest } = get().selection.names ?? {};
  const names = name.trim() === '' ? rest : { ...rest, [id]: name.trim() };
  select({ names: Object.keys(names).length > 0 ? names : undefined });
}

export function colourCondition(id: string, colour: number | undefined): void {
  const { [id]: _, ...rest } = get().selection.colours ?? {};
  const colours = colour === undefined ? rest : { ...rest, [id]: colour };
  select({ colours: Object.keys(colours).length > 0 ? colours : undefined });
}

/** Numbers of the conditions of a key that are hidden. */
export const hiddenOf = (key: ConditionKey | undefined, { hidden = [] }: Selection): readonly number[] =>
  key?.names.flatMap((_, index) => (hidden.includes(conditionId(key, index)) ? [index] : [])) ?? [];

/** The condition of a trial, as the Scene of trajectories knows it. */
export function conditionOf(scene: Scene | undefined, trial: number | undefined): number | undefined {
  if (!scene || trial === undefined) return undefined;
  const condition = scene.marks.find((mark) => mark.datum.trial === trial)?.datum.condition;
  return condition === undefined || condition < 0 ? undefined : condition;
}

/** What else is known of a trial: 'perturbation left'. */
export const aboutOf = (scene: Scene | undefined, trial: number | undefined): string | undefined =>
  trial === undefined ? undefined : scene?.marks.find((mark) => mark.datum.trial === trial && mark.datum.about)?.datum.about;

/** What of the selection a picture follows. */
export function followOf({ hidden, names, colours, spanMs, onlyTrial }: Selection, condition?: number): Follow {
  return {
    ...(hidden ? { hidden } : {}),
    ...(names ? { names } : {}),
    ...(colours ? { colours } : {}),
    ...(spanMs ? { spanMs } : {}),
    ...(onlyTrial !== undefined ? { onlyTrial } : {}),
    ...(condition !== undefined ? { condition } : {}),
  };
}

/** The name that a condition has now. */
export const nameOf = (key: ConditionKey | undefined, condition: number, { names }: Selection): string =>
  (key && names?.[conditionId(key, condition)]) ?? key?.names[condition] ?? String(condition);
