// The 3-D stage: three.js draws the many pale trials, a canvas everything else, both through the Scene's one camera.
// Drag turns, wheel zooms, hover names a trial, a click picks it, double click lets it go.

import { type PointerEvent, useEffect, useMemo, useRef, useState, type WheelEvent } from 'react';
import { draw } from '../../src-worker/scene/draw.ts';
import type { Camera, Scene } from '../../src-worker/scene/scene.ts';
import { screenStyle } from '../../src-worker/scene/style.ts';
import { deselect, select } from '../state/actions.ts';
import { useStore } from '../state/store.ts';
import { measure, paint, prepare } from './paint.ts';
import { isPale, PaleLines } from './pale-lines.ts';
import { lineOfTrial, paintPicked } from './picked-line.ts';
import { type Picked, pickTrial } from './picking.ts';
import { useSize } from './use-size.ts';

const DEGREES_PER_PX = 0.4;
const CLICK_PX = 4;

interface Props {
  readonly scene: Scene;
  readonly camera: Camera;
  readonly onCamera: (camera: Camera) => void;
}

export function SpaceStage({ scene, camera, onCamera }: Props) {
  const place = useRef<HTMLDivElement>(null);
  const below = useRef<HTMLCanvasElement>(null);
  const above = useRef<HTMLCanvasElement>(null);
  const pale = useRef<PaleLines | undefined>(undefined);
  const [withGl, setWithGl] = useState(false);
  const [hover, setHover] = useState<Picked | undefined>();
  const drag = useRef<{ x: number; y: number; moved: number } | undefined>(undefined);
  const { width, height } = useSize(place);
  const theme = useStore((state) => state.theme);
  const selection = useStore((state) => state.selection);
  const style = useMemo(() => screenStyle(theme, measure), [theme]);
  const drawing = useMemo(
    () => (width > 60 && height > 60 ? draw(scene, width, height, style, camera) : undefined),
    [scene, width, height, style, camera],
  );

  useEffect(() => {
    if (!below.current) return;
    const made = PaleLines.make(below.current);
    pale.current = made;
    setWithGl(made !== undefined);
    return () => {
      pale.current = undefined;
      made?.dispose();
    };
  }, []);

  useEffect(() => pale.current?.take(scene, style), [scene, style]);

  useEffect(() => {
    if (!drawing?.frame || !above.current) return;
    if (withGl) pale.current?.draw(drawing.frame, width, height);
    const context = prepare(above.current, width, height);
    paint(context, drawing.primitives, withGl ? { skip: ['thin'] } : {});
    const line = lineOfTrial(scene, selection.trial);
    if (line) paintPicked(context, line, drawing.frame, style, selection.timeMs);
  }, [drawing, withGl, width, height, scene, style, selection]);

  const at = (event: PointerEvent<HTMLDivElement>): readonly [number, number] => {
    const { left, top } = event.currentTarget.getBoundingClientRect();
    return [event.clientX - left, event.clientY - top];
  };

  const move = (event: PointerEvent<HTMLDivElement>): void => {
    const [x, y] = at(event);
    const from = drag.current;
    if (!from) {
      setHover(drawing && pickTrial(drawing, x, y));
      return;
    }
    const [dx, dy] = [x - from.x, y - from.y];
    drag.current = { x, y, moved: from.moved + Math.abs(dx) + Math.abs(dy) };
    const elevationDeg = Math.max(-90, Math.min(90, camera.elevationDeg + dy * DEGREES_PER_PX));
    onCamera({ ...camera, azimuthDeg: wrapped(camera.azimuthDeg - dx * DEGREES_PER_PX), elevationDeg });
  };

  const down = (event: PointerEvent<HTMLDivElement>): void => {
    const [x, y] = at(event);
    event.currentTarget.setPointerCapture(event.pointerId);
    drag.current = { x, y, moved: 0 };
    setHover(undefined);
  };

  const up = (event: PointerEvent<HTMLDivElement>): void => {
    const moved = drag.current?.moved ?? Number.POSITIVE_INFINITY;
    drag.current = undefined;
    if (moved > CLICK_PX || !drawing) return;
    const [x, y] = at(event);
    const picked = pickTrial(drawing, x, y);
    const trial = picked?.datum.trial;
    if (trial === undefined) return;
    const { timeMs } = lineOfTrial(scene, trial) ?? {};
    const time = timeMs?.[Math.round(picked!.along * (timeMs.length - 1))];
    select({ trial, ...(time === undefined ? {} : { timeMs: time }) });
  };

  const zoom = (event: WheelEvent<HTMLDivElement>): void =>
    onCamera({ ...camera, zoom: Math.min(50, Math.max(0.2, camera.zoom * Math.exp(-event.deltaY / 600))) });

  const named = hover?.datum.condition === undefined ? undefined : scene.conditions?.names[hover.datum.condition];
  return (
    <div
      className="stage space"
      ref={place}
      role="img"
      aria-label={scene.text}
      data-trials={scene.marks.filter(isPale).length}
      onPointerMove={move}
      onPointerDown={down}
      onPointerUp={up}
      onPointerLeave={() => setHover(undefined)}
      onWheel={zoom}
      onDoubleClick={deselect}
    >
      <canvas ref={below} />
      <canvas ref={above} className="over" />
      {hover && (
        <span className="tip" style={{ left: hover.x + 12, top: hover.y + 12 }}>
          Trial {hover.datum.trial}
          {named === undefined ? '' : `, ${named}`}
        </span>
      )}
    </div>
  );
}

const wrapped = (degrees: number): number => ((((degrees + 180) % 360) + 360) % 360) - 180;
