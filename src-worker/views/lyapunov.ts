// Lyapunov spectrum at a held input beside that under the inputs of the trials, or the running means that say how well it is known.

import { Failure } from '../contract/failure.ts';
import { defineParams } from '../contract/params.ts';
import type { NamedArray } from '../contract/result.ts';
import { numberText } from '../scene/axes.ts';
import type { ColourRole, Line, Mark, Points, Sign } from '../scene/scene.ts';
import { defineView } from './view.ts';

const SIGMAS = 3;

export const lyapunov = defineView({
  id: 'lyapunov',
  title: 'Lyapunov spectrum',
  version: 1,
  about: 'Lyapunov exponents at a held input and under the inputs of the trials, or their running means.',
  shows: 'lyapunov',
  params: defineParams({
    show: {
      kind: 'choice',
      label: 'Show',
      help: 'The spectrum, or the running means of the largest exponents over the time that they are averaged over.',
      choices: ['spectrum', 'running'],
      default: 'spectrum',
      tier: 'common',
    },
    most: {
      kind: 'number',
      label: 'Most exponents',
      help: 'How many of the largest exponents the spectrum shows.',
      default: 24,
      min: 1,
      integer: true,
      tier: 'occasional',
    },
  }),
  scene({ result }, { show, most }) {
    const { exponents, errors, running, runningTime, conditional, conditionalErrors } = result?.arrays ?? {};
    if (!result || !exponents || !errors || !running || !runningTime)
      throw new Failure('no-result', 'There is no spectrum to show.', 'Run the analysis first: orrery analyze lyapunov.');
    const { largestError, kaplanYorke, kaplanYorkeIsLeast, settled, conditionalLargest, conditionalError } = result.summary;
    const short = (value: number) => numberText(Number(value.toPrecision(3)));
    const known = (value: number | undefined, error: number | undefined) =>
      value === undefined || !Number.isFinite(value) ? '−∞' : `${short(value)} ± ${short(error ?? 0)} s⁻¹`;
    const own =
      settled === 1 ? `${known(exponents.values[0], 0).split(' ±')[0]} s⁻¹ at the fixed point` : known(exponents.values[0], largestError);
    const under = / samples of the inputs’ prior/.test(result.recipe) ? 'under inputs of their prior' : 'under the trials’ inputs';
    const driven = conditional ? `, ${under} ${known(conditionalLargest, conditionalError)}` : '';
    const common = {
      title: 'Lyapunov spectrum',
      subtitle: `λ₁ ${own}${driven}; dimension ${kaplanYorkeIsLeast === 1 ? '≥ ' : ''}${short(kaplanYorke)}`,
      text: `Largest Lyapunov exponent at the held input ${own}${driven}.`,
    };
    const zero: Mark = { kind: 'rule', key: 'zero', datum: {}, colour: 'mute', y: 0, label: '', dashed: true };
    const caption = (words: string) => `${result.recipe} ${words} ${result.notes.join(' ')}`.trim();
    if (show === 'running') {
      const kept = running.shape[1];
      const x = Float64Array.from(runningTime.values);
      const error = errors.values[0];
      const lines = Array.from({ length: kept }, (_, k): Line => {
        return {
          kind: 'line',
          key: `exponent ${k + 1}`,
          datum: {},
          colour: k === 0 ? 'ink' : 'control',
          weight: k === 0 ? 'thick' : 'line',
          x,
          y: Float64Array.from(x, (_time, point) => running.values[point * kept + k]),
          label: `λ${['₁', '₂', '₃', '₄', '₅', '₆'][k]}`,
        };
      });
      // The error of a mean over a part of the time is as much larger as the root of that part is smaller.
      const about = (sign: 1 | -1) =>
        x.map((time) => exponents.values[0] + sign * SIGMAS * error * Math.sqrt(x[x.length - 1] / Math.max(x[0], time)));
      const band: Mark = {
        kind: 'band',
        key: 'error',
        datum: {},
        colour: 'band',
        x,
        low: about(-1),
        high: about(1),
      };
      return {
        ...common,
        x: { label: 'Time averaged over', unit: 's', scale: 'linear', domain: [0, x[x.length - 1]] },
        y: { label: 'Exponent', unit: 's⁻¹', scale: 'linear' },
        marks: [...(error > 0 ? [band] : []), ...lines, zero],
        caption: caption(`Running means; band, λ₁ ± ${SIGMAS} standard errors of a mean over so long a time.`),
      };
    }
    const count = Math.min(most, exponents.values.length);
    return {
      ...common,
      x: { label: 'Exponent', unit: '', scale: 'linear', domain: [0, count + 1] },
      y: { label: 'Growth rate', unit: 's⁻¹', scale: 'linear' },
      marks: [
        ...(conditional && conditionalErrors
          ? spectrum('conditional', conditional, conditionalErrors, count, 'diamond', 'control', under)
          : []),
        ...spectrum('held', exponents, errors, count, 'dot', 'ink', 'at the held input'),
        zero,
      ],
      caption: caption(`Bars, ± ${SIGMAS} standard errors.`),
    };
  },
});

/** Exponents by their rank with bars of their errors. */
function spectrum(
  key: string,
  { values }: NamedArray,
  errors: NamedArray,
  count: number,
  sign: Sign,
  colour: ColourRole,
  legend: string,
): readonly Mark[] {
  const ranks = Array.from({ length: count }, (_, k) => k).filter((k) => Number.isFinite(values[k]));
  const x = Float64Array.from(ranks, (k) => k + 1);
  const bars = ranks
    .filter((k) => errors.values[k] > 0)
    .map((k): Line => {
      const half = SIGMAS * errors.values[k];
      return {
        kind: 'line',
        key: `${key} bar ${k + 1}`,
        datum: {},
        colour,
        weight: 'line',
        x: Float64Array.of(k + 1, k + 1),
        y: Float64Array.of(values[k] - half, values[k] + half),
      };
    });
  const points: Points = {
    kind: 'points',
    key,
    datum: {},
    colour,
    sign,
    size: 'small',
    x,
    y: Float64Array.from(ranks, (k) => values[k]),
    legend,
  };
  return [...bars, points];
}
