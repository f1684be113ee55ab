// The units of a recording: filters, a table with each unit's mean about the event, and what is hidden and why.

import { Menu } from '@mantine/core';
import { useMemo, useState } from 'react';
import type { RecordingSummary, TableRows, UnitMeans } from '../../../src-worker/contract/recording.ts';
import type { LeftOut } from '../../../src-worker/contract/run.ts';
import { leaveOut, leftOut } from '../../state/look.ts';
import { select } from '../../state/selection.ts';
import { useStore } from '../../state/store.ts';
import { count, counted } from '../../ui/format.ts';
import { Icon } from '../../ui/icons.tsx';
import { RowsTable, type RowsColumn } from '../../ui/RowsTable.tsx';
import { Sparkline } from './Sparkline.tsx';
import { rowsText, type RowWarning } from './warnings.ts';
import { UnitFilters } from './UnitFilters.tsx';

interface Props {
  readonly summary: RecordingSummary;
  readonly rows: TableRows | undefined;
  readonly means: UnitMeans | undefined;
  readonly warnings: ReadonlyMap<number, RowWarning>;
  /** The unit whose pictures are shown. */
  readonly picked: number | undefined;
  onOrder(rows: readonly number[]): void;
}

const MOST_SHOWN = 3;

const cellText = (value: number | string): string =>
  typeof value === 'string'
    ? value
    : Number.isNaN(value)
      ? '–'
      : Number.isInteger(value)
        ? count(value)
        : value.toFixed(Math.abs(value) < 0.1 ? 3 : 1);

export function UnitsPanel({ summary, rows, means, warnings, picked, onOrder }: Props) {
  const left = useStore((state) => state.preview?.dataset.left);
  const data = useStore((state) => state.data);
  const [showsHidden, setShowsHidden] = useState(false);
  const [chosen, setChosen] = useState<readonly string[] | undefined>();
  const all = useMemo(
    () => rows?.columns.filter(({ name }) => !/^(id|spike_times|obs_intervals|electrodes|waveform.*)$/.test(name)) ?? [],
    [rows],
  );
  const shown = chosen ?? firstColumns(all.map(({ name }) => name));
  const hidden = useMemo(() => new Set((left ?? []).filter(({ what }) => what === 'unit').flatMap((part) => part.rows)), [left]);
  const total = rows?.rows ?? (summary.units > 0 ? summary.units : (means?.unitRows.length ?? 0));
  const every = useMemo(() => (rows ? Array.from({ length: total }, (_, row) => row) : [...(means?.unitRows ?? [])]), [rows, means, total]);
  const listed = useMemo(() => (showsHidden ? every : every.filter((row) => !hidden.has(row))), [showsHidden, every, hidden]);
  const places = useMemo(() => new Map(Array.from(means?.unitRows ?? [], (row, place) => [row, place])), [means]);
  const byHand = leftOut(data, 'leaveOutUnits');
  const columns: readonly RowsColumn[] = [
    { id: 'unit', title: 'Unit', width: 54, isNumeric: true, cell: (row) => <span className="st">{row}</span>, order: (row) => row },
    ...shown.flatMap((name): readonly RowsColumn[] => {
      const column = all.find((one) => one.name === name);
      if (!column) return [];
      const isNumeric = column.values instanceof Float64Array;
      const title = `${name.charAt(0).toUpperCase()}${name.slice(1).replaceAll('_', ' ')}${name === 'rate' ? ', Hz' : ''}`;
      return [
        {
          id: name,
          title,
          width: isNumeric ? 64 : 56,
          isNumeric,
          cell: (row) => cellText(column.values[row] ?? '–'),
          order: (row) => column.values[row] ?? '',
        },
      ];
    }),
    {
      id: 'mean',
      title: 'Mean rate',
      cell: (row) => <Sparkline means={means} place={places.get(row)} isPicked={row === picked} />,
    },
    {
      id: 'signs',
      title: 'Signs',
      isUntitled: true,
      width: 30,
      cell: (row) => {
        const warning = warnings.get(row);
        if (byHand.includes(row))
          return (
            <button
              type="button"
              className="ib"
              tabIndex={-1}
              title={`Bring unit ${row} back`}
              onClick={() => leaveOut('leaveOutUnits', [row])}
            >
              <Icon name="reset" />
            </button>
          );
        return (
          warning && (
            <span className={`sign ${warning.kind}`} title={warning.text}>
              <Icon name="warn" />
              <span className="unseen">{warning.text}</span>
            </span>
          )
        );
      },
    },
  ];
  return (
    <section className="panel units" aria-label="Units">
      <div className="head">
        <h2>Units</h2>
        <span className="sub">{count(total)}</span>
        <div className="right">
          {all.length > MOST_SHOWN && (
            <Menu position="bottom-end" closeOnItemClick={false}>
              <Menu.Target>
                <button type="button" className="pick">
                  <i>Columns</i>
                  {shown.length + 1} of {all.length + 1}
                  <Icon name="down" size={10} />
                </button>
              </Menu.Target>
              <Menu.Dropdown>
                {all.map(({ name }) => (
                  <Menu.Item
                    key={name}
                    role="menuitemcheckbox"
                    aria-checked={shown.includes(name)}
                    leftSection={shown.includes(name) ? <Icon name="check" /> : <span className="blank" />}
                    onClick={() =>
                      setChosen(
                        shown.includes(name)
                          ? shown.filter((other) => other !== name)
                          : all.map((one) => one.name).filter((one) => one === name || shown.includes(one)),
                      )
                    }
                  >
                    {name}
                  </Menu.Item>
                ))}
              </Menu.Dropdown>
            </Menu>
          )}
        </div>
      </div>
      {rows && <UnitFilters columns={all} />}
      <RowsTable
        label="Units"
        columns={columns}
        rows={listed}
        picked={picked}
        isOff={(row) => hidden.has(row)}
        onPick={(unit) => select({ unit }, 'step unit')}
        onOrder={onOrder}
      />
      <div className="tablefoot">
        <span className="st">
          {count(total - hidden.size)} of {counted(total, 'unit')}
        </span>
        <span className="t3" title={hiddenText(left)}>
          {hiddenText(left)}
        </span>
        {hidden.size > 0 && (
          <button type="button" className="link" aria-pressed={showsHidden} onClick={() => setShowsHidden(!showsHidden)}>
            {showsHidden ? 'Hide' : 'Show'}
          </button>
        )}
      </div>
    </section>
  );
}

/** Area, rate, and what speaks of quality. */
function firstColumns(names: readonly string[]): readonly string[] {
  const wanted = [names.includes('area') ? /^area$/ : /location|region/i, /^rate$/i, /isol|snr/i, /quality|label|group/i];
  const found = wanted.flatMap((pattern) => names.filter((name) => pattern.test(name)).slice(0, 1));
  return names.filter((name) => found.includes(name)).slice(0, MOST_SHOWN + 1);
}

function hiddenText(left: readonly LeftOut[] | undefined): string {
  const parts = (left ?? []).filter(({ what }) => what === 'unit');
  return parts.map(({ why, rows }) => `${why}: ${rowsText(rows)}`).join('; ');
}
