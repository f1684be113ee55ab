// Whole fits of a rate network: a known system found again, ranks told apart, forcing that goes on, and what is refused.

import { describe, expect, test } from 'vitest';
import { search } from '../../../src-worker/analyses/fixed-points/search.ts';
import { fieldOf } from '../../../src-worker/analyses/fixed-points/field.ts';
import { Failure } from '../../../src-worker/contract/failure.ts';
import type { Dataset } from '../../../src-worker/dataset/index.ts';
import type { Checkpoint } from '../../../src-worker/models/model.ts';
import { factsOf } from '../../../src-worker/models/rate-rnn/facts.ts';
import { networkOf } from '../../../src-worker/models/rate-rnn/flow.ts';
import { rateRnn } from '../../../src-worker/models/rate-rnn/index.ts';
import { chosenRank, isEnough, isFar } from '../../../src-worker/models/rate-rnn/rank-chosen.ts';
import { readStates } from '../../../src-worker/models/readout.ts';
import { bestWeights } from '../../../src-worker/training/loop.ts';
import { turningDataset, turningRates } from '../../metrics/small-dataset.ts';
import { fitAndInfer, fitJob, infer, perBin } from '../fits.ts';
import { BIN_MS, bistable, KAPPA, logRate, TAU_MS } from './bistable.ts';

const QUICK = { steps: 8, validateEvery: 4, batch: 16, hidden: 6, encoder: 4 };

const refusal = async (run: () => unknown): Promise<Failure> => {
  try {
    await run();
  } catch (thrown) {
    if (thrown instanceof Failure) return thrown;
  }
  throw new Error('It was not refused.');
};

test('fixed points of a known network of rank 1 are found again from its spikes', { timeout: 60_000 }, async () => {
  const dataset = await bistable();
  const settings = { rank: '1', tauMs: TAU_MS, hidden: 24, encoder: 16, steps: 1000, batch: 32 };
  const resolved = rateRnn.resolve(dataset, settings);
  const { outcome, outputs } = await fitAndInfer(rateRnn, dataset, settings);
  const flow = rateRnn.flow!(outcome.checkpoint, resolved);
  const states = outputs.generator;
  const last = (k: number) => states.values.subarray((k * 40 + 39) * 24, (k + 1) * 40 * 24);
  // From where trials end, and from between any two of them.
  const starts = Array.from({ length: 120 }, (_, k) =>
    Float64Array.from(last(k), (x, i) => x + ((k % 11) / 10) * (last((7 * k) % 120)[i] - x)),
  );
  const found = await search(fieldOf(flow, new Float64Array(0)), starts, { margin: 1e-4, usualSpeed: 0.1 }, fitJob());
  const fixed = found.points.filter(({ kind }) => kind === 'fixed');
  expect(fixed.map(({ stability }) => stability.verdict).sort()).toEqual(['saddle', 'stable', 'stable']);
  // Each of the true points has its like among the fitted ones, in what every unit does there.
  const { logRates } = rateRnn.readouts!(outcome.checkpoint, resolved);
  const seen = fixed.map(({ end }) => readStates(logRates!, end.x));
  for (const [kappa, within] of [
    [KAPPA, 0.2],
    [-KAPPA, 0.2],
    [0, 0.5],
  ] as const) {
    const furthest = seen.map((rates) =>
      rates.reduce((most, rate, unit) => Math.max(most, Math.abs(rate - Math.log(1000 / BIN_MS) - logRate(unit, kappa))), 0),
    );
    expect(Math.min(...furthest), `κ = ${kappa}`).toBeLessThan(within);
  }
});

describe('a fitted network', () => {
  const cases = [
    { name: 'tanh of rank 2 with inputs and substeps', settings: { rank: '2', tauMs: 30 }, external: true },
    { name: 'rectified, full', settings: { nonlinearity: 'relu' }, external: false },
  ] as const;
  test.each(cases)('moves as its flow says: $name', async ({ settings, external }) => {
    const dataset = await turningDataset(external ? { external: ['velocity'] } : {});
    const all = { ...QUICK, ...settings };
    const { outcome, outputs } = await fitAndInfer(rateRnn, dataset, all);
    const flow = rateRnn.flow!(outcome.checkpoint, rateRnn.resolve(dataset, all));
    expect(flow.states).toBe(6);
    if (flow.kind !== 'map') throw new Error('A rate network is a map.');
    const perBinSteps = Math.round(dataset.binMs / flow.stepMs);
    const at = (bin: number) => Float64Array.from(outputs.generator.values.subarray(bin * 6, bin * 6 + 6));
    for (const bin of [0, 5, 18]) {
      const u = Float64Array.from(external ? dataset.external!.values.subarray(bin, bin + 1) : []);
      let x = at(bin);
      for (let k = 0; k < perBinSteps; k++) x = Float64Array.from(flow.map(x, u));
      for (const [i, value] of at(bin + 1).entries()) expect(x[i]).toBeCloseTo(value, 5);
    }
  });

  test('is piecewise linear with rectified units, and its weights are those of the network', async () => {
    const dataset = await turningDataset();
    const settings = { ...QUICK, nonlinearity: 'relu' } as const;
    const { outcome } = await fitAndInfer(rateRnn, dataset, settings);
    expect(rateRnn.flow!(outcome.checkpoint, rateRnn.resolve(dataset, settings)).plain?.of).toBe('piecewise-linear');
    const { W } = networkOf(outcome.checkpoint);
    const own = bestWeights(outcome.checkpoint)['recurrent.W'];
    expect(W[1]).toBe(own[6]); // onto unit 0 from unit 1
  });

  test('gives κ = nᵀ φ(x) / H as factors, which drive it', async () => {
    const dataset = await turningDataset();
    const { outcome, outputs } = await fitAndInfer(rateRnn, dataset, { ...QUICK, rank: '2' });
    expect(outputs.factors.shape).toEqual([40, 20, 2]);
    const w = bestWeights(outcome.checkpoint);
    const { W } = networkOf(outcome.checkpoint);
    const x = Array.from(outputs.generator.values.subarray(0, 6), Math.tanh);
    for (let i = 0; i < 6; i++) {
      const direct = x.reduce((sum, r, j) => sum + W[i * 6 + j] * r, 0);
      const byFactors = [0, 1].reduce((sum, r) => sum + w['output.W'][r * 6 + i] * outputs.factors.values[r], 0);
      expect(direct).toBeCloseTo(byFactors, 5);
    }
  });

  test('begins alike in all trials of a condition where initial states are its', async () => {
    const dataset = await turningDataset();
    const { outputs } = await fitAndInfer(rateRnn, dataset, { ...QUICK, initial: 'condition' });
    const trial = (k: number) => outputs.rates.values.slice(k * 160, (k + 1) * 160);
    expect(trial(4)).toEqual(trial(0));
    expect(trial(1)).not.toEqual(trial(0));
  });

  test('sees nothing beyond the encoded time', async () => {
    const dataset = await turningDataset();
    const settings = { ...QUICK, encodedMs: 100 };
    const { outcome, outputs } = await fitAndInfer(rateRnn, dataset, settings);
    const changed = { ...dataset, counts: dataset.counts.map((n, i) => (Math.floor(i / 8) % 20 >= 5 ? 0 : n)) };
    expect((await infer(rateRnn, changed, settings, outcome.checkpoint)).rates.values).toEqual(outputs.rates.values);
    expect(outcome.diagnostics?.freeRunBitsPerSpike).toBeTypeOf('number');
    expect(outcome.diagnostics?.conditionMeanBitsPerSpike).toBeGreaterThan(0);
  });

  test('tells which recorded unit each of its units is', async () => {
    const dataset = await turningDataset({ heldOutUnits: 'every:4' });
    const settings = { steps: 8, validateEvery: 4, batch: 16, encoder: 4, readout: 'units' } as const;
    const resolved = rateRnn.resolve(dataset, settings);
    expect(resolved.hidden.value).toBe(8);
    const { outcome } = await fitAndInfer(rateRnn, dataset, settings);
    expect([...rateRnn.recordedUnits!(outcome.checkpoint, resolved)!]).toEqual([0, 1, 2, 4, 5, 6, 3, 7]);
    expect(rateRnn.recordedUnits!(outcome.checkpoint, rateRnn.resolve(dataset, { ...QUICK }))).toBeUndefined();
  });

  test('takes continuous values, and gives them back in their unit', async () => {
    const dataset = await turningDataset();
    const counts = Float32Array.from(turningRates(), (rate) => 100 + 7 * rate);
    const rates: Dataset = { ...dataset, recipe: { ...dataset.recipe, settings: { rates: '/rates' } }, counts };
    const settings = { ...QUICK, hidden: 16, encoder: 12, steps: 250, batch: 32 };
    const { outcome, outputs } = await fitAndInfer(rateRnn, rates, settings);
    expect(factsOf(outcome.checkpoint).sizes.outputsPerUnit).toBe(2);
    const mean = Float64Array.from(outputs.rates.values).reduce((sum, value) => sum + value / outputs.rates.values.length, 0);
    expect(mean).toBeGreaterThan(100);
    expect(mean).toBeLessThan(120);
    expect(outcome.diagnostics?.freeRunR2).toBeGreaterThan(0.8);
  });
});

describe('forcing', () => {
  test.each(['teacher', 'generalised', 'error'] as const)('%s: stopping and going on equals not stopping', async (forcing) => {
    const dataset = await turningDataset();
    const settings = { ...QUICK, forcing, rank: '2', steps: 14, gain: 2 };
    const whole = await fitAndInfer(rateRnn, dataset, settings);
    const stop = new Failure('cancelled', 'Stopped.', '');
    let saved: Checkpoint | undefined;
    const job = fitJob({
      progress: async (done) => {
        if (done >= 0.5) throw stop;
      },
      signal: AbortSignal.abort(stop),
      save: async (checkpoint) => {
        saved = structuredClone(checkpoint);
      },
    });
    // The signal is looked at once a step is done.
    const controller = new AbortController();
    const run = rateRnn.fit(dataset, rateRnn.resolve(dataset, settings), {
      ...job,
      signal: controller.signal,
      progress: async (done) => {
        if (done >= 0.5) controller.abort(stop);
        controller.signal.throwIfAborted();
      },
    });
    await expect(run).rejects.toBe(stop);
    const resumed = await fitAndInfer(rateRnn, dataset, settings, { resume: saved! });
    expect(resumed.outputs.rates.values).toEqual(whole.outputs.rates.values);
    expect(factsOf(resumed.outcome.checkpoint).forcing).toEqual(factsOf(whole.outcome.checkpoint).forcing);
    expect(whole.outcome.diagnostics?.forcedBitsPerSpike).toBeTypeOf('number');
  });

  test('of a network that starts chaotic is found to be needed, and ends before the training does', async () => {
    const dataset = await turningDataset();
    const strengths: number[] = [];
    const metric = ({ values }: { readonly values: Readonly<Record<string, number>> }) => strengths.push(values.strength);
    const settings = { ...QUICK, hidden: 40, forcing: 'generalised', gain: 4, steps: 40 } as const;
    await fitAndInfer(rateRnn, dataset, settings, { metric });
    expect(strengths[0]).toBeGreaterThan(0.01);
    expect(strengths.at(-1)).toBeLessThan(0.5 * strengths[0]);
  });
});

describe('the rank', () => {
  const wave = (rank: number, mean: number, noise = 0) => ({
    rank,
    nlls: Array.from({ length: 20 }, (_, i) => mean + 0.3 * Math.sin(i) + noise * Math.cos(5 * i)),
    ofMeans: 1.1,
  });

  test('is the smallest within a standard error of the best, trial by trial, or that loses a slight part of its gain', () => {
    const best = wave(3, 1);
    expect(chosenRank([wave(1, 1.09), wave(2, 1.004, 0.03), best])).toBe(2);
    expect(chosenRank([wave(1, 1.09), wave(2, 1.004), best])).toBe(3);
    expect(chosenRank([wave(1, 1.09), wave(2, 1.001), best])).toBe(2);
  });

  test('is settled once two more do not change it', () => {
    const tried = [wave(1, 1.09), wave(2, 1.05), wave(3, 1)];
    expect(isEnough(tried)).toBe(false);
    expect(isEnough([...tried, wave(4, 1.01)])).toBe(false);
    expect(isEnough([...tried, wave(4, 1.01), wave(5, 0.999)])).toBe(true);
  });

  test('that is far from the best one is not fitted from other seeds', () => {
    const best = wave(3, 1);
    const [far, near, noisy] = [wave(1, 1.09), wave(2, 1.005), wave(4, 1.05, 0.3)];
    const tried = [far, near, best, noisy];
    expect(tried.map((one) => isFar(tried, one))).toEqual([true, false, false, false]);
  });

  test('of a system with one dimension is 1', { timeout: 60_000 }, async () => {
    const dataset = await bistable(120, 25, 12);
    const sizes = { hidden: 16, encoder: 8, steps: 200, batch: 32 };
    const settings = { rank: 'auto', rankSeeds: 1, rankControls: false, tauMs: TAU_MS, learningRate: 0.01, validateEvery: 20, ...sizes };
    const { outcome } = await fitAndInfer(rateRnn, dataset, settings);
    const { sizes: found, tried, controls } = factsOf(outcome.checkpoint);
    expect(found.rank).toBe(1);
    expect(tried!.length).toBeGreaterThanOrEqual(3);
    expect(controls).toEqual([]);
    expect(outcome.notes.join(' ')).toContain('Rank 1, the smallest that does as well');
    expect(outcome.diagnostics?.rank).toBe(1);
  });

  test('is looked for from several seeds, and in what networks of known rank made; the search can be stopped and gone on with', async () => {
    const dataset = await turningDataset();
    const settings = { ...QUICK, hidden: 3, rank: 'auto', rankSeeds: 2, learningRate: 0.03 };
    const curves: Record<string, number[]> = { one: [], two: [] };
    const whole = await fitAndInfer(rateRnn, dataset, settings, { metric: ({ step }) => void curves.one.push(step) });
    const { sizes, tried, bySeed, controls } = factsOf(whole.outcome.checkpoint);
    expect(sizes.rank).toBe(chosenRank(tried!));
    expect(bySeed!.length).toBe(2);
    expect(controls!.map(({ taught }) => taught)).toEqual([Math.min(3, sizes.rank + 2), 0]);
    const { rankLeast, rankMost, rankOfFullTeacher } = whole.outcome.diagnostics!;
    expect([rankLeast, rankMost]).toEqual([Math.min(...bySeed!), Math.max(...bySeed!)]);
    expect(rankOfFullTeacher).toBe(controls![1].found);
    expect(whole.outcome.notes.join(' ')).toMatch(
      /by a network of full rank that was fitted to these trials the same search finds (no )?more than rank/,
    );
    // Whether more ranks help is all that is asked of what networks made.
    for (const { found } of controls!) expect(found).toBeGreaterThanOrEqual(sizes.rank);
    // Fits side by side in threads are the same, and their curves lie in the same order.
    const timed = { ...dataset, spikesMs: () => new Float64Array(0) };
    const threaded = await fitAndInfer(rateRnn, timed, settings, { threads: 2, metric: ({ step }) => void curves.two.push(step) });
    expect(perBin(threaded.outputs, dataset)).toEqual(perBin(whole.outputs, dataset));
    expect(threaded.outcome.notes).toEqual(whole.outcome.notes);
    expect(curves.two).toEqual(curves.one);

    let before: Checkpoint | undefined;
    // In the middle of a rank, and of the controls.
    for (const share of [0.1, 0.6]) {
      const stop = new Failure('cancelled', 'Stopped.', '');
      const controller = new AbortController();
      let saved: Checkpoint | undefined;
      const job = fitJob({
        signal: controller.signal,
        progress: async (done) => {
          if (done >= share) controller.abort(stop);
          controller.signal.throwIfAborted();
        },
        save: async (checkpoint) => {
          saved = structuredClone(checkpoint);
        },
        ...(before && { resume: before }),
      });
      await expect(rateRnn.fit(dataset, rateRnn.resolve(dataset, settings), job)).rejects.toBe(stop);
      before = { ...saved!, state: JSON.parse(JSON.stringify(saved!.state)) as Checkpoint['state'] };
    }
    const resumed = await fitAndInfer(rateRnn, dataset, settings, { resume: before! });
    expect(perBin(resumed.outputs, dataset)).toEqual(perBin(whole.outputs, dataset));
    expect(resumed.outcome.notes).toEqual(whole.outcome.notes);
  });
});

describe('refuses, with what to do,', () => {
  const resolve = async (settings: object, data = {}) => {
    const dataset = await turningDataset(data);
    return refusal(() => rateRnn.resolve(dataset, settings));
  };
  test('a number of units that is not that of the recording where units are recorded ones', async () => {
    const { sentence, hint } = await resolve({ readout: 'units', hidden: 5 });
    expect(sentence).toContain('8');
    expect(hint).toContain('--hidden');
  });
  test('a rank above the number of units', async () => {
    expect((await resolve({ hidden: 3, rank: '5' })).sentence).toContain('rank 5');
  });
  test('initial states of conditions that there are not', async () => {
    const dataset = { ...(await turningDataset()), conditions: undefined } as unknown as Dataset;
    expect((await refusal(() => rateRnn.resolve(dataset, { initial: 'condition' }))).code).toBe('no-conditions');
  });
  test('sample validation of a forced network', async () => {
    expect((await resolve({ forcing: 'teacher', sampleValidation: 0.1 })).hint).toContain('--sample-validation');
  });
  test('continuous units that never change', async () => {
    const dataset = await turningDataset();
    const counts = dataset.counts.map((n, i) => (i % 8 === 3 ? 5 : n));
    const rates: Dataset = { ...dataset, recipe: { ...dataset.recipe, settings: { rates: '/rates' } }, counts };
    const { sentence, hint } = await refusal(() => rateRnn.resolve(rates, {}));
    expect(sentence).toContain('row 3');
    expect(hint).toContain('--leave-out-units 3');
  });
  test('counts of units that never fire, or that are one unit twice, where network units are recorded ones', async () => {
    const dataset = await turningDataset();
    const silent = { ...dataset, counts: dataset.counts.map((n, i) => (i % 8 === 3 ? 0 : n)) };
    expect((await refusal(() => rateRnn.resolve(silent, { readout: 'units' }))).hint).toContain('--leave-out-units 3');
    expect(() => rateRnn.resolve(silent, {})).not.toThrow();
    const twice = { ...dataset, counts: dataset.counts.map((n, i) => (i % 8 === 5 ? dataset.counts[i - 3] : n)) };
    expect((await refusal(() => rateRnn.resolve(twice, { readout: 'units' }))).sentence).toContain('rows 2 and 5');
  });
  test('another device', async () => {
    expect((await refusal(() => rateRnn.requireDevice!('webgpu'))).code).toBe('unknown-device');
  });
  test('trials of another shape than those it was trained on', async () => {
    const dataset = await turningDataset();
    const { outcome } = await fitAndInfer(rateRnn, dataset, QUICK);
    const shorter = await turningDataset({ windowMs: [0, 100] });
    expect((await refusal(() => infer(rateRnn, shorter, QUICK, outcome.checkpoint))).code).toBe('other-shape');
  });
  test('activity that is not finite', async () => {
    const dataset = await turningDataset();
    const broken = { ...dataset, counts: dataset.counts.map((n, i) => (i === 77 ? Number.NaN : n)) };
    const failure = await refusal(() => fitAndInfer(rateRnn, broken, QUICK));
    expect(failure.code).toBe('not-finite');
  });
});
