// What the linearisation at one point says: non-normality, growth, and what the slowest mode reads of each input.

import { EigenvalueDecomposition, Matrix } from 'ml-matrix';
import { length } from '../../numerics/lu.ts';
import type { Flow } from '../../models/model.ts';
import type { Field } from '../fixed-points/field.ts';
import { jacobianOf } from '../fixed-points/modes.ts';
import type { Found } from '../fixed-points/search.ts';
import { runLooking, stepsFor } from '../flow/run.ts';
import type { Alone, Whitening } from './alone.ts';
import { numericalAbscissa } from './non-normality.ts';
import { column, inputJacobianOf, pulseEffect, type Refusal, readBy, refusalOf, type Selection, selectionOf } from './selection.ts';

/** A pulse lasts this share of the duration, and moves the state by this share of its spread. */
const PULSE = 0.1;
const MOVED = 0.05;
/** Beyond this growth a pulse is lost in rounding. */
const MOST_GROWTH = 1e6;
/** Visited states whose smallest spread is below this share of the largest do not span the state space. */
const SPANNED = 1e-6;

export interface Setting {
  readonly flow: Flow;
  readonly field: Field;
  readonly u: Float64Array;
  /** In steps of a map, or ms. */
  readonly duration: number;
  /** Standard deviation of visited states, all dimensions together; NaN where none are known. */
  readonly spread: number;
}

export interface Pulse {
  readonly formula: number;
  readonly simulated: number;
  readonly error: number;
}

export interface Linearised extends Alone {
  readonly abscissa: number | undefined;
  readonly refusal: Refusal | undefined;
  /** ∂F/∂u, states × inputs. */
  readonly B: Float64Array;
  /** Of each input; empty where refused. */
  readonly selections: readonly Selection[];
  readonly pulses: readonly (Pulse | undefined)[];
}

/** |λ| of a map's or Re λ of an equation's least stable mode. */
export const leastStableOf = ({ kind }: Field, { stability: { modes } }: Found): number =>
  kind === 'map' ? Math.hypot(modes.re[0], modes.im[0]) : modes.re[0];

export async function linearise(setting: Setting, point: Found, alone: Alone, look: () => Promise<void>): Promise<Linearised> {
  const { flow, field, u } = setting;
  const { kind, states: n } = field;
  const jacobian = jacobianOf(field, point.end);
  const { modes, doubts, slowest } = point.stability;
  const leastStable = leastStableOf(field, point);
  const at = { modes, place: slowest };
  const refusal = refusalOf(at, doubts);
  const B = flow.inputs > 0 ? inputJacobianOf(flow, point.end.x, u) : new Float64Array(0);
  const columns = refusal === undefined ? Array.from({ length: flow.inputs }, (_, k) => column(B, flow.inputs, k)) : [];
  const pulses: (Pulse | undefined)[] = [];
  for (const [k, b] of columns.entries())
    pulses.push(await pulseAt(setting, point, { k, b, growth: alone.growth.norm, leastStable }, look));
  return {
    ...alone,
    abscissa: kind === 'ode' ? numericalAbscissa(jacobian, n) : undefined,
    refusal,
    B,
    selections: columns.map((b) => selectionOf(at, b)),
    pulses,
  };
}

/** A short pulse of input `k` by the linear formula and through the dynamics; undefined where it would be lost in rounding. */
async function pulseAt(
  { flow, field, u, duration, spread }: Setting,
  { end, stability }: Found,
  { k, b, growth, leastStable }: { readonly k: number; readonly b: Float64Array; readonly growth: number; readonly leastStable: number },
  look: () => Promise<void>,
): Promise<Pulse | undefined> {
  const { kind, states: n } = field;
  const at = { modes: stability.modes, place: stability.slowest };
  const lambda = { re: at.modes.re[at.place], im: at.modes.im[at.place] };
  const pulse = kind === 'map' ? Math.max(1, Math.round(PULSE * duration)) : PULSE * duration;
  const alone = kind === 'map' ? Math.max(1, leastStable) ** duration : Math.exp(Math.max(0, leastStable) * duration);
  const strength = length(b);
  if (!(strength > 0) || !(growth * alone < MOST_GROWTH)) return undefined;
  const moved = MOVED * (spread > 0 ? spread : Math.sqrt(n) / 10);
  const size = moved / (strength * pulse * growth * alone);
  const jacobianSize = Math.sqrt(end.a.reduce((sum, x) => sum + x * x, 0));
  const run = (from: Float64Array, held: Float64Array, time: number) =>
    runLooking(flow, from, held, { duration: time, steps: stepsFor(time, jacobianSize) }, look);
  const pulsed = u.map((value, j) => (j === k ? value + size : value));
  const end1 = await run(await run(end.x, pulsed, pulse), u, duration - pulse);
  const end0 = await run(await run(end.x, u, pulse), u, duration - pulse);
  const change = end1.map((value, i) => (value - end0[i]) / size);
  const formula = pulseEffect(kind, lambda, readBy(at, b), duration, pulse);
  const simulated = readBy(at, change);
  const [expected, difference] = [Math.hypot(formula.re, formula.im), Math.hypot(formula.re - simulated.re, formula.im - simulated.im)];
  if (!(expected > 0) || !Number.isFinite(difference)) return undefined;
  const whole = (value: { readonly re: number; readonly im: number }) => (lambda.im === 0 ? value.re : Math.hypot(value.re, value.im));
  return { formula: whole(formula), simulated: whole(simulated), error: difference / expected };
}

export function whiteningOf(visited: readonly Float64Array[], n: number): { readonly whitening?: Whitening; readonly spread: number } {
  if (visited.length < 2) return { spread: Number.NaN };
  const mean = new Float64Array(n);
  for (const x of visited) for (let i = 0; i < n; i++) mean[i] += x[i] / visited.length;
  const covariance = new Float64Array(n * n);
  for (const x of visited)
    for (let i = 0; i < n; i++) {
      const by = (x[i] - mean[i]) / (visited.length - 1);
      for (let j = 0; j <= i; j++) covariance[i * n + j] += by * (x[j] - mean[j]);
    }
  for (let i = 0; i < n; i++) for (let j = 0; j < i; j++) covariance[j * n + i] = covariance[i * n + j];
  const spread = Math.sqrt(Array.from({ length: n }, (_, i) => covariance[i * (n + 1)]).reduce((sum, x) => sum + x, 0));
  const { realEigenvalues, eigenvectorMatrix } = new EigenvalueDecomposition(Matrix.from1DArray(n, n, covariance as unknown as number[]), {
    assumeSymmetric: true,
  });
  const sds = realEigenvalues.map((value) => Math.sqrt(Math.max(0, value)));
  if (visited.length <= n || Math.min(...sds) < SPANNED * Math.max(...sds)) return { spread };
  const to = new Float64Array(n * n);
  const from = new Float64Array(n * n);
  for (let i = 0; i < n; i++)
    for (let j = 0; j < n; j++) {
      to[j * n + i] = eigenvectorMatrix.get(i, j) / sds[j];
      from[i * n + j] = eigenvectorMatrix.get(i, j) * sds[j];
    }
  return { whitening: { to, from }, spread };
}
