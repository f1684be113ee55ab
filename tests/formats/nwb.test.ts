import { describe, expect, test } from 'vitest';
import { Failure } from '../../src-worker/contract/failure.ts';
import type { Recording } from '../../src-worker/formats/format.ts';
import { openRecording } from '../../src-worker/formats/index.ts';
import type { ArrayNode, GroupNode, Node, Values } from '../../src-worker/synthetic/hdf5/types.ts';
import { group, table, textArray, typed } from '../../src-worker/synthetic/nwb.ts';
import { array, floats, job, nwbBytes, smallParts, units, written } from './small-nwb.ts';

let files = 0;
/** Opens the small recording with some of its parts replaced; `undefined` takes a part away. */
async function open(parts: Readonly<Record<string, Node | undefined>> = {}, settings = {}): Promise<Recording> {
  const all = Object.entries({ ...smallParts(), ...parts }).filter((entry): entry is [string, Node] => entry[1] !== undefined);
  files += 1;
  return openRecording(written(`${files}.nwb`, nwbBytes(Object.fromEntries(all))), settings, job);
}

const column = (recording: Recording, name: string) => recording.intervalTables()[0].columns.find((found) => found.name === name);
const times = (recording: Recording) => [0, 1, 2].map((row) => [...recording.unitTables()[0].spikeTimes(row)]);

describe('an NWB file', () => {
  test('gives units with their spikes, observed time and what their electrodes say', async () => {
    const recording = await open();
    const [table] = recording.unitTables();
    expect(recording.summary).toMatchObject({ format: 'nwb', units: 3, trials: 2, spikes: 5, areas: ['M1', 'PMd'], notes: [] });
    expect(times(recording)).toEqual([[0.1, 0.2, 0.9], [], [1.5, 2.5]]);
    expect([...table.observed(0)!]).toEqual([0, 1, 2, 3]);
    expect([...table.observed(1)!]).toEqual([]);
    expect(table.areas).toEqual(['PMd', 'M1', 'PMd']);
    const values = Object.fromEntries(table.columns.map((found) => [found.name, Array.from<number | string>(found.values)]));
    expect(values).toMatchObject({ area: ['PMd', 'M1', 'PMd'], probe: ['b', 'a', 'b'], shank: ['1', '0', '1'], depth: [40, 20, 40] });
  });

  test('gives trials with every kind of column, and says which are times', async () => {
    const recording = await open();
    expect([...(column(recording, 'success')!.values as Float64Array)]).toEqual([1, 0]);
    expect(column(recording, 'success')!.kind).toBe('boolean');
    expect(column(recording, 'tags')!.values).toEqual(['a, b', 'c']);
    const summary = recording.summary.intervalTables[0].columns;
    expect(summary.filter(({ isTime }) => isTime).map(({ name }) => name)).toEqual(['start_time', 'stop_time', 'go_cue_time']);
    expect(summary.find(({ name }) => name === 'go_cue_time')).toMatchObject({ missing: 1, description: 'Go' });
    expect(summary.find(({ name }) => name === 'side')).toMatchObject({ missing: 1, values: ['left'] });
  });

  test('gives a stretch of behaviour, first sample in, last one out', async () => {
    const [hand] = (await open()).signals();
    expect(hand).toMatchObject({ title: 'hand', unit: 'cm', channels: ['x', 'y'], samples: 300 });
    const { times, values } = hand.read(1, 1.03);
    expect([...times]).toEqual([1, 1.01, 1.02]);
    expect([...values]).toEqual([200, 201, 202, 203, 204, 205]);
    expect(hand.read(-5, 0).times).toHaveLength(0);
    expect(hand.read(-Infinity, Infinity).times).toHaveLength(300);
  });

  test('hands text on as text, markup or not', async () => {
    const markup = '<img src=x onerror=alert(1)> =1+1';
    expect((await open({ session_description: textArray(markup) })).summary.metadata.session_description).toBe(markup);
  });
});

describe('legal oddities of NWB', () => {
  test.each<readonly [string, Values]>([
    ['uint16', Uint16Array.of(3, 3, 5)],
    ['int32', Int32Array.of(3, 3, 5)],
    ['uint32', Uint32Array.of(3, 3, 5)],
    ['whole float64', Float64Array.of(3, 3, 5)],
  ])('an index of type %s', async (_, ends) => {
    expect(times(await open({ units: units(Float64Array.of(1, 2, 3, 4, 5), ends) }))).toEqual([[1, 2, 3], [], [4, 5]]);
  });

  test('spike times out of order are sorted, those that are no numbers left out, and both are said', async () => {
    const recording = await open({ units: units(Float64Array.of(3, 1, 2, NaN, 5), Uint8Array.of(3, 3, 5)) });
    expect(times(recording)).toEqual([[1, 2, 3], [], [5]]);
    expect(recording.summary.spikes).toBe(4);
    expect(recording.summary.notes).toEqual([
      'Spike times in /units were not in order and were sorted: row 0.',
      'Spike times in /units that are no numbers were left out: row 2.',
    ]);
  });

  test('a starting time that is no number, or in a list of one', async () => {
    const hand = (start: ArrayNode): GroupNode => group({ hand: group({ data: floats(1, 2, 3), starting_time: start }) });
    const rate = { rate: { shape: [], values: Float64Array.of(10) } };
    const lost = await open({ processing: hand(array(Float64Array.of(NaN), [], rate)) });
    expect(lost.signals()[0].read(0, 1).times).toEqual(Float64Array.of(0, 0.1, 0.2));
    expect(lost.summary.notes.join()).toContain('/processing/hand is no number and is taken as 0 s');
    const listed = await open({ processing: hand(array(Float64Array.of(2), [1], { rate: { shape: [1], values: Float64Array.of(10) } })) });
    expect(listed.signals()[0].read(0, 3).times).toEqual(Float64Array.of(2, 2.1, 2.2));
  });

  test('timestamps out of order are sorted with their samples, and conversion is applied', async () => {
    const data = array(Float64Array.of(3, 1, 2), [3], { conversion: { shape: [], values: Float64Array.of(0.5) } });
    const recording = await open({ processing: group({ hand: group({ data, timestamps: floats(3, 1, 2) }) }) });
    const { times, values } = recording.signals()[0].read(1.5, 10);
    expect([...times]).toEqual([2, 3]);
    expect([...values]).toEqual([1, 1.5]);
  });

  test('ids that stand twice and trials that end before they start are said', async () => {
    const { trials } = (smallParts().intervals as GroupNode).members;
    const turned = { ...(trials as GroupNode), members: { ...(trials as GroupNode).members, stop_time: floats(1, 1.5) } };
    const made = units(Float64Array.of(1, 2, 3, 4, 5), Uint8Array.of(3, 3, 5));
    const twice = { ...made, members: { ...made.members, id: array(Int32Array.of(7, 8, 7), [3]) } };
    const { notes } = (await open({ units: twice, intervals: group({ trials: turned }) })).summary;
    expect(notes).toEqual([
      'Ids in /units are not unique (7): units are told apart by row.',
      'Rows of /intervals/trials end before they start: row 1.',
    ]);
  });

  test('trials without an end, trials at the root', async () => {
    const trials = group({ id: array(Int32Array.of(0, 1), [2]), start_time: floats(0, 2) }, typed('/trials', 'TimeIntervals'));
    const recording = await open({ intervals: undefined, trials });
    expect(recording.summary.trials).toBe(2);
    expect([...(column(recording, 'stop_time')!.values as Float64Array)]).toEqual([NaN, NaN]);
  });

  test('no trials, no units, no spikes', async () => {
    expect((await open({ intervals: undefined })).summary.trials).toBe(0);
    expect((await open({ units: undefined })).summary).toMatchObject({ units: 0, spikes: 0 });
    expect((await open({ units: units(new Float64Array(), Uint8Array.of(0, 0, 0)) })).summary).toMatchObject({ units: 3, spikes: 0 });
  });

  test('one unit in a table elsewhere, and a choice between tables', async () => {
    const other = table('/processing/sorted/units', 'Units', '', 1, [
      { name: 'spike_times', about: '', values: Float64Array.of(7), shape: [1], ends: Uint8Array.of(1) },
    ]);
    const processing = group({ sorted: group({ units: other }) });
    expect((await open({ processing, units: undefined })).summary).toMatchObject({ units: 1, spikes: 1 });
    const both = await open({ processing });
    expect(both.unitTables().map(({ path }) => path)).toEqual(['/units', '/processing/sorted/units']);
    expect(both.summary.notes.join()).toContain('2 tables of units');
    expect((await open({ processing }, { unitsTable: '/processing/sorted/units' })).summary.units).toBe(1);
    await expect(open({ processing }, { unitsTable: '/nowhere' })).rejects.toMatchObject({
      code: 'no-table',
      hint: expect.stringContaining('/units'),
    });
  });
});

describe('what breaks the rules of NWB is refused with the name of the column', () => {
  test.each<readonly [string, Values, RegExp]>([
    ['past its data', Uint8Array.of(3, 3, 6), /spike_times_index .*value 6 in row 2, past its data of 5/],
    ['falling', Uint8Array.of(3, 2, 5), /spike_times_index .*falls from 3 to 2 in row 1/],
    ['negative', Int32Array.of(-1, 3, 5), /spike_times_index .*-1 in row 0/],
    ['broken', Float64Array.of(1.5, 3, 5), /spike_times_index .*1.5 in row 0/],
    ['of text', ['a', 'b', 'c'], /spike_times_index .*no list of indices/],
  ])('an index %s', async (_, ends, sentence) => {
    const attempt = open({ units: units(Float64Array.of(1, 2, 3, 4, 5), ends) });
    await expect(attempt).rejects.toThrow(Failure);
    await expect(attempt).rejects.toMatchObject({ code: 'bad-index', sentence: expect.stringMatching(sentence) });
  });

  test('spike times that are text', async () => {
    const whole = units(Float64Array.of(1), Uint8Array.of(1, 1, 1));
    const broken: GroupNode = { ...whole, members: { ...whole.members, spike_times: array(['one'], [1]) } };
    await expect(open({ units: broken })).rejects.toMatchObject({
      code: 'bad-spikes',
      sentence: expect.stringContaining('/units/spike_times'),
    });
  });
});
