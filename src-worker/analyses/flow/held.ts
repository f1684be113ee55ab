// The input that dynamics are looked at under: zero, its mean, that of a condition, external inputs alone, or typed values.

import { Failure } from '../../contract/failure.ts';
import { defineParams, type Values } from '../../contract/params.ts';
import type { HeldInput } from '../../contract/points.ts';
import type { Drive, Dynamics } from '../analysis.ts';

/** For the parameters of every analysis at a held input. */
export const heldParams = defineParams({
  input: {
    kind: 'choice',
    label: 'Input',
    help: 'Input that is held: its mean over trials and time, zero, its mean in one condition, external inputs at their mean with inferred ones at zero, or the values of --input-values.',
    choices: ['mean', 'zero', 'condition', 'external', 'values'],
    default: 'mean',
    tier: 'common',
  },
  inputCondition: {
    kind: 'text',
    label: 'Condition',
    help: 'Name of the condition over whose trials and time the held input is averaged.',
    tier: 'common',
    when: { param: 'input', is: 'condition' },
  },
  inputValues: {
    kind: 'list',
    of: 'number',
    label: 'Input values',
    help: 'One number for every input of the network, inferred inputs before external ones.',
    default: [],
    tier: 'occasional',
    when: { param: 'input', is: 'values' },
  },
});

export interface Held {
  /** One value an input. */
  readonly u: Float64Array;
  /** For captions: 'inputs at their mean over trials and time'. */
  readonly words: string;
}

/** Throws where the input asked for is not known of these dynamics. */
export function heldInput({ flow, driven }: Dynamics, params: Values<typeof heldParams>): Held {
  if (flow.inputs === 0) {
    if (params.input === 'mean' || params.input === 'zero') return { u: new Float64Array(0), words: 'no input' };
    throw new Failure('no-inputs', 'These dynamics have no inputs to hold.', 'Leave --input away.');
  }
  const zero = { u: new Float64Array(flow.inputs), words: 'all inputs at zero' };
  switch (params.input) {
    case 'zero':
      return zero;
    case 'mean':
      return driven ? { u: meanOf(driven, () => true), words: 'inputs at their mean over trials and time' } : zero;
    case 'condition':
      return ofCondition(driven, params.inputCondition);
    case 'external':
      return externalAlone(driven);
    case 'values':
      return { u: valuesFor(flow.inputs, params.inputValues), words: `inputs at ${params.inputValues.join(', ')}` };
    default:
      return params.input satisfies never;
  }
}

function valuesFor(inputs: number, values: readonly number[]): Float64Array {
  if (values.length === inputs) return Float64Array.from(values);
  throw new Failure(
    'input-values',
    `The network has ${inputs} inputs and ${values.length} values are given.`,
    'Give --input-values a number for each, inferred inputs before external ones.',
  );
}

function ofCondition(driven: Drive | undefined, name: string | undefined): Held {
  const names = driven?.conditionNames ?? [];
  if (!driven || names.length === 0)
    throw new Failure('no-conditions', 'The trials of this run have no conditions.', 'Hold the input at its mean, at zero or at values.');
  // Angles are named with their sign, and asked for without it too.
  const place = names.findIndex((own) => own === name || own === `${name}°`);
  if (place < 0)
    throw new Failure(
      'unknown-condition',
      name === undefined ? 'Which condition to hold the input of is not said.' : `There is no condition “${name}”.`,
      `Name it with --input-condition; there are ${names.join(', ')}.`,
    );
  if (!driven.conditions.includes(place))
    throw new Failure('empty-condition', `No trial in use has the condition “${name}”.`, 'Choose another condition, or widen --trials.');
  return {
    u: meanOf(driven, (trial) => driven.conditions[trial] === place),
    words: `inputs at their mean in condition ${name}`,
  };
}

function externalAlone(driven: Drive | undefined): Held {
  if (!driven || driven.inferred === driven.names.length)
    throw new Failure('no-external-inputs', 'These dynamics have no external inputs.', 'Hold the input at its mean, at zero or at values.');
  const u = meanOf(driven, () => true);
  u.fill(0, 0, driven.inferred);
  return { u, words: driven.inferred > 0 ? 'external inputs at their mean and inferred ones at zero' : 'external inputs at their mean' };
}

/** Of an input of which no values are known. */
const UNKNOWN = [-1, 1] as const;
const RARE = 0.01;
/** Values that are looked at. */
const SAMPLED = 20_000;

/** One input: its mean over trials and time, and its range without the rarest values, zero included. */
export function rangeOfInput(driven: Drive | undefined, input: number): HeldInput {
  const width = driven?.names.length ?? 0;
  const every = Math.max(1, Math.floor((driven?.values.length ?? 0) / Math.max(1, width) / SAMPLED));
  const values: number[] = [];
  for (let at = input; driven && at < driven.values.length; at += width * every)
    if (Number.isFinite(driven.values[at])) values.push(driven.values[at]);
  values.sort((a, b) => a - b);
  const name = driven?.names[input] ?? `input ${input + 1}`;
  const isInferred = input < (driven?.inferred ?? 0);
  if (values.length === 0) return { name, isInferred, mean: 0, low: UNKNOWN[0], high: UNKNOWN[1] };
  const mean = values.reduce((sum, value) => sum + value / values.length, 0);
  const at = (share: number): number => values[Math.round(share * (values.length - 1))];
  const [low, high] = [Math.min(0, at(RARE)), Math.max(0, at(1 - RARE))];
  return { name, isInferred, mean, ...(low < high ? { low, high } : { low: UNKNOWN[0], high: UNKNOWN[1] }) };
}

/** Mean over bins of the trials that `keeps` keeps; values that are no numbers are passed over. */
function meanOf({ values, bins, trials, names }: Drive, keeps: (trial: number) => boolean): Float64Array {
  const width = names.length;
  const sums = new Float64Array(width);
  const counts = new Float64Array(width);
  for (let trial = 0; trial < trials; trial++) {
    if (!keeps(trial)) continue;
    for (let at = trial * bins * width; at < (trial + 1) * bins * width; at++) {
      if (!Number.isFinite(values[at])) continue;
      sums[at % width] += values[at];
      counts[at % width]++;
    }
  }
  return sums.map((sum, i) => (counts[i] === 0 ? 0 : sum / counts[i]));
}
