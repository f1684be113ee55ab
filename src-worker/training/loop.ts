// The training loop: schedules, validation, the best weights, checkpoints, cancelling, going on as if never stopped. Knows no model.

import { Failure } from '../contract/failure.ts';
import type { Arrays, NamedArray } from '../contract/result.ts';
import type { Checkpoint, FitJob } from '../models/model.ts';
import { patientFrom, type Plan } from './plan.ts';
import { afterValidation, linearFall, noPlateau, type Plateau } from './schedules.ts';
import { exhausted, type Watch, watched } from './stopping.ts';

type Weights = Readonly<Record<string, Float32Array>>;

/** What is trained. */
export interface Trainee {
  /** One optimiser step; gives numbers for the curves. */
  step(step: number, learningRate: number): Promise<Readonly<Record<string, number>>>;
  /**
   * Score of the weights as they are, lower is better, undefined where there is nothing to judge by; and numbers for the curves.
   * Awaits `breathe` between batches, which throws when the fit is cancelled.
   */
  validate(
    breathe: () => Promise<void>,
  ): Promise<{ readonly score: number | undefined; readonly values: Readonly<Record<string, number>> }>;
  weights(): Weights;
  setWeights(weights: Weights): void;
  moments(): { readonly first: Weights; readonly second: Weights; readonly steps: number };
  setMoments(moments: {
    readonly first: Record<string, Float32Array>;
    readonly second: Record<string, Float32Array>;
    readonly steps: number;
  }): void;
  /** Plain data that every checkpoint carries. */
  readonly facts: Readonly<Record<string, unknown>>;
}

/** The loop's own state; plain data. */
interface LoopState {
  /** Where the present fall of the learning rate starts and ends. */
  readonly from: number;
  readonly until: number;
  readonly moreSteps?: number;
  /** Last step whose weights were validated. */
  readonly validated: number;
  readonly watch: Watch;
  readonly plateau: Plateau;
  /** Sums for the curves since the last validation. */
  readonly sums: Readonly<Record<string, number>>;
  readonly count: number;
  readonly finished: boolean;
  readonly adamSteps: number;
}

const CHECKPOINT_EVERY_MS = 10_000;

const packed = (prefix: string, weights: Weights): [string, NamedArray][] =>
  Object.entries(weights).map(([name, values]) => [`${prefix}/${name}`, { values, shape: [values.length], axes: ['element'], unit: '' }]);

/** The tensors that a checkpoint holds under a prefix: `weights`, `best`, `first`, `second`, `average`. */
export function tensorsOf(checkpoint: Checkpoint, prefix: string): Record<string, Float32Array> {
  const start = `${prefix}/`;
  return Object.fromEntries(
    Object.entries(checkpoint.arrays)
      .filter(([name]) => name.startsWith(start))
      .map(([name, { values }]) => [name.slice(start.length), Float32Array.from(values)]),
  );
}

/** The weights to infer with: the best that validation found, or the newest before there are any. */
export function bestWeights(checkpoint: Checkpoint): Record<string, Float32Array> {
  const best = tensorsOf(checkpoint, 'best');
  return Object.keys(best).length > 0 ? best : tensorsOf(checkpoint, 'weights');
}

const fresh = (steps: number): LoopState => ({
  from: 0,
  until: steps,
  validated: 0,
  watch: { bestStep: 0 },
  plateau: noPlateau,
  sums: {},
  count: 0,
  finished: false,
  adamSteps: 0,
});

/** The state to start from: anew, going on, or a new fall of the learning rate after what was finished. */
function begin(job: FitJob, plan: Plan): { step: number; state: LoopState } {
  const { resume, moreSteps } = job;
  if (!resume) return { step: 0, state: fresh(plan.steps) };
  const state = resume.state.loop as LoopState;
  if (moreSteps === undefined || (!state.finished && state.moreSteps === moreSteps)) return { step: resume.step, state };
  return {
    step: resume.step,
    state: { ...state, from: resume.step, until: resume.step + moreSteps, moreSteps, plateau: noPlateau, finished: false },
  };
}

/**
 * Trains until the planned steps are done or patience is at its end, and answers with the last checkpoint. Cancelling saves a
 * checkpoint between two steps and throws the signal's reason; so does a device that is lost, with its Failure.
 */
export async function train(trainee: Trainee, plan: Plan, job: FitJob): Promise<Checkpoint> {
  let { step, state } = begin(job, plan);
  let best: Weights = job.resume ? tensorsOf(job.resume, 'best') : {};
  let average: Weights = job.resume ? tensorsOf(job.resume, 'average') : {};
  if (job.resume) {
    trainee.setWeights(tensorsOf(job.resume, 'weights'));
    trainee.setMoments({ first: tensorsOf(job.resume, 'first'), second: tensorsOf(job.resume, 'second'), steps: state.adamSteps });
  }
  if (plan.averaging > 0 && Object.keys(average).length === 0) average = trainee.weights();

  const checkpoint = (): Checkpoint => {
    const moments = trainee.moments();
    const arrays: Arrays = Object.fromEntries([
      ...packed('weights', trainee.weights()),
      ...packed('first', moments.first),
      ...packed('second', moments.second),
      ...packed('best', best),
      ...packed('average', average),
    ]);
    return { step, bestStep: state.watch.bestStep, arrays, state: { ...trainee.facts, loop: { ...state, adamSteps: moments.steps } } };
  };
  const learningRate = (): number =>
    plan.learningRate * (plan.schedule === 'linear' ? linearFall(step - state.from, state.until - state.from) : state.plateau.factor);

  const report = async (): Promise<void> => {
    await job.progress((step - state.from) / (state.until - state.from), `step ${step} of ${state.until}`);
    job.signal.throwIfAborted();
  };

  const validate = async (): Promise<void> => {
    const raw = trainee.weights();
    const judged = plan.averaging > 0 ? average : raw;
    if (plan.averaging > 0) trainee.setWeights(average);
    const { score, values } = await trainee.validate(report).finally(() => {
      if (plan.averaging > 0) trainee.setWeights(raw);
    });
    if (score === undefined) {
      best = judged;
      state = { ...state, watch: { bestStep: step } };
    } else {
      const { watch, isBest } = watched(state.watch, step, score, plan.firstBest);
      if (isBest) best = judged;
      state = { ...state, watch, plateau: afterValidation(state.plateau, score) };
    }
    job.metric({ step, values: { ...averages(state), learningRate: learningRate(), ...values } });
    state = { ...state, validated: step, sums: {}, count: 0 };
  };

  let saved = performance.now();
  try {
    while (!state.finished) {
      const last = step >= state.until;
      if (step > state.validated && (last || step % plan.validateEvery === 0)) await validate();
      const waited = state.watch.best !== undefined && exhausted(state.watch, step, patientFrom(plan, state), plan.patience);
      if (last || waited) {
        state = { ...state, finished: true };
        break;
      }
      if (performance.now() - saved > CHECKPOINT_EVERY_MS) {
        await job.save(checkpoint());
        saved = performance.now();
      }
      const values = await trainee.step(step, learningRate());
      step++;
      state = { ...state, sums: added(state.sums, values), count: state.count + 1 };
      if (plan.averaging > 0) average = mixed(average, trainee.weights(), kept(plan.averaging, step));
      await report();
    }
  } catch (error) {
    if (job.signal.aborted || isLostDevice(error)) await job.save(checkpoint());
    throw error;
  }
  // Without a score that counted, the last weights are what there is.
  if (Object.keys(best).length === 0) {
    best = plan.averaging > 0 ? average : trainee.weights();
    state = { ...state, watch: { ...state.watch, bestStep: step } };
  }
  const end = checkpoint();
  await job.save(end);
  return end;
}

/** A device that was lost leaves the weights of the last whole step. */
const isLostDevice = (error: unknown): boolean => error instanceof Failure && error.code === 'device-lost';

const averages = ({ sums, count }: LoopState): Record<string, number> =>
  Object.fromEntries(Object.entries(sums).map(([name, sum]) => [name, sum / count]));

const added = (sums: Readonly<Record<string, number>>, values: Readonly<Record<string, number>>): Record<string, number> =>
  Object.fromEntries(Object.entries(values).map(([name, value]) => [name, (sums[name] ?? 0) + value]));

/** Early on a running average is short, so that it forgets where the weights began. */
const kept = (share: number, step: number): number => Math.min(share, (1 + step) / (10 + step));

/** A running average that moves by the share 1 − `keep`. Plain loops: all weights go through here at every step. */
export function mixed(average: Weights, weights: Weights, keep: number): Weights {
  const mixture = (before: Float32Array, values: Float32Array): Float32Array => {
    const after = new Float32Array(values.length);
    for (let i = 0; i < values.length; i++) after[i] = keep * before[i]! + (1 - keep) * values[i]!;
    return after;
  };
  return Object.fromEntries(Object.entries(weights).map(([name, values]) => [name, mixture(average[name]!, values)]));
}
