// Which region each unit belongs to, by the areas of the recording or any column of its table of units.

import { Failure } from '../../contract/failure.ts';
import { columnOf, groupingColumns, hasColumn } from '../../dataset/columns.ts';
import type { Dataset } from '../../dataset/index.ts';

/** Stands for the areas of the recording, wherever the file has them. */
export const AREA = 'area';
export const NO_REGION = 'no region';

/** The region of every unit of the dataset. Throws a Failure that lists the columns there are. */
export function regionsOf(dataset: Pick<Dataset, 'areas' | 'unitColumns'>, column: string): readonly string[] {
  const named = (region: string): string => (region === '' || region === 'NaN' ? NO_REGION : region);
  const columns = dataset.unitColumns ?? [];
  if (column === AREA && !hasColumn(columns, AREA)) return dataset.areas.map(named);
  if (!hasColumn(columns, column))
    throw new Failure('unknown-column', `There is no column “${column}” of units to tell regions by.`, `${regionsHint(dataset)}.`);
  const { values } = columnOf(columns, column, 'unit');
  return [...values].map((value) => named(String(value)));
}

/** What could tell regions apart, as the start of a sentence. */
export function regionsHint({ unitColumns = [] }: Pick<Dataset, 'unitColumns'>): string {
  const [groups, all] = [groupingColumns(unitColumns), unitColumns.map(({ name }) => name)];
  if (groups.length > 0) return `Name a column that tells regions apart with --regions: ${groups.join(', ')}`;
  if (all.length > 0) return `No column of units tells groups of them apart (there are ${all.join(', ')}): add one to the file`;
  return 'This recording has no columns of units: in a file of arrays a list with one entry for each unit, names or whole numbers, is one';
}

/** Units (by place) of regions with at least so many of them, or all where no region has; and the regions left out. */
export function largeRegions(
  regions: readonly string[],
  units: Int32Array,
  least: number,
): { readonly units: Int32Array; readonly left: readonly { readonly region: string; readonly units: number }[] } {
  const counts = new Map<string, number>();
  for (const unit of units) counts.set(regions[unit], (counts.get(regions[unit]) ?? 0) + 1);
  const small = [...counts].filter(([, count]) => count < least).sort(([a], [b]) => (a < b ? -1 : 1));
  if (small.length === counts.size) return { units, left: [] };
  const names = new Set(small.map(([region]) => region));
  return { units: units.filter((unit) => !names.has(regions[unit])), left: small.map(([region, count]) => ({ region, units: count })) };
}
