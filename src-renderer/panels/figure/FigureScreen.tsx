// One view on white paper at its size in millimetres, as it will be written: SVG, PDF or PNG, with its caption.

import { useMemo, useState } from 'react';
import { captionOf, heightFor } from '../../../src-worker/scene/caption.ts';
import { draw } from '../../../src-worker/scene/draw.ts';
import { followed } from '../../../src-worker/scene/follow.ts';
import { DEFAULT_CAMERA } from '../../../src-worker/scene/projection.ts';
import { type PaperLook, paperStyleWith } from '../../../src-worker/scene/style.ts';
import type { Params, Value } from '../../../src-worker/contract/params.ts';
import { drawingSeen, type Vision } from '../../../src-worker/scene/vision.ts';
import { SchemaForm } from '../../forms/SchemaForm.tsx';
import { show } from '../../state/actions.ts';
import { exportFigure } from '../../state/writing.ts';
import { type FigureDraft, set, useStore } from '../../state/store.ts';
import { Nothing } from '../Nothing.tsx';
import { useScene } from '../use-scene.ts';
import { CameraRows } from './CameraRows.tsx';
import { Caption } from './Caption.tsx';
import { Choices, Field } from './fields.tsx';
import { InkRows } from './InkRows.tsx';
import { MovieRow } from './MovieRow.tsx';
import { Paper, POINTS_PER_MM, type Zoom, zooms } from './Paper.tsx';
import { PaperChecks } from './PaperChecks.tsx';
import { SavedViews } from './SavedViews.tsx';
import { FailureInfo } from '../FailureInfo.tsx';

const pageWidths = [89, 120, 183] as const;
const others = ['svg', 'png', 'csv'] as const;
const eyes: readonly (readonly [Vision | undefined, string])[] = [
  [undefined, 'All colours'],
  ['grey', 'In grey'],
  ['protan', 'Protan'],
  ['deutan', 'Deutan'],
  ['tritan', 'Tritan'],
];

export function FigureScreen() {
  const run = useStore((state) => state.run);
  if (!run) return <Nothing text="Fit a model to have something for a figure" action="To the fit" onAction={() => show('Fit')} />;
  return <Composer />;
}

/** A view's parameters that the screen of figures does not set by itself. */
const forPaper = (params: Params): Params =>
  Object.fromEntries(Object.entries(params).filter(([name]) => !['azimuth', 'elevation', 'roll', 'zoom'].includes(name)));

function Composer() {
  const { draft, catalogue, busy } = useStore();
  const { scene: asked, failure } = useScene(draft.view, draft.settings, {
    analysis: draft.analysis,
    held: draft.held,
    trials: draft.trials,
  });
  const scene = useMemo(() => asked && (draft.follow ? followed(asked, draft.follow) : asked), [asked, draft.follow]);
  const [widthMm, setWidth] = useState<number>(pageWidths[0]);
  const [ownHeight, setHeight] = useState<number | undefined>();
  const [dpi, setDpi] = useState(300);
  const heightMm = ownHeight ?? heightFor(scene ?? {}, widthMm, draft.look);
  const [paperWidth, paperHeight] = [widthMm * POINTS_PER_MM, heightMm * POINTS_PER_MM];
  const camera = scene?.z ? (draft.camera ?? scene.camera ?? DEFAULT_CAMERA) : undefined;
  const drawing = useMemo(
    () => (scene ? draw(scene, paperWidth, paperHeight, paperStyleWith(draft.look), camera) : undefined),
    [scene, paperWidth, paperHeight, draft.look, camera],
  );
  const [zoom, setZoom] = useState<Zoom>('Fit');
  const [vision, setVision] = useState<Vision | undefined>();
  const shown = useMemo(() => (drawing && vision ? drawingSeen(drawing, vision) : drawing), [drawing, vision]);
  const params = catalogue?.views.find(({ id }) => id === draft.view)?.params;
  const setView = (name: string, value: Value | undefined): void => {
    const { [name]: _, ...rest } = draft.settings;
    set({ draft: { ...draft, settings: value === undefined ? rest : { ...rest, [name]: value } } });
  };
  const setLook = (look: PaperLook | undefined): void => {
    const { look: _, ...rest } = draft;
    set({ draft: { ...rest, ...(look ? { look } : {}) } });
  };
  const page = { widthMm, heightMm, dpi };
  const canSave = scene !== undefined && busy === undefined;
  const caption = scene && captionOf(scene, camera, draft.look);
  return (
    <main className="figure">
      <section className="panel br views" aria-label="Views">
        <div className="head">
          <h2>Figure</h2>
          <span className="sub">
            {widthMm} × {heightMm} mm
          </span>
        </div>
        <div className="scroll">
          {catalogue?.views.map(({ id, title, about }) => (
            <button
              type="button"
              key={id}
              className={id === draft.view ? 'entry on' : 'entry'}
              aria-pressed={id === draft.view}
              onClick={() => id !== draft.view && set({ draft: another(draft, id) })}
            >
              <b>{title}</b>
              <span>{about}</span>
            </button>
          ))}
        </div>
        <SavedViews draft={draft} camera={camera} />
      </section>
      <section className="panel desk" aria-label="Paper">
        {shown && scene && <Paper drawing={shown} text={scene.text} width={paperWidth} height={paperHeight} zoom={zoom} />}
        {!scene && !failure && <p className="t3">On its way…</p>}
        {failure && <FailureInfo failure={failure} />}
        <div className="desk-bar">
          <Choices
            label="Colours as seen"
            of={eyes.map(([, title]) => title)}
            now={eyes.find(([id]) => id === vision)![1]}
            onChoice={(title) => setVision(eyes.find(([, known]) => known === title)![0])}
          />
          <Choices label="Zoom" of={zooms} now={zoom} onChoice={setZoom} />
        </div>
      </section>
      <section className="panel bl settings" aria-label="Settings of the figure">
        <div className="head">
          <h2>{scene?.title ?? 'Panel'}</h2>
          <span className="sub">{scene?.subtitle}</span>
        </div>
        <div className="scroll form">
          <div className="row">
            <span>Page width</span>
            <span className="seg">
              {pageWidths.map((mm) => (
                <button
                  type="button"
                  key={mm}
                  className={mm === widthMm ? 'on' : ''}
                  aria-pressed={mm === widthMm}
                  onClick={() => setWidth(mm)}
                >
                  {mm === pageWidths.at(-1) ? `${mm} mm` : mm}
                </button>
              ))}
            </span>
          </div>
          <div className="row">
            <span>Panel</span>
            <span className="v">
              <Field label="Width, mm" value={widthMm} low={20} high={400} unit="mm" onChange={setWidth} />×
              <Field label="Height, mm" value={heightMm} low={20} high={400} unit="mm" onChange={setHeight} />
            </span>
          </div>
          {camera && <CameraRows camera={camera} onCamera={(next) => set({ draft: { ...draft, camera: next } })} />}
          <InkRows look={draft.look} isSpace={camera !== undefined} onLook={setLook} />
          <div className="row">
            <span>PNG</span>
            <span className="v">
              <Field label="Resolution, dpi" value={dpi} low={30} high={2400} unit="dpi" onChange={setDpi} />
            </span>
          </div>
          {camera && (
            <MovieRow
              canSave={canSave}
              isWriting={busy?.doing.endsWith('.mp4') === true}
              onSave={(movie) => exportFigure('mp4', { ...page, movie })}
            />
          )}
          {drawing && scene && <PaperChecks drawing={drawing} scene={scene} />}
          {caption !== undefined && <Caption key={caption} text={caption} />}
          {params && (
            <section className="own" aria-label="What the view shows">
              <SchemaForm params={forPaper(params)} settings={draft.settings} onChange={setView} open={[]} />
            </section>
          )}
        </div>
        <div className="foot">
          <div className="acts">
            <button type="button" className="btn go" disabled={!canSave} onClick={() => exportFigure('pdf', page)}>
              Export PDF…
            </button>
            {others.map((format) => (
              <button type="button" key={format} className="btn" disabled={!canSave} onClick={() => exportFigure(format, page)}>
                {format.toUpperCase()}
              </button>
            ))}
          </div>
        </div>
      </section>
    </main>
  );
}

/** Another view on the same page: of the same trials, with the same sizes, following the same selection. */
const another = ({ follow, look, trials }: FigureDraft, view: string): FigureDraft => ({
  view,
  settings: {},
  ...(trials === undefined ? {} : { trials }),
  ...(follow ? { follow } : {}),
  ...(look ? { look } : {}),
});
