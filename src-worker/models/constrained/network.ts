// A network whose units are recorded units, how it runs by itself, and the currents between its units.
//
//   currents  x' = (1 − α) x + α (J φ(x) + V u), activity φ(x)        (CURBD, FORCE; Perich et al. 2021)
//   rates     r' = (1 − α) r + α φ(J r + V u), activity r             (CORNN; Dinc et al. 2023)

import type { Arrays } from '../../contract/result.ts';
import { flowFrom } from '../flows.ts';
import type { Checkpoint, Flow } from '../model.ts';
import { type Nonlinearity, SHAPES } from '../network/rnn.ts';
import type { Activity, Transform } from './activity.ts';
import { Doubles, product, put } from './doubles.ts';

export interface DrivenNetwork {
  readonly form: 'currents' | 'rates';
  readonly units: number;
  readonly inputs: number;
  /** units × units, row i the weights onto unit i. */
  readonly J: Float64Array;
  /** units × inputs. */
  readonly V: Float64Array;
  readonly phi: Nonlinearity;
  /** Of one step. */
  readonly alpha: number;
  readonly stepMs: number;
  readonly stepsPerBin: number;
}

/** A fitted network with what ties it to the recording. */
export interface FittedNetwork {
  readonly network: DrivenNetwork;
  /** Places of its units in the dataset. */
  readonly places: Int32Array;
  readonly transform: Transform;
  /** Mean activity over training of every unit of the dataset, Hz. */
  readonly means: Float64Array;
}

/** Activity is kept this far from the ends of a bounded nonlinearity, so that a state follows from it. */
const INSIDE = 0.999;

/** The state that gives the activity, clipped to what the nonlinearity can give. */
export function stateOf({ form, phi }: Pick<DrivenNetwork, 'form' | 'phi'>, activity: number): number {
  if (form === 'rates') return activity;
  const { inverse, range } = SHAPES[phi];
  const [low, high] =
    range[1] === Infinity ? [range[0] + (phi === 'softplus' ? 1e-6 : 0), Infinity] : [INSIDE * range[0], INSIDE * range[1]];
  return inverse(Math.min(high, Math.max(low, activity)));
}

/** What flows from unit to unit at a state: φ of a state that is a current, else the state itself. */
export const activityAt = ({ form, phi }: Pick<DrivenNetwork, 'form' | 'phi'>, state: number): number =>
  form === 'rates' ? state : SHAPES[phi].value(state);

/** Rows that run side by side: products of matrices instead of passes over the weights. */
const TOGETHER = 32;

/**
 * Runs every row by itself from its first bin, noise off, inputs given and held over a bin. Gives states and activity in the network's
 * units, rows × bins × units.
 */
export function freeRun(network: DrivenNetwork, from: Activity): { readonly states: Float64Array; readonly values: Float64Array } {
  const { units: n, inputs: m, J, V, alpha, stepsPerBin, form, phi } = network;
  const { value } = SHAPES[phi];
  const { rows, bins } = from;
  const states = new Float64Array(rows * bins * n);
  const values = new Float64Array(rows * bins * n);
  const B = Math.min(TOGETHER, rows);
  const plan = new Doubles();
  const [weights, state, given, drive] = [plan.matrix(n, n + m), plan.matrix(n, B), plan.matrix(n + m, B), plan.matrix(n, B)];
  const { kernels, view } = plan.open();
  const joint = new Float64Array(n * (n + m));
  for (let i = 0; i < n; i++) {
    joint.set(J.subarray(i * n, (i + 1) * n), i * (n + m));
    joint.set(V.subarray(i * m, (i + 1) * m), i * (n + m) + n);
  }
  put(view(weights), weights, joint);
  const [x, ru, z] = [view(state), view(given), view(drive)];
  const { ld } = state;
  const flowing = (): void => {
    if (form === 'currents' && phi === 'tanh') kernels.tanh64(n * ld, state.at, given.at);
    else for (let at = 0; at < n * ld; at++) ru[at] = activityAt(network, x[at]);
  };
  for (let first = 0; first < rows; first += B) {
    const count = Math.min(B, rows - first);
    x.fill(0);
    for (let b = 0; b < count; b++) for (let i = 0; i < n; i++) x[i * ld + b] = stateOf(network, from.values[(first + b) * bins * n + i]);
    flowing();
    for (let t = 0; t < bins; t++) {
      for (let b = 0; b < count; b++) {
        const at = ((first + b) * bins + t) * n;
        for (let i = 0; i < n; i++) {
          states[at + i] = x[i * ld + b];
          values[at + i] = ru[i * ld + b];
        }
      }
      if (t + 1 === bins) break;
      for (let b = 0; b < count; b++) for (let c = 0; c < m; c++) ru[(n + c) * ld + b] = from.inputs[((first + b) * bins + t) * m + c];
      for (let step = 0; step < stepsPerBin; step++) {
        product(kernels, weights, given, drive);
        if (form === 'rates') for (let at = 0; at < n * ld; at++) z[at] = value(z[at]);
        kernels.leak64(n * ld, state.at, drive.at, 0, 0, alpha);
        flowing();
      }
    }
  }
  return { states, values };
}

/** 1 − (‖A − R‖ / (√(rows·bins·units) s.d. of A))², over bins after each row's first; and of each unit about its own mean. */
export function explained(
  { rows, bins, units, lengths, values }: Activity,
  found: Float64Array,
): { readonly pVar: number; readonly perUnit: Float64Array } {
  const [sums, squares, errors] = [new Float64Array(units), new Float64Array(units), new Float64Array(units)];
  let count = 0;
  for (let row = 0; row < rows; row++)
    for (let t = 1; t < lengths[row]; t++) {
      count++;
      for (let i = 0; i < units; i++) {
        const at = (row * bins + t) * units + i;
        sums[i] += values[at];
        squares[i] += values[at] ** 2;
        errors[i] += (values[at] - found[at]) ** 2;
      }
    }
  const total = (list: Float64Array): number => list.reduce((sum, value) => sum + value, 0);
  const spread = total(squares) - total(sums) ** 2 / (count * units);
  return {
    pVar: 1 - total(errors) / spread,
    perUnit: errors.map((error, i) => 1 - error / (squares[i] - sums[i] ** 2 / count)),
  };
}

export function flowOf({ form, units, inputs, J, V, phi, alpha, stepMs }: DrivenNetwork): Flow {
  const weights = { states: units, inputs, W: J, V, b: new Float64Array(units) };
  return flowFrom({ of: form === 'rates' ? 'stepped' : 'currents', weights, phi, alpha, stepMs });
}

/** The arrays by which a checkpoint keeps a fitted network. */
export const toArrays = ({ network, places, transform, means }: FittedNetwork): Arrays => ({
  J: {
    values: network.J,
    shape: [network.units, network.units],
    axes: ['target', 'source'],
    unit: '',
    about: 'Weights in the network’s units of activity, row i those onto unit i',
  },
  V: {
    values: network.V,
    shape: [network.units, network.inputs],
    axes: ['target', 'input'],
    unit: '',
    about: 'Weights of external inputs',
  },
  places: {
    values: places,
    shape: [places.length],
    axes: ['network unit'],
    unit: '',
    about: 'Place in the dataset of each unit of the network',
  },
  scale: {
    values: transform.scale,
    shape: [places.length],
    axes: ['network unit'],
    unit: 'Hz',
    about: 'Activity is (Hz − offset) / scale',
  },
  offset: { values: transform.offset, shape: [places.length], axes: ['network unit'], unit: 'Hz' },
  means: { values: means, shape: [means.length], axes: ['unit'], unit: 'Hz', about: 'Mean activity over training' },
});

export const toState = ({ network }: FittedNetwork): Checkpoint['state'] => {
  const { form, phi, alpha, stepMs, stepsPerBin } = network;
  return { form, phi, alpha, stepMs, stepsPerBin };
};

export function fromCheckpoint({ arrays, state }: Checkpoint): FittedNetwork {
  const numbers = (name: string): Float64Array => Float64Array.from(arrays[name].values);
  const { form, phi, alpha, stepMs, stepsPerBin } = state as unknown as DrivenNetwork;
  const [units, inputs] = arrays.V.shape;
  return {
    network: { form, phi, alpha, stepMs, stepsPerBin, units, inputs, J: numbers('J'), V: numbers('V') },
    places: Int32Array.from(arrays.places.values),
    transform: { scale: numbers('scale'), offset: numbers('offset') },
    means: numbers('means'),
  };
}
