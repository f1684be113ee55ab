// The rank of a rate network by held-out likelihood: networks of rank 1, 2, … are fitted until more ranks stop helping, and the smallest
// whose likelihood of unseen counts of validation trials is that of the best is kept.

import type { Arrays } from '../../contract/result.ts';
import { type Dataset, ofTrials, TRAINING, trialsIn } from '../../dataset/index.ts';
import { principalComponents } from '../../numerics/pca.ts';
import { smoothBins } from '../../numerics/smoothing.ts';
import type { Checkpoint, FitJob } from '../model.ts';
import type { TriedRank } from './facts.ts';
import { MOST_RANK } from './params.ts';
import type { RateValues } from './setup.ts';
import { trainRank, type Trained } from './train.ts';

/** Ranks that do not change the choice before the search ends. */
const PATIENT = 2;

/** A rank that is finished, as the search keeps it: its checkpoint's arrays lie under `rank N/`. */
interface Finished extends TriedRank {
  readonly step: number;
  readonly bestStep: number;
  readonly state: Readonly<Record<string, unknown>>;
  readonly diagnostics: Readonly<Record<string, number>>;
}

interface SearchState {
  readonly finished: readonly Finished[];
  /** The rank at which the search stands; its own checkpoint lies bare. */
  readonly at: number;
}

const mean = (values: readonly number[]): number => values.reduce((sum, x) => sum + x / values.length, 0);

/** Part of the best rank's gain over constant rates that is no reason for another rank: another seed makes as much of a difference. */
const SLIGHT = 0.02;

/**
 * The smallest rank whose likelihood is within one standard error of the best one's, or loses only a slight part of its gain. The error is that of
 * the differences trial by trial, since trials differ among each other far more than ranks do.
 */
export function chosenRank(tried: readonly TriedRank[]): number {
  const best = bestOf(tried);
  const slight = SLIGHT * Math.max(0, best.ofMeans - mean(best.nlls));
  for (const { rank, nlls } of tried.toSorted((a, b) => a.rank - b.rank)) {
    const differences = nlls.map((nll, i) => nll - best.nlls[i]);
    const d = mean(differences);
    const variance = mean(differences.map((x) => (x - d) ** 2)) * (nlls.length / Math.max(1, nlls.length - 1));
    if (d <= Math.max(slight, Math.sqrt(variance / nlls.length))) return rank;
  }
  return best.rank;
}

const bestOf = (tried: readonly TriedRank[]): TriedRank => tried.reduce((a, b) => (mean(b.nlls) < mean(a.nlls) ? b : a));

/** Whether further ranks are not worth a fit: so many did not change the choice. */
export function isEnough(tried: readonly TriedRank[]): boolean {
  return tried.at(-1)!.rank - chosenRank(tried) >= PATIENT;
}

const own = (arrays: Arrays, prefix: string): Arrays =>
  Object.fromEntries(
    Object.entries(arrays).flatMap(([name, array]) => (name.startsWith(prefix) ? [[name.slice(prefix.length), array]] : [])),
  );
const under = (prefix: string, arrays: Arrays): Arrays =>
  Object.fromEntries(Object.entries(arrays).map(([name, array]) => [prefix + name, array]));
const prefixOf = (rank: number): string => `rank ${rank}/`;
const isBare = (name: string): boolean => !name.startsWith('rank ');

/** Whether a checkpoint is that of a search which has not ended. */
export const isSearching = ({ state }: Checkpoint): boolean => state.search !== undefined;

/** Fits ranks one after the other, and answers with the chosen one's fit. Checkpoints hold every rank that is finished. */
export async function searchRank(dataset: Dataset, values: RateValues, job: FitJob): Promise<Trained> {
  const begun = job.resume?.state.search as SearchState | undefined;
  const most = Math.min(MOST_RANK, values.hidden);
  let finished: readonly Finished[] = begun?.finished ?? [];
  let kept: Arrays = begun ? Object.fromEntries(Object.entries(job.resume!.arrays).filter(([name]) => !isBare(name))) : {};
  let last: Trained | undefined;
  for (let rank = begun?.at ?? 1; rank <= most; rank++) {
    const done = rank - 1;
    const { resume: _, ...fresh } = job;
    const resume = begun && rank === begun.at && job.resume && bare(job.resume);
    last = await trainRank(dataset, values, rank, {
      ...fresh,
      ...(resume && resume.step > 0 ? { resume } : {}),
      progress: (share, doing) => job.progress((done + share) / most, `rank ${rank}, ${doing ?? ''}`),
      metric: ({ step, values: numbers }) => {
        // Curves of one rank follow those of the last.
        const { sampleBitsPerSpike: _own, ...rest } = numbers;
        job.metric({ step: done * values.steps + step, values: { ...rest, rank } });
      },
      save: (checkpoint) => job.save(joined(checkpoint, { finished, at: rank }, kept)),
    });
    const { checkpoint, heldOut, diagnostics } = last;
    finished = [
      ...finished,
      { rank, ...heldOut, step: checkpoint.step, bestStep: checkpoint.bestStep, state: checkpoint.state, diagnostics },
    ];
    kept = { ...kept, ...under(prefixOf(rank), checkpoint.arrays) };
    if (heldOut.nlls.length === 0 || isEnough(finished)) break;
    await job.save(joined({ ...checkpoint, step: 0, arrays: {}, state: {} }, { finished, at: rank + 1 }, kept));
  }
  const tried = finished.map(({ rank, nlls, ofMeans }) => ({ rank, nlls, ofMeans }));
  const rank = tried[0].nlls.length === 0 ? finished.at(-1)!.rank : chosenRank(tried);
  const { step, bestStep, state, nlls, ofMeans, diagnostics } = finished.find((one) => one.rank === rank)!;
  const checkpoint: Checkpoint = { step, bestStep, state: { ...state, tried }, arrays: own(kept, prefixOf(rank)) };
  return {
    ...last!,
    checkpoint,
    heldOut: { nlls, ofMeans },
    diagnostics,
    notes: [...last!.notes.filter((note) => !note.startsWith('Stopped')), said(tried, rank), ...bounded(dataset, rank)],
  };
}

const bare = (checkpoint: Checkpoint): Checkpoint => ({
  ...checkpoint,
  arrays: Object.fromEntries(Object.entries(checkpoint.arrays).filter(([name]) => isBare(name))),
});

const joined = (checkpoint: Checkpoint, search: SearchState, kept: Arrays): Checkpoint => ({
  ...checkpoint,
  arrays: { ...checkpoint.arrays, ...kept },
  state: { ...checkpoint.state, search },
});

function said(tried: readonly TriedRank[], rank: number): string {
  if (tried[0].nlls.length === 0) return `Rank ${rank}: without validation trials nothing tells ranks apart.`;
  const all = tried.map((one) => `${one.rank}: ${mean(one.nlls).toFixed(5)}`).join(', ');
  return `Rank ${rank}, the smallest that does as well as the best, by nats an unseen element of validation trials (${all}).`;
}

const SMOOTHED_MS = 40;
const SHARE = 0.9;
const MOST_ROWS = 4000;

/** Directions that hold 90 % of the variance of smoothed activity over training: of averages of conditions where there are any. */
function visitedDimensions(dataset: Dataset): number {
  const { bins, units, counts, conditions, observed } = dataset;
  const training = trialsIn(dataset, TRAINING);
  const size = bins * units;
  const smooth = smoothBins(ofTrials(counts, training, size), training.length, bins, units, SMOOTHED_MS / dataset.binMs, {
    observed: observed && ofTrials(observed, training, bins),
  });
  const groups = conditions ? conditions.names.length : training.length;
  const rows = new Float64Array(groups * size);
  const trials = new Int32Array(groups);
  for (const [k, trial] of training.entries()) {
    const group = conditions ? conditions.of[trial] : k;
    if (group < 0) continue;
    trials[group]++;
    for (let at = 0; at < size; at++) rows[group * size + at] += smooth[k * size + at];
  }
  const every = Math.max(1, Math.ceil((groups * bins) / MOST_ROWS));
  const kept: number[] = [];
  for (let row = 0; row < groups * bins; row += every) if (trials[Math.floor(row / bins)] > 0) kept.push(row);
  const values = new Float64Array(kept.length * units);
  for (const [to, row] of kept.entries())
    for (let u = 0; u < units; u++) values[to * units + u] = rows[row * units + u] / trials[Math.floor(row / bins)];
  let [held, dimensions] = [0, 0];
  for (const share of principalComponents(values, units).shares) {
    if (held >= SHARE) break;
    held += share;
    dimensions++;
  }
  return dimensions;
}

/** A rank that is that of the activity itself says little of connectivity. */
function bounded(dataset: Dataset, rank: number): readonly string[] {
  const dimensions = visitedDimensions(dataset);
  if (dimensions === 0 || rank < dimensions) return [];
  return [
    `${dimensions} ${dimensions === 1 ? 'component holds' : 'components hold'} ${100 * SHARE} % of the activity’s variance: a rank of ${rank} may be that of what was visited, rather than of connectivity.`,
  ];
}
