// Tables of intervals, signals, and what else the file holds, in tabs.

import { useId, useState } from 'react';
import type { RecordingSummary, TableSummary, UnitMeans } from '../../../src-worker/contract/recording.ts';
import type { ConditionKey } from '../../../src-worker/scene/scene.ts';
import { trialTable } from '../../forms/offers.ts';
import { useStore } from '../../state/store.ts';
import { count } from '../../ui/format.ts';
import { FileTree, Signals } from './FileContents.tsx';
import { IntervalRows } from './IntervalRows.tsx';

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
          <IntervalRows key={table.path} table={table} isTrials={table === trials} conditions={conditions} means={means} />
        ) : tab.id === 'signals' ? (
          <Signals summary={summary} />
        ) : (
          <FileTree summary={summary} />
        )}
      </div>
    </section>
  );
}
