// The search that every analysis of points begins with: the field at the held input, starts visited and beyond them, and what was found.

import { Failure } from '../../contract/failure.ts';
import type { Job } from '../../contract/job.ts';
import { defineParams, type Values } from '../../contract/params.ts';
import type { Inputs } from '../analysis.ts';
import { type Held, heldInput, heldParams } from '../flow/held.ts';
import { partOf } from '../part.ts';
import { findCycles } from '../pieces/cycles.ts';
import { type Pieces, piecesOf } from '../pieces/pieces.ts';
import { MOST_UNITS, walkRegions } from '../pieces/regions.ts';
import type { InPieces } from '../pieces/result.ts';
import { descendInThreads, isWorthThreads } from './crew.ts';
import { type Field, fieldOf } from './field.ts';
import { type Search, search } from './search.ts';
import { distanceFrom, rowsOf, startsFor, usualDistance, usualSpeed, visitedRows } from './starts.ts';

const STARTS = 512;
/** Networks of more states start from fewer, so that a search takes about as long, but from some. */
const FULL_STATES = 128;
const FEWEST_STARTS = 64;
/** The share that walking pieces takes, of networks that are linear in pieces. */
const WALKED = 0.3;
/** Of an exact enumeration so many points are looked at more closely. */
export const MOST_KNOWN = 2048;

export const searchParams = defineParams({
  ...heldParams,
  starts: {
    kind: 'number',
    label: 'Starts',
    help: 'How many states the search starts from; those that a network brings, else 512, and fewer of a network of more than 128 states, unless set.',
    integer: true,
    min: 1,
    max: 100_000,
    tier: 'common',
  },
  noiseSds: {
    kind: 'number',
    label: 'Noise of starts',
    help: 'Standard deviation of the noise added to a quarter of the starts, in standard deviations of visited states.',
    default: 1,
    min: 0,
    tier: 'rare',
  },
  cycles: {
    kind: 'number',
    label: 'Cycles up to',
    help: 'Longest cycle that is looked for in a map that is linear in pieces, in steps; 0 looks for none. A heuristic: there may be more.',
    integer: true,
    default: 0,
    min: 0,
    max: 64,
    tier: 'occasional',
  },
  margin: {
    kind: 'number',
    label: 'Margin',
    help: 'A mode this near to the border of stability is undecided; of a continuous network relative to the size of its Jacobian.',
    default: 1e-4,
    min: 0,
    tier: 'occasional',
  },
});

export type SearchValues = Values<typeof searchParams>;

export interface Searched {
  readonly field: Field;
  readonly held: Held;
  readonly found: Search;
  /** States that were visited, thinned. */
  readonly visited: readonly Float64Array[];
  /** Of networks that are linear in pieces: all of them walked, where there are few enough. */
  readonly pieces: InPieces;
  /** As many states to start from as are asked for. */
  startsOf(count: number): readonly Float64Array[];
  /** Of each point to the nearest visited state, over the usual distance of neighbours; NaN where none are known. */
  readonly distances: readonly number[];
  /** Median length of a step of the trajectories. */
  readonly usualSpeed: number;
}

/** At the held input, or `at` another. Throws where there are no dynamics, where their states are others than those visited, and where every start leaves all bounds. */
export async function searched({ states, dynamics }: Inputs, params: SearchValues, job: Job, at?: Float64Array): Promise<Searched> {
  if (dynamics === undefined)
    throw new Failure('no-dynamics', 'Trials alone have no dynamics.', 'Choose a run of LFADS, or of a network from elsewhere.');
  const { flow } = dynamics;
  if (states.rows > 0 && states.dimensions !== flow.states)
    throw new Failure(
      'other-states',
      `The dynamics have ${flow.states} states and ${states.state ?? 'these'} have ${states.dimensions}.`,
      'Ask for the state called generator.',
    );
  const held = at ? { u: at, words: `inputs at ${at.join(', ')}` } : heldInput(dynamics, params);
  const field = fieldOf(flow, held.u);
  const visited = visitedRows(states);
  const brought = dynamics.starts ? rowsOf(dynamics.starts) : [];
  const count = params.starts ?? (brought.length > 0 ? brought.length : usualStarts(flow.states));
  const startsOf = (wanted: number) =>
    startsFor(flow.states, { brought, visited }, { count: wanted, noiseSds: params.noiseSds, seed: job.seed });
  const starts = startsOf(count);
  const speed = usualSpeed(field, states, visited.length > 0 ? visited : starts);
  const { plain } = flow;
  const crew =
    plain && isWorthThreads(field, starts.length, job.threads)
      ? {
          descents: (all: readonly Float64Array[], descending: Job) =>
            descendInThreads({ flow: plain, u: held.u, usualSpeed: speed }, all, descending),
        }
      : {};
  const walked = piecesOf(plain, held.u);
  const pieces = await inPieces(walked, params, partOf(job, 0, WALKED));
  const { regions } = pieces ?? {};
  const known = regions && {
    known: [...regions.points, ...regions.border, ...regions.lines].slice(0, MOST_KNOWN),
    complete: regions.complete,
  };
  const found = await search(
    field,
    starts,
    { margin: params.margin, usualSpeed: speed, ...known, ...crew },
    walked ? partOf(job, WALKED, 1) : job,
  );
  if (found.unbounded === found.starts)
    throw new Failure(
      'unbounded',
      `From every one of ${found.starts} starts, ${dynamics.of} leaves all bounds.`,
      'Look at its weights and its kind (--map), or bring starts nearer to zero.',
    );
  const usual = usualDistance(visited);
  const distances = found.points.map(({ end }) => distanceFrom(end.x, visited, usual));
  return { field, held, found, pieces, visited, startsOf, distances, usualSpeed: speed };
}

const usualStarts = (states: number): number => Math.max(FEWEST_STARTS, Math.min(STARTS, Math.round(STARTS * (FULL_STATES / states) ** 3)));

async function inPieces(pieces: Pieces | undefined, { cycles, margin }: SearchValues, job: Job): Promise<InPieces> {
  if (cycles > 0 && !pieces?.map)
    throw new Failure(
      'no-pieces',
      'Cycles are looked for only in maps that are linear in pieces.',
      'Leave --cycles away, or bring a network with --map relu or piecewise-linear.',
    );
  if (!pieces) return undefined;
  const tooMany = pieces.n > MOST_UNITS;
  return {
    tooMany,
    ...(tooMany ? {} : { regions: await walkRegions(pieces, cycles > 0 ? partOf(job, 0, 0.5) : job) }),
    ...(cycles > 0 ? { cycles: await findCycles(pieces, cycles, margin, job.seed, partOf(job, 0.5, 1)) } : {}),
  };
}
