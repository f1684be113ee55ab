// How a run was made, as the methods section of a paper says it: data, model with every setting, what chose the checkpoint, scores, sources.

import { minus } from '../contract/minus.ts';
import { countOf } from '../analyses/states.ts';
import type { DatasetSummary } from '../contract/dataset.ts';
import type { Param, Params, Value } from '../contract/params.ts';
import type { Methods } from '../contract/report.ts';
import type { Chosen, FitReport, RunRecord, Scores } from '../contract/run.ts';

/** What a model or an analysis says of itself. */
export interface Described {
  readonly title: string;
  readonly params: Params;
  readonly cites?: readonly string[];
}

export interface MethodsInput {
  readonly run: RunRecord;
  readonly model: Described;
  readonly dataset: DatasetSummary;
  readonly recording: string;
  /** Analyses that were made of the run: each with the sentence of its result. */
  readonly analyses: readonly { readonly analysis: Described; readonly recipe: string }[];
  readonly version: string;
}

const BENCHMARK =
  'Pei F. et al. Neural Latents Benchmark ’21: evaluating latent variable models of neural population activity. NeurIPS Datasets and Benchmarks (2021).';

/** Smoothing has the very counts before it that it is to predict: its bits per spike are no score to compare with. */
const SEES_COUNTS = 'smoothing';

/** One paragraph for the data, one for the fit, one for each analysis; references are numbered in the order of the text. */
export function methodsOf(input: MethodsInput): Methods {
  const references: string[] = [];
  const cite = (sources: readonly string[] = []): string => {
    const places = sources.map((source) => {
      if (!references.includes(source)) references.push(source);
      return references.indexOf(source) + 1;
    });
    return places.length === 0 ? '' : ` [${places.join(', ')}]`;
  };
  const paragraphs = [
    dataWords(input),
    fitWords(input, cite),
    ...input.analyses.map(({ analysis, recipe }) => named(analysis.title, cite(analysis.cites), stopped(recipe))),
  ];
  return { text: paragraphs.filter((paragraph) => paragraph !== '').join('\n\n'), references };
}

/** 'Currents [2] of CURBD …' where the recipe begins with the title, else 'Tangling [1]: …'. */
const named = (title: string, cited: string, recipe: string): string =>
  recipe.startsWith(`${title} `) ? `${title}${cited}${recipe.slice(title.length)}` : `${title}${cited}: ${recipe}`;

const numeral = (value: number): string => minus(String(value));
const stopped = (text: string): string => (text.endsWith('.') ? text : `${text}.`);

function dataWords({ dataset, recording }: MethodsInput): string {
  const { trials, bins, units, binMs, windowMs, event, trainingTrials, validationTrials, testTrials, heldOutUnits, left } = dataset;
  if (trials === 0) return `The weights were read from ${recording}.`;
  const out = (what: 'unit' | 'trial') => left.filter((one) => one.what === what).reduce((sum, one) => sum + one.rows.length, 0);
  const leftOut = [out('unit') > 0 ? countOf(out('unit'), 'unit') : '', out('trial') > 0 ? countOf(out('trial'), 'trial') : ''].filter(
    (words) => words,
  );
  return [
    `Activity of ${countOf(units, 'unit')} in ${countOf(trials, 'trial')} of ${recording} was taken from ${numeral(windowMs[0])} to ${numeral(windowMs[1])} ms about ${event} in ${bins} bins of ${binMs} ms.`,
    leftOut.length > 0
      ? `${leftOut.join(' and ')} ${out('unit') + out('trial') === 1 ? 'was' : 'were'} left out (${left.map(({ why }) => why.replace(/\.$/, '')).join('; ')}).`
      : '',
    validationTrials + testTrials === 0
      ? 'All of it was used for training.'
      : `${countOf(trainingTrials, 'trial')} ${trainingTrials === 1 ? 'was' : 'were'} used for training, ${validationTrials} for validation${testTrials > 0 ? ` and ${testTrials} for testing` : ''}.`,
    heldOutUnits > 0 ? `${heldOutUnits} units were held out: their activity was predicted from that of the others.` : '',
  ]
    .filter((words) => words !== '')
    .join(' ');
}

function fitWords({ run, model, dataset, version }: MethodsInput, cite: (sources?: readonly string[]) => string): string {
  const { report } = run;
  const settings = Object.entries(run.resolved).flatMap(([name, chosen]) => settingWords(name, chosen, model.params, run.resolved));
  return [
    `${model.title}${cite(model.cites)} was fitted with Orrery ${version} (seed ${run.seed}${settings.length > 0 ? `; ${settings.join(', ')}` : ''}).`,
    report && report.steps > 0 ? `Training took ${report.steps} steps; ${keptWords(report, dataset)} were kept.` : '',
    report ? scoreWords(report, dataset, cite) : '',
  ]
    .filter((words) => words !== '')
    .join(' ');
}

/** Which weights are the fit’s: the last ones where no trials chose among them. */
function keptWords({ steps, bestStep }: FitReport, { validationTrials }: DatasetSummary): string {
  if (bestStep === steps) return 'the weights of the last';
  return `the weights of step ${bestStep}${validationTrials > 0 ? ', which served validation best,' : ''}`;
}

/** `learning rate 0.01`, `bin 20 ms`; what a choice elsewhere put out of use is not said. */
function settingWords(name: string, { value }: Chosen, params: Params, resolved: RunRecord['resolved']): readonly string[] {
  const param: Param | undefined = params[name];
  if (!param || value === undefined || value === '' || (Array.isArray(value) && value.length === 0)) return [];
  const { when } = param;
  if (when && resolved[when.param]?.value !== when.is) return [];
  const label = param.label.charAt(0).toLowerCase() + param.label.slice(1);
  if (typeof value === 'boolean') return [`${value ? 'with' : 'without'} ${label}`];
  return [`${label} ${settingValue(value, param)}`];
}

/** A setting's value with its unit, which is not said once more where the label is no more than that. */
export function settingValue(value: Value | undefined, param: Param | undefined): string {
  if (value === undefined) return '–';
  if (typeof value === 'boolean') return value ? 'on' : 'off';
  const plain = (one: number | string): string => (typeof one === 'number' ? numeral(Number(one.toPrecision(6))) : one);
  const known = param && 'unit' in param && param.unit !== param.label.toLowerCase() ? (param.unit ?? '') : '';
  const single = value === 1 ? known.replace(/^(bin|step|trial|unit)s$/, '$1') : known;
  const unit = known === '' || known === '%' || known === '°' ? known : ` ${single}`;
  return `${typeof value === 'object' ? value.map(plain).join(', ') : plain(value)}${unit}`;
}

const BASELINES: Readonly<Record<string, string>> = { glm: 'Poisson GLM' };
export const baselineName = (id: string): string => BASELINES[id] ?? id;

function scoreWords(report: FitReport, dataset: DatasetSummary, cite: (sources?: readonly string[]) => string): string {
  const which = report.dataset.testTrials
    ? `the ${report.dataset.testTrials} test trials`
    : `the ${dataset.validationTrials} validation trials`;
  const said = (key: keyof Scores, words: string, source?: string): readonly string[] => {
    const value = report[key];
    if (value === undefined) return [];
    const beside = Object.entries(report.baselines).flatMap(([name, scores]) =>
      scores[key] === undefined || name === report.model || (key === 'bitsPerSpike' && name === SEES_COUNTS)
        ? []
        : [`${baselineName(name)} ${numeral(Number(scores[key].toFixed(3)))}`],
    );
    const others = beside.length > 0 ? ` (${beside.join(', ')})` : '';
    return [`${words}${source ? cite([source]) : ''} ${numeral(Number(value.toFixed(3)))}${others}`];
  };
  const scores = [
    ...said('bitsPerSpike', 'bits per spike of held-in units'),
    ...said('coBitsPerSpike', 'bits per spike of held-out units', BENCHMARK),
    ...said('r2Truth', 'R² to the known rates'),
    ...said('r2Behavior', 'R² of decoded behaviour'),
  ];
  return scores.length === 0 ? '' : `On ${which}: ${scores.join('; ')}.`;
}
