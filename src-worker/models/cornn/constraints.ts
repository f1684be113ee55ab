// What CORNN's weights can be held to: none of a unit onto itself, one sign for all weights of a source (Dale's law), a connectome.

import { Failure } from '../../contract/failure.ts';
import type { Projection } from './solver.ts';

export interface Constraints {
  readonly units: number;
  readonly selfCoupling: boolean;
  /** units × units, row i onto unit i: 0 where there is no connection. */
  readonly connectome?: Float64Array | undefined;
  /** 1 or −1 for each source unit. */
  readonly signs?: Float64Array | undefined;
}

/** Entries of a column that name a sign. */
const EXCITES = /^(e|exc\w*|excitatory|1|\+1|pyr\w*|regular.*|rs|wide|broad)$/i;
const INHIBITS = /^(i|inh\w*|inhibitory|-1|−1|fast.*|fs|narrow)$/i;

/**
 * Undefined where nothing is asked for that needs one: regressions leave weights of units onto themselves out by themselves. Row j of θ holds
 * what unit j gives; rows of external inputs are free.
 */
export function projectionOf({ units, selfCoupling, connectome, signs }: Constraints): Projection | undefined {
  if (!connectome && !signs) return undefined;
  return (theta, targets, ld) => {
    for (let source = 0; source < units; source++)
      for (const [k, target] of targets.entries()) {
        const at = source * ld + k;
        if ((!selfCoupling && source === target) || (connectome && connectome[target * units + source] === 0)) theta[at] = 0;
        else if (signs && theta[at] * signs[source] < 0) theta[at] = 0;
      }
  };
}

/** Signs by what a column says of each unit. Throws a Failure for what is no sign. */
export function signsFrom(values: readonly string[], column: string): Float64Array {
  return Float64Array.from(values, (value) => {
    if (EXCITES.test(value.trim())) return 1;
    if (INHIBITS.test(value.trim())) return -1;
    throw new Failure(
      'not-a-sign',
      `The column ${column} says “${value}” of a unit, which is neither excitatory nor inhibitory.`,
      'Use E and I (or 1 and −1), leave other units out, or choose --dale auto.',
    );
  });
}

/** The sign of each source's summed weights without constraints, those onto itself left out. */
export function signsOf(theta: Float64Array, units: number): Float64Array {
  return Float64Array.from({ length: units }, (_, source) => {
    let sum = 0;
    for (let target = 0; target < units; target++) if (target !== source) sum += theta[source * units + target];
    return sum < 0 ? -1 : 1;
  });
}
