// The recordings that fits are judged on, with the fixed splits (every fifth trial validates, every fourth unit is held out) and what peers
// reach on them.

import type { Settings } from '../../src-worker/contract/params.ts';
import { realData } from '../data.ts';

export interface Subject {
  readonly name: string;
  readonly path: string | undefined;
  readonly data: Settings;
  /** What it is judged by. */
  readonly by: 'r2Truth' | 'coBitsPerSpike';
  /** lfads-torch on the same split over several settings, where it was measured; and three seeds of an earlier op-by-op model of ours. */
  readonly lfadsTorch: string;
  readonly opByOp: string;
}

const fixed = { valid: 'every:5' } as const;
const heldOut = { ...fixed, heldOutUnits: 'every:4' } as const;

export const subjects: readonly Subject[] = [
  {
    name: 'lorenz',
    path: realData('hdf5/lorenz.h5'),
    data: { ...fixed, binMs: 10, counts: '/spikes', truth: '/truth_rates' },
    by: 'r2Truth',
    lfadsTorch: '.967 to .974',
    opByOp: '.976 to .980',
  },
  {
    name: 'maze',
    path: realData('nwb/mc_maze_small.nwb'),
    data: { ...heldOut, align: 'move_onset_time', windowMs: [-250, 450], binMs: 20 },
    by: 'coBitsPerSpike',
    lfadsTorch: '.216 to .298',
    opByOp: '.295 to .303',
  },
  {
    name: 'day31',
    path: realData('hdf5/macaque_reaching_day31.h5'),
    data: { ...heldOut, binMs: 20, counts: '/spikes' },
    by: 'coBitsPerSpike',
    lfadsTorch: '.101 to .117',
    opByOp: '.114 to .118',
  },
  {
    name: 'steinmetz',
    path: realData('hdf5/steinmetz2019_session11.h5'),
    data: { ...heldOut, binMs: 10, counts: '/spikes' },
    by: 'coBitsPerSpike',
    lfadsTorch: '',
    opByOp: '.505 to .521',
  },
  {
    name: 'sample',
    path: 'resources/sample.nwb',
    data: { ...fixed, align: 'move_onset_time', windowMs: [-400, 600], binMs: 20, trials: ['success=true'], leaveOutUnits: [30, 61, 63] },
    by: 'r2Truth',
    lfadsTorch: '',
    opByOp: '.924 to .938',
  },
];
