// What the single numbers of an analysis are called, with their units: report pages and the window's panel of analyses without a picture say
// them so. `--json`, tables of the command line and diagnostics of fits have the names.

import { minus } from './minus.ts';

/** Words, and a unit: `yes` for a number that is 1 for yes and 0 for no. */
type Named = string | readonly [words: string, unit: string];

/** Those that mean the same wherever they are. */
const COMMON: Readonly<Record<string, Named>> = {
  // Measures of states, with their controls.
  median: 'median',
  p90: '90 % quantile',
  controlDraws: 'control: draws',
  controlMedian: 'control: median',
  control5: 'control: 5 %',
  control95: 'control: 95 %',
  shareAboveControl95: 'share above 95 % of the control',
  shareBelowControl5: 'share below 5 % of the control',
  pLow: 'p of a median as low in the control',
  behaviourMedian: 'median of behaviour',
  behaviourRatio: 'median of behaviour over that of states',
  delayMs: 'delay',
  // Rotations.
  r2Skew: 'R² of the rotation',
  r2Unconstrained: 'R² of the unconstrained fit',
  ratio: 'R² of the rotation over the unconstrained',
  frequencyHz: 'frequency',
  planeShare: 'share of the variance in the first plane',
  varianceKept: 'share of the variance kept',
  planes: 'planes',
  p: 'p of the rotation',
  shuffleMedian: 'shuffles: median',
  shuffle5: 'shuffles: 5 %',
  shuffle95: 'shuffles: 95 %',
  shuffleP: 'p beside shuffles',
  shuffleDraws: 'shuffles: draws',
  ratioControl95: 'ratio, control: 95 %',
  ratioP: 'p of the ratio',
  // Dimensionality.
  participation: 'participation ratio, cross-validated',
  participationRaw: 'participation ratio, raw',
  participationUnbiased: 'participation ratio, unbiased',
  participationWithinShuffle: 'participation ratio, shuffled within conditions',
  dimensions90: 'dimensions with 90 % of the variance, cross-validated',
  dimensions90Raw: 'dimensions with 90 % of the variance, raw',
  signalVariance: 'variance of the signal',
  rawVariance: 'variance, raw',
  sharedByAcrossShuffle: 'variance after shuffling across conditions, over that of the signal',
  effectiveSamples: 'effective samples',
  splits: 'splits of trials',
  // Residual dynamics.
  modulus: '|λ| of the slowest residual',
  modulusLow: '|λ|: 5 %',
  modulusHigh: '|λ|: 95 %',
  timeConstantMs: 'time constant',
  timeConstantLowMs: 'time constant: 5 %',
  timeConstantHighMs: 'time constant: 95 %',
  leastSquaresModulus: '|λ| by least squares',
  strength: 'F of the instruments',
  strongBins: 'bins with strong instruments',
  lags: 'lags as instruments',
  smoothness: 'smoothness',
  draws: 'bootstrap draws',
  controlModulus: 'shuffles: |λ|, median',
  controlModulusHigh: 'shuffles: |λ|, 95 %',
  controlStrength: 'shuffles: F of the instruments, 95 %',
  refitted: 'refits: |λ|, median',
  refittedLow: 'refits: |λ|, 5 %',
  refittedHigh: 'refits: |λ|, 95 %',
  coverage: 'share of the intervals of refits that hold the truth',
  coverageOfBins: 'the same at single bins',
  refits: 'refits',
  refitDraws: 'bootstrap draws of each refit',
  // Decoding and averages.
  r2: 'R²',
  r2Median: 'R², median of units',
  r2CrossValidated: 'R², cross-validated',
  r2Smoothing: 'R² of smoothed spikes',
  lagMs: 'lag',
  penalty: 'ridge penalty',
  // Points of dynamics and their branches.
  points: 'points',
  fixed: 'fixed points',
  slow: 'slow points',
  undecided: 'undecided points',
  continuum: 'points of a continuum',
  stable: 'stable points',
  starts: 'starts',
  notConverged: 'starts that ended at no point',
  missedEstimate: 'points missed, estimated',
  usualTimeMs: 'usual time constant',
  nonNormal: 'points with non-normal dynamics',
  branches: 'branches',
  steps: 'steps',
  folds: 'folds',
  branchPoints: 'branch points',
  flips: 'flips',
  oscillations: 'oscillations that begin',
  // Exponents.
  largest: 'largest',
  largestError: ['largest exponent, standard error', '1/s'],
  largestPerStep: 'largest exponent, per step',
  timeMs: 'time scale of the largest exponent',
  sum: ['sum of exponents', '1/s'],
  kaplanYorke: 'Kaplan–Yorke dimension',
  kaplanYorkeIsLeast: ['Kaplan–Yorke dimension is a lower bound', 'yes'],
  entropyBound: ['upper bound of the entropy', '1/s'],
  entropyError: ['upper bound of the entropy, standard error', '1/s'],
  exponents: 'exponents',
  stepMs: 'step',
  settled: ['settles on a fixed point', 'yes'],
  startsSettled: 'starts that settle on a fixed point',
  outsideShare: 'share of the time beyond 3 s.d. of visited states',
  conditionalLargest: ['largest exponent, conditional on inputs', '1/s'],
  conditionalError: ['largest conditional exponent, standard error', '1/s'],
  sequences: 'sequences of inputs',
  finiteTimeMedian: ['growth over trials: median', '1/s'],
  finiteTime5: ['growth over trials: 5 %', '1/s'],
  finiteTime95: ['growth over trials: 95 %', '1/s'],
  halvedStepDifference: ['change of the largest exponent with half the step', '1/s'],
  // Kicks.
  atMs: 'time of the kick',
  pushLength: ['length of the push', 's.d.'],
  peakDistance: ['largest distance', 's.d.'],
  peakMs: 'time of the largest distance',
  endDistance: ['distance at the end', 's.d.'],
  returnMs: 'time from there back to 1/e',
  controlEndMedian: ['control: distance at the end, median', 's.d.'],
  controlEnd5: ['control: distance at the end, 5 %', 's.d.'],
  controlEnd95: ['control: distance at the end, 95 %', 's.d.'],
  rateChangeHz: 'mean change of rates',
  mostChangedUnit: 'unit that changes most',
  reproduction: ['distance of runs begun anew from inferred states', 's.d.'],
  // Weights.
  spectralRadius: 'spectral radius',
  largestRealPart: 'largest real part of an eigenvalue',
  rank: 'rank',
  populations: 'populations',
  smallestAngle: ['smallest angle between m and n', '°'],
  largestAngle: ['largest angle between m and n', '°'],
  largestSingularValue: 'largest singular value',
  // Activity that a network was fitted to.
  sdMs: 's.d. of the smoothing kernel',
  scaleLeast: 'smallest scale of a unit',
  scaleMost: 'largest scale of a unit',
  freeRunPVar: 'share of the variance that the free run explains',
  conditionMeanPVar: 'share of the variance that means of conditions explain',
  judging: ['judged on trials it was not fitted to', 'yes'],
  // Counts.
  trials: 'trials',
  conditions: 'conditions',
  rows: 'rows',
  bins: 'bins',
  units: 'units',
  regions: 'regions',
  averages: 'averages',
  components: 'principal components',
  dimensions: 'dimensions',
  // How far to believe a network, and its currents.
  'recovery.repeats': 'recovery: repeats',
  'recovery.weights': 'recovery: r of weights',
  'recovery.outputs': 'recovery: r of free runs',
  'recovery.radius': 'recovery: spectral radius of the network',
  'recovery.radiusAgain': 'recovery: spectral radius fitted again',
  'recovery.currentsLeast': 'recovery: least r of currents of a pair',
  'recovery.currentsMost': 'recovery: largest r of currents of a pair',
  'regressors.units': 'activity: units',
  'regressors.dimensions95': 'activity: dimensions with 95 % of the variance',
  'regressors.rank': 'activity: numerical rank',
  'regressors.condition': 'activity: condition number',
  'regressors.recorded': ['activity: units are the recorded ones', 'yes'],
  'ensemble.members': 'seeds: how many',
  'ensemble.weights': 'seeds: r of weights',
  'ensemble.weightRms': 'seeds: root mean square of weights',
  'ensemble.weightSd': 'seeds: s.d. of weights',
  'ensemble.outputs': 'seeds: r of free runs',
  'ensemble.outputRms': 'seeds: root mean square of free runs',
  'ensemble.outputSd': 'seeds: s.d. of free runs',
  'ensemble.scoreLeast': 'seeds: least share of the variance explained',
  'ensemble.scoreMost': 'seeds: largest share of the variance explained',
  'ensemble.currentsLeast': 'seeds: least r of currents of a pair',
  'ensemble.currentsMost': 'seeds: largest r of currents of a pair',
  'freeRun.pVar': 'free run: share of the variance explained',
  'freeRun.conditionMean': 'free run: share that means of conditions explain',
  'freeRun.judging': ['free run: on trials it was not fitted to', 'yes'],
  'freeRun.start': ['free run: begins at', 'start'],
  'shuffled.outside': 'shuffled labels: pairs outside 5 to 95 %',
  'shuffled.pairs': 'shuffled labels: pairs',
  'shuffled.draws': 'shuffled labels: draws',
  'shifted.median': 'shifted regions: share of currents kept, median pair',
  'shifted.least': 'shifted regions: share of currents kept, least',
  'shifted.most': 'shifted regions: share of currents kept, largest',
  'shifted.regions': 'shifted regions: how many',
  'shifted.truth': 'shifted regions: share of true currents, median pair',
  'cancellation.most': 'cancellation: largest ratio of currents to their sum',
  'truth.median': 'truth: r of currents, median pair',
  'truth.least': 'truth: least r of a pair',
  'truth.most': 'truth: largest r of a pair',
  'truth.control95': 'truth: median pair with shuffled labels, 95 %',
  'truth.pairControl95': 'truth: single pair with shuffled labels, 95 %',
  'truth.members': 'truth: seeds',
  'truth.membersAbove': 'truth: seeds above shuffled labels',
  'truth.within': 'truth: r of currents within regions, median',
};

/** Those that mean another thing in one analysis. */
const OF: Readonly<Record<string, Readonly<Record<string, Named>>>> = {
  tangling: Object.fromEntries(
    ['median', 'p90', 'controlMedian', 'control5', 'control95', 'behaviourMedian'].map((name) => [name, [COMMON[name] as string, 's⁻²']]),
  ),
  jpca: {
    controlMedian: 'surrogates: R² of the rotation, median',
    control5: 'surrogates: R² of the rotation, 5 %',
    control95: 'surrogates: R² of the rotation, 95 %',
    controlDraws: 'surrogates: draws',
    conditions: 'averages',
  },
  activity: { largest: 'largest activity after scaling' },
  lyapunov: { largest: ['largest exponent', '1/s'] },
  continuation: { steps: 'steps along branches' },
  'fixed-points': { coverage: 'share of the basins’ probability that the points account for' },
  linearize: { coverage: 'share of the basins’ probability that the points account for' },
};

const UNIT_OF_NAME: readonly (readonly [RegExp, string])[] = [
  [/Ms$/, 'ms'],
  [/Hz$/, 'Hz'],
];
const STARTS = ['the first bin', 'the state of its condition', 'the state that its encoder read'];

/** `regressors.dimensions95` as words, with the unit; undefined where it has none of its own. */
function namedIn(analysis: string | undefined, name: string): readonly [words: string, unit: string] | undefined {
  const named = (analysis === undefined ? undefined : OF[analysis]?.[name]) ?? COMMON[name];
  if (named === undefined)
    return name.startsWith('apart') ? [`distance from the true point “${split(name.slice(5))}”, rms log rate`, ''] : undefined;
  return typeof named === 'string' ? [named, UNIT_OF_NAME.find(([ends]) => ends.test(name))?.[1] ?? ''] : named;
}

/** 'medianOfAll' is 'median of all'. */
const split = (name: string): string =>
  name
    .replaceAll('.', ': ')
    .replace(/([a-z0-9])([A-Z])/g, '$1 $2')
    .toLowerCase();

/** By the name alone: 'riseMs' is 'rise', in ms. */
function unnamed(name: string): readonly [words: string, unit: string] {
  const [ends, unit] = UNIT_OF_NAME.find(([last]) => last.test(name)) ?? [undefined, ''];
  return [split(ends ? name.replace(ends, '') : name), unit];
}

export const hasWords = (analysis: string, name: string): boolean => namedIn(analysis, name) !== undefined;

const figures = (value: number): string => minus(Number.isInteger(value) ? String(value) : String(Number(value.toPrecision(4))));

/** A number of a result as a person writes it: what it is, and its value with the unit. `figuresOf` writes the value alone. */
export function numberWords(
  analysis: string | undefined,
  name: string,
  value: number,
  figuresOf: (value: number) => string = figures,
): { readonly words: string; readonly value: string } {
  const [words, unit] = namedIn(analysis, name) ?? unnamed(name);
  if (!Number.isFinite(value)) return { words, value: '–' };
  if (unit === 'yes') return { words, value: value === 1 ? 'yes' : 'no' };
  if (unit === 'start') return { words, value: STARTS[value] ?? '–' };
  const text = figuresOf(value);
  return { words, value: unit === '' ? text : unit === '°' ? `${text}°` : `${text} ${unit}` };
}
