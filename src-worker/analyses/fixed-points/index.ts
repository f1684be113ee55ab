// Fixed and slow points of the dynamics at a held input (Sussillo & Barak 2013), found in float64 and told apart by what can be proven of each.

import type { Result } from '../../contract/result.ts';
import { type Dynamics, defineAnalysis } from '../analysis.ts';
import { piecesNotes } from '../pieces/result.ts';
import { MOST_KNOWN, type Searched, searched, searchParams } from './find.ts';
import { leastShare } from './missed.ts';
import { arraysOf, pointsOf } from './result.ts';
import type { Search } from './search.ts';
import { besideTruth, truthNote } from './truth.ts';
import { FAR } from './starts.ts';

export const fixedPoints = defineAnalysis({
  id: 'fixed-points',
  version: 5,
  title: 'Fixed points',
  about:
    'Fixed and slow points of the fitted dynamics at a held input, their stability with its margin, and how many may have been missed.',
  cites: [
    'Sussillo D., Barak O. Opening the black box: low-dimensional dynamics in high-dimensional recurrent neural networks. Neural Computation 25, 626–649 (2013).',
    'Golub M. D., Sussillo D. FixedPointFinder: a Tensorflow toolbox for identifying and characterizing fixed points in recurrent neural networks. Journal of Open Source Software 3, 1003 (2018).',
  ],
  needs: 'flow',
  state: 'generator',
  params: searchParams,
  details: pointsOf,
  async run(inputs, params, job): Promise<Result> {
    const all = await searched(inputs, params, job);
    const { found, held } = all;
    const arrays = arraysOf(all);
    const summary = summaryOf(found);
    const { points } = pointsOf({ arrays, summary });
    const beside = (inputs.dynamics && besideTruth(inputs.dynamics, points)) ?? [];
    return {
      arrays,
      // apartRest, apartSaddle, …: rms log rate from the nearest point.
      summary: {
        ...summary,
        ...Object.fromEntries(beside.flatMap(({ truth: { name }, nearest }) => (nearest ? [[nameOf(name), nearest.apart]] : []))),
      },
      recipe: `Fixed and slow points of ${inputs.dynamics?.of} with ${held.words}, from ${found.starts} starts; modes within ${params.margin} of the border are undecided.`,
      notes: [...notesOf(all, inputs.dynamics), ...(beside.length > 0 ? [truthNote(beside, points)] : [])],
    };
  },
});

const shareText = (share: number): string => String(Number((100 * share).toPrecision(2)));

const nameOf = (point: string): string => `apart${point.charAt(0).toUpperCase()}${point.slice(1)}`;

/** Of a search, for every analysis that shows its points. */
export function summaryOf({ points, starts, notConverged, missed }: Search): Record<string, number> {
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

export function notesOf({ found, distances, held, pieces }: Searched, dynamics: Dynamics | undefined): string[] {
  const { points, notConverged, starts, missed, odd } = found;
  const said = [...(dynamics?.notes ?? []), ...piecesNotes(pieces, MOST_KNOWN)];
  const kinked = points.filter(({ end }) => dynamics?.flow.kinked?.(end.x, held.u)).length;
  if (kinked > 0)
    said.push(
      `At ${kinked} of ${points.length} points a unit lies on the kink of its nonlinearity: no Jacobian exists there, and their stability is that of one side.`,
    );
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
  const isComplete = pieces?.regions?.complete === true;
  const ended = starts - notConverged;
  if (missed && !isComplete)
    said.push(
      `What was missed is Chao’s estimate (Chao1), a lower bound for this distribution of starts${odd ? '; a point and its mirror image count as one' : ''}.`,
    );
  if (!missed && !isComplete && ended > 0 && !points.some(({ kind }) => kind === 'continuum'))
    said.push(
      `${ended === 1 ? 'One start cannot tell' : `Each of ${ended} starts ended at a point of its own, so they cannot tell`} how many points were missed.`,
    );
  if (!isComplete && ended > 0)
    said.push(`A point that fewer than ${shareText(leastShare(ended))} % of such starts lead to may well be missed.`);
  return said;
}
