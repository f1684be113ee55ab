// Live metrics as Scenes: curves by step, named at their ends, baselines as dashed rules.

import type { FitReport, MetricPoint } from '../../src-worker/contract/run.ts';
import type { ColourRole, Line, Mark, Rule, Scene } from '../../src-worker/scene/scene.ts';
import { numberText } from '../../src-worker/scene/axes.ts';

export interface CurvePanel {
  readonly id: string;
  readonly title: string;
  readonly about: string;
  readonly scene: Scene;
}

interface Kind {
  readonly id: string;
  readonly title: string;
  readonly about: string;
  readonly unit: string;
  readonly log: boolean;
  has(metric: string): boolean;
}

/** Metrics are recognised by how their names end or begin, whichever model made them; the first kind that fits takes one. */
const kinds: readonly Kind[] = [
  {
    id: 'bits',
    title: 'Validation',
    about: 'bits per spike, by step',
    unit: 'Bits per spike',
    log: false,
    has: (name) => /(BitsPerSpike|CoBps)$/.test(name),
  },
  {
    id: 'nll',
    title: 'Negative log-likelihood',
    about: 'nats per bin and unit',
    unit: 'Nats',
    log: false,
    has: (name) => /Nll$/.test(name),
  },
  { id: 'loss', title: 'Loss', about: 'by step', unit: 'Loss', log: false, has: (name) => /loss$/i.test(name) },
  {
    id: 'explained',
    title: 'Variance explained',
    about: 'while learning, by run',
    unit: 'pVar',
    log: false,
    has: (name) => name === 'pVar',
  },
  { id: 'error', title: 'Error', about: 'squared, by run', unit: 'Squared error', log: true, has: (name) => /^(chi2|nMse)$/.test(name) },
  { id: 'residual', title: 'Change of weights', about: 'by iteration', unit: 'Residual', log: true, has: (name) => name === 'residual' },
  { id: 'kl', title: 'KL', about: 'nats per trial', unit: 'Nats', log: true, has: (name) => /^kl/.test(name) },
];

/** Numbers of a whole run or set of trials, without noise that could be smoothed away. */
const isExact = ({ id }: Kind): boolean => id === 'bits' || id === 'explained' || id === 'error' || id === 'residual';

const SMOOTHING = 0.9;
const SMOOTHED_FROM = 60;

/** Short names, the ones that matter most first. */
const names: Readonly<Record<string, string>> = {
  validationCoBps: 'Held-out',
  validationBitsPerSpike: 'Held-in',
  validationSampleBitsPerSpike: 'Samples',
  trainBitsPerSpike: 'Training',
  validationNll: 'Validation',
  sampleNll: 'Samples',
  trainNll: 'Training',
  validationUnseenNll: 'Unseen',
  validationLoss: 'Validation',
  trainLoss: 'Training',
  pVar: 'pVar',
  chi2: 'χ²',
  nMse: 'Over variance',
  residual: 'Residual',
  klInputs: 'Inputs',
  klInitial: 'Initial',
};

const ranks = Object.keys(names);
const rankOf = (metric: string): number => (ranks.includes(metric) ? ranks.indexOf(metric) : ranks.length);

/** A short name for the end of a curve; of a metric that is not known, its own name in words. */
function nameOf(metric: string): string {
  const words = metric.replace(/([A-Z])/g, ' $1').toLowerCase();
  return names[metric] ?? words.charAt(0).toUpperCase() + words.slice(1);
}

const coloursOf = (index: number): ColourRole => (index === 0 ? 'ink' : 'mute');

function exponential(values: Float64Array): Float64Array {
  let mean = values.find(Number.isFinite) ?? Number.NaN;
  return values.map((value) => {
    if (Number.isFinite(value)) mean = SMOOTHING * mean + (1 - SMOOTHING) * value;
    return mean;
  });
}

/** What stands beside the curves of a fit. */
export interface Beside {
  readonly bestStep?: number;
  /** Step at which it stops unless it improves. */
  readonly stopsAt?: number;
  readonly baselines?: FitReport['baselines'];
}

/** One panel for each kind of metric that has come so far. */
export function curvePanels(points: readonly MetricPoint[], steps: number, beside: Beside = {}): readonly CurvePanel[] {
  const found = [...new Set(points.flatMap(({ values }) => Object.keys(values)))].sort((a, b) => rankOf(a) - rankOf(b) || (a < b ? -1 : 1));
  // The loss holds penalties that ramp up: where the likelihood is known, that is the curve to look at.
  const hasLikelihood = found.some((name) => kinds[1]!.has(name));
  return kinds.flatMap((kind): readonly CurvePanel[] => {
    const metrics = found.filter((name) => kind.has(name) && kinds.find((other) => other.has(name)) === kind).slice(0, 4);
    if (metrics.length === 0 || (kind.id === 'loss' && hasLikelihood)) return [];
    const lines = metrics.flatMap((metric, index) => marksOf(metric, kind, points, index));
    const marks = [...lines, ...lines.flatMap(onlyPoint)];
    const rules = kind.id === 'bits' ? baselineRules(beside.baselines) : [];
    const best = kind.id === 'bits' && metrics[0] !== undefined ? bestMarks(metrics[0], points, beside.bestStep) : [];
    const range = domainOf(lines, rules, kind);
    // Without a domain of its own the axis would reach as far as the shade does.
    const rest = kind.id === 'bits' && range.domain ? notNeeded(beside.stopsAt, steps) : [];
    const [ring] = best;
    const about = ring?.kind === 'points' ? `${kind.about}; best ${numberText(ring.y[0]!, 3)}` : kind.about;
    const last = Math.max(1, steps, points.at(-1)?.step ?? 0);
    return [
      {
        id: kind.id,
        title: kind.title,
        about,
        scene: {
          title: kind.title,
          subtitle: about,
          x: { label: 'Step', unit: '', scale: 'linear', domain: [0, last] },
          y: { label: kind.unit, unit: '', scale: kind.log && positive(lines) ? 'log' : 'linear', ...range },
          marks: [...rest, ...rules, ...marks, ...best],
          text: `${kind.title} by step: ${metrics.map((metric) => nameOf(metric)).join(', ')}.`,
          caption: '',
        },
      },
    ];
  });
}

function marksOf(metric: string, kind: Kind, points: readonly MetricPoint[], index: number): readonly Line[] {
  const having = points.filter(({ values }) => Number.isFinite(values[metric]));
  if (having.length === 0) return [];
  const x = Float64Array.from(having, ({ step }) => step);
  const y = Float64Array.from(having, ({ values }) => values[metric]!);
  const label = kind.id === 'bits' ? `${nameOf(metric)} ${numberText(y.at(-1)!)}` : nameOf(metric);
  const line: Line = {
    kind: 'line',
    key: metric,
    datum: {},
    colour: coloursOf(index),
    weight: 'line',
    x,
    y,
    label,
    ...(index > 1 ? { dashed: true } : {}),
  };
  if (having.length < SMOOTHED_FROM || isExact(kind)) return [line];
  const { label: _, ...raw } = line;
  return [
    { ...raw, key: `${metric} raw`, weight: 'thin', colour: 'mute' },
    { ...line, y: exponential(y) },
  ];
}

/** A curve of one point is a dot until there is a second one. */
const onlyPoint = ({ key, colour, x, y }: Line): readonly Mark[] =>
  x.length === 1 ? [{ kind: 'points', key: `${key} so far`, datum: {}, colour, sign: 'dot', size: 'small', x, y }] : [];

/** Early steps of a fit are far off: the axis shows what the later two thirds reach, and the start leaves it. */
function domainOf(marks: readonly Line[], rules: readonly Rule[], kind: Kind): { readonly domain?: readonly [number, number] } {
  if (kind.log) return {};
  const late = marks.flatMap(({ y }) => Array.from(y.subarray(y.length > 12 ? Math.floor(y.length / 4) : 0))).filter(Number.isFinite);
  const all = [...late, ...rules.flatMap(({ y }) => (y === undefined ? [] : [y]))];
  if (all.length < 2) return {};
  const [low, high] = [Math.min(...all), Math.max(...all)];
  const room = Math.max(1e-6, (high - low) * 0.12);
  return { domain: [low - room, high + room] };
}

const positive = (marks: readonly Line[]): boolean => marks.every(({ y }) => y.every((value) => value > 0));

const baselineNames: Readonly<Record<string, string>> = { glm: 'Poisson GLM', smoothing: 'Smoothing' };

/** A ring at the step whose weights are kept; the panel's head has its number. */
function bestMarks(metric: string, points: readonly MetricPoint[], bestStep: number | undefined): readonly Mark[] {
  const best = points.find(({ step, values }) => step === bestStep && Number.isFinite(values[metric]));
  if (!best) return [];
  const y = best.values[metric]!;
  return [{ kind: 'points', key: 'best', datum: {}, colour: 'ink', sign: 'ring', x: Float64Array.of(best.step), y: Float64Array.of(y) }];
}

/** The steps that a fit does not take unless it improves. */
function notNeeded(from: number | undefined, steps: number): readonly Mark[] {
  if (from === undefined || from >= steps) return [];
  const x = Float64Array.of(from, steps);
  const far = 1e3;
  return [{ kind: 'band', key: 'not needed', datum: {}, colour: 'band', x, low: x.map(() => -far), high: x.map(() => far) }];
}

function baselineRules(baselines: FitReport['baselines'] | undefined): readonly Rule[] {
  return Object.entries(baselines ?? {}).flatMap(([name, scores]): readonly Rule[] => {
    // A baseline stands only beside what it may be compared with.
    const y = scores.coBitsPerSpike ?? (name === 'smoothing' ? undefined : scores.bitsPerSpike);
    return y === undefined
      ? []
      : [
          {
            kind: 'rule',
            key: name,
            datum: {},
            colour: 'mute',
            y,
            label: `${baselineNames[name] ?? name} ${numberText(y, 3)}`,
            dashed: true,
          },
        ];
  });
}
