// The page as it will be written, on a desk: half size, as large as fits, or true, with millimetres along its edges.

import { useEffect, useRef } from 'react';
import type { Drawing } from '../../../src-worker/scene/primitives.ts';
import { paint, paperFamily, prepare } from '../../stage/paint.ts';
import { useSize } from '../../stage/use-size.ts';
import { px } from '../../ui/letters.ts';

export const POINTS_PER_MM = 72 / 25.4;
/** Of CSS: 96 pixels an inch. */
const PX_PER_POINT = 96 / 72;

/** How large the page stands on the desk: half, as large as fits, or as it will be printed. */
export const zooms = ['50 %', 'Fit', 'True size'] as const;
export type Zoom = (typeof zooms)[number];

interface PaperProps {
  readonly drawing: Drawing;
  readonly text: string;
  readonly width: number;
  readonly height: number;
  readonly zoom: Zoom;
}

export function Paper({ drawing, text, width, height, zoom }: PaperProps) {
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
