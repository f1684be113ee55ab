// Behaviour in the dataset of the run at hand.

import type { State } from './store.ts';

/** Whether there is behaviour that trajectories could be coloured by. */
export function hasBehaviour({ project, run }: Pick<State, 'project' | 'run'>): boolean {
  const behavior = project?.datasets?.find(({ hash }) => hash === run?.dataset)?.settings.behavior;
  return Array.isArray(behavior) && behavior.length > 0;
}
