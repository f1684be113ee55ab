// Joins units with their electrodes: area, probe, shank and depth, from the electrodes table or the electrode group.

import type { Column, Table } from '../format.ts';
import type { H5File } from '../h5/file.ts';
import { columnOf, lazyColumn, numbersOf, raggedEnds, readTable } from './tables.ts';

const ELECTRODES = '/general/extracellular_ephys/electrodes';
const AREA_NAMES = ['location', 'area', 'brain_area', 'region', 'brain_region', 'structure', 'acronym', 'anatomical_location'];
const DEPTH_NAMES = ['depth', 'rel_y', 'probe_vertical_position', 'distance_from_tip', 'y'];
const SHANK_NAMES = ['shank', 'shank_id', 'shank_number', 'shank_index'];
const UNKNOWN = ['', 'unknown', 'none', 'na', 'n/a', 'nan', 'null', 'undefined', 'unspecified'];

export interface Joined {
  readonly areas: readonly string[];
  /** `area`, `probe`, `shank` and `depth`, those that are known for any unit. */
  readonly columns: readonly Column[];
}

const known = (text: string) => (UNKNOWN.includes(text.trim().toLowerCase()) ? '' : text.trim());
const lastPart = (path: string) => path.slice(path.lastIndexOf('/') + 1);

function textsOf(table: Table | undefined, names: readonly string[]): readonly string[] | undefined {
  for (const name of names) {
    const column = table === undefined ? undefined : columnOf(table, name);
    if (column === undefined) continue;
    const texts =
      column.kind === 'text'
        ? (column.values as readonly string[]).map(known)
        : Array.from(column.values as Float64Array, (value) => (Number.isNaN(value) ? '' : String(value)));
    if (texts.some((text) => text !== '')) return texts;
  }
  return undefined;
}

function firstNumbers(table: Table | undefined, names: readonly string[]): Float64Array | undefined {
  for (const name of names) {
    const values = table === undefined ? undefined : numbersOf(table, name);
    if (values?.some((value) => !Number.isNaN(value))) return values;
  }
  return undefined;
}

/** Row of the first electrode of each unit, −1 where it has none; undefined without such a column. */
function electrodeRows(file: H5File, path: string, rows: number, electrodes: number, notes: string[]): Int32Array | undefined {
  const data = file.array(`${path}/electrodes`) ?? file.array(`${path}/electrode`);
  if (data === undefined || data.kind !== 'number' || data.shape.length !== 1) return undefined;
  const index = file.array(`${data.path}_index`);
  if (index?.kind === 'region' || (index === undefined && data.length !== rows)) return undefined;
  const ends = index === undefined ? undefined : raggedEnds(file, index.path, data.length);
  const values = file.numbers(data.path);
  const at = Int32Array.from({ length: rows }, (_, row) => {
    const start = ends === undefined ? row : row === 0 ? 0 : ends[row - 1];
    const end = ends === undefined ? row + 1 : ends[row];
    return end > start ? values[start] : -1;
  });
  const past = at.filter((row) => row >= electrodes).length;
  if (past > 0) notes.push(`${data.path} points past the table of ${electrodes} electrodes for ${past} units: their place is not known.`);
  return at.map((row) => (row < electrodes ? row : -1));
}

/** What an electrode group says of itself: its location, and its device as the probe. */
const groupLocation = (file: H5File, name: string) => known(file.attributeText(`/general/extracellular_ephys/${name}`, 'location'));

export function joinElectrodes(file: H5File, path: string, units: Table, notes: string[]): Joined {
  const electrodes = file.isGroup(ELECTRODES) ? readTable(file, ELECTRODES, []) : undefined;
  const at = electrodes === undefined ? undefined : electrodeRows(file, path, units.rows, electrodes.rows, notes);
  const through = <T>(values: ArrayLike<T> | undefined, none: T): T[] | undefined =>
    values === undefined || at === undefined ? undefined : Array.from(at, (row) => (row < 0 ? none : values[row]));

  const groups = through(textsOf(electrodes, ['group_name', 'group']), '') ?? ownGroups(units);
  const areas =
    textsOf(units, AREA_NAMES) ??
    through(textsOf(electrodes, AREA_NAMES), '') ??
    groups?.map((name) => (name === '' ? '' : groupLocation(file, name))) ??
    Array.from({ length: units.rows }, () => '');
  const shanks = through(textsOf(electrodes, SHANK_NAMES), '');
  const depths = through(firstNumbers(electrodes, DEPTH_NAMES), NaN);
  if (groups !== undefined && at !== undefined) noteOneGroup(electrodes!, groups, units, notes);

  const columns: Column[] = [];
  const addTexts = (name: string, description: string, texts: readonly string[] | undefined) => {
    if (texts?.some((text) => text !== '')) columns.push(lazyColumn(name, description, 'text', () => texts));
  };
  addTexts('area', 'Area of the unit, from its own row, its electrode or its electrode group', areas);
  addTexts('probe', 'Electrode group of the unit', groups);
  addTexts('shank', 'Shank of the electrode', shanks);
  if (depths?.some((depth) => !Number.isNaN(depth)))
    columns.push(lazyColumn('depth', 'Place of the electrode along its probe', 'number', () => Float64Array.from(depths)));
  return { areas, columns };
}

function ownGroups(units: Table): readonly string[] | undefined {
  const column = columnOf(units, 'electrode_group') ?? columnOf(units, 'group_name');
  return column?.kind === 'text' ? (column.values as readonly string[]).map((path) => known(lastPart(path))) : undefined;
}

/**
 * Files have been published whose units all point into the first of several arrays although their ids (1xxx, 2xxx) tell two
 * arrays apart: then the area of a unit is not to be trusted.
 */
function noteOneGroup(electrodes: Table, groups: readonly string[], units: Table, notes: string[]): void {
  const inTable = new Set(textsOf(electrodes, ['group_name', 'group']));
  const used = new Set(groups);
  const thousands = [...new Set(Array.from(units.ids, (id) => Math.floor(id / 1000)))].sort((a, b) => a - b);
  if (inTable.size < 2 || used.size !== 1 || thousands.length < 2 || thousands.length > inTable.size || thousands[0] < 1) return;
  notes.push(
    `All ${units.rows} units point to electrodes of ${[...used].join()} although the file has ${inTable.size} groups and unit ids of ${thousands.map((k) => `${k}xxx`).join(' and ')}: do not trust their areas.`,
  );
}
