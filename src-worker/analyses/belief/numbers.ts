// Numbers of how far a network is to be believed: what readings say in sentences.

import { eigenvaluesOf } from '../../numerics/eigenvalues.ts';
import { correlation } from '../../numerics/statistics.ts';
import type { Followed, TestedNetwork } from '../../models/tested.ts';
import { offDiagonal, spreadOver, weightAgreement } from '../agreement.ts';
import type { Recovered } from './index.ts';

/** Values of a free run after each row's first bin, the mean of every output taken away: what is given at the start says nothing. */
function moving({ rows: { rows, bins, units, lengths }, found }: Followed): Float64Array {
  const out: number[] = [];
  for (let i = 0; i < units; i++) {
    const own: number[] = [];
    for (let row = 0; row < rows; row++) for (let t = 1; t < lengths[row]; t++) own.push(found[(row * bins + t) * units + i]);
    const mean = own.reduce((sum, value) => sum + value, 0) / own.length;
    for (const value of own) out.push(value - mean);
  }
  return Float64Array.from(out);
}

const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;
const rms = (values: Float64Array): number => Math.sqrt(values.reduce((sum, value) => sum + value * value, 0) / values.length);

/** Correlation of two free runs over the same rows. */
export const likeness = (one: Followed, other: Followed): number => correlation(moving(one), moving(other));

/** Largest modulus of an eigenvalue of J. */
export function radiusOf({ J, units }: Pick<TestedNetwork, 'J' | 'units'>): number {
  const { re, im } = eigenvaluesOf(J, units);
  return re.reduce((most, x, k) => Math.max(most, Math.hypot(x, im[k])), 0);
}

export function recoveryNumbers(network: TestedNetwork, own: Followed, { networks, runs }: Recovered): Record<string, number> {
  const { between } = network;
  return {
    'recovery.repeats': networks.length,
    ...(between && {
      'recovery.weights': mean(networks.map((one) => offDiagonal(between.weights, one.between!.weights, network.units))),
    }),
    'recovery.outputs': mean(runs.map((run) => likeness(own, run))),
    ...(!between && { 'recovery.radius': radiusOf(network), 'recovery.radiusAgain': mean(networks.map(radiusOf)) }),
  };
}

/** Agreement of every pair of seeds, in weights where these can be compared, and in free runs. */
export function agreementNumbers(
  networks: readonly TestedNetwork[],
  runs: readonly Followed[],
  scores: readonly number[],
): Record<string, number> {
  if (networks.length < 2) return { 'ensemble.members': networks.length };
  const weights = networks.flatMap(({ between }) => (between ? [between.weights] : []));
  const outputs = runs.map(moving);
  const pairs = outputs.flatMap((one, a) => outputs.slice(a + 1).map((other) => correlation(one, other)));
  return {
    'ensemble.members': networks.length,
    ...(weights.length === networks.length && weightAgreement(weights, networks[0].units)),
    'ensemble.outputs': mean(pairs),
    'ensemble.outputRms': rms(outputs[0]),
    'ensemble.outputSd': rms(spreadOver(outputs)),
    'ensemble.scoreLeast': Math.min(...scores),
    'ensemble.scoreMost': Math.max(...scores),
  };
}
