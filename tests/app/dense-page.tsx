// A page with two stages of the same ticks, one drawn pixel by pixel and one by the graphics card.

import { MantineProvider } from '@mantine/core';
import { createRoot } from 'react-dom/client';
import { DenseStage } from '../../src-renderer/stage/DenseStage.tsx';
import type { Scene } from '../../src-worker/scene/scene.ts';

const TRIALS = 20;

/** A spike in every trial at each of these times: two columns that reach from the first trial to the last. */
const timesMs = [-400, 250];

const scene: Scene = {
  title: 'Raster',
  subtitle: '',
  x: { label: 'Time', unit: 'ms', scale: 'linear', domain: [-1000, 1000] },
  y: { label: 'Trial', unit: '', scale: 'linear', domain: [TRIALS + 0.5, 0.5] },
  marks: [
    {
      kind: 'points',
      key: 'spikes',
      datum: {},
      colour: { series: 0 },
      sign: 'tick',
      tickHeight: 1,
      x: Float64Array.from({ length: TRIALS * timesMs.length }, (_, spike) => timesMs[spike % timesMs.length]!),
      y: Float64Array.from({ length: TRIALS * timesMs.length }, (_, spike) => Math.floor(spike / timesMs.length) + 1),
    },
  ],
  text: 'Two columns of spikes.',
  caption: '',
};

createRoot(document.getElementById('root')!).render(
  <MantineProvider>
    {[false, true].map((onCard) => (
      <main key={String(onCard)} data-card={onCard} style={{ display: 'flex', width: 600, height: 300 }}>
        <DenseStage scene={scene} onCard={onCard} />
      </main>
    ))}
  </MantineProvider>,
);
