// The large panel: trajectories with the points among them, what of it is drawn, the camera, and time.

import { useMemo, useState } from 'react';
import type { Failure } from '../../../src-worker/contract/failure.ts';
import { followed } from '../../../src-worker/scene/follow.ts';
import { DEFAULT_CAMERA } from '../../../src-worker/scene/projection.ts';
import type { Camera, Datum, Scene } from '../../../src-worker/scene/scene.ts';
import { ConditionKey } from '../../stage/ConditionKey.tsx';
import { SpaceStage } from '../../stage/SpaceStage.tsx';
import { TimeBar } from '../../stage/TimeBar.tsx';
import { pickPoint, searchHere, setLook, stopSearch } from '../../state/dynamics.ts';
import { portraitSettings, searchSettings, useDynamics } from '../../state/dynamics-state.ts';
import { showView } from '../../state/explore.ts';
import { spaceViews } from '../../state/kept-views.ts';
import { followOf } from '../../state/selection.ts';
import { get, set, useStore } from '../../state/store.ts';
import { Choice } from '../../ui/Choice.tsx';
import { Icon } from '../../ui/icons.tsx';
import { KeptViews } from '../SpaceMenus.tsx';
import { CameraBar } from '../CameraBar.tsx';
import { TrialMenu, type TrialMenuAt } from '../TrialMenu.tsx';
import { ToFigure } from '../ViewPanel.tsx';
import { modeText, placeOf, stabilityText } from './words.ts';
import { FailureInfo } from '../FailureInfo.tsx';

const VIEW = 'phase-portrait';
const dimensionSets: readonly (readonly number[])[] = [
  [1, 2, 3],
  [2, 3, 4],
  [4, 5, 6],
];
const stateTitles: Readonly<Record<string, string>> = { 'log-rates': 'log rates', rates: 'rates', factors: 'factors', generator: 'states' };

export function PortraitPanel() {
  const state = useDynamics();
  const { report, lines, portrait, look, search, failure } = state;
  const selection = useStore((store) => store.selection);
  const kept = useStore((store) => store.space.camera);
  const views = useStore((store) => store.catalogue?.views);
  const hasTrials = useStore((store) => !store.catalogue?.models.find(({ id }) => id === store.run?.model)?.reads);
  const [menu, setMenu] = useState<TrialMenuAt | undefined>();
  const whole = useMemo(() => lines && portrait && merged(lines, portrait), [lines, portrait]);
  const { hidden, names, colours, spanMs, onlyTrial } = selection;
  const shown = useMemo(
    () => whole && followed(whole, followOf({ hidden, names, colours, spanMs, onlyTrial })),
    [whole, hidden, names, colours, spanMs, onlyTrial],
  );
  const camera = kept ?? whole?.camera ?? DEFAULT_CAMERA;
  const setCamera = (next: Camera): void => set({ space: { ...get().space, camera: next } });
  const tip = ({ point }: Datum): readonly string[] => {
    const place = report && point !== undefined ? placeOf(report, point) : -1;
    const found = report?.points[place];
    if (!report || !found) return [];
    const slowest = report.modes[place]?.[0];
    return [`Point ${point! + 1}, ${found.kind}`, stabilityText(found), ...(slowest ? [modeText(slowest)] : [])];
  };
  const spaces = views?.filter(({ id }) => spaceViews.some((known) => known === id)) ?? [];
  return (
    <section className="panel" data-view={VIEW} aria-label="Phase portrait" aria-busy={search !== undefined}>
      <div className="head">
        {hasTrials ? (
          <h2 className="select plain">
            <select aria-label="View" value={VIEW} onChange={(event) => showView(event.currentTarget.value)}>
              {spaces.map(({ id, title }) => (
                <option key={id} value={id}>
                  {title}
                </option>
              ))}
            </select>
            <Icon name="down" size={10} />
          </h2>
        ) : (
          <h2>Phase portrait</h2>
        )}
        <span className="seg">
          <Layer title="Trials" isOn={look.show !== 'averages'} onClick={(isOn) => setLook('show', isOn ? undefined : 'averages')} />
          <Layer title="Modes" isOn={look.modes !== false} onClick={(isOn) => setLook('modes', isOn ? undefined : false)} />
          <Layer title="Flow" isOn={look.flow === true} onClick={(isOn) => setLook('flow', isOn ? true : undefined)} />
          {report?.truth && (
            <Layer title="Truth" isOn={look.truth !== false} onClick={(isOn) => setLook('truth', isOn ? undefined : false)} />
          )}
        </span>
        <Choice
          label="Colour"
          value={String(look.colour ?? 'condition')}
          choices={[
            ['condition', (lines?.conditions?.label ?? 'condition').replaceAll('_', ' ')],
            ['speed', 'speed of slow points'],
          ]}
          onChange={(value) => setLook('colour', value === 'condition' ? undefined : value)}
        />
        <div className="right">
          <span className="wide-only">
            {report && (
              <Choice
                label="State"
                value={String(look.state ?? report.states[0])}
                choices={report.states.map((id) => [id, stateTitles[id] ?? id] as const)}
                onChange={(value) => setLook('state', value)}
              />
            )}
            <Choice
              label="Axes"
              value={String(look.dimensions ?? [1, 2, 3])}
              choices={dimensionSets.map((set3) => [String(set3), `PC ${set3.join(', ')}`] as const)}
              onChange={(value) => setLook('dimensions', value.split(',').map(Number))}
            />
          </span>
          <KeptViews />
          <ToFigure
            view={VIEW}
            settings={portraitSettings(state, selection.point)}
            camera={camera}
            analysis={searchSettings(state)}
            {...(state.held ? { held: state.held } : {})}
          />
        </div>
      </div>
      {search && <progress className="going" max={1} value={search.done} aria-label="Search for fixed points" />}
      <div className="fill">
        {whole && shown ? (
          <>
            <SpaceStage
              scene={shown}
              whole={whole}
              camera={camera}
              onCamera={setCamera}
              onMenu={(trial, x, y) => setMenu({ trial, x, y })}
              onPick={({ point }) => pickPoint(point)}
              tipOf={tip}
              showsTime
            />
            <CameraBar camera={camera} onCamera={setCamera} />
            {shown.conditions && <ConditionKey of={shown.conditions} />}
            {menu && <TrialMenu at={menu} scene={whole} onClose={() => setMenu(undefined)} />}
          </>
        ) : failure ? (
          <Failed failure={failure} />
        ) : (
          <p className="t3 pad">
            {search ? `${search.doing || 'Searching'} for fixed points, ${Math.round(100 * search.done)} %` : 'On its way…'}
          </p>
        )}
      </div>
      {whole && failure && failure.code !== 'cancelled' && (
        <div className="pad">
          <FailureInfo failure={failure} />
        </div>
      )}
      {lines?.conditions && <TimeBar event={eventOf(lines)} />}
      <div className="cap">
        <span title={portrait?.caption}>{portrait?.caption}</span>
        {search && (
          <button type="button" className="link" onClick={() => stopSearch()}>
            Stop
          </button>
        )}
      </div>
    </section>
  );
}

/** Trajectories beneath, points above; the camera keeps to the trajectories, so that nothing jumps while points move. */
const merged = (lines: Scene, points: Scene): Scene => ({
  ...points,
  ...(lines.fitted ? { fitted: lines.fitted } : {}),
  ...(lines.conditions ? { conditions: lines.conditions } : {}),
  marks: [...lines.marks, ...points.marks],
});

function Failed({ failure }: { readonly failure: Pick<Failure, 'code' | 'sentence' | 'hint'> }) {
  if (failure.code === 'cancelled')
    return (
      <p className="t2 pad">
        The search was stopped.{' '}
        <button type="button" className="link" onClick={searchHere}>
          Search again
        </button>
      </p>
    );
  return (
    <div className="pad">
      <FailureInfo failure={failure} />
    </div>
  );
}

function Layer({ title, isOn, onClick }: { readonly title: string; readonly isOn: boolean; readonly onClick: (isOn: boolean) => void }) {
  return (
    <button type="button" aria-pressed={isOn} className={isOn ? 'on' : ''} onClick={() => onClick(!isOn)}>
      {title}
    </button>
  );
}

/** What happens at time zero, by the sign that marks it. */
function eventOf({ marks }: Scene): string | undefined {
  const zero = marks.find((mark) => mark.kind === 'points' && mark.sign === 'square');
  return zero?.kind === 'points' ? zero.legend?.toLowerCase() : undefined;
}
