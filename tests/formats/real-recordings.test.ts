import { readdirSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { H5File } from '../../src-worker/formats/h5/file.ts';
import type { RecordingSummary } from '../../src-worker/contract/recording.ts';
import { openRecording } from '../../src-worker/formats/index.ts';
import { realData } from '../data.ts';
import { job } from './small-nwb.ts';

const known: readonly (readonly [string, Partial<RecordingSummary>])[] = [
  ['nwb/mc_maze_small.nwb', { format: 'nwb', units: 107, trials: 100, spikes: 32897, areas: ['PMd'] }],
  ['nwb/phy_A8604_epochs_only.nwb', { format: 'nwb', units: 3, trials: 0, spikes: 21354 }],
  ['hdf5/lorenz.h5', { format: 'hdf5', units: 30, trials: 400, seconds: 400 }],
  ['hdf5/macaque_reaching_day31.h5', { format: 'hdf5', units: 24, trials: 212 }],
  ['hdf5/steinmetz2019_session11.h5', { format: 'hdf5', units: 857, trials: 342, areas: ['CP', 'LSc', 'LSr', 'MOp', 'PT', 'root'] }],
  ['hdf5/hatsopoulos2007_psth.h5', { format: 'hdf5', units: 0, trials: 0 }],
  ['readers/matnwb_ecephys_tutorial_a.nwb', { format: 'nwb', units: 3, trials: 3, spikes: 10 }],
];

describe('real recordings', () => {
  for (const [name, expected] of known) {
    const path = realData(name);
    test.skipIf(path === undefined)(`${name} opens with what it holds`, async () => {
      const recording = await openRecording(path!, {}, job);
      expect(recording.summary).toMatchObject(expected);
      recording.close();
    });
  }

  const maze = realData('nwb/mc_maze_small.nwb');
  test.skipIf(maze === undefined)('MC_Maze small: units observed trial by trial, and a warning that its electrodes mislead', async () => {
    const recording = await openRecording(maze!, {}, job);
    const [units] = recording.unitTables();
    expect(units.observed(106)).toHaveLength(200);
    expect([...units.ids.slice(0, 2)]).toEqual([1011, 1022]);
    expect(units.columns.find(({ name }) => name === 'heldout')!.kind).toBe('boolean');
    expect(recording.summary.notes.join()).toContain('1xxx and 2xxx: do not trust their areas');
    const times = recording.summary.intervalTables[0].columns.filter(({ isTime }) => isTime).map(({ name }) => name);
    expect(times).toEqual(['start_time', 'stop_time', 'move_onset_time']);
    // Units were observed in trials alone: no window reaches further than they do.
    const [before, after] = recording.summary.intervalTables[0].columns.find(({ name }) => name === 'move_onset_time')!.reachMs!;
    expect([before, after]).toEqual([250, 450]);
    expect(recording.summary.metadata).toMatchObject({ 'subject species': 'Macaca mulatta', lab: 'Shenoy' });
  });

  const phy = realData('nwb/phy_A8604_epochs_only.nwb');
  test.skipIf(phy === undefined)('phy: epochs instead of trials, tags joined, 1087 s', async () => {
    const { summary } = await openRecording(phy!, {}, job);
    expect(Math.floor(summary.seconds)).toBe(1087);
    expect(summary.intervalTables.map(({ path }) => path)).toEqual(['/intervals/epochs']);
    expect(summary.intervalTables[0].columns.map(({ name }) => name)).toEqual(['start_time', 'stop_time', 'tags']);
  });

  const matnwb = realData('readers/matnwb_ecephys_tutorial_a.nwb');
  test.skipIf(matnwb === undefined)('MatNWB: spike times found through region references', async () => {
    const [units] = (await openRecording(matnwb!, {}, job)).unitTables();
    expect([0, 1, 2].map((row) => [...units.spikeTimes(row)])).toEqual([
      [0.1, 0.21, 0.5, 0.61],
      [0.34, 0.36, 0.66, 0.69],
      [0.4, 0.43],
    ]);
  });

  const steinmetz = realData('hdf5/steinmetz2019_session11.h5');
  test.skipIf(steinmetz === undefined)('Steinmetz: slices of counts, areas as text', async () => {
    const recording = await openRecording(steinmetz!, {}, job);
    const array = (path: string) => recording.arrays().find((found) => found.path === path)!;
    expect(array('/spikes')).toMatchObject({ shape: [342, 40, 857], type: 'uint8' });
    expect(array('/spikes').read(10, 12)).toHaveLength(2 * 40 * 857);
    expect(array('/brain_area').readText()).toHaveLength(857);
  });

  const old = realData('readers/nwb_back_compat');
  test.skipIf(old === undefined)('files by pynwb 1.0.2 to 2.2.0 all open, without units', async () => {
    const names = readdirSync(old!).filter((name) => name.endsWith('.nwb'));
    expect(names).toHaveLength(21);
    for (const name of names) {
      const recording = await openRecording(`${old}/${name}`, {}, job);
      expect(recording.summary, name).toMatchObject({ format: 'nwb', units: 0, trials: 0 });
      recording.close();
    }
  });

  const filters = realData('readers/hdf5_filters/compressed.h5');
  test.skipIf(filters === undefined)('gzip, shuffle and szip give the same numbers, scale-offset nearly', async () => {
    const file = await H5File.open(filters!);
    const gzip = file.numbers('/gzip');
    expect(gzip).toHaveLength(10_000);
    expect(file.numbers('/gzip_shuffle')).toEqual(gzip);
    expect(file.numbers('/szip')).toEqual(gzip);
    for (const [i, value] of file.numbers('/scaleoffset').entries()) expect(Math.abs(value - gzip[i])).toBeLessThan(1e-4);
    file.close();
  });
});
