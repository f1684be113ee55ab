// The rank of a rate network by held-out likelihood (specification h): networks of rank 1, 2, … are fitted until more ranks stop helping, from several
// seeds but for ranks that are far from the best, and the smallest whose likelihood of unseen counts of validation trials is that of the best is
// kept. Counts that known networks made, one of a larger rank and one of full rank, both fitted to the recording, are then asked the same: whether
// ranks above the chosen one help. A rank that does for full weights too is no evidence of few dimensions in the weights.

import type { Arrays } from '../../contract/result.ts';
import type { Dataset } from '../../dataset/index.ts';
import { bestWeights } from '../../training/loop.ts';
import type { Checkpoint, FitJob } from '../model.ts';
import type { RankControl, TriedRank } from './facts.ts';
import { MOST_RANK } from './params.ts';
import { bounded, controlSaid, said, seedsSaid, visitedDimensions } from './rank-said.ts';
import { taughtBy } from './rank-teacher.ts';
import type { RateValues } from './setup.ts';
import { trainRank, type Trained } from './train.ts';

/** Ranks that do not change the choice before the search ends. */
const PATIENT = 2;
/** Seeds of further fits are this far apart. */
const SEEDS_APART = 1000;
/** A teacher of the control has so much more rank than was chosen. */
const MORE = 2;

/** What a rank is searched for: the recording, or what a network made of a larger rank or of full rank. */
type Subject = 'data' | 'larger' | 'full';

/** A fit that is finished, as the search keeps it; arrays of those that may be needed lie under `name/`. */
interface Finished extends TriedRank {
  readonly name: string;
  readonly step: number;
  readonly bestStep: number;
  readonly state: Readonly<Record<string, unknown>>;
  readonly diagnostics: Readonly<Record<string, number>>;
  readonly device: string;
  readonly deviceName: string;
  readonly notes: readonly string[];
}

interface SearchState {
  readonly finished: readonly Finished[];
  /** The fit at which the search stands; its own checkpoint lies bare. */
  readonly at: string;
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
  for (const one of tried.toSorted((a, b) => a.rank - b.rank)) {
    const { lost, error, slight } = against(best, one);
    if (lost <= Math.max(slight, error)) return one.rank;
  }
  return best.rank;
}

/** So many standard errors, and slight parts of the gain, are more than seeds make of a difference. */
const FAR = 5;

/** Whether other seeds of a rank are not worth a fit. */
export function isFar(tried: readonly TriedRank[], one: TriedRank): boolean {
  const { lost, error, slight } = against(bestOf(tried), one);
  return lost > FAR * Math.max(slight, error);
}

/** What is lost by a rank that is not the best, in nats an element, with the standard error of that. */
function against(best: TriedRank, { nlls }: TriedRank): { readonly lost: number; readonly error: number; readonly slight: number } {
  const differences = nlls.map((nll, i) => nll - best.nlls[i]);
  const lost = mean(differences);
  const variance = mean(differences.map((x) => (x - lost) ** 2)) * (nlls.length / Math.max(1, nlls.length - 1));
  return { lost, error: Math.sqrt(variance / nlls.length), slight: SLIGHT * Math.max(0, best.ofMeans - mean(best.nlls)) };
}

const bestOf = (tried: readonly TriedRank[]): TriedRank => tried.reduce((a, b) => (mean(b.nlls) < mean(a.nlls) ? b : a));

/** Whether further ranks are not worth a fit: so many did not change the choice. */
export function isEnough(tried: readonly TriedRank[]): boolean {
  return tried.at(-1)!.rank - chosenRank(tried) >= PATIENT;
}

/** The same rank from several seeds as one: each trial's mean. */
export function overSeeds(fits: readonly TriedRank[]): TriedRank {
  const [{ rank, nlls }] = fits;
  return { rank, ofMeans: mean(fits.map((one) => one.ofMeans)), nlls: nlls.map((_, trial) => mean(fits.map((one) => one.nlls[trial]))) };
}

const isBare = (name: string): boolean => !name.startsWith('rank ');
const nameOf = (subject: Subject, rank: number, repeat: number): string => `rank ${rank} of ${subject} ${repeat}`;

/** Whether a checkpoint is that of a search which has not ended. */
export const isSearching = ({ state }: Checkpoint): boolean => state.search !== undefined;

/** Ranks that are as good as the best but for the seed, in a search that is foretold. */
const NEAR = 4;

/** Fits that a search is foretold to take: as if it ended after the dimensions that activity visits. */
export function foretoldFits(dataset: Dataset, values: RateValues): number {
  const ranks = Math.min(MOST_RANK, values.hidden, visitedDimensions(dataset) + PATIENT);
  return ranks + Math.min(NEAR, ranks) * (values.rankSeeds - 1) + (values.rankControls ? 1 + 2 * (1 + PATIENT) : 0);
}

/** Fits one network after the other, each once: those that a checkpoint holds are not fitted again. */
class Search {
  readonly #values: RateValues;
  readonly #job: FitJob;
  readonly #begun: SearchState | undefined;
  readonly #foretold: number;
  #finished: readonly Finished[];
  #kept: Arrays;
  #fits = 0;

  constructor(dataset: Dataset, values: RateValues, job: FitJob) {
    this.#values = values;
    this.#job = job;
    this.#begun = job.resume?.state.search as SearchState | undefined;
    this.#finished = this.#begun?.finished ?? [];
    this.#kept = this.#begun ? Object.fromEntries(Object.entries(job.resume!.arrays).filter(([name]) => !isBare(name))) : {};
    this.#foretold = foretoldFits(dataset, values);
  }

  /** `repeat` counts seeds; arrays of the first one's fits to the recording are kept. */
  async fit(subject: Subject, dataset: Dataset, rank: number, repeat: number): Promise<Finished> {
    const name = nameOf(subject, rank, repeat);
    const known = this.#finished.find((one) => one.name === name);
    const place = this.#fits++;
    if (known) return known;
    const job = this.#job;
    const whole = Math.max(this.#foretold, place + 1);
    const { resume: _, ...fresh } = job;
    const resume = this.#begun?.at === name && job.resume ? bare(job.resume) : undefined;
    const { checkpoint, heldOut, ...rest } = await trainRank(dataset, this.#values, rank, {
      ...fresh,
      seed: job.seed + SEEDS_APART * repeat,
      ...(resume && resume.step > 0 ? { resume } : {}),
      progress: (share, doing) => job.progress((place + share) / whole, `${doingWhat(subject, rank, repeat)}, ${doing ?? ''}`),
      metric: ({ step, values: numbers }) => {
        // Curves of one fit follow those of the last.
        const { sampleBitsPerSpike: _own, ...rest } = numbers;
        job.metric({ step: place * this.#values.steps + step, values: { ...rest, rank } });
      },
      save: (checkpoint) => job.save(joined(checkpoint, { finished: this.#finished, at: name }, this.#kept)),
    });
    const { step, bestStep, state } = checkpoint;
    const done: Finished = { name, rank, ...heldOut, ...rest, step, bestStep, state };
    this.#finished = [...this.#finished, done];
    if (subject === 'data' && repeat === 0) this.#kept = { ...this.#kept, ...under(`${name}/`, checkpoint.arrays) };
    await job.save(joined({ ...checkpoint, step: 0, arrays: {}, state: {} }, { finished: this.#finished, at: '' }, this.#kept));
    return done;
  }

  checkpointOf({ name, step, bestStep, state }: Pick<Finished, 'name' | 'step' | 'bestStep' | 'state'>): Checkpoint {
    const prefix = `${name}/`;
    const arrays = Object.entries(this.#kept).flatMap(([of, array]) => (of.startsWith(prefix) ? [[of.slice(prefix.length), array]] : []));
    return { step, bestStep, state, arrays: Object.fromEntries(arrays) as Arrays };
  }

  /**
   * Fits of ranks from `least` up, until more ranks stop helping: from the first seed, then from the others for ranks that are not far from the best.
   * A control ends after `most` ranks.
   */
  async ranks(subject: Subject, dataset: Dataset, seeds: number, least: number, most: number): Promise<readonly (readonly Finished[])[]> {
    const last = Math.min(least + most - 1, MOST_RANK, this.#values.hidden);
    const found: (readonly Finished[])[] = [];
    for (let rank = least; rank <= last; rank++) {
      found.push([await this.fit(subject, dataset, rank, 0)]);
      if (found[0][0].nlls.length === 0) break;
      if (rank < last && !isEnough(found.map(overSeeds))) continue;
      const tried = found.map(([first]) => first);
      for (const [k, fits] of found.entries()) {
        if (isFar(tried, fits[0])) continue;
        for (let repeat = fits.length; repeat < seeds; repeat++)
          found[k] = [...found[k], await this.fit(subject, dataset, fits[0].rank, repeat)];
      }
      // What other seeds say may move the choice up.
      if (isEnough(found.map(overSeeds))) break;
    }
    return found;
  }
}

/** Fits ranks one after the other, and answers with the chosen one's fit. Checkpoints hold every fit that is finished. */
export async function searchRank(dataset: Dataset, values: RateValues, job: FitJob): Promise<Trained> {
  const search = new Search(dataset, values, job);
  const found = await search.ranks('data', dataset, values.rankSeeds, 1, MOST_RANK);
  const tried = found.map(overSeeds).map(({ rank, nlls, ofMeans }) => ({ rank, nlls, ofMeans }));
  const judged = tried[0].nlls.length > 0;
  const rank = judged ? chosenRank(tried) : tried.at(-1)!.rank;
  const bySeed = judged
    ? Array.from({ length: values.rankSeeds }, (_, repeat) => chosenRank(found.flatMap((fits) => fits[repeat] ?? [])))
    : [];
  const controls = judged && values.rankControls ? await controlRanks(search, dataset, values, job, rank) : [];
  const { device, deviceName, diagnostics, notes, ...own } = found[rank - 1][0];
  const checkpoint = search.checkpointOf(own);
  const dimensions = visitedDimensions(dataset);
  return {
    device,
    deviceName,
    checkpoint: { ...checkpoint, state: { ...checkpoint.state, tried, bySeed, controls } },
    heldOut: { nlls: own.nlls, ofMeans: own.ofMeans },
    diagnostics: {
      ...diagnostics,
      activityDimensions: dimensions,
      ...(bySeed.length > 0 && { rankLeast: Math.min(...bySeed), rankMost: Math.max(...bySeed) }),
      ...Object.fromEntries(
        controls.map(({ taught, found: chosen }) => [taught === 0 ? 'rankOfFullTeacher' : 'rankOfLargerTeacher', chosen]),
      ),
    },
    notes: [
      ...notes.filter((note) => !note.startsWith('Stopped')),
      said(tried, rank),
      ...seedsSaid(bySeed),
      ...controlSaid(rank, controls),
      ...bounded(dimensions, rank),
    ],
  };
}

async function controlRanks(
  search: Search,
  dataset: Dataset,
  values: RateValues,
  job: FitJob,
  rank: number,
): Promise<readonly RankControl[]> {
  const larger = Math.min(rank + MORE, MOST_RANK, values.hidden);
  const controls: RankControl[] = [];
  for (const [subject, taught] of [['larger', larger] as const, ['full', 0] as const]) {
    if (taught === rank) continue;
    const teacher = search.checkpointOf(await search.fit('data', dataset, taught, 0));
    const made = await taughtBy(dataset, values, taught, bestWeights(teacher), job);
    // Whether more ranks than the chosen one help is all that is asked.
    const tried = await search.ranks(subject, made, 1, rank, 1 + PATIENT);
    controls.push({ taught, found: chosenRank(tried.map(overSeeds)) });
  }
  return controls;
}

const doingWhat = (subject: Subject, rank: number, repeat: number): string => {
  const which = rank === 0 ? 'full weights' : `rank ${rank}`;
  if (subject === 'data') return repeat === 0 ? which : `${which}, seed ${repeat + 1}`;
  return `control (${subject === 'full' ? 'full weights' : 'a larger rank'}): ${which}`;
};

const under = (prefix: string, arrays: Arrays): Arrays =>
  Object.fromEntries(Object.entries(arrays).map(([name, array]) => [prefix + name, array]));

const bare = (checkpoint: Checkpoint): Checkpoint => ({
  ...checkpoint,
  arrays: Object.fromEntries(Object.entries(checkpoint.arrays).filter(([name]) => isBare(name))),
});

const joined = (checkpoint: Checkpoint, search: SearchState, kept: Arrays): Checkpoint => ({
  ...checkpoint,
  arrays: { ...checkpoint.arrays, ...kept },
  state: { ...checkpoint.state, search },
});
