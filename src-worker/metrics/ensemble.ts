// Several fits of one dataset: mean and spread of their metrics, the average of their rates, and what that says of any one of them.

import { minus } from '../contract/minus.ts';
import type { Agreement, FitReport, Reading, Scores, Spread, Verdict } from '../contract/run.ts';

/** Mean, s.d. (n − 1; 0 for one value), least and largest. */
export function spreadOf(values: readonly number[]): Spread {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  return { mean, sd: Math.sqrt(squares / Math.max(1, values.length - 1)), min: Math.min(...values), max: Math.max(...values) };
}

const SCORES = ['bitsPerSpike', 'coBitsPerSpike', 'r2Truth', 'r2Behavior'] as const satisfies readonly (keyof Scores)[];

/** The spread of every score and diagnostic that all reports have. */
export function spreads(reports: readonly FitReport[]): Readonly<Record<string, Spread>> {
  const tables = reports.map((report): Readonly<Record<string, number | undefined>> => {
    const scores = Object.fromEntries(SCORES.map((name) => [name, report[name]]));
    return { ...scores, ...report.diagnostics };
  });
  const found: Record<string, Spread> = {};
  for (const name of Object.keys(tables[0] ?? {})) {
    const values = tables.map((table) => table[name]).filter((value) => value !== undefined);
    if (values.length === reports.length) found[name] = spreadOf(values);
  }
  return found;
}

/** Adds up rates of fits as they come, so that one fit's are in memory at a time. */
export class RateAverage {
  #sums = new Float64Array(0);
  #fits = 0;

  take(rates: Float32Array): void {
    if (this.#fits++ === 0) this.#sums = new Float64Array(rates.length);
    for (const [i, rate] of rates.entries()) this.#sums[i] += rate;
  }

  mean(): Float32Array {
    return Float32Array.from(this.#sums, (sum) => sum / this.#fits);
  }
}

/** R² from which fits agree, and below which they do not. */
const AGREES = { fine: 0.9, look: 0.7 };
const verdictOf = (r2: number): Verdict => (r2 >= AGREES.fine ? 'fine' : r2 >= AGREES.look ? 'look' : 'doubt');
const two = (value: number): string => minus(value.toFixed(2));
const three = (value: number): string => minus(value.toFixed(3));

const STATES: readonly { readonly key: string; readonly title: string; readonly are: string }[] = [
  { key: 'rates', title: 'Agreement of rates', are: 'The rates of one fit are those of another' },
  { key: 'factors', title: 'Agreement of factors', are: 'The factors of one fit are a linear map of those of another' },
  { key: 'inputs', title: 'Agreement of inferred inputs', are: 'The inferred inputs of one fit are a linear map of those of another' },
];

/** One reading for each state that was compared, and one of what averaging gains. */
export function readEnsemble(
  members: number,
  metrics: Readonly<Record<string, Spread>>,
  averaged: Scores,
  agreement: Readonly<Record<string, Agreement>>,
): readonly Reading[] {
  return [...spreadReading(members, metrics, averaged), ...STATES.flatMap((state) => agreementReading(state, agreement))];
}

function spreadReading(members: number, metrics: Readonly<Record<string, Spread>>, averaged: Scores): readonly Reading[] {
  const name = (['coBitsPerSpike', 'bitsPerSpike', 'r2Truth'] as const).find((one) => metrics[one] && averaged[one] !== undefined);
  if (name === undefined) return [];
  const { mean, sd, max } = metrics[name];
  const called = { coBitsPerSpike: 'Co-bps', bitsPerSpike: 'Bits per spike', r2Truth: 'R² to the truth' }[name];
  const gain = averaged[name]! > max ? 'above the best of them' : averaged[name]! > mean ? 'above their mean' : 'not above their mean';
  const verdict: Verdict = sd > 0.1 * Math.abs(mean) ? 'look' : 'fine';
  const meaning = verdict === 'fine' ? '' : '; they differ by more than a tenth, so do not rest on one of them';
  const sentence = `${called} of ${members} fits: ${three(mean)} ± ${three(sd)} (s.d.); of their rates averaged ${three(averaged[name]!)}, ${gain}${meaning}.`;
  return [{ id: 'spread', title: 'Spread over seeds', verdict, sentence, numbers: [name] }];
}

function agreementReading(
  { key, title, are }: (typeof STATES)[number],
  agreement: Readonly<Record<string, Agreement>>,
): readonly Reading[] {
  const whole = agreement[key];
  if (!whole) return [];
  const single = agreement[`${key}WithinConditions`];
  const verdict = verdictOf(Math.min(whole.mean, single?.mean ?? Infinity));
  const meaning = {
    fine: 'what one fit shows of them, the others show too.',
    look:
      single && single.mean < AGREES.fine && whole.mean >= AGREES.fine
        ? 'trust averages over trials before single trials.'
        : 'compare several fits before something is read from them.',
    doubt:
      single && whole.mean >= AGREES.look
        ? 'their single trials in one fit are not to be trusted.'
        : 'what one fit shows of them is not to be trusted.',
  }[verdict];
  const trials = single ? `, and ${two(single.mean)} in what differs between trials of a condition` : '';
  const sentence = `${are} with R² ${two(whole.mean)} (${two(whole.least)} at the least)${trials}: ${meaning}`;
  const numbers = [key, `${key}WithinConditions`].filter((name) => name in agreement);
  return [{ id: 'agreement', title, verdict, sentence, numbers }];
}
