// One view on white paper at its size in millimetres, as it will be written: SVG, PDF or PNG, with its caption.

import { useEffect, useMemo, useRef, useState } from 'react';
import { draw } from '../../src-worker/scene/draw.ts';
import { followed } from '../../src-worker/scene/follow.ts';
import { DEFAULT_CAMERA } from '../../src-worker/scene/projection.ts';
import type { Camera, Scene } from '../../src-worker/scene/scene.ts';
import { paperStyle } from '../../src-worker/scene/style.ts';
import { paint, paperFamily, prepare } from '../stage/paint.ts';
import { useSize } from '../stage/use-size.ts';
import { exportFigure, show } from '../state/actions.ts';
import { set, useStore } from '../state/store.ts';
import { px } from '../ui/letters.ts';
import { Info } from '../ui/Trouble.tsx';
import { PaperChecks } from './PaperChecks.tsx';
import { Nothing } from './Nothing.tsx';
import { useScene } from './use-scene.ts';

const POINTS_PER_MM = 72 / 25.4;
const pageWidths = [89, 120, 183] as const;
const others = ['svg', 'png'] as const;

export function FigureScreen() {
  const run = useStore((state) => state.run);
  if (!run) return <Nothing text="Fit a model to have something for a figure" action="To the fit" onAction={() => show('Fit')} />;
  return <Composer />;
}

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
      <section className="panel desk" aria-label="Paper" data-theme="light">
        {drawing && scene && <Paper drawing={drawing} text={scene.text} width={paperWidth} height={paperHeight} />}
        {!scene && !failure && <p className="t3">On its way…</p>}
        {failure && <Info text={`${failure.sentence} ${failure.hint}`} />}
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
          {drawing && <PaperChecks drawing={drawing} />}
          {scene && <Caption key={scene.caption} text={scene.caption} />}
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
}

/** The page as large as the desk allows, with millimetres along its edges. */
function Paper({ drawing, text, width, height }: PaperProps) {
  const place = useRef<HTMLDivElement>(null);
  const canvas = useRef<HTMLCanvasElement>(null);
  const room = useSize(place);
  const scale = Math.max(0.2, Math.min((room.width - px(88)) / width, (room.height - px(88)) / height));
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
  const [isCopied, setCopied] = useState(false);
  return (
    <>
      <h3 className="with-link">
        Caption
        <button type="button" className="link" onClick={() => navigator.clipboard.writeText(text).then(() => setCopied(true))}>
          {isCopied ? 'Copied' : 'Copy'}
        </button>
      </h3>
      <p className="caption">{text}</p>
    </>
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
