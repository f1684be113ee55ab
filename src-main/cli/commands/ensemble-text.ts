// What several fits say together, as people read it.

import type { EnsembleReport } from '../../../src-worker/contract/run.ts';
import { figures, score, table } from '../format.ts';
import { readingLines, SCORES } from './report-text.ts';

const STATES = [
  { key: 'rates', title: 'rates' },
  { key: 'factors', title: 'factors, by a linear map' },
  { key: 'inputs', title: 'inferred inputs, by a linear map' },
];

/** Spread of scores and diagnostics beside the scores of averaged rates, agreement of the fits, and readings. */
export function ensembleText({ runs, seeds, metrics, averaged, agreement, readings }: EnsembleReport): string {
  const titles = new Map<string, string>(SCORES.map(({ key, title }) => [key, title]));
  const spread = Object.entries(metrics).map(([name, { mean, sd, min, max }]) => {
    const isScore = titles.has(name);
    const shown = isScore ? score : figures;
    const together = isScore ? score(averaged[name as keyof typeof averaged]) : '';
    return [titles.get(name) ?? name, ...[mean, sd, min, max].map(shown), together];
  });
  const agree = STATES.flatMap(({ key, title }) => {
    const [whole, within] = [agreement[key], agreement[`${key}WithinConditions`]];
    return whole ? [[title, score(whole.mean), score(whole.least), score(within?.mean)]] : [];
  });
  return [
    `Ensemble of ${runs.length} fits, seeds ${seeds.join(', ')}`,
    '',
    table(['', 'mean', 's.d.', 'least', 'most', 'of averaged rates'], spread),
    ...(agree.length > 0 ? ['', table(['R² between fits', 'mean', 'least', 'within conditions'], agree)] : []),
    ...readingLines(readings),
  ].join('\n');
}
