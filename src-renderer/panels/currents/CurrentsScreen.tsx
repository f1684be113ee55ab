// Currents between the regions of a network of recorded units, beside their control; its weights, its free run, and how far to believe it.

import { show } from '../../state/actions.ts';
import { setSpace, showView } from '../../state/explore.ts';
import { useStore } from '../../state/store.ts';
import { Icon } from '../../ui/icons.tsx';
import { Nothing } from '../Nothing.tsx';
import { KeptViews } from '../SpaceMenus.tsx';
import { ViewPanel } from '../ViewPanel.tsx';
import { Believe } from './Believe.tsx';
import { Cell } from './Cell.tsx';
import { FreeRun } from './FreeRun.tsx';
import { useCurrents } from './use-currents.ts';

/** More regions than this are shown as a matrix of shares with the picked pair beside it. */
const MOST_CELLS = 3;
const weightChoices = ['show'] as const;
const shows = [
  ['size', 'Size'],
  ['component', 'First component'],
  ['mean', 'Mean'],
] as const;

export function CurrentsScreen() {
  const run = useStore((state) => state.run);
  const isConstrained = useStore((state) => state.catalogue?.models.find(({ id }) => id === state.run?.model)?.constrained === true);
  // Kept with the panel, so that a view under a name has it.
  const settings = useStore((state) => state.space.settings);
  const what = String(settings.show ?? 'size');
  const asked = useCurrents(isConstrained);
  if (!run || !isConstrained)
    return (
      <Nothing
        text="Currents flow between recorded units. Fit CURBD, CORNN, FORCE or full-FORCE to a recording of several areas"
        action={run ? 'To the trajectories' : 'To the fit'}
        onAction={() => (run ? showView('trajectories') : show('Fit'))}
      />
    );
  const names = asked.report?.regions?.map(({ name }) => name) ?? [];
  const isGrid = names.length <= MOST_CELLS;
  const into = names.find((name) => name === settings.into) ?? names[0] ?? '';
  const from = names.find((name) => name === settings.from) ?? names[Math.min(1, names.length - 1)] ?? '';
  const pairs = isGrid ? names.flatMap((target) => names.map((source) => [target, source] as const)) : [[into, from] as const];
  return (
    <main className="explore currents">
      <div className="left">
        <section className="panel" data-view="currents" aria-label="Currents" aria-busy={asked.isWaiting}>
          <div className="head">
            <ViewTitle />
            <span className="seg">
              {shows.map(([id, title]) => (
                <button
                  type="button"
                  key={id}
                  className={id === what ? 'on' : ''}
                  aria-pressed={id === what}
                  onClick={() => setSpace('show', id)}
                >
                  {title}
                </button>
              ))}
            </span>
            <span className="sub wide-only">into each region (rows) from each region (columns), Hz</span>
            <div className="right">
              {!isGrid && (
                <>
                  <RegionChoice label="Into" names={names} value={into} onChange={(place) => setSpace('into', names[place] ?? '')} />
                  <RegionChoice label="From" names={names} value={from} onChange={(place) => setSpace('from', names[place] ?? '')} />
                </>
              )}
              <KeptViews />
            </div>
          </div>
          {asked.isWaiting && <progress className="going" max={1} value={asked.done} aria-label="Currents" />}
          {asked.failure ? (
            <p className="t2 pad fill">
              {asked.failure.sentence} {asked.failure.hint}
            </p>
          ) : names.length === 0 ? (
            <p className="t3 pad fill">{asked.doing || 'On its way'}…</p>
          ) : (
            <div className="cells" style={{ gridTemplateColumns: `repeat(${isGrid ? names.length : 2}, minmax(0, 1fr))` }}>
              {!isGrid && <Cell title="Shares" show="shares" />}
              {pairs.map(([target, source]) => (
                <Cell key={`${target} ${source}`} title={`${source} into ${target}`} show={what} into={target} from={source} />
              ))}
            </div>
          )}
          <div className="cap">
            <span title={asked.report?.recipe}>{asked.report?.recipe}</span>
          </div>
        </section>
        <FreeRun isReady={names.length > 0} />
      </div>
      <div className="side bl">
        <ViewPanel view="weights" choices={weightChoices} />
        <Believe report={asked.report} />
      </div>
    </main>
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

interface RegionChoiceProps {
  readonly label: string;
  readonly names: readonly string[];
  readonly value: string;
  readonly onChange: (place: number) => void;
}

function RegionChoice({ label, names, value, onChange }: RegionChoiceProps) {
  return (
    <span className="pick">
      <i>{label}</i>
      <span className="select plain">
        <select aria-label={label} value={value} onChange={(event) => onChange(names.indexOf(event.currentTarget.value))}>
          {names.map((name) => (
            <option key={name}>{name}</option>
          ))}
        </select>
        <Icon name="down" size={10} />
      </span>
    </span>
  );
}
