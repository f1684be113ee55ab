// Where a phase portrait is drawn: three principal components of what the dynamics' states stand for (log rates, factors, or the states
// themselves), and the way from a state, or a direction of states, into them.

import type { Dynamics } from '../../analyses/analysis.ts';
import { basisOf, conditionAverages, countOf } from '../../analyses/states.ts';
import { Failure } from '../../contract/failure.ts';
import type { States } from '../../contract/result.ts';
import type { PrincipalComponents } from '../../numerics/pca.ts';
import { project } from '../../numerics/pca.ts';
import { type Readout, readDirection, readStates } from '../../models/readout.ts';
import type { Axis } from '../../scene/scene.ts';

export const SHOWN_STATES = ['log-rates', 'rates', 'factors', 'generator'] as const;
export type ShownState = (typeof SHOWN_STATES)[number];

export interface PortraitSpace {
  readonly axes: readonly [Axis, Axis, Axis];
  /** 'log rates; PCs of 8 condition averages (88 % of their variance)'. */
  readonly recipe: string;
  readonly unit: string;
  /** Single trajectories in what is shown, and their averages; scores are rows × bins × 3. */
  readonly trials: States;
  readonly scores: Float64Array;
  readonly averages: States & { readonly trialsOf: Int32Array };
  readonly averageScores: Float64Array;
  /** What a state of the dynamics stands for, dimensions long. */
  shown(state: Float64Array): Float64Array;
  /** The same of a direction at a state. */
  direction(along: ArrayLike<number>, at: ArrayLike<number>): Float64Array;
  /** Three coordinates of what is shown, and of a direction of it. */
  place(shown: ArrayLike<number>): Float64Array;
  turn(direction: ArrayLike<number>): Float64Array;
  /** How far what is shown lies from the three drawn dimensions, in their unit. */
  outside(shown: Float64Array): number;
}

const READOUT = { 'log-rates': 'logRates', rates: 'rates', factors: 'factors' } as const;

/** The state that is drawn: the one asked for, else log rates where they are known. Throws a Failure for one that is not there. */
export function readoutFor({ readouts }: Dynamics, wanted: ShownState | undefined): Readout | undefined {
  if (wanted === 'generator') return undefined;
  if (wanted === undefined) return readouts?.logRates ?? readouts?.rates ?? readouts?.factors;
  const found = readouts?.[READOUT[wanted]];
  if (found) return found;
  const known = SHOWN_STATES.filter((name) => name === 'generator' || readouts?.[READOUT[name]]);
  throw new Failure('no-such-state', `These dynamics say nothing of ${wanted.replace('-', ' ')}.`, `There are: ${known.join(', ')}.`);
}

const kept = new WeakMap<States, Map<string, PortraitSpace>>();

/** The space for trajectories of the dynamics' states, made once for each of them; `extra` states count where there are no trajectories. */
export function portraitSpace(
  dynamics: Dynamics,
  visited: States,
  wanted: ShownState | undefined,
  dimensions: readonly number[],
): PortraitSpace {
  const readout = readoutFor(dynamics, wanted);
  const made = kept.get(visited) ?? new Map<string, PortraitSpace>();
  kept.set(visited, made);
  const key = `${readout?.of} ${dimensions.join(' ')}`;
  const found = made.get(key) ?? make(visited, readout, dimensions);
  made.set(key, found);
  return found;
}

function make(visited: States, readout: Readout | undefined, chosen: readonly number[]): PortraitSpace {
  const size = readout?.dimensions ?? visited.dimensions;
  if (chosen.length !== 3 || chosen.some((d) => !Number.isInteger(d) || d < 1 || d > Math.max(3, size)))
    throw new Failure(
      'bad-dimensions',
      `Three dimensions from 1 to ${Math.max(3, size)} are needed, not “${chosen.join(', ')}”.`,
      'Name three whole numbers, such as 1,2,3.',
    );
  const of = readout?.of ?? 'states';
  const unit = readout?.unit ?? '';
  const trials: States = readout
    ? { ...visited, values: readStates(readout, visited.values), dimensions: size, unit }
    : { ...visited, unit };
  const averages = conditionAverages(trials);
  const hasConditions = trials.conditions.some((condition) => condition >= 0);
  const full = basisOf(hasConditions ? averages : trials, Math.min(size, Math.max(3, ...chosen)), false);
  const basis = chosenOf(full, chosen);
  const share = Math.round(100 * basis.shares.reduce((sum, part) => sum + part, 0));
  const whose = hasConditions ? countOf(averages.rows, 'condition average') : countOf(trials.rows, 'trajectory').replace('ys', 'ies');
  const axes = chosen.map((d): Axis => {
    const part = full.shares[d - 1];
    return { label: `PC ${d}${part === undefined ? '' : `, ${Math.round(100 * part)} %`}`, unit, scale: 'linear' };
  });
  const minus = (shown: ArrayLike<number>): Float64Array => Float64Array.from(basis.mean, (mean, d) => shown[d] - mean);
  return {
    axes: axes as unknown as PortraitSpace['axes'],
    recipe: `${of}; PCs of ${whose} (${share} % of their variance)`,
    unit,
    trials,
    scores: project(trials.values, basis),
    averages,
    averageScores: project(averages.values, basis),
    shown: (state) => (readout ? readStates(readout, state) : state),
    direction: (along, at) => (readout ? readDirection(readout, along, at) : Float64Array.from(along)),
    place: (shown) => turned(basis, minus(shown)),
    turn: (direction) => turned(basis, direction),
    outside(shown) {
      const away = minus(shown);
      const inside = turned(basis, away);
      const square = (values: Float64Array): number => values.reduce((sum, value) => sum + value * value, 0);
      return Math.sqrt(Math.max(0, square(away) - square(inside)));
    },
  };
}

function turned({ components, dimensions, count }: PrincipalComponents, direction: ArrayLike<number>): Float64Array {
  const out = new Float64Array(count);
  for (let k = 0; k < count; k++) for (let d = 0; d < dimensions; d++) out[k] += components[k * dimensions + d] * direction[d];
  return out;
}

/** Three of the components; those that are not there are zero. */
function chosenOf(
  { dimensions, mean, components, variances, shares }: PrincipalComponents,
  chosen: readonly number[],
): PrincipalComponents {
  const picked = new Float64Array(3 * dimensions);
  for (const [k, d] of chosen.entries()) picked.set(components.subarray((d - 1) * dimensions, d * dimensions), k * dimensions);
  const of = (values: Float64Array): Float64Array => Float64Array.from(chosen, (d) => values[d - 1] ?? 0);
  return { dimensions, mean, count: 3, components: picked, variances: of(variances), shares: of(shares) };
}
