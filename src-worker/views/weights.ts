// Weights of a network: the matrix ordered by region, its spectrum, or where the rank is low its loadings with the populations among them.

import { countOf } from '../analyses/states.ts';
import { Failure } from '../contract/failure.ts';
import { defineParams } from '../contract/params.ts';
import type { Arrays, Result } from '../contract/result.ts';
import { symmetricEigen } from '../numerics/symmetric.ts';
import { numberText } from '../scene/axes.ts';
import type { Area, Axis, Line, Mark, Points, Scene, ValueScale } from '../scene/scene.ts';
import { sourceText } from './shared.ts';
import { defineView, type Shown } from './view.ts';

/** Loadings that may stand along an axis: 'output 1' is m of the first dimension, 'selection 1' its n, 'input 1' what the first input drives. */
const LOADINGS = ['output', 'selection', 'input'].flatMap((kind) => [1, 2, 3].map((k) => `${kind} ${k}`));

const params = defineParams({
  show: {
    kind: 'choice',
    label: 'Show',
    help: 'The matrix of weights, their spread over seeds, their eigenvalues, or for low-rank weights the loadings of every unit.',
    choices: ['matrix', 'spread', 'spectrum', 'loadings'],
    default: 'matrix',
    tier: 'common',
  },
  order: {
    kind: 'choice',
    label: 'Order',
    help: 'Recorded units of a region as in the file, or by the time at which their mean rate is largest.',
    choices: ['file', 'peak'],
    default: 'file',
    tier: 'common',
    when: { param: 'show', is: 'matrix' },
  },
  across: {
    kind: 'choice',
    label: 'Across',
    help: 'Loading along the horizontal axis: output is m, selection is n, input the weights of an input.',
    choices: LOADINGS,
    default: 'output 1',
    tier: 'common',
    when: { param: 'show', is: 'loadings' },
  },
  up: {
    kind: 'choice',
    label: 'Up',
    help: 'Loading along the vertical axis: output is m, selection is n, input the weights of an input.',
    choices: LOADINGS,
    default: 'selection 1',
    tier: 'common',
    when: { param: 'show', is: 'loadings' },
  },
});

export const weightsView = defineView({
  id: 'weights',
  title: 'Weights',
  version: 2,
  about:
    'Recurrent weights ordered by region, their spread over seeds, their spectrum, or the loadings of low-rank weights with their populations.',
  shows: 'weights',
  params,
  report: { more: () => [{ show: 'spread' }, { show: 'spectrum' }, { show: 'loadings' }] },
  scene(shown, { show, order, across, up }) {
    const { result } = shown;
    if (!result?.arrays.weights)
      throw new Failure('no-result', 'There are no weights to show.', 'Run the analysis first: orrery analyze weights.');
    if (show === 'matrix' || show === 'spread') return matrixScene(shown, result, order === 'peak', show === 'spread');
    return show === 'spectrum' ? spectrumScene(shown, result) : loadingsScene(shown, result, across, up);
  },
});

/** Share of weights whose size the colours reach; the few beyond have the last colour. */
const WITHIN = 0.995;

function matrixScene(shown: Shown, { arrays, recipe, notes, summary }: Result, byPeak: boolean, ofSeeds: boolean): Scene {
  const matrix = ofSeeds ? arrays.weightSd : arrays.weights;
  if (!matrix)
    throw arrays.recorded
      ? new Failure(
          'one-seed',
          'There are no other seeds of this fit to see a spread over.',
          'Fit several that differ in their first weights, such as five (--seeds 5).',
        )
      : new Failure(
          'other-units',
          'Units of this network are not recorded ones: those of other seeds stand for others, and weights have no spread.',
          'Look at what each seed shares: rates, spectrum, overlaps. Networks of the recorded units are those of CORNN, CURBD, and of a Rate RNN whose readout is units (--readout units).',
        );
  const [N] = arrays.weights.shape;
  const order = byPeak ? byPeaks(shown, arrays) : arrays.order.values;
  const values = new Float32Array(N * N);
  for (let i = 0; i < N; i++) for (let j = 0; j < N; j++) values[i * N + j] = matrix.values[order[i] * N + order[j]];
  const ofOther = ofSeeds ? arrays.weights : arrays.weightSd;
  const beside = ofOther && Float32Array.from(values, (_, at) => ofOther.values[order[Math.floor(at / N)] * N + order[at % N]]);
  const sizes = Float64Array.from(values, Math.abs).sort();
  const most = sizes[Math.min(sizes.length - 1, Math.floor(WITHIN * sizes.length))] || 1;
  const scale: ValueScale = ofSeeds
    ? { label: 'S.d. over seeds', unit: '', domain: [0, most], palette: 'sequential' }
    : { label: 'Weight', unit: '', domain: [-most, most], palette: 'signed' };
  const seeds = countOf(summary['ensemble.members'] ?? 1, 'seed');
  const rmsOf = (of: ArrayLike<number>): string => {
    let sum = 0;
    for (let at = 0; at < of.length; at++) sum += of[at] * of[at];
    return numberText(Number(Math.sqrt(sum / Math.max(1, of.length)).toPrecision(2)));
  };
  const units = Array.from(order, (unit) => nameOfUnit(shown, arrays, unit));
  const regions = regionsAlong(shown, arrays);
  const ticks =
    regions && regions.length > 1 ? regions.map(({ name, from, to }) => ({ at: (from + to) / 2 + 0.5, label: name })) : undefined;
  const axis = (label: string, domain: Axis['domain'] = [0.5, N + 0.5]): Axis => ({
    label,
    unit: '',
    scale: 'linear',
    domain,
    ...(ticks ? { ticks } : {}),
  });
  const areas = (ticks ? (regions ?? []) : []).flatMap((into) =>
    (regions ?? []).map((from): Area => {
      const across = { x0: from.from + 0.5, x1: from.to + 0.5 };
      return { datum: { pair: [into.name, from.name] }, ...across, y0: into.from + 0.5, y1: into.to + 0.5 };
    }),
  );
  const borders = (regions ?? []).slice(1).flatMap(({ from, name }): Mark[] => [
    { kind: 'rule', key: `left of ${name}`, datum: {}, colour: 'ink', x: from + 0.5, label: '' },
    { kind: 'rule', key: `below ${name}`, datum: {}, colour: 'ink', y: from + 0.5, label: '' },
  ]);
  const by = ticks ? `, by region: ${ticks.map(({ label }) => label).join(', ')}` : '';
  return {
    title: ofSeeds ? 'Spread of weights' : 'Weights',
    // Which regions there are is said along the axes.
    subtitle: ofSeeds
      ? `rms of s.d. ${rmsOf(values)}, of weights ${rmsOf(arrays.weights.values)}`
      : `${beside ? '' : `${countOf(N, 'unit')}, `}rms ${rmsOf(values)}${beside ? `, s.d. ${rmsOf(beside)} over ${seeds}` : ''}`,
    x: axis(ticks ? 'From units of' : 'From unit'),
    // As a table reads: the first unit that receives stands at the top.
    y: axis(ticks ? 'To units of' : 'To unit', [N + 0.5, 0.5]),
    values: scale,
    ...(areas.length > 0 ? { areas } : {}),
    marks: [
      {
        kind: 'image',
        key: 'weights',
        datum: {},
        colour: 'ink',
        rows: N,
        columns: N,
        values,
        x0: 0.5,
        x1: N + 0.5,
        y0: 0.5,
        y1: N + 0.5,
        scale,
        cells: {
          rows: units.map((name) => `onto ${name}`),
          columns: units.map((name) => `from ${name}`),
          ...(beside && { also: { label: ofSeeds ? 'Weight' : `S.d. over ${seeds}`, values: beside } }),
        },
      },
      ...borders,
    ],
    text: `${ofSeeds ? `Standard deviation over ${seeds} of weights` : 'Weights'} between ${countOf(N, 'unit')}${by}, up to ${numberText(Number(most.toPrecision(2)))} in size.`,
    caption:
      `${sourceText(shown)}: ${ofSeeds ? `s.d. over ${seeds} of ` : ''}weights from each unit (across) to each (down)${by}${byPeak && arrays.recorded ? ', each region by peak time' : ''}; colours end at the ${100 * WITHIN} % quantile of sizes. ${recipe} ${notes.join(' ')}`.trim(),
  };
}

/** 'unit 12, M1', by its row in the file's table where it is a recorded one. */
function nameOfUnit({ dataset }: Shown, { recorded }: Arrays, unit: number): string {
  if (!recorded) return `unit ${unit + 1} of the network`;
  const place = recorded.values[unit];
  const area = dataset.areas[place];
  return `unit ${dataset.unitRows[place]}${area ? `, ${area}` : ''}`;
}

/** Recorded units of each region by the bin in which their mean over trials is largest, the earliest first. */
function byPeaks({ dataset }: Shown, { order, recorded }: Arrays): ArrayLike<number> {
  if (!recorded) return order.values;
  const { counts, observed, trials, bins, units, areas } = dataset;
  const [sums, seen] = [new Float64Array(bins * units), new Float64Array(bins)];
  for (let row = 0; row < trials * bins; row++) {
    if (observed && !observed[row]) continue;
    seen[row % bins]++;
    for (let u = 0; u < units; u++) sums[(row % bins) * units + u] += counts[row * units + u];
  }
  const peakOf = (place: number): number => {
    let best = 0;
    for (let t = 1; t < bins; t++) if (sums[t * units + place] / seen[t] > sums[best * units + place] / seen[best]) best = t;
    return best;
  };
  const regions = [...new Set(Array.from(order.values, (unit) => areas[recorded.values[unit]]))];
  const key = (unit: number): number => regions.indexOf(areas[recorded.values[unit]]) * bins + peakOf(recorded.values[unit]);
  return Array.from(order.values)
    .map((unit, at) => ({ unit, at, key: key(unit) }))
    .sort((a, b) => a.key - b.key || a.at - b.at)
    .map(({ unit }) => unit);
}

interface Region {
  readonly name: string;
  /** Places in the order, from the first up to the one after the last. */
  readonly from: number;
  readonly to: number;
}

/** Stretches of the order with units of one region; undefined where units are not recorded ones. */
function regionsAlong({ dataset }: Shown, { order, recorded }: Arrays): readonly Region[] | undefined {
  if (!recorded) return undefined;
  const regions: { name: string; from: number; to: number }[] = [];
  for (const [place, unit] of order.values.entries()) {
    const name = dataset.areas[recorded.values[unit]] || 'no region';
    const last = regions.at(-1);
    if (last?.name === name) last.to = place + 1;
    else regions.push({ name, from: place, to: place + 1 });
  }
  return regions;
}

const circle = (): { readonly x: Float64Array; readonly y: Float64Array } => {
  const angle = Array.from({ length: 181 }, (_, k) => (2 * Math.PI * k) / 180);
  return { x: Float64Array.from(angle, Math.cos), y: Float64Array.from(angle, Math.sin) };
};

function spectrumScene(shown: Shown, { arrays, recipe, summary }: Result): Scene {
  const { eigenvaluesRe, eigenvaluesIm } = arrays;
  if (eigenvaluesRe.values.length === 0)
    throw new Failure('no-spectrum', 'The spectrum of so many units was left out.', 'Look at the matrix instead.');
  const radius = summary.spectralRadius;
  const nonzero = arrays.singularValues?.shape[0] ?? eigenvaluesRe.values.length;
  const x = Float64Array.from(eigenvaluesRe.values.subarray(0, nonzero));
  const y = Float64Array.from(eigenvaluesIm.values.subarray(0, nonzero));
  const left = eigenvaluesRe.values.length - nonzero;
  const also = left > 0 ? `; ${left} more are 0` : '';
  const reach = 1.12 * Math.max(1, radius);
  const unit: Line = { kind: 'line', key: 'unit circle', datum: {}, colour: 'mute', weight: 'fine', ...circle(), legend: 'modulus 1' };
  return {
    title: 'Spectrum of weights',
    subtitle: `largest modulus ${numberText(Number(radius.toPrecision(3)))}${also}`,
    x: { label: 'Re λ', unit: '', scale: 'linear', domain: [-reach, reach] },
    y: { label: 'Im λ', unit: '', scale: 'linear', domain: [-reach, reach] },
    equal: true,
    marks: [
      unit,
      { kind: 'rule', key: 'real part 1', datum: {}, colour: 'mute', x: 1, until: 1e6, label: 'Re λ > 1 grows', dashed: true },
      { kind: 'points', key: 'eigenvalues', datum: {}, colour: 'ink', sign: 'dot', size: 'small', x, y },
    ],
    text: `${countOf(nonzero, 'eigenvalue')} of the weights, the largest of modulus ${numberText(Number(radius.toPrecision(3)))}${also}.`,
    caption: `${sourceText(shown)}: eigenvalues of the weights${also}; in the shade a mode grows by itself where units are as steep as at rest. ${recipe}`,
  };
}

/** Loading called `name` of every unit, and its place among m, n and inputs; undefined where there is no such one. */
function loadingOf({ outputLoadings, selectionLoadings, inputWeights }: Arrays, name: string) {
  const [kind, number] = name.split(' ');
  const k = Number(number) - 1;
  const array = kind === 'output' ? outputLoadings : kind === 'selection' ? selectionLoadings : inputWeights;
  const R = outputLoadings.shape[1];
  const [N, width] = array.shape;
  if (k >= width) return undefined;
  return {
    label: kind === 'output' ? `m${subscript(k)}` : kind === 'selection' ? `n${subscript(k)}` : `Weight of input ${k + 1}`,
    values: Float64Array.from({ length: N }, (_, i) => array.values[i * width + k]),
    place: (kind === 'output' ? 0 : kind === 'selection' ? R : 2 * R) + k,
  };
}

const subscript = (k: number): string => ['₁', '₂', '₃'][k];

function loadingsScene(shown: Shown, { arrays, recipe, notes, summary }: Result, across: string, up: string): Scene {
  if (!arrays.outputLoadings)
    throw new Failure(
      'full-rank',
      'These weights are not of low rank, and have no loadings.',
      'Fit with a rank of 1 to 10 or auto (--rank), or look at the spectrum.',
    );
  const [x, y] = [loadingOf(arrays, across), loadingOf(arrays, up)];
  if (!x || !y)
    throw new Failure(
      'no-loading',
      `There is no ${x ? up : across} loading: the weights have rank ${summary.rank} and ${arrays.inputWeights.shape[1]} inputs.`,
      'Choose one that there is.',
    );
  const population = arrays.population.values;
  const K = arrays.populationShares?.shape[0] ?? 1;
  const places = Array.from({ length: K }, (_, k) => Array.from(population.keys()).filter((i) => population[i] === k));
  const dots = places.flatMap((units, k): Points[] =>
    units.length === 0
      ? []
      : [
          {
            kind: 'points',
            key: `population ${k + 1}`,
            datum: {},
            colour: K > 1 ? { series: k } : 'ink',
            sign: 'dot',
            x: Float64Array.from(units, (i) => x.values[i]),
            y: Float64Array.from(units, (i) => y.values[i]),
            ...(arrays.recorded ? { data: units.map((i) => ({ unit: shown.dataset.unitRows[arrays.recorded.values[i]] })) } : {}),
            ...(K > 1 ? { legend: `population ${k + 1}` } : {}),
          },
        ],
  );
  const words = K > 1 ? `${K} populations` : 'one population';
  const first = `${x.label} and ${y.label}`;
  return {
    title: 'Loadings',
    subtitle: `rank ${summary.rank}, ${words}`,
    x: { label: x.label, unit: '', scale: 'linear' },
    y: { label: y.label, unit: '', scale: 'linear' },
    marks: [...ellipses(arrays, x.place, y.place, K), ...dots],
    text: `${first} of ${countOf(population.length, 'unit')} in ${words}.`,
    caption:
      `${sourceText(shown)}: loadings ${first} of every unit; ellipses, two standard deviations of each population. ${recipe} ${notes.join(' ')}`.trim(),
  };
}

/** Two standard deviations of each population in the plane of two loadings. */
function ellipses({ populationMeans, populationCovariances }: Arrays, a: number, b: number, K: number): readonly Line[] {
  if (!populationMeans || !populationCovariances) return [];
  const D = populationMeans.shape[1];
  return Array.from({ length: K }, (_, k): Line => {
    const at = (i: number, j: number): number => populationCovariances.values[(k * D + i) * D + j];
    const { values, vectors } = symmetricEigen(Float64Array.of(at(a, a), at(a, b), at(b, a), at(b, b)), 2);
    const [long, short] = Array.from(values, (value) => 2 * Math.sqrt(Math.max(0, value)));
    const { x, y } = circle();
    const [mx, my] = [populationMeans.values[k * D + a], populationMeans.values[k * D + b]];
    return {
      kind: 'line',
      key: `spread ${k + 1}`,
      datum: {},
      colour: K > 1 ? { series: k } : 'mute',
      weight: 'fine',
      x: x.map((c, i) => mx + long * c * vectors[0] + short * y[i] * vectors[2]),
      y: x.map((c, i) => my + long * c * vectors[1] + short * y[i] * vectors[3]),
    };
  });
}
