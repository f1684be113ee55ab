// Which trials train, validate and test, and which units are held out: rules by the row in the file's table, before any filter.

import { Failure } from '../contract/failure.ts';
import { key, STREAM, uniform } from '../engine/random.ts';
import type { Column } from '../formats/format.ts';
import { columnOf, type Rows, textOf } from './columns.ts';
import { TEST, TRAINING, VALIDATION } from './dataset.ts';

type Rule =
  | { readonly kind: 'every'; readonly n: number }
  | { readonly kind: 'share'; readonly share: number }
  | { readonly kind: 'column'; readonly name: string; readonly value: string | undefined };

/** `every:5`, `0.2` or `column:NAME[=VALUE]`. */
export function parseRule(text: string, option: string): Rule {
  const every = /^every:(\d+)$/.exec(text.trim());
  if (every && Number(every[1]) >= 2) return { kind: 'every', n: Number(every[1]) };
  const column = /^column:([^=]+)(?:=(.*))?$/.exec(text.trim());
  if (column) return { kind: 'column', name: column[1].trim(), value: column[2]?.trim() };
  const share = Number(text);
  if (text.trim() !== '' && share > 0 && share < 1) return { kind: 'share', share };
  throw new Failure(
    'bad-split',
    `--${option} cannot be “${text}”.`,
    'Write every:5 for each fifth row of the table, a share between 0 and 1 such as 0.2, or column:NAME=VALUE for a column of the file.',
  );
}

/** Rows of a table that a rule applies to; `group` makes rows go together, such as segments that share spikes. */
export interface Split {
  readonly rows: Int32Array;
  readonly columns: readonly Column[];
  readonly what: Rows;
  readonly seed: number;
  /** Stratum of each of `rows` (its condition), −1 for none. */
  readonly strata?: Int32Array;
  /** Index by which `every` counts and shares are drawn, for each of `rows`; the row itself unless given. */
  readonly group?: Int32Array;
}

/** 1 for each of `rows` that the rule chooses. `of` is the count that a share refers to. */
export function chosenBy(rule: Rule, split: Split, among: Uint8Array, of: number): Uint8Array {
  const { rows, columns, what, group = rows } = split;
  const chosen = new Uint8Array(rows.length);
  switch (rule.kind) {
    case 'every':
      for (let i = 0; i < rows.length; i++) chosen[i] = among[i] && group[i] % rule.n === rule.n - 1 ? 1 : 0;
      return chosen;
    case 'column': {
      const wanted = valueTest(columnOf(columns, rule.name, what), rule.value, what);
      for (let i = 0; i < rows.length; i++) chosen[i] = among[i] && wanted(rows[i]) ? 1 : 0;
      return chosen;
    }
    case 'share':
      return drawn(rule.share * of, split, among);
    default:
      return rule satisfies never;
  }
}

function valueTest(column: Column, value: string | undefined, what: Rows): (row: number) => boolean {
  if (value !== undefined) {
    const known = new Set(Array.from({ length: column.values.length }, (_, row) => textOf(column, row)));
    if (!known.has(value)) {
      const values = [...known].sort().slice(0, 12).join(', ');
      throw new Failure('unknown-value', `No ${what} has ${column.name} = “${value}”.`, `Its values are: ${values}.`);
    }
    return (row) => textOf(column, row) === value;
  }
  if (column.values instanceof Float64Array) return (row) => column.values[row] === 1;
  const values = [...new Set(column.values)].sort().slice(0, 12).join(', ');
  throw new Failure(
    'bad-split',
    `The ${what} column “${column.name}” holds text.`,
    `Write column:${column.name}=VALUE; its values are: ${values}.`,
  );
}

/** Draws groups at random within strata, so that about `wanted` rows are chosen in all and each stratum gives its share. */
function drawn(wanted: number, { rows, seed, strata, group = rows, what }: Split, among: Uint8Array): Uint8Array {
  const stream = key(seed, STREAM.split, what === 'unit' ? 1 : 0);
  const groups = [...new Set([...group].filter((_, i) => among[i]))];
  const stratumOf = new Map<number, number>();
  for (let i = 0; i < rows.length; i++) if (among[i] && !stratumOf.has(group[i])) stratumOf.set(group[i], strata?.[i] ?? -1);
  const last = (stratum: number): number => (stratum < 0 ? Number.MAX_SAFE_INTEGER : stratum);
  const order = groups.sort(
    (a, b) => last(stratumOf.get(a) ?? -1) - last(stratumOf.get(b) ?? -1) || uniform(stream, a) - uniform(stream, b) || a - b,
  );
  // Within a stratum the first of a random order are taken; what rounding leaves over is carried to the next stratum.
  const taken = new Set<number>();
  const share = groups.length === 0 ? 0 : Math.min(1, wanted / among.reduce((sum, is) => sum + is, 0));
  let passed = 0;
  for (let start = 0; start < order.length; ) {
    const stratum = stratumOf.get(order[start]);
    let stop = start;
    while (stop < order.length && stratumOf.get(order[stop]) === stratum) stop++;
    const due = Math.round(share * (passed + stop - start)) - taken.size;
    for (let k = start; k < Math.min(stop, start + Math.max(0, due)); k++) taken.add(order[k]);
    passed += stop - start;
    start = stop;
  }
  return Uint8Array.from(rows, (_, i) => (among[i] && taken.has(group[i]) ? 1 : 0));
}

/**
 * TRAINING, VALIDATION or TEST of each of `rows`. Where both rules name a trial it is one of test; a share is drawn from what a rule
 * that names its trials leaves, so that fixed validation trials stay those whatever share is tested.
 */
export function splitTrials(split: Split, valid: string, test: string | undefined): Uint8Array {
  const all = new Uint8Array(split.rows.length).fill(1);
  const choose = (rule: Rule, taken: Uint8Array): Uint8Array =>
    chosenBy(
      rule,
      split,
      all.map((_, i) => 1 - taken[i]),
      split.rows.length,
    );
  const none = new Uint8Array(split.rows.length);
  const validRule = parseRule(valid, 'valid');
  const testRule = test === undefined ? undefined : parseRule(test, 'test');
  const fixed = testRule?.kind === 'share' && validRule.kind !== 'share' ? choose(validRule, none) : undefined;
  const isTest = testRule ? choose(testRule, fixed ?? none) : none;
  const isValid = fixed ?? choose(validRule, isTest);
  return all.map((_, i) => (isTest[i] ? TEST : isValid[i] ? VALIDATION : TRAINING));
}

/** 1 for each of `rows` that is held out. */
export function heldOutOf(split: Split, rule: string | undefined): Uint8Array {
  if (rule === undefined) return new Uint8Array(split.rows.length);
  return chosenBy(parseRule(rule, 'held-out-units'), split, new Uint8Array(split.rows.length).fill(1), split.rows.length);
}
