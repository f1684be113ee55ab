// Shares of the sizes of currents: all of them as a matrix, or what comes into one region with a dot for each seed over its control.

import { ticks } from 'd3-array';
import { countOf } from '../analyses/states.ts';
import type { Result } from '../contract/result.ts';
import { quantile } from '../numerics/statistics.ts';
import type { Area, Mark, Scene } from '../scene/scene.ts';
import { pairMatrix } from './pairs.ts';
import { sourceText } from './shared.ts';
import type { Shown } from './view.ts';

export function sharesScene(shown: Shown, { arrays, recipe, notes }: Result, names: readonly string[]): Scene {
  const pairs = names.length ** 2;
  const members = arrays.shares.shape[0];
  const values = Float32Array.from({ length: pairs }, (_, pair) => {
    const bySeed = Float64Array.from({ length: members }, (_, member) => arrays.shares.values[member * pairs + pair]);
    return 100 * quantile(bySeed, 0.5);
  });
  const domain = [0, Math.max(...values.filter(Number.isFinite), 1)] as const;
  const { marks, ...axes } = pairMatrix(names, values, {
    scale: { label: 'Share of size', unit: '%', domain, palette: 'wash' },
    text(pair) {
      const value = values[pair];
      const quantile = (k: number) => 100 * arrays.shareControl.values[k * pairs + pair];
      const stands = value < quantile(0) || value > quantile(2) ? ' *' : '';
      return Number.isFinite(value) ? `${Math.round(value)} %${stands}` : '–';
    },
  });
  return {
    title: 'Shares of currents',
    subtitle: 'of what comes in; * outside shuffled 5 to 95 %',
    ...axes,
    marks,
    text: `Shares of the sizes of all currents into each of ${names.join(', ')}.`,
    caption:
      `${sourceText(shown)}. ${recipe} Rows receive, columns send; shares are of the sizes of all currents into a region; ${members > 1 ? `medians of ${countOf(members, 'seed')}, ` : ''}* outside 5 to 95 % of what shuffled labels of source units give. ${notes.join(' ')}`.trim(),
  };
}

/** Pairs over time in a report. */
const MOST_PAIRS = 4;

/** Pairs of the matrix of shares: all of few regions, of more the largest currents from one region into another. */
export function largest({ areas = [], marks }: Scene): readonly (readonly [into: string, from: string])[] {
  const pairs = areas.flatMap(({ datum: { pair } }) => (pair ? [pair] : []));
  const image = marks.find((mark) => mark.kind === 'image');
  if (pairs.length <= MOST_PAIRS || image === undefined) return pairs;
  const count = image.columns;
  // Rows of the image go from the last target up.
  const share = (at: number): number => image.values[(count - 1 - Math.floor(at / count)) * count + (at % count)];
  return Array.from(pairs.keys())
    .filter((at) => pairs[at][0] !== pairs[at][1])
    .sort((a, b) => share(b) - share(a))
    .slice(0, MOST_PAIRS)
    .sort((a, b) => a - b)
    .map((at) => pairs[at]);
}

/** Half the height of a control's band and of the dots' spread, in rows. */
const BAND = 0.24;
const SPREAD = 0.14;
const MOST_NUMBERED = 2;

/** What comes into one region: a row for each source, its share in every seed over 5 to 95 % of shuffled regions. */
export function rowScene(shown: Shown, { arrays, recipe, notes }: Result, names: readonly string[], target: number): Scene {
  const count = names.length;
  const pairs = count * count;
  const members = arrays.shares.shape[0];
  const shares = names.map((_, source) =>
    Float64Array.from({ length: members }, (_, member) => 100 * arrays.shares.values[member * pairs + target * count + source]),
  );
  const controls = names.map((_, source) => [0, 1, 2].map((k) => 100 * arrays.shareControl.values[k * pairs + target * count + source]));
  // All regions on one scale, so that rows can be compared.
  const all = [...arrays.shares.values, ...arrays.shareControl.values].filter(Number.isFinite).map((share) => 100 * share);
  const [low, high] = [Math.min(...all, 100 / count), Math.max(...all, 100 / count)];
  const room = Math.max(2, 0.1 * (high - low));
  const domain = [Math.max(0, low - room), Math.min(100, high + room)] as const;
  const place = (source: number): number => count - source;
  const areas = names.map((from, source): Area => {
    const y = place(source);
    return { datum: { pair: [names[target], from] }, x0: domain[0], x1: domain[1], y0: y - 0.6, y1: y + 0.4 };
  });
  const marks = names.flatMap((name, source): readonly Mark[] => {
    const [from, middle, to] = controls[source];
    const y = place(source);
    const own = shares[source];
    const [least, most] = [Math.min(...own), Math.max(...own)];
    const x = Float64Array.of(from, to);
    return [
      { kind: 'band', key: `control ${name}`, datum: {}, colour: 'band', x, low: x.map(() => y - BAND), high: x.map(() => y + BAND) },
      {
        kind: 'line',
        key: `median ${name}`,
        datum: {},
        colour: 'control',
        weight: 'fine',
        dashed: true,
        x: Float64Array.of(middle, middle),
        y: Float64Array.of(y - BAND, y + BAND),
      },
      {
        kind: 'points',
        key: `seeds ${name}`,
        datum: {},
        colour: 'ink',
        sign: 'dot',
        size: 'small',
        x: own,
        // Side by side, so that seeds that agree can be counted.
        y: own.map((_, member) => y + (members > 1 ? SPREAD * ((2 * member) / (members - 1) - 1) : 0)),
      },
      // Under each other there is room for numbers of few.
      ...(count > MOST_NUMBERED
        ? []
        : [
            {
              kind: 'text',
              key: `share ${name}`,
              datum: {},
              colour: 'text',
              x: (low + high) / 2,
              y: y - 0.42,
              text: shareText(quantile(own, 0.5), least, most),
              anchor: 'middle',
            } as const,
          ]),
    ];
  });
  return {
    title: `Shares into ${names[target]}`,
    subtitle: `of the sizes of all currents into ${names[target]}${members > 1 ? `; ${countOf(members, 'seed')}` : ''}`,
    x: { label: '', unit: '', scale: 'linear', domain, ticks: percentTicks(domain) },
    y: {
      label: '',
      unit: '',
      scale: 'linear',
      domain: [0.4, count + 0.4],
      ticks: names.map((label, source) => ({ at: place(source), label })),
    },
    marks,
    areas,
    text: `Shares of what comes into ${names[target]}: ${names.map((name, source) => `${name} ${shareText(quantile(shares[source], 0.5), Math.min(...shares[source]), Math.max(...shares[source]))}`).join('; ')}.`,
    caption:
      `${sourceText(shown)}. ${recipe} Dots, ${members > 1 ? 'each seed; number, their median and range' : 'this network'}; band, 5 to 95 % with labels of source units shuffled; dashed, their median. ${notes.join(' ')}`.trim(),
  };
}

/** Few round numbers, the last with its unit. */
const percentTicks = ([low, high]: readonly [number, number]): readonly { readonly at: number; readonly label: string }[] =>
  ticks(low, high, 3).map((at, k, all) => ({ at, label: k === all.length - 1 ? `${at} %` : String(at) }));

const shareText = (own: number, least: number, most: number): string => {
  if (!Number.isFinite(own)) return '–';
  const [from, to] = [Math.round(least), Math.round(most)];
  return from === to ? `${Math.round(own)} %` : `${Math.round(own)} %, ${from} to ${to}`;
};
