// The system of the delayed-reach experiment, its trials and inputs, stepped by the classical Runge–Kutta method.
//
//   z = (s, qx, qy, px, py, m): gate, planning pair, movement pair, sensory trace;  g = (1 + s)/2,  h = (1 − g)/0.08
//   ṡ = 15 (s − s³) + go;  q̇ = h (T − q) − g (3.5 q + ω p);  ṗ = −h p + g (ω q − 3.5 p) + (11 push, 0);  ṁ = 20 push − m/0.08
//
// Without input there are three fixed points: rest (s = −1), a saddle (s = 0), and movement (s = 1), a focus of 2 Hz.
// The order of every operation is fixed, so the recording is the same bits on every machine.

import { Stream } from './arithmetic.ts';

export const SEED = 20;
/** Latents, inputs and rates are constant within a step. */
export const STEP_SECONDS = 0.01;
export const LATENTS = 6;
const TRIALS = 264;

export const GATE = 15;
const GO = 40;
const GO_STEPS = 5;
export const TAU_HOLD = 0.08;
export const TAU_TRACE = 0.08;
export const OMEGA = 12.566370614359172;
export const GAMMA = 3.5;
const PUSH_TRACE = 20;
const PUSH_MOVE = 11;
const PUSH_STEPS = 6;
const DIAGONAL = Math.SQRT1_2;
export const DIRECTIONS = [
  [1, 0],
  [DIAGONAL, DIAGONAL],
  [0, 1],
  [-DIAGONAL, DIAGONAL],
  [-1, 0],
  [-DIAGONAL, -DIAGONAL],
  [0, -1],
  [DIAGONAL, -DIAGONAL],
] as const;

/** A trial; its events are steps of 10 ms from the start of the recording. */
export interface ReachTrial {
  readonly start: number;
  readonly target: number;
  readonly go: number;
  readonly pulse: number;
  readonly stop: number;
  readonly goal: readonly [number, number];
  /** 0 … 7, counter-clockwise from the right. */
  readonly direction: number;
  /** −1 left, 1 right, 0 none. */
  readonly push: number;
  readonly pushAt: number;
  readonly success: boolean;
  /** First step from the pulse with s ≥ 0; undefined for an aborted trial. */
  readonly onset: number | undefined;
}

/** A trial before it is known when its movement begins. */
export type PlannedTrial = Omit<ReachTrial, 'onset'>;

export function planTrials(): { readonly trials: readonly PlannedTrial[]; readonly steps: number } {
  const random = new Stream(SEED, 1);
  const trials: PlannedTrial[] = [];
  let order: number[] = [];
  let start = 100;
  for (let i = 0; i < TRIALS; i++) {
    if (order.length === 0) {
      order = [0, 1, 2, 3, 4, 5, 6, 7];
      for (let j = 7; j > 0; j--) {
        const k = random.below(j + 1);
        [order[j], order[k]] = [order[k], order[j]];
      }
    }
    const direction = order.shift()!;
    const success = i % 33 !== 20;
    const target = start + 30;
    const go = target + 50 + random.below(51);
    const reaction = 8 + random.below(9);
    const gain = 1 + 0.2 * random.normal();
    const [cosine, sine] = DIRECTIONS[direction];
    const goalX = gain * cosine + 0.2 * random.normal();
    const goalY = gain * sine + 0.2 * random.normal();
    const push = random.below(2) === 0 ? [0, 1, 0, -1][random.below(4)] : 0;
    const pushAt = go + reaction + random.below(51) - 10;
    const gap = 80 + random.below(41);
    const pulse = go + reaction;
    const stop = success ? pulse + 80 : go;
    trials.push({ start, target, go, pulse, stop, goal: [goalX, goalY], direction, push: success ? push : 0, pushAt, success });
    start = stop + gap;
  }
  return { trials, steps: start + 100 };
}

type State = readonly [number, number, number, number, number, number];

function field([s, qx, qy, px, py, m]: State, goalX: number, goalY: number, go: number, push: number): State {
  const g = 0.5 * (1 + s);
  const h = (1 - g) / TAU_HOLD;
  return [
    GATE * (s - s * s * s) + go,
    h * (goalX - qx) - g * (GAMMA * qx + OMEGA * px),
    h * (goalY - qy) - g * (GAMMA * qy + OMEGA * py),
    -h * px + g * (OMEGA * qx - GAMMA * px) + PUSH_MOVE * push,
    -h * py + g * (OMEGA * qy - GAMMA * py),
    PUSH_TRACE * push - m / TAU_TRACE,
  ];
}

const along = (z: State, share: number, d: State): State => [
  z[0] + share * d[0],
  z[1] + share * d[1],
  z[2] + share * d[2],
  z[3] + share * d[3],
  z[4] + share * d[4],
  z[5] + share * d[5],
];

/** One step of the classical Runge–Kutta method, inputs held. */
function advance(z: State, goalX: number, goalY: number, go: number, push: number): State {
  const k1 = field(z, goalX, goalY, go, push);
  const k2 = field(along(z, 0.5 * STEP_SECONDS, k1), goalX, goalY, go, push);
  const k3 = field(along(z, 0.5 * STEP_SECONDS, k2), goalX, goalY, go, push);
  const k4 = field(along(z, STEP_SECONDS, k3), goalX, goalY, go, push);
  const next = (i: 0 | 1 | 2 | 3 | 4 | 5) => z[i] + (STEP_SECONDS / 6) * (k1[i] + 2 * k2[i] + 2 * k3[i] + k4[i]);
  return [next(0), next(1), next(2), next(3), next(4), next(5)];
}

/** Latents of all steps, steps × 6. */
export function simulate(trials: readonly PlannedTrial[], steps: number): Float64Array {
  const goal = new Float64Array(2 * steps);
  const go = new Float64Array(steps);
  const push = new Float64Array(steps);
  for (const trial of trials) {
    const shownUntil = trial.success ? trial.pulse + GO_STEPS : trial.stop;
    for (let k = trial.target; k < shownUntil; k++) goal.set(trial.goal, 2 * k);
    if (trial.success) {
      go.fill(GO, trial.pulse, trial.pulse + GO_STEPS);
      go.fill(-GO, trial.stop, trial.stop + GO_STEPS);
    }
    if (trial.push !== 0) push.fill(trial.push, trial.pushAt, trial.pushAt + PUSH_STEPS);
  }
  const latents = new Float64Array(steps * LATENTS);
  let z: State = [-1, 0, 0, 0, 0, 0];
  for (let k = 0; k < steps; k++) {
    latents.set(z, k * LATENTS);
    z = advance(z, goal[2 * k], goal[2 * k + 1], go[k], push[k]);
  }
  return latents;
}

/** The inputs of a trial as intervals of steps: target shown, go and stop pulses, push. */
export function inputsOf(
  trial: ReachTrial,
): readonly { readonly kind: string; readonly from: number; readonly to: number; readonly value: number }[] {
  const shownUntil = trial.success ? trial.pulse + GO_STEPS : trial.stop;
  return [
    { kind: 'target_x', from: trial.target, to: shownUntil, value: trial.goal[0] },
    { kind: 'target_y', from: trial.target, to: shownUntil, value: trial.goal[1] },
    ...(trial.success ? [{ kind: 'go', from: trial.pulse, to: trial.pulse + GO_STEPS, value: GO }] : []),
    ...(trial.push !== 0 ? [{ kind: 'push', from: trial.pushAt, to: trial.pushAt + PUSH_STEPS, value: trial.push }] : []),
    ...(trial.success ? [{ kind: 'go', from: trial.stop, to: trial.stop + GO_STEPS, value: -GO }] : []),
  ];
}
