// What a Lyapunov spectrum tells, as arrays, numbers and sentences.

import { minus } from '../../contract/minus.ts';
import type { NamedArray, Result } from '../../contract/result.ts';
import { median, quantile } from '../../numerics/statistics.ts';
import type { Dynamics } from '../analysis.ts';
import type { Held } from '../flow/held.ts';
import type { Conditional } from './conditional.ts';
import { entropyBound, type Exponents, kaplanYorke } from './exponents.ts';
import type { Orbit } from './orbit.ts';

/** Relative and absolute standard error (1/s) of the largest exponent that are good enough. */
export const GOOD = { relative: 0.02, perSecond: 0.05 } as const;
/** Running means are kept of so many exponents. */
const RUNNING = 6;
const SIGMAS = 3;

export interface Found {
  readonly dynamics: Dynamics;
  readonly held: Held;
  readonly found: Exponents;
  readonly stepMs: number;
  /** The one whose spectrum it is, and those from all starts. */
  readonly orbit: Orbit;
  readonly orbits: readonly Orbit[];
  readonly conditional: Conditional | undefined;
  /** Growth over each of some trials, 1/s. */
  readonly growth: Float64Array;
  /** Share of the time outside three standard deviations of visited states, 0 to 1; undefined where none is known. */
  readonly outside: number | undefined;
  /** By how much half the step changes the largest exponent, 1/s. */
  readonly halved: number | undefined;
  readonly inputsOf: 'trials' | 'prior';
}

export function resultOf(given: Found): Result {
  const { dynamics, held, found, stepMs, orbit, orbits, conditional, growth, outside, halved } = given;
  const { flow } = dynamics;
  const dimension = kaplanYorke(found.values, flow.states);
  const entropy = entropyBound(found);
  const largest = found.values[0];
  return {
    arrays: arraysOf(given),
    summary: {
      ...ifFinite('largest', largest),
      largestError: found.errors[0],
      ...ifFinite('largestPerStep', (largest * stepMs) / 1000),
      ...ifFinite('timeMs', 1000 / Math.abs(largest)),
      ...ifFinite('sum', found.values.length === flow.states ? found.values.reduce((sum, value) => sum + value, 0) : Number.NaN),
      kaplanYorke: dimension.value,
      kaplanYorkeIsLeast: Number(dimension.isLeast),
      entropyBound: entropy.value,
      entropyError: entropy.error,
      exponents: found.values.length,
      steps: found.steps,
      stepMs,
      settled: Number(orbit.fate === 'settled'),
      startsSettled: orbits.filter(({ fate }) => fate === 'settled').length,
      starts: orbits.length,
      ...(outside === undefined ? {} : { outsideShare: outside }),
      ...(conditional
        ? {
            ...ifFinite('conditionalLargest', conditional.values[0]),
            ...ifFinite('conditionalError', conditional.errors[0]),
            sequences: conditional.sequences,
          }
        : {}),
      ...(growth.length > 0
        ? { finiteTimeMedian: median(growth), finiteTime5: quantile(growth, 0.05), finiteTime95: quantile(growth, 0.95) }
        : {}),
      ...(halved === undefined ? {} : { halvedStepDifference: halved }),
    },
    recipe: `Lyapunov spectrum of ${dynamics.of} with ${held.words}, ${recipeOf(orbit, found, stepMs, flow.kind)}${conditional ? `; conditional on ${given.inputsOf === 'prior' ? `${conditional.sequences} samples of the inputs’ prior` : `the inputs of the trials joined end to end in ${conditional.sequences} orders`}` : ''}.`,
    notes: [...notesOf(given), ...dynamics.notes],
  };
}

const ifFinite = (name: string, value: number): Record<string, number> => (Number.isFinite(value) ? { [name]: value } : {});

function arraysOf({ found, conditional, growth, held: { u }, orbit: { end } }: Found) {
  const count = found.values.length;
  const kept = Math.min(RUNNING, count);
  const points = found.runningSeconds.length;
  const array = (values: Float64Array, axes: readonly string[], shape: readonly number[], unit: string, about: string): NamedArray => ({
    values,
    shape,
    axes,
    unit,
    about,
  });
  const perExponent = (values: Float64Array, about: string) => array(values, ['exponent'], [count], '1/s', about);
  return {
    exponents: perExponent(found.values, 'Lyapunov exponents at the held input, largest first'),
    errors: perExponent(found.errors, 'Standard errors by batch means; 0 where the orbit settled'),
    running: array(
      Float64Array.from({ length: points * kept }, (_, at) => found.running[Math.floor(at / kept) * count + (at % kept)]),
      ['time', 'exponent'],
      [points, kept],
      '1/s',
      'Running means of the largest exponents',
    ),
    runningTime: array(found.runningSeconds, ['time'], [points], 's', 'Time of dynamics that each running mean is over'),
    ...(conditional
      ? {
          conditional: perExponent(conditional.values, 'Exponents conditional on the inputs of the sequences, mean over these'),
          conditionalErrors: perExponent(conditional.errors, 'Their standard errors over sequences'),
          conditionalEach: array(
            conditional.each,
            ['sequence', 'exponent'],
            [conditional.sequences, count],
            '1/s',
            'Those of each sequence',
          ),
        }
      : {}),
    ...(growth.length > 0
      ? {
          finiteTime: array(
            growth,
            ['trial'],
            [growth.length],
            '1/s',
            'Growth over whole trials of the direction that grows most; no exponents',
          ),
        }
      : {}),
    input: array(u, ['input'], [u.length], '', 'Held input'),
    state: array(end, ['state'], [end.length], '', 'Where the average begins, transients over'),
  };
}

const recipeOf = (orbit: Orbit, found: Exponents, stepMs: number, kind: 'map' | 'ode'): string =>
  orbit.fate === 'settled'
    ? `the logarithms of the eigenvalues at the fixed point on which it settles after ${orbit.steps} steps`
    : `by QR over ${found.steps} steps of ${Number(stepMs.toPrecision(3))} ms${kind === 'ode' ? ' (Runge–Kutta of fourth order)' : ''} after ${orbit.steps + 1000}; errors by 20 batch means`;

/** '−3.21 ± 0.05 1/s'. */
const withError = (value: number, error: number): string => `${minus(value.toPrecision(3))} ± ${minus(error.toPrecision(2))} 1/s`;

function notesOf({ found, orbit, orbits, conditional, outside, halved, growth, inputsOf }: Found): string[] {
  const [largest, error] = [found.values[0], found.errors[0]];
  const said: string[] = [];
  const settled = orbits.filter(({ fate }) => fate === 'settled').length;
  if (orbit.fate === 'settled')
    said.push(`Without changing input it settles on a fixed point from all of ${settled} starts: the spectrum is that point’s.`);
  else {
    const beyond = Math.abs(largest) > SIGMAS * error;
    said.push(
      beyond
        ? `The largest exponent, ${withError(largest, error)}, is ${largest > 0 ? 'positive: nearby states part' : 'negative: nearby states meet'}.`
        : `The largest exponent, ${withError(largest, error)}, lies within ${SIGMAS} standard errors of zero: neither chaos nor contraction is told.`,
    );
    if (settled > 0) said.push(`From ${settled} of ${orbits.length} starts it settles on a fixed point: there is more than one attractor.`);
    if (found.steps / 20 < 5 * found.correlationSteps)
      said.push('Batches are shorter than five autocorrelation times: the errors are too small. Follow it for more steps (--steps).');
    if (error > Math.max(GOOD.relative * Math.abs(largest), GOOD.perSecond))
      said.push('The largest exponent is not known to 2 % yet: follow it for more steps (--steps).');
  }
  said.push('A held input over so long a time extrapolates beyond the fitted window.');
  if (outside !== undefined && outside > 0)
    said.push(`${Math.max(1, Math.round(100 * outside))} % of that time lies outside three standard deviations of visited states.`);
  const gone = found.values.filter((value) => value === -Infinity).length;
  if (gone > 0) said.push(`${gone} of ${found.values.length} exponents are −∞: the Jacobian takes these directions away.`);
  if (conditional)
    said.push(
      `Under ${inputsOf === 'prior' ? 'inputs drawn from their prior' : 'the inputs of the trials'} the largest exponent is ${withError(conditional.values[0], conditional.errors[0])}, conditional on them: of a network that is driven, name which of the two is meant.`,
    );
  if (growth.length > 0) said.push(`Growth over whole trials is of ${growth.length} trials and no exponent: these are too short.`);
  if (halved !== undefined && Math.abs(halved) > SIGMAS * 2.5 * Math.max(error, 1e-9 * Math.abs(largest)))
    said.push(`Half the step changes the largest exponent by ${minus(halved.toPrecision(2))} 1/s: choose a smaller step (--step-ms).`);
  return said;
}
