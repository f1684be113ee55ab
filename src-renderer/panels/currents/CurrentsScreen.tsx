// Currents between the regions of a network of recorded units, beside their control; its weights, its free run, and how far to believe it.

import { useMediaQuery } from '@mantine/hooks';
import { useState } from 'react';
import { show } from '../../state/actions.ts';
import { setSpace, showView } from '../../state/explore.ts';
import { useStore } from '../../state/store.ts';
import { Choice } from '../../ui/Choice.tsx';
import { Icon } from '../../ui/icons.tsx';
import { Nothing } from '../Nothing.tsx';
import { KeptViews } from '../SpaceMenus.tsx';
import { FailureInfo } from '../FailureInfo.tsx';
import { ViewPanel } from '../ViewPanel.tsx';
import { Believe } from './Believe.tsx';
import { Picture } from './Cell.tsx';
import { FreeRun } from './FreeRun.tsx';
import { PairGrid, PairPicture, type Shown } from './PairGrid.tsx';
import { useCurrents } from './use-currents.ts';

/** More regions than this are shown as a matrix of shares with the picked pair beside it. */
const MOST_CELLS = 3;
/** Up to so many regions there is room for two pictures of a pair. */
const MOST_STACKED = 2;
const weightChoices = ['show'] as const;
const whole = { show: 'shares' } as const;
/** What is shown of a pair where nothing else was chosen. */
const BOTH = 'both';
const shows: Readonly<Record<string, { readonly title: string; readonly shown: Shown }>> = {
  [BOTH]: { title: 'size, first component', shown: ['size', 'component'] },
  size: { title: 'size', shown: ['size'] },
  component: { title: 'first component', shown: ['component'] },
  mean: { title: 'mean', shown: ['mean'] },
};
const byUnit: Shown = ['units'];

export function CurrentsScreen() {
  const run = useStore((state) => state.run);
  const isConstrained = useStore((state) => state.catalogue?.models.find(({ id }) => id === state.run?.model)?.constrained === true);
  // Kept with the panel, so that a view under a name has it.
  const settings = useStore((state) => state.space.settings);
  const isNarrow = useMediaQuery('(max-width: 75em)');
  const asked = useCurrents(isConstrained);
  if (!run || !isConstrained)
    return (
      <Nothing
        text="Currents flow between recorded units. Fit CURBD, CORNN, FORCE or full-FORCE to a recording of several areas"
        action={run ? 'To the trajectories' : 'To the fit'}
        onAction={() => (run ? showView('trajectories') : show('Fit'))}
      />
    );
  const regions = asked.report?.regions ?? [];
  const names = regions.map(({ name }) => name);
  const isGrid = names.length <= MOST_CELLS;
  const into = names.find((name) => name === settings.into) ?? names[0] ?? '';
  const from = names.find((name) => name === settings.from) ?? names[Math.min(1, names.length - 1)] ?? '';
  const isByUnit = settings.show === 'units';
  // Two pictures of a pair, where there is room and nothing else was chosen.
  const standard = !isGrid || names.length <= MOST_STACKED ? BOTH : 'size';
  const chosen = typeof settings.show === 'string' && settings.show in shows ? settings.show : standard;
  const shown = isByUnit ? byUnit : shows[chosen]!.shown;
  const choices = Object.entries(shows).filter(([id]) => id !== BOTH || standard === BOTH);
  return (
    <main className="explore currents">
      <div className="left">
        <section className="panel" data-view="currents" aria-label="Currents" aria-busy={asked.isWaiting}>
          <div className="head">
            <ViewTitle />
            <span className="seg">
              {[false, true].map((of) => (
                <button
                  type="button"
                  key={String(of)}
                  className={of === isByUnit ? 'on' : ''}
                  aria-pressed={of === isByUnit}
                  onClick={() => setSpace('show', of ? 'units' : undefined)}
                >
                  {of ? 'By unit' : 'By area'}
                </button>
              ))}
            </span>
            <span className="sub">
              {isGrid ? 'into each area (rows) from each area (columns), Hz' : 'shares of all, and the picked pair'}
            </span>
            <div className="right">
              {!isByUnit && (
                <Choice
                  label="Show"
                  choices={choices.map(([id, { title }]) => [id, title] as const)}
                  value={chosen}
                  onChange={(id) => setSpace('show', id === BOTH ? undefined : id)}
                />
              )}
              {!isGrid && (
                <>
                  <Choice label="Into" choices={pairsOf(names)} value={into} onChange={(name) => setSpace('into', name)} />
                  <Choice label="From" choices={pairsOf(names)} value={from} onChange={(name) => setSpace('from', name)} />
                </>
              )}
              <KeptViews />
            </div>
          </div>
          {asked.isWaiting && <progress className="going" max={1} value={asked.done} aria-label="Currents" />}
          {asked.failure ? (
            <div className="pad fill">
              <FailureInfo failure={asked.failure} />
            </div>
          ) : names.length === 0 ? (
            <p className="t3 pad fill">{asked.doing || 'On its way'}…</p>
          ) : isGrid ? (
            <PairGrid regions={regions} show={shown} />
          ) : (
            <div className="matrix">
              <Picture view="currents" title="Shares" settings={whole} />
              <div className="pair-cell">
                {shown.map((each) => (
                  <PairPicture key={each} what={each} into={into} from={from} />
                ))}
              </div>
            </div>
          )}
          <div className="cap">
            <span title={asked.report?.recipe}>{asked.report?.recipe}</span>
          </div>
        </section>
        <FreeRun isReady={names.length > 0} />
      </div>
      <div className={isNarrow ? 'side bl' : 'side bl tall'}>
        <ViewPanel view="weights" choices={weightChoices} />
        {!isNarrow && names.length > 0 && <Beside />}
        <Believe report={asked.report} />
      </div>
    </main>
  );
}

/** What else tells of the weights: their spectrum, how they come back, how seeds agree. */
const besides = {
  spectrum: { title: 'Spectrum', view: 'weights', settings: { show: 'spectrum' } },
  recovery: { title: 'Recovery', view: 'recovery', settings: {} },
  seeds: { title: 'Seeds', view: 'ensemble', settings: {} },
} as const;

function Beside() {
  const [which, setWhich] = useState<keyof typeof besides>('spectrum');
  const { view, settings } = besides[which];
  const menu = (
    <span className="select plain">
      <select
        aria-label="Beside the weights"
        value={which}
        onChange={(event) => setWhich(event.currentTarget.value as keyof typeof besides)}
      >
        {Object.entries(besides).map(([id, { title }]) => (
          <option key={id} value={id}>
            {title}
          </option>
        ))}
      </select>
      <Icon name="down" size={10} />
    </span>
  );
  return <Picture key={which} view={view} menu={menu} settings={settings} />;
}

/** The title is a menu of what Explore can show. */
function ViewTitle() {
  const views = useStore((state) => state.catalogue?.views);
  return (
    <h2 className="select plain">
      <select aria-label="View" value="currents" onChange={(event) => showView(event.currentTarget.value)}>
        {['trajectories', 'phase-portrait', 'currents'].map((id) => (
          <option key={id} value={id}>
            {views?.find((other) => other.id === id)?.title ?? id}
          </option>
        ))}
      </select>
      <Icon name="down" size={10} />
    </h2>
  );
}

const pairsOf = (names: readonly string[]): readonly (readonly [string, string])[] => names.map((name) => [name, name]);
