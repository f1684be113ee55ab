// Draws any flat Scene in the panel it stands in, with the time cursor that all panels share.

import { lazy, type PointerEvent, Suspense, useCallback, useEffect, useMemo, useRef, useState } from 'react';
import { draw } from '../../src-worker/scene/draw.ts';
import { paletteOf } from '../../src-worker/scene/palettes.ts';
import type { Scene } from '../../src-worker/scene/scene.ts';
import { type Style, screenStyle } from '../../src-worker/scene/style.ts';
import { setSpan } from '../state/explore.ts';
import { select } from '../state/selection.ts';
import { useStore } from '../state/store.ts';
import { measure, paint, prepare } from './paint.ts';
import { pickTrial } from './picking.ts';
import { DENSE, ticksIn } from './ticks.ts';
import { useSize } from './use-size.ts';

// The library for it is large: a page without such a scene never loads it.
const DenseStage = lazy(() => import('./DenseStage.tsx').then((stage) => ({ default: stage.DenseStage })));

interface Props {
  readonly scene: Scene;
  /** Its x axis is the time about the event, so the cursor is drawn and moved here; with Shift a drag makes the time span. */
  readonly followsTime?: boolean;
  /** What differs from the style of screens; the same object from one drawing to the next. */
  readonly style?: Partial<Style> | undefined;
}

/** Any flat Scene: very many ticks go to the graphics card, where it can. */
export function PlaneStage(props: Props) {
  const [failed, setFailed] = useState(false);
  const dense = useMemo(() => ticksIn(props.scene) >= DENSE, [props.scene]);
  const onFailure = useCallback(() => setFailed(true), []);
  if (!dense || failed) return <Painted {...props} />;
  return (
    <Suspense fallback={<div className="stage" />}>
      <DenseStage scene={props.scene} style={props.style} onFailure={onFailure} />
    </Suspense>
  );
}

function Painted({ scene, followsTime = false, style }: Props) {
  const place = useRef<HTMLDivElement>(null);
  const data = useRef<HTMLCanvasElement>(null);
  const start = useRef<number | undefined>(undefined);
  const over = useRef<HTMLCanvasElement>(null);
  const { width, height } = useSize(place);
  const theme = useStore((state) => state.theme);
  const timeMs = useStore((state) => (followsTime ? state.selection.timeMs : undefined));
  const drawing = useMemo(
    () => (width > 40 && height > 30 ? draw(scene, width, height, { ...screenStyle(theme, measure), ...style }) : undefined),
    [scene, width, height, theme, style],
  );

  useEffect(() => {
    if (drawing && data.current) paint(prepare(data.current, width, height, drawing.background), drawing.primitives);
  }, [drawing, width, height]);

  useEffect(() => {
    if (!drawing || !over.current) return;
    const context = prepare(over.current, width, height);
    const x = timeMs === undefined ? undefined : drawing.x?.to(timeMs);
    if (x === undefined || x < drawing.plot.x || x > drawing.plot.x + drawing.plot.width) return;
    context.fillStyle = paletteOf(theme).accent;
    context.fillRect(x - 0.75, drawing.plot.y, 1.5, drawing.plot.height);
  }, [drawing, width, height, timeMs, theme]);

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
    const picked = drawing && pickTrial(drawing, event.clientX - left, event.clientY - top);
    if (picked?.datum.trial !== undefined) select({ trial: picked.datum.trial });
  };

  return (
    <div className="stage" ref={place} role="img" aria-label={scene.text} onPointerDown={click} onPointerMove={moveCursor}>
      <canvas ref={data} />
      <canvas ref={over} className="over" />
    </div>
  );
}
