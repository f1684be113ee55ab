// The camera as numbers that can be typed, and the planes of the axes.

import { minus } from '../../src-worker/contract/minus.ts';
import { useState } from 'react';
import { PLANES } from '../../src-worker/scene/projection.ts';
import type { Camera } from '../../src-worker/scene/scene.ts';
import { lookAlong } from '../state/explore.ts';

type AngleName = 'azimuthDeg' | 'elevationDeg' | 'rollDeg';

const angles: readonly (readonly [AngleName, string, string])[] = [
  ['azimuthDeg', 'az', 'Azimuth'],
  ['elevationDeg', 'el', 'Elevation'],
  ['rollDeg', 'roll', 'Roll'],
];
const planes = Object.keys(PLANES) as (keyof typeof PLANES)[];
const isAlong = (camera: Camera, plane: keyof typeof PLANES): boolean =>
  (['azimuthDeg', 'elevationDeg', 'rollDeg'] as const).every((name) => Math.abs(camera[name] - PLANES[plane][name]) < 0.5);

export function CameraBar({ camera, onCamera }: { readonly camera: Camera; readonly onCamera: (camera: Camera) => void }) {
  const [typed, setTyped] = useState<Partial<Record<AngleName, string>>>({});
  const take = (name: AngleName): void => {
    const text = typed[name];
    setTyped(({ [name]: _, ...rest }) => rest);
    const value = text === undefined ? Number.NaN : Number(text.replace('−', '-').replace('°', ''));
    if (text === undefined || text.trim() === '' || !Number.isFinite(value)) return;
    onCamera({ ...camera, [name]: name === 'elevationDeg' ? Math.max(-90, Math.min(90, value)) : value });
  };
  const along = planes.find((plane) => isAlong(camera, plane));
  return (
    <div className="cam">
      {angles.map(([name, short, label]) => (
        <label className="angle" key={name}>
          {short}
          <input
            aria-label={label}
            value={typed[name] ?? minus(`${Math.round(camera[name])}°`)}
            onChange={(event) => setTyped({ ...typed, [name]: event.currentTarget.value })}
            onBlur={() => take(name)}
            onKeyDown={(event) => event.key === 'Enter' && event.currentTarget.blur()}
          />
        </label>
      ))}
      <span className="seg planes">
        {planes.map((plane, index) => (
          <button
            type="button"
            key={plane}
            title={`Plane of axes ${plane.replace('-', ' and ')} (${index + 1})`}
            aria-pressed={along === plane}
            className={along === plane ? 'on' : ''}
            onClick={() => lookAlong(plane)}
          >
            {plane.replace('-', '–')}
          </button>
        ))}
        <button
          type="button"
          title="Free (0)"
          aria-pressed={along === undefined}
          className={along === undefined ? 'on' : ''}
          onClick={() => lookAlong('free')}
        >
          Free
        </button>
      </span>
    </div>
  );
}
