// Residual dynamics over the trial: moduli of eigenvalues with their intervals beside those of shuffled trials, over a strip of how strong the
// instruments are beside those of shuffled trials; or that alone.

import { allTrials } from '../analyses/states.ts';
import { Failure } from '../contract/failure.ts';
import { defineParams } from '../contract/params.ts';
import { numberText } from '../scene/axes.ts';
import type { Line, Mark } from '../scene/scene.ts';
import { eventRules, timeAxis } from './shared.ts';
import { defineView } from './view.ts';

/** F of the first stage below which nothing is told. */
const WEAK = 10;
/** The strip of F: how far beneath zero it begins and how high it is, in moduli. */
const STRIP = { top: 0.08, high: 0.4 } as const;

export const residualDynamics = defineView({
  id: 'residual-dynamics',
  title: 'Residual dynamics',
  version: 1,
  about: 'Moduli of the eigenvalues of residual dynamics over the trial, or the strength of the instruments beside shuffled trials.',
  shows: 'residual-dynamics',
  params: defineParams({
    show: {
      kind: 'choice',
      label: 'Show',
      help: 'Moduli of eigenvalues, or F of the first stage, which must be above 10.',
      choices: ['moduli', 'strength'],
      default: 'moduli',
      tier: 'common',
    },
  }),
  scene({ result, dataset }, { show }) {
    const {
      moduli,
      moduliLow,
      moduliHigh,
      strength,
      time,
      pooledModuli,
      controlHigh,
      controlModuliLow,
      controlModuliHigh,
      refittedMedian,
    } = result?.arrays ?? {};
    if (
      !result ||
      !moduli ||
      !moduliLow ||
      !moduliHigh ||
      !strength ||
      !time ||
      !pooledModuli ||
      !controlHigh ||
      !controlModuliLow ||
      !controlModuliHigh
    )
      throw new Failure(
        'no-result',
        'There are no residual dynamics to show.',
        'Run the analysis first: orrery analyze residual-dynamics.',
      );
    const {
      modulus,
      modulusLow,
      modulusHigh,
      timeConstantMs,
      strength: pooled,
      controlStrength,
      controlModulusHigh,
      leastSquaresModulus,
      strongBins,
      bins,
      trials,
    } = result.summary;
    const x = Float64Array.from(time.values);
    const d = moduli.shape[1];
    const short = (value: number) => numberText(Number(value.toPrecision(3)));
    const says =
      pooled < WEAK
        ? `instruments too weak (F ${short(pooled)})`
        : `all bins: |λ| ${numberText(modulus, 2)} (${numberText(modulusLow, 2)} to ${numberText(modulusHigh, 2)})${timeConstantMs === undefined ? '' : `, ${short(timeConstantMs)} ms`}`;
    const common = {
      title: 'Residual dynamics',
      subtitle: `${says}, shuffled ${numberText(controlModulusHigh, 2)}; F ${short(pooled)}, shuffled ${short(controlStrength)}; above ${WEAK} at ${strongBins} of ${bins} bins`,
      x: timeAxis(dataset),
      text: `Residual dynamics of ${trials} trials: ${says}; 95 % of shuffles of trials reach |λ| ${numberText(controlModulusHigh, 2)}; least squares gives ${numberText(leastSquaresModulus, 2)}.`,
    };
    const caption = (words: string) => `${result.recipe} ${words} ${result.notes.join(' ')}`.trim();
    const events = eventRules(dataset, allTrials(dataset));
    if (show === 'strength')
      return {
        ...common,
        y: { label: 'F of the instruments', unit: '', scale: 'log' },
        marks: [
          {
            kind: 'line',
            key: 'control',
            datum: {},
            colour: 'control',
            weight: 'line',
            dashed: true,
            x,
            y: Float64Array.from(controlHigh.values),
            label: 'shuffled, 95 %',
          },
          { kind: 'line', key: 'strength', datum: {}, colour: 'ink', weight: 'line', x, y: Float64Array.from(strength.values), timeMs: x },
          { kind: 'rule', key: 'weak', datum: {}, colour: 'mute', y: WEAK, label: 'too weak below', dashed: true },
          ...events,
        ],
        caption: caption(
          'F of the first stage, of the dimension that instruments tell least of; dashed, 95 % of shuffles of trials at every bin.',
        ),
      };
    const column = (values: ArrayLike<number>, mode: number) => Float64Array.from(x, (_, k) => values[k * d + mode]);
    const modes = Array.from({ length: d }, (_, mode): readonly Mark[] => {
      const y = column(moduli.values, mode);
      const strong = y.map((value, k) => (strength.values[k] >= WEAK ? value : Number.NaN));
      return [
        {
          kind: 'band',
          key: `interval ${mode}`,
          datum: {},
          colour: { series: mode },
          x,
          low: column(moduliLow.values, mode),
          high: column(moduliHigh.values, mode),
        },
        {
          kind: 'line',
          key: `mode ${mode}`,
          datum: {},
          colour: { series: mode },
          weight: 'line',
          dashed: true,
          x,
          y,
          timeMs: x,
          legend: 'instruments too weak',
        },
        {
          kind: 'line',
          key: `strong ${mode}`,
          datum: {},
          colour: { series: mode },
          weight: 'thick',
          x,
          y: strong,
          timeMs: x,
          legend: 'F above 10',
        },
      ];
    }).flat();
    // log F from 1 to 1000, beneath zero.
    const level = (f: number) => -STRIP.top - STRIP.high * (1 - Math.min(3, Math.max(0, Math.log10(f))) / 3);
    const stripLine = (key: string, values: ArrayLike<number>, more: Partial<Line>): Line => ({
      kind: 'line',
      key,
      datum: {},
      colour: 'ink',
      weight: 'line',
      x,
      y: Float64Array.from(values, level),
      ...more,
    });
    const strip: readonly Mark[] = [
      stripLine('control', controlHigh.values, { colour: 'control', dashed: true, label: 'F shuffled' }),
      stripLine('strength', strength.values, { label: 'F' }),
      { kind: 'rule', key: 'weak', datum: {}, colour: 'mute', y: level(WEAK), label: '', dashed: true },
      { kind: 'rule', key: 'floor', datum: {}, colour: 'mute', y: 0, label: '' },
    ];
    const top = Math.min(2, Math.max(1.1, ...moduliHigh.values.filter(Number.isFinite)));
    const named = (of: number, label: string) => ({ at: of, label });
    return {
      ...common,
      y: {
        label: 'Modulus of eigenvalues',
        unit: '',
        scale: 'linear',
        domain: [level(1), top],
        ticks: [
          ...Array.from({ length: Math.floor(top / 0.5) + 1 }, (_, k) => named(0.5 * k, numberText(0.5 * k))),
          ...[10, 100, 1000].map((f) => named(level(f), `F ${numberText(f)}`)),
        ],
      },
      marks: [
        {
          kind: 'band',
          key: 'shuffled',
          datum: {},
          colour: 'control',
          x,
          low: column(controlModuliLow.values, 0),
          high: column(controlModuliHigh.values, 0),
        },
        {
          kind: 'line',
          key: 'shuffled high',
          datum: {},
          colour: 'control',
          weight: 'line',
          dashed: true,
          x,
          y: column(controlModuliHigh.values, 0),
          label: '|λ| shuffled, 95 %',
        },
        ...modes,
        ...(refittedMedian
          ? [
              {
                kind: 'line',
                key: 'refitted',
                datum: {},
                colour: 'control',
                weight: 'line',
                x,
                y: column(refittedMedian.values, 0),
                legend: 'refits of simulated data',
              } as const,
            ]
          : []),
        ...strip,
        { kind: 'rule', key: 'one', datum: {}, colour: 'mute', y: 1, label: '', dashed: true },
        ...(pooled >= WEAK ? [{ kind: 'rule', key: 'all', datum: {}, colour: 'ink', y: modulus, label: 'all bins' } as const] : []),
        { kind: 'rule', key: 'least squares', datum: {}, colour: 'control', y: leastSquaresModulus, label: 'least squares', dashed: true },
        ...events,
      ],
      caption: caption(
        'Bands, bootstrap intervals; thick where instruments are strong enough; grey band, the largest |λ| where the next residual is another trial’s, shuffled at every bin. Beneath, F of the first stage on a logarithmic scale, dashed the 95 % of shuffles of trials at every bin; below 10 nothing is told.',
      ),
    };
  },
});
