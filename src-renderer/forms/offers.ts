// What a form can offer for a parameter: columns, tables, signals or arrays of the open recording.

import type { DatasetSummary } from '../../src-worker/contract/dataset.ts';
import type { Offer } from '../../src-worker/contract/params.ts';
import type { RecordingSummary, TableSummary } from '../../src-worker/contract/recording.ts';

/** The table of trials in use: the one that is chosen, else the one called so, else the first. */
export const trialTable = (summary: RecordingSummary, path?: unknown): TableSummary | undefined =>
  summary.intervalTables.find((table) => table.path === path) ??
  summary.intervalTables.find((table) => table.path.endsWith('trials')) ??
  summary.intervalTables[0];

/** Names to choose from; `intervals` is the table of trials in use, and `dataset` what is made of the recording. */
export function offersOf(
  offer: Offer | undefined,
  summary: RecordingSummary | undefined,
  intervals?: unknown,
  dataset?: DatasetSummary,
): readonly string[] {
  if (!offer || !summary) return [];
  switch (offer) {
    case 'events':
      return (
        trialTable(summary, intervals)
          ?.columns.filter((column) => column.isTime)
          .map((column) => column.name) ?? []
      );
    case 'trial-columns':
      return (
        trialTable(summary, intervals)
          ?.columns.filter((column) => !column.isTime)
          .map((column) => column.name) ?? []
      );
    case 'unit-columns':
      return dataset?.unitColumns ?? summary.unitTables[0]?.columns.map((column) => column.name) ?? [];
    case 'region-columns':
      return dataset?.groupingColumns ?? [];
    case 'unit-tables':
      return summary.unitTables.map((table) => table.path);
    case 'interval-tables':
      return summary.intervalTables.map((table) => table.path);
    case 'signals':
      return summary.signals.map((signal) => signal.path);
    case 'arrays':
      return summary.arrays.map((array) => array.path);
    default:
      return offer satisfies never;
  }
}
