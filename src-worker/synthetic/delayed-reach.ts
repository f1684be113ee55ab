// A delayed-reach experiment with known latents, inputs, rates and fixed points: the recording that Orrery ships and demonstrates on. Sixty-four
// units read the latents of reach-system.ts out, some of them as no careful reader would want them.

import { fmix, uniform } from '../engine/random.ts';
import { exponential, Stream, streamKey } from './arithmetic.ts';
import { LATENTS, type PlannedTrial, planTrials, type ReachTrial, SEED, simulate, STEP_SECONDS } from './reach-system.ts';

/** Spike times are multiples of 1/32768 s, exact in float64. */
export const CLOCK_HZ = 32768;
export const UNITS = 64;
const FIRST_M1 = 32;
export const RATE_CAP_HZ = 150;
/** Names the system in the file. */
export const IDENTIFIER = 'orrery-sample-delayed-reach';
/** cm/s of the hand per unit of p. */
const HAND_SPEED = 60;

/** Units that a careful reader should notice: .5 Hz; no spike; spikes between trials only; unit 40 sorted twice. */
export const ODD = { slow: 29, silent: 30, betweenTrials: 61, poor: 62, twice: 63, original: 40 } as const;
export const SLOW_SHARE = 0.02;
export const BETWEEN_SHARE = 0.05;
export const TWICE_SHARE = 0.95;

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
