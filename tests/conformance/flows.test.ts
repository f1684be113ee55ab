// What every model with dynamics keeps to: a flow whose Jacobians are its derivatives, that runs through trials as the fit inferred them, states
// that stand for what was inferred, and every analysis of dynamics works on it, with external inputs and without.

import { describe, expect, test } from 'vitest';
import { continuation } from '../../src-worker/analyses/continuation/index.ts';
import { fixedPoints } from '../../src-worker/analyses/fixed-points/index.ts';
import { kick } from '../../src-worker/analyses/kick/index.ts';
import { linearize } from '../../src-worker/analyses/linearize/index.ts';
import { lyapunov } from '../../src-worker/analyses/lyapunov/index.ts';
import type { Analysis } from '../../src-worker/analyses/analysis.ts';
import { valuesOf } from '../../src-worker/contract/settings.ts';
import { models } from '../../src-worker/models/index.ts';
import type { Model } from '../../src-worker/models/model.ts';
import { readStates } from '../../src-worker/models/readout.ts';
import { dynamicsFrom } from '../../src-worker/service/dynamics.ts';
import { phasePortrait } from '../../src-worker/views/phase-portrait.ts';
import { turningDataset } from '../metrics/small-dataset.ts';
import { fitAndInfer } from '../models/fits.ts';

const job = { signal: new AbortController().signal, progress: async () => {}, seed: 0, threads: 1 };
const withFlow = models.filter(({ flow, reads }) => flow && reads === undefined);

/** Short fits; `dtMs` makes several steps a bin where the model takes them. */
const settings = ({ params, id }: Model): Record<string, number | string> => {
  const short = {
    steps: 4,
    validateEvery: 4,
    batch: 16,
    hidden: 12,
    generator: 12,
    networkUnits: 20,
    rank: id === 'rate-rnn' ? '2' : undefined,
  };
  return Object.fromEntries(
    Object.entries(short).filter(([name, value]) => name in params && value !== undefined && params[name]!.kind !== 'text'),
  ) as Record<string, number | string>;
};

const kept = new Map<string, ReturnType<typeof make>>();

/** One fit for all that is asked of it. */
function made(model: Model, external: boolean): ReturnType<typeof make> {
  const name = `${model.id} ${external}`;
  const found = kept.get(name) ?? make(model, external);
  kept.set(name, found);
  return found;
}

async function make(model: Model, external: boolean) {
  const dataset = await turningDataset(external ? { external: ['velocity'] } : {});
  const own = settings(model);
  const { outcome, outputs } = await fitAndInfer(model, dataset, own);
  const resolved = model.resolve(dataset, own);
  const run = { id: 'a1b2c3d4', resolved } as Parameters<typeof dynamicsFrom>[0]['run'];
  return { dataset, outputs, run, ...dynamicsFrom({ model, checkpoint: outcome.checkpoint, run }, dataset, outputs, undefined) };
}

describe.each(withFlow.map((model) => [model.id, model] as const))('dynamics of %s', (_, model) => {
  test('have Jacobians that are their derivatives, and states that stand for what was inferred', async () => {
    const { dynamics, states, outputs } = await made(model, true);
    const { flow, driven, readouts } = dynamics;
    const n = flow.states;
    expect(flow.inputs).toBeGreaterThan(0);
    expect(driven?.names.length).toBe(flow.inputs);
    const x = states.values.slice(7 * n, 8 * n);
    const u = driven!.values.slice(7 * flow.inputs, 8 * flow.inputs);
    const at = (state: Float64Array, input: Float64Array) => (flow.kind === 'map' ? flow.map(state, input) : flow.derivative(state, input));
    const [J, B] = [flow.jacobian(x, u).slice(), flow.inputJacobian?.(x, u)];
    const nudged = (of: Float64Array, k: number, by: number) => of.map((value, i) => (i === k ? value + by : value));
    const check = (matrix: Float64Array, width: number, moved: (k: number, by: number) => Float64Array) => {
      for (let k = 0; k < width; k++) {
        const [plus, minus] = [moved(k, 1e-5), moved(k, -1e-5)];
        for (let i = 0; i < n; i++) expect(Math.abs(matrix[i * width + k]! - (plus[i]! - minus[i]!) / 2e-5)).toBeLessThan(1e-6);
      }
    };
    check(J, n, (k, by) => at(nudged(x, k, by), u));
    if (B) check(B, flow.inputs, (k, by) => at(x, nudged(u, k, by)));
    const close = (found: Float64Array, inferred: ArrayLike<number>, most: number) => {
      expect(found).toHaveLength(inferred.length);
      // Rates of single trials are cut below at a share of the mean.
      const off = found.map((value, i) => Math.abs(value - inferred[i]!)).sort();
      expect(off[Math.floor(0.9 * off.length)]).toBeLessThan(most);
    };
    expect(Object.keys(readouts ?? {}).length).toBeGreaterThan(0);
    if (readouts?.logRates) close(readStates(readouts.logRates, states.values), outputs.rates!.values.map(Math.log), 1e-3);
    if (readouts?.rates) close(readStates(readouts.rates, states.values), outputs.rates!.values, 1e-2);
    if (readouts?.factors) close(readStates(readouts.factors, states.values), outputs.factors!.values, 1e-3);
  });

  test.each([false, true])('are looked at by every analysis; with external inputs: %s', async (external) => {
    const { dataset, dynamics, states, run } = await made(model, external);
    const look = (analysis: Analysis, more = {}) => {
      const brief = { starts: 8, steps: 100, sequences: 2, draws: 2, searches: 2, trialsShown: 6, count: 4 };
      const own = Object.fromEntries(Object.entries(brief).filter(([name]) => name in analysis.params));
      return analysis.run({ dataset, dynamics, states }, valuesOf(analysis.params, { ...own, ...more }), job);
    };
    const result = await look(fixedPoints);
    expect(result.summary.starts).toBe(8);
    const scene = phasePortrait.scene(
      { dataset, dynamics, states, result, run: { ...run, seed: 0, model: model.id } as never },
      valuesOf(phasePortrait.params, {}),
      { width: 300, height: 200 },
    );
    expect(scene.marks.length).toBeGreaterThan(0);
    expect(Number.isFinite((await look(linearize)).summary.points)).toBe(true);
    if (!external) return;
    const spectrum = await look(lyapunov);
    expect(Number.isFinite(spectrum.summary.largest)).toBe(true);
    const kicked = await look(kick);
    expect(kicked.summary.peakDistance).toBeGreaterThan(0);
    // Left alone, the network does in its own dynamics what the fit inferred: inputs, their bins and steps within bins are the same.
    expect(kicked.summary.reproduction).toBeLessThan(1e-3);
    expect(Number.isFinite(spectrum.summary.conditionalLargest)).toBe(true);
    for (const input of ['zero', 'external']) expect((await look(fixedPoints, { input })).summary.starts).toBe(8);
    expect((await look(continuation)).summary.branches).toBeGreaterThanOrEqual(0);
  });
});
