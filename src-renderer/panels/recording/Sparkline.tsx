// A unit's mean about the event in the width of a table's cell.

import { useMemo } from 'react';
import type { UnitMeans } from '../../../src-worker/contract/recording.ts';

const WIDTH = 88;
const HEIGHT = 16;
const POINTS = 36;

interface Props {
  readonly means: UnitMeans | undefined;
  /** Place of the unit in `means`. */
  readonly place: number | undefined;
  readonly isPicked: boolean;
}

export function Sparkline({ means, place, isPicked }: Props) {
  const points = useMemo(() => (means && place !== undefined ? pointsOf(means, place) : undefined), [means, place]);
  if (!means || !points) return undefined;
  const { timeMs } = means;
  const zero = ((0 - timeMs[0]!) / (timeMs.at(-1)! - timeMs[0]!)) * WIDTH;
  return (
    <svg className={isPicked ? 'spark on' : 'spark'} width={WIDTH} height={HEIGHT} aria-hidden="true">
      {zero > 0 && zero < WIDTH && <line x1={zero} x2={zero} y1={0} y2={HEIGHT} />}
      <polyline points={points} />
    </svg>
  );
}

function pointsOf({ rateHz, timeMs }: UnitMeans, place: number): string {
  const bins = timeMs.length;
  const each = Math.max(1, Math.ceil(bins / POINTS));
  const coarse = Array.from({ length: Math.ceil(bins / each) }, (_, k) => {
    const part = rateHz.subarray(place * bins + k * each, place * bins + Math.min(bins, (k + 1) * each)).filter(Number.isFinite);
    return part.reduce((sum, rate) => sum + rate, 0) / Math.max(1, part.length);
  });
  // Neighbours are averaged once more: a cell is too small for single spikes.
  const smooth = coarse.map((value, k) => (value * 2 + (coarse[k - 1] ?? value) + (coarse[k + 1] ?? value)) / 4);
  const most = Math.max(1, ...smooth);
  return smooth
    .map(
      (value, k) =>
        `${((k * WIDTH) / Math.max(1, smooth.length - 1)).toFixed(1)},${(HEIGHT - 0.5 - (value / most) * (HEIGHT - 1.5)).toFixed(1)}`,
    )
    .join(' ');
}
