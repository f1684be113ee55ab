import { expect, test } from 'vitest';
import { runFor } from '../../../src-worker/analyses/flow/run.ts';
import {
  chanceCosine,
  contextSplit,
  inputJacobianOf,
  pulseEffect,
  readBy,
  refusalOf,
  selectionOf,
} from '../../../src-worker/analyses/linearize/selection.ts';
import { type Modes, modesOf } from '../../../src-worker/numerics/eigen.ts';
import type { Flow } from '../../../src-worker/models/model.ts';
import { continuousRnn } from '../../../src-worker/models/network/rnn.ts';

const b = Float64Array.of(0, 1);
const slowestOf = (modes: Modes, value: number) => ({ modes, place: [...modes.re].findIndex((re) => Math.abs(re - value) < 1e-12) });
const linear = (kind: 'map' | 'ode', a: readonly number[]): Flow => {
  const by = (x: Float64Array, u: Float64Array) => Float64Array.of(a[0] * x[0] + a[1] * x[1], a[2] * x[0] + a[3] * x[1] + u[0]);
  const shared = { states: 2, inputs: 1, jacobian: () => Float64Array.from(a), inputJacobian: () => b };
  return kind === 'map' ? { kind, stepMs: 1, map: by, ...shared } : { kind, derivative: by, ...shared };
};

test('an input that is orthogonal to the slow mode is what its selection vector reads', () => {
  const at = slowestOf(
    modesOf(Float64Array.of(1, 0.5, 0, 0.5), 2, (re) => re),
    1,
  );
  expect(readBy(at, b).re * Math.sign(at.modes.rightRe[at.place * 2])).toBeCloseTo(1, 12);
  const { cosineLeft, cosineRight, effect } = selectionOf(at, b);
  expect(Math.abs(effect)).toBeCloseTo(1, 12);
  expect(Math.abs(cosineLeft)).toBeCloseTo(Math.SQRT1_2, 12);
  expect(cosineRight).toBeCloseTo(0, 12);
});

test('a pulse through a map moves the slow mode as the formula says', () => {
  const a = [0.98, 0.5, 0, 0.5];
  const at = slowestOf(
    modesOf(Float64Array.from(a), 2, (re) => re),
    0.98,
  );
  expect(at.modes.condition[at.place]).toBeCloseTo(1.44397695, 8);
  const sign = Math.sign(at.modes.rightRe[at.place * 2]);
  const formula = sign * pulseEffect('map', { re: 0.98, im: 0 }, readBy(at, b), 30, 10).re;
  expect(formula).toBeCloseTo(6.36060689, 8);
  const flow = linear('map', a);
  const pulsed = runFor(flow, runFor(flow, new Float64Array(2), Float64Array.of(1), 10, 0), new Float64Array(1), 20, 0);
  expect(sign * readBy(at, pulsed).re).toBeCloseTo(6.36060689, 8);
  // At λ = 1 a box of p steps adds p times l·b.
  expect(pulseEffect('map', { re: 1, im: 0 }, { re: 2, im: 0 }, 30, 10).re).toBeCloseTo(20, 12);
});

test('and through a differential equation', () => {
  const a = [-0.2, 1, 0, -2];
  const at = slowestOf(
    modesOf(Float64Array.from(a), 2, (re) => re),
    -0.2,
  );
  const sign = Math.sign(at.modes.rightRe[at.place * 2]);
  expect(sign * pulseEffect('ode', { re: -0.2, im: 0 }, readBy(at, b), 3, 0.5).re).toBeCloseTo(0.16033062, 8);
  const flow = linear('ode', a);
  const pulsed = runFor(flow, runFor(flow, new Float64Array(2), Float64Array.of(1), 0.5, 100), new Float64Array(1), 2.5, 500);
  expect(sign * readBy(at, pulsed).re).toBeCloseTo(0.16033062, 8);
  expect(pulseEffect('ode', { re: 0, im: 0 }, { re: 2, im: 0 }, 3, 0.5).re).toBeCloseTo(1, 12);
});

test('a complex mode reads a plane, and its pulse turns with it', () => {
  const a = [0.9 * Math.cos(0.4), -0.9 * Math.sin(0.4), 0.9 * Math.sin(0.4), 0.9 * Math.cos(0.4)];
  const modes = modesOf(Float64Array.from(a), 2, (re) => re);
  const at = { modes, place: 0 };
  const flow = linear('map', a);
  const pulsed = runFor(flow, runFor(flow, new Float64Array(2), Float64Array.of(1), 4, 0), new Float64Array(1), 6, 0);
  const formula = pulseEffect('map', { re: modes.re[0], im: modes.im[0] }, readBy(at, b), 10, 4);
  const simulated = readBy(at, pulsed);
  expect(formula.re).toBeCloseTo(simulated.re, 12);
  expect(formula.im).toBeCloseTo(simulated.im, 12);
  expect(selectionOf(at, b).cosineLeft).toBeCloseTo(1, 12);
});

test('an ill-conditioned mode, or one of two that coincide, is refused', () => {
  const rank = (re: number) => re;
  const tilted = modesOf(Float64Array.of(0.9, 2000, 0, 0.5), 2, rank);
  expect(refusalOf({ modes: tilted, place: 0 }, new Float64Array(2))).toBe('ill-conditioned');
  const twice = modesOf(Float64Array.of(0.9, 0, 0, 0.9 - 1e-15), 2, rank);
  expect(refusalOf({ modes: twice, place: 0 }, Float64Array.of(1e-14, 1e-14))).toBe('not separated');
  const pair = modesOf(Float64Array.of(0.5, -0.5, 0.5, 0.5), 2, rank);
  expect(refusalOf({ modes: pair, place: 0 }, Float64Array.of(1e-14, 1e-14))).toBeUndefined();
});

test('chance falls with the number of states, and differences give what a flow does not say of its inputs', () => {
  // Of a Gaussian, 1.96/√n.
  expect(chanceCosine(400, 1, 0)).toBeCloseTo(1.96 / 20, 2);
  expect(chanceCosine(400, 2, 0)).toBeGreaterThan(chanceCosine(400, 1, 0));
  const weights = {
    states: 2,
    inputs: 1,
    W: Float64Array.of(1, 0.3, -0.4, 0.8),
    V: Float64Array.of(0.7, -1.1),
    b: Float64Array.of(0.1, 0),
  };
  const { inputJacobian, ...without } = continuousRnn(weights, 'tanh', 20);
  const [x, u] = [Float64Array.of(0.4, -0.2), Float64Array.of(0.3)];
  for (const [i, value] of inputJacobianOf(without as Flow, x, u).entries()) expect(value).toBeCloseTo(inputJacobian!(x, u)[i], 10);
});

test('a change between contexts splits exactly into one of the input and one of the selection', () => {
  const { total, byInput, bySelection } = contextSplit(
    [Float64Array.of(1, 2), Float64Array.of(3, -1)],
    [Float64Array.of(0.5, 1), Float64Array.of(2, 4)],
  );
  expect(total).toBeCloseTo(2 - 2.5, 12);
  expect(byInput + bySelection).toBeCloseTo(total, 12);
  expect(byInput).toBeCloseTo((4 * 1.5 + 1 * 3) / 2, 12);
});
