// The rank of a rate network by held-out likelihood (specification h): networks of rank 1, 2, … are fitted until more ranks stop helping, from several
// seeds but for ranks that are far from the best, and the smallest whose likelihood of unseen counts of validation trials is that of the best is
// kept. Counts that known networks made, one of a larger rank and one of full rank, both fitted to the recording, are then asked the same: whether
// ranks above the chosen one help. A rank that does for full weights too is no evidence of few dimensions in the weights.

import type { Arrays } from '../../contract/result.ts';
import type { MetricPoint } from '../../contract/run.ts';
import type { Dataset } from '../../dataset/index.ts';
import { bestWeights } from '../../training/loop.ts';
import type { Checkpoint, FitJob } from '../model.ts';
import type { RankControl, TriedRank } from './facts.ts';
import { MOST_RANK } from './params.ts';
import { bounded, controlSaid, said, seedsSaid, visitedDimensions } from './rank-said.ts';
import { chosenRank, isEnough, isFar, overSeeds, PATIENT } from './rank-chosen.ts';
import { fitSideBySide } from './rank-crew.ts';
import { taughtBy } from './rank-teacher.ts';
import type { RateValues } from './setup.ts';
import { trainRank, type Trained } from './train.ts';

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

const isBare = (name: string): boolean => !name.startsWith('rank ');
const nameOf = (subject: Subject, rank: number, repeat: number): string => `rank ${rank} of ${subject} ${repeat}`;

/** Whether a checkpoint is that of a search which has not ended. */
export const isSearching = ({ state }: Checkpoint): boolean => state.search !== undefined;

/** Ranks that are as good as the best but for the seed, in a search that is foretold. */
const NEAR = 4;

/** Fits that a search is foretold to take, in groups of those that are made side by side: as if it ended after the dimensions that activity visits. */
function foretoldGroups(dataset: Dataset, values: RateValues): readonly number[] {
  const ranks = Math.min(MOST_RANK, values.hidden, visitedDimensions(dataset) + PATIENT);
  return [ranks, Math.min(NEAR, ranks) * (values.rankSeeds - 1), ...(values.rankControls ? [1, 2 * (1 + PATIENT)] : [])];
}

/** A search in fits that are made one after another, each by one of these threads. */
export const foretoldFits = (dataset: Dataset, values: RateValues, threads = 1): number =>
  foretoldGroups(dataset, values).reduce((sum, fits) => sum + Math.ceil(fits / threads), 0);

/** A fit that a search may need; `repeat` counts seeds. */
interface Wanted {
  readonly subject: Subject;
  readonly dataset: Dataset;
  readonly rank: number;
  readonly repeat: number;
}

/** Fits each network once: those that a checkpoint holds are not fitted again. */
class Search {
  readonly #values: RateValues;
  readonly #job: FitJob;
  readonly #begun: SearchState | undefined;
  readonly #foretold: number;
  #finished: readonly Finished[];
  #kept: Arrays;
  #fits = 0;
  /** Curves of fits that were made ahead. */
  readonly #points = new Map<string, readonly MetricPoint[]>();

  constructor(dataset: Dataset, values: RateValues, job: FitJob) {
    this.#values = values;
    this.#job = job;
    this.#begun = job.resume?.state.search as SearchState | undefined;
    this.#finished = this.#begun?.finished ?? [];
    this.#kept = this.#begun ? Object.fromEntries(Object.entries(job.resume!.arrays).filter(([name]) => !isBare(name))) : {};
    this.#foretold = foretoldFits(dataset, values);
  }

  /** Makes fits that are about to be asked for, side by side where there are threads. One that was stopped in its middle goes on by itself. */
  async ahead(wanted: readonly Wanted[]): Promise<void> {
    const job = this.#job;
    const tasks = wanted.filter(({ subject, rank, repeat }) => {
      const name = nameOf(subject, rank, repeat);
      return this.#begun?.at !== name && !this.#finished.some((one) => one.name === name);
    });
    if (job.threads < 2 || tasks.length < 2) return;
    const begun = this.#fits;
    const whole = Math.max(this.#foretold, begun + tasks.length);
    const [{ subject, rank, repeat }] = tasks;
    const doing = `${doingWhat(subject, rank, repeat)} and ${tasks.length - 1} more side by side`;
    await fitSideBySide(
      this.#values,
      tasks.map((task) => ({ dataset: task.dataset, rank: task.rank, seed: this.#seedOf(task.repeat) })),
      { threads: job.threads, signal: job.signal, progress: (done) => job.progress(Math.min(1, (begun + done) / whole), doing) },
      async (place, { trained, points }) => {
        const task = tasks[place];
        this.#points.set(nameOf(task.subject, task.rank, task.repeat), points);
        await this.#finish(task, trained);
      },
    );
  }

  async fit(wanted: Wanted): Promise<Finished> {
    const { subject, dataset, rank, repeat } = wanted;
    const name = nameOf(subject, rank, repeat);
    const job = this.#job;
    const place = this.#fits++;
    const metric = ({ step, values: numbers }: MetricPoint): void => {
      // Curves of one fit follow those of the last.
      const { sampleBitsPerSpike: _own, ...rest } = numbers;
      job.metric({ step: place * this.#values.steps + step, values: { ...rest, rank } });
    };
    const known = this.#finished.find((one) => one.name === name);
    if (known) {
      for (const point of this.#points.get(name) ?? []) metric(point);
      this.#points.delete(name);
      return known;
    }
    const whole = Math.max(this.#foretold, place + 1);
    const { resume: _, ...fresh } = job;
    const resume = this.#begun?.at === name && job.resume ? bare(job.resume) : undefined;
    const trained = await trainRank(dataset, this.#values, rank, {
      ...fresh,
      seed: this.#seedOf(repeat),
      ...(resume && resume.step > 0 ? { resume } : {}),
      progress: (share, doing) => job.progress((place + share) / whole, `${doingWhat(subject, rank, repeat)}, ${doing ?? ''}`),
      metric,
      save: (checkpoint) => job.save(joined(checkpoint, { finished: this.#finished, at: name }, this.#kept)),
    });
    return this.#finish(wanted, trained);
  }

  #seedOf(repeat: number): number {
    return this.#job.seed + SEEDS_APART * repeat;
  }

  /** Arrays of the first seed's fits to the recording are kept. */
  async #finish({ subject, rank, repeat }: Wanted, { checkpoint, heldOut, ...rest }: Trained): Promise<Finished> {
    const name = nameOf(subject, rank, repeat);
    const { step, bestStep, state } = checkpoint;
    const done: Finished = { name, rank, ...heldOut, ...rest, step, bestStep, state };
    this.#finished = [...this.#finished, done];
    if (subject === 'data' && repeat === 0) this.#kept = { ...this.#kept, ...under(`${name}/`, checkpoint.arrays) };
    await this.#job.save(joined({ ...checkpoint, step: 0, arrays: {}, state: {} }, { finished: this.#finished, at: '' }, this.#kept));
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
    const last = this.#lastOf(least, most);
    const found: (readonly Finished[])[] = [];
    for (let rank = least; rank <= last; rank++) {
      // The first ranks are needed whatever they show.
      const together = Math.max(this.#job.threads, rank === least ? 1 + PATIENT : 1);
      await this.ahead(this.wanted(subject, dataset, rank, Math.min(together, last - rank + 1)));
      found.push([await this.fit({ subject, dataset, rank, repeat: 0 })]);
      if (found[0][0].nlls.length === 0) break;
      if (rank < last && !isEnough(found.map(overSeeds))) continue;
      const tried = found.map(([first]) => first);
      const more = found.map((fits) =>
        isFar(tried, fits[0])
          ? []
          : Array.from(
              { length: seeds - fits.length },
              (_, k): Wanted => ({ subject, dataset, rank: fits[0].rank, repeat: fits.length + k }),
            ),
      );
      await this.ahead(more.flat());
      for (const [k, wanted] of more.entries()) for (const one of wanted) found[k] = [...found[k], await this.fit(one)];
      // What other seeds say may move the choice up.
      if (isEnough(found.map(overSeeds))) break;
    }
    return found;
  }

  /** First seeds' fits of so many ranks, as far as there are. */
  wanted(subject: Subject, dataset: Dataset, least: number, most: number): readonly Wanted[] {
    const count = this.#lastOf(least, most) - least + 1;
    return Array.from({ length: count }, (_, k) => ({ subject, dataset, rank: least + k, repeat: 0 }));
  }

  #lastOf(least: number, most: number): number {
    return Math.min(least + most - 1, MOST_RANK, this.#values.hidden);
  }
}

/** Fits ranks until more do not help, and answers with the chosen one's fit. Checkpoints hold every fit that is finished. */
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
  const teachers = [{ subject: 'larger', taught: larger } as const, { subject: 'full', taught: 0 } as const].filter(
    ({ taught }) => taught !== rank,
  );
  const fits = teachers.map(({ taught }): Wanted => ({ subject: 'data', dataset, rank: taught, repeat: 0 }));
  await search.ahead(fits);
  const made: Dataset[] = [];
  for (const [k, { taught }] of teachers.entries()) {
    const weights = bestWeights(search.checkpointOf(await search.fit(fits[k])));
    made.push(await taughtBy(dataset, values, taught, weights, job));
  }
  await search.ahead(teachers.flatMap(({ subject }, k) => search.wanted(subject, made[k], rank, 1 + PATIENT)));
  const controls: RankControl[] = [];
  for (const [k, { subject, taught }] of teachers.entries()) {
    // Whether more ranks than the chosen one help is all that is asked.
    const tried = await search.ranks(subject, made[k], 1, rank, 1 + PATIENT);
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
