// How far networks of several seeds agree: the share of every current of each of them beside shuffled regions, or the s.d. of every weight.

import { countOf } from '../analyses/states.ts';
import { Failure } from '../contract/failure.ts';
import { defineParams } from '../contract/params.ts';
import type { Arrays, Result } from '../contract/result.ts';
import { median } from '../numerics/statistics.ts';
import type { Area, Mark, Points, Scene } from '../scene/scene.ts';
import { DOT, numbersText, scattered, within } from './pairs.ts';
import { sourceText } from './shared.ts';
import { defineView, type Shown } from './view.ts';

export const ensemble = defineView({
  id: 'ensemble',
  title: 'Seeds',
  version: 1,
  about: 'Shares of currents of every seed beside shuffled regions, or the spread of each weight over seeds.',
  shows: 'currents',
  params: defineParams({
    show: {
      kind: 'choice',
      label: 'Show',
      help: 'Share of every current by seed, or the standard deviation of each weight over seeds.',
      choices: ['shares', 'weights'],
      default: 'shares',
      tier: 'common',
    },
  }),
  report: { more: () => [{ show: 'weights' }] },
  scene(shown, { show }) {
    const { result } = shown;
    if (!result?.arrays.shares)
      throw new Failure('no-result', 'There are no currents to show.', 'Run the analysis first: orrery analyze currents.');
    return show === 'shares' ? sharesScene(shown, result, result.arrays) : weightsScene(shown, result, result.arrays);
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

function weightsScene(shown: Shown, { recipe, summary }: Result, { weights, weightSd, unitRegions }: Arrays): Scene {
  if (!weightSd)
    throw new Failure('one-seed', 'One seed has no spread.', 'Fit several, which differ in their first weights, with --seeds 5.');
  const n = weights.shape[0];
  const members = summary['ensemble.members'];
  const { places, every } = scattered(n);
  const reach = within([weights.values]);
  const top = within([weightSd.values]);
  const isDrawn = (at: number): boolean => Math.abs(weights.values[at]) <= reach && weightSd.values[at] <= top;
  const dots = [false, true].map((inside, series): Points => {
    const own = places.filter((at) => (unitRegions.values[Math.floor(at / n)] === unitRegions.values[at % n]) === inside && isDrawn(at));
    return {
      kind: 'points',
      key: inside ? 'within' : 'between',
      datum: {},
      colour: { series },
      sign: 'dot',
      size: DOT,
      x: Float64Array.from(own, (at) => weights.values[at]),
      y: Float64Array.from(own, (at) => weightSd.values[at]),
      legend: inside ? 'within a region' : 'between regions',
    };
  });
  const uncertain = places.filter((at) => weightSd.values[at] > Math.abs(weights.values[at])).length / Math.max(1, places.length);
  const share = `${Math.round(100 * uncertain)} %`;
  const middle = numbersText(median(Float64Array.from(places, (at) => weightSd.values[at])));
  return {
    title: 'Spread of weights',
    subtitle: `s.d. over ${members} seeds, median ${middle}; of ${share} it is larger than the weight`,
    x: { label: 'Weight', unit: '', scale: 'linear', domain: [-reach, reach] },
    y: { label: 'S.d. over seeds', unit: '', scale: 'linear', domain: [0, top] },
    marks: [
      {
        kind: 'line',
        key: 'as large',
        datum: {},
        colour: 'mute',
        weight: 'line',
        dashed: true,
        x: Float64Array.of(-Math.min(reach, top), 0, Math.min(reach, top)),
        y: Float64Array.of(Math.min(reach, top), 0, Math.min(reach, top)),
        legend: 'as large as the weight',
      },
      ...dots,
    ],
    text: `Standard deviation of each weight over ${members} seeds: of ${share} of the weights it is larger than the weight itself.`,
    caption: `${sourceText(shown)}. ${recipe} Above the dashed line the spread over ${members} seeds is larger than the weight: ${share} of the weights${every > 1 ? `; one weight in ${every} is drawn` : ''}.`,
  };
}
