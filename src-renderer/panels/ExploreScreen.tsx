// The run's trajectories in space, and beside them the picked trial on one time axis.

import { useState } from 'react';
import type { Param, Value } from '../../src-worker/contract/params.ts';
import { DEFAULT_CAMERA, PLANES } from '../../src-worker/scene/projection.ts';
import type { Camera } from '../../src-worker/scene/scene.ts';
import { SpaceStage } from '../stage/SpaceStage.tsx';
import { show } from '../state/actions.ts';
import { set, useStore } from '../state/store.ts';
import { Icon } from '../ui/icons.tsx';
import { Info } from '../ui/Trouble.tsx';
import { Nothing } from './Nothing.tsx';
import { useScene } from './use-scene.ts';
import { ToFigure, ViewPanel } from './ViewPanel.tsx';

const spaceView = 'trajectories';
const beside = ['rates', 'inputs', 'tangling'] as const;
const cameraParams = new Set(['azimuth', 'elevation', 'roll', 'zoom']);

export function ExploreScreen() {
  const run = useStore((state) => state.run);
  const views = useStore((state) => state.catalogue?.views);
  if (!run) return <Nothing text="Fit a model to see its trajectories" action="To the fit" onAction={() => show('Fit')} />;
  return (
    <main className="explore">
      <SpacePanel />
      <div className="side bl">
        {beside
          .filter((view) => views?.some(({ id }) => id === view))
          .map((view) => (
            <ViewPanel key={view} view={view} />
          ))}
      </div>
    </main>
  );
}

function SpacePanel() {
  const entry = useStore((state) => state.catalogue?.views.find(({ id }) => id === spaceView));
  const kept = useStore((state) => state.space);
  const settings = kept.settings;
  const { scene, failure, isWaiting } = useScene(spaceView, settings);
  const camera = kept.camera ?? scene?.camera ?? DEFAULT_CAMERA;
  const setCamera = (next: Camera): void => set({ space: { ...kept, camera: next } });
  const change = (name: string, value: Value): void => set({ space: { ...kept, settings: { ...settings, [name]: value } } });
  const choices = Object.entries(entry?.params ?? {}).filter(
    ([name, param]) => param.kind === 'choice' && param.tier === 'common' && !cameraParams.has(name),
  );
  return (
    <section className="panel" data-view={spaceView} aria-busy={isWaiting}>
      <div className="head">
        <h2>{scene?.title ?? entry?.title}</h2>
        {choices.map(([name, param]) => (
          <Choice key={name} param={param} value={settings[name]} onChange={(value) => change(name, value)} />
        ))}
        <div className="right">
          <ToFigure view={spaceView} settings={settings} camera={camera} />
        </div>
      </div>
      <div className="fill">
        {failure && (
          <div className="pad">
            <Info text={`${failure.sentence} ${failure.hint}`} />
          </div>
        )}
        {scene && <CameraBar camera={camera} home={scene.camera ?? DEFAULT_CAMERA} onCamera={setCamera} />}
        {scene && <SpaceStage scene={scene} camera={camera} onCamera={setCamera} />}
      </div>
      <div className="cap">
        <span title={scene?.caption}>{scene?.caption}</span>
      </div>
    </section>
  );
}

function Choice({
  param,
  value,
  onChange,
}: {
  readonly param: Param;
  readonly value: Value | undefined;
  readonly onChange: (value: Value) => void;
}) {
  if (param.kind !== 'choice') return undefined;
  const current = value ?? param.default;
  return (
    <span className="pick">
      <i>{param.label}</i>
      <span className="select plain">
        <select aria-label={param.label} value={String(current)} onChange={(event) => onChange(event.currentTarget.value)}>
          {param.choices.map((choice) => (
            <option key={choice} value={choice}>
              {choice}
            </option>
          ))}
        </select>
        <Icon name="down" size={10} />
      </span>
    </span>
  );
}

function CameraBar({
  camera,
  home,
  onCamera,
}: {
  readonly camera: Camera;
  readonly home: Camera;
  readonly onCamera: (camera: Camera) => void;
}) {
  const [typed, setTyped] = useState<Partial<Record<AngleName, string>>>({});
  const angle = (name: AngleName, label: string) => (
    <label className="angle">
      {label}
      <input
        value={typed[name] ?? `${Math.round(camera[name])}°`.replace('-', '−')}
        onChange={(event) => setTyped({ ...typed, [name]: event.currentTarget.value })}
        onBlur={(event) => {
          const degrees = Number.parseFloat(event.currentTarget.value.replace('−', '-'));
          if (Number.isFinite(degrees)) onCamera({ ...camera, [name]: degrees });
          setTyped({});
        }}
        onKeyDown={(event) => event.key === 'Enter' && event.currentTarget.blur()}
      />
    </label>
  );
  return (
    <div className="cam">
      {angle('azimuthDeg', 'az')}
      {angle('elevationDeg', 'el')}
      {angle('rollDeg', 'roll')}
      <span className="seg">
        {(Object.keys(PLANES) as (keyof typeof PLANES)[]).map((plane) => (
          <button type="button" key={plane} onClick={() => onCamera({ ...PLANES[plane], zoom: 1 })}>
            {plane.replace('-', '–')}
          </button>
        ))}
        <button type="button" onClick={() => onCamera(home)}>
          Free
        </button>
      </span>
    </div>
  );
}

type AngleName = 'azimuthDeg' | 'elevationDeg' | 'rollDeg';
