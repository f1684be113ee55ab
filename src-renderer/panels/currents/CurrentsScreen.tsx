// Currents between the regions of a network of recorded units, beside their control; its weights, its free run, and how far to believe it.

import { useMediaQuery } from '@mantine/hooks';
import { type KeyboardEvent, useState } from 'react';
import { show } from '../../state/actions.ts';
import { setSpace, showView } from '../../state/explore.ts';
import { isBeside, pairsOf } from '../../state/pairs.ts';
import { pickPair } from '../../state/selection.ts';
import { useStore } from '../../state/store.ts';
import { Choice } from '../../ui/Choice.tsx';
import { Icon } from '../../ui/icons.tsx';
import { Nothing } from '../Nothing.tsx';
import { KeptViews } from '../SpaceMenus.tsx';
import { FailureInfo } from '../FailureInfo.tsx';
import { ViewPanel } from '../ViewPanel.tsx';
import { Believe } from './Believe.tsx';
import { Beside } from './Beside.tsx';
import { Picture } from './Cell.tsx';
import { FreeRun } from './FreeRun.tsx';
import { Legend } from './Legend.tsx';
import { PairAlone, PairGrid, PairsCompared, type PickedPair, pairBeside, type Shown, type Split } from './PairGrid.tsx';
import { useAnalysis } from './use-analysis.ts';
import { Untested, useTested } from './use-tested.ts';
import { isWithoutRegions, WithoutRegions } from './WithoutRegions.tsx';

/** More regions than this are shown as a matrix of shares with the picked pair beside it. */
const MOST_CELLS = 3;
/** Up to so many regions there is room for two pictures of a pair. */
const MOST_STACKED = 2;
const weightChoices = ['order'] as const;
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
const splits = [
  ['none', 'none'],
  ['parts', 'excites, inhibits'],
] as const;

export function CurrentsScreen() {
  const run = useStore((state) => state.run);
  const models = useStore((state) => state.catalogue?.models);
  const isTested = models?.find(({ id }) => id === run?.model)?.tested === true;
  const tested = models?.filter((model) => model.tested).map(({ title }) => title) ?? [];
  // Kept with the panel, so that a view under a name has it.
  const settings = useStore((state) => state.space.settings);
  const selection = useStore((state) => state.selection);
  const isNarrow = useMediaQuery('(max-width: 75em)') ?? false;
  const asked = useTested('currents', isTested);
  const activity = useAnalysis('activity', isTested);
  const isWithout = isWithoutRegions(asked.failure);
  const believed = useTested('belief', isWithout);
  const [isAlone, setAlone] = useState(false);
  if (!run || !isTested)
    return (
      <Nothing
        text={`Currents flow between recorded units. Fit ${tested.slice(0, -1).join(', ')} or ${tested.at(-1)} to a recording`}
        action={run ? 'To the trajectories' : 'To the fit'}
        onAction={() => (run ? showView('trajectories') : show('Fit'))}
      />
    );
  const { report } = asked;
  const judged = report ?? believed.report;
  const untested = asked.untested && isWithout ? believed.untested : asked.untested;
  const regions = report?.regions ?? [];
  const names = regions.map(({ name }) => name);
  const pairs = pairsOf(selection).filter((one) => one.every((name) => names.includes(name)));
  const pair = pairs.at(-1);
  const isFew = names.length <= MOST_CELLS;
  const isGrid = isFew && !(isAlone && pair);
  const shownPair: PickedPair = pair ?? [names[0] ?? '', names[Math.min(1, names.length - 1)] ?? ''];
  const isByUnit = settings.show === 'units';
  // Several pairs are compared by size and mean alone.
  const isCompared = !isGrid && pairs.length > 1;
  // Two pictures of a pair, where there is room and nothing else was chosen.
  const standard = !isGrid || names.length <= MOST_STACKED ? BOTH : 'size';
  const chosen = typeof settings.show === 'string' && settings.show in shows ? settings.show : standard;
  const shown = isByUnit ? byUnit : shows[chosen]!.shown;
  const split: Split = settings.split === 'parts' ? 'parts' : 'none';
  const choices = Object.entries(shows).filter(([id]) => id !== BOTH || standard === BOTH);
  const pick = (into: string, from: string): void => pickPair([into, from]);
  const open = (): void => setAlone(true);
  const onKey = (event: KeyboardEvent): void => {
    const next = pairBeside(names, shownPair, event.key);
    if (!next) return;
    pickPair(next, isBeside(event));
    event.preventDefault();
  };
  return (
    <Untested value={untested !== undefined}>
      <main className="explore currents">
        <div className={asked.failure && !isWithout ? 'left alone' : 'left'}>
          <section className="panel" data-view="currents" aria-label="Currents" aria-busy={asked.isWaiting || believed.isWaiting}>
            <div className="head">
              <ViewTitle />
              {isWithout ? (
                <span className="sub">what a fit to its own activity gives back</span>
              ) : (
                <AreaOrUnit
                  unit={report?.unit ?? 'Hz'}
                  isByUnit={isByUnit}
                  isGrid={isGrid}
                  isNarrow={isNarrow}
                  hasRoom={isFew || !isNarrow}
                />
              )}
              <div className="right">
                {!isWithout && (
                  <>
                    {!isByUnit && !isCompared && (
                      <>
                        <Choice
                          label="Show"
                          choices={choices.map(([id, { title }]) => [id, title] as const)}
                          value={chosen}
                          onChange={(id) => setSpace('show', id === BOTH ? undefined : id)}
                        />
                        <Choice
                          label="Split"
                          choices={splits}
                          value={split}
                          onChange={(id) => setSpace('split', id === 'none' ? undefined : id)}
                        />
                      </>
                    )}
                    {!isFew && (
                      <>
                        <Choice
                          label="Into"
                          choices={asChoices(names)}
                          value={shownPair[0]}
                          onChange={(name) => pick(name, shownPair[1])}
                        />
                        <Choice
                          label="From"
                          choices={asChoices(names)}
                          value={shownPair[1]}
                          onChange={(name) => pick(shownPair[0], name)}
                        />
                      </>
                    )}
                    {isFew && pair && (
                      <button type="button" className="link" aria-pressed={!isGrid} onClick={() => setAlone(!isAlone)}>
                        {!isGrid ? 'All pairs' : pairs.length > 1 ? `Compare ${pairs.length}` : 'This pair'}
                      </button>
                    )}
                  </>
                )}
                <KeptViews />
              </div>
            </div>
            {(asked.isWaiting || believed.isWaiting) && (
              <progress className="going" max={1} value={isWithout ? believed.done : asked.done} aria-label="Currents" />
            )}
            {asked.failure && isWithout ? (
              <WithoutRegions
                failure={asked.failure}
                isTested={believed.report !== undefined}
                withRecovery={!believed.untested}
                seeds={believed.report?.summary['ensemble.members'] ?? 1}
              />
            ) : asked.failure ? (
              <div className="pad fill">
                <FailureInfo failure={asked.failure} />
              </div>
            ) : names.length === 0 ? (
              <p className="t3 pad fill">{asked.doing || 'On its way'}…</p>
            ) : isGrid ? (
              <PairGrid regions={regions} show={shown} split={split} pairs={pairs} onOpen={open} />
            ) : (
              <div className="matrix">
                {/* biome-ignore lint/a11y/noNoninteractiveTabindex: arrow keys go through its pairs */}
                <section className="keys" tabIndex={0} aria-label="Pairs: arrow keys pick" onKeyDown={onKey}>
                  <Picture view="currents" title="Shares" settings={whole} />
                </section>
                {pairs.length > 1 ? <PairsCompared pairs={pairs} /> : <PairAlone show={shown} split={split} pair={shownPair} />}
              </div>
            )}
            <div className="cap">
              {isGrid && names.length > 0 && !isByUnit && <Legend split={split} seeds={report?.summary['ensemble.members'] ?? 1} />}
              <span title={judged?.recipe}>{judged?.recipe}</span>
            </div>
          </section>
          <FreeRun units={activity.report?.units ?? []} failure={activity.failure} into={pair?.[0]} />
        </div>
        <div className={isNarrow ? 'side bl' : 'side bl tall'}>
          {!isNarrow && <ViewPanel view="weights" choices={weightChoices} />}
          <Beside withWeights={isNarrow} withCurrents={report !== undefined} isTested={judged !== undefined} withRecovery={!untested} />
          <Believe report={judged} failed={(isWithout ? believed.failure : asked.failure) !== undefined} untested={untested} />
        </div>
      </main>
    </Untested>
  );
}

interface AreaOrUnitProps {
  /** Of currents. */
  readonly unit: string;
  readonly isByUnit: boolean;
  readonly isGrid: boolean;
  readonly isNarrow: boolean;
  /** Whether the menus leave room for words. */
  readonly hasRoom: boolean;
}

const about = {
  grid: { short: 'rows receive', long: 'into each area (rows) from each area (columns)' },
  pairs: { short: 'shares of size', long: 'shares of all, and what is picked' },
} as const;
const SEVERAL = 'Ctrl or Shift with a click picks several pairs, to compare them';

function AreaOrUnit({ unit, isByUnit, isGrid, isNarrow, hasRoom }: AreaOrUnitProps) {
  const { short, long } = isGrid ? about.grid : about.pairs;
  return (
    <>
      <span className="seg" title={SEVERAL}>
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
      {hasRoom && (
        <span className="sub" title={`${long}. ${SEVERAL}`}>
          {isNarrow ? short : long}
          {isGrid && `, ${unit}`}
        </span>
      )}
    </>
  );
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

const asChoices = (names: readonly string[]): readonly (readonly [string, string])[] => names.map((name) => [name, name]);
