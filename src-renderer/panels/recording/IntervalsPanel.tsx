// Tables of intervals, signals, and what else the file holds, in tabs. A trial is picked by a click and left out by E.

import { useId, useMemo, useState } from 'react';
import type { RecordingSummary, TableRows, TableSummary, UnitMeans } from '../../../src-worker/contract/recording.ts';
import { conditionColour } from '../../../src-worker/scene/palettes.ts';
import type { ConditionKey } from '../../../src-worker/scene/scene.ts';
import { trialTable } from '../../forms/offers.ts';
import { host } from '../../state/connection.ts';
import { leaveOut, leftOut, useLook } from '../../state/look.ts';
import { select } from '../../state/selection.ts';
import { useStore } from '../../state/store.ts';
import { bytes, count, counted, valueText } from '../../ui/format.ts';
import { Icon } from '../../ui/icons.tsx';
import { RowsTable, type RowsColumn } from '../../ui/RowsTable.tsx';
import { useAsked } from './use-asked.ts';
import { rowsText } from './warnings.ts';

interface Props {
  readonly summary: RecordingSummary;
  readonly conditions: ConditionKey | undefined;
  readonly means: UnitMeans | undefined;
}

const nameOf = ({ path }: TableSummary): string => {
  const words = path.split('/').at(-1)!.replaceAll('_', ' ');
  return words.charAt(0).toUpperCase() + words.slice(1);
};

export function IntervalsPanel({ summary, conditions, means }: Props) {
  const intervals = useStore((state) => state.data.intervals);
  const trials = trialTable(summary, intervals);
  const tables = [...(trials ? [trials] : []), ...summary.intervalTables.filter((table) => table !== trials)];
  const tabs = [
    ...tables.map((table) => ({ id: table.path, title: nameOf(table), count: table.rows as number | undefined })),
    ...(summary.signals.length > 0 ? [{ id: 'signals', title: 'Signals', count: summary.signals.length as number | undefined }] : []),
    { id: 'file', title: 'File', count: undefined },
  ];
  const [chosen, setChosen] = useState<string | undefined>();
  const base = useId();
  const tab = tabs.find(({ id }) => id === chosen) ?? tabs[0]!;
  const table = tables.find(({ path }) => path === tab.id);
  return (
    <section className="panel bt intervals" aria-label="Trials, signals and file">
      <div className="tabs" role="tablist" aria-label="What the file holds">
        {tabs.map(({ id, title, count: n }) => (
          <button
            type="button"
            role="tab"
            key={id}
            id={`${base}-${id}`}
            aria-selected={id === tab.id}
            aria-controls={`${base}-panel`}
            tabIndex={id === tab.id ? 0 : -1}
            onClick={() => setChosen(id)}
            onKeyDown={(event) => {
              const by = event.key === 'ArrowRight' ? 1 : event.key === 'ArrowLeft' ? -1 : 0;
              if (by === 0) return;
              event.preventDefault();
              event.stopPropagation();
              const next = tabs[(tabs.findIndex((one) => one.id === tab.id) + by + tabs.length) % tabs.length]!;
              setChosen(next.id);
              document.getElementById(`${base}-${next.id}`)?.focus();
            }}
          >
            {title}
            {n !== undefined && <span>{count(n)}</span>}
          </button>
        ))}
      </div>
      <div className="fill" role="tabpanel" id={`${base}-panel`} aria-labelledby={`${base}-${tab.id}`}>
        {table ? (
          <Intervals key={table.path} table={table} isTrials={table === trials} conditions={conditions} means={means} />
        ) : tab.id === 'signals' ? (
          <Signals summary={summary} />
        ) : (
          <FileTree summary={summary} />
        )}
      </div>
    </section>
  );
}

function Intervals({
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

/** Start, moments inside the trial, then what tells trials apart. */
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
    ...shown.filter(({ isTime, name }) => isTime && name !== 'start_time' && isCommon(name) && !/target|stim|cue_on/.test(name)),
    ...shown.filter(({ name }) => name === group),
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

function Signals({ summary }: { readonly summary: RecordingSummary }) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by keyboard
    <section className="scroll" tabIndex={0} aria-label="Signals">
      <table>
        <thead>
          <tr>
            <th>Signal</th>
            <th>Channels</th>
            <th className="n">Samples</th>
            <th className="n">Rate, Hz</th>
            <th>Unit</th>
          </tr>
        </thead>
        <tbody>
          {summary.signals.map((signal) => (
            <tr key={signal.path}>
              <td className="s" title={signal.path}>
                {signal.title || signal.path}
              </td>
              <td title={signal.channels.join(', ')}>{signal.channels.join(', ')}</td>
              <td className="n">{count(signal.samples)}</td>
              <td className="n">{signal.rateHz === undefined ? '–' : valueText(signal.rateHz)}</td>
              <td>{signal.unit}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}

interface Leaf {
  readonly path: string;
  readonly holds: string;
  readonly about: string;
}

/** Everything in the file as a list of paths: tables with their columns, signals, arrays, and what it says of itself. */
function FileTree({ summary }: { readonly summary: RecordingSummary }) {
  const tables = [...summary.unitTables, ...summary.intervalTables];
  const leaves: readonly Leaf[] = [
    ...tables.flatMap(({ path, rows, columns }) => [
      { path, holds: counted(rows, 'row'), about: '' },
      ...columns.map((column) => ({
        path: `${path}/${column.name}`,
        holds: column.isTime ? 'times, s' : column.kind,
        about: `${column.description}${column.missing > 0 ? `; ${counted(column.missing, 'row')} without` : ''}`,
      })),
    ]),
    ...summary.signals.map(({ path, samples, channels }) => ({ path, holds: `${count(samples)} × ${channels.length}`, about: '' })),
    ...summary.arrays.map(({ path, shape, type }) => ({ path, holds: `${shape.join(' × ')} ${type}`, about: '' })),
  ];
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by keyboard
    <section className="scroll tree" tabIndex={0} aria-label="Contents of the file">
      <dl>
        {[['Format', summary.format], ['Size', bytes(summary.bytes)], ...Object.entries(summary.metadata)].map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd title={value}>{value}</dd>
          </div>
        ))}
      </dl>
      <ul>
        {leaves.map(({ path, holds, about }) => {
          const depth = path.split('/').filter(Boolean).length;
          return (
            <li key={path} style={{ paddingLeft: 12 + 12 * Math.max(0, depth - 1) }} title={`${path} ${about}`}>
              <span className="st">{path.split('/').at(-1)}</span> <span className="t3">{holds}</span> <span className="t3">{about}</span>
            </li>
          );
        })}
      </ul>
    </section>
  );
}
