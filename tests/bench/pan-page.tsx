// The page of the bench that pans: the flat stage alone, with a raster of 200,000 spikes in a thousand trials of eight conditions.

import { MantineProvider } from '@mantine/core';
import { createRoot } from 'react-dom/client';
import type { Points, Scene } from '../../src-worker/scene/scene.ts';
import { PlaneStage } from '../../src-renderer/stage/PlaneStage.tsx';

const TRIALS = 1000;
const CONDITIONS = 8;
const SPIKES = 200_000;
const WINDOW_MS = 2000;
const GOLDEN = 0.6180339887498949;

/** Spikes of a condition, spread without a rhythm that trials share. */
function spikes(condition: number): Points {
  const [count, trials] = [SPIKES / CONDITIONS, TRIALS / CONDITIONS];
  const trialOf = (spike: number): number => condition * trials + (spike % trials) + 1;
  return {
    kind: 'points',
    key: `spikes ${condition}`,
    datum: { condition },
    colour: { condition },
    sign: 'tick',
    tickHeight: 0.9,
    x: Float64Array.from({ length: count }, (_, spike) => WINDOW_MS * ((spike * GOLDEN + 0.1 * condition) % 1) - WINDOW_MS / 2),
    y: Float64Array.from({ length: count }, (_, spike) => trialOf(spike)),
  };
}

const scene: Scene = {
  title: 'Raster',
  subtitle: '',
  x: { label: 'Time', unit: 'ms', scale: 'linear', domain: [-WINDOW_MS / 2, WINDOW_MS / 2] },
  y: { label: 'Trial', unit: '', scale: 'linear', domain: [TRIALS + 0.5, 0.5] },
  marks: Array.from({ length: CONDITIONS }, (_, condition) => spikes(condition)),
  conditions: {
    label: 'condition',
    names: Array.from({ length: CONDITIONS }, (_, condition) => String(condition)),
    trials: new Array<number>(CONDITIONS).fill(TRIALS / CONDITIONS),
    scale: 'nominal',
  },
  text: 'Two hundred thousand spikes.',
  caption: '',
};

createRoot(document.getElementById('root')!).render(
  <MantineProvider>
    <main style={{ display: 'flex', width: '100vw', height: '100vh' }}>
      <PlaneStage scene={scene} />
    </main>
  </MantineProvider>,
);
