// Where the eye of a 3-D figure is: angles that are typed and copied, planes of the axes or a typed one, and how axes are stretched.

import { useState } from 'react';
import { ontoPlane, PLANES, stretchText } from '../../../src-worker/scene/projection.ts';
import type { Camera } from '../../../src-worker/scene/scene.ts';
import { numberText } from '../../../src-worker/scene/axes.ts';
import { copyText } from '../../state/writing.ts';
import { Field } from './fields.tsx';

interface Props {
  readonly camera: Camera;
  readonly onCamera: (camera: Camera) => void;
}

const EQUAL = [1, 1, 1] as const;
const planes = Object.keys(PLANES) as (keyof typeof PLANES)[];
const isAlong = (camera: Camera, plane: keyof typeof PLANES): boolean =>
  (['azimuthDeg', 'elevationDeg', 'rollDeg'] as const).every((name) => Math.abs(camera[name] - PLANES[plane][name]) < 0.5);

export function CameraRows({ camera, onCamera }: Props) {
  const [isCopied, setCopied] = useState(false);
  const angle = (name: 'azimuthDeg' | 'elevationDeg' | 'rollDeg', short: string, label: string, low: number, high: number) => (
    <Field
      label={label}
      before={short}
      value={Math.round(camera[name])}
      low={low}
      high={high}
      unit="°"
      onChange={(value) => onCamera({ ...camera, [name]: value })}
    />
  );
  const copy = async (): Promise<void> => {
    const { azimuthDeg, elevationDeg, rollDeg } = camera;
    const stretched = stretchText(camera);
    await copyText(
      `azimuth ${numberText(azimuthDeg, 1)}°, elevation ${numberText(elevationDeg, 1)}°, roll ${numberText(rollDeg, 1)}°${stretched && `; ${stretched}`}`,
    );
    setCopied(true);
  };
  const stretch = camera.stretch ?? EQUAL;
  const stretchTo = (axis: number, factor: number): void => {
    const { stretch: _, ...rest } = camera;
    const next = stretch.map((now, other) => (other === axis ? factor : now)) as [number, number, number];
    onCamera(next.every((one) => one === 1) ? rest : { ...rest, stretch: next });
  };
  return (
    <>
      <div className="row">
        <span>Camera</span>
        <span className="v">
          {angle('azimuthDeg', 'az', 'Azimuth', -360, 360)}
          {angle('elevationDeg', 'el', 'Elevation', -90, 90)}
        </span>
      </div>
      <div className="row">
        <span />
        <span className="v">
          {angle('rollDeg', 'roll', 'Roll', -360, 360)}
          <button type="button" className="link" onClick={copy} onBlur={() => setCopied(false)}>
            {isCopied ? 'Copied' : 'Copy'}
          </button>
        </span>
      </div>
      <div className="row">
        <span>Plane</span>
        <span className="v">
          <span className="seg planes">
            {planes.map((plane) => (
              <button
                type="button"
                key={plane}
                title={`Onto the plane of axes ${plane.replace('-', ' and ')}`}
                className={isAlong(camera, plane) ? 'on' : ''}
                aria-pressed={isAlong(camera, plane)}
                onClick={() => onCamera({ ...camera, ...PLANES[plane] })}
              >
                {plane.replace('-', '–')}
              </button>
            ))}
          </span>
          <Normal camera={camera} onCamera={onCamera} />
        </span>
      </div>
      <div className="row">
        <span title="How much longer a length looks along an axis; the figure and its caption say so">Stretch</span>
        <span className="v">
          {stretch.map((factor, axis) => (
            <Field
              key={axis}
              label={`Stretch of axis ${axis + 1}`}
              value={factor}
              low={0.1}
              high={10}
              unit="×"
              onChange={(value) => stretchTo(axis, value)}
            />
          ))}
        </span>
      </div>
    </>
  );
}

/** The normal of a plane to look straight onto, along the three axes: '1, 1, 0'. */
function Normal({ camera, onCamera }: Props) {
  const [typed, setTyped] = useState('');
  const parts = typed
    .replaceAll('−', '-')
    .split(/[\s,;]+/)
    .filter(Boolean)
    .map(Number);
  const onto = parts.length === 3 ? ontoPlane(parts as [number, number, number]) : undefined;
  const isWrong = typed.trim() !== '' && onto === undefined;
  const take = (): void => {
    if (onto) onCamera({ ...camera, ...onto });
  };
  return (
    <span className={isWrong ? 'num wrong' : 'num'} title="Onto a plane: its normal along the three axes, such as 1, 1, 0">
      <input
        aria-label="Normal of the plane"
        aria-invalid={isWrong}
        placeholder="normal"
        value={typed}
        onChange={(event) => setTyped(event.currentTarget.value)}
        onBlur={take}
        onKeyDown={(event) => event.key === 'Enter' && take()}
      />
    </span>
  );
}
