// Everything that any view could be asked to show, made of one small experiment.

import { fixedPoints } from '../../src-worker/analyses/fixed-points/index.ts';
import { statesOf } from '../../src-worker/analyses/states.ts';
import { tangling } from '../../src-worker/analyses/tangling.ts';
import type { Settings } from '../../src-worker/contract/params.ts';
import { valuesOf } from '../../src-worker/contract/settings.ts';
import type { Shown, View } from '../../src-worker/views/view.ts';
import { reachDynamics } from './reach-dynamics.ts';
import { reaches, type Reaches } from './reaches.ts';

const job = { signal: new AbortController().signal, progress: async () => {}, seed: 0, threads: 1 };

/** What a view needs; the result of its analysis where that can be made. */
export async function shownFor(view: Pick<View, 'shows'>, size: Reaches, settings: Settings = {}): Promise<Shown> {
  const { dataset, outputs, run, curves } = reaches(size);
  const shown: Shown = { dataset, outputs, run, curves };
  if (view.shows === 'tangling') {
    const states = statesOf(dataset, 'rates', outputs);
    const result = await tangling
      .run({ states, dataset }, valuesOf(tangling.params, { draws: 5, ...settings }), job)
      .catch(() => undefined);
    return { ...shown, ...(result ? { result } : {}) };
  }
  if (view.shows === 'fixed-points') {
    const dynamics = reachDynamics(size);
    const states = statesOf(dataset, 'generator', outputs);
    const params = valuesOf(fixedPoints.params, { input: 'zero', starts: 48, ...settings });
    const result = await fixedPoints.run({ states, dataset, dynamics }, params, job).catch(() => undefined);
    return { ...shown, dynamics, states, ...(result ? { result } : {}) };
  }
  return shown;
}
