// One view on white paper at its size in millimetres, as it will be written: SVG, PDF or PNG.

import { useEffect, useMemo, useRef, useState } from 'react';
import { draw } from '../../src-worker/scene/draw.ts';
import { paperStyle } from '../../src-worker/scene/style.ts';
import { paint, paperFamily, prepare } from '../stage/paint.ts';
import { useSize } from '../stage/use-size.ts';
import { exportFigure, show } from '../state/actions.ts';
import { set, useStore } from '../state/store.ts';
import { Icon } from '../ui/icons.tsx';
import { Info } from '../ui/Trouble.tsx';
import { Nothing } from './Nothing.tsx';
import { useScene } from './use-scene.ts';

const POINTS_PER_MM = 72 / 25.4;
const formats = ['pdf', 'svg', 'png'] as const;

export function FigureScreen() {
  const run = useStore((state) => state.run);
  if (!run) return <Nothing text="Fit a model to have something for a figure" action="To the fit" onAction={() => show('Fit')} />;
  return <Composer />;
}

function Composer() {
  const { draft, catalogue, busy } = useStore();
  const { scene, failure } = useScene(draft.view, draft.settings);
  const [widthMm, setWidth] = useState(89);
  const [heightMm, setHeight] = useState(70);
  const [dpi, setDpi] = useState(300);
  const [format, setFormat] = useState<(typeof formats)[number]>('pdf');
  const place = useRef<HTMLDivElement>(null);
  const canvas = useRef<HTMLCanvasElement>(null);
  const { width, height } = useSize(place);
  const [paperWidth, paperHeight] = [widthMm * POINTS_PER_MM, heightMm * POINTS_PER_MM];
  const scale = Math.max(0.2, Math.min((width - 64) / paperWidth, (height - 64) / paperHeight));
  const drawing = useMemo(
    () => (scene ? draw(scene, paperWidth, paperHeight, paperStyle, draft.camera) : undefined),
    [scene, paperWidth, paperHeight, draft.camera],
  );
  useEffect(() => {
    if (!drawing || !canvas.current) return;
    const context = prepare(canvas.current, paperWidth * scale, paperHeight * scale, drawing.background);
    context.scale(scale, scale);
    paint(context, drawing.primitives, { family: paperFamily });
  }, [drawing, scale, paperWidth, paperHeight]);
  return (
    <main className="figure">
      <section className="panel desk" ref={place} data-theme="light">
        {scene && (
          <canvas
            ref={canvas}
            className="paper"
            style={{ width: paperWidth * scale, height: paperHeight * scale }}
            role="img"
            aria-label={scene.text}
          />
        )}
        {failure && <Info text={`${failure.sentence} ${failure.hint}`} />}
      </section>
      <section className="panel bl rail">
        <div className="head">
          <h2>Figure</h2>
        </div>
        <div className="scroll form">
          <div className="row">
            <label htmlFor="view">View</label>
            <span className="select">
              <select id="view" value={draft.view} onChange={(event) => set({ draft: { view: event.currentTarget.value, settings: {} } })}>
                {catalogue?.views.map(({ id, title }) => (
                  <option key={id} value={id}>
                    {title}
                  </option>
                ))}
              </select>
              <Icon name="down" size={10} />
            </span>
          </div>
          <Millimetres id="width" label="Width" value={widthMm} onChange={setWidth} />
          <Millimetres id="height" label="Height" value={heightMm} onChange={setHeight} />
          <div className="row">
            <span>Format</span>
            <span className="seg">
              {formats.map((name) => (
                <button
                  type="button"
                  key={name}
                  className={name === format ? 'on' : ''}
                  aria-pressed={name === format}
                  onClick={() => setFormat(name)}
                >
                  {name.toUpperCase()}
                </button>
              ))}
            </span>
          </div>
          {format === 'png' && (
            <div className="row">
              <label htmlFor="dpi">Resolution</label>
              <span className="num">
                <input
                  id="dpi"
                  type="number"
                  min={30}
                  max={2400}
                  value={dpi}
                  onChange={(event) => event.currentTarget.validity.valid && setDpi(event.currentTarget.valueAsNumber)}
                />
                <i>dpi</i>
              </span>
            </div>
          )}
          {scene && <p className="caption">{scene.caption}</p>}
        </div>
        <div className="foot">
          <div className="acts">
            <button
              type="button"
              className="btn go"
              disabled={!scene || busy !== undefined}
              onClick={() => exportFigure(format, widthMm, heightMm, dpi)}
            >
              Save {format.toUpperCase()}…
            </button>
          </div>
        </div>
      </section>
    </main>
  );
}

interface MillimetresProps {
  readonly id: string;
  readonly label: string;
  readonly value: number;
  readonly onChange: (value: number) => void;
}

function Millimetres({ id, label, value, onChange }: MillimetresProps) {
  return (
    <div className="row">
      <label htmlFor={id}>{label}</label>
      <span className="num">
        <input
          id={id}
          type="number"
          min={20}
          max={400}
          value={value}
          onChange={(event) =>
            event.currentTarget.validity.valid && event.currentTarget.value !== '' && onChange(event.currentTarget.valueAsNumber)
          }
        />
        <i>mm</i>
      </span>
    </div>
  );
}
