// A long table: only the rows in sight are in the page. Rows are picked by mouse and by arrow keys; columns sort.

import { type KeyboardEvent, type ReactNode, useEffect, useRef, useState } from 'react';
import { px } from './letters.ts';
import { widthsIn } from './widths.ts';

export interface RowsColumn {
  readonly id: string;
  readonly title: string;
  /** The whole of a title that is short for it. */
  readonly about?: string;
  /** Its title is for those who hear the page alone. */
  readonly isUntitled?: boolean;
  /** Width in px; without it the column takes what is left. */
  readonly width?: number;
  readonly isNumeric?: boolean;
  cell(row: number): ReactNode;
  /** What rows are sorted by; without it the column does not sort. */
  order?(row: number): number | string;
}

interface Props {
  readonly label: string;
  readonly columns: readonly RowsColumn[];
  /** Rows of the file's table, in the order of the file. */
  readonly rows: readonly number[];
  readonly picked: number | undefined;
  isOff(row: number): boolean;
  onPick(row: number): void;
  /** Hears the order in which rows stand, for keys that step through them. */
  onOrder?(rows: readonly number[]): void;
}

const viewOf = ({ scrollTop: top, clientHeight: height, clientWidth: width }: HTMLElement) => ({ top, height, width });

const ROW_PX = px(24);
const BEYOND = 8;

export function RowsTable({ label, columns, rows, picked, isOff, onPick, onOrder }: Props) {
  const place = useRef<HTMLDivElement>(null);
  const [sort, setSort] = useState<{ readonly id: string; readonly up: boolean }>({ id: columns[0]?.id ?? '', up: true });
  const [view, setView] = useState({ top: 0, height: 600, width: 0 });
  const sorted = inOrder(rows, columns.find(({ id }) => id === sort.id)?.order, sort.up);
  const key = sorted.join(' ');
  useEffect(() => onOrder?.(sorted), [key]);
  useEffect(() => {
    const element = place.current;
    if (!element) return;
    const observer = new ResizeObserver(() => setView(viewOf(element)));
    observer.observe(element);
    return () => observer.disconnect();
  }, []);
  const at = picked === undefined ? -1 : sorted.indexOf(picked);
  useEffect(() => {
    const element = place.current;
    if (!element || at < 0) return;
    const [top, bottom] = [at * ROW_PX, (at + 2) * ROW_PX];
    if (top < element.scrollTop) element.scrollTop = top;
    else if (bottom > element.scrollTop + element.clientHeight) element.scrollTop = bottom - element.clientHeight;
  }, [at]);
  const first = Math.max(0, Math.floor(view.top / ROW_PX) - BEYOND);
  const last = Math.min(sorted.length, Math.ceil((view.top + view.height) / ROW_PX) + BEYOND);
  const widths = widthsIn(
    view.width,
    columns.map(({ width }) => (width === undefined ? undefined : px(width))),
  );
  const press = (event: KeyboardEvent): void => {
    const by = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : 0;
    const to = event.key === 'Home' ? 0 : event.key === 'End' ? sorted.length - 1 : Math.min(sorted.length - 1, Math.max(0, at + by));
    if (sorted.length === 0 || (by === 0 && event.key !== 'Home' && event.key !== 'End')) return;
    event.preventDefault();
    event.stopPropagation();
    onPick(sorted[to]!);
  };
  return (
    <div className="scroll rows" ref={place} onScroll={(event) => setView(viewOf(event.currentTarget))}>
      {/* biome-ignore lint/a11y/noNoninteractiveElementToInteractiveRole: rows are picked, so the table is a grid */}
      <table role="grid" aria-label={label} aria-rowcount={sorted.length + 1} tabIndex={0} onKeyDown={press}>
        <colgroup>
          {columns.map(({ id }, k) => (
            <col key={id} {...(widths[k] === undefined ? {} : { width: widths[k] })} />
          ))}
        </colgroup>
        <thead>
          <tr>
            {columns.map(({ id, title, about = title, isNumeric, isUntitled, order }) => (
              <th
                key={id}
                className={isNumeric ? 'n' : ''}
                title={about}
                aria-sort={sort.id === id && order ? (sort.up ? 'ascending' : 'descending') : undefined}
              >
                {order ? (
                  <button type="button" tabIndex={-1} onClick={() => setSort({ id, up: sort.id === id ? !sort.up : true })}>
                    {title}
                    {sort.id === id ? (sort.up ? ' ↑' : ' ↓') : ''}
                  </button>
                ) : (
                  <span className={isUntitled ? 'unseen' : ''}>{title}</span>
                )}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {first > 0 && <Space rows={first} columns={columns.length} />}
          {sorted.slice(first, last).map((row, k) => (
            <tr
              key={row}
              aria-rowindex={first + k + 2}
              aria-selected={row === picked}
              className={`${row === picked ? 'on' : ''} ${isOff(row) ? 'off' : ''}`}
              data-row={row}
              onClick={() => onPick(row)}
            >
              {columns.map(({ id, isNumeric, cell }) => (
                <td key={id} className={isNumeric ? 'n' : ''}>
                  {cell(row)}
                </td>
              ))}
            </tr>
          ))}
          {last < sorted.length && <Space rows={sorted.length - last} columns={columns.length} />}
        </tbody>
      </table>
    </div>
  );
}

/** Height of rows that are out of sight. */
const Space = ({ rows, columns }: { readonly rows: number; readonly columns: number }) => (
  // biome-ignore lint/a11y/noAriaHiddenOnFocusable: an empty row holds nothing that takes the focus
  <tr className="space" aria-hidden="true">
    <td colSpan={columns} style={{ height: rows * ROW_PX }} />
  </tr>
);

function inOrder(rows: readonly number[], order: ((row: number) => number | string) | undefined, up: boolean): readonly number[] {
  if (!order) return rows;
  const sign = up ? 1 : -1;
  const compare = (a: number | string, b: number | string): number => {
    if (typeof a === 'number' && typeof b === 'number')
      return Number.isNaN(a) || Number.isNaN(b) ? Number(Number.isNaN(a)) - Number(Number.isNaN(b)) : sign * (a - b);
    return sign * String(a).localeCompare(String(b));
  };
  return [...rows].sort((a, b) => compare(order(a), order(b)) || a - b);
}
