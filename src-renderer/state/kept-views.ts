// Views that a project keeps under names, for the screen, for paper and for the command line alike.

import type { SavedView } from '../../src-worker/contract/api.ts';
import { attempt } from './actions.ts';
import { host } from './connection.ts';
import { heldOf, isPortrait, takePortrait } from './dynamics.ts';
import { showView } from './explore.ts';
import { followOf, select } from './selection.ts';
import { get, set } from './store.ts';

/** Views that the large panel of Explore shows. */
export const spaceViews = ['trajectories', 'initial-conditions', 'phase-portrait', 'currents'] as const;

/** Keeps a view under a name in the project in view; without one forgets what has that name. */
export const keepView = (name: string, view?: SavedView): Promise<void> =>
  attempt(async () => {
    const { project } = get();
    if (!project) return;
    const views = await host.keepView({ project: project.path, name, ...(view ? { view } : {}) });
    const now = get().project;
    if (now?.path === project.path) set({ project: { ...now, views } });
  });

/** The large panel as a project keeps it: view, camera, selection, colours, trials, and the input of fixed points. */
export function viewNow(): SavedView {
  const { space, selection, trials } = get();
  const camera = space.camera ?? (space.view === 'trajectories' ? space.scene?.camera : undefined);
  return {
    view: isPortrait() ? 'phase-portrait' : space.view,
    settings: space.settings,
    ...(isPortrait() ? heldOf(selection.point) : {}),
    ...(trials === undefined ? {} : { trials }),
    ...(camera ? { camera } : {}),
    follow: followOf(selection),
  };
}

/** Shows a kept view of the large panel as it was, on screen. */
export function takeView(view: SavedView): void {
  showView(view.view);
  const { camera: _, ...space } = get().space;
  const settings = view.view === 'phase-portrait' ? space.settings : view.settings;
  set({ space: { ...space, settings, ...(view.camera ? { camera: view.camera } : {}) }, trials: view.trials });
  if (view.view === 'phase-portrait') takePortrait(view);
  const { hidden, names, colours, spanMs, onlyTrial } = view.follow ?? {};
  select({ hidden, names, colours, spanMs, onlyTrial }, 'take a view');
}
