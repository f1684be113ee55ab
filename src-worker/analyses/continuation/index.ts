// Fixed points followed along one input's slider, with the bifurcations that they meet.

import { Failure } from '../../contract/failure.ts';
import type { Result } from '../../contract/result.ts';
import { defineAnalysis, type Dynamics } from '../analysis.ts';
import { searched, searchParams } from '../fixed-points/find.ts';
import type { Found } from '../fixed-points/search.ts';
import { heldInput, rangeOfInput } from '../flow/held.ts';
import { length } from '../../numerics/lu.ts';
import { partOf } from '../part.ts';
import { type Line, inputAt } from './arclength.ts';
import { type Branch, branchesFrom, type Seed } from './branches.ts';
import { branchArrays, continuationOf, heldArrays } from './result.ts';

/** The share that searches take, roughly; the rest follows branches. */
const SEARCHED = 0.3;

export const continuation = defineAnalysis({
  id: 'continuation',
  version: 3,
  title: 'Continuation',
  about: 'Fixed points followed along one input without jumping between branches, and the bifurcations where an eigenvalue crosses.',
  needs: 'flow',
  state: 'generator',
  params: {
    ...searchParams,
    slider: {
      kind: 'text',
      label: 'Along input',
      help: 'Name or number (from 1) of the input that is changed; the first unless set.',
      tier: 'common',
    },
    range: {
      kind: 'range',
      label: 'Range',
      help: 'Values of that input; those it takes in the trials unless set, but for the rarest, and 0.',
      tier: 'common',
    },
    searches: {
      kind: 'number',
      label: 'Searches',
      help: 'At how many values of the input points are searched for anew, for branches that no other reaches; at least its two ends.',
      integer: true,
      default: 3,
      min: 2,
      max: 50,
      tier: 'occasional',
    },
  },
  details: continuationOf,
  async run(inputs, params, job): Promise<Result> {
    const { dynamics } = inputs;
    if (dynamics === undefined)
      throw new Failure('no-dynamics', 'Trials alone have no dynamics.', 'Choose a run of LFADS, or of a network from elsewhere.');
    const { flow } = dynamics;
    if (flow.inputs === 0)
      throw new Failure(
        'no-inputs',
        `There are no inputs to follow points of ${dynamics.of} along.`,
        'Bring its input weights, or fit LFADS with inputs.',
      );
    const held = heldInput(dynamics, params);
    const names = namesOf(dynamics);
    const index = inputNamed(params.slider, names);
    const [from, to] = params.range ?? usualRange(dynamics, held.u, index);
    if (!(from < to)) throw new Failure('empty-range', `The range ${from} to ${to} is empty.`, 'Give --range A,B with A below B.');
    const at = Array.from({ length: params.searches }, (_, k) => from + ((to - from) * k) / (params.searches - 1));
    const own = held.u[index];
    const values = own > from && own < to && !at.includes(own) ? [own, ...at] : at;
    const seeds: Seed[] = [];
    let heldPoints: readonly Found[] | undefined;
    const line = { flow, held: held.u, index, from, to, size: 1 };
    let searches = 0;
    for (const value of values) {
      const one = partOf(job, (SEARCHED * searches) / values.length, (SEARCHED * ++searches) / values.length);
      const { found } = await searched(inputs, params, one, inputAt(line, value));
      if (value === own) heldPoints = found.points;
      seeds.push(...found.points.filter(({ kind }) => kind === 'fixed').map(({ end }) => ({ x: end.x, value })));
    }
    const sized: Line = { ...line, size: Math.max(0.1, ...seeds.map(({ x }) => length(x))) };
    const branches = await branchesFrom(sized, seeds, params.margin, partOf(job, SEARCHED, 1));
    const input = names[index];
    const stepMs = flow.kind === 'map' ? flow.stepMs : 1;
    return {
      arrays: { ...branchArrays(sized, input, branches, stepMs), ...(heldPoints ? heldArrays(heldPoints, flow.states) : {}) },
      summary: summaryOf(branches),
      recipe: `Fixed points of ${dynamics.of} followed along ${input} from ${short(from)} to ${short(to)}, with ${held.words} but for this; searched for at ${values.length} values.`,
      notes: [...dynamics.notes, ...notesOf(branches, input)],
    };
  },
});

const short = (value: number): string => String(Number(value.toPrecision(4)));

const namesOf = ({ flow, driven }: Dynamics): string[] =>
  Array.from({ length: flow.inputs }, (_, k) => driven?.names[k] ?? `input ${k + 1}`);

function inputNamed(wanted: string | undefined, names: readonly string[]): number {
  if (wanted === undefined) return 0;
  const byName = names.indexOf(wanted);
  if (byName >= 0) return byName;
  const number = Number(wanted);
  if (Number.isInteger(number) && number >= 1 && number <= names.length) return number - 1;
  throw new Failure('unknown-input', `There is no input “${wanted}”.`, `Name one of ${names.join(', ')}, or give its number from 1.`);
}

/** What the input takes in the trials, and the held value. */
function usualRange({ driven }: Dynamics, u: Float64Array, index: number): readonly [number, number] {
  const { low, high } = rangeOfInput(driven, index);
  return [Math.min(low, u[index]), Math.max(high, u[index])];
}

function summaryOf(branches: readonly Branch[]): Record<string, number> {
  const crossings = branches.flatMap((branch) => branch.crossings);
  const count = (kind: string): number => crossings.filter((one) => one.kind === kind).length;
  return {
    branches: branches.length,
    steps: branches.reduce((sum, { steps }) => sum + steps.length, 0),
    folds: count('fold'),
    branchPoints: count('branch point'),
    flips: count('flip'),
    oscillations: count('oscillation'),
  };
}

function notesOf(branches: readonly Branch[], input: string): string[] {
  const lost = branches.filter(({ ends }) => ends.includes('lost')).length;
  const cut = branches.filter(({ ends }) => ends.includes('steps')).length;
  return [
    ...(branches.length === 0 ? [`No fixed point was found at any of the values of ${input}.`] : []),
    ...(lost > 0
      ? [`${lost} of ${branches.length} branches end where no step comes right: at a kink, a bound, or a degenerate point.`]
      : []),
    ...(cut > 0 ? [`${cut} of ${branches.length} branches are longer than the limit of steps.`] : []),
    'Branches that none of the searches meets, such as small closed ones, are not seen.',
  ];
}
