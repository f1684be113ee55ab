// The network left alone over data that it never saw, unit after unit, the best foretold first: of the region that the picked current flows
// into, where one is picked.

import { useMediaQuery } from '@mantine/hooks';
import { type KeyboardEvent, useEffect, useMemo, useState } from 'react';
import type { CurrentUnit } from '../../../src-worker/contract/currents.ts';
import type { Failure } from '../../../src-worker/contract/failure.ts';
import type { ConditionKey as Key, Scene } from '../../../src-worker/scene/scene.ts';
import { ConditionKey } from '../../stage/ConditionKey.tsx';
import { setPanel } from '../../state/explore.ts';
import { select } from '../../state/selection.ts';
import { useStore } from '../../state/store.ts';
import { Choice } from '../../ui/Choice.tsx';
import { asSmall } from '../fit/quality.ts';
import { FailureInfo } from '../FailureInfo.tsx';
import { Picture } from './Cell.tsx';

/** Units side by side, and where there is little room. */
const SHOWN = 5;
const FEW = 3;
const shows = {
  runs: {
    title: 'network over data',
    view: 'free-run',
    settings: {},
    short: 'thin, data; thick, network',
    about: 'thin, trials kept from training; thick, the network from its first bin on; pVar, and that of training averages',
  },
  residuals: {
    title: 'residuals',
    view: 'free-run',
    settings: { show: 'residuals' },
    short: 'data less network',
    about: 'trials kept from training less the network started at their first bin',
  },
  activity: {
    title: 'data before and after',
    view: 'activity',
    settings: {},
    short: 'thin, recorded; thick, fitted',
    about: 'thin, averages as recorded; thick, what the network was fitted to, and what that is divided by',
  },
  range: {
    title: 'data in its range',
    view: 'activity',
    settings: { show: 'network' },
    short: 'thin, recorded; thick, fitted',
    about: 'thin, averages as recorded; thick, what the network was fitted to, both in its range',
  },
} as const;
type Show = keyof typeof shows;
const choices = Object.entries(shows).map(([id, { title }]) => [id, title] as const);

interface Props {
  readonly units: readonly CurrentUnit[];
  readonly failure: Failure | undefined;
  readonly into: string | undefined;
}

export function FreeRun({ units: all, failure, into }: Props) {
  const units = useMemo(
    () =>
      all
        .filter(({ region }) => into === undefined || region === into)
        .sort((a, b) => (b.freeRunPVar ?? Number.NEGATIVE_INFINITY) - (a.freeRunPVar ?? Number.NEGATIVE_INFINITY))
        .map(({ unit }) => unit),
    [all, into],
  );
  const picked = useStore((state) => state.selection.unit);
  const chosen = useStore((state) => state.panels['free-run']?.show);
  const what: Show = typeof chosen === 'string' && chosen in shows ? (chosen as Show) : 'runs';
  const judged = useStore((state) => state.run?.report?.dataset);
  // Where nothing was kept from training, the network is held against what trained it.
  const isKept = !judged || judged.validationTrials > 0 || (judged.testTrials ?? 0) > 0;
  const words = (text: string): string => (isKept ? text : text.replace(/trials kept from training/i, 'training trials'));
  const isNarrow = useMediaQuery('(max-width: 75em)');
  const [from, setFirst] = useState(0);
  const [key, setKey] = useState<Key | undefined>();
  const most = isNarrow ? FEW : SHOWN;
  const last = Math.max(0, units.length - most);
  const first = Math.min(from, last);
  const move = (by: number): void => setFirst(Math.max(0, Math.min(last, first + by)));
  const place = picked === undefined ? -1 : units.indexOf(picked);
  // The picked unit is in view.
  useEffect(() => {
    if (place >= 0) setFirst((before) => (place < before ? place : place >= before + most ? place - most + 1 : before));
  }, [place, most]);
  const onKey = (event: KeyboardEvent): void => {
    const by = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : 0;
    const unit = units[place < 0 ? first : place + by];
    if (by === 0 || unit === undefined || event.target instanceof HTMLSelectElement) return;
    select({ unit });
    event.preventDefault();
  };
  const shown = units.slice(first, first + most);
  return (
    <section className="panel bt" data-view="free-run" aria-label="Free run over data">
      <div className="head">
        <h2>Free run over data</h2>
        <span
          className="sub"
          title={
            what === 'runs'
              ? words(
                  'Averages of trials kept from training (thin); the network started at the first bin (thick, cut at 0 Hz); pVar of the network, and that of averages of training trials',
                )
              : words(shows[what].about)
          }
        >
          {words(shows[what][isNarrow ? 'short' : 'about'])}
        </span>
        <div className="right">
          <Choice label="Show" choices={choices} value={what} onChange={(show) => setPanel('free-run', 'show', show)} />
          <span className="t3">
            {into === undefined ? '' : `${into}: `}
            {Math.min(first + 1, units.length)} to {first + shown.length} of {units.length}
          </span>
          <button type="button" className="keycap" aria-label="Units before" disabled={first === 0} onClick={() => move(-most)}>
            ←
          </button>
          <button type="button" className="keycap" aria-label="Units after" disabled={first >= last} onClick={() => move(most)}>
            →
          </button>
        </div>
      </div>
      {failure && (
        <div className="pad">
          <FailureInfo failure={failure} />
        </div>
      )}
      <div className="runs">
        {/* biome-ignore lint/a11y/noNoninteractiveElementToInteractiveRole: cells are picked, so the table is a grid */}
        <table role="grid" aria-label="Units: arrow keys pick">
          <tbody>
            <tr>
              {shown.map((unit, at) => (
                // biome-ignore lint/a11y/useAriaPropsSupportedByRole: a cell of a grid
                <td
                  key={unit}
                  aria-selected={unit === picked}
                  tabIndex={unit === picked || (place < 0 && at === 0) ? 0 : -1}
                  className={unit === picked ? 'unit-cell on' : 'unit-cell'}
                  onClick={() => select({ unit })}
                  onKeyDown={onKey}
                >
                  <UnitCell unit={unit} show={what} {...(at === 0 ? { onKey: setKey } : { as: bare })} />
                </td>
              ))}
            </tr>
          </tbody>
        </table>
        {key && (
          <div className="key">
            <ConditionKey of={key} isSmall />
          </div>
        )}
      </div>
    </section>
  );
}

/** The first says what its number is; the others have the number alone. */
const bare = (scene: Scene): Scene => ({ ...asSmall(scene), subtitle: scene.subtitle.replace(/^pVar /, '') });

interface UnitProps {
  readonly unit: number;
  readonly show: Show;
  readonly as?: (scene: Scene) => Scene;
  readonly onKey?: (key: Key | undefined) => void;
}

function UnitCell({ unit, show, as = asSmall, onKey }: UnitProps) {
  const settings = useMemo(() => ({ unit, ...shows[show].settings }), [unit, show]);
  return <Picture view={shows[show].view} title={`Unit ${unit}`} settings={settings} as={as} {...(onKey ? { onKey } : {})} />;
}
