import { expect, test } from 'vitest';
import { Failure } from '../../src-worker/contract/failure.ts';
import type { Settings } from '../../src-worker/contract/params.ts';
import { makeDataset } from '../../src-worker/dataset/index.ts';
import type { Recording } from '../../src-worker/formats/format.ts';
import { array, evenRecording, fakeRecording, intervals, quietJob, range, unitTable } from './fake-recording.ts';

const failure = async (recording: Recording, settings: Settings = {}): Promise<Failure> => {
  const thrown = await makeDataset(recording, settings, quietJob()).catch((error: unknown) => error);
  expect(thrown).toBeInstanceOf(Failure);
  return thrown as Failure;
};

const counted = (values: readonly number[], shape = [10, 4, 3], more: Parameters<typeof fakeRecording>[0] = {}): Recording =>
  fakeRecording({ ...more, arrays: [array('/spikes', shape, values), ...(more.arrays ?? [])] });
const ones = new Array<number>(120).fill(1);

test.each<[string, Settings, RegExp]>([
  ['an unknown event', { align: 'go_cue_time' }, /“go_cue_time”.*start_time, stop_time/],
  ['an unknown column of conditions', { condition: 'direction' }, /“direction”.*Known are/],
  ['an unknown column in a filter', { trials: ['success=true'] }, /“success”/],
  ['an unknown column of units', { units: ['depth>3'] }, /“depth”/],
  [
    'a window outside the recording',
    { windowMs: [100_000, 101_000] },
    /No trial is left: 20 trials have a window that leaves the recording/,
  ],
  ['a window that is no whole number of bins', { windowMs: [0, 990], binMs: 20 }, /0,980 or 0,1000/],
  ['a unit that is not there', { leaveOutUnits: [4] }, /no unit in row 4/],
  ['an unknown table of trials', { intervals: 'epochs' }, /no table “epochs”.*\/intervals\/trials/],
  ['an unknown table of units', { unitsTable: '/units2' }, /\/units/],
  ['all units held out', { heldOutUnits: 'column:start' }, /unit column “start”/],
  ['a filter that leaves one unit', { leaveOutUnits: [0, 1, 2] }, /Only one unit is left: 3 units were left out as asked/],
  ['an event that is no time', { align: 'id' }, /“id”/],
  ['segments and an event at once', { segmentMs: 500, align: 'start_time' }, /either/],
  ['an array of true rates beside spike times', { truth: '/rates' }, /“\/rates”.*spike times/],
  ['bins to add together where spikes are counted', { rebinMs: 100 }, /spike times.*--bin-ms/],
  ['an overlap without segments', { overlapMs: 100 }, /--segment-ms/],
])('%s is refused in a sentence', async (_, settings, sentence) => {
  const { message, code } = await failure(evenRecording(), { windowMs: [0, 1000], binMs: 50, ...settings });
  expect(message).toMatch(sentence);
  expect(code).toMatch(/^[a-z-]+$/);
});

test('a recording without trials names the ways out', async () => {
  const epochs = intervals('/intervals/epochs', { start_time: [0], stop_time: [10] });
  const { message } = await failure(fakeRecording({ units: [unitTable([[1, 2], [3]])], intervals: [epochs] }));
  expect(message).toMatch(/fake.nwb has no table of trials.*--segment-ms.*--intervals.*\/intervals\/epochs/);
});

test('no spikes, one trial, one unit, no units', async () => {
  const starts = range(10, (k) => 1 + 2 * k);
  const trials = intervals('/intervals/trials', { start_time: starts, stop_time: starts.map((t) => t + 1) });
  const spikes = starts.map((t) => t + 0.5);
  const made = (units: number[][], table = trials) =>
    failure(fakeRecording({ units: [unitTable(units)], intervals: [table], seconds: 30 }));
  expect((await made([[], []])).code).toBe('no-spikes');
  expect((await made([starts.map((t) => t + 1.5), []])).code).toBe('no-spikes');
  expect((await made([spikes])).code).toBe('one-unit');
  expect((await made([spikes, []])).message).toMatch(/Only one unit is left: 1 unit is silent/);
  expect((await made([])).code).toBe('no-units');
  expect((await made([spikes, spikes], intervals('/intervals/trials', { start_time: [1], stop_time: [2] }))).code).toBe('one-trial');
  expect((await made([spikes, spikes], intervals('/intervals/trials', { start_time: [], stop_time: [] }))).code).toBe('no-trials');
});

test('arrays that do not fit are named with their shapes', async () => {
  expect((await failure(counted(ones))).message).toMatch(/how long a bin of \/spikes is.*--bin-ms/);
  expect((await failure(counted(ones), { counts: '/counts', binMs: 10 })).message).toMatch(/“\/counts”.*\/spikes \(10 × 4 × 3\)/);
  expect((await failure(counted(ones, [120]), { counts: '/spikes', binMs: 10 })).message).toMatch(/the shape 120\./);
  expect((await failure(counted([...ones.slice(1), -1]), { binMs: 10 })).message).toMatch(/trial 9, bin 3, unit 2 in \/spikes is -1/);
  expect((await failure(counted([0.5, ...ones.slice(1)]), { binMs: 10 })).message).toMatch(/is 0.5, which is no count/);
  expect((await failure(counted([Number.NaN, ...ones.slice(1)]), { binMs: 10 })).message).toMatch(/trial 0, bin 0, unit 0.*missing/);
  const endless = counted([...ones.slice(1), Infinity]);
  const crowded = counted([...ones.slice(1), 2 ** 60]);
  expect((await failure(crowded, { binMs: 10 })).message).toMatch(
    /trial 9, bin 3, unit 2 in \/spikes is 1.15e\+18, more spikes than a bin/,
  );
  expect((await failure(endless, { binMs: 10 })).message).toMatch(/trial 9, bin 3, unit 2 in \/spikes is Infinity/);
  expect((await failure(endless, { rates: '/spikes', dtMs: 10 })).message).toMatch(/is Infinity, which is no number/);
  expect((await failure(counted(ones), { binMs: 10, rebinMs: 25 })).message).toMatch(/25 ms is no multiple of the 10 ms bins/);
  expect((await failure(counted(ones), { binMs: 10, windowMs: [0, 80] })).message).toMatch(/covers 0 to 40 ms/);
  expect((await failure(counted(ones), { binMs: 10, align: 'start_time' })).message).toMatch(/cut into trials already/);
  expect((await failure(counted(ones), { binMs: 10, behavior: ['/spikes2'] })).message).toMatch(/“\/spikes2”/);
  expect((await failure(fakeRecording({}))).message).toMatch(/neither spike times nor an array/);
});

test('truth of another unit is refused with the ratio', async () => {
  const recording = counted(ones, [10, 4, 3], {
    arrays: [
      array(
        '/truth',
        [10, 4, 3],
        ones.map(() => 100),
      ),
    ],
  });
  expect((await failure(recording, { binMs: 10, truth: '/truth' })).message).toMatch(/100 times the mean.*--truth-unit/);
  const { truth } = await makeDataset(recording, { binMs: 10, truth: '/truth', truthUnit: 'hz' }, quietJob());
  expect(truth?.[0]).toBeCloseTo(1, 6);
});

test('a column of numbers that are no times of events is refused as one to align to', async () => {
  const starts = Array.from({ length: 10 }, (_, trial) => 100 + 2 * trial);
  const spikes = [starts.map((start) => start + 0.4), starts.map((start) => start + 0.3)];
  const trials = intervals('/intervals/trials', {
    start_time: starts,
    stop_time: starts.map((start) => start + 1),
    target: starts.map((_, trial) => trial % 4),
    go_time: starts.map((start) => start + 0.2),
  });
  const recording = fakeRecording({ units: [unitTable(spikes)], intervals: [trials] });
  const settings = { windowMs: [0, 400], binMs: 20 };
  const { code, sentence } = await failure(recording, { ...settings, align: 'target' });
  expect(code).toBe('not-times');
  expect(sentence).toMatch(/“target”/);
  expect((await makeDataset(recording, { ...settings, align: 'go_time' }, quietJob())).trials).toBe(10);
});

test('a list whose length is neither that of trials nor of units is named with both lengths', async () => {
  const lists = { arrays: [array('/condition', [9], ones.slice(0, 9)), array('/area', [4], ['A', 'A', 'B', 'B'])] };
  const recording = counted(ones, [10, 4, 3], lists);
  expect((await failure(recording, { binMs: 10, condition: '/condition' })).message).toMatch(/\/condition has 9 values.*10 trials/);
  expect((await failure(recording, { binMs: 10, trials: ['condition>0'] })).message).toMatch(/\/condition has 9 values.*10 trials/);
  expect((await failure(recording, { binMs: 10, units: ['area=A'] })).message).toMatch(/\/area has 4 values.*3 units/);
});

test('the arrays that are listed are those of numbers, and not all of very many', async () => {
  const many = Array.from({ length: 40 }, (_, k) => array(`/more${k}`, [2, 2], [1, 2, 3, 4]));
  const recording = counted(ones, [10, 4, 3], { arrays: [array('/names', [2], ['a', 'b']), ...many] });
  const { hint } = await failure(recording, { counts: '/count', binMs: 10 });
  expect(hint).toMatch(/^Known are: \/spikes \(10 × 4 × 3\), \/more0/);
  expect(hint).not.toMatch(/names/);
  expect(hint.length).toBeLessThan(400);
  expect(hint).toMatch(/and 25 more/);
});

test('a split of very few trials is advised that can be made of them', async () => {
  const { message } = await failure(evenRecording(2), { windowMs: [0, 1000], binMs: 50 });
  expect(message).toMatch(/Of 2 trials, none is left for validation.*--valid 0\.5/);
});
