// Fixed and slow points of the dynamics at a held input (Sussillo & Barak 2013), found in float64 and told apart by what can be proven of each.

import { Failure } from '../../contract/failure.ts';
import type { Result } from '../../contract/result.ts';
import { type Dynamics, defineAnalysis } from '../analysis.ts';
import { heldInput, heldParams } from '../flow/held.ts';
import { descendInThreads, isWorthThreads } from './crew.ts';
import { fieldOf } from './field.ts';
import { arraysOf, pointsOf } from './result.ts';
import { type Search, search } from './search.ts';
import { distanceFrom, FAR, rowsOf, startsFor, usualDistance, usualSpeed, visitedRows } from './starts.ts';

const STARTS = 512;

export const fixedPoints = defineAnalysis({
  id: 'fixed-points',
  version: 2,
  title: 'Fixed points',
  about:
    'Fixed and slow points of the fitted dynamics at a held input, their stability with its margin, and how many may have been missed.',
  needs: 'flow',
  state: 'generator',
  params: {
    ...heldParams,
    starts: {
      kind: 'number',
      label: 'Starts',
      help: 'How many states the search starts from; 512, or those that a network brings, unless set.',
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
    margin: {
      kind: 'number',
      label: 'Margin',
      help: 'A mode this near to the border of stability is undecided; of a continuous network relative to the size of its Jacobian.',
      default: 1e-4,
      min: 0,
      tier: 'occasional',
    },
  },
  details: pointsOf,
  async run({ states, dynamics }, params, job): Promise<Result> {
    if (dynamics === undefined)
      throw new Failure('no-dynamics', 'Trials alone have no dynamics.', 'Choose a run of LFADS, or of a network from elsewhere.');
    const { flow } = dynamics;
    if (states.rows > 0 && states.dimensions !== flow.states)
      throw new Failure(
        'other-states',
        `The dynamics have ${flow.states} states and ${states.state ?? 'these'} have ${states.dimensions}.`,
        'Ask for the state called generator.',
      );
    const held = heldInput(dynamics, params);
    const field = fieldOf(flow, held.u);
    const visited = visitedRows(states);
    const brought = dynamics.starts ? rowsOf(dynamics.starts) : [];
    const count = params.starts ?? (brought.length > 0 ? brought.length : STARTS);
    const starts = startsFor(flow.states, { brought, visited }, { count, noiseSds: params.noiseSds, seed: job.seed });
    const speed = usualSpeed(field, states, visited.length > 0 ? visited : starts);
    const { plain } = flow;
    const crew =
      plain && isWorthThreads(field, starts.length, job.threads)
        ? { descents: (all: readonly Float64Array[]) => descendInThreads(field, plain, held.u, all, job) }
        : {};
    const found = await search(field, starts, { margin: params.margin, usualSpeed: speed, ...crew }, job);
    if (found.unbounded === found.starts)
      throw new Failure(
        'unbounded',
        `From every one of ${found.starts} starts, ${dynamics.of} leaves all bounds.`,
        'Look at its weights and its kind (--map), or bring starts nearer to zero.',
      );
    const kinked = found.points.filter(({ end }) => flow.kinked?.(end.x, held.u)).length;
    const usual = usualDistance(visited);
    const distances = found.points.map(({ end }) => distanceFrom(end.x, visited, usual));
    return {
      arrays: {
        ...arraysOf(field, found, distances),
        input: { values: held.u, shape: [held.u.length], axes: ['input'], unit: '', about: 'Held input' },
      },
      summary: summaryOf(found),
      recipe: `Fixed and slow points of ${dynamics.of} with ${held.words}, from ${found.starts} starts; modes within ${params.margin} of the border are undecided.`,
      notes: [
        ...notesOf(found, distances, dynamics),
        ...(kinked > 0
          ? [
              `At ${kinked} of ${found.points.length} points a unit lies on the kink of its nonlinearity: no Jacobian exists there, and their stability is that of one side.`,
            ]
          : []),
      ],
    };
  },
});

function summaryOf({ points, starts, notConverged, missed }: Search): Record<string, number> {
  const count = (keeps: (point: Search['points'][number]) => boolean): number => points.filter(keeps).length;
  return {
    points: points.length,
    fixed: count(({ kind }) => kind === 'fixed'),
    slow: count(({ kind }) => kind === 'slow'),
    undecided: count(({ kind }) => kind === 'undecided'),
    continuum: count(({ kind }) => kind === 'continuum'),
    stable: count(({ stability }) => stability.verdict === 'stable'),
    starts,
    notConverged,
    ...(missed ? { missedEstimate: missed.points, coverage: missed.coverage } : {}),
  };
}

function notesOf({ points, notConverged, starts, missed, odd }: Search, distances: readonly number[], { notes }: Dynamics): string[] {
  const said = [...notes];
  const marginal = points.filter(({ stability: { unstable } }) => unstable[0] !== unstable[1]).length;
  if (marginal > 0)
    said.push(`${marginal} of ${points.length} points have modes too near to the border of stability: their unstable modes are a range.`);
  const far = distances.filter((distance) => distance > FAR).length;
  if (far > 0) said.push(`${far} of ${points.length} points lie away from all visited states (more than ${FAR} usual distances).`);
  if (points.some(({ kind }) => kind === 'continuum'))
    said.push('Starts stall on points without an isolated root: they are one continuum, and what was missed cannot be counted.');
  if (points.some(({ kind, lipschitz }) => kind === 'fixed' && lipschitz.estimated))
    said.push('How fast the Jacobian changes was estimated by probing, so that roots are isolated is likely rather than proven.');
  if (notConverged > 0) said.push(`${notConverged} of ${starts} starts ended at no point, fixed or slow.`);
  if (missed)
    said.push(
      `What was missed is Chao’s estimate (Chao1), a lower bound for this distribution of starts${odd ? '; a point and its mirror image count as one' : ''}.`,
    );
  return said;
}
