// The sign of a fixed point as it is drawn in portraits and figures, for tables.

import type { Sign } from '../../../src-worker/scene/scene.ts';
import { signPaths } from '../../../src-worker/scene/signs.ts';

const SIZE = 14;

export function SignMark({
  sign,
  isMute = false,
  isSmall = false,
}: {
  readonly sign: Sign;
  readonly isMute?: boolean;
  readonly isSmall?: boolean;
}) {
  const place = {
    x: SIZE / 2,
    y: SIZE / 2,
    radius: isSmall ? 3.6 : 5,
    colour: isMute ? 'var(--mute)' : 'var(--ink)',
    surface: 'var(--surface)',
    width: 1.2,
    rim: 0,
  };
  return (
    <svg width={SIZE} height={SIZE} aria-hidden="true">
      {signPaths(sign, place).map((path, index) => (
        <path
          key={index}
          d={pathText(path.points, path.closed)}
          fill={path.fill ?? 'none'}
          stroke={path.stroke ?? 'none'}
          strokeWidth={path.width}
        />
      ))}
    </svg>
  );
}

/** NaN lifts the pen. */
function pathText(points: Float64Array, closed = false): string {
  let text = '';
  let isDown = false;
  for (let i = 0; i < points.length; i += 2) {
    const [x, y] = [points[i]!, points[i + 1]!];
    if (Number.isNaN(x)) {
      isDown = false;
      continue;
    }
    text += `${isDown ? 'L' : 'M'}${x.toFixed(2)} ${y.toFixed(2)}`;
    isDown = true;
  }
  return closed ? `${text}Z` : text;
}
