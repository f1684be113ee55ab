// The one time axis under the panels: play, the cursor, and the span to look at with an end to drag on either side.

import { type KeyboardEvent, type PointerEvent, useEffect, useRef } from 'react';
import { ticks as roundTicks } from 'd3-array';
import { numberText } from '../../src-worker/scene/axes.ts';
import { play, setSpan, setSpanEnd } from '../state/explore.ts';
import { select } from '../state/selection.ts';
import { get, set, useStore } from '../state/store.ts';
import { Icon } from '../ui/icons.tsx';
import { px } from '../ui/letters.ts';
import { type TimeRange, timeRange } from './time-range.ts';
import { useSize } from './use-size.ts';

/** Margins of every panel over this axis, px. */
export const TIME_MARGINS = { left: px(60), right: px(16) } as const;
/** Played slower than life, so that the eye can follow. */
const PACE = 0.25;
const CLICK_PX = 4;

export function TimeBar({ event }: { readonly event: string | undefined }) {
  const place = useRef<HTMLDivElement>(null);
  const { width } = useSize(place);
  const scene = useStore((state) => state.space.scene);
  const timeMs = useStore((state) => state.selection.timeMs);
  const spanMs = useStore((state) => state.selection.spanMs);
  const isPlaying = useStore((state) => state.isPlaying);
  const range = timeRange(scene);
  usePlayed(isPlaying, range);
  const drag = useRef<{ from: number; x: number; gesture: string } | undefined>(undefined);
  if (!range) return <div className="timebar bt" ref={place} />;
  const inner = Math.max(1, width - TIME_MARGINS.left - TIME_MARGINS.right);
  const x = (at: number) => TIME_MARGINS.left + (inner * (at - range.from)) / (range.to - range.from);
  const timeAt = (pageX: number) => {
    const { left } = place.current!.getBoundingClientRect();
    return range.from + ((pageX - left - TIME_MARGINS.left) / inner) * (range.to - range.from);
  };
  const held = (at: number) => Math.min(range.to, Math.max(range.from, at));
  const [from, to] = spanMs ?? [range.from, range.to];
  const down = (pressed: PointerEvent<HTMLDivElement>): void => {
    pressed.currentTarget.setPointerCapture(pressed.pointerId);
    drag.current = { from: timeAt(pressed.clientX), x: pressed.clientX, gesture: `span ${pressed.timeStamp}` };
  };
  // A drag makes a span, a click moves the cursor.
  const move = (moved: PointerEvent<HTMLDivElement>): void => {
    const start = drag.current;
    if (start && Math.abs(moved.clientX - start.x) > CLICK_PX) setSpan(start.from, timeAt(moved.clientX), start.gesture);
  };
  const up = (raised: PointerEvent<HTMLDivElement>): void => {
    const start = drag.current;
    drag.current = undefined;
    if (start && Math.abs(raised.clientX - start.x) <= CLICK_PX) select({ timeMs: held(start.from) });
  };
  const labels = roundTicks(range.from, range.to, Math.max(2, Math.floor(inner / px(80)))).map((at) => ({
    at,
    text: at === 0 && event ? event : numberText(at),
  }));
  return (
    <div className="timebar bt" ref={place}>
      <button
        type="button"
        className="ib"
        aria-label={isPlaying ? 'Pause' : 'Play time'}
        title={isPlaying ? 'Pause (Space)' : 'Play time (Space)'}
        onClick={play}
      >
        <Icon name={isPlaying ? 'pause' : 'play'} size={12} />
      </button>
      {/* biome-ignore lint/a11y/noStaticElementInteractions: what the pointer does here, the three sliders do by keyboard */}
      <div
        className="track"
        onPointerDown={down}
        onPointerMove={move}
        onPointerUp={up}
        onDoubleClick={() => select({ spanMs: undefined })}
        style={{ left: TIME_MARGINS.left, width: inner }}
      >
        <span className="span" style={{ left: x(from) - TIME_MARGINS.left, width: x(to) - x(from) }} />
      </div>
      {([0, 1] as const).map((end) => (
        <End key={end} end={end} at={end === 0 ? from : to} left={x(end === 0 ? from : to)} range={range} timeAt={timeAt} />
      ))}
      {timeMs !== undefined && <Cursor at={timeMs} left={x(timeMs)} range={range} timeAt={timeAt} />}
      {labels.map(({ at, text }, index) => {
        const isLast = x(at) > width - px(28);
        return (
          <span key={at} className={isLast ? 'tick last' : 'tick'} style={isLast ? {} : { left: x(at) }}>
            {text}
            {index === labels.length - 1 ? ' ms' : ''}
          </span>
        );
      })}
    </div>
  );
}

interface HandleProps {
  readonly at: number;
  readonly left: number;
  readonly range: TimeRange;
  readonly timeAt: (pageX: number) => number;
}

const arrows: Readonly<Record<string, number>> = { ArrowLeft: -1, ArrowDown: -1, ArrowRight: 1, ArrowUp: 1 };

function slider(range: TimeRange, at: number, label: string, to: (at: number, gesture?: string) => void, timeAt: HandleProps['timeAt']) {
  let gesture = '';
  return {
    role: 'slider' as const,
    tabIndex: 0,
    'aria-label': label,
    'aria-valuemin': Math.round(range.from),
    'aria-valuemax': Math.round(range.to),
    'aria-valuenow': Math.round(at),
    'aria-valuetext': `${numberText(at, 0)} ms`,
    onKeyDown: (event: KeyboardEvent) => {
      const by = arrows[event.key];
      const end = { Home: range.from, End: range.to }[event.key];
      if (by === undefined && end === undefined) return;
      event.preventDefault();
      to(end ?? at + by! * (event.shiftKey ? 100 : range.binMs), 'keys');
    },
    onPointerDown: (event: PointerEvent<HTMLElement>) => {
      event.stopPropagation();
      event.currentTarget.setPointerCapture(event.pointerId);
      gesture = `${label} ${event.timeStamp}`;
    },
    onPointerMove: (event: PointerEvent<HTMLElement>) => {
      if (event.buttons === 1) to(timeAt(event.clientX), gesture || label);
    },
  };
}

function End({ end, at, left, range, timeAt }: HandleProps & { readonly end: 0 | 1 }) {
  const label = end === 0 ? 'Start of the time span' : 'End of the time span';
  return <span className="end" style={{ left }} {...slider(range, at, label, (to, gesture) => setSpanEnd(end, to, gesture), timeAt)} />;
}

function Cursor({ at, left, range, timeAt }: HandleProps) {
  const move = (to: number) => select({ timeMs: Math.min(range.to, Math.max(range.from, to)) });
  return <span className="cursor" style={{ left }} {...slider(range, at, 'Time cursor', move, timeAt)} />;
}

/** Moves the cursor through the span, again and again, while it plays. */
function usePlayed(isPlaying: boolean, range: TimeRange | undefined): void {
  useEffect(() => {
    if (!isPlaying || !range) return;
    let before: number | undefined;
    let frame = 0;
    const step = (now: number): void => {
      const [from, to] = get().selection.spanMs ?? [range.from, range.to];
      const { timeMs = from } = get().selection;
      const next = timeMs + PACE * (before === undefined ? 0 : Math.min(100, now - before));
      before = now;
      select({ timeMs: next >= to || next < from ? from : next });
      frame = requestAnimationFrame(step);
    };
    frame = requestAnimationFrame(step);
    return () => cancelAnimationFrame(frame);
  }, [isPlaying, range?.from, range?.to]);
  // Nothing plays on when the panel is gone.
  useEffect(() => () => set({ isPlaying: false }), []);
}
