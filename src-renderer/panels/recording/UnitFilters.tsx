// Filters of units, each over the distribution that it cuts.

import { useEffect, useMemo, useState } from 'react';
import type { Settings } from '../../../src-worker/contract/params.ts';
import { setData } from '../../state/form.ts';
import { remember } from '../../state/selection.ts';
import { useStore } from '../../state/store.ts';
import { boundsOf, boundsText, type ColumnRows, histogramOf, shareIn, valueAt, valuesOfFilter, withFilter } from './filters.ts';

const MOST_VALUES = 4;

const filtersOf = ({ units }: Settings): readonly string[] => (Array.isArray(units) ? units.map(String) : []);

/** Moving one handle is one gesture, however many steps it takes. */
function setFilters(filters: readonly string[], column: string): void {
  remember(`filter ${column}`);
  setData('units', filters.length > 0 ? filters : undefined);
}

export function UnitFilters({ columns }: { readonly columns: readonly ColumnRows[] }) {
  const numeric = columns.filter(({ kind, values, name }) => kind === 'number' && name !== 'spikes' && values.length > 1);
  const rate = numeric.find(({ name }) => name === 'rate');
  const quality = numeric.find(({ name }) => /isol|snr|quality|amplitude|presence|isi/i.test(name) && !/id$/i.test(name));
  const shown = [rate, quality].filter((column) => column !== undefined);
  const text = columns.find(({ name, kind }) => name === 'area' && kind === 'text');
  return (
    <div className="filters">
      {shown.map((column) => (
        <Bounds key={column.name} column={column} unit={column.name === 'rate' ? 'Hz' : ''} />
      ))}
      {text && <Values column={text} />}
    </div>
  );
}

const titleOf = (name: string): string => name.charAt(0).toUpperCase() + name.slice(1).replaceAll('_', ' ');

function Bounds({ column, unit }: { readonly column: ColumnRows; readonly unit: string }) {
  const filters = filtersOf(useStore((state) => state.data));
  const spread = useMemo(() => (column.values instanceof Float64Array ? histogramOf(column.values) : undefined), [column]);
  const bounds = boundsOf(filters, column.name);
  const [shares, setShares] = useState<readonly [number, number]>([0, 1]);
  const set = spread && `${bounds.low} ${bounds.high}`;
  useEffect(() => {
    if (spread)
      setShares([bounds.low === undefined ? 0 : shareIn(spread, bounds.low), bounds.high === undefined ? 1 : shareIn(spread, bounds.high)]);
  }, [spread, set]);
  if (!spread) return undefined;
  const drafted = {
    ...(shares[0] > 0 ? { low: valueAt(spread, shares[0]) } : {}),
    ...(shares[1] < 1 ? { high: valueAt(spread, shares[1]) } : {}),
  };
  const commit = (): void => {
    const low = drafted.low === undefined ? undefined : String(drafted.low);
    const high = drafted.high === undefined ? undefined : String(drafted.high);
    const next = withFilter(withFilter(filters, column.name, '>=', low), column.name, '<=', high);
    if (next.join() !== filters.join()) setFilters(next, column.name);
  };
  const most = Math.max(...spread.counts);
  const handle = (end: 0 | 1) => (
    <input
      type="range"
      min={0}
      max={1}
      step={0.01}
      value={shares[end]}
      aria-label={`${titleOf(column.name)}, ${end === 0 ? 'least' : 'most'}`}
      aria-valuetext={boundsText(drafted, unit)}
      onChange={({ currentTarget: { valueAsNumber } }) =>
        setShares(
          end === 0 ? [Math.min(valueAsNumber, shares[1] - 0.02), shares[1]] : [shares[0], Math.max(valueAsNumber, shares[0] + 0.02)],
        )
      }
      onPointerUp={commit}
      onKeyUp={commit}
      onBlur={commit}
    />
  );
  return (
    <div className="f">
      <div className="l">
        <span>{titleOf(column.name)}</span>
        <span className="st">{boundsText(drafted, unit)}</span>
      </div>
      <div className="spread">
        <svg viewBox={`0 0 ${spread.counts.length} 20`} preserveAspectRatio="none" aria-hidden="true">
          {spread.counts.map((count, k) => {
            const place = (k + 0.5) / spread.counts.length;
            const height = most > 0 ? (18 * count) / most : 0;
            return (
              <rect
                key={k}
                className={place >= shares[0] && place <= shares[1] ? 'in' : 'out'}
                x={k + 0.06}
                y={20 - height}
                width={0.88}
                height={height}
              />
            );
          })}
        </svg>
        {handle(0)}
        {handle(1)}
      </div>
    </div>
  );
}

function Values({ column }: { readonly column: ColumnRows }) {
  const filters = filtersOf(useStore((state) => state.data));
  const values = useMemo(() => [...new Set(Array.from(column.values, String))].filter((value) => value !== '').sort(), [column]);
  const chosen = valuesOfFilter(filters, column.name) ?? values;
  if (values.length < 2 || values.length > MOST_VALUES) return undefined;
  const toggle = (value: string): void => {
    const next = chosen.includes(value)
      ? chosen.filter((other) => other !== value)
      : values.filter((other) => chosen.includes(other) || other === value);
    if (next.length > 0)
      setFilters(withFilter(filters, column.name, '=', next.length === values.length ? undefined : next.join('|')), column.name);
  };
  return (
    <fieldset className="f">
      <legend>{titleOf(column.name)}</legend>
      {values.map((value) => (
        <label key={value}>
          <input
            type="checkbox"
            checked={chosen.includes(value)}
            disabled={chosen.length === 1 && chosen[0] === value}
            onChange={() => toggle(value)}
          />
          {value}
        </label>
      ))}
    </fieldset>
  );
}
