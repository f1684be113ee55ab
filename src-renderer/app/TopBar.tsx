// The spine: recording, dataset, fit, explore, figure, each with its name, each a place to go.

import { show } from '../state/actions.ts';
import { canUndo, undo } from '../state/selection.ts';
import { type Screen, type State, screens, set, useStore } from '../state/store.ts';
import { setTheme } from '../state/theme.ts';
import { Icon, Mark } from '../ui/icons.tsx';
import { SaveMenu } from './SaveMenu.tsx';

function namesOf({ recording, preview, run, progress, catalogue, draft, space }: State): Readonly<Record<Screen, string>> {
  const dataset = preview?.dataset;
  const entry = catalogue?.models.find(({ id }) => id === run?.model);
  const model = entry?.title ?? run?.model;
  const isNetwork = entry?.reads === 'network';
  return {
    Recording: recording?.summary.name ?? recording?.entry.name ?? 'none open',
    Dataset: dataset && dataset.trials > 0 ? `${dataset.trials} × ${dataset.bins} × ${dataset.units}` : '–',
    Fit: !run ? '–' : run.state === 'finished' ? `${model}, seed ${run.seed}` : `${model}, step ${Math.max(run.step, progress?.step ?? 0)}`,
    Explore: !run
      ? '–'
      : space.view === 'phase-portrait' || isNetwork
        ? 'Fixed points'
        : space.view === 'currents'
          ? 'Currents'
          : run.state !== 'finished'
            ? 'best so far'
            : run.bestStep > 0
              ? `step ${run.bestStep}`
              : 'all trials',
    Figure: run ? (catalogue?.views.find(({ id }) => id === draft.view)?.title ?? draft.view) : '–',
  };
}

export function TopBar() {
  const state = useStore();
  const names = namesOf(state);
  return (
    <header className="top">
      <div className="mark">
        <h1 className="unseen">Orrery</h1>
        <Mark />
      </div>
      <nav className="spine" aria-label="Steps">
        {screens.map((screen, index) => (
          <button
            type="button"
            key={screen}
            className={`step ${screen === state.screen ? 'on' : ''} ${names[screen] === '–' ? 'none' : ''}`}
            aria-current={screen === state.screen ? 'page' : undefined}
            title={`${screen}: ${names[screen]}  (Ctrl ${index + 1})`}
            onClick={() => show(screen)}
          >
            <small>{screen}</small>
            <b>{names[screen]}</b>
            {index < screens.length - 1 && <Icon name="next" />}
          </button>
        ))}
      </nav>
      <div className="right">
        {!state.joined && <span className="lost">Connecting…</span>}
        <button type="button" className="ask-commands" aria-haspopup="dialog" onClick={() => set({ isPaletteOpen: true })}>
          <Icon name="search" size={14} />
          <span>Commands</span>
          <kbd>Ctrl K</kbd>
        </button>
        <button type="button" className="ib" title="Undo (Ctrl Z)" aria-label="Undo" disabled={!canUndo()} onClick={undo}>
          <Icon name="undo" size={14} />
        </button>
        <SaveMenu />
        <button type="button" className="ib" title="Light or dark" onClick={() => setTheme(state.theme === 'dark' ? 'light' : 'dark')}>
          <Icon name={state.theme === 'dark' ? 'light' : 'dark'} size={14} />
        </button>
      </div>
    </header>
  );
}
