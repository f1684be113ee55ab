// What a step of LFADS takes on a device that computes op by op, from steps of the model's first bins: each bin adds the same to it.

import { type Example, shortened, type Timed, timeStep } from '../devices/smoke.ts';
import type { MakeStepper } from '../stepper.ts';

/** Bins of which steps are timed. */
const FEW_BINS = 8;
const MORE_BINS = 32;
/** Milliseconds of a step of few bins after which more are not waited for. */
const LONG_MS = 1000;

/** Milliseconds of a step and of a forward pass of all bins. */
export async function paceOf(make: MakeStepper, example: Example, threads: number): Promise<Omit<Timed, 'name'>> {
  const { bins } = example.constants.sizes;
  const few = Math.min(FEW_BINS, bins);
  const more = Math.min(MORE_BINS, bins);
  const short = await timeStep(make, shortened(example, few), threads);
  const long = more > few && short.stepMs < LONG_MS ? await timeStep(make, shortened(example, more), threads) : undefined;
  const whole = (what: 'stepMs' | 'forwardMs'): number =>
    long ? onLine([few, short[what]], [more, long[what]], bins) : (short[what] * bins) / few;
  return { stepMs: whole('stepMs'), forwardMs: whole('forwardMs') };
}

type Point = readonly [x: number, y: number];

/** y at x on the line through two points, but not below the second. */
export const onLine = ([x0, y0]: Point, [x1, y1]: Point, x: number): number => Math.max(y1, y1 + ((y1 - y0) * (x - x1)) / (x1 - x0));
