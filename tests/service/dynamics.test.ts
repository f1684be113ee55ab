import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { resource } from '../../src-worker/assets.ts';
import { type Service, startService } from '../../src-worker/service/service.ts';
import { readArrays, writeArrays } from '../../src-worker/store/index.ts';

let folder: string;
let service: Service;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'orrery-dynamics-'));
  service = startService({ progress: () => {}, run: () => {} });
});

afterAll(async () => {
  await service.close();
  rmSync(folder, { recursive: true, force: true });
});

/** x' = tanh(W x) of three units whose points are known: the origin, and a pair that is unstable by a flip. */
async function threeUnits(): Promise<string> {
  const path = join(folder, 'net.h5');
  const line = [-1, 0, 1];
  const W = Float64Array.from({ length: 9 }, (_, at) => -line[(Math.floor(at / 3) + (at % 3)) % 3]);
  const starts = Float64Array.from({ length: 81 }, (_, at) => (Math.floor(Math.floor(at / 3) / 3 ** (at % 3)) % 3) - 1);
  await writeArrays(path, {
    W: { values: W, shape: [3, 3], axes: ['target', 'source'], unit: '' },
    begin: { values: starts, shape: [27, 3], axes: ['start', 'unit'], unit: '' },
  });
  return path;
}

const fit = { data: {}, seed: 0, device: 'auto', threads: 1 };

test('a network from elsewhere is a run without scores, and its fixed points are all found, again from what was kept', async () => {
  const project = join(folder, 'net.orrery');
  const recording = await threeUnits();
  const begun = await service.startFit({ ...fit, project, recording, model: 'network', settings: { weights: '/W', starts: '/begin' } });
  const run = await service.waitForRun({ project, run: begun.id });
  expect(run.failure).toBeUndefined();
  expect(run.report?.bitsPerSpike).toBeUndefined();

  const out = join(folder, 'points.h5');
  const report = await service.analyze({ project, run: 'latest', analysis: 'fixed-points', settings: {}, out }, 'points');
  expect(report.starts).toBe(27);
  expect(report.notConverged).toBe(0);
  expect(report.missedEstimate).toBe(0);
  expect(report.points?.map(({ kind, unstable }) => [kind, unstable])).toEqual(
    expect.arrayContaining([
      ['fixed', 1],
      ['fixed', 1],
      ['fixed', 2],
    ]),
  );
  expect(report.points).toHaveLength(3);
  expect(report.points?.reduce((sum, { starts }) => sum + starts, 0)).toBe(27);
  expect((await readArrays(out)).eigenvaluesRe.shape).toEqual([3, 3]);
  const again = await service.analyze({ project, run: 'latest', analysis: 'fixed-points', settings: {} }, 'points');
  expect(again.points).toEqual(report.points);

  const scene = service.scene({ project, run: 'latest', view: 'raster', settings: {}, width: 300, height: 200 }, 'scene');
  await expect(scene).rejects.toMatchObject({ code: expect.any(String), hint: expect.any(String) });
});

test('points are listed with their modes, and followed to another input', async () => {
  const path = join(folder, 'driven.h5');
  // x' = tanh(0.5 x + u): one point, at u = 0 and elsewhere.
  await writeArrays(path, {
    W: { values: Float64Array.of(0.5, 0, 0, 0.25), shape: [2, 2], axes: ['target', 'source'], unit: '' },
    V: { values: Float64Array.of(1, 0), shape: [2, 1], axes: ['target', 'input'], unit: '' },
  });
  const project = join(folder, 'driven.orrery');
  const settings = { weights: '/W', inputWeights: '/V', dtMs: 10 };
  const begun = await service.startFit({ ...fit, project, recording: path, model: 'network', settings });
  await service.waitForRun({ project, run: begun.id });
  const asked = { project, run: begun.id, settings: { input: 'zero', starts: 8 } };
  const here = await service.points(asked, 'points');
  expect(here).toMatchObject({ kind: 'map', stepMs: 10, held: [0], isFollowed: false, states: ['generator'] });
  expect(here.inputs).toHaveLength(1);
  expect(here.modes[0]!.map(({ re }) => re)).toEqual([expect.closeTo(0.5, 12), expect.closeTo(0.25, 12)]);
  expect(here.modes[0]![0]!.timeMs).toBeCloseTo(10 / Math.LN2, 9);
  const there = await service.points({ ...asked, held: [0.7] }, 'points');
  const x = there.points[0]!.position[0]!;
  expect(there).toMatchObject({ held: [0.7], isFollowed: true });
  expect(Math.tanh(0.5 * x + 0.7)).toBeCloseTo(x, 12);
  const draw = {
    project,
    run: begun.id,
    view: 'phase-portrait',
    analysis: asked.settings,
    held: [0.7],
    settings: {},
    width: 300,
    height: 200,
  };
  expect((await service.scene(draw, 'scene')).subtitle).toMatch(/^u = \(0.7\)/);
  await expect(service.points({ ...asked, held: [1, 2] }, 'points')).rejects.toMatchObject({ code: 'input-values' });
});

test('a ReLU network that rests on its kink says that no Jacobian exists there', async () => {
  const path = join(folder, 'relu.h5');
  await writeArrays(path, { W: { values: Float64Array.of(0.5, 0, 0, 0.5), shape: [2, 2], axes: ['target', 'source'], unit: '' } });
  const project = join(folder, 'relu.orrery');
  const begun = await service.startFit({ ...fit, project, recording: path, model: 'network', settings: { map: 'relu' } });
  await service.waitForRun({ project, run: begun.id });
  const asked = { project, run: begun.id, analysis: 'fixed-points', settings: { starts: 10 } };
  const { points, notes } = await service.analyze(asked, 'points');
  expect(points?.map(({ position }) => Math.hypot(...position) < 1e-9)).toEqual([true]);
  expect(notes.join(' ')).toMatch(/At 1 of 1 points a unit lies on the kink/);
});

test('what needs trials says that a network has none', async () => {
  const project = join(folder, 'trials.orrery');
  const begun = await service.startFit({ ...fit, project, recording: await threeUnits(), model: 'network', settings: {} });
  await service.waitForRun({ project, run: begun.id });
  const none = {
    code: 'no-trials',
    sentence: expect.stringMatching(/network from elsewhere/),
    hint: expect.stringContaining('fixed-points'),
  };
  const at = { project, run: begun.id, settings: {} };
  for (const view of ['tangling', 'raster', 'rates'])
    await expect(service.scene({ ...at, view, width: 300, height: 200 }, view)).rejects.toMatchObject(none);
  for (const analysis of ['tangling', 'jpca']) await expect(service.analyze({ ...at, analysis }, analysis)).rejects.toMatchObject(none);
});

test('a network that leaves all bounds from everywhere, and weights that are not numbers, are sentences with a remedy', async () => {
  const written = async (name: string, W: number[], shape: number[], more: Record<string, number[]> = {}) => {
    const path = join(folder, `${name}.h5`);
    const arrays = Object.entries({ W }).map(([key, values]) => [
      key,
      { values: Float64Array.from(values), shape, axes: shape.map((_, k) => `axis ${k}`), unit: '' },
    ]);
    const others = Object.entries(more).map(([key, values]) => [
      key,
      { values: Float64Array.from(values), shape: [values.length / 2, 2], axes: ['a', 'b'], unit: '' },
    ]);
    await writeArrays(path, Object.fromEntries([...arrays, ...others]));
    return path;
  };
  const startOf = (recording: string, settings = {}) =>
    service.startFit({ ...fit, project: `${recording}.orrery`, recording, model: 'network', settings });
  await expect(startOf(await written('wide', [1, 2, 3, 4, 5, 6], [2, 3]))).rejects.toMatchObject({
    code: 'bad-shape',
    sentence: expect.stringMatching(/2 × 3.*square/),
  });
  await expect(startOf(await written('nan', [1, Number.NaN, 0, 1], [2, 2]))).rejects.toMatchObject({ code: 'weights-not-finite' });
  // Every start is so far out that one step overflows.
  const path = await written('away', [1e200, 0, 0, 1e200], [2, 2], { starts: [1e200, 1e200, -1e200, 1e200] });
  const begun = await startOf(path, { map: 'piecewise-linear' });
  await service.waitForRun({ project: `${path}.orrery`, run: begun.id });
  const asked = { project: `${path}.orrery`, run: begun.id, analysis: 'fixed-points', settings: {} };
  await expect(service.analyze(asked, 'away')).rejects.toMatchObject({ code: 'unbounded', hint: expect.stringMatching(/--map/) });
});

test('trials are no network, and weights are no trials', async () => {
  const project = join(folder, 'none.orrery');
  const network = { ...fit, project, recording: resource('sample.nwb'), model: 'network', settings: { weights: '/W' } };
  await expect(service.startFit(network)).rejects.toMatchObject({ sentence: expect.stringMatching(/no arrays|no array/) });
  await expect(service.startFit({ ...fit, project, recording: await threeUnits(), model: 'pca', settings: {} })).rejects.toMatchObject({
    name: 'Failure',
  });
});

test('points of an LFADS generator are found from the states that it visited; smoothing has no dynamics', async () => {
  const project = join(folder, 'lfads.orrery');
  const recording = resource('sample.nwb');
  const data = {
    align: 'move_onset_time',
    windowMs: [-200, 200],
    binMs: 40,
    trials: ['success=true', 'direction=2'],
    valid: 'every:5',
  } as const;
  const settings = { steps: 40, validateEvery: 20, generator: 16 };
  const begun = await service.startFit({ project, recording, model: 'lfads', data, settings, seed: 1, device: 'fused', threads: 1 });
  await service.waitForRun({ project, run: begun.id });
  for (const input of ['mean', 'zero']) {
    const asked = { project, run: begun.id, analysis: 'fixed-points', settings: { input, starts: 40 } };
    const { points = [], starts, notConverged = 0, recipe } = await service.analyze(asked, 'points');
    expect(starts).toBe(40);
    expect(points.reduce((sum, point) => sum + point.starts, 0) + notConverged).toBe(40);
    expect(recipe).toMatch(input === 'mean' ? /at their mean/ : /at zero/);
    for (const point of points.filter(({ kind }) => kind === 'fixed')) {
      // A fixed point of a GRU lies where its candidate does: inside (−1, 1).
      expect(point.position.every((value) => Math.abs(value) < 1)).toBe(true);
      expect(point.residual).toBeLessThan(1e-12);
      expect(point.distance).toBeGreaterThanOrEqual(0);
    }
  }
  const smooth = await service.startFit({
    project,
    recording,
    model: 'smoothing',
    data,
    settings: {},
    seed: 1,
    device: 'auto',
    threads: 1,
  });
  await service.waitForRun({ project, run: smooth.id });
  const none = service.analyze({ project, run: smooth.id, analysis: 'fixed-points', settings: {} }, 'points');
  await expect(none).rejects.toMatchObject({ code: 'no-dynamics' });
});

test('a small ReLU network is walked piece by piece, and cycles are looked for on request', async () => {
  const path = join(folder, 'pieces.h5');
  const one = (values: number[], shape: number[]) => ({
    values: Float64Array.from(values),
    shape,
    axes: shape.map((_, k) => `axis ${k}`),
    unit: '',
  });
  await writeArrays(path, {
    W: one([0, -0.64375, 0.52505308, 0], [2, 2]),
    b: one([0.37298253, -0.97931491], [2]),
    a: one([0.8377689, 0.96461297], [2]),
  });
  const project = join(folder, 'pieces.orrery');
  const settings = { map: 'piecewise-linear', diagonal: '/a' };
  const begun = await service.startFit({ ...fit, project, recording: path, model: 'network', settings });
  await service.waitForRun({ project, run: begun.id });
  const asked = { project, run: begun.id, analysis: 'fixed-points', settings: { starts: 20, cycles: 2 } };
  const { points, enumeration, cycles, notes, missedEstimate } = await service.analyze(asked, 'points');
  expect(points?.map(({ kind, stability, position }) => [kind, stability, position[0]])).toEqual([
    ['fixed', 'unstable', expect.closeTo(1.87241987, 7)],
  ]);
  expect(enumeration).toEqual({ pieces: 4, points: 1, border: 0, lines: 0, singular: 0, undecided: 0, complete: true });
  expect(cycles).toEqual([]);
  expect(missedEstimate).toBe(0);
  expect(notes.join(' ')).toMatch(/All 4 pieces were walked: the list of fixed points is complete/);
});
