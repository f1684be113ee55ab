// Linearisations as arrays beside those of the points, and as objects out of these arrays again.

import type { CurveReport, InputEffect, Linearization, Linearizations, Mode } from '../../contract/linearize.ts';
import type { Arrays, NamedArray, Result } from '../../contract/result.ts';
import type { Searched } from '../fixed-points/find.ts';
import { curveReport, type Shape, type Trial } from './curve.ts';
import type { Linearised } from './linearise.ts';
import { REFUSALS } from './selection.ts';
import type { Curve } from './settled.ts';

const VERDICTS = ['stable', 'unstable', 'undecided'] as const;
const REFUSED = ['none', ...Object.keys(REFUSALS)] as readonly ('none' | keyof typeof REFUSALS)[];
const CURVE = [
  'total',
  'branches',
  'width',
  'angle',
  'gap',
  'apart',
  'across',
  'along',
  'drift',
  'pace',
  'second',
  'unstableAcross',
  'duration',
  'durationMs',
  'settled',
  'attracts',
] as const satisfies readonly (keyof Shape | keyof Trial)[];

export interface Parts {
  readonly searched: Searched;
  readonly points: readonly Linearised[];
  readonly curve: Curve | undefined;
  readonly inputs: readonly string[];
  /** Cosines that 95 % of random directions stay below: with a vector, with a plane. */
  readonly chance: readonly [number, number];
  readonly stepMs: number;
  readonly margin: number;
}

export function linearArrays({ searched, points, curve, inputs, chance, stepMs, margin }: Parts): Arrays {
  const { field, found } = searched;
  const { states: n, kind } = field;
  const of = (unit: string, about: string, value: (point: Linearised, k: number) => number | undefined): NamedArray => ({
    values: Float64Array.from(points, (point, k) => value(point, k) ?? Number.NaN),
    shape: [points.length],
    axes: ['point'],
    unit,
    about,
  });
  const perInput = (unit: string, about: string, value: (point: Linearised, input: number) => number | undefined): NamedArray => ({
    values: Float64Array.from(
      { length: points.length * inputs.length },
      (_, at) => value(points[Math.floor(at / inputs.length)], at % inputs.length) ?? Number.NaN,
    ),
    shape: [points.length, inputs.length],
    axes: ['point', 'input'],
    unit,
    about,
    labels: inputs,
  });
  const perMode = (about: string, value: (k: number, mode: number) => number): NamedArray => ({
    values: Float64Array.from({ length: points.length * n }, (_, at) => value(Math.floor(at / n), at % n)),
    shape: [points.length, n],
    axes: ['point', 'mode'],
    unit: '',
    about,
  });
  const vectors = (about: string, value: (point: Linearised) => Float64Array): NamedArray => {
    const values = new Float64Array(points.length * n);
    for (const [k, point] of points.entries()) values.set(value(point), k * n);
    return { values, shape: [points.length, n], axes: ['point', 'state'], unit: '', about };
  };
  const perUnit = kind === 'ode' ? 'per ms' : 'per step';
  const verdict = (k: number, mode: number): number => {
    const { modes, doubts } = found.points[k].stability;
    const beyond = kind === 'map' ? Math.hypot(modes.re[mode], modes.im[mode]) - 1 : modes.re[mode];
    return Math.abs(beyond) <= Math.max(4 * doubts[mode], margin) ? 2 : beyond > 0 ? 1 : 0;
  };
  const B = new Float64Array(points.length * inputs.length * n);
  for (const [k, point] of points.entries())
    for (let i = 0; i < n; i++) for (let j = 0; j < inputs.length; j++) B[(k * inputs.length + j) * n + i] = point.B[i * inputs.length + j];
  const slowIsComplex = (k: number): boolean => {
    const { modes, slowest } = found.points[k].stability;
    return modes.im[slowest] !== 0;
  };
  return {
    modeVerdicts: perMode(`Each mode: ${VERDICTS.map((name, k) => `${k} ${name}`).join(', ')}`, verdict),
    modeConditions: perMode(
      'By how much an error of J can move each eigenvalue; NaN for a defective J',
      (k, mode) => found.points[k].stability.modes.condition[mode],
    ),
    slowest: of('', 'Place of the slowest mode', (_, k) => found.points[k].stability.slowest),
    henrici: of(perUnit, 'Henrici’s departure from normality', ({ henrici }) => henrici),
    nonNormality: of('', 'Departure from normality over the length of J', ({ ratio }) => ratio),
    nonNormalityWhitened: of('', 'The same where visited states are white; NaN where they do not span the states', (p) => p.ratioWhitened),
    nonNormalityLow: of('', '2.5 % of the ratio in random networks', ({ ratioRandom }) => ratioRandom[0]),
    nonNormalityHigh: of('', '97.5 % of the ratio in random networks', ({ ratioRandom }) => ratioRandom[1]),
    growth: of('', 'Largest transient growth', ({ growth }) => growth.norm),
    growthAt: of('ms', 'When it is reached', ({ growth }) => growth.at * stepMs),
    growthCoarse: of('', 'Growth at doublings of time', ({ growthCoarse }) => growthCoarse),
    growthLow: of('', '2.5 % of the same with shuffled phases', ({ growthRandom }) => growthRandom[0]),
    growthHigh: of('', '97.5 % of the same with shuffled phases', ({ growthRandom }) => growthRandom[1]),
    growthFrom: vectors('Direction that grows most', ({ growth }) => growth.from),
    growthTo: vectors('What it becomes', ({ growth }) => growth.to),
    numericalAbscissa: of('per ms', 'Fastest growth at the first instant; NaN for a map', ({ abscissa }) => abscissa),
    refused: of('', `Why there is no selection vector: ${REFUSED.map((name, k) => `${k} ${name}`).join(', ')}`, ({ refusal }) =>
      refusal === undefined ? 0 : REFUSED.indexOf(refusal),
    ),
    chance: of('', 'Cosine that 95 % of random directions stay below', (_, k) => chance[slowIsComplex(k) ? 1 : 0]),
    inputVectors: {
      values: B,
      shape: [points.length, inputs.length, n],
      axes: ['point', 'input', 'state'],
      unit: perUnit,
      about: 'Derivative of the dynamics by each input at each point',
    },
    inputStrengths: perInput(perUnit, 'Length of the input vector', ({ selections }, j) => selections[j]?.strength),
    inputEffects: perInput(perUnit, 'What the slowest mode reads of the input', ({ selections }, j) => selections[j]?.effect),
    inputCosinesLeft: perInput('', 'Cosine of the input vector with the left eigenvector', (p, j) => p.selections[j]?.cosineLeft),
    inputCosinesRight: perInput('', 'Cosine of the input vector with the right eigenvector', (p, j) => p.selections[j]?.cosineRight),
    pulseFormula: perInput('', 'Change along the slowest mode by a pulse of size 1, linear formula', (p, j) => p.pulses[j]?.formula),
    pulseSimulated: perInput('', 'The same by simulation of a small pulse, over its size', ({ pulses }, j) => pulses[j]?.simulated),
    pulseErrors: perInput('', 'Relative difference of the two', ({ pulses }, j) => pulses[j]?.error),
    ...(curve ? curveArrays(curve, n) : {}),
  };
}

function curveArrays({ shape, trial, path }: Curve, n: number): Arrays {
  const all: Readonly<Record<string, number | boolean | undefined>> = { ...shape, ...trial };
  const values = new Float64Array(path.length * n);
  for (const [k, x] of path.entries()) values.set(x, k * n);
  return {
    curve: {
      values: Float64Array.from(CURVE, (name) => (all[name] === undefined ? Number.NaN : Number(all[name]))),
      shape: [CURVE.length],
      axes: ['number'],
      unit: '',
      about: 'What tells whether the points form a line or a ring',
      labels: CURVE,
    },
    curvePath: { values, shape: [path.length, n], axes: ['place', 'state'], unit: '', about: 'States along the longest path through them' },
  };
}

/** The linearisations out of a result that may have been kept for long. */
export function linearizationsOf({ arrays }: Pick<Result, 'arrays'>): Linearizations {
  const [count, n] = arrays.positions.shape;
  const finite = (value: number): number | undefined => (Number.isFinite(value) ? value : undefined);
  const inputs = arrays.inputEffects.labels ?? [];
  const linearizations = Array.from({ length: count }, (_, k): Linearization => {
    const of = (name: string): number => arrays[name].values[k];
    const maybe = <Name extends string>(name: Name, from: string) => {
      const value = finite(of(from));
      return (value === undefined ? {} : { [name]: value }) as { readonly [_ in Name]?: number };
    };
    const pair = (low: string, high: string) => [of(low), of(high)] as const;
    const refused = REFUSED[of('refused')];
    return {
      point: k,
      modes: Array.from({ length: n }, (_unused, mode) => modeOf(arrays, k * n + mode)),
      slowest: of('slowest'),
      henrici: of('henrici'),
      nonNormality: of('nonNormality'),
      ...maybe('nonNormalityWhitened', 'nonNormalityWhitened'),
      nonNormalityRandom: pair('nonNormalityLow', 'nonNormalityHigh'),
      growth: of('growth'),
      growthAtMs: of('growthAt'),
      growthCoarse: of('growthCoarse'),
      growthRandom: pair('growthLow', 'growthHigh'),
      isNonNormal: of('nonNormality') > of('nonNormalityHigh') || of('growthCoarse') > of('growthHigh') * (1 + 1e-6),
      ...maybe('numericalAbscissa', 'numericalAbscissa'),
      ...(refused === 'none' ? {} : { refused: REFUSALS[refused] }),
      inputs: refused === 'none' ? inputs.map((input, j) => effectOf(arrays, input, k * inputs.length + j, of('chance'))) : [],
    };
  });
  const report = curveIn(arrays);
  return { linearizations, ...(report ? { curve: report } : {}) };
}

function modeOf(arrays: Arrays, at: number): Mode {
  const of = (name: string): number => arrays[name].values[at];
  const [re, im, ms, condition] = [of('eigenvaluesRe'), of('eigenvaluesIm'), of('modeTimes'), of('modeConditions')];
  return {
    re,
    im,
    verdict: VERDICTS[of('modeVerdicts')],
    ...(Number.isFinite(ms) ? { timeConstantMs: ms } : {}),
    frequencyHz: of('modeFrequencies'),
    alternates: arrays.eigenvaluesRe.unit === 'per step' && im === 0 && re < 0,
    ...(Number.isFinite(condition) ? { condition } : {}),
  };
}

function effectOf(arrays: Arrays, input: string, at: number, chance: number): InputEffect {
  const of = (name: string): number => arrays[name].values[at];
  const [formula, simulated, error] = [of('pulseFormula'), of('pulseSimulated'), of('pulseErrors')];
  return {
    input,
    strength: of('inputStrengths'),
    effect: of('inputEffects'),
    cosineLeft: of('inputCosinesLeft'),
    cosineRight: of('inputCosinesRight'),
    chance,
    ...(Number.isFinite(error) ? { pulse: { formula, simulated, error } } : {}),
  };
}

function curveIn({ curve }: Arrays): CurveReport | undefined {
  if (!curve) return undefined;
  const value = (name: (typeof CURVE)[number]): number => curve.values[CURVE.indexOf(name)];
  const numbers = Object.fromEntries(CURVE.map((name) => [name, value(name)])) as Record<(typeof CURVE)[number], number>;
  return curveReport(
    { ...numbers, unstableAcross: numbers.unstableAcross === 1 },
    {
      duration: numbers.duration,
      durationMs: numbers.durationMs,
      settled: numbers.settled === 1,
      attracts: Number.isNaN(numbers.attracts) ? undefined : numbers.attracts === 1,
    },
  );
}
