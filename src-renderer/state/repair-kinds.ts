// Where trouble of a kind is mended, by its code: what a link beside the sentence leads to.

import type { State } from './store.ts';

export type RepairKind = 'all-trials' | 'dataset' | 'fit' | 'device' | 'recording' | 'project' | 'find';

const kinds: Readonly<Record<RepairKind, readonly string[]>> = {
  'all-trials': ['no-trials', 'bad-filter', 'too-few-trials', 'unknown-trial', 'unknown-column'],
  dataset: [
    ...['no-trials', 'too-few-trials', 'no-training-trials', 'no-validation-trials', 'bad-filter', 'bad-split', 'unknown-column'],
    ...[
      'window-outside',
      'window-not-bins',
      'outside-window',
      'no-window',
      'too-few-bins',
      'one-bin',
      'no-bin-width',
      'rebin-not-multiple',
    ],
    ...['no-conditions', 'too-few-conditions', 'too-many-conditions', 'empty-condition', 'one-region', 'no-behaviour', 'no-behavior'],
    ...['no-units', 'one-unit', 'unknown-unit', 'no-spikes', 'constant-units', 'held-out-units', 'no-segments', 'gap-in-input'],
  ],
  fit: [
    ...['no-outputs', 'no-checkpoint', 'no-runs', 'no-finished-run', 'no-curves', 'not-finite', 'unknown-run', 'outputs-incomplete'],
    ...[
      'no-initial-conditions',
      'no-inputs',
      'no-dynamics',
      'no-readout',
      'not-constrained',
      'not-tested',
      'no-weights',
      'one-seed',
      'no-truth',
    ],
  ],
  device: ['device-missing', 'device-wrong', 'device-software', 'device-lost', 'unknown-device'],
  recording: [
    ...['no-file', 'unreadable-file', 'unknown-format', 'damaged-file', 'truncated-file', 'empty-file', 'not-a-file', 'not-here'],
    ...['outside-root', 'no-folder', 'no-grant', 'not-copied', 'no-path', 'old-nwb', 'no-counts'],
  ],
  project: ['not-a-project', 'no-project', 'project-damaged', 'project-too-new', 'not-a-folder'],
  find: ['recording-missing'],
};

/** What would mend it here; undefined where the user is already where that is done, or where nothing in the window helps. */
export function repairKind(code: string, { screen, trials, device }: Pick<State, 'screen' | 'trials' | 'device'>): RepairKind | undefined {
  const fits = (kind: RepairKind): boolean => kinds[kind].includes(code);
  if (fits('all-trials') && trials !== undefined && screen === 'Explore') return 'all-trials';
  if (fits('dataset') && screen !== 'Dataset') return 'dataset';
  if (fits('fit') && screen !== 'Fit') return 'fit';
  if (fits('device') && device !== 'auto') return 'device';
  return (['recording', 'project', 'find'] as const).find(fits);
}
