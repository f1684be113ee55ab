// A fit's report and a dataset's summary as people read them.

import { comparable } from '../../../src-worker/contract/baselines.ts';
import type { DatasetSummary } from '../../../src-worker/contract/dataset.ts';
import type { FitReport, LeftOut, Reading, Scores } from '../../../src-worker/contract/run.ts';
import { bytes, duration, figures, many, rowsText, score, table } from '../format.ts';

export const SCORES: readonly { readonly key: keyof Scores; readonly title: string }[] = [
  { key: 'bitsPerSpike', title: 'bits/spike' },
  { key: 'coBitsPerSpike', title: 'co-bps' },
  { key: 'r2Truth', title: 'R² truth' },
  { key: 'r2Behavior', title: 'R² behaviour' },
];

const leftLines = (left: readonly LeftOut[]): readonly string[] =>
  left.map(({ what, rows, why }) => `Left out: ${why.replace(/\.$/, '')} (${what} ${rowsText(rows)}).`);

/** What a fit would get, before anything is fitted. */
export function datasetText(dataset: DatasetSummary, foretold: { readonly seconds?: number; readonly bytes?: number }): string {
  const { trainingTrials, validationTrials, testTrials, heldOutUnits } = dataset;
  if (dataset.trials === 0) return 'A file of weights, without trials';
  // Continuous activity has none.
  const spikes = dataset.spikes > 0 ? `, ${many(dataset.spikes, 'spike')}, ${Math.round(dataset.emptyShare * 100)} % of bins empty` : '';
  const split = [`${trainingTrials} training`, `${validationTrials} validation`, ...(testTrials > 0 ? [`${testTrials} test`] : [])];
  return [
    `${many(dataset.trials, 'trial')} × ${dataset.bins} bins of ${dataset.binMs} ms × ${many(dataset.units, 'unit')}${spikes}`,
    `${dataset.windowMs[0]} to ${dataset.windowMs[1]} ms about ${dataset.event}; ${split.join(', ')} trials${heldOutUnits > 0 ? `; ${many(heldOutUnits, 'unit')} held out` : ''}`,
    ...(dataset.conditions.length > 0 ? [`${many(dataset.conditions.length, 'condition')}: ${conditionsText(dataset)}`] : []),
    ...leftLines(dataset.left),
    ...dataset.warnings.map((warning) => `Warning: ${warning}`),
    ...(foretold.seconds === undefined
      ? []
      : [`About ${duration(foretold.seconds)} on this computer${foretold.bytes ? `, ${bytes(foretold.bytes)} of memory` : ''}`]),
  ].join('\n');
}

const conditionsText = ({ conditions }: DatasetSummary): string => {
  const shown = conditions.slice(0, 12).map(({ name, training, validation, test }) => `${name} (${training + validation + test})`);
  return `${shown.join(', ')}${conditions.length > shown.length ? ' …' : ''}`;
};

/** `1500 steps (best at 1450) in 52 s on CPU, relaxed SIMD, 2 threads`; a model without steps has no threads to speak of. */
function how({ steps, bestStep, seconds, deviceName, threads }: FitReport): string {
  const took = `${duration(seconds)} on ${deviceName}`;
  return steps === 0 ? took : `${steps} steps (best at ${bestStep}) in ${took}, ${many(threads, 'thread')}`;
}

const VERDICTS: Readonly<Record<Reading['verdict'], string>> = { fine: 'fine ', look: 'look ', doubt: 'DOUBT' };

/** Whether to trust it: a verdict and a sentence a line. */
export const readingLines = (readings: readonly Reading[]): readonly string[] =>
  readings.length === 0 ? [] : ['', ...readings.map(({ verdict, sentence }) => `${VERDICTS[verdict]}  ${sentence}`)];

/** `scores of 20 test trials`; without a test split those of validation judge too. */
const judgesText = ({ testTrials, validationTrials }: FitReport['dataset']): string =>
  testTrials !== undefined
    ? `scores of ${many(testTrials, 'test trial')}`
    : validationTrials > 0
      ? `scores of ${many(validationTrials, 'validation trial')}`
      : 'all of it trains';

/** Scores beside those of the baselines. */
export function reportText(report: FitReport): string {
  // A baseline that was fitted by itself is no opponent of its own.
  const isBaseline = report.model in report.baselines;
  const rows: readonly (readonly [string, Scores])[] = [
    [report.model, report],
    ...Object.entries(report.baselines).flatMap(([name, scores]) =>
      name === report.model ? [] : [[name, comparable(name, scores)] as const],
    ),
  ];
  const shown = SCORES.filter(({ key }) => rows.some(([, scores]) => scores[key] !== undefined));
  const { dataset } = report;
  const readings = report.readings ?? [];
  const read = new Set(readings.flatMap(({ numbers }) => numbers));
  const diagnostics = Object.entries(report.diagnostics).flatMap(([name, value]) => (read.has(name) ? [] : [[name, figures(value)]]));
  return [
    `Run ${report.run}: ${report.model}, seed ${report.seed}, ${how(report)}`,
    dataset.trials === 0
      ? 'Weights from a file, without trials'
      : `${many(dataset.trials, 'trial')} × ${dataset.bins} bins × ${many(dataset.units, 'unit')}; ${judgesText(dataset)}`,
    ...leftLines(dataset.left),
    '',
    ...(shown.length === 0
      ? ['Nothing to score: likelihoods need spikes, R² known rates or behaviour']
      : [
          table(
            ['model', ...shown.map(({ title }) => title)],
            rows.map(([name, scores]) => [name, ...shown.map(({ key }) => score(scores[key]))]),
          ),
        ]),
    ...(isBaseline || shown.length === 0 ? [] : [report.beatsBaseline ? 'Beats its baseline' : 'Does not beat its baseline']),
    ...readingLines(readings),
    ...(diagnostics.length > 0 ? ['', table(['diagnostic', 'value'], diagnostics)] : []),
    ...report.notes.map((note) => `Note: ${note}`),
  ].join('\n');
}
