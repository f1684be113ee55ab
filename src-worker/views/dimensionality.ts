// Dimensionality: variance in the first dimensions, raw and cross-validated, over its shuffles; the spectra; or the ratio over units.

import { Failure } from '../contract/failure.ts';
import { defineParams } from '../contract/params.ts';
import type { NamedArray } from '../contract/result.ts';
import { numberText } from '../scene/axes.ts';
import type { Band, ColourRole, Line, Mark } from '../scene/scene.ts';
import { defineView } from './view.ts';

/** Dimensions shown without being asked: until the raw curve reaches this share. */
const NEARLY_ALL = 0.97;
/** Of the least raw variance shown. */
const NOTHING = 0.05;

export const dimensionality = defineView({
  id: 'dimensionality',
  title: 'Dimensionality',
  version: 1,
  about: 'Variance of condition averages in the first dimensions, cross-validated, beside raw and shuffled.',
  shows: 'dimensionality',
  params: defineParams({
    show: {
      kind: 'choice',
      label: 'Show',
      help: 'Share of the variance in so many dimensions, the variance along each, or the participation ratio of subsets of units.',
      choices: ['curves', 'spectrum', 'units'],
      default: 'curves',
      tier: 'common',
    },
    most: {
      kind: 'number',
      label: 'Most dimensions',
      help: 'How far the axis goes; until the raw curve is nearly full unless given.',
      min: 2,
      integer: true,
      tier: 'occasional',
    },
  }),
  scene({ result }, { show, most }) {
    const { rawCurve, cvCurve, cvCurveLow, cvCurveHigh, withinCurve, acrossCurve, acrossLow, acrossHigh, raw, cv, within, across } =
      result?.arrays ?? {};
    if (!result || !rawCurve || !cvCurve || !raw || !cv)
      throw new Failure('no-result', 'There is no dimensionality to show.', 'Run the analysis first: orrery analyze dimensionality.');
    const { participation, participationRaw, dimensions90, units, conditions, trials, controlDraws } = result.summary;
    const reached = rawCurve.values.findIndex((share) => share >= NEARLY_ALL) + 1;
    const shown = Math.max(2, Math.min(rawCurve.values.length, most ?? Math.max(6, reached)));
    const tells = participation !== undefined && Number.isFinite(participation);
    const short = (value: number) => numberText(Number(value.toPrecision(3)));
    const says = tells
      ? `participation ratio ${short(participation)} cross-validated, ${short(participationRaw)} raw`
      : 'noise alone: halves of the trials share no variance';
    const common = {
      title: 'Dimensionality',
      subtitle: `${says}; ${units} units, ${trials} trials`,
      text: `Dimensionality of ${units} units over ${conditions} conditions: ${says}${tells ? `; ${dimensions90} dimensions hold 90 % of what halves of the trials share` : ''}.`,
    };
    const caption = (words: string) => `${result.recipe} ${words} ${result.notes.join(' ')}`.trim();
    const line = (key: string, array: NamedArray, colour: ColourRole, more: Partial<Line>, scale = 1, zero = true): Line => {
      const count = Math.min(shown, array.values.length);
      const from = zero ? 0 : 1;
      return {
        kind: 'line',
        key,
        datum: {},
        colour,
        weight: 'line',
        x: Float64Array.from({ length: count + 1 - from }, (_, k) => k + from),
        y: Float64Array.from([...(zero ? [0] : []), ...Array.from(array.values.subarray(0, count), (value) => scale * value)]),
        ...more,
      };
    };
    const band = (key: string, low: NamedArray, high: NamedArray): Band => {
      const count = Math.min(shown, low.values.length);
      const of = ({ values }: NamedArray) => Float64Array.from([0, ...Array.from(values.subarray(0, count), (value) => 100 * value)]);
      return {
        kind: 'band',
        key,
        datum: {},
        colour: 'band',
        x: Float64Array.from({ length: count + 1 }, (_, k) => k),
        low: of(low),
        high: of(high),
      };
    };
    if (show === 'units')
      return {
        ...common,
        ...overUnits(result.arrays),
        caption: caption(
          'Random subsets of units; bars, ± s.d. over draws; dashed, trials shuffled within and across conditions, unit by unit.',
        ),
      };
    if (show === 'spectrum') {
      // What shuffles leave goes to nothing; the picture ends a little beneath the raw spectrum.
      const floor = NOTHING * Math.min(...Array.from(raw.values.subarray(0, shown)).filter((value) => value > 0));
      const positive = (array: NamedArray) => ({
        ...array,
        values: Float64Array.from(array.values, (value) => (value > floor ? value : Number.NaN)),
      });
      return {
        ...common,
        x: { label: 'Dimension', unit: '', scale: 'log', domain: [1, shown] },
        y: { label: 'Variance', unit: raw.unit, scale: 'log' },
        marks: [
          line('raw', positive(raw), 'control', { label: 'raw' }, 1, false),
          ...(within ? [line('within', positive(within), 'control', { dashed: true, label: 'shuffled within' }, 1, false)] : []),
          ...(across ? [line('across', positive(across), 'control', { dashed: true, label: 'shuffled across' }, 1, false)] : []),
          line('cv', positive(cv), 'ink', { weight: 'thick', label: 'cross-validated' }, 1, false),
        ],
        caption: caption(
          `Dashed, medians of ${controlDraws} shuffles of trials within and across conditions, unit by unit. Dimensions along which halves of the trials share next to no variance are not drawn.`,
        ),
      };
    }
    const marks: readonly Mark[] = [
      ...(acrossLow && acrossHigh ? [band('across band', acrossLow, acrossHigh)] : []),
      ...(tells && cvCurveLow && cvCurveHigh ? [band('splits', cvCurveLow, cvCurveHigh)] : []),
      line('raw', rawCurve, 'control', { label: 'raw' }, 100),
      ...(tells && withinCurve ? [line('within', withinCurve, 'control', { dashed: true, label: 'shuffled within' }, 100)] : []),
      ...(tells && acrossCurve ? [line('across', acrossCurve, 'control', { dashed: true, label: 'shuffled across' }, 100)] : []),
      ...(tells ? [line('cv', cvCurve, 'ink', { weight: 'thick', label: 'cross-validated' } as const, 100)] : []),
      { kind: 'rule', key: '90 %', datum: {}, colour: 'mute', y: 90, label: '', dashed: true },
    ];
    return {
      ...common,
      x: { label: 'Dimensions', unit: '', scale: 'linear', domain: [0, shown] },
      y: { label: 'Share of the variance', unit: '%', scale: 'linear', domain: [0, 110] },
      marks,
      caption: caption(
        `Bands, 5 to 95 % over splits and over shuffles; dashed, ${controlDraws} shuffles of trials within and across conditions, over the variance that halves share; dotted, 90 %.`,
      ),
    };
  },
});

function overUnits({ unitCounts, unitParticipation, unitParticipationSd, unitWithin, unitAcross }: Readonly<Record<string, NamedArray>>) {
  const x = Float64Array.from(unitCounts.values);
  const y = Float64Array.from(unitParticipation.values);
  const bars = Array.from(x.keys(), (k): Line => {
    const sd = unitParticipationSd.values[k];
    return {
      kind: 'line',
      key: `bar ${k}`,
      datum: {},
      colour: 'ink',
      weight: 'thin',
      x: Float64Array.of(x[k], x[k]),
      y: Float64Array.of(y[k] - sd, y[k] + sd),
    };
  });
  const shuffled = (key: string, label: string, array: NamedArray): readonly Line[] =>
    array.values.some(Number.isFinite)
      ? [{ kind: 'line', key, datum: {}, colour: 'control', weight: 'line', dashed: true, x, y: Float64Array.from(array.values), label }]
      : [];
  const marks: readonly Mark[] = [
    ...shuffled('within', 'shuffled within', unitWithin),
    ...shuffled('across', 'shuffled across', unitAcross),
    ...bars,
    { kind: 'line', key: 'ratio', datum: {}, colour: 'ink', weight: 'line', x, y, label: 'cross-validated' },
    { kind: 'points', key: 'sizes', datum: {}, colour: 'ink', sign: 'dot', size: 'small', x, y },
  ];
  return {
    x: { label: 'Units', unit: '', scale: 'linear', domain: [0, 1.03 * x[x.length - 1]] },
    y: {
      label: 'Participation ratio',
      unit: '',
      scale: 'linear',
      domain: [
        0,
        1.1 *
          Math.max(1, ...[y, unitWithin?.values ?? [], unitAcross?.values ?? []].flatMap((all) => Array.from(all).filter(Number.isFinite))),
      ],
    },
    marks,
  } as const;
}
