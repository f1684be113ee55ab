import { describe, expect, test } from 'vitest';
import { key, normal } from '../../../src-worker/engine/random.ts';
import { gruFlow } from '../../../src-worker/models/lfads/flow.ts';
import type { Flow } from '../../../src-worker/models/model.ts';
import { type GruWeights, gruMap } from '../../../src-worker/models/network/gru.ts';
import { continuousRnn, currentsRnn, piecewiseLinear, steppedRnn } from '../../../src-worker/models/network/rnn.ts';

const random = (stream: number, size: number, scale = 1) =>
  Float64Array.from({ length: size }, (_, i) => scale * normal(key(77, stream), i));

const n = 5;
const inputs = 2;
const weights = { states: n, inputs, W: random(1, n * n), V: random(2, n * inputs), b: random(3, n) };
const gru: GruWeights = {
  states: n,
  inputs,
  U: random(4, 3 * n * n),
  W: random(5, 3 * n * inputs),
  b: random(6, 3 * n),
  c: random(7, 3 * n),
};
const x = random(8, n, 0.5);
const u = random(9, inputs);

const flows: Readonly<Record<string, Flow>> = {
  'a tanh network': steppedRnn(weights, 'tanh', 1, 1),
  'a leaky ReLU network': steppedRnn(weights, 'relu', 0.3, 5),
  'a leaky softplus network': steppedRnn(weights, 'softplus', 0.3, 5),
  'a network with hard bounds': steppedRnn(weights, 'hard-tanh', 1, 1),
  'a network of currents': currentsRnn(weights, 'tanh', 0.2, 5),
  'a softplus network of currents': currentsRnn(weights, 'softplus', 0.2, 5),
  'a continuous network': continuousRnn(weights, 'tanh', 20),
  'a piecewise linear network': piecewiseLinear(weights, random(10, n), 1),
  'a GRU that resets after the product': gruMap(gru, true, 1),
  'a GRU that resets before it': gruMap(gru, false, 1),
  'a generator of LFADS': gruFlow({
    states: n,
    inputs,
    W: random(5, 3 * n * inputs),
    U: random(4, 3 * n * n),
    b: random(6, 3 * n),
    clip: 0.9,
    stepMs: 1,
  }),
};

const at = (flow: Flow, y: Float64Array, held = u) => (flow.kind === 'map' ? flow.map(y, held) : flow.derivative(y, held));

describe.each(Object.entries(flows))('%s', (_, flow) => {
  test('has the Jacobian that central differences give', () => {
    const jacobian = flow.jacobian(x, u);
    const step = 1e-6;
    for (let j = 0; j < n; j++) {
      const moved = (by: number) =>
        at(
          flow,
          x.map((value, k) => (k === j ? value + by : value)),
        );
      const [plus, minus] = [moved(step), moved(-step)];
      for (let i = 0; i < n; i++) expect(jacobian[i * n + j]).toBeCloseTo((plus[i] - minus[i]) / (2 * step), 7);
    }
  });

  test('has the derivative by its inputs that central differences give', () => {
    const jacobian = flow.inputJacobian!(x, u);
    expect(jacobian).toHaveLength(n * inputs);
    const step = 1e-6;
    for (let j = 0; j < inputs; j++) {
      const moved = (by: number) =>
        at(
          flow,
          x,
          u.map((value, k) => (k === j ? value + by : value)),
        );
      const [plus, minus] = [moved(step), moved(-step)];
      for (let i = 0; i < n; i++) expect(jacobian[i * inputs + j]).toBeCloseTo((plus[i] - minus[i]) / (2 * step), 7);
    }
  });
});

test('a bound of how fast the Jacobian changes holds at random places', () => {
  const flow = flows['a tanh network'];
  for (let k = 0; k < 200; k++) {
    const [a, b] = [random(100 + k, n), random(400 + k, n)];
    const difference = flow.jacobian(a, u).map((value, i) => value - flow.jacobian(b, u)[i]);
    // The Frobenius norm over √n is at most the spectral norm.
    expect(Math.hypot(...difference) / Math.sqrt(n)).toBeLessThan(
      flow.jacobianLipschitz! * Math.hypot(...a.map((value, i) => value - b[i])),
    );
  }
});

test('a GRU that resets before the product is the generator of LFADS with the same weights', () => {
  // There, weights lie source by source, and one bias serves both parts.
  const turned = (from: Float64Array, width: number) =>
    Float64Array.from({ length: from.length }, (_, place) => from[(place % (3 * n)) * width + Math.floor(place / (3 * n))]);
  const bias = gru.b.map((value, i) => value + gru.c[i]);
  const other = gruFlow({ states: n, inputs, W: turned(gru.W, inputs), U: turned(gru.U, n), b: bias, clip: 100, stepMs: 1 });
  const own = flows['a GRU that resets before it'];
  for (const [i, value] of at(own, x).entries()) expect(value).toBeCloseTo(at(other, x)[i], 14);
  for (const [i, value] of own.jacobian(x, u).entries()) expect(value).toBeCloseTo(other.jacobian(x, u)[i], 13);
});
