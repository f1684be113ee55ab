// Rows of one table of intervals, as trials where they are: a trial is picked by a click and left out by E.

import { useMemo, useState } from 'react';
import type { TableRows, TableSummary, UnitMeans } from '../../../src-worker/contract/recording.ts';
import { conditionColour } from '../../../src-worker/scene/palettes.ts';
import type { ConditionKey } from '../../../src-worker/scene/scene.ts';
import { host } from '../../state/connection.ts';
import { leaveOut, leftOut, useLook } from '../../state/look.ts';
import { select } from '../../state/selection.ts';
import { useStore } from '../../state/store.ts';
import { count, counted, valueText } from '../../ui/format.ts';
import { Icon } from '../../ui/icons.tsx';
import { RowsTable, type RowsColumn } from '../../ui/RowsTable.tsx';
import { useAsked } from './use-asked.ts';
import { rowsText } from './warnings.ts';

export function IntervalRows({
  table,
  isTrials,
  conditions,
  means,
}: {
  readonly table: TableSummary;
  readonly isTrials: boolean;
  readonly conditions: ConditionKey | undefined;
  readonly means: UnitMeans | undefined;
}) {
  const grant = useStore((state) => state.recording?.entry.grant);
  const picked = useStore((state) => state.selection.trial);
  const left = useStore((state) => state.preview?.dataset.left);
  const data = useStore((state) => state.data);
  const theme = useStore((state) => state.theme);
  const conditionOf = useMemo(() => new Map(Array.from(means?.trialRows ?? [], (row, place) => [row, means!.conditions[place]!])), [means]);
  const group = useLook((look) => look.group);
  const [showsHidden, setShowsHidden] = useState(true);
  const key = grant === undefined ? undefined : `${grant} ${table.path}`;
  const { value: rows } = useAsked('rows intervals', key, (job) => host.rows({ path: grant!, table: table.path }, job));
  const hidden = useMemo(
    () => new Set(isTrials ? (left ?? []).filter(({ what }) => what === 'trial').flatMap((part) => part.rows) : []),
    [left, isTrials],
  );
  const listed = useMemo(
    () => Array.from({ length: rows?.columns[0]?.values.length ?? 0 }, (_, row) => row).filter((row) => showsHidden || !hidden.has(row)),
    [rows, hidden, showsHidden],
  );
  const byHand = leftOut(data, 'leaveOutTrials');
  const columns = useMemo(
    () => (rows ? columnsOf(rows, table, group, (row) => dotOf(conditions, theme, conditionOf.get(row))) : []),
    [rows, table, group, conditions, theme, conditionOf],
  );
  const whole: readonly RowsColumn[] = [
    {
      id: 'row',
      title: isTrials ? 'Trial' : 'Row',
      width: 50,
      isNumeric: true,
      cell: (row) => <span className="st">{row}</span>,
      order: (row) => row,
    },
    ...columns,
    ...(isTrials
      ? [
          {
            id: 'out',
            title: 'Leave out',
            isUntitled: true,
            width: 34,
            cell: (row: number) => (
              <button
                type="button"
                className="ib out"
                tabIndex={-1}
                aria-pressed={byHand.includes(row)}
                title={byHand.includes(row) ? `Bring trial ${row} back` : `Leave out trial ${row} (E)`}
                onClick={(event) => {
                  event.stopPropagation();
                  leaveOut('leaveOutTrials', [row]);
                }}
              >
                <Icon name={byHand.includes(row) ? 'reset' : 'close'} size={10} />
              </button>
            ),
          },
        ]
      : []),
  ];
  const why = (left ?? [])
    .filter(({ what }) => what === 'trial')
    .map((part) => `${part.why}: ${rowsText(part.rows)}`)
    .join('; ');
  if (!rows) return <p className="t3 pad">Reading {table.path}…</p>;
  return (
    <>
      <RowsTable
        label={table.path}
        columns={whole}
        rows={listed}
        picked={isTrials ? picked : undefined}
        isOff={(row) => hidden.has(row)}
        onPick={(trial) => isTrials && select({ trial }, 'step trial')}
      />
      <div className="tablefoot">
        <span className="st">
          {count(table.rows - hidden.size)} of {counted(table.rows, isTrials ? 'trial' : 'row')}
        </span>
        <span className="t3" title={why}>
          {isTrials ? why : ''}
        </span>
        {hidden.size > 0 && (
          <button type="button" className="link" aria-pressed={showsHidden} onClick={() => setShowsHidden(!showsHidden)}>
            {showsHidden ? 'Hide' : 'Show'}
          </button>
        )}
      </div>
    </>
  );
}

interface Dot {
  readonly name: string;
  readonly colour: string;
}

/** Name and colour of a condition; undefined where it is none. */
function dotOf(key: ConditionKey | undefined, theme: 'light' | 'dark', condition: number | undefined): Dot | undefined {
  const name = condition === undefined ? undefined : key?.names[condition];
  return name === undefined ? undefined : { name, colour: conditionColour(theme, key, condition!) };
}

function textOf(value: number | string | undefined, kind: string, isTime: boolean): string {
  if (value === undefined || value === '' || (typeof value === 'number' && Number.isNaN(value))) return '–';
  if (typeof value === 'string') return value;
  if (kind === 'boolean') return value === 1 ? 'yes' : 'no';
  return isTime ? value.toFixed(2) : valueText(value);
}

/** Start, condition, moments inside the trial, then what tells trials apart. */
function columnsOf(
  rows: TableRows,
  table: TableSummary,
  group: string | undefined,
  dot: (row: number) => Dot | undefined,
): readonly RowsColumn[] {
  const shown = rows.columns.filter(({ name }) => name !== 'id' && name !== 'stop_time');
  const isCommon = (name: string): boolean => (table.columns.find((column) => column.name === name)?.missing ?? 0) < table.rows / 2;
  const telling = (name: string): boolean => (table.columns.find((column) => column.name === name)?.distinct ?? 2) > 1;
  const ranked = [
    ...shown.filter(({ isTime, name }) => isTime && name === 'start_time'),
    ...shown.filter(({ name }) => name === group),
    ...shown.filter(({ isTime, name }) => isTime && name !== 'start_time' && isCommon(name) && !/target|stim|cue_on/.test(name)),
    ...shown.filter(({ isTime, name, kind }) => !isTime && name !== group && kind !== 'number' && telling(name)),
    ...shown.filter(({ isTime, name, kind }) => !isTime && name !== group && kind === 'number' && telling(name)),
    ...shown.filter(({ isTime, name }) => isTime && name !== 'start_time' && (!isCommon(name) || /target|stim|cue_on/.test(name))),
  ];
  return ranked.map((column): RowsColumn => {
    const { name, kind, isTime, values } = column;
    const title = `${name.replace(/_time$/, '').replaceAll('_', ' ')}${isTime ? ', s' : ''}`;
    const isGroup = name === group;
    const isNumeric = kind === 'number' && !isGroup;
    return {
      id: name,
      title: title.charAt(0).toUpperCase() + title.slice(1),
      width: isTime ? Math.max(62, 16 + 6.2 * title.length) : isGroup ? 80 : 74,
      isNumeric,
      order: (row) => values[row] ?? '',
      cell: (row) => {
        const text = textOf(values[row], kind, isTime);
        const condition = isGroup ? dot(row) : undefined;
        return condition === undefined ? (
          text
        ) : (
          <>
            <i className="key" style={{ background: condition.colour }} />
            {condition.name}
          </>
        );
      },
    };
  });
}
