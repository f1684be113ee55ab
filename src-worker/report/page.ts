// A project as one page that needs nothing else: recordings, datasets, runs with their scores, readings, pictures, methods and settings.

import { minus } from '../contract/minus.ts';
import { numberWords } from '../contract/number-words.ts';
import type { DatasetSummary } from '../contract/dataset.ts';
import type { Params } from '../contract/params.ts';
import type { Table } from '../contract/result.ts';
import type { LeftOut, RunRecord, Scores, Verdict } from '../contract/run.ts';
import { type Html, html, raw } from './html.ts';
import { baselineName, settingValue } from './methods.ts';
import { pageStyle } from './style.ts';

/** A view on paper, with the sentence below it. */
export interface Picture {
  readonly title: string;
  readonly caption: string;
  readonly svg: string;
}

/** Numbers of an analysis that was made of a run. */
export interface Finding {
  /** Of the analysis. */
  readonly id: string;
  readonly title: string;
  readonly recipe: string;
  readonly summary: Readonly<Record<string, number>>;
  readonly notes: readonly string[];
  readonly table?: Table;
  /** What the numbers tell, a sentence each. */
  readonly readings: readonly { readonly title: string; readonly verdict: Verdict; readonly sentence: string }[];
}

export interface RunSection {
  /** The model's title: 'LFADS'. */
  readonly title: string;
  readonly run: RunRecord;
  readonly pictures: readonly Picture[];
  readonly findings: readonly Finding[];
  /** Views that could not be drawn, a sentence each. */
  readonly missing: readonly string[];
  /** How it was made, as a paper says it, with what it cites. */
  readonly methods: { readonly text: string; readonly references: readonly string[] };
  /** Of the model: what its settings are called, and their units. */
  readonly params: Params;
}

export interface DatasetSection {
  readonly recording: string;
  readonly summary: DatasetSummary;
  /** All finished runs, for the table. */
  readonly runs: readonly { readonly title: string; readonly run: RunRecord }[];
  /** The best run of each model, in full. */
  readonly sections: readonly RunSection[];
}

export interface ReportContent {
  readonly name: string;
  readonly version: string;
  readonly recordings: readonly { readonly name: string; readonly identity: string; readonly found: boolean }[];
  readonly datasets: readonly DatasetSection[];
}

const SCORES: readonly { readonly key: keyof Scores; readonly title: string; readonly digits: number }[] = [
  { key: 'bitsPerSpike', title: 'bits per spike', digits: 3 },
  { key: 'coBitsPerSpike', title: 'co-bps', digits: 3 },
  { key: 'r2Truth', title: 'R² to true rates', digits: 3 },
  { key: 'r2Behavior', title: 'R² of behaviour', digits: 3 },
];

const fixed = (value: number | undefined, digits: number): string => (value === undefined ? '–' : minus(value.toFixed(digits)));
const sentence = (text: string): string => (text.endsWith('.') ? text : `${text}.`);

/** The whole page. Scripts are neither there nor allowed; it opens from a file. */
export function reportPage(content: ReportContent): string {
  const { name, version, recordings, datasets } = content;
  return html`<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; img-src data:">
<title>${name}: report</title>
<style>${raw(pageStyle)}</style>
<main>
<h1>${name}</h1>
<p class="about">${counted(recordings.length, 'recording')}, ${counted(datasets.length, 'dataset')}, ${counted(datasets.flatMap(({ runs }) => runs).length, 'finished run')}; written by Orrery ${version}</p>
${recordings.map(
  (
    recording,
  ) => html`<p class="file"><b>${recording.name}</b> <code>${recording.identity.slice(0, 16)}</code>${recording.found ? '' : ' (no longer where it was)'}</p>
`,
)}
${datasets.map((dataset, place) => datasetHtml(dataset, place))}
</main>
</html>
`.html;
}

const counted = (count: number, what: string): string => `${count} ${what}${count === 1 ? '' : 's'}`;

function datasetHtml({ recording, summary, runs, sections }: DatasetSection, place: number): Html {
  return html`<section>
<h2>Dataset ${place + 1}: ${summary.trials > 0 ? `${summary.trials} trials × ${summary.bins} bins × ${summary.units} units` : 'weights of a network'}</h2>
<p>${datasetWords(summary, recording)}</p>
${leftHtml(summary.left)}
${summary.warnings.map((warning) => html`<p class="note">${sentence(warning)}</p>`)}
${runs.length > 1 ? runsHtml(runs) : undefined}
${sections.map((section, run) => runHtml(section, `d${place}r${run}`))}
</section>
`;
}

function datasetWords(summary: DatasetSummary, recording: string): string {
  if (summary.trials === 0) return `From ${recording}.`;
  const { windowMs, event, binMs, trainingTrials, validationTrials, testTrials, heldOutUnits, conditions, spikes, emptyShare } = summary;
  const split = [`${trainingTrials} training`, `${validationTrials} validation`, ...(testTrials > 0 ? [`${testTrials} test`] : [])];
  return [
    `${recording}, ${minus(String(windowMs[0]))} to ${minus(String(windowMs[1]))} ms about ${event}, bins of ${binMs} ms.`,
    `${split.join(', ')} trials${heldOutUnits > 0 ? `; ${counted(heldOutUnits, 'unit')} held out` : ''}.`,
    spikes > 0 ? `${spikes.toLocaleString('en')} spikes; ${Math.round(emptyShare * 100)} % of bins are empty.` : '',
    conditions.length > 0 ? `${counted(conditions.length, 'condition')}: ${conditions.map((condition) => condition.name).join(', ')}.` : '',
  ].join(' ');
}

function leftHtml(left: readonly LeftOut[]): Html | undefined {
  if (left.length === 0) return undefined;
  const rows = (of: LeftOut) => `${of.what} ${of.rows.slice(0, 20).join(', ')}${of.rows.length > 20 ? ' …' : ''}`;
  return html`<p>Left out: ${left.map((of) => `${of.why.replace(/\.$/, '')} (${rows(of)})`).join('; ')}.</p>`;
}

/** Which trials judged: scores of test trials never stand among scores of validation trials unsaid. */
const judges = ({ report }: RunRecord): string => (report?.dataset.testTrials ? 'test' : 'validation');
const isJudged = ({ report }: RunRecord): boolean => Boolean(report?.dataset.testTrials || report?.dataset.validationTrials);

function runsHtml(runs: DatasetSection['runs']): Html {
  const shown = SCORES.filter(({ key }) => runs.some(({ run }) => run.report?.[key] !== undefined));
  return html`<table>
<thead><tr><th>run</th><th>model</th><th>seed</th><th>judged on</th>${shown.map(({ title }) => html`<th>${title}</th>`)}<th>beats its baseline</th></tr></thead>
<tbody>${runs.map(
    ({ title, run }) => html`
<tr><td><code>${run.id}</code></td><td>${title}</td><td>${run.seed}</td><td>${isJudged(run) ? judges(run) : '–'}</td>${shown.map(({ key, digits }) => html`<td>${fixed(run.report?.[key], digits)}</td>`)}<td>${isJudged(run) ? (run.report?.beatsBaseline ? 'yes' : 'no') : '–'}</td></tr>`,
  )}
</tbody></table>`;
}

function runHtml({ title, run, pictures, findings, missing, methods, params }: RunSection, id: string): Html {
  const { report } = run;
  return html`<article>
<h3>${title}, seed ${run.seed} <code>${run.id}</code></h3>
${report && scoresHtml(title, run)}
${readingsHtml(report?.readings ?? [])}
${report?.notes.map((note) => html`<p class="note">${sentence(note)}</p>`)}
<div class="pictures">${pictures.map(({ title: what, caption, svg }, k) => html`<figure><figcaption><b>${what}.</b> ${sentence(caption)}</figcaption>${raw(apart(svg, `${id}p${k}`))}</figure>`)}</div>
${missing.map((said) => html`<p class="note">${said}</p>`)}
${findings.map(findingHtml)}
<h4>Methods</h4>
${methods.text.split('\n\n').map((paragraph) => html`<p>${paragraph}</p>`)}
${methods.references.length > 0 ? html`<ol class="references">${methods.references.map((reference) => html`<li>${reference}</li>`)}</ol>` : undefined}
<details><summary>All ${Object.keys(run.resolved).length} settings</summary>
<table><thead><tr><th>setting</th><th>value</th><th>why</th></tr></thead>
<tbody>${Object.entries(run.resolved).map(([name, { value, reason }]) => html`<tr><td>${params[name]?.label ?? name}</td><td>${settingValue(value, params[name])}</td><td>${reason}</td></tr>`)}</tbody></table></details>
</article>
`;
}

function scoresHtml(title: string, run: RunRecord): Html | undefined {
  const report = run.report!;
  const rows: readonly (readonly [string, Scores])[] = [
    [title, report],
    ...Object.entries(report.baselines).filter(([name]) => name !== report.model),
  ];
  const shown = SCORES.filter(({ key }) => rows.some(([, scores]) => scores[key] !== undefined));
  if (shown.length === 0) return undefined;
  const trials = report.dataset.testTrials ?? report.dataset.validationTrials;
  return html`<table>
<caption>Scores of ${trials} ${judges(run)} trials; ${report.steps > 0 ? `best at step ${report.bestStep} of ${report.steps}, ` : ''}${Math.round(report.seconds)} s on ${report.deviceName}</caption>
<thead><tr><th></th>${shown.map(({ title: what }) => html`<th>${what}</th>`)}</tr></thead>
<tbody>${rows.map(([name, scores]) => html`<tr><td>${baselineName(name)}</td>${shown.map(({ key, digits }) => html`<td>${fixed(scores[key], digits)}</td>`)}</tr>`)}</tbody></table>`;
}

const readingsHtml = (readings: Finding['readings']): Html | undefined =>
  readings.length === 0
    ? undefined
    : html`<ul class="readings">${readings.map(({ title, verdict, sentence: said }) => html`<li class="${verdict}"><b>${title}</b> ${sentence(said)}</li>`)}</ul>`;

function findingHtml({ id, title, recipe, summary, notes, readings, table }: Finding): Html {
  return html`<h4>${title}</h4>
<p>${sentence(recipe)}</p>
${readingsHtml(readings)}
${table && tableHtml(table)}
${numbersHtml(Object.entries(summary).map(([name, value]) => numberWords(id, name, value)))}
${notes.map((note) => html`<p class="note">${sentence(note)}</p>`)}
`;
}

/** Numbers that nobody reads one by one are folded away. */
const FEW_NUMBERS = 12;

function numbersHtml(numbers: readonly { readonly words: string; readonly value: string }[]): Html {
  const table = html`<table><tbody>${numbers.map(({ words, value }) => html`<tr><td>${words}</td><td>${value}</td></tr>`)}</tbody></table>`;
  return numbers.length <= FEW_NUMBERS ? table : html`<details><summary>All ${numbers.length} numbers</summary>${table}</details>`;
}

const tableHtml = ({ title, about, columns, rows }: Table): Html => html`<div class="wide"><table>
<caption><b>${title}.</b> ${sentence(about)}</caption>
<thead><tr>${columns.map((column) => html`<th>${column}</th>`)}</tr></thead>
<tbody>${rows.map((row) => html`<tr>${row.map((cell) => html`<td>${cell}</td>`)}</tr>`)}</tbody></table></div>`;

/** A drawing whose names of clips are its own among many on one page, without its size in mm. */
const apart = (svg: string, id: string): string =>
  svg.replaceAll(/(id="|url\(#)c(\d+)/g, `$1${id}c$2`).replace(/(<svg [^>]*?) width="[^"]*" height="[^"]*"/, '$1');
