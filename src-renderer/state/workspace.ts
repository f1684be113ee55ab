// What the window shows, as a text that the host keeps: a reload or a second tab goes on from it.

import type { Settings } from '../../src-worker/contract/params.ts';
import { type Look, useLook } from './look-store.ts';
import { type FigureDraft, get, type Screen, type Selection, type SpaceState, type State, screens, useStore } from './store.ts';

const REMEMBER_AFTER_MS = 300;

export interface Workspace {
  readonly screen: Screen;
  readonly recording: { readonly grant: string; readonly name: string } | undefined;
  readonly data: Settings;
  readonly model: string;
  readonly settings: Settings;
  readonly seed: number;
  readonly device?: string;
  readonly project: string | undefined;
  readonly run: string | undefined;
  readonly selection: Selection;
  readonly space?: Omit<SpaceState, 'scene'>;
  readonly panels?: State['panels'];
  readonly lastPanel?: string;
  readonly trials?: string | undefined;
  readonly draft?: FigureDraft;
  readonly look?: Look;
}

export const describe = (state: State): string =>
  JSON.stringify({
    screen: state.screen,
    recording: state.recording && { grant: state.recording.entry.grant, name: state.recording.entry.name },
    data: state.data,
    model: state.model,
    settings: state.settings,
    seed: state.seed,
    device: state.device,
    project: state.project?.path,
    run: state.run?.id,
    selection: state.selection,
    space: kept(state.space),
    panels: state.panels,
    lastPanel: state.lastPanel,
    trials: state.trials,
    draft: state.draft,
    look: useLook.getState(),
  } satisfies Workspace);

const kept = ({ scene: _, ...rest }: SpaceState): Omit<SpaceState, 'scene'> => rest;

/** What of it says how things are shown; what an older text lacks is as at first. */
export function shownAs({ screen, selection, space, panels, lastPanel, trials, draft, look, device }: Workspace): Partial<State> {
  if (look) useLook.setState(look);
  return {
    screen,
    selection,
    ...(space ? { space } : {}),
    ...(panels ? { panels } : {}),
    ...(lastPanel ? { lastPanel } : {}),
    ...(trials ? { trials } : {}),
    ...(draft ? { draft } : {}),
    ...(device ? { device } : {}),
  };
}

/** Undefined where the text is none of ours. */
export function recall(text: string | undefined): Workspace | undefined {
  if (text === undefined) return undefined;
  const workspace = JSON.parse(text) as Workspace;
  return screens.includes(workspace.screen) ? workspace : undefined;
}

/**
 * Sends the workspace whenever it changed: at once where the work itself is another (a run that has just begun must be found again by a
 * page that is reloaded in the same moment), else after a short rest.
 */
export function remembering(isReady: () => boolean, send: (text: string) => Promise<unknown>): void {
  let last = '';
  let timer: ReturnType<typeof setTimeout> | undefined;
  const flush = (): void => {
    clearTimeout(timer);
    timer = undefined;
    if (!isReady()) return;
    const now = describe(get());
    if (now === last) return;
    last = now;
    send(now).catch(() => {
      last = '';
    });
  };
  useStore.subscribe((state, before) => {
    const isOther =
      state.run?.id !== before.run?.id || state.project?.path !== before.project?.path || state.recording !== before.recording;
    if (isOther) flush();
    else timer ??= setTimeout(flush, REMEMBER_AFTER_MS);
  });
  useLook.subscribe(() => {
    timer ??= setTimeout(flush, REMEMBER_AFTER_MS);
  });
}
