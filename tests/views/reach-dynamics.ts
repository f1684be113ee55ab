// The system behind the small reaching experiment as dynamics: an equation in ms with two inputs (go, push), its log rates, its true points.

import type { Dynamics } from '../../src-worker/analyses/analysis.ts';
import { reaches, type Reaches } from './reaches.ts';

const OMEGA = 12.566;
const STATES = 6;

/** ż per second of the gate s, the pairs (q, p) and the trace m. */
function perSecond([s, qx, qy, px, py, m]: Float64Array, [go, push]: Float64Array): number[] {
  const g = (1 + s!) / 2;
  const h = (1 - g) / 0.08;
  return [
    15 * (s! - s! ** 3) + go!,
    -h * qx! - g * (3.5 * qx! + OMEGA * px!),
    -h * qy! - g * (3.5 * qy! + OMEGA * py!),
    -h * px! + g * (OMEGA * qx! - 3.5 * px!) + 11 * push!,
    -h * py! + g * (OMEGA * qy! - 3.5 * py!),
    20 * push! - m! / 0.08,
  ];
}

function jacobianPerSecond([s, qx, qy, px, py]: Float64Array): number[][] {
  const g = (1 + s!) / 2;
  const h = (1 - g) / 0.08;
  const [dg, dh] = [0.5, -0.5 / 0.08];
  const own = -h - 3.5 * g;
  return [
    [15 * (1 - 3 * s! ** 2), 0, 0, 0, 0, 0],
    [-dh * qx! - dg * (3.5 * qx! + OMEGA * px!), own, 0, -g * OMEGA, 0, 0],
    [-dh * qy! - dg * (3.5 * qy! + OMEGA * py!), 0, own, 0, -g * OMEGA, 0],
    [-dh * px! + dg * (OMEGA * qx! - 3.5 * px!), g * OMEGA, 0, own, 0, 0],
    [-dh * py! + dg * (OMEGA * qy! - 3.5 * py!), 0, g * OMEGA, 0, own, 0],
    [0, 0, 0, 0, 0, -1 / 0.08],
  ];
}

export function reachDynamics(size: Reaches): Dynamics {
  const { weights, bias } = reaches(size);
  const logRates = (z: readonly number[]): Float64Array =>
    Float64Array.from(weights, (row, u) => bias[u]! + row.reduce((sum, weight, j) => sum + weight * z[j]!, 0));
  const gate = (name: string, s: number, eigenvalues: readonly (readonly [number, number])[]) => ({
    name,
    stability: s === 0 ? ('saddle' as const) : ('stable' as const),
    unstable: s === 0 ? 1 : 0,
    eigenvalues,
    logRates: logRates([s, 0, 0, 0, 0, 0]),
  });
  return {
    flow: {
      kind: 'ode',
      states: STATES,
      inputs: 2,
      derivative: (x, u) => Float64Array.from(perSecond(x, u), (value) => value / 1000),
      jacobian(x, _u, into = new Float64Array(STATES * STATES)) {
        for (const [at, value] of jacobianPerSecond(x).flat().entries()) into[at] = value / 1000;
        return into;
      },
    },
    of: 'the reaching system',
    notes: [],
    readouts: {
      logRates: {
        of: 'log rates',
        unit: 'log Hz',
        dimensions: weights.length,
        states: STATES,
        matrix: Float64Array.from(weights.flat()),
        bias: Float64Array.from(bias),
      },
    },
    truth: [gate('rest', -1, [[-12.5, 0]]), gate('saddle', 0, [[15, 0]]), gate('movement', 1, [[-3.5, OMEGA]])],
  };
}
