// What of a dataset wants care, as sentences with their repairs, and as signs beside the rows of tables.

import type { DatasetSummary } from '../../../src-worker/contract/dataset.ts';
import type { Settings } from '../../../src-worker/contract/params.ts';
import type { UnitMeans } from '../../../src-worker/contract/recording.ts';
import { counted } from '../../ui/format.ts';

export interface RowWarning {
  readonly kind: 'warn' | 'bad';
  readonly text: string;
}

export interface Repair {
  readonly title: string;
  /** What changes in the recipe: units to leave out, or a setting with its new value (undefined: back to what is chosen). */
  readonly leaveOutUnits?: readonly number[];
  readonly setting?: { readonly name: string; readonly value: string | undefined };
}

export interface Warned {
  readonly kind: 'warn' | 'bad' | 'info';
  readonly text: string;
  readonly repair?: Repair;
}

const MOST_NAMED = 8;
const FEWEST_VALIDATION = 4;

export const rowsText = (rows: readonly number[]): string =>
  rows.length <= MOST_NAMED ? rows.join(', ') : `${rows.slice(0, MOST_NAMED).join(', ')} and ${rows.length - MOST_NAMED} more`;

/** Units (rows) that fire less than once a trial within the window of the recipe. */
export function quietUnits(
  means: UnitMeans | undefined,
  { windowMs: [from, to] }: DatasetSummary,
  hidden: ReadonlySet<number>,
): readonly number[] {
  if (!means) return [];
  const { timeMs, unitRows, rateHz } = means;
  const bins = timeMs.length;
  const inside = [...timeMs.keys()].filter((bin) => timeMs[bin]! >= from && timeMs[bin]! < to);
  if (inside.length === 0) return [];
  const binMs = bins > 1 ? timeMs[1]! - timeMs[0]! : to - from;
  return Array.from(unitRows).filter((row, place) => {
    const spikes = inside.reduce((sum, bin) => sum + ((rateHz[place * bins + bin] || 0) * binMs) / 1000, 0);
    return !hidden.has(row) && spikes < 1;
  });
}

/** Sentences for the rail, what can be repaired first. */
export function warningsOf(dataset: DatasetSummary, data: Settings, quiet: readonly number[]): readonly Warned[] {
  const { conditions, duplicates = [], warnings, left } = dataset;
  const twice = duplicates.map(
    ([kept, other]): Warned => ({
      kind: 'warn',
      text: `Units ${kept} and ${other} look like one cell sorted twice`,
      repair: { title: `Leave out ${other}`, leaveOutUnits: [other] },
    }),
  );
  const thin = conditions.filter(({ training, validation }) => training > 0 && validation < FEWEST_VALIDATION);
  const fewest = Math.min(...thin.map(({ validation }) => validation));
  const uneven: readonly Warned[] =
    thin.length > 0 && dataset.trials >= 2 * FEWEST_VALIDATION * conditions.length
      ? [
          {
            kind: 'warn',
            text: `Only ${counted(fewest, 'validation trial')} in ${rowsOfNames(thin.filter(({ validation }) => validation === fewest).map(({ name }) => name))}`,
            ...(data.valid === undefined
              ? {}
              : { repair: { title: 'Balance by condition', setting: { name: 'valid', value: undefined } } }),
          },
        ]
      : [];
  const seldom: readonly Warned[] =
    quiet.length > 0
      ? [
          {
            kind: 'warn',
            text: `${quiet.length === 1 ? `Unit ${quiet[0]} fires` : `Units ${rowsText(quiet)} fire`} less than one spike per trial`,
            repair: { title: quiet.length === 1 ? 'Leave it out' : 'Leave them out', leaveOutUnits: quiet },
          },
        ]
      : [];
  // Pairs have their own sentence with its repair.
  const others = warnings.filter((text) => !/sorted twice/.test(text)).map((text): Warned => ({ kind: 'warn', text }));
  const out = left.map(
    ({ why, what, rows }): Warned => ({
      kind: 'info',
      text: `Left out: ${why} (${what}${rows.length === 1 ? '' : 's'} ${rowsText(rows)})`,
    }),
  );
  return [...twice, ...uneven, ...seldom, ...others, ...out];
}

const rowsOfNames = (names: readonly string[]): string =>
  names.length <= 3 ? names.join(' and ') : `${names.slice(0, 3).join(', ')} and ${names.length - 3} more`;

/** Signs in the table of units. */
export function unitSigns(dataset: DatasetSummary | undefined, quiet: readonly number[]): ReadonlyMap<number, RowWarning> {
  const signs = new Map<number, RowWarning>();
  for (const row of quiet) signs.set(row, { kind: 'warn', text: 'Less than one spike per trial' });
  for (const [kept, other] of dataset?.duplicates ?? []) {
    signs.set(kept, { kind: 'warn', text: `Looks like one cell with unit ${other}` });
    signs.set(other, { kind: 'warn', text: `Looks like one cell with unit ${kept}` });
  }
  for (const { what, rows, why } of dataset?.left ?? [])
    if (what === 'unit' && /spikes|silent/.test(why)) for (const row of rows) signs.set(row, { kind: 'bad', text: `Left out: ${why}` });
  return signs;
}
