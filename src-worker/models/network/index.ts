// A network that was trained elsewhere, as a run: its weights are read from a file's arrays and never fitted. There are no trials, so its
// dataset holds the file's arrays alone (`reads: 'network'`), no likelihood is scored, and the states that analyses start from are those the
// file brings.

import { Failure } from '../../contract/failure.ts';
import { defineParams, type Values } from '../../contract/params.ts';
import type { Arrays, NamedArray } from '../../contract/result.ts';
import type { Chosen } from '../../contract/run.ts';
import type { Dataset, FileArray } from '../../dataset/dataset.ts';
import { fitted } from '../baseline.ts';
import { type Checkpoint, defineModel, type Flow } from '../model.ts';
import { flowFrom } from '../flows.ts';
import { arrayAt, arraysOf, requireShape, unitsOf } from './read.ts';
import type { Nonlinearity } from './rnn.ts';

const GRUS = ['gru', 'gru-reset-before'];

const networkParams = defineParams({
  weights: {
    kind: 'text',
    label: 'Weights',
    help: 'Array of recurrent weights: units × units, row i the weights onto unit i; of a GRU 3 units × units in the order reset, update, candidate',
    offer: 'arrays',
    tier: 'common',
  },
  map: {
    kind: 'choice',
    label: 'Network',
    help: 'What the units do: x ← φ(W x + V u + b) for the first four, A x + W max(x, 0) + V u + b, or a GRU (reset after the product as in PyTorch, or before it)',
    choices: ['tanh', 'relu', 'softplus', 'hard-tanh', 'piecewise-linear', ...GRUS],
    default: 'tanh',
    tier: 'common',
  },
  bias: {
    kind: 'text',
    label: 'Bias',
    help: 'Array of biases, one a unit; of a GRU those of its input part, three a unit',
    offer: 'arrays',
    tier: 'common',
  },
  recurrentBias: {
    kind: 'text',
    label: 'Recurrent bias',
    help: 'Array of the biases in a GRU’s recurrent part, three a unit',
    offer: 'arrays',
    tier: 'occasional',
  },
  inputWeights: {
    kind: 'text',
    label: 'Input weights',
    help: 'Array of weights from inputs, units × inputs',
    offer: 'arrays',
    tier: 'common',
  },
  diagonal: {
    kind: 'text',
    label: 'Diagonal',
    help: 'Array of A in a piecewise linear network, one value a unit; zero without it',
    offer: 'arrays',
    tier: 'occasional',
  },
  starts: {
    kind: 'text',
    label: 'Starts',
    help: 'Array of states to search from, starts × units; all of them are used',
    offer: 'arrays',
    tier: 'common',
  },
  states: {
    kind: 'text',
    label: 'Visited states',
    help: 'Array of states that the network visits at its task, trials × times × units or states × units',
    offer: 'arrays',
    tier: 'common',
  },
  inputs: {
    kind: 'text',
    label: 'Inputs',
    help: 'Array of inputs that the network had at its task, trials × times × inputs or times × inputs',
    offer: 'arrays',
    tier: 'common',
  },
  tauMs: {
    kind: 'number',
    label: 'Time constant',
    help: 'Makes the network continuous, or leaky where the time step is given too',
    unit: 'ms',
    min: 1e-6,
    tier: 'common',
  },
  dtMs: {
    kind: 'number',
    label: 'Time step',
    help: 'Time that one step stands for; times are in steps without it',
    unit: 'ms',
    min: 1e-6,
    tier: 'common',
  },
});

type Resolved = Readonly<Record<string, Chosen>>;
type NetworkValues = Values<typeof networkParams>;

/** Names that PyTorch gives the arrays of a network of one layer. */
const USUAL: Readonly<Record<string, readonly string[]>> = {
  weights: ['/weight_hh_l0', '/weight_hh', '/W'],
  bias: ['/bias_ih_l0', '/bias_ih', '/b'],
  recurrentBias: ['/bias_hh_l0', '/bias_hh'],
  inputWeights: ['/weight_ih_l0', '/weight_ih', '/W_in'],
  starts: ['/starts'],
  states: ['/states'],
  inputs: ['/inputs'],
};

const FOUND = 'found by its name';

/** Value of a parameter that was left open, as a run keeps it. */
const NONE = '';

function resolve(dataset: Dataset, settings: Partial<NetworkValues>): Record<keyof NetworkValues, Chosen> {
  const arrays = arraysOf(dataset);
  const set = (name: keyof NetworkValues): Chosen | undefined =>
    settings[name] === undefined ? undefined : { value: settings[name], reason: 'Set by you' };
  const path = (name: keyof NetworkValues): Chosen => {
    const usual = USUAL[name]?.find((one) => arrays.has(one));
    return set(name) ?? { value: usual ?? NONE, reason: usual === undefined ? 'none in the file' : FOUND };
  };
  const resolved = {
    weights: path('weights'),
    map: set('map') ?? { value: 'tanh', reason: 'the usual nonlinearity' },
    bias: path('bias'),
    recurrentBias: path('recurrentBias'),
    inputWeights: path('inputWeights'),
    diagonal: path('diagonal'),
    starts: path('starts'),
    states: path('states'),
    // Without weights onto units, inputs have nothing to say.
    inputs: path('inputWeights').value === NONE && !set('inputs') ? { value: NONE, reason: 'no input weights' } : path('inputs'),
    tauMs: set('tauMs') ?? { value: 0, reason: 'a plain step' },
    dtMs: set('dtMs') ?? { value: 0, reason: 'not given' },
  };
  // Whatever is wrong with the arrays is said before anything is written.
  flowOf(checkpointArrays(dataset, resolved), resolved);
  return resolved;
}

const text = (resolved: Resolved, name: keyof NetworkValues): string => String(resolved[name].value);

function checkpointArrays(dataset: Dataset, resolved: Resolved): Arrays {
  const map = text(resolved, 'map');
  const gates = GRUS.includes(map) ? 3 : 1;
  const path = text(resolved, 'weights');
  if (path === NONE)
    throw new Failure(
      'no-weights',
      'Which array holds the weights is not said.',
      `Name it with --weights; the file has ${[...arraysOf(dataset).keys()].join(', ') || 'no arrays of numbers'}.`,
    );
  const weights = arrayAt(dataset, path, 'weights');
  const units = unitsOf(weights, gates, path);
  const named = (array: FileArray, axes: readonly string[]): NamedArray => ({ values: array.values, shape: array.shape, axes, unit: '' });
  const arrays: Record<string, NamedArray> = { weights: named(weights, ['target', 'source']) };
  for (const name of ['bias', 'recurrentBias', 'diagonal'] as const) {
    const own = text(resolved, name);
    if (own === NONE) continue;
    const what = networkParams[name].label.toLowerCase();
    const array = arrayAt(dataset, own, what);
    requireShape(array, [name === 'diagonal' ? units : gates * units], own, what);
    arrays[name] = named(array, ['target']);
  }
  const inputPath = text(resolved, 'inputWeights');
  if (inputPath !== NONE) {
    const array = arrayAt(dataset, inputPath, 'input weights');
    requireShape(array, [gates * units, array.shape[1] ?? 1], inputPath, 'input weights');
    arrays.inputWeights = named(array, ['target', 'input']);
  }
  for (const name of ['starts', 'states', 'inputs'] as const) {
    const own = text(resolved, name);
    if (own === NONE) continue;
    const array = arrayAt(dataset, own, name);
    const inTrials = name !== 'starts' && array.shape.length === 3;
    const width = name === 'inputs' ? (arrays.inputWeights?.shape[1] ?? 0) : units;
    requireShape(array, [...array.shape.slice(0, inTrials ? 2 : 1), width], own, name);
    const last = name === 'inputs' ? 'input' : 'state';
    arrays[name] = named(array, inTrials ? ['trial', 'bin', last] : [name === 'starts' ? 'start' : 'row', last]);
  }
  return arrays;
}

const numbers = (array: NamedArray | undefined, size: number): Float64Array =>
  array ? Float64Array.from(array.values) : new Float64Array(size);

function flowOf(arrays: Arrays, resolved: Resolved): Flow {
  const map = text(resolved, 'map');
  const [tauMs, dtMs] = [Number(resolved.tauMs.value), Number(resolved.dtMs.value)];
  const states = arrays.weights.shape[1];
  const inputs = arrays.inputWeights?.shape[1] ?? 0;
  const stepMs = dtMs > 0 ? dtMs : 1;
  const W = numbers(arrays.weights, 0);
  const V = numbers(arrays.inputWeights, 0);
  if (tauMs > 0 && (GRUS.includes(map) || map === 'piecewise-linear'))
    throw new Failure('no-time-constant', `A network of kind ${map} is a map and has no time constant.`, 'Leave --tau-ms away.');
  if (GRUS.includes(map)) {
    const b = numbers(arrays.bias, 3 * states);
    const c = numbers(arrays.recurrentBias, 3 * states);
    return flowFrom({ of: 'gru', weights: { states, inputs, U: W, W: V, b, c }, resetAfter: map === 'gru', stepMs });
  }
  const b = numbers(arrays.bias, states);
  // PyTorch gives a plain network two biases.
  if (arrays.recurrentBias) for (const [i, value] of numbers(arrays.recurrentBias, states).entries()) b[i] += value;
  const weights = { states, inputs, W, V, b };
  if (map === 'piecewise-linear') return flowFrom({ of: 'piecewise-linear', weights, A: numbers(arrays.diagonal, states), stepMs });
  const phi = map as Nonlinearity;
  if (tauMs > 0 && dtMs === 0) return flowFrom({ of: 'continuous', weights, phi, tauMs });
  if (dtMs > tauMs && tauMs > 0)
    throw new Failure(
      'step-too-long',
      `The time step of ${dtMs} ms is longer than the time constant of ${tauMs} ms.`,
      'Choose a shorter --dt-ms.',
    );
  return flowFrom({ of: 'stepped', weights, phi, alpha: tauMs > 0 ? dtMs / tauMs : 1, stepMs });
}

export const network = defineModel({
  id: 'network',
  version: 2,
  title: 'Network from elsewhere',
  about: 'Weights of a recurrent network that was trained elsewhere, for the analyses of its dynamics',
  reads: 'network',
  params: networkParams,
  resolve,
  async fit(dataset, resolved, job) {
    const arrays = checkpointArrays(dataset, resolved);
    const flow = flowOf(arrays, resolved);
    await job.progress(1);
    const byName = Object.entries(resolved).flatMap(([name, { value, reason }]) => (reason === FOUND ? [`${name} ${value}`] : []));
    const timed = flow.kind === 'ode' || Number(resolved.dtMs.value) > 0;
    return fitted(arrays, {}, [
      `${flow.states} units and ${flow.inputs} inputs, ${flow.kind === 'ode' ? 'a differential equation' : 'a map'}.`,
      ...(byName.length > 0 ? [`Found in the file by their names: ${byName.join(', ')}.`] : []),
      ...(timed ? [] : ['How long a step lasts was not given (--dt-ms): a step counts as 1 ms.']),
    ]);
  },
  async infer() {
    throw new Failure('no-trials', 'A network from elsewhere has no trials to infer.', 'Use the analyses of its dynamics.');
  },
  flow: ({ arrays }, resolved) => flowOf(arrays, resolved),
  brought({ arrays }: Checkpoint) {
    const { starts, states, inputs } = arrays;
    return { ...(starts ? { starts } : {}), ...(states ? { states } : {}), ...(inputs ? { inputs } : {}) };
  },
});
