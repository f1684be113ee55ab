// The 3-D stage: three.js draws the many pale trials, a canvas everything else, both through the Scene's one camera.
// Drag turns, wheel zooms, hover names a trial, a click picks it, double click shows it alone.

import { useMediaQuery } from '@mantine/hooks';
import { type PointerEvent, useEffect, useMemo, useRef, useState } from 'react';
import { draw } from '../../src-worker/scene/draw.ts';
import { numberText } from '../../src-worker/scene/axes.ts';
import type { Camera, Datum, Scene } from '../../src-worker/scene/scene.ts';
import { stretchOf } from '../../src-worker/scene/projection.ts';
import { spaceFrame } from '../../src-worker/scene/space.ts';
import { screenStyle } from '../../src-worker/scene/style.ts';
import { nameOf, select } from '../state/selection.ts';
import { useStore } from '../state/store.ts';
import { isNarrowWindow, keyCorner } from './ConditionKey.tsx';
import { measure, paint, prepare } from './paint.ts';
import { isPale, PaleLines } from './pale-lines.ts';
import { lineOfTrial, paintPicked, paintPickedPoint, paintTime } from './picked-line.ts';
import { Pace } from './pace.ts';
import { LinePicker, type Picked, pickPoint, pickTrial } from './picking.ts';
import { letterScale } from '../ui/letters.ts';
import { useSize } from './use-size.ts';

const DEGREES_PER_PX = 0.4;
const CLICK_PX = 4;
const ZOOM = [0.2, 50] as const;

interface Props {
  /** As it is drawn: conditions hidden, renamed, the time to look at. */
  readonly scene: Scene;
  /** As it came, where the picked trial is even if its condition is hidden. */
  readonly whole: Scene;
  readonly camera: Camera;
  readonly onCamera: (camera: Camera) => void;
  readonly onMenu?: (trial: number | undefined, x: number, y: number) => void;
  /** Hears which fixed point was clicked. */
  readonly onPick?: (datum: Datum) => void;
  /** Lines about a fixed point under the pointer. */
  readonly tipOf?: (datum: Datum) => readonly string[];
  /** Where every average is at the time cursor. */
  readonly showsTime?: boolean;
}

export function SpaceStage({ scene, whole, camera, onCamera, onMenu, onPick, tipOf, showsTime = false }: Props) {
  const place = useRef<HTMLDivElement>(null);
  const below = useRef<HTMLCanvasElement>(null);
  const above = useRef<HTMLCanvasElement>(null);
  const pale = useRef<PaleLines | undefined>(undefined);
  const [withGl, setWithGl] = useState(false);
  const [hover, setHover] = useState<Picked | undefined>();
  const drag = useRef<{ x: number; y: number; moved: number; shifts: boolean } | undefined>(undefined);
  const waiting = useRef<{ camera: Camera; frame: number } | undefined>(undefined);
  const pace = useRef(new Pace());
  const { width, height } = useSize(place);
  const theme = useStore((state) => state.theme);
  const selection = useStore((state) => state.selection);
  const trials = useSame(scene.marks.filter(isPale));
  const isNarrow = useMediaQuery(isNarrowWindow);
  const key = whole.conditions;
  const style = useMemo(() => {
    const corner = keyCorner(key, isNarrow, place.current?.offsetTop ?? 0);
    return { ...screenStyle(theme, measure, letterScale), ownsConditions: true, ...(corner ? { corner } : {}) };
  }, [theme, key, isNarrow, height]);
  // The graphics card draws the trials; the canvas need not even project them.
  const painted = useMemo(() => (withGl ? { ...scene, marks: scene.marks.filter((mark) => !isPale(mark)) } : scene), [scene, withGl]);
  const picker = useMemo(() => new LinePicker(trials, scene.spanMs), [trials, scene.spanMs]);
  const drawing = useMemo(
    () => (width > 60 && height > 60 ? draw(painted, width, height, style, camera) : undefined),
    [painted, width, height, style, camera],
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

  // The span is a matter of the shader: brushing builds nothing anew.
  useEffect(
    () => pale.current?.take({ ...whole, ...(scene.conditions ? { conditions: scene.conditions } : {}), marks: trials }, style),
    [whole.values, scene.conditions, trials, style],
  );

  useEffect(() => {
    if (!drawing?.frame || !above.current) return;
    if (withGl)
      pace.current.draw(drawing.frame, (share) => drawing.frame && pale.current?.draw(drawing.frame, width, height, scene.spanMs, share));
    const context = prepare(above.current, width, height);
    paint(context, drawing.primitives);
    if (showsTime && selection.timeMs !== undefined) paintTime(context, scene, drawing.frame, style, selection.timeMs);
    const line = lineOfTrial(whole, selection.trial);
    paintPickedPoint(context, whole, selection.trial, drawing.frame, style);
    if (line) paintPicked(context, line, drawing.frame, style, selection.timeMs, scene.spanMs);
  }, [drawing, withGl, width, height, scene, whole, style, selection.trial, selection.timeMs]);

  // At most one new camera a frame, however often the pointer tells.
  const turn = (next: Camera): void => {
    if (waiting.current) {
      waiting.current.camera = next;
      return;
    }
    const frame = requestAnimationFrame(() => {
      const last = waiting.current?.camera;
      waiting.current = undefined;
      if (last) onCamera(last);
    });
    waiting.current = { camera: next, frame };
  };
  useEffect(() => () => cancelAnimationFrame(waiting.current?.frame ?? 0), []);

  const at = (event: { readonly clientX: number; readonly clientY: number }): readonly [number, number] => {
    const { left, top } = place.current!.getBoundingClientRect();
    return [event.clientX - left, event.clientY - top];
  };

  const pick = (x: number, y: number): Picked | undefined => {
    if (!drawing) return undefined;
    return (withGl && drawing.frame ? picker.pick(drawing.frame, x, y) : undefined) ?? pickTrial(drawing, x, y);
  };

  const move = (event: PointerEvent<HTMLDivElement>): void => {
    const [x, y] = at(event);
    const from = drag.current;
    if (!from) {
      setHover((onPick && drawing && pickPoint(drawing, x, y)) ?? pick(x, y));
      return;
    }
    const [dx, dy] = [x - from.x, y - from.y];
    drag.current = { ...from, x, y, moved: from.moved + Math.abs(dx) + Math.abs(dy) };
    const now = waiting.current?.camera ?? camera;
    if (from.shifts && drawing?.frame) {
      const { rotation: r, scale, target } = drawing.frame;
      const [right, up] = [-dx / scale, dy / scale];
      const stretch = stretchOf(now);
      const moved = [0, 1, 2].map((k) => target[k]! + (right * r[k]! + up * r[3 + k]!) / stretch[k]! ** 2) as [number, number, number];
      // The camera fits about its target; the zoom makes up for it, so that data keep their size.
      const next = { ...now, target: moved };
      turn({ ...next, zoom: next.zoom * (scale / spaceFrame(painted, width, height, style, next).scale) });
      return;
    }
    const elevationDeg = Math.max(-90, Math.min(90, now.elevationDeg + dy * DEGREES_PER_PX));
    turn({ ...now, azimuthDeg: wrapped(now.azimuthDeg - dx * DEGREES_PER_PX), elevationDeg });
  };

  const down = (event: PointerEvent<HTMLDivElement>): void => {
    if (event.button === 2) return;
    const [x, y] = at(event);
    event.currentTarget.setPointerCapture(event.pointerId);
    drag.current = { x, y, moved: 0, shifts: event.shiftKey || event.button === 1 };
    setHover(undefined);
  };

  const up = (event: PointerEvent<HTMLDivElement>): void => {
    const moved = drag.current?.moved ?? Number.POSITIVE_INFINITY;
    drag.current = undefined;
    if (moved > CLICK_PX) return;
    const [x, y] = at(event);
    const point = onPick && drawing && pickPoint(drawing, x, y);
    if (point) {
      onPick(point.datum);
      return;
    }
    const picked = pick(x, y);
    const trial = picked?.datum.trial;
    if (!picked || trial === undefined) return;
    const time = timeOf(whole, picked);
    select({ trial, ...(time === undefined ? {} : { timeMs: time }) });
  };

  const alone = (event: { readonly clientX: number; readonly clientY: number }): void => {
    const trial = pick(...at(event))?.datum.trial;
    select({ onlyTrial: trial !== undefined && selection.onlyTrial === undefined ? trial : undefined });
  };

  // React's wheel listener is passive: the page would scroll along.
  const zoom = useRef<(by: number) => void>(() => {});
  zoom.current = (by) => {
    const now = waiting.current?.camera ?? camera;
    turn({ ...now, zoom: Math.min(ZOOM[1], Math.max(ZOOM[0], now.zoom * by)) });
  };
  useEffect(() => {
    const element = place.current;
    const wheel = (event: WheelEvent): void => {
      event.preventDefault();
      zoom.current(Math.exp(-event.deltaY / 600));
    };
    element?.addEventListener('wheel', wheel, { passive: false });
    return () => element?.removeEventListener('wheel', wheel);
  }, []);

  const condition = hover?.datum.condition;
  const time = hover && timeOf(whole, hover);
  return (
    <div
      className="stage space"
      ref={place}
      role="application"
      aria-label={scene.text}
      aria-roledescription="3-D stage"
      // biome-ignore lint/a11y/noNoninteractiveTabindex: the stage takes the keys of the camera
      tabIndex={0}
      data-trials={trials.filter(({ datum }) => datum.trial !== undefined).length}
      onPointerMove={move}
      onPointerDown={down}
      onPointerUp={up}
      onPointerLeave={() => setHover(undefined)}
      onDoubleClick={alone}
      onContextMenu={(event) => {
        event.preventDefault();
        const [x, y] = at(event);
        onMenu?.(pick(x, y)?.datum.trial ?? selection.trial, Math.max(8, x), Math.max(8, y));
      }}
    >
      <canvas ref={below} />
      <canvas ref={above} className="over" />
      {hover?.datum.point !== undefined && (
        <span className="tip" style={{ left: Math.min(hover.x + 12, width - 170), top: Math.min(hover.y + 12, height - 60) }}>
          {tipOf?.(hover.datum).map((line, k) => (
            <span key={line}>{k === 0 ? <b>{line}</b> : line}</span>
          ))}
        </span>
      )}
      {hover?.datum.trial !== undefined && (
        <span
          className="tip"
          style={{
            left: Math.max(0, Math.min(hover.x + 12, width - (hover.datum.about ? 230 : 150))),
            top: Math.min(hover.y + 12, height - 60),
          }}
        >
          <span>
            <b>Trial {hover.datum.trial}</b>
            {condition === undefined || condition < 0 ? '' : `, ${nameOf(scene.conditions, condition, selection)}`}
            {hover.datum.about && `, ${hover.datum.about}`}
          </span>
          <span>
            {time !== undefined && `${numberText(time, 0)} ms, `}
            {hover.datum.split ?? 'training'}
          </span>
          <span className="t3">Click picks it</span>
        </span>
      )}
    </div>
  );
}

/** The list that was there before, for as long as it has the same things in it. */
function useSame<Item>(list: Item[]): Item[] {
  const kept = useRef(list);
  if (list.length !== kept.current.length || list.some((item, k) => item !== kept.current[k])) kept.current = list;
  return kept.current;
}

/** Time of the bin under the pointer. */
function timeOf(scene: Scene, { datum, along }: Picked): number | undefined {
  const { timeMs } = lineOfTrial(scene, datum.trial) ?? {};
  return timeMs?.[Math.round(along * (timeMs.length - 1))];
}

const wrapped = (degrees: number): number => ((((degrees + 180) % 360) + 360) % 360) - 180;
