// The regressions of the Poisson GLM on a dataset: width of smoothing, components and penalty chosen on some training trials, then every unit.

import { setImmediate } from 'node:timers/promises';
import { Failure } from '../../contract/failure.ts';
import { type Dataset, holdsRates, TRAINING, trialsIn, unitsWhere } from '../../dataset/index.ts';
import { type Choice, chooseCoSmoother, type CoSmoother, fitCoSmoother } from '../../numerics/co-smoothing.ts';
import { median } from '../../numerics/statistics.ts';
import { activityOf, CHOICE_BINS, thinned } from '../baseline.ts';

export const GLM_GRID = { sdMs: [40, 60, 80, 120], components: [5, 10, 18], penalty: [0.001, 0.01, 0.1] };

/** One in so many training trials judges the choice of width, components and penalty. */
const JUDGES = 5;
/** Units by which the choice is made, and rows from which components are found where units are many. */
const SAMPLED_UNITS = 16;
const PCA_ROWS = 4000;
const MANY_UNITS = 200;
/** Of very many units the decomposition is that of the rows. */
const PCA_ROWS_OF_VERY_MANY = 400;
const VERY_MANY_UNITS = 1000;
/** A fit is foretold by trials of about so many counts, by no fewer trials than these; its units by some of them, its choice by fewer. */
const REHEARSED_COUNTS = 150_000;
const LEAST_REHEARSED = 10;
const REHEARSED_UNITS = 16;
const REHEARSED_JUDGED = 4;

type Grid = { readonly [Name in keyof typeof GLM_GRID]: readonly number[] };
type Tick = (done: number) => Promise<void>;

const pcaRows = ({ length: units }: Int32Array): number =>
  units > VERY_MANY_UNITS ? PCA_ROWS_OF_VERY_MANY : units > MANY_UNITS ? PCA_ROWS : Infinity;

const everyUnit = ({ units }: Dataset): Int32Array => Int32Array.from({ length: units }, (_, u) => u);

const middle = (list: readonly number[]): number => list[Math.floor(list.length / 2)];

function requireCounts(dataset: Dataset): void {
  if (holdsRates(dataset))
    throw new Failure('rates-not-counts', 'A Poisson GLM predicts counts, and this dataset holds rates.', 'Fit it to spikes or counts.');
}

/** Fits to training trials; of a grid the best on one in five of them is used. */
export async function fitGlm(dataset: Dataset, grid: Grid, tick: Tick): Promise<CoSmoother> {
  requireCounts(dataset);
  const training = trialsIn(dataset, TRAINING);
  const choice = isChoice(grid, training)
    ? await choose(dataset, judgesAmong(dataset, training), grid, (done) => tick(0.5 * done))
    : { sdBins: grid.sdMs[0] / dataset.binMs, components: grid.components[0], alpha: grid.penalty[0] };
  return fitUnits(dataset, training, everyUnit(dataset), choice, (done) => tick(0.5 + 0.5 * done));
}

function fitUnits(dataset: Dataset, trials: Int32Array, predicted: Int32Array, choice: Choice, tick: Tick): Promise<CoSmoother> {
  const seen = unitsWhere(dataset, false);
  return fitCoSmoother(activityOf(dataset, trials), seen, predicted, choice, tick, pcaRows(seen));
}

const isChoice = ({ sdMs, components, penalty }: Grid, { length: trials }: Int32Array): boolean =>
  sdMs.length * components.length * penalty.length > 1 && trials > 1;

/** What a choice is made by: trials to fit to, trials to judge by, and units that are judged. */
interface Judges {
  readonly fitTo: Int32Array;
  readonly judgeBy: Int32Array;
  readonly predicted: Int32Array;
}

function judgesAmong(dataset: Dataset, training: Int32Array): Judges {
  const heldOut = unitsWhere(dataset, true);
  // Few trials still leave one to judge by.
  const every = Math.min(JUDGES, training.length);
  const judges = training.filter((_, k) => k % every === every - 1);
  const others = training.filter((_, k) => k % every !== every - 1);
  return {
    fitTo: thinned(others, CHOICE_BINS / dataset.bins),
    judgeBy: thinned(judges, CHOICE_BINS / 2 / dataset.bins),
    predicted: thinned(heldOut.length > 0 ? heldOut : unitsWhere(dataset, false), SAMPLED_UNITS),
  };
}

function choose(dataset: Dataset, { fitTo, judgeBy, predicted }: Judges, { sdMs, components, penalty }: Grid, tick: Tick): Promise<Choice> {
  const seen = unitsWhere(dataset, false);
  const grid = { sdBins: sdMs.map((ms) => ms / dataset.binMs), components, alpha: penalty };
  return chooseCoSmoother(activityOf(dataset, fitTo), activityOf(dataset, judgeBy), seen, predicted, grid, tick, pcaRows(seen));
}

/** Seconds of `fitGlm` on this machine: one width and few units of few trials, with the same code, tell of all. */
export async function foretellGlm(dataset: Dataset, grid: Grid): Promise<number> {
  requireCounts(dataset);
  const training = trialsIn(dataset, TRAINING);
  const few = thinned(training, Math.max(LEAST_REHEARSED, REHEARSED_COUNTS / dataset.bins / dataset.units));
  const some = thinned(everyUnit(dataset), REHEARSED_UNITS);
  const usual = { sdBins: middle(grid.sdMs) / dataset.binMs, components: middle(grid.components), alpha: middle(grid.penalty) };
  const fit = await laps((tick) => fitUnits(dataset, few, some, usual, tick));
  const fitting = drawnOn(fit, dataset, few, training, dataset.units);
  if (!isChoice(grid, training) || few.length < 2) return fitting;
  const [all, judges] = [judgesAmong(dataset, training), judgesAmong(dataset, few)];
  const rehearsed = { ...judges, predicted: thinned(judges.predicted, REHEARSED_JUDGED) };
  const width = await laps((tick) => choose(dataset, rehearsed, { ...grid, sdMs: [middle(grid.sdMs)] }, tick));
  return fitting + grid.sdMs.length * drawnOn(width, dataset, judges.fitTo, all.fitTo, all.predicted.length);
}

/** From laps of few trials and units to the seconds of all of them. */
function drawnOn([smoothing, components, ...each]: readonly number[], dataset: Dataset, few: Int32Array, all: Int32Array, units: number) {
  const rows = (trials: Int32Array): number => trials.length * dataset.bins;
  const most = pcaRows(unitsWhere(dataset, false));
  const componentsShare = Math.min(rows(all), most) / Math.min(rows(few), most);
  return (rows(all) / rows(few)) * (smoothing + units * median(each)) + componentsShare * components;
}

/** Seconds until some work ticks for the first time, and from each tick to the next, once it was done before: new code is slow. */
async function laps(work: (tick: Tick) => Promise<unknown>): Promise<readonly number[]> {
  await work(() => setImmediate());
  const found: number[] = [];
  let last = performance.now();
  await work(async () => {
    found.push((performance.now() - last) / 1000);
    await setImmediate();
    last = performance.now();
  });
  return found;
}
