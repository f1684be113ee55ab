// The sample recording as it opens the first window: averages of its reaches in space, from the spikes alone. It can be turned.

import { useState } from 'react';
import type { Camera } from '../../src-worker/scene/scene.ts';
import { ConditionKey } from '../stage/ConditionKey.tsx';
import { SpaceStage } from '../stage/SpaceStage.tsx';
import { host } from '../state/connection.ts';
import { useStore } from '../state/store.ts';
import { useAsked } from './recording/use-asked.ts';

/** The sample is the program's own: its columns are known. */
const data = {
  align: 'move_onset_time',
  windowMs: [-400, 600],
  binMs: 50,
  condition: 'direction',
  trials: ['success=true'],
} as const;

export function SamplePicture() {
  const sample = useStore((state) => state.hello?.sample.grant);
  const [camera, setCamera] = useState<Camera | undefined>();
  const { value: scene } = useAsked('sample picture', sample, (job) =>
    host.scene(
      {
        recording: sample!,
        data,
        view: 'trajectories',
        settings: { state: 'counts', show: 'averages', spread: 'none', azimuth: -10, elevation: 22 },
        width: 800,
        height: 700,
      },
      job,
    ),
  );
  if (!scene?.camera) return <p className="t3 fill waiting">Drawing the sample…</p>;
  return (
    <div className="fill">
      <p className="caption" title={scene.caption}>
        Spikes of the sample, averages of its {scene.conditions?.names.length ?? 0} directions; a drag turns them
      </p>
      <SpaceStage scene={scene} whole={scene} camera={camera ?? scene.camera} onCamera={setCamera} />
      {scene.conditions && <ConditionKey of={scene.conditions} />}
    </div>
  );
}
