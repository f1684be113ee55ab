// Draws a flat Scene with very many ticks: one canvas has the ticks, on the graphics card where there is one, another the axes. Wheel zooms time, drag pans, double click shows all.

import { type MouseEvent, useEffect, useMemo, useRef, useState } from 'react';
import { extentOf } from '../../src-worker/scene/axes.ts';
import { draw } from '../../src-worker/scene/draw.ts';
import type { Theme } from '../../src-worker/scene/palettes.ts';
import type { Scene } from '../../src-worker/scene/scene.ts';
import { type Style, screenStyle } from '../../src-worker/scene/style.ts';
import { useStore } from '../state/store.ts';
import { DenseTicks } from './dense-ticks.ts';
import { measure, paint, prepare } from './paint.ts';
import { hasGraphicsCard } from './graphics-card.ts';
import { isTicks, type TickPainter } from './ticks.ts';
import { letterScale } from '../ui/letters.ts';
import { useSize } from './use-size.ts';

const ZOOM_A_NOTCH = 1.2;
/** Closest zoom, as a share of the whole. */
const CLOSEST = 1e-4;

interface Props {
  readonly scene: Scene;
  readonly style?: Partial<Style> | undefined;
  /** Whether the graphics card has the ticks. */
  readonly onCard?: boolean;
}

/** The card's library is large: a page that does not need it never loads it. */
async function makePainter(
  canvas: HTMLCanvasElement,
  scene: Scene,
  theme: Theme,
  onCard: boolean,
  failed: () => void,
): Promise<TickPainter> {
  if (!onCard) return new DenseTicks(canvas, scene, theme);
  const { CardTicks } = await import('./card-ticks.ts');
  return new CardTicks(canvas, scene, theme, failed);
}

export function DenseStage({ scene, style, onCard = hasGraphicsCard() }: Props) {
  const place = useRef<HTMLDivElement>(null);
  const below = useRef<HTMLCanvasElement>(null);
  const above = useRef<HTMLCanvasElement>(null);
  const drag = useRef<{ readonly x: number; readonly domain: readonly [number, number] } | undefined>(undefined);
  const { width, height } = useSize(place);
  const theme = useStore((state) => state.theme);
  const whole = useMemo(() => scene.x.domain ?? extentOf(scene.marks, 'x', false) ?? ([0, 1] as const), [scene]);
  const [domain, setDomain] = useState(whole);
  useEffect(() => setDomain(whole), [whole]);

  const rest = useMemo(() => {
    const y = scene.y.domain ?? extentOf(scene.marks, 'y', false);
    return { ...scene, marks: scene.marks.filter((mark) => !isTicks(mark)), y: { ...scene.y, ...(y ? { domain: y } : {}) } };
  }, [scene]);
  const drawing = useMemo(
    () =>
      width > 40 && height > 30
        ? draw({ ...rest, x: { ...rest.x, domain } }, width, height, { ...screenStyle(theme, measure, letterScale), ...style })
        : undefined,
    [rest, domain, width, height, theme, style],
  );

  const [failed, setFailed] = useState(false);
  const [painter, setPainter] = useState<TickPainter | undefined>();
  const isOnCard = onCard && !failed;
  useEffect(() => {
    let isWanted = true;
    let made: TickPainter | undefined;
    makePainter(below.current!, scene, theme, isOnCard, () => setFailed(true)).then(
      (next) => {
        made = next;
        if (isWanted) setPainter(next);
        else next.dispose();
      },
      () => setFailed(true),
    );
    return () => {
      isWanted = false;
      made?.dispose();
      setPainter(undefined);
    };
  }, [scene, theme, isOnCard]);

  useEffect(() => {
    if (!drawing || !above.current) return;
    painter?.place(drawing, window.devicePixelRatio);
    paint(prepare(above.current, width, height), drawing.primitives);
  }, [drawing, width, height, painter]);

  const show = ([low, high]: readonly [number, number]): void => {
    const full = whole[1] - whole[0];
    const span = Math.min(full, Math.max(full * CLOSEST, high - low));
    const from = Math.min(whole[1] - span, Math.max(whole[0], low));
    setDomain([from, from + span]);
  };

  // React listens to wheels passively: without a listener of its own the page would scroll too.
  useEffect(() => {
    const element = place.current;
    if (!element || !drawing?.x) return;
    const zoom = (event: WheelEvent): void => {
      event.preventDefault();
      const at = drawing.x!.from(event.clientX - element.getBoundingClientRect().left);
      const scale = event.deltaY > 0 ? ZOOM_A_NOTCH : 1 / ZOOM_A_NOTCH;
      show([at - (at - domain[0]) * scale, at + (domain[1] - at) * scale]);
    };
    element.addEventListener('wheel', zoom, { passive: false });
    return () => element.removeEventListener('wheel', zoom);
  });

  const pan = (event: MouseEvent): void => {
    if (!drag.current || !drawing) return;
    const shift = ((drag.current.x - event.clientX) / drawing.plot.width) * (drag.current.domain[1] - drag.current.domain[0]);
    show([drag.current.domain[0] + shift, drag.current.domain[1] + shift]);
  };

  return (
    <div
      className="stage"
      ref={place}
      role="img"
      aria-label={scene.text}
      onPointerDown={(event) => {
        event.currentTarget.setPointerCapture(event.pointerId);
        drag.current = { x: event.clientX, domain };
      }}
      onPointerMove={pan}
      onPointerUp={() => {
        drag.current = undefined;
      }}
      onDoubleClick={() => setDomain(whole)}
    >
      {/* A canvas that one painter drew on takes no other. */}
      <canvas key={isOnCard ? 'card' : 'pixels'} ref={below} />
      <canvas ref={above} className="over" />
    </div>
  );
}
