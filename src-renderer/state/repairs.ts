// The link beside trouble that leads to where it is mended.

import type { Failure } from '../../src-worker/contract/failure.ts';
import { chooseFile, show } from './actions.ts';
import { setTrials } from './explore.ts';
import { type RepairKind, repairKind } from './repair-kinds.ts';
import { set, useStore } from './store.ts';

interface Link {
  readonly title: string;
  onClick(): void;
}

const links: Readonly<Record<RepairKind, Link>> = {
  'all-trials': { title: 'Show all trials', onClick: () => setTrials('') },
  dataset: { title: 'To the dataset', onClick: () => show('Dataset') },
  fit: { title: 'To the fit', onClick: () => show('Fit') },
  device: { title: 'Use the device chosen for it', onClick: () => set({ device: 'auto' }) },
  recording: { title: 'Open another file…', onClick: () => chooseFile('recording') },
  project: { title: 'Open another project…', onClick: () => chooseFile('project') },
  find: { title: 'Find the recording…', onClick: () => chooseFile('recording') },
};

/** The link for a failure that is in view; undefined where nothing in the window helps. */
export function useRepair(failure: Pick<Failure, 'code'> | undefined): Link | undefined {
  const kind = useStore((state) => failure && repairKind(failure.code, state));
  return kind && links[kind];
}
