// How far networks of several seeds agree: the share of every current of each of them beside shuffled regions, the s.d. of every weight, or that of
// what they give.

import { countOf } from '../analyses/states.ts';
import { Failure } from '../contract/failure.ts';
import { defineParams } from '../contract/params.ts';
import type { Arrays, Result } from '../contract/result.ts';
import { median } from '../numerics/statistics.ts';
import type { Area, Mark, Points, Scene } from '../scene/scene.ts';
import { dotsAt, evenly, numbersText, scattered, within } from './pairs.ts';
import { sourceText } from './shared.ts';
import { defineView, type Shown } from './view.ts';

export const ensemble = defineView({
  id: 'ensemble',
  title: 'Seeds',
  version: 2,
  about: 'Spread over seeds of each weight and of what networks give, or shares of currents of every seed beside shuffled regions.',
  shows: 'belief',
  also: ({ show }) => (show === 'shares' ? 'currents' : undefined),
  params: defineParams({
    show: {
      kind: 'choice',
      label: 'Show',
      help: 'Standard deviation over seeds of each weight or of what networks give, or the share of every current by seed; of weights unless given, where units are recorded ones.',
      choices: ['shares', 'weights', 'outputs'],
      tier: 'common',
    },
  }),
  report: { more: (first) => [{ show: 'shares' }, ...(first?.title === 'Spread of weights' ? [{ show: 'outputs' }] : [])] },
  scene(shown, { show }) {
    const { result } = shown;
    const arrays = result?.arrays;
    if (show === 'shares') {
      if (!result || !arrays?.shares)
        throw new Failure('no-result', 'There are no currents to show.', 'Run the analysis first: orrery analyze currents.');
      return sharesScene(shown, result, arrays);
    }
    if (!result || !arrays?.outputs)
      throw new Failure('no-result', 'There are no seeds to show.', 'Run the analysis first: orrery analyze belief.');
    if (!arrays.outputSd)
      throw new Failure('one-seed', 'One seed has no spread.', 'Fit several that differ in their first weights, such as five (--seeds 5).');
    return show === 'outputs' || !arrays.weightSd ? outputsScene(shown, result, arrays) : weightsScene(shown, result, arrays);
  },
});

/** Height of a pair's band, of the distance from pair to pair. */
const BAND = 0.35;

function sharesScene(shown: Shown, { recipe }: Result, { regions, shares, shareControl }: Arrays): Scene {
  const names = regions.labels ?? [];
  const R = names.length;
  const pairs = R * R;
  const [members] = shares.shape;
  const percent = (value: number): number => 100 * value;
  const all = [...shares.values, ...shareControl.values].filter(Number.isFinite).map(percent);
  const [least, most] = [Math.min(...all, 100 / R), Math.max(...all, 100 / R)];
  const room = Math.max(2, 0.1 * (most - least));
  const domain = [Math.max(0, least - room), Math.min(100, most + room)] as const;
  // The first pair stands at the top.
  const height = (pair: number): number => pairs - pair;
  const label = (pair: number): string => `${names[pair % R]} → ${names[Math.floor(pair / R)]}`;
  const areas = Array.from({ length: pairs }, (_, pair): Area => {
    const y = height(pair);
    return { datum: { pair: [names[Math.floor(pair / R)], names[pair % R]] }, x0: domain[0], x1: domain[1], y0: y - 0.5, y1: y + 0.5 };
  });
  const seeds: Points = {
    kind: 'points',
    key: 'seeds',
    datum: {},
    colour: 'ink',
    sign: 'dot',
    x: Float64Array.from({ length: members * pairs }, (_, at) => percent(shares.values[at])),
    y: Float64Array.from({ length: members * pairs }, (_, at) => {
      // Seeds lie a little apart, so that equal ones are seen.
      const member = Math.floor(at / pairs);
      return height(at % pairs) + (members > 1 ? 0.3 * (member / (members - 1) - 0.5) : 0);
    }),
    legend: members > 1 ? 'each seed' : 'the network',
  };
  const control = Array.from({ length: pairs }, (_, pair): readonly Mark[] => {
    const [low, middle, high] = [0, 1, 2].map((quantile) => percent(shareControl.values[quantile * pairs + pair]));
    const y = height(pair);
    return [
      {
        kind: 'band',
        key: `control ${pair}`,
        datum: {},
        colour: 'band',
        x: Float64Array.of(low, high),
        low: Float64Array.of(y - BAND, y - BAND),
        high: Float64Array.of(y + BAND, y + BAND),
      },
      {
        kind: 'line',
        key: `control median ${pair}`,
        datum: {},
        colour: 'control',
        weight: 'line',
        dashed: true,
        x: Float64Array.of(middle, middle),
        y: Float64Array.of(y - BAND, y + BAND),
        ...(pair === 0 ? { legend: 'regions shuffled' } : {}),
      },
    ];
  }).flat();
  return {
    title: 'Shares of every seed',
    subtitle: `of the sizes of all currents into a region; band, 5 to 95 % with regions shuffled`,
    x: { label: 'Share of size', unit: '%', scale: 'linear', domain },
    y: {
      label: '',
      unit: '',
      scale: 'linear',
      domain: [0.4, pairs + 0.6],
      ticks: Array.from({ length: pairs }, (_, pair) => ({ at: height(pair), label: label(pair) })),
    },
    marks: [...control, seeds],
    areas,
    text: `Shares of currents of ${countOf(members, 'seed')}: ${Array.from({ length: pairs }, (_, pair) => {
      const own = Array.from({ length: members }, (_, member) => percent(shares.values[member * pairs + pair]));
      const [low, high] = [Math.min(...own), Math.max(...own)].map(Math.round);
      return `${label(pair)} ${low === high ? low : `${low} to ${high}`} %`;
    }).join(', ')}.`,
    caption: `${sourceText(shown)}. ${recipe} Share of the sizes of all currents into a region; dots, ${members > 1 ? `networks of ${countOf(members, 'seed')} that begin with other weights` : 'this network'}; bands and dashed lines, 5, 50 and 95 % with labels of source units shuffled.`,
  };
}

/** S.d. beside value, and the line on which the two are as large. */
function spreadScene(shown: Shown, { recipe, summary }: Result, { x, y, dots, words, unit, what }: SpreadOf): Scene {
  const members = summary['ensemble.members'];
  const [reach, top] = [within([x]), within([y])];
  // What is nearly always positive needs little room below 0.
  const below = x.reduce((least, value) => Math.min(least, value), 0);
  const low = Math.max(-reach, 1.05 * below);
  const [most, left] = [Math.min(reach, top), Math.min(-low, top)];
  const isDrawn = (at: number): boolean => Math.abs(x[at]) <= reach && y[at] <= top;
  const uncertain = y.filter((sd, at) => sd > Math.abs(x[at])).length / Math.max(1, y.length);
  const share = `${Math.round(100 * uncertain)} %`;
  return {
    title: `Spread of ${what.many}`,
    subtitle: `s.d. over ${members} seeds, median ${numbersText(median(y))}${unit === '' ? '' : ` ${unit}`}; of ${share} it is larger than the ${what.one}`,
    x: { label: what.label, unit, scale: 'linear', domain: [low, reach] },
    y: { label: 'S.d. over seeds', unit, scale: 'linear', domain: [0, top] },
    marks: [
      {
        kind: 'line',
        key: 'as large',
        datum: {},
        colour: 'mute',
        weight: 'line',
        dashed: true,
        x: Float64Array.of(-left, 0, most),
        y: Float64Array.of(left, 0, most),
        legend: `as large as the ${what.one}`,
      },
      ...dots.map(({ key, legend, of }, series) =>
        dotsAt(
          Array.from(x.keys()).filter((at) => of(at) && isDrawn(at)),
          x,
          y,
          { key, legend, series },
        ),
      ),
    ],
    text: `Standard deviation of each ${what.one} over ${members} seeds: of ${share} of the ${what.many} it is larger than the ${what.one} itself.`,
    caption: `${sourceText(shown)}. ${recipe} Above the dashed line the spread over ${members} seeds is larger than the ${what.one}: ${share} of the ${what.many}${words}.`,
  };
}

interface SpreadOf {
  readonly x: Float64Array;
  readonly y: Float64Array;
  readonly dots: readonly { readonly key: string; readonly legend: string; of(at: number): boolean }[];
  /** What the caption adds. */
  readonly words: string;
  readonly unit: string;
  readonly what: { readonly one: string; readonly many: string; readonly label: string };
}

function weightsScene(shown: Shown, result: Result, { weights, weightSd, unitRegions }: Arrays): Scene {
  const n = weights.shape[0];
  const { places, every } = scattered(n);
  const isWithin = (at: number): boolean => unitRegions.values[Math.floor(places[at] / n)] === unitRegions.values[places[at] % n];
  return spreadScene(shown, result, {
    x: Float64Array.from(places, (at) => weights.values[at]),
    y: Float64Array.from(places, (at) => weightSd.values[at]),
    dots:
      (unitRegions.labels?.length ?? 1) > 1
        ? [
            { key: 'between', legend: 'between regions', of: (at) => !isWithin(at) },
            { key: 'within', legend: 'within a region', of: isWithin },
          ]
        : [{ key: 'within', legend: 'weights', of: () => true }],
    words: every > 1 ? `; one weight in ${every} is drawn` : '',
    unit: '',
    what: { one: 'weight', many: 'weights', label: 'Weight' },
  });
}

function outputsScene(shown: Shown, result: Result, { outputs, outputSd }: Arrays): Scene {
  const { places, every } = evenly(outputs.values.length);
  return spreadScene(shown, result, {
    x: Float64Array.from(places, (at) => outputs.values[at]),
    y: Float64Array.from(places, (at) => outputSd.values[at]),
    dots: [{ key: 'outputs', legend: 'a bin of an output', of: () => true }],
    words: `; free runs over averages of trials that judge the network${every > 1 ? `, one value in ${every} is drawn` : ''}`,
    unit: outputs.unit,
    what: { one: 'value', many: 'free runs', label: 'Free run' },
  });
}
