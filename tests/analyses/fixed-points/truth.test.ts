import { expect, test } from 'vitest';
import { fixedPoints } from '../../../src-worker/analyses/fixed-points/index.ts';
import { besideTruth, truthNote } from '../../../src-worker/analyses/fixed-points/truth.ts';
import type { FixedPoint } from '../../../src-worker/contract/fixed-points.ts';
import type { States } from '../../../src-worker/contract/result.ts';
import { valuesOf } from '../../../src-worker/contract/settings.ts';
import type { Dataset } from '../../../src-worker/dataset/dataset.ts';
import type { Readouts } from '../../../src-worker/models/readout.ts';
import type { TruePoint } from '../../../src-worker/synthetic/true-points.ts';

/** Two units read from one state: log rates (x, 2 − x). */
const readouts: Readouts = {
  logRates: { of: 'log rates', unit: 'log Hz', dimensions: 2, states: 1, matrix: Float64Array.of(1, -1), bias: Float64Array.of(0, 2) },
};
const at = (name: string, x: number, eigenvalues: TruePoint['eigenvalues']): TruePoint => ({
  name,
  stability: 'stable',
  unstable: 0,
  eigenvalues,
  logRates: Float64Array.of(x, 2 - x),
});
const truth = [at('rest', -1, [[-12.5, 0]]), at('movement', 1.1, [[-3.5, 4 * Math.PI]])];

test('each true point has the nearest of those found, and the distance is in log rates', () => {
  const beside = besideTruth({ truth, readouts }, [{ position: [1] }, { position: [-1.5] }])!;
  expect(beside.map(({ nearest }) => nearest)).toEqual([
    { place: 1, apart: expect.closeTo(0.5, 12) },
    { place: 0, apart: expect.closeTo(0.1, 12) },
  ]);
  const point: FixedPoint = {
    kind: 'fixed',
    residual: 0,
    stability: 'stable',
    margin: 0.1,
    uncertainty: 0,
    unstable: 0,
    timeConstantMs: 308,
    frequencyHz: 1.93,
    starts: 3,
    position: [1],
  };
  expect(truthNote(beside, [point, { ...point, frequencyHz: 0 }])).toBe(
    'Beside the system that the recording was simulated from, without input: true rest (0 Hz, 80 ms) lies 0.5 from point 2, stable (0 Hz, 308 ms); true movement (2 Hz, 286 ms) lies 0.1 from point 1, stable (1.9 Hz, 308 ms) (root mean square of log rates over units).',
  );
  expect(besideTruth({ truth, readouts }, [])!.every(({ nearest }) => nearest === undefined)).toBe(true);
  expect(besideTruth({ readouts }, [])).toBeUndefined();
});

test('the analysis says it in its notes and its summary', async () => {
  const flow = {
    kind: 'ode',
    states: 1,
    inputs: 0,
    derivative: (x: Float64Array) => x.map((s) => 0.01 * (s - s ** 3)),
    jacobian: (x: Float64Array) => Float64Array.of(0.01 * (1 - 3 * x[0] ** 2)),
  } as const;
  const states = { values: new Float64Array(0), rows: 0, bins: 1, dimensions: 1 } as States;
  const job = { signal: new AbortController().signal, progress: async () => {}, seed: 0, threads: 1 };
  const dynamics = { flow, of: 'a test', notes: [], truth, readouts };
  const { summary, notes } = await fixedPoints.run(
    { states, dataset: {} as Dataset, dynamics },
    valuesOf(fixedPoints.params, { starts: 30 }),
    job,
  );
  expect(summary).toMatchObject({ points: 3, apartRest: expect.closeTo(0, 10), apartMovement: expect.closeTo(0.1, 10) });
  expect(notes.join(' ')).toMatch(/true movement \(2 Hz, 286 ms\) lies 0\.1 from point \d/);
});
