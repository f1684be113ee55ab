// Views that a project keeps under names, for the screen, for paper and for the command line alike.

import type { SavedView } from '../../src-worker/contract/api.ts';
import type { Settings } from '../../src-worker/contract/params.ts';
import { attempt } from './actions.ts';
import { host } from './connection.ts';
import { heldOf, isPortrait, takePortrait } from './dynamics.ts';
import { pairName } from './pairs.ts';
import { showView } from './explore.ts';
import { followOf, select } from './selection.ts';
import { get, type Selection, set } from './store.ts';

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

/** The picked pair of regions as the view of currents takes it. */
export const pairSettings = (pair: Selection['pair']): Settings => (pair ? { into: pair[0], from: pair[1] } : {});

/** The same of several that are compared, where what is shown of them can be. */
const pairsSettings = ({ pair, pairs }: Selection, { show }: Settings): Settings => ({
  ...pairSettings(pair),
  ...(pairs && (show === undefined || show === 'size' || show === 'mean') ? { pairs: pairs.map(pairName) } : {}),
});

const pairFrom = (name: string | number): readonly [string, string] | undefined => {
  const [into, from, ...more] = String(name).split(' from ');
  return into !== undefined && from !== undefined && more.length === 0 ? [into, from] : undefined;
};

/** The large panel as a project keeps it: view, camera, selection, colours, trials, and the input of fixed points. */
export function viewNow(): SavedView {
  const { space, selection, trials } = get();
  const camera = space.camera ?? (space.view === 'trajectories' ? space.scene?.camera : undefined);
  return {
    view: isPortrait() ? 'phase-portrait' : space.view,
    settings: { ...space.settings, ...(space.view === 'currents' ? pairsSettings(selection, space.settings) : {}) },
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
  const { into, from, pairs, ...ofCurrents } = view.settings;
  const isCurrents = view.view === 'currents';
  const settings = view.view === 'phase-portrait' ? space.settings : isCurrents ? ofCurrents : view.settings;
  set({ space: { ...space, settings, ...(view.camera ? { camera: view.camera } : {}) }, trials: view.trials });
  if (view.view === 'phase-portrait') takePortrait(view);
  const { hidden, names, colours, spanMs, onlyTrial } = view.follow ?? {};
  const all = Array.isArray(pairs) ? pairs.flatMap((name) => [pairFrom(name)]).filter((one) => one !== undefined) : [];
  const pair = isCurrents
    ? {
        pair: typeof into === 'string' && typeof from === 'string' ? ([into, from] as const) : undefined,
        pairs: all.length > 1 ? all : undefined,
      }
    : {};
  select({ hidden, names, colours, spanMs, onlyTrial, ...pair }, 'take a view');
}

/** What tells a kept view from another of the same kind: its trials, and from where it is seen. */
export const aboutView = ({ camera, trials }: SavedView): string =>
  [
    trials ?? 'all trials',
    ...(camera ? [`az ${Math.round(camera.azimuthDeg)}°, el ${Math.round(camera.elevationDeg)}°`.replaceAll('-', '−')] : []),
  ].join('; ');
