// A delayed-reach experiment with known latents, inputs, rates and fixed points: the recording that Orrery ships and demonstrates on.
//
//   z = (s, qx, qy, px, py, m): gate, planning pair, movement pair, sensory trace;  g = (1 + s)/2,  h = (1 − g)/0.08
//   ṡ = 15 (s − s³) + go;  q̇ = h (T − q) − g (3.5 q + ω p);  ṗ = −h p + g (ω q − 3.5 p) + (11 push, 0);  ṁ = 20 push − m/0.08
//
// Without input there are three fixed points: rest (s = −1), a saddle (s = 0), and movement (s = 1), a focus of 2 Hz.
// The order of every operation is fixed, so the recording is the same bits on every machine.

import { fmix, uniform } from '../engine/random.ts';
import { exponential, Stream, streamKey } from './arithmetic.ts';

const SEED = 20;
/** Latents, inputs and rates are constant within a step. */
export const STEP_SECONDS = 0.01;
/** Spike times are multiples of 1/32768 s, exact in float64. */
export const CLOCK_HZ = 32768;
export const UNITS = 64;
export const LATENTS = 6;
const TRIALS = 264;
const FIRST_M1 = 32;
export const RATE_CAP_HZ = 150;

/** Names the system in the file. */
export const IDENTIFIER = 'orrery-sample-delayed-reach';

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
/** cm/s of the hand per unit of p. */
const HAND_SPEED = 60;
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

/** Units that a careful reader should notice: .5 Hz; no spike; spikes between trials only; unit 40 sorted twice. */
export const ODD = { slow: 29, silent: 30, betweenTrials: 61, poor: 62, twice: 63, original: 40 } as const;
export const SLOW_SHARE = 0.02;
export const BETWEEN_SHARE = 0.05;
export const TWICE_SHARE = 0.95;

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

export interface DelayedReach {
  readonly steps: number;
  readonly trials: readonly ReachTrial[];
  /** steps × 6. */
  readonly latents: Float64Array;
  /** units × 6, log Hz per latent, and units, log Hz. */
  readonly weights: Float64Array;
  readonly bias: Float64Array;
  /** Spike times of each unit, s, in order. */
  readonly spikes: readonly Float64Array[];
  /** steps × 2, cm/s and cm. */
  readonly velocity: Float64Array;
  readonly position: Float64Array;
}

export const areaOf = (unit: number): 'PMd' | 'M1' => (unit < FIRST_M1 ? 'PMd' : 'M1');

type PlannedTrial = Omit<ReachTrial, 'onset'>;

function planTrials(): { readonly trials: readonly PlannedTrial[]; readonly steps: number } {
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

function simulate(trials: readonly PlannedTrial[], steps: number): Float64Array {
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

function readout(): { readonly weights: Float64Array; readonly bias: Float64Array } {
  const weights = new Float64Array(UNITS * LATENTS);
  const bias = new Float64Array(UNITS);
  for (let unit = 0; unit < UNITS; unit++) {
    const random = new Stream(SEED, 1000 + unit);
    // Standard deviations of the weights of s, q, p and m.
    const [s, q, p, m] = areaOf(unit) === 'PMd' ? [0.5, 1, 1, 0.6] : [0.6, 0.6, 1.7, 1];
    bias[unit] = 2 + 0.5 * random.normal();
    for (const [k, sd] of [s, q, q, p, p, m].entries()) weights[unit * LATENTS + k] = sd * random.normal();
  }
  return { weights, bias };
}

/** min(exp(z·w + b), 150) of a unit at every step, Hz, before what makes a unit odd. */
function plainRates(latents: Float64Array, weights: Float64Array, bias: Float64Array, unit: number): Float64Array {
  const steps = latents.length / LATENTS;
  return Float64Array.from({ length: steps }, (_, step) => {
    let sum = 0;
    for (let k = 0; k < LATENTS; k++) sum += latents[step * LATENTS + k] * weights[unit * LATENTS + k];
    return Math.min(exponential(sum + bias[unit]), RATE_CAP_HZ);
  });
}

/** 1 for every step from a trial's start to the one in which it stops. */
function insideTrials(trials: readonly PlannedTrial[], steps: number): Uint8Array {
  const inside = new Uint8Array(steps);
  for (const { start, stop } of trials) inside.fill(1, start, stop + 1);
  return inside;
}

/** The true rate of a unit at every step, Hz. */
export function trueRates(
  { latents, weights, bias, trials, steps }: Omit<DelayedReach, 'spikes' | 'velocity' | 'position'>,
  unit: number,
): Float64Array {
  if (unit === ODD.silent) return new Float64Array(steps);
  if (unit === ODD.twice) return plainRates(latents, weights, bias, ODD.original).map((rate) => rate * TWICE_SHARE);
  const rates = plainRates(latents, weights, bias, unit);
  if (unit === ODD.slow) return rates.map((rate) => rate * SLOW_SHARE);
  if (unit !== ODD.betweenTrials) return rates;
  const inside = insideTrials(trials, steps);
  return rates.map((rate, step) => (inside[step] === 1 ? 0 : rate * BETWEEN_SHARE));
}

/** Spike times of a unit, s: Poisson counts by inversion in each step, each spike at a tick of the clock. */
function spikesOf(rates: Float64Array, unit: number): Float64Array {
  const countKey = streamKey(SEED, 2000 + unit);
  const timeKey = streamKey(SEED, 3000 + unit);
  const times: number[] = [];
  for (let step = 0; step < rates.length; step++) {
    const mean = rates[step] * STEP_SECONDS;
    const u = uniform(countKey, step);
    let p = exponential(-mean);
    let cumulative = p;
    let count = 0;
    for (let j = 1; j <= 20 && u > cumulative; j++) {
      count += 1;
      p = (p * mean) / j;
      cumulative += p;
    }
    for (let j = 0; j < count; j++) {
      const place = step + uniform(timeKey, step * 32 + j);
      times.push(Math.floor(place * STEP_SECONDS * CLOCK_HZ) / CLOCK_HZ);
    }
  }
  return Float64Array.from(times).sort();
}

/** The same cell sorted twice: 95 % of its spikes, three ticks later. */
function sortedTwice(original: Float64Array): Float64Array {
  const key = streamKey(SEED, 4000);
  return original.filter((_, i) => uniform(key, i) >= 1 - TWICE_SHARE).map((time) => time + 3 / CLOCK_HZ);
}

const roundTo = (value: number, parts: number): number => Math.floor(value * parts + 0.5) / parts;

function behaviour(
  trials: readonly PlannedTrial[],
  latents: Float64Array,
): { readonly velocity: Float64Array; readonly position: Float64Array } {
  const steps = latents.length / LATENTS;
  const random = new Stream(SEED, 5);
  const starts = new Set(trials.map(({ start }) => start));
  const velocity = new Float64Array(2 * steps);
  const position = new Float64Array(2 * steps);
  for (let step = 0; step < steps; step++) {
    for (const axis of [0, 1]) {
      velocity[2 * step + axis] = roundTo(HAND_SPEED * latents[step * LATENTS + 3 + axis] + 0.5 * random.normal(), 64);
      if (step > 0 && !starts.has(step))
        position[2 * step + axis] = position[2 * (step - 1) + axis] + STEP_SECONDS * HAND_SPEED * latents[(step - 1) * LATENTS + 3 + axis];
    }
  }
  return { velocity, position: position.map((value) => roundTo(value, 256)) };
}

/** First step from the pulse in which the gate is open. */
function onsetOf({ success, pulse }: PlannedTrial, latents: Float64Array): number | undefined {
  if (!success) return undefined;
  let step = pulse;
  while (latents[step * LATENTS] < 0) step += 1;
  return step;
}

/** The whole experiment, from its seed. */
export function delayedReach(): DelayedReach {
  const { trials: planned, steps } = planTrials();
  const latents = simulate(planned, steps);
  const trials = planned.map((trial) => ({ ...trial, onset: onsetOf(trial, latents) }));
  const { weights, bias } = readout();
  const system = { steps, trials, latents, weights, bias };
  const spikes: Float64Array[] = [];
  for (let unit = 0; unit < UNITS; unit++)
    spikes.push(unit === ODD.twice ? sortedTwice(spikes[ODD.original]) : spikesOf(trueRates(system, unit), unit));
  return { ...system, spikes, ...behaviour(planned, latents) };
}

/** Separation of a unit's waveforms from noise and other units, as a spike sorter would give it. */
export const isolationOf = (unit: number): number => (unit === ODD.poor ? 1.1 : 2 + 6 * uniform(streamKey(SEED, 6000), unit));

/** 32 bits over all spike times, unit by unit, as 8 hexadecimal digits. */
export function digestOf(spikes: readonly Float64Array[]): string {
  let h = 0;
  for (const times of spikes) for (const time of times) h = fmix(h ^ (time * CLOCK_HZ));
  return h.toString(16).padStart(8, '0');
}
