// What can be done in Explore by any means: how trajectories are shown, the camera's planes, the time cursor and the span about it.

import type { Value } from '../../src-worker/contract/params.ts';
import { DEFAULT_CAMERA, PLANES } from '../../src-worker/scene/projection.ts';
import type { Camera, Scene } from '../../src-worker/scene/scene.ts';
import { type TimeRange, timeRange } from '../stage/time-range.ts';
import { hiddenOf, select } from './selection.ts';
import { get, set } from './store.ts';

const rangeNow = (): TimeRange | undefined => timeRange(get().space.scene);

/** Sets a parameter of the large panel's view, or leaves it to the view again. */
export function setSpace(name: string, value: Value | undefined): void {
  const { space } = get();
  const { [name]: _, ...others } = space.settings;
  set({ space: { ...space, settings: value === undefined ? others : { ...others, [name]: value } } });
}

export function showView(view: string): void {
  const { camera, scene, settings, others = {}, view: before } = get().space;
  if (view === before) return;
  const left = { ...others, [before]: { settings, ...(camera ? { camera } : {}) } };
  set({ space: { view, ...(left[view] ?? { settings: {} }), others: left, ...(scene ? { scene } : {}) } });
}

/** A choice in the menu of a flat panel. */
export function setPanel(view: string, name: string, value: Value): void {
  const { panels } = get();
  set({ panels: { ...panels, [view]: { ...panels[view], [name]: value } } });
}

/** Shows only trials that fit, such as 'direction=3,success=true'; an empty text shows all. */
export function setTrials(text: string): void {
  const trials = text.trim();
  set({ trials: trials === '' ? undefined : trials });
}

/** A plane of the axes, or free. */
export function lookAlong(plane: keyof typeof PLANES | 'free'): void {
  const { space } = get();
  set({ space: { ...space, camera: plane === 'free' ? (space.scene?.camera ?? DEFAULT_CAMERA) : { ...PLANES[plane], zoom: 1 } } });
}

const cameraNow = (): Camera => get().space.camera ?? get().space.scene?.camera ?? DEFAULT_CAMERA;

export function turnCamera(azimuthDeg: number, elevationDeg: number): void {
  const camera = cameraNow();
  const turned = ((((camera.azimuthDeg + azimuthDeg + 180) % 360) + 360) % 360) - 180;
  const lifted = Math.max(-90, Math.min(90, camera.elevationDeg + elevationDeg));
  set({ space: { ...get().space, camera: { ...camera, azimuthDeg: turned, elevationDeg: lifted } } });
}

export function zoomCamera(by: number): void {
  const camera = cameraNow();
  set({ space: { ...get().space, camera: { ...camera, zoom: Math.min(50, Math.max(0.2, camera.zoom * by)) } } });
}

/** Trials that are drawn, in the order of the file. */
export function trialsDrawn(scene: Scene | undefined): readonly number[] {
  const rows = (scene?.marks ?? []).flatMap((mark) =>
    mark.kind === 'points' && mark.data
      ? mark.data.flatMap(({ trial }) => (trial === undefined ? [] : [trial]))
      : mark.datum.trial === undefined
        ? []
        : [mark.datum.trial],
  );
  return [...new Set(rows)].sort((a, b) => a - b);
}

/** The next or previous trial whose condition is shown. */
export function stepTrial(by: 1 | -1): void {
  const { space, selection } = get();
  const hidden = new Set(hiddenOf(space.scene?.conditions, selection));
  const scene = space.scene && { ...space.scene, marks: space.scene.marks.filter(({ datum }) => !hidden.has(datum.condition ?? -1)) };
  const rows = trialsDrawn(scene);
  if (rows.length === 0) return;
  const at = selection.trial === undefined ? (by > 0 ? -1 : rows.length) : rows.indexOf(selection.trial);
  const trial = rows[(at + by + rows.length) % rows.length]!;
  select({
    trial,
    timeMs: selection.timeMs ?? 0,
    ...(selection.onlyTrial === undefined ? {} : { onlyTrial: trial }),
  });
}

/** Moves the time cursor by so much, within the window; it starts at the event. */
export function moveCursor(byMs: number): void {
  const range = rangeNow();
  const { timeMs } = get().selection;
  if (range && timeMs === undefined) select({ timeMs: Math.min(range.to, Math.max(range.from, 0)) });
  else if (range && timeMs !== undefined) select({ timeMs: Math.min(range.to, Math.max(range.from, timeMs + byMs)) });
}

export const moveCursorBins = (bins: number): void => moveCursor(bins * (rangeNow()?.binMs ?? 20));

/** Puts one end of the span to a time; the whole window is no span. */
export function setSpanEnd(end: 0 | 1, at: number, gesture?: string): void {
  const range = rangeNow();
  if (!range) return;
  const [first, last] = get().selection.spanMs ?? [range.from, range.to];
  const held = Math.round(Math.min(range.to, Math.max(range.from, at)) / range.binMs) * range.binMs;
  const place = Math.min(range.to, Math.max(range.from, held));
  const span: readonly [number, number] =
    end === 0 ? [Math.min(place, last - range.binMs), last] : [first, Math.max(place, first + range.binMs)];
  select({ spanMs: span[0] <= range.from && span[1] >= range.to ? undefined : span }, gesture);
}

export function setSpan(a: number, b: number, gesture?: string): void {
  const range = rangeNow();
  if (!range || Math.abs(b - a) < range.binMs) return;
  const span = [Math.max(range.from, Math.min(a, b)), Math.min(range.to, Math.max(a, b))] as const;
  select({ spanMs: span }, gesture);
}

export function spanToCursor(end: 0 | 1): void {
  const { timeMs } = get().selection;
  if (timeMs !== undefined) setSpanEnd(end, timeMs);
}

export const play = (): void => {
  if (rangeNow()) set({ isPlaying: !get().isPlaying });
};
