// One view on white paper at its size in millimetres, as it will be written: SVG, PDF or PNG, with its caption.

import { useEffect, useMemo, useRef, useState } from 'react';
import { draw } from '../../src-worker/scene/draw.ts';
import { followed } from '../../src-worker/scene/follow.ts';
import { DEFAULT_CAMERA } from '../../src-worker/scene/projection.ts';
import type { Camera, Scene } from '../../src-worker/scene/scene.ts';
import { paperStyle } from '../../src-worker/scene/style.ts';
import type { Params, Value } from '../../src-worker/contract/params.ts';
import { drawingSeen, type Vision } from '../../src-worker/scene/vision.ts';
import { SchemaForm } from '../forms/SchemaForm.tsx';
import { paint, paperFamily, prepare } from '../stage/paint.ts';
import { useSize } from '../stage/use-size.ts';
import { attempt, exportFigure, show } from '../state/actions.ts';
import { host } from '../state/connection.ts';
import { set, useStore } from '../state/store.ts';
import { px } from '../ui/letters.ts';
import { Info } from '../ui/Trouble.tsx';
import { PaperChecks } from './PaperChecks.tsx';
import { Nothing } from './Nothing.tsx';
import { useScene } from './use-scene.ts';

const POINTS_PER_MM = 72 / 25.4;
const pageWidths = [89, 120, 183] as const;
const others = ['svg', 'png', 'csv'] as const;
/** How large the page stands on the desk: half, as large as fits, or as it will be printed. */
const zooms = ['50 %', 'Fit', 'True size'] as const;
type Zoom = (typeof zooms)[number];
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

/** Of CSS: 96 pixels an inch. */
const PX_PER_POINT = 96 / 72;

/** A view's parameters that the screen of figures does not set by itself. */
const forPaper = (params: Params): Params =>
  Object.fromEntries(Object.entries(params).filter(([name]) => !['azimuth', 'elevation', 'roll', 'zoom'].includes(name)));

/** Height that suits a width: space is nearly square, curves are wide. */
const heightFor = (scene: Scene | undefined, widthMm: number): number => Math.round(widthMm * (scene?.z ? 0.9 : 0.62));

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
  const heightMm = ownHeight ?? heightFor(scene, widthMm);
  const [paperWidth, paperHeight] = [widthMm * POINTS_PER_MM, heightMm * POINTS_PER_MM];
  const camera = scene?.z ? (draft.camera ?? scene.camera ?? DEFAULT_CAMERA) : undefined;
  const drawing = useMemo(
    () => (scene ? draw(scene, paperWidth, paperHeight, paperStyle, camera) : undefined),
    [scene, paperWidth, paperHeight, camera],
  );
  const [zoom, setZoom] = useState<Zoom>('Fit');
  const [vision, setVision] = useState<Vision | undefined>();
  const shown = useMemo(() => (drawing && vision ? drawingSeen(drawing, vision) : drawing), [drawing, vision]);
  const params = catalogue?.views.find(({ id }) => id === draft.view)?.params;
  const setView = (name: string, value: Value | undefined): void => {
    const { [name]: _, ...others } = draft.settings;
    set({ draft: { ...draft, settings: value === undefined ? others : { ...others, [name]: value } } });
  };
  const save = (format: string) => exportFigure(format, widthMm, heightMm, dpi);
  const canSave = scene !== undefined && busy === undefined;
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
              onClick={() =>
                id !== draft.view && set({ draft: { view: id, settings: {}, ...(draft.follow ? { follow: draft.follow } : {}) } })
              }
            >
              <b>{title}</b>
              <span>{about}</span>
            </button>
          ))}
        </div>
      </section>
      <section className="panel desk" aria-label="Paper">
        {shown && scene && <Paper drawing={shown} text={scene.text} width={paperWidth} height={paperHeight} zoom={zoom} />}
        {!scene && !failure && <p className="t3">On its way…</p>}
        {failure && <Info text={`${failure.sentence} ${failure.hint}`} />}
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
          {camera && <CameraFields camera={camera} onCamera={(next) => set({ draft: { ...draft, camera: next } })} />}
          <div className="row">
            <span>PNG</span>
            <span className="v">
              <Field label="Resolution, dpi" value={dpi} low={30} high={2400} unit="dpi" onChange={setDpi} />
            </span>
          </div>
          {drawing && scene && <PaperChecks drawing={drawing} scene={scene} />}
          {scene && <Caption key={scene.caption} text={scene.caption} />}
          {params && (
            <section className="own" aria-label="What the view shows">
              <SchemaForm params={forPaper(params)} settings={draft.settings} onChange={setView} open={[]} />
            </section>
          )}
        </div>
        <div className="foot">
          <div className="acts">
            <button type="button" className="btn go" disabled={!canSave} onClick={() => save('pdf')}>
              Export PDF…
            </button>
            {others.map((format) => (
              <button type="button" key={format} className="btn" disabled={!canSave} onClick={() => save(format)}>
                {format.toUpperCase()}
              </button>
            ))}
          </div>
        </div>
      </section>
    </main>
  );
}

interface PaperProps {
  readonly drawing: ReturnType<typeof draw>;
  readonly text: string;
  readonly width: number;
  readonly height: number;
  readonly zoom: Zoom;
}

/** The page as large as the desk allows, with millimetres along its edges. */
function Paper({ drawing, text, width, height, zoom }: PaperProps) {
  const place = useRef<HTMLDivElement>(null);
  const canvas = useRef<HTMLCanvasElement>(null);
  const room = useSize(place);
  const fit = Math.max(0.2, Math.min((room.width - px(88)) / width, (room.height - px(88)) / height));
  const scale = zoom === 'Fit' ? fit : (zoom === '50 %' ? 0.5 : 1) * PX_PER_POINT;
  useEffect(() => {
    if (!canvas.current || room.width === 0) return;
    const context = prepare(canvas.current, width * scale, height * scale, drawing.background);
    context.scale(scale, scale);
    paint(context, drawing.primitives, { family: paperFamily });
  }, [drawing, scale, width, height, room.width]);
  const [wide, high] = [width * scale, height * scale];
  const mm = POINTS_PER_MM * scale;
  const edge = px(24);
  return (
    <div className="desk-room" ref={place}>
      <div className="sheet" style={{ width: wide, height: high }}>
        <canvas ref={canvas} className="paper" style={{ width: wide, height: high }} role="img" aria-label={text} />
        <svg className="ruler" width={wide + edge} height={edge} style={{ left: 0, top: -edge }} aria-hidden="true">
          {marksUpTo(width / POINTS_PER_MM).map((at) => (
            <g key={at}>
              <path d={`M${at * mm} ${edge}v${px(at % 10 === 0 ? -8 : -4)}`} />
              {at % 10 === 0 && (
                <text x={at * mm} y={edge / 2}>
                  {at}
                </text>
              )}
            </g>
          ))}
        </svg>
        <svg className="ruler" width={edge} height={high + edge} style={{ left: -edge, top: 0 }} aria-hidden="true">
          {marksUpTo(height / POINTS_PER_MM).map((at) => (
            <g key={at}>
              <path d={`M${edge} ${at * mm}h${px(at % 10 === 0 ? -8 : -4)}`} />
              {at % 10 === 0 && at > 0 && (
                <text x={edge / 4} y={at * mm + px(4)}>
                  {at}
                </text>
              )}
            </g>
          ))}
        </svg>
      </div>
    </div>
  );
}

/** Every 2 mm up to a length. */
const marksUpTo = (mm: number): readonly number[] => Array.from({ length: Math.floor(mm / 2 + 1e-9) + 1 }, (_, i) => 2 * i);

function CameraFields({ camera, onCamera }: { readonly camera: Camera; readonly onCamera: (camera: Camera) => void }) {
  const field = (name: 'azimuthDeg' | 'elevationDeg' | 'rollDeg', label: string, low: number, high: number) => (
    <Field
      label={label}
      value={Math.round(camera[name])}
      low={low}
      high={high}
      unit="°"
      onChange={(value) => onCamera({ ...camera, [name]: value })}
    />
  );
  return (
    <div className="row">
      <span>Camera</span>
      <span className="v">
        {field('azimuthDeg', 'Azimuth', -360, 360)}
        {field('elevationDeg', 'Elevation', -90, 90)}
        {field('rollDeg', 'Roll', -360, 360)}
      </span>
    </div>
  );
}

function Caption({ text }: { readonly text: string }) {
  const { project, run } = useStore();
  const [copied, setCopied] = useState<string | undefined>();
  const copy = (what: string, give: () => Promise<string>) =>
    attempt(async () => {
      await navigator.clipboard.writeText(await give());
      setCopied(what);
    });
  const methods = async (): Promise<string> => {
    if (!project || !run) return '';
    const { text: told, references } = await host.methods({ project: project.path, run: run.id }, 'methods');
    return [told, '', ...references.map((reference, place) => `[${place + 1}] ${reference}`)].join('\n');
  };
  return (
    <>
      <h3 className="with-link">
        Caption
        <span className="acts">
          <button type="button" className="link" onClick={() => copy('caption', async () => text)}>
            {copied === 'caption' ? 'Copied' : 'Copy'}
          </button>
          <button
            type="button"
            className="link"
            title="How the run was made, with every parameter and what to cite"
            onClick={() => copy('methods', methods)}
          >
            {copied === 'methods' ? 'Copied' : 'Copy methods text'}
          </button>
        </span>
      </h3>
      <p className="caption">{text}</p>
    </>
  );
}

interface ChoicesProps<Choice extends string> {
  readonly label: string;
  readonly of: readonly Choice[];
  readonly now: Choice;
  readonly onChoice: (choice: Choice) => void;
}

function Choices<Choice extends string>({ label, of: all, now, onChoice }: ChoicesProps<Choice>) {
  return (
    <fieldset className="seg" aria-label={label}>
      {all.map((choice) => (
        <button
          type="button"
          key={choice}
          className={choice === now ? 'on' : ''}
          aria-pressed={choice === now}
          onClick={() => onChoice(choice)}
        >
          {choice}
        </button>
      ))}
    </fieldset>
  );
}

interface FieldProps {
  readonly label: string;
  readonly value: number;
  readonly low: number;
  readonly high: number;
  readonly unit: string;
  readonly onChange: (value: number) => void;
}

/** A number that is taken when it is one and in range. */
function Field({ label, value, low, high, unit, onChange }: FieldProps) {
  const [typed, setTyped] = useState<string | undefined>();
  const number = Number(typed?.replace('−', '-'));
  const isWrong = typed !== undefined && (typed.trim() === '' || !Number.isFinite(number) || number < low || number > high);
  const take = (): void => {
    if (typed !== undefined && !isWrong) onChange(number);
    setTyped(undefined);
  };
  return (
    <span className={isWrong ? 'num wrong' : 'num'} title={`${label}: ${low} to ${high}`}>
      <input
        aria-label={label}
        aria-invalid={isWrong}
        value={typed ?? String(value).replace('-', '−')}
        onChange={(event) => setTyped(event.currentTarget.value)}
        onBlur={take}
        onKeyDown={(event) => event.key === 'Enter' && take()}
      />
      <i>{unit}</i>
    </span>
  );
}
