// The dynamics of the run in view: one search at a held input, points followed from there by the slider, and the pictures of both, asked
// for one round after another so that the newest place of the slider is always the next.

import type { SavedView } from '../../src-worker/contract/api.ts';
import type { Settings, Value } from '../../src-worker/contract/params.ts';
import { asFailure } from '../../src-worker/contract/rpc.ts';
import type { Scene } from '../../src-worker/scene/scene.ts';
import { host } from './connection.ts';
import {
  branchSettings,
  diagramSettings,
  type DynamicsState,
  fresh,
  type HeldKind,
  portraitSettings,
  searchSettings,
  useDynamics,
} from './dynamics-state.ts';
import { listenTo } from './progress.ts';
import { select } from './selection.ts';
import { get, set } from './store.ts';

const SEARCH = 'dynamics search';
const BRANCHES = 'dynamics branches';
const DIAGRAM = 'dynamics diagram';

const now = useDynamics.getState;
const change = useDynamics.setState;

/** Whether the dynamics are in view: chosen, or all that a network has. */
export function isPortrait(): boolean {
  const { space, catalogue, run } = get();
  return space.view === 'phase-portrait' || catalogue?.models.find(({ id }) => id === run?.model)?.reads === 'network';
}

/** What of a kept portrait is the dynamics' own: what is drawn, the input of the search, and where the slider stands. */
export const heldOf = (point: number | undefined): Pick<SavedView, 'settings' | 'analysis' | 'held'> => {
  const state = now();
  return {
    settings: portraitSettings(state, point),
    analysis: searchSettings(state),
    ...(state.held ? { held: [...state.held] } : {}),
  };
};

/** Takes up a kept portrait. */
export function takePortrait({ settings, analysis = {}, held }: SavedView): void {
  showDynamics();
  const { point, ...look } = settings;
  const { input = 'zero', inputCondition, inputValues } = analysis;
  change({
    look,
    input: input as HeldKind,
    condition: typeof inputCondition === 'string' ? inputCondition : undefined,
    values: Array.isArray(inputValues) ? inputValues.map(Number) : undefined,
    held,
    failure: undefined,
  });
  select({ point: typeof point === 'number' ? point - 1 : undefined });
  refresh();
}

let branchesOf = '';
let linesOf = '';
let searchOf = '';
let isGoing = false;
let isAsked = false;

/** Takes up the run in view, or its next best step. */
export function showDynamics(): void {
  const { project, run } = get();
  if (!project || !run) return;
  const of = `${project.path} ${run.id} ${run.state === 'finished' ? 'finished' : run.bestStep}`;
  const before = now();
  if (before.of === of) return;
  const isSameRun = before.of.startsWith(`${project.path} ${run.id} `);
  change(isSameRun ? { of, failure: undefined } : { ...fresh, look: before.look, of });
  if (!isSameRun && get().selection.point !== undefined) select({ point: undefined });
  refresh();
}

/** Asks for what is missing; rounds do not overlap, and one more follows where something changed meanwhile. */
export async function refresh(): Promise<void> {
  isAsked = true;
  if (isGoing) return;
  isGoing = true;
  while (isAsked) {
    isAsked = false;
    await round();
  }
  isGoing = false;
}

async function round(): Promise<void> {
  const { project, run } = get();
  const state = now();
  if (!project || !run || state.of === '') return;
  const ref = { project: project.path, run: run.id };
  const analysis = searchSettings(state);
  const isCurrent = (): boolean => now().of === state.of && JSON.stringify(searchSettings(now())) === JSON.stringify(analysis);
  try {
    const asked = `${state.of} ${JSON.stringify(analysis)}`;
    let { searched } = state;
    if (searched === undefined || searchOf !== asked) {
      change({ search: { done: 0, doing: 'Searching' }, failure: undefined });
      const deaf = listenTo(SEARCH, (search) => change({ search }));
      searched = await host.points({ ...ref, settings: analysis }, SEARCH).finally(deaf);
      if (!isCurrent()) {
        isAsked = true;
        return;
      }
      searchOf = asked;
      change({ searched, search: undefined });
    }
    const { held, mode, look } = now();
    const { point } = get().selection;
    const along = alongOf(now());
    const isFollowed = branchesOf === along;
    // What the slider moves follows branches: they come before.
    if (held && !isFollowed) await followBranches(ref, along);
    const there = held ? { held: [...held] } : {};
    const box = { width: 640, height: 480 };
    const draw = (view: string, settings: Settings, more: { readonly held?: number[] } = there) =>
      host.scene({ ...ref, ...box, view, settings, analysis, ...more }, `dynamics ${view} ${String(settings.part ?? '')}`);
    const lineLook = Object.fromEntries(Object.entries(look).filter(([name]) => ['state', 'show', 'dimensions', 'trials'].includes(name)));
    const lineKey = `${asked} ${JSON.stringify(lineLook)}`;
    const points = { ...look, ...(point === undefined ? {} : { point: point + 1 }) };
    const [report, portrait, plane, lines, diagram] = await Promise.all([
      held ? host.points({ ...ref, settings: analysis, ...there }, 'dynamics points') : searched,
      draw('phase-portrait', { ...points, part: 'points' }),
      draw('eigenvalues', { ...(point === undefined ? {} : { point: point + 1 }), mode: mode + 1 }).catch(() => undefined),
      linesOf === lineKey && now().lines ? now().lines : draw('phase-portrait', { ...lineLook, part: 'trajectories' }, {}),
      branchesOf === along ? drawDiagram(ref, DIAGRAM).catch(() => undefined) : undefined,
    ]);
    if (!isCurrent()) {
      isAsked = true;
      return;
    }
    linesOf = lineKey;
    change({ report, portrait, plane, lines, ...(diagram ? { diagram } : {}), failure: undefined, search: undefined });
    if (lines && get().space.scene !== lines) set({ space: { ...get().space, scene: lines } });
    if (!diagram && searched.inputs.length > 0 && now().noDiagram === undefined) {
      followBranches(ref, along).catch(() => {});
    }
  } catch (error) {
    const failure = asFailure(error);
    if (!isCurrent()) isAsked = true;
    else change({ failure, search: undefined });
  }
}

type Ref = { readonly project: string; readonly run: string };

/** The search and the input along which its points are followed. */
const alongOf = (state: DynamicsState): string => `${state.of} ${JSON.stringify(searchSettings(state))} ${state.channel}`;

const drawDiagram = (ref: Ref, job: string): Promise<Scene> => {
  const settings = diagramSettings(now());
  const box = { width: 320, height: 240 };
  return host.scene({ ...ref, ...box, view: 'bifurcations', settings, analysis: branchSettings(now()) }, job);
};

let going: { readonly along: string; readonly ends: Promise<void> } | undefined;

/** Follows branches along the input of the slider, once, and draws them. */
function followBranches(ref: Ref, along: string): Promise<void> {
  if (going?.along === along) return going.ends;
  const isCurrent = (): boolean => going?.along === along;
  // Another search, or another input, may be shown by the time that branches are there.
  const isWanted = (): boolean => isCurrent() && alongOf(now()) === along;
  const follow = async (): Promise<void> => {
    change({ following: { done: 0, doing: 'Following branches' }, diagram: undefined, noDiagram: undefined });
    const deaf = listenTo(BRANCHES, (following) => isCurrent() && change({ following }));
    try {
      const diagram = await drawDiagram(ref, BRANCHES);
      if (!isWanted()) return;
      branchesOf = along;
      change({ diagram });
    } catch (error) {
      if (isWanted()) change({ noDiagram: asFailure(error) });
      throw error;
    } finally {
      deaf();
      if (isCurrent()) {
        going = undefined;
        change({ following: undefined });
      }
    }
  };
  going = { along, ends: Promise.resolve() };
  const ends = follow();
  going = { along, ends };
  return ends;
}

/** Stops following branches; the points of the search stay. */
export const stopBranches = (): Promise<void> => host.cancel(BRANCHES);

/** Follows them again after it was stopped. */
export function followAgain(): void {
  change({ noDiagram: undefined });
  refresh();
}

/** Stops the search; what was shown before stays. */
export const stopSearch = (): Promise<void> => host.cancel(SEARCH);

/** Searches at another input. */
export function searchAt(input: HeldKind, more: Pick<DynamicsState, 'condition' | 'values'> = {}): void {
  change({
    input,
    condition: more.condition,
    values: more.values,
    held: undefined,
    failure: undefined,
    diagram: undefined,
    noDiagram: undefined,
  });
  refresh();
}

/** Searches anew where the slider stands, or again after a failure. */
export function searchHere(): void {
  const { held } = now();
  if (held) searchAt('values', { values: held });
  else {
    searchOf = '';
    change({ failure: undefined });
    refresh();
  }
}

/** Picks a point by its name; undefined for none. */
export function pickPoint(point: number | undefined): void {
  change({ mode: 0 });
  select({ point });
  followPoint(point);
}

/** The next or previous point of the table. */
export function stepPoint(by: 1 | -1): void {
  const places = now().report?.places ?? [];
  if (places.length === 0) return;
  const { point } = get().selection;
  const at = point === undefined ? (by > 0 ? -1 : places.length) : places.indexOf(point);
  pickPoint(places[(at + by + places.length) % places.length]);
}

export function pickMode(mode: number): void {
  change({ mode });
  refresh();
}

export function setLook(name: string, value: Value | undefined): void {
  const { [name]: _, ...others } = now().look;
  change({ look: value === undefined ? others : { ...others, [name]: value } });
  refresh();
}

// A point that is picked, dropped or brought back by undo anywhere is drawn so.
let pointBefore: number | undefined;
export const followPoint = (point: number | undefined): void => {
  if (point === pointBefore) return;
  pointBefore = point;
  refresh();
};
