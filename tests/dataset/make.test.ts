import { describe, expect, test } from 'vitest';
import type { Settings } from '../../src-worker/contract/params.ts';
import { type Dataset, makeDataset, settingsLike, TRAINING, VALIDATION } from '../../src-worker/dataset/index.ts';
import type { Recording } from '../../src-worker/formats/format.ts';
import type { ArraySource } from '../../src-worker/formats/format.ts';
import { evenRecording, fakeRecording, intervals, quietJob, range, signal, unitTable } from './fake-recording.ts';

const WINDOW = { windowMs: [0, 1000], binMs: 50, valid: 'every:5' } as const;
const make = (recording: Recording, settings: Settings = {}): Promise<Dataset> =>
  makeDataset(recording, { ...WINDOW, ...settings }, quietJob());
const why = ({ summary }: Dataset): readonly string[] => summary.left.map((left) => left.why);

describe('trials of spikes', () => {
  test('counts stand as trials × bins × units', async () => {
    const { counts, trials, bins, units, edgesMs, split } = await make(evenRecording());
    expect([trials, bins, units]).toEqual([20, 20, 4]);
    expect([edgesMs[0], edgesMs[20]]).toEqual([0, 1000]);
    const of = (trial: number, unit: number): number[] => range(bins, (bin) => counts[(trial * bins + bin) * units + unit]);
    // Unit 1 fires at 50 and 500 ms of each trial.
    for (const trial of [0, 19]) expect(of(trial, 1).flatMap((n, bin) => (n > 0 ? [bin] : []))).toEqual([1, 10]);
    expect(of(7, 3).reduce((sum, n) => sum + n)).toBe(4);
    expect([...split].filter((part) => part === VALIDATION)).toHaveLength(4);
  });

  test('rows and ids of the file stay the identities of trials and units', async () => {
    const recording = evenRecording(20, 4, { success: range(20, (k) => k % 3 !== 0) });
    const dataset = await make(recording, { trials: ['success=true'], leaveOutUnits: [1] });
    expect([...dataset.trialRows].slice(0, 4)).toEqual([1, 2, 4, 5]);
    expect([...dataset.trialIds].slice(0, 2)).toEqual([1001, 1002]);
    expect([...dataset.unitRows]).toEqual([0, 2, 3]);
    expect([...dataset.unitIds]).toEqual([100, 102, 103]);
    expect(why(dataset)).toEqual(['1 unit was left out as asked', '7 trials do not match success=true']);
    // Row 4 is the first validation trial, though it is the third in use.
    expect(dataset.split[2]).toBe(VALIDATION);
    expect(dataset.columns.find(({ name }) => name === 'start_time')?.values[0]).toBe(2.5);
  });

  test('single trials are left out by their rows', async () => {
    const dataset = await make(evenRecording(), { trials: ['row!=3|17'] });
    expect(dataset.trials).toBe(18);
    expect(dataset.summary.left).toEqual([{ what: 'trial', rows: [3, 17], why: '2 trials do not match row!=3|17' }]);
    const asked = await make(evenRecording(), { leaveOutTrials: [3, 17] });
    expect([...asked.trialRows]).toEqual([...dataset.trialRows]);
    expect(why(asked)).toEqual(['2 trials were left out as asked']);
    await expect(make(evenRecording(), { leaveOutTrials: [20] })).rejects.toMatchObject({ code: 'unknown-trial' });
  });

  test('units sorted twice are named, the one with fewer spikes second', async () => {
    const starts = range(40, (k) => 2 * k);
    const trials = intervals('/intervals/trials', { start_time: starts, stop_time: starts.map((t) => t + 1) });
    const busy = starts.flatMap((t, k) => [t + 0.1 + 0.02 * (k % 7), t + 0.6]);
    const spikes = [busy.slice(2), starts.map((t) => t + 0.8), busy];
    const dataset = await make(fakeRecording({ units: [unitTable(spikes)], intervals: [trials], seconds: 90 }));
    expect(dataset.summary.duplicates).toEqual([[2, 0]]);
  });

  test('trials whose window leaves the recording, or whose event is missing, are dropped and named', async () => {
    const onset = range(20, (k) => (k === 3 ? Number.NaN : 1.2 + 1.5 * k));
    const dataset = await make(evenRecording(20, 4, { onset_time: onset }), { align: 'onset_time', windowMs: [-1500, 500] });
    expect(why(dataset)).toEqual(['1 trial has no onset_time', '1 trial has a window that leaves the recording']);
    expect([...dataset.trialRows].slice(0, 3)).toEqual([1, 2, 4]);
    expect(dataset.summary.left.map(({ rows }) => rows)).toEqual([[3], [0]]);
  });

  test('of very many units sorted twice some are named and the others counted', async () => {
    const { warnings, duplicates = [] } = (await make(evenRecording(40, 30), { windowMs: [0, 1000], binMs: 250 })).summary;
    const about = warnings.filter((warning) => /sorted twice/.test(warning));
    expect(duplicates.length).toBeGreaterThan(20);
    expect(about).toHaveLength(7);
    expect(about.at(-1)).toBe(`${duplicates.length - 6} more pairs of units look like one unit sorted twice.`);
  });

  test('the recording reaches as far as its units were observed, also where none of them fires', async () => {
    const spikes = range(3, (u) => range(12, (k) => 3 + 2 * k + 0.1 * (u + 1)));
    const whole = range(3, () => [0, 30]);
    const recording = fakeRecording({ units: [unitTable(spikes, {}, whole)], seconds: 30 });
    const dataset = await makeDataset(recording, { segmentMs: 1000, binMs: 20 }, quietJob());
    expect(dataset.summary.left).toEqual([]);
    expect(dataset.trials).toBe(30);
  });

  test('fewer bins than units are warned of, with what helps', async () => {
    const warnings = async (trials: number) =>
      (await make(evenRecording(trials, 30), { windowMs: [0, 1000], binMs: 250 })).summary.warnings;
    expect((await warnings(8)).join(' ')).toMatch(/only 28 bins for 30 units.*narrower bins/);
    expect((await warnings(20)).join(' ')).not.toMatch(/narrower bins/);
  });

  test('a trial in which a chosen unit was not observed is dropped; without that unit it stays', async () => {
    const starts = range(12, (k) => 2 * k);
    const trials = intervals('/intervals/trials', { start_time: starts, stop_time: starts.map((t) => t + 1) });
    const spikes = range(3, (u) => starts.map((t) => t + 0.1 * (u + 1)));
    const always = [0, 100];
    // Unit 2 was lost during trials 5 and 6, and came back a microsecond late for trial 8, which is forgiven.
    const lost = [0, 10.5, 14, 15.5, 16.000001, 100];
    const recording = fakeRecording({ units: [unitTable(spikes, {}, [always, always, lost])], intervals: [trials], seconds: 30 });
    const dataset = await make(recording);
    expect(dataset.summary.left).toEqual([
      { what: 'trial', rows: [5, 6], why: '2 trials have a window in which a chosen unit was not observed (obs_intervals)' },
    ]);
    expect((await make(recording, { leaveOutUnits: [2] })).trials).toBe(12);
  });

  test('trials of which a part was observed are kept with the rest masked where that is asked', async () => {
    const starts = range(12, (k) => 2 * k);
    const trials = intervals('/intervals/trials', { start_time: starts, stop_time: starts.map((t) => t + 1) });
    const spikes = range(3, () => starts.flatMap((t) => [t + 0.1, t + 0.9]));
    const observed = starts.flatMap((t) => [t - 0.05, t + 0.5]);
    const recording = fakeRecording({ units: [unitTable(spikes, {}, [observed, observed, observed])], intervals: [trials], seconds: 30 });
    await expect(make(recording, { windowMs: [-200, 1000], binMs: 100 })).rejects.toMatchObject({ code: 'no-trials' });
    const dataset = await make(recording, { windowMs: [-200, 1000], binMs: 100, partTrials: true });
    expect(dataset.trials).toBe(12);
    // Bins from 0 to 500 ms alone lie wholly in what was observed, and the later spike in none of them.
    expect([...dataset.observed!.subarray(12, 24)]).toEqual([0, 0, 1, 1, 1, 1, 1, 0, 0, 0, 0, 0]);
    expect(range(12, (bin) => dataset.counts[(12 + bin) * 3])).toEqual([0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0]);
    expect([...dataset.spikesMs!(0, 1)]).toEqual([100]);
  });

  test('a trial may end early: the bins after it are masked and hold no spikes', async () => {
    const stop = range(20, (k) => 1.5 + 1.5 * k + (k % 2 === 0 ? 0.5 : 0));
    const dataset = await make(evenRecording(20, 4, { end_time: stop }), { until: 'end_time' });
    const observed = range(20, (k) => dataset.observed?.subarray(20 * k, 20 * k + 20).filter((is) => is === 1).length);
    expect(observed).toEqual(range(20, (k) => (k % 2 === 0 ? 20 : 10)));
    const late = range(10, (bin) => dataset.counts[(1 * 20 + 10 + bin) * 4 + 3]);
    expect(late.every((count) => count === 0)).toBe(true);
    // Nine in twenty of the bins of half of the trials are empty because nobody looked: they are not in the share.
    expect(dataset.summary.emptyShare).toBeGreaterThan(0.8);
  });

  test('the window follows from the trials where none is set', async () => {
    const dataset = await makeDataset(evenRecording(), { binMs: 30 }, quietJob());
    expect(dataset.summary.windowMs).toEqual([0, 990]);
    expect(dataset.summary.warnings[0]).toMatch(/window was chosen as 0 to 990 ms about start_time/);
  });

  test('events are told about the alignment', async () => {
    const cue = range(20, (k) => 1.25 + 1.5 * k);
    const { events } = await make(evenRecording(20, 4, { cue_time: cue }), { align: 'cue_time', windowMs: [-200, 500] });
    expect(events.map(({ name }) => name)).toEqual(['start_time', 'stop_time', 'cue_time']);
    expect(events.map(({ timeMs }) => timeMs[5])).toEqual([-250, 750, 0]);
  });

  test('silent units, and units without spikes in trials or in training trials, are left out and named', async () => {
    const starts = range(10, (k) => 1 + 2 * k);
    const every = starts.map((t) => t + 0.5);
    const spikes = [every, [], starts.map((t) => t + 1.5), [9.2], every];
    const trials = intervals('/intervals/trials', { start_time: starts, stop_time: starts.map((t) => t + 1) });
    const dataset = await make(fakeRecording({ units: [unitTable(spikes)], intervals: [trials], seconds: 22 }));
    expect(dataset.summary.left).toEqual([
      { what: 'unit', rows: [1], why: '1 unit is silent' },
      { what: 'unit', rows: [2], why: '1 unit has no spikes in trials' },
      { what: 'unit', rows: [3], why: '1 unit has no spikes in training trials' },
    ]);
    expect([...dataset.unitRows]).toEqual([0, 4]);
    expect(dataset.counts).toHaveLength(10 * 20 * 2);
  });

  test('held-out units go by the row in the table', async () => {
    const dataset = await make(evenRecording(20, 9), { heldOutUnits: 'every:4', leaveOutUnits: [0] });
    expect([...dataset.heldOut]).toEqual([0, 0, 1, 0, 0, 0, 1, 0]);
    expect(dataset.summary.heldOutUnits).toBe(2);
  });

  test('units are chosen by area and by rate', async () => {
    const starts = range(10, (k) => 1 + 2 * k);
    const spikes = range(4, (u) => starts.flatMap((t) => range(u + 1, (j) => t + 0.1 * (j + 1))));
    const units = unitTable(spikes, {}, undefined, ['M1', 'M1', 'PMd', 'PMd']);
    const trials = intervals('/intervals/trials', { start_time: starts, stop_time: starts.map((t) => t + 1) });
    const recording = fakeRecording({ units: [units], intervals: [trials], seconds: 20 });
    expect((await make(recording, { units: ['area=PMd'] })).areas).toEqual(['PMd', 'PMd']);
    expect([...(await make(recording, { units: ['rate>=1'] })).unitRows]).toEqual([1, 2, 3]);
  });

  test('known rates are asked of another recording only where it has them', async () => {
    const { recipe, unitRows } = await make(evenRecording(20, 4, {}), {});
    const trained = { recipe: { ...recipe, settings: { ...recipe.settings, truth: 'rates' } }, unitRows };
    const other = (paths: readonly string[]) => ({ arrays: () => paths.map((path) => ({ path }) as ArraySource) });
    expect(settingsLike(trained, {}, other(['/rates']))).toMatchObject({ truth: 'rates' });
    expect(settingsLike(trained, {}, other(['/counts']))).not.toHaveProperty('truth');
    expect(settingsLike(trained, { truth: 'mine' }, other([]))).toMatchObject({ truth: 'mine' });
  });

  test('another recording gets the units of a dataset, silent or not', async () => {
    const dataset = await make(evenRecording(20, 6), { leaveOutUnits: [1], heldOutUnits: 'every:4' });
    const starts = range(12, (k) => 2 * k);
    const spikes = range(6, (u) => (u === 4 ? [] : starts.map((t) => t + 0.1)));
    const trials = intervals('/intervals/trials', { start_time: starts, stop_time: starts.map((t) => t + 1) });
    const other = await makeDataset(
      fakeRecording({ units: [unitTable(spikes)], intervals: [trials], seconds: 30 }),
      settingsLike(dataset),
      quietJob(),
    );
    expect([...other.unitRows]).toEqual([0, 2, 3, 4, 5]);
    expect([...other.heldOut]).toEqual([...dataset.heldOut]);
  });

  test('the hash follows what the user set, and nothing else', async () => {
    const [a, b, c] = await Promise.all([make(evenRecording()), make(evenRecording()), make(evenRecording(), { splitSeed: 1 })]);
    expect(a.hash).toBe(b.hash);
    expect(a.hash).not.toBe(c.hash);
    expect(a.recipe.settings).toEqual(WINDOW);
  });
});

describe('what goes with the trials', () => {
  const times = range(4000, (k) => k / 100);

  test('behaviour is averaged into bins, derivatives are per second', async () => {
    const ramp = signal(
      '/processing/behavior/position',
      times,
      times.map((t) => 3 * t),
    );
    const starts = range(12, (k) => 1 + 2 * k);
    const recording = fakeRecording({
      units: [unitTable(range(2, () => starts.map((t) => t + 0.2)))],
      intervals: [intervals('/intervals/trials', { start_time: starts, stop_time: starts.map((t) => t + 1) })],
      signals: [ramp],
      seconds: 40,
    });
    const { behaviors } = await make(recording, { behavior: ['position', 'd:position'] });
    // Samples at 0, 10 … 40 ms of a bin from 1 s on have the mean 1.02 s.
    expect(behaviors[0].values[0]).toBeCloseTo(3 * 1.02, 5);
    expect(behaviors[1]).toMatchObject({ name: 'd:position', unit: 'cm/s/s' });
    for (const slope of behaviors[1].values) expect(slope).toBeCloseTo(3, 3);
    await expect(make(recording, { behavior: ['speed'] })).rejects.toThrow(/no signal “speed”.*\/processing\/behavior\/position/);
  });

  test('slow signals are joined by lines, gaps stay missing', async () => {
    const slow = range(200, (k) => k / 5).filter((t) => t < 3.1 || t > 5.3);
    const starts = range(12, (k) => 1 + 2 * k);
    const recording = fakeRecording({
      units: [unitTable(range(2, () => starts.map((t) => t + 0.2)))],
      intervals: [intervals('/intervals/trials', { start_time: starts, stop_time: starts.map((t) => t + 1) })],
      signals: [signal('/pupil', slow, slow)],
      seconds: 40,
    });
    const { behaviors } = await make(recording, { behavior: ['pupil'] });
    const first = behaviors[0].values.subarray(0, 20);
    expect(first[1]).toBeCloseTo(1.075, 5);
    expect(behaviors[0].values.subarray(20, 40).some(Number.isNaN)).toBe(true);
    await expect(make(recording, { external: ['pupil'] })).rejects.toThrow(/no value in part of trial 1/);
  });

  test('of a signal too long to read whole, only what trials need is read', async () => {
    let read = 0;
    const long = {
      ...signal('/voltage', [], []),
      samples: 2 ** 27,
      read: (from: number, to: number) => {
        read += to - from;
        const times = Float64Array.from({ length: to - from }, (_, k) => (from + k) / 30_000);
        return { times, values: times };
      },
    };
    const starts = range(12, (k) => 1 + 2 * k);
    const recording = fakeRecording({
      units: [unitTable(range(2, () => starts.map((t) => t + 0.2)))],
      intervals: [intervals('/intervals/trials', { start_time: starts, stop_time: starts.map((t) => t + 1) })],
      signals: [long],
      seconds: 4000,
    });
    const { behaviors } = await make(recording, { behavior: ['voltage'] });
    expect(behaviors[0].values[3 * 20]).toBeCloseTo(7.025, 3);
    expect(read).toBeLessThan(13 * 30_000);
  });

  test('external inputs: a pulse, a step, one channel per value, a number', async () => {
    const cue = range(20, (k) => 1.22 + 1.5 * k);
    const recording = evenRecording(20, 4, {
      cue_time: cue,
      side: range(20, (k) => (k % 2 ? 'right' : 'left')),
      force: range(20, (k) => k),
    });
    const { external } = await make(recording, {
      external: ['pulse:cue_time', 'step:cue_time', 'one-hot:side@cue_time', 'value:force'],
    });
    expect(external?.channels).toEqual(['pulse:cue_time', 'step:cue_time', 'side left', 'side right', 'force']);
    const at = (trial: number, bin: number): number[] => [
      ...(external?.values.subarray((trial * 20 + bin) * 5, (trial * 20 + bin) * 5 + 5) ?? []),
    ];
    // The cue comes at 220 ms: 60 % of bin 4 (200 to 250 ms) lie after it.
    expect(at(3, 3)).toEqual([0, 0, 0, 0, 3]);
    expect(at(3, 4).map((v) => Math.round(v * 100) / 100)).toEqual([1, 0.6, 0, 0.6, 3]);
    expect(at(4, 5)).toEqual([0, 1, 1, 0, 4]);
    const some = await make(recording, { external: ['one-hot:side@cue_time'], trials: ['side=left'] });
    expect(some.external?.channels).toEqual(['side left', 'side right']);
    expect(some.external?.values.subarray(16, 20)).toEqual(Float32Array.of(1, 0, 1, 0));
  });

  test('conditions are counted per part of the split; trials without one stay and are named', async () => {
    const recording = evenRecording(20, 4, { side: range(20, (k) => (k === 7 ? '' : k % 2 ? 'right' : 'left')) });
    const { conditions, summary } = await make(recording, { condition: 'side' });
    expect(summary.conditions).toEqual([
      { name: 'left', training: 8, validation: 2, test: 0 },
      { name: 'right', training: 7, validation: 2, test: 0 },
    ]);
    expect(conditions?.of[7]).toBe(-1);
    expect(summary.warnings).toContain('The trial in row 7 has no side and stays in the fit.');
  });

  test('truth comes as counts per bin, exact where steps and bins agree', async () => {
    const truth = {
      stepSeconds: 0.01,
      rateHz: (unit: number, from: number, to: number) =>
        Float64Array.from({ length: to - from }, (_, k) => ((unit + 1) * (((from + k) % 5) + 1)) / 3),
    };
    const recording = { ...evenRecording(20, 4), truth: () => truth };
    const dataset = await make(recording);
    // Five steps of 10 ms at 1/3 to 5/3 Hz: 0.05 expected spikes in each bin of 50 ms.
    for (let u = 0; u < 4; u++) expect(dataset.truth?.[4 * 33 + u]).toBeCloseTo(0.05 * (u + 1), 6);
    expect(dataset.summary.hasTruth).toBe(true);
    const tenfold = { ...truth, rateHz: (unit: number, from: number, to: number) => truth.rateHz(unit, from, to).map((hz) => 10 * hz) };
    await expect(make({ ...recording, truth: () => tenfold })).rejects.toThrow(/times the mean of the counts/);
  });
});

describe('warnings', () => {
  test('few trials and few spikes', async () => {
    const { summary } = await make(evenRecording(10, 2), { leaveOutUnits: [] });
    expect(summary.warnings.join()).toMatch(/Only 10 trials/);
    const sparse = evenRecording(60, 2);
    const units = unitTable([range(30, (k) => 1.2 + 3 * k), range(30, (k) => 1.7 + 3 * k)]);
    expect((await make({ ...sparse, unitTables: () => [units] })).summary.warnings.join()).toMatch(/Only 0.50 spikes per unit and trial/);
  });

  test('a unit sorted twice', async () => {
    const starts = range(60, (k) => 1 + 1.5 * k);
    const random = (seed: number): number[] =>
      starts.flatMap((t, k) => range(6, (j) => t + ((seed * (k + 3) * 37 + j * 167 + k * k * 11) % 997) / 1000));
    const [a, b] = [random(7), random(13)];
    const spikes = [a, b, a.filter((_, k) => k % 20 !== 0).map((t) => t + 1e-4)];
    const trials = intervals('/intervals/trials', { start_time: starts, stop_time: starts.map((t) => t + 1) });
    const { summary } = await make(fakeRecording({ units: [unitTable(spikes)], intervals: [trials], seconds: 95 }));
    expect(summary.warnings.filter((text) => /sorted twice/.test(text))).toEqual([expect.stringMatching(/rows 0 and 2/)]);
  });

  test('times in milliseconds', async () => {
    const recording = evenRecording(20, 4);
    const [table] = recording.unitTables();
    const slow = { ...table, spikeTimes: (row: number) => table.spikeTimes(row).map((t) => 1000 * t) };
    const [trials] = recording.intervalTables();
    const starts = range(20, (k) => 1000 + 1500 * k);
    const late = {
      ...trials,
      columns: intervals('/intervals/trials', { start_time: starts, stop_time: starts.map((t) => t + 1000) }).columns,
    };
    const inMs = {
      ...recording,
      unitTables: () => [slow],
      intervalTables: () => [late],
      summary: { ...recording.summary, seconds: 32500 },
    };
    const { summary } = await makeDataset(inMs, { windowMs: [0, 1_000_000], binMs: 50_000 }, quietJob());
    expect(summary.warnings.join()).toMatch(/look like milliseconds/);
    expect((await make(recording)).summary.warnings.join()).not.toMatch(/milliseconds/);
  });
});

test('training trials are the rest', async () => {
  const { split, summary } = await make(evenRecording());
  expect(split.filter((part) => part === TRAINING)).toHaveLength(16);
  expect([summary.trainingTrials, summary.validationTrials, summary.testTrials]).toEqual([16, 4, 0]);
});
