// Training: a metric over steps with its name at the end of the curve, smoothed over the raw line, baselines as rules with their number.

import { Failure } from '../contract/failure.ts';
import { defineParams } from '../contract/params.ts';
import type { MetricPoint, Scores } from '../contract/run.ts';
import { numberText } from '../scene/axes.ts';
import type { ColourRole, Line, Rule } from '../scene/scene.ts';
import { sourceText } from './shared.ts';
import { defineView } from './view.ts';

interface Family {
  readonly label: string;
  readonly unit: string;
  readonly names: Readonly<Record<string, string>>;
  /** Every step has its number, without noise that could be smoothed away. */
  readonly isExact?: true;
  /** Of the report's scores, whose baselines stand beside. */
  readonly score?: keyof Scores;
}

const METRICS = ['likelihood', 'loss', 'kl', 'learningRate', 'gradientNorm', 'explained', 'error'] as const;

const FAMILIES: Readonly<Record<(typeof METRICS)[number], Family>> = {
  likelihood: {
    label: 'Bits per spike',
    unit: '',
    names: {
      trainBitsPerSpike: 'training',
      validationBitsPerSpike: 'validation',
      validationSampleBitsPerSpike: 'samples',
      validationCoBps: 'held-out units',
    },
    score: 'bitsPerSpike',
  },
  loss: { label: 'Loss', unit: 'nats per bin and unit', names: { trainLoss: 'training', validationLoss: 'validation' } },
  kl: { label: 'KL', unit: 'nats per trial', names: { klInitial: 'initial condition', klInputs: 'inferred inputs' } },
  learningRate: { label: 'Learning rate', unit: '', names: { learningRate: 'learning rate' } },
  explained: { label: 'Variance explained while learning', unit: '', names: { pVar: 'pVar' }, isExact: true },
  error: {
    label: 'Squared error of a run',
    unit: '',
    names: { chi2: 'χ²', nMse: 'over variance', residual: 'change of weights' },
    isExact: true,
  },
  gradientNorm: { label: 'Gradient norm', unit: '', names: { gradientNorm: 'before clipping' } },
};

const params = defineParams({
  metric: {
    kind: 'choice',
    label: 'Metric',
    help: 'Which curves to draw.',
    choices: METRICS,
    default: 'likelihood',
    tier: 'common',
  },
  scale: { kind: 'choice', label: 'Scale', help: 'Of the vertical axis.', choices: ['linear', 'log'], default: 'linear', tier: 'common' },
  smoothing: {
    kind: 'number',
    label: 'Smoothing',
    help: 'Share of the past in the running mean that is drawn over the raw line; 0 for none.',
    default: 0.6,
    min: 0,
    max: 0.99,
    tier: 'occasional',
  },
});

export const training = defineView({
  id: 'training',
  title: 'Training',
  version: 1,
  about: 'Curves of a fit with its baselines.',
  shows: 'curves',
  params,
  scene(shown, { metric, scale, smoothing: wanted }) {
    const { curves = [], run } = shown;
    if (curves.length === 0) throw new Failure('no-curves', 'There are no curves yet.', 'They begin at the first validation of a fit.');
    const last = curves[curves.length - 1];
    const measured = (family: Family) =>
      Object.entries(family.names).filter(([name]) => curves.some(({ values }) => Number.isFinite(values[name])));
    // A model without likelihoods shows what it does measure.
    const asked = FAMILIES[metric];
    const family =
      metric === 'likelihood' && measured(asked).length === 0
        ? (Object.values(FAMILIES).find((other) => measured(other).length > 0) ?? asked)
        : asked;
    const named = measured(family);
    const smoothing = family.isExact ? 0 : wanted;
    const lines = named.flatMap(([name, label], i) =>
      curveLines(curves, name, label, named.length === 1 ? 'ink' : { series: i }, smoothing),
    );
    const baselines = scale === 'log' || !family.score ? [] : baselineRules(run?.report?.baselines ?? {}, family.score);
    const best =
      run && run.bestStep > 0
        ? [
            {
              kind: 'rule',
              key: 'best',
              datum: {},
              colour: 'mute',
              x: run.bestStep,
              label: `${run.bestStep < last.step ? 'best' : 'kept'}, step ${numberText(run.bestStep)}`,
              dashed: true,
            } satisfies Rule,
          ]
        : [];
    const ends = named.map(([name, label]) => `${label} ${valueText(last.values[name])}`).join(', ');
    return {
      title: family.label,
      subtitle: `Step ${numberText(last.step)}${ends ? `; ${ends}` : ''}`,
      x: { label: 'Step', unit: '', scale: 'linear', domain: [0, Math.max(last.step, run?.step ?? 0, 1)] },
      y: { label: family.label, unit: family.unit, scale },
      marks: [...lines, ...baselines, ...best],
      text:
        named.length === 0
          ? `${family.label}: not measured in this fit.`
          : `${family.label} over ${numberText(last.step)} steps: at the end ${ends}.`,
      caption: `${family.label} of ${sourceText(shown)}; ${smoothing > 0 ? 'running mean over the raw line' : 'raw'}${baselines.length > 0 ? '; dashed, baselines on validation trials' : ''}.`,
    };
  },
});

const valueText = (value: number | undefined): string => (value === undefined ? '–' : numberText(Number(value.toPrecision(3))));

/** The raw curve thin, and its running mean with the name at its end. */
function curveLines(curves: readonly MetricPoint[], name: string, label: string, colour: ColourRole, smoothing: number): readonly Line[] {
  const points = curves.filter(({ values }) => Number.isFinite(values[name]));
  const x = Float64Array.from(points, ({ step }) => step);
  const y = Float64Array.from(points, ({ values }) => values[name]);
  const mean = y.slice();
  for (let i = 1; i < mean.length; i++) mean[i] = smoothing * mean[i - 1] + (1 - smoothing) * y[i];
  const raw: Line = { kind: 'line', key: `${name} raw`, datum: {}, colour, weight: 'thin', x, y };
  const smooth: Line = { kind: 'line', key: name, datum: {}, colour, weight: 'line', x, y: mean, label };
  return smoothing > 0 ? [raw, smooth] : [{ ...smooth, y }];
}

function baselineRules(baselines: Readonly<Record<string, Scores>>, score: keyof Scores): readonly Rule[] {
  return Object.keys(baselines)
    .sort()
    .flatMap((name): readonly Rule[] => {
      const y = baselines[name][score];
      if (y === undefined || !Number.isFinite(y)) return [];
      return [{ kind: 'rule', key: `baseline ${name}`, datum: {}, colour: 'control', y, label: `${name} ${valueText(y)}`, dashed: true }];
    });
}
