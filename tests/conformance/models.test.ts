// What every model of the registry keeps to: values for every parameter, finite rates for every trial, the same bits for the same seed,
// no look at held-out units, and stopping that costs nothing.

import { describe, expect, test } from 'vitest';
import { Failure } from '../../src-worker/contract/failure.ts';
import { parseValue } from '../../src-worker/contract/settings.ts';
import type { Dataset } from '../../src-worker/dataset/index.ts';
import { scoreRates } from '../../src-worker/metrics/report.ts';
import { models } from '../../src-worker/models/index.ts';
import type { Checkpoint, Model } from '../../src-worker/models/model.ts';
import { turningDataset } from '../metrics/small-dataset.ts';
import { fitAndInfer, fitJob, infer, perBin } from '../models/fits.ts';

const STEPS = 12;

/** Settings that make a fit short, of those that the model has. */
function brief({ params }: Model): Record<string, number> {
  const short = { steps: STEPS, validateEvery: 4, batch: 16 };
  return Object.fromEntries(Object.entries(short).filter(([name]) => name in params));
}

const odd: readonly (readonly [string, () => Promise<Dataset>])[] = [
  ['two units', () => turningDataset({ leaveOutUnits: [2, 3, 4, 5, 6, 7] })],
  ['two training trials', () => turningDataset({ valid: 'every:3' }, { trials: 3, bins: 20, units: 5 })],
  ['three bins', () => turningDataset({ windowMs: [0, 60] })],
  ['external inputs', () => turningDataset({ external: ['velocity', 'one-hot:condition'] })],
  ['no conditions', async () => ({ ...(await turningDataset()), conditions: undefined }) as unknown as Dataset],
  [
    'trials that end early',
    async () => {
      const dataset = await turningDataset();
      const observed = Uint8Array.from({ length: 40 * 20 }, (_, i) => (i % 20 < 20 - (Math.floor(i / 20) % 7) ? 1 : 0));
      return { ...dataset, observed, counts: dataset.counts.map((n, i) => (observed[Math.floor(i / 8)] ? n : 0)) };
    },
  ],
];

// A model that reads a network's weights has no trials: tests/models/network.
const ofTrials = models.filter(({ reads }) => reads === undefined);

describe.each(ofTrials.map((model) => [model.id, model] as const))('model %s', (_, model) => {
  test('is described, each parameter with a label and a help', () => {
    expect(model.title && model.about && model.version).toBeTruthy();
    for (const param of Object.values(model.params)) expect(param.label.length && param.help.length).toBeGreaterThan(0);
  });

  test('has a value and a reason for every parameter, the same each time, and takes what is set', async () => {
    const dataset = await turningDataset();
    const resolved = model.resolve(dataset, {});
    expect(Object.keys(resolved).sort()).toEqual(Object.keys(model.params).sort());
    expect(model.resolve(dataset, {})).toEqual(resolved);
    for (const [name, { value, reason }] of Object.entries(resolved)) {
      expect(reason.length).toBeGreaterThan(0);
      expect(parseValue(name, model.params[name], value)).toEqual(value);
    }
    for (const [name, value] of Object.entries(brief(model))) expect(model.resolve(dataset, brief(model))[name].value).toBe(value);
  });

  test('gives finite rates in Hz for every trial, and the same bits for the same seed', async () => {
    const dataset = await turningDataset({ heldOutUnits: 'every:4' });
    const [a, b] = [await fitAndInfer(model, dataset, brief(model)), await fitAndInfer(model, dataset, brief(model))];
    const { rates } = a.outputs;
    expect(rates.shape).toEqual([40, 20, 8]);
    expect(rates.unit).toBe('Hz');
    expect(rates.values.every((rate) => Number.isFinite(rate) && rate >= 0)).toBe(true);
    // In Hz and not in counts per bin: mean rates are of the right size.
    const mean = (values: ArrayLike<number>): number => Array.from(values).reduce((sum, v) => sum + v, 0) / values.length;
    expect(mean(perBin(a.outputs, dataset)) / mean(dataset.counts)).toBeGreaterThan(0.4);
    expect(mean(perBin(a.outputs, dataset)) / mean(dataset.counts)).toBeLessThan(2.5);
    for (const [name, { values, shape, axes }] of Object.entries(a.outputs)) {
      expect(shape[0]).toBe(40);
      expect(axes).toHaveLength(shape.length);
      expect(values).toEqual(b.outputs[name].values);
    }
  });

  test('never sees the spikes of held-out units', async () => {
    const dataset = await turningDataset({ heldOutUnits: 'every:4' });
    const { outcome, outputs } = await fitAndInfer(model, dataset, brief(model));
    const hidden = { ...dataset, counts: dataset.counts.map((n, i) => (i % 4 === 3 ? 0 : n)) };
    expect((await infer(model, hidden, brief(model), outcome.checkpoint)).rates.values).toEqual(outputs.rates.values);
  });

  test.each(odd)('works with %s', async (_name, make) => {
    const dataset = await make();
    const { outputs } = await fitAndInfer(model, dataset, brief(model));
    expect(outputs.rates.shape).toEqual([dataset.trials, dataset.bins, dataset.units]);
    expect(outputs.rates.values.every(Number.isFinite)).toBe(true);
    const all = Int32Array.from({ length: dataset.trials }, (_, k) => k);
    expect(Number.isFinite(scoreRates(dataset, all, perBin(outputs, dataset)).bitsPerSpike)).toBe(true);
  });

  test('stops when asked, and resuming equals not stopping', async () => {
    const dataset = await turningDataset();
    const whole = await fitAndInfer(model, dataset, brief(model));
    const saved: Checkpoint[] = [];
    const controller = new AbortController();
    const stopped = new Failure('cancelled', 'Stopped.', '');
    const job = fitJob({
      signal: controller.signal,
      progress: async (done) => {
        if (done >= 0.5) controller.abort(stopped);
        controller.signal.throwIfAborted();
      },
      save: async (checkpoint) => {
        saved.push(structuredClone(checkpoint));
      },
    });
    await expect(model.fit(dataset, model.resolve(dataset, brief(model)), job)).rejects.toBe(stopped);
    const resume = saved.at(-1);
    if ('steps' in model.params) {
      expect(resume?.step).toBeGreaterThan(0);
      expect(resume?.step).toBeLessThan(STEPS);
    }
    const resumed = await fitAndInfer(model, dataset, brief(model), resume ? { resume } : {});
    for (const [name, { values }] of Object.entries(whole.outputs)) expect(resumed.outputs[name].values).toEqual(values);
    expect(resumed.outcome.checkpoint.step).toBe(whole.outcome.checkpoint.step);
  });

  test('its checkpoint is plain data: copied, it infers the same', async () => {
    const dataset = await turningDataset();
    const { outcome, outputs } = await fitAndInfer(model, dataset, brief(model));
    const { state, arrays, ...rest } = outcome.checkpoint;
    const copy = { ...rest, arrays: structuredClone(arrays), state: JSON.parse(JSON.stringify(state)) as Checkpoint['state'] };
    expect((await infer(model, dataset, brief(model), copy)).rates.values).toEqual(outputs.rates.values);
  });
});
