// The large panel of Explore: trajectories or initial conditions in space, what they show, and the camera.

import { useEffect, useMemo, useState } from 'react';
import type { Param, Value } from '../../src-worker/contract/params.ts';
import { followed } from '../../src-worker/scene/follow.ts';
import { DEFAULT_CAMERA } from '../../src-worker/scene/projection.ts';
import type { Camera } from '../../src-worker/scene/scene.ts';
import { ConditionKey } from '../stage/ConditionKey.tsx';
import { SpaceStage } from '../stage/SpaceStage.tsx';
import { hasBehaviour } from '../state/behaviour.ts';
import { setSpace, showView } from '../state/explore.ts';
import { spaceViews } from '../state/kept-views.ts';
import { followOf } from '../state/selection.ts';
import { get, set, useStore } from '../state/store.ts';
import { Icon } from '../ui/icons.tsx';
import { CameraBar } from './CameraBar.tsx';
import { TrialMenu, type TrialMenuAt } from './TrialMenu.tsx';
import { useScene } from './use-scene.ts';
import { KeptViews, TrialFilter } from './SpaceMenus.tsx';
import { ToFigure } from './ViewPanel.tsx';
import { FailureInfo } from './FailureInfo.tsx';

const dimensionSets: readonly (readonly [string, readonly number[]])[] = [
  ['1, 2, 3', [1, 2, 3]],
  ['2, 3, 4', [2, 3, 4]],
  ['4, 5, 6', [4, 5, 6]],
];
const showTitles: Readonly<Record<string, string>> = { averages: 'Averages', trials: 'Trials', both: 'Both' };

export function SpacePanel() {
  const kept = useStore((state) => state.space);
  const selection = useStore((state) => state.selection);
  const views = useStore((state) => state.catalogue?.views);
  const [menu, setMenu] = useState<TrialMenuAt | undefined>();
  const { view, settings } = kept;
  const entry = views?.find(({ id }) => id === view);
  const trials = useStore((state) => state.trials);
  // Nothing is drawn by what the dataset has not.
  const lacking = useStore(hasBehaviour) ? undefined : 'behaviour';
  const { scene, failure, isWaiting } = useScene(view, settings, { trials });
  useEffect(() => {
    // Other panels learn of trials and conditions from the trajectories.
    if (scene && view === 'trajectories') set({ space: { ...get().space, scene } });
  }, [scene, view]);
  const { hidden, names, colours, spanMs, onlyTrial } = selection;
  const shown = useMemo(
    () => scene && followed(scene, followOf({ hidden, names, colours, spanMs, onlyTrial })),
    [scene, hidden, names, colours, spanMs, onlyTrial],
  );
  const camera = kept.camera ?? scene?.camera ?? DEFAULT_CAMERA;
  const setCamera = (next: Camera): void => set({ space: { ...get().space, camera: next } });
  return (
    <section className="panel" data-view={view} aria-label={entry?.title} aria-busy={isWaiting}>
      <div className="head">
        <h2 className="select plain">
          <select aria-label="View" value={view} onChange={(event) => showView(event.currentTarget.value)}>
            {spaceViews.map((id) => (
              <option key={id} value={id}>
                {views?.find((other) => other.id === id)?.title ?? id}
              </option>
            ))}
          </select>
          <Icon name="down" size={10} />
        </h2>
        <Shows param={entry?.params.show} value={settings.show} />
        <Choice name="colour" param={entry?.params.colour} value={settings.colour} label={scene?.conditions?.label} lacking={lacking} />
        <div className="right">
          <span className="wide-only">
            <Choice name="state" param={entry?.params.state} value={settings.state} />
            {settings.show === 'averages' && <Choice name="spread" param={entry?.params.spread} value={settings.spread} />}
            {entry?.params.dimensions ? (
              <Axes axes={entry.params.axes} settings={settings} />
            ) : (
              <Choice name="axes" param={entry?.params.axes} value={settings.axes} />
            )}
          </span>
          <TrialFilter />
          <KeptViews />
          <ToFigure view={view} settings={settings} camera={camera} />
        </div>
      </div>
      <div className="fill">
        {failure && (
          <div className="pad">
            <FailureInfo failure={failure} />
          </div>
        )}
        {!scene && !failure && <p className="t3 pad">On its way…</p>}
        {scene && shown && (
          <>
            <SpaceStage
              scene={shown}
              whole={scene}
              camera={camera}
              onCamera={setCamera}
              onMenu={(trial, x, y) => setMenu({ trial, x, y })}
            />
            <CameraBar camera={camera} onCamera={setCamera} />
            {shown.conditions && <ConditionKey of={shown.conditions} />}
            {menu && <TrialMenu at={menu} scene={scene} onClose={() => setMenu(undefined)} />}
          </>
        )}
      </div>
      <div className="cap">
        <span title={scene?.caption}>{scene?.caption}</span>
      </div>
    </section>
  );
}

/** Averages, trials or both, as buttons. */
function Shows({ param, value }: { readonly param: Param | undefined; readonly value: Value | undefined }) {
  if (param?.kind !== 'choice') return undefined;
  const current = value ?? param.default;
  return (
    <span className="seg">
      {Object.entries(showTitles)
        .filter(([choice]) => param.choices.includes(choice))
        .map(([choice, title]) => (
          <button
            type="button"
            key={choice}
            title={`${title} (${title[0]})`}
            aria-pressed={choice === current}
            className={choice === current ? 'on' : ''}
            onClick={() => setSpace('show', choice)}
          >
            {title}
          </button>
        ))}
    </span>
  );
}

interface ChoiceProps {
  readonly name: string;
  readonly param: Param | undefined;
  readonly value: Value | undefined;
  /** What 'condition' is called here. */
  readonly label?: string | undefined;
  /** A choice that the dataset has nothing for. */
  readonly lacking?: string | undefined;
}

function Choice({ name, param, value, label, lacking }: ChoiceProps) {
  if (param?.kind !== 'choice') return undefined;
  return (
    <span className="pick">
      <i>{param.label}</i>
      <span className="select plain">
        <select
          aria-label={param.label}
          value={String(value ?? param.default)}
          onChange={(event) => setSpace(name, event.currentTarget.value)}
        >
          {param.choices.map((choice) => (
            <option key={choice} value={choice} disabled={choice === lacking}>
              {choice === 'condition' && label ? label.replaceAll('_', ' ') : choice}
              {choice === lacking ? ': none in the dataset' : ''}
            </option>
          ))}
        </select>
        <Icon name="down" size={10} />
      </span>
    </span>
  );
}

/** Principal components or the state's own dimensions, three at a time. */
function Axes({ axes, settings }: { readonly axes: Param | undefined; readonly settings: Readonly<Record<string, Value>> }) {
  if (axes?.kind !== 'choice') return undefined;
  const kind = String(settings.axes ?? axes.default);
  const dimensions = String(settings.dimensions ?? '1,2,3');
  return (
    <span className="pick">
      <i>Axes</i>
      <span className="select plain">
        <select
          aria-label="Axes"
          value={`${kind} ${dimensions}`}
          onChange={(event) => {
            const [nextKind = kind, next = dimensions] = event.currentTarget.value.split(' ');
            setSpace('axes', nextKind);
            setSpace('dimensions', next.split(',').map(Number));
          }}
        >
          {axes.choices.flatMap((choice) =>
            dimensionSets.map(([text, set3]) => (
              <option key={`${choice} ${text}`} value={`${choice} ${set3.join(',')}`}>
                {choice === 'components' ? 'PC' : 'own'} {text}
              </option>
            )),
          )}
        </select>
        <Icon name="down" size={10} />
      </span>
    </span>
  );
}
