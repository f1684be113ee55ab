// The page of the orbit bench: the 3-D stage alone, with 1,000 trajectories of 150 bins and eight averages.

import { MantineProvider } from '@mantine/core';
import { useState } from 'react';
import { createRoot } from 'react-dom/client';
import { followed } from '../../src-worker/scene/follow.ts';
import { DEFAULT_CAMERA } from '../../src-worker/scene/projection.ts';
import type { Line, Scene } from '../../src-worker/scene/scene.ts';
import { SpaceStage } from '../../src-renderer/stage/SpaceStage.tsx';

const TRIALS = 1000;
const BINS = 150;
const CONDITIONS = 8;

const time = Float64Array.from({ length: BINS }, (_, bin) => 10 * bin);

/** A winding curve that differs from trial to trial. */
function curve(condition: number, shift: number): Pick<Line, 'x' | 'y' | 'z'> {
  const along = (f: (t: number) => number) => Float64Array.from(time, (at) => f(at / 300 + shift));
  const angle = (2 * Math.PI * condition) / CONDITIONS;
  return {
    x: along((t) => Math.cos(angle + t) * (1 + 0.4 * Math.sin(3 * t + shift))),
    y: along((t) => Math.sin(angle + t) * (1 + 0.4 * Math.cos(2 * t + 2 * shift))),
    z: along((t) => 0.5 * Math.sin(2 * t + angle + 3 * shift)),
  };
}

const line = (key: string, condition: number, weight: Line['weight'], shift: number, trial?: number): Line => ({
  kind: 'line',
  key,
  datum: trial === undefined ? { condition } : { condition, trial },
  colour: { condition },
  weight,
  timeMs: time,
  ...curve(condition, shift),
});

const axis = (label: string) => ({ label, unit: '', scale: 'linear' }) as const;
const scene: Scene = {
  title: 'Orbit',
  subtitle: '',
  x: axis('PC 1'),
  y: axis('PC 2'),
  z: axis('PC 3'),
  camera: DEFAULT_CAMERA,
  marks: [
    ...Array.from({ length: TRIALS }, (_, trial) => line(`trial ${trial}`, trial % CONDITIONS, 'thin', 0.0007 * trial, trial)),
    ...Array.from({ length: CONDITIONS }, (_, condition) => line(`average ${condition}`, condition, 'thick', 0.35)),
  ],
  conditions: {
    label: 'condition',
    names: Array.from({ length: CONDITIONS }, (_, condition) => `${45 * condition}°`),
    trials: new Array<number>(CONDITIONS).fill(TRIALS / CONDITIONS),
    scale: 'angle',
    values: Array.from({ length: CONDITIONS }, (_, condition) => 45 * condition),
  },
  text: 'A thousand curves.',
  caption: '',
};
const shown = followed(scene, {});

function Page() {
  const [camera, setCamera] = useState(DEFAULT_CAMERA);
  return (
    <MantineProvider>
      <main style={{ display: 'flex', width: '100vw', height: '100vh' }}>
        <SpaceStage scene={shown} whole={scene} camera={camera} onCamera={setCamera} />
      </main>
    </MantineProvider>
  );
}

createRoot(document.getElementById('root')!).render(<Page />);
