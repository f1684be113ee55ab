// Draws any flat Scene in the panel it stands in, with the time cursor that all panels share.

import { type PointerEvent, useEffect, useMemo, useRef, useState } from 'react';
import { draw } from '../../src-worker/scene/draw.ts';
import { paletteOf } from '../../src-worker/scene/palettes.ts';
import type { Area, Datum, Scene } from '../../src-worker/scene/scene.ts';
import { type Style, screenStyle } from '../../src-worker/scene/style.ts';
import { setSpan } from '../state/explore.ts';
import { isBeside, isSamePair, pairsOf } from '../state/pairs.ts';
import { pickPair, select } from '../state/selection.ts';
import { useStore } from '../state/store.ts';
import { cellLines } from './cells.ts';
import { DenseStage } from './DenseStage.tsx';
import { measure, paint, prepare } from './paint.ts';
import { pickBranch, pickPoint, pickTrial, pickUnit } from './picking.ts';
import { DENSE, ticksIn } from './ticks.ts';
import { letterScale } from '../ui/letters.ts';
import { useSize } from './use-size.ts';

interface Props {
  readonly scene: Scene;
  /** Its x axis is the time about the event, so the cursor is drawn and moved here; with Shift a drag makes the time span. */
  readonly followsTime?: boolean;
  /** What differs from the style of screens; the same object from one drawing to the next. */
  readonly style?: Partial<Style> | undefined;
  /** Lines about what is under the pointer; none hides the tip. */
  readonly tip?: (datum: Datum) => readonly string[];
  /** Hears which fixed point was clicked. */
  readonly onPick?: (datum: Datum) => void;
  /** Hears which branch of a fixed point was clicked, and where along x. */
  readonly onBranch?: (datum: Datum, x: number) => void;
}

const isPicked = ({ datum: { pair } }: Area, picked: ReturnType<typeof pairsOf>): boolean =>
  pair !== undefined && picked.some((one) => isSamePair(one, pair));

/** Any flat Scene; very many ticks have a stage of their own. */
export function PlaneStage(props: Props) {
  const dense = useMemo(() => ticksIn(props.scene) >= DENSE, [props.scene]);
  return dense ? <DenseStage scene={props.scene} style={props.style} /> : <Painted {...props} />;
}

function Painted({ scene, followsTime = false, style, tip, onPick, onBranch }: Props) {
  const place = useRef<HTMLDivElement>(null);
  const data = useRef<HTMLCanvasElement>(null);
  const start = useRef<number | undefined>(undefined);
  const over = useRef<HTMLCanvasElement>(null);
  const [hover, setHover] = useState<{ readonly x: number; readonly y: number; readonly said: readonly string[] } | undefined>();
  const { width, height } = useSize(place);
  const theme = useStore((state) => state.theme);
  const hasCells = useMemo(() => scene.marks.some((mark) => mark.kind === 'image' && mark.cells), [scene]);
  const timeMs = useStore((state) => (followsTime ? state.selection.timeMs : undefined));
  const { pair, pairs } = useStore((state) => state.selection);
  const drawing = useMemo(
    () => (width > 40 && height > 30 ? draw(scene, width, height, { ...screenStyle(theme, measure, letterScale), ...style }) : undefined),
    [scene, width, height, theme, style],
  );

  useEffect(() => {
    if (drawing && data.current) paint(prepare(data.current, width, height, drawing.background), drawing.primitives);
  }, [drawing, width, height]);

  useEffect(() => {
    if (!drawing || !over.current) return;
    const context = prepare(over.current, width, height);
    const picked = pairsOf({ pair, pairs });
    for (const area of scene.areas ?? []) {
      if (!isPicked(area, picked) || !drawing.x || !drawing.y) continue;
      const [x0, x1, y0, y1] = [drawing.x.to(area.x0), drawing.x.to(area.x1), drawing.y.to(area.y0), drawing.y.to(area.y1)];
      context.strokeStyle = paletteOf(theme).accent;
      context.lineWidth = 2;
      context.strokeRect(Math.min(x0, x1), Math.min(y0, y1), Math.abs(x1 - x0), Math.abs(y1 - y0));
    }
    const x = timeMs === undefined ? undefined : drawing.x?.to(timeMs);
    if (x === undefined || x < drawing.plot.x || x > drawing.plot.x + drawing.plot.width) return;
    context.fillStyle = paletteOf(theme).accent;
    context.fillRect(x - 0.75, drawing.plot.y, 1.5, drawing.plot.height);
  }, [drawing, width, height, timeMs, theme, scene, pair, pairs]);

  const areaAt = (x: number, y: number): Area | undefined => {
    if (!drawing?.x || !drawing.y) return undefined;
    const [atX, atY] = [drawing.x.from(x), drawing.y.from(y)];
    const within = (at: number, a: number, b: number): boolean => at >= Math.min(a, b) && at <= Math.max(a, b);
    return scene.areas?.find(({ x0, x1, y0, y1 }) => within(atX, x0, x1) && within(atY, y0, y1));
  };

  const moveCursor = (event: PointerEvent<HTMLDivElement>): void => {
    if (!followsTime || !drawing?.x || event.buttons !== 1) return;
    const { left } = event.currentTarget.getBoundingClientRect();
    const [low, high] = drawing.x.domain;
    const at = Math.min(high, Math.max(low, drawing.x.from(event.clientX - left)));
    if (event.shiftKey) {
      start.current ??= at;
      setSpan(start.current, at, `drag ${start.current}`);
    } else select({ timeMs: at });
  };

  const click = (event: PointerEvent<HTMLDivElement>): void => {
    start.current = undefined;
    moveCursor(event);
    const { left, top } = event.currentTarget.getBoundingClientRect();
    const [x, y] = [event.clientX - left, event.clientY - top];
    const picked = drawing && pickTrial(drawing, x, y);
    const unit = drawing && pickUnit(drawing, x, y)?.datum.unit;
    const point = onPick && drawing && pickPoint(drawing, x, y);
    const branch = onBranch && drawing && pickBranch(drawing, x, y);
    const area = areaAt(x, y);
    if (area?.datum.pair) pickPair(area.datum.pair, isBeside(event));
    else if (point) onPick(point.datum);
    else if (branch && drawing.x) onBranch(branch.datum, drawing.x.from(branch.x));
    else if (picked?.datum.trial !== undefined) select({ trial: picked.datum.trial });
    else if (unit !== undefined) select({ unit });
  };

  const move = (event: PointerEvent<HTMLDivElement>): void => {
    moveCursor(event);
    if (!drawing || !(tip || hasCells)) return;
    const { left, top } = event.currentTarget.getBoundingClientRect();
    const [x, y] = [event.clientX - left, event.clientY - top];
    const unit = tip && pickUnit(drawing, x, y);
    const at = unit ?? { x, y };
    const said = unit && tip ? tip(unit.datum) : cellLines(scene, drawing, x, y);
    setHover(said.length > 0 ? { x: at.x, y: at.y, said } : undefined);
  };

  return (
    <div
      className={scene.areas || onBranch ? 'stage picks' : 'stage'}
      ref={place}
      role="img"
      aria-label={scene.text}
      onPointerDown={click}
      onPointerMove={move}
      onPointerLeave={() => setHover(undefined)}
    >
      <canvas ref={data} />
      <canvas ref={over} className="over" />
      {hover && (
        <span
          className="tip"
          style={{
            left: Math.min(hover.x + 12, Math.max(0, width - 230)),
            top: Math.max(0, Math.min(hover.y + 12, height - 18 * hover.said.length)),
          }}
        >
          {hover.said.map((line, k) => (
            <span key={line} className={k === hover.said.length - 1 ? 't3' : undefined}>
              {k === 0 ? <b>{line}</b> : line}
            </span>
          ))}
        </span>
      )}
    </div>
  );
}
