// The generator's map and Jacobian in float64: against the known answer of the reset gate, central differences, and the model itself.

import { describe, expect, test } from 'vitest';
import { key, normal } from '../../../src-worker/engine/random.ts';
import { type Cell, gruFlow } from '../../../src-worker/models/lfads/flow.ts';
import { makeReferenceStepper } from '../../../src-worker/models/lfads/op-by-op/reference.ts';
import { cases } from './cases.ts';

const logit = (p: number): number => Math.log(p / (1 - p));

test('the reset gate acts before the recurrent product', () => {
  // Gates r = [.9, .2], z = [.7, .3] and W_n x = [.1, −.1] through the bias; U_n = [[.6, −.3], [.2, .5]] as targets × sources.
  const flow = gruFlow({
    states: 2,
    inputs: 0,
    W: [],
    U: [0, 0, 0, 0, 0.6, 0.2, 0, 0, 0, 0, -0.3, 0.5],
    b: [logit(0.9), logit(0.2), logit(0.7), logit(0.3), 0.1, -0.1],
    clip: 5,
    stepMs: 10,
  });
  if (flow.kind !== 'map') throw new Error('not a map');
  const next = flow.map(Float64Array.of(0.5, -0.4), new Float64Array(0));
  expect(next[0]).toBeCloseTo(0.46244104, 8);
  expect(next[1]).toBeCloseTo(-0.15497086, 8);
});

describe('the Jacobian', () => {
  const [H, E] = [6, 3];
  const draw = (stream: number, length: number): Float64Array => Float64Array.from({ length }, (_, i) => normal(key(9, stream), i));
  const cell: Cell = { states: H, inputs: E, W: draw(1, E * 3 * H), U: draw(2, H * 3 * H), b: draw(3, 3 * H), clip: 5, stepMs: 10 };
  const [x, u] = [draw(4, H), draw(5, E)];

  test('agrees with central differences', () => {
    const flow = gruFlow(cell);
    if (flow.kind !== 'map') throw new Error('not a map');
    const jacobian = flow.jacobian(x, u);
    for (let i = 0; i < H; i++) {
      const [up, down] = [Float64Array.from(x), Float64Array.from(x)];
      up[i]! += 1e-5;
      down[i]! -= 1e-5;
      const [a, b] = [flow.map(up, u), flow.map(down, u)];
      for (let j = 0; j < H; j++) expect(jacobian[j * H + i]).toBeCloseTo((a[j]! - b[j]!) / 2e-5, 8);
    }
  });

  test('has zero rows where the state lies on the clip', () => {
    const flow = gruFlow({ ...cell, clip: 0.1 });
    if (flow.kind !== 'map') throw new Error('not a map');
    const jacobian = flow.jacobian(x, u);
    const next = flow.map(x, u);
    expect(next.some((value) => Math.abs(value) === 0.1)).toBe(true);
    for (let j = 0; j < H; j++) expect(jacobian.subarray(j * H, (j + 1) * H).some((slope) => slope !== 0)).toBe(Math.abs(next[j]!) < 0.1);
  });
});

test.each([0, 6])('the map carries the generator states of a model from bin to bin (case %i)', async (index) => {
  const { constants, batch, weights } = cases[index]!;
  const s = constants.sizes;
  const stepper = await makeReferenceStepper(constants, 1);
  stepper.setWeights(weights);
  const { generator, inputMean } = await stepper.forward(batch);
  const flow = gruFlow({
    states: s.generator,
    inputs: s.inputs + s.external,
    W: weights['generator.W']!,
    U: weights['generator.U']!,
    b: weights['generator.b']!,
    clip: constants.stateClip,
    stepMs: 10,
  });
  if (flow.kind !== 'map') throw new Error('not a map');
  for (let b = 0; b < batch.trials.length; b++)
    for (let t = 1; t < s.encodedBins; t++) {
      const at = b * s.bins + t;
      const before = Float64Array.from(generator.subarray((at - 1) * s.generator, at * s.generator));
      const inferred = inputMean.subarray(at * s.inputs, (at + 1) * s.inputs);
      const external = batch.external?.subarray(at * s.external, (at + 1) * s.external) ?? [];
      const next = flow.map(before, Float64Array.from([...inferred, ...external]));
      for (let j = 0; j < s.generator; j++) expect(next[j]).toBeCloseTo(generator[at * s.generator + j]!, 5);
    }
});
