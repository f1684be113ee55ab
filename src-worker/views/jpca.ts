// jPCA: condition averages in a plane in which they rotate, over a strip with R² of the fit beside that of surrogates.

import { ticks as roundTicks } from 'd3-array';
import { countOf } from '../analyses/states.ts';
import { Failure } from '../contract/failure.ts';
import { defineParams } from '../contract/params.ts';
import { numberText } from '../scene/axes.ts';
import type { Line, Mark, Points, Sign, Text } from '../scene/scene.ts';
import { conditionKey, conditionRole, trialsShown } from './shared.ts';
import { defineView } from './view.ts';

/** Heights of the strip and of its words below the plane, in half widths of the plane. */
const STRIP = 1.24;
const FLOOR = 1.62;
/** Below the surrogates, the shuffles. */
const SHUFFLES = 1.34;
const WORDS = 0.2;

export const jpca = defineView({
  id: 'jpca',
  title: 'jPCA',
  version: 1,
  about: 'Condition averages in a plane in which they rotate, with R² of the rotation beside surrogates.',
  shows: 'jpca',
  params: defineParams({
    plane: {
      kind: 'number',
      label: 'Plane',
      help: 'Which plane to show; 1 turns fastest.',
      default: 1,
      min: 1,
      max: 20,
      integer: true,
      tier: 'common',
    },
  }),
  scene({ result, dataset }, { plane }) {
    const { scores, frequencies, shares, conditions } = result?.arrays ?? {};
    if (!result || !scores || !frequencies || !shares || !conditions)
      throw new Failure('no-result', 'There are no planes to show.', 'Run the analysis first: orrery analyze jpca.');
    const planes = frequencies.values.length;
    if (plane > planes)
      throw new Failure('no-such-plane', `There is no plane ${plane}: jPCA found ${planes}.`, 'Choose a lower number, or more components.');
    const [rows, bins, width] = scores.shape;
    const along = (row: number, axis: number) =>
      Float64Array.from({ length: bins }, (_, bin) => scores.values[(row * bins + bin) * width + 2 * (plane - 1) + axis]);
    const paths = Array.from({ length: rows }, (_, row) => ({
      row,
      x: along(row, 0),
      y: along(row, 1),
      condition: conditions.values[row],
    }));
    const reach = 1.05 * paths.reduce((most, { x, y }) => Math.max(most, ...x.map(Math.abs), ...y.map(Math.abs)), 1e-9);
    const timeMs = Float64Array.from(result.arrays.time?.values ?? []);
    const averages = paths.flatMap(({ row, x, y, condition }): readonly Mark[] => {
      const own = { datum: { condition }, colour: conditionRole(condition) };
      const points = (sign: Sign, at: number, from: object): Points => ({
        kind: 'points',
        key: `${sign} ${row}`,
        ...own,
        sign,
        size: 'small',
        x: x.slice(at, at + 1),
        y: y.slice(at, at + 1),
        ...from,
      });
      const last = bins - 1;
      return [
        { kind: 'line', key: `average ${row}`, ...own, weight: 'line', x, y, timeMs } satisfies Line,
        points('dot', 0, {}),
        points('arrow', last, { fromX: x.slice(last - 1, last), fromY: y.slice(last - 1, last) }),
      ];
    });
    const { r2Skew, r2Unconstrained, control5, controlMedian, control95, controlDraws, p, shuffle5, shuffleMedian, shuffle95 } =
      result.summary;
    const [frequency, share] = [frequencies.values[plane - 1], shares.values[plane - 1]];
    const key = conditionKey(dataset, trialsShown(dataset));
    const percent = Math.round(100 * share);
    const title = `plane ${plane}, ${numberText(frequency, 2)} Hz, ${percent} % of the variance`;
    const unit = scores.unit;
    return {
      title: 'jPCA',
      subtitle: `${title}; R² ${numberText(r2Skew, 2)}, surrogates’ 95 % ${numberText(control95, 2)}, p = ${numberText(p, 3)}`,
      x: { label: `jPC ${2 * plane - 1}`, unit, scale: 'linear', domain: [-reach, reach], ticks: ticksWithin(reach) },
      y: { label: `jPC ${2 * plane}`, unit, scale: 'linear', domain: [-FLOOR * reach, reach], ticks: ticksWithin(reach) },
      equal: true,
      marks: [
        ...averages,
        ...strip(reach, { r2Skew, r2Unconstrained, control5, controlMedian, control95, shuffle5, shuffleMedian, shuffle95 }),
      ],
      ...(key ? { conditions: key } : {}),
      text: `${countOf(rows, 'condition average')} in ${title}. R² of the skew-symmetric fit ${numberText(r2Skew, 2)}, unconstrained ${numberText(r2Unconstrained, 2)}; ${controlDraws} surrogates ${numberText(control5, 2)} to ${numberText(control95, 2)}; shuffled units ${numberText(shuffle5, 2)} to ${numberText(shuffle95, 2)}.`,
      caption:
        `${result.recipe} ${title.charAt(0).toUpperCase()}${title.slice(1)}; dots, first bin; arrows, last. Below, R² of the rotation (diamond) and of the unconstrained fit (ring); bars, 5 to 95 % of the surrogates and, beneath, of shuffles of conditions unit by unit. ${result.notes.join(' ')}`.trim(),
    };
  },
});

const ticksWithin = (reach: number) => roundTicks(-reach, reach, 5).map((at) => ({ at, label: numberText(at) }));

/** R² from 0 at the left end of the plane to 1 at its right: the fits, and the surrogates' 5 to 95 %. */
function strip(
  reach: number,
  {
    r2Skew,
    r2Unconstrained,
    control5,
    controlMedian,
    control95,
    shuffle5,
    shuffleMedian,
    shuffle95,
  }: Record<'r2Skew' | 'r2Unconstrained' | 'control5' | 'controlMedian' | 'control95' | 'shuffle5' | 'shuffleMedian' | 'shuffle95', number>,
): readonly Mark[] {
  const level = -STRIP * reach;
  const place = (r2: number) => (2 * r2 - 1) * 0.9 * reach;
  const beneath = -SHUFFLES * reach;
  const line = (key: string, from: number, to: number, more: Pick<Line, 'weight' | 'colour' | 'legend' | 'dashed'>, y = level): Line => ({
    kind: 'line',
    key,
    datum: {},
    x: Float64Array.of(place(from), place(to)),
    y: Float64Array.of(y, y),
    ...more,
  });
  const sign = (key: string, r2: number, shape: Sign, more: Pick<Points, 'colour' | 'legend' | 'size'>, y = level): Points => ({
    kind: 'points',
    key,
    datum: {},
    sign: shape,
    x: Float64Array.of(place(r2)),
    y: Float64Array.of(y),
    ...more,
  });
  const words = (text: string, r2: number): Text => ({
    kind: 'text',
    key: `strip ${text}`,
    datum: {},
    colour: 'mute',
    x: place(r2),
    y: beneath - WORDS * reach,
    text,
    anchor: 'middle',
  });
  return [
    line('strip', 0, 1, { weight: 'thin', colour: 'mute' }),
    line('control', control5, control95, { weight: 'thick', colour: 'control', legend: 'surrogates’ R², 5 to 95 %' }),
    sign('control median', controlMedian, 'tick', { colour: 'control' }),
    line('shuffles', shuffle5, shuffle95, { weight: 'line', dashed: true, colour: 'control', legend: 'units shuffled' }, beneath),
    sign('shuffles median', shuffleMedian, 'tick', { colour: 'control', size: 'small' }, beneath),
    sign('unconstrained', r2Unconstrained, 'ring', { colour: 'ink', legend: 'R² unconstrained' }),
    sign('skew', r2Skew, 'diamond', { colour: 'ink', legend: 'R² of the rotation' }),
    words('0', 0),
    words('R²', 0.5),
    words('1', 1),
  ];
}
