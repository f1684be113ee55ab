// A recording just opened: what it holds, its units and trials, the picked unit's raster and PSTH, and the recipe that makes trials of it.

import { useEffect, useMemo, useRef, useState } from 'react';
import type { RecordingSummary } from '../../src-worker/contract/recording.ts';
import { chooseFile, show } from '../state/actions.ts';
import { host } from '../state/connection.ts';
import { beginLook, lookData, stepUnit, useLook } from '../state/look.ts';
import { setModel } from '../state/form.ts';
import { select } from '../state/selection.ts';
import { useSpoken } from '../state/spoken.ts';
import { get, useStore } from '../state/store.ts';
import { counted } from '../ui/format.ts';
import { holdsNetwork, mayHoldNetwork } from '../forms/suggest.ts';
import { NetworkScreen } from './dynamics/NetworkScreen.tsx';
import { Nothing } from './Nothing.tsx';
import { RecipeRail } from './RecipeRail.tsx';
import { IntervalsPanel } from './recording/IntervalsPanel.tsx';
import { Summary } from './recording/Summary.tsx';
import { UnitPictures } from './recording/UnitPictures.tsx';
import { UnitsPanel } from './recording/UnitsPanel.tsx';
import { useAsked, useDataScene } from './recording/use-asked.ts';
import { quietUnits, unitSigns } from './recording/warnings.ts';

export function RecordingScreen() {
  const summary = useStore((state) => state.recording?.summary);
  const [other, setOther] = useState<string | undefined>();
  // What it looks like, or the other thing where the user says so.
  const isNetwork = summary !== undefined && mayHoldNetwork(summary) && holdsNetwork(summary) === (other !== summary.identity);
  if (!summary)
    return (
      <Nothing
        text="The recording of this project is not where it was. Open it again to go on"
        action="Open…"
        onAction={() => chooseFile('recording')}
      />
    );
  const turn = (): void => {
    setOther(other === summary.identity ? undefined : summary.identity);
    if (isNetwork) setModel(useStore.getInitialState().model);
  };
  return isNetwork ? (
    <NetworkScreen summary={summary} onOther={turn} />
  ) : (
    // What is asked of one recording is no answer about another.
    <Opened key={summary.identity} summary={summary} {...(mayHoldNetwork(summary) ? { onOther: turn } : {})} />
  );
}

function Opened({ summary, onOther }: { readonly summary: RecordingSummary; readonly onOther?: () => void }) {
  const grant = useStore((state) => state.recording?.entry.grant);
  const recipe = useStore((state) => state.data);
  const dataset = useStore((state) => state.preview?.dataset);
  const picked = useStore((state) => state.selection.unit);
  const look = useLook();
  const order = useRef<readonly number[]>([]);
  const isBegun = look.identity === summary.identity;
  useEffect(() => beginLook(summary, get().data), [summary]);
  const data = useMemo(() => lookData(summary, recipe, look), [summary, recipe, look]);
  const key = isBegun && grant !== undefined ? JSON.stringify([grant, data]) : undefined;
  const { value: means, failure } = useAsked('unit means', key, (job) => host.unitMeans({ recording: grant!, data }, job));
  const told = useSpoken(failure);
  const table = summary.unitTables.find(({ path }) => path === recipe.unitsTable) ?? summary.unitTables[0];
  const { value: rows } = useAsked('rows units', table && grant !== undefined ? `${grant} ${table.path}` : undefined, (job) =>
    host.rows({ path: grant!, table: table!.path }, job),
  );
  const hidden = useMemo(
    () => new Set((dataset?.left ?? []).filter(({ what }) => what === 'unit').flatMap((part) => part.rows)),
    [dataset],
  );
  const quiet = useMemo(
    () => (dataset && recipe.rates === undefined ? quietUnits(means, dataset, hidden) : []),
    [means, dataset, recipe, hidden],
  );
  const signs = useMemo(() => unitSigns(dataset, quiet), [dataset, quiet]);
  const unit = picked ?? means?.unitRows.find((row) => !hidden.has(row)) ?? means?.unitRows[0];
  const raster = useDataScene(
    'raster',
    data,
    { unit: unit ?? 0, ...(look.sort === undefined ? {} : { sort: look.sort }) },
    unit !== undefined && isBegun,
  );
  const step = (by: 1 | -1): void => {
    if (get().selection.unit === undefined && unit !== undefined) select({ unit });
    stepUnit(order.current, by);
  };
  useKeys(step);
  return (
    <main className="look">
      <Summary summary={summary} dataset={dataset} {...(onOther ? { onOther } : {})} />
      <div className="work">
        <div className="left">
          <UnitsPanel
            summary={summary}
            rows={rows}
            means={means}
            warnings={signs}
            picked={unit}
            onOrder={(sorted) => {
              order.current = sorted;
            }}
          />
          <IntervalsPanel summary={summary} conditions={raster.value?.conditions} means={means} />
        </div>
        {unit === undefined ? (
          <section className="panel bl empty">
            <p className="t3">{failure ? `${told.sentence} ${told.hint}` : 'Counting spikes…'}</p>
          </section>
        ) : (
          <UnitPictures summary={summary} data={data} unit={unit} facts={factsOf(unit, rows)} raster={raster} onStep={step} />
        )}
        <RecipeRail quiet={quiet} />
      </div>
    </main>
  );
}

/** ↑ ↓ through units where nothing else wants the keys; Ctrl Enter makes the dataset. */
function useKeys(step: (by: 1 | -1) => void): void {
  const newest = useRef(step);
  newest.current = step;
  useEffect(() => {
    const press = (event: KeyboardEvent): void => {
      const target = event.target instanceof HTMLElement ? event.target : undefined;
      const isTaken = target?.closest('input, select, textarea, [role="grid"], [role="menu"], [role="dialog"], [role="tablist"]');
      const isPlain = !event.ctrlKey && !event.metaKey && !event.altKey && !event.shiftKey;
      if (event.defaultPrevented) return;
      if ((event.key === 'ArrowUp' || event.key === 'ArrowDown') && isPlain && !isTaken) newest.current(event.key === 'ArrowDown' ? 1 : -1);
      else if (event.key === 'Enter' && (event.ctrlKey || event.metaKey) && get().preview && !get().previewTrouble) show('Dataset');
      else return;
      event.preventDefault();
    };
    window.addEventListener('keydown', press);
    return () => window.removeEventListener('keydown', press);
  }, []);
}

/** 'M1, 16.2 Hz, 12,659 spikes, isolation 6.2'. */
function factsOf(
  unit: number,
  rows: { readonly columns: readonly { readonly name: string; readonly values: Float64Array | readonly string[] }[] } | undefined,
): string {
  const of = (name: string): number | string | undefined => rows?.columns.find((column) => column.name === name)?.values[unit];
  const [area, rate, spikes] = [of('area'), of('rate'), of('spikes')];
  return [
    area ? String(area) : '',
    typeof rate === 'number' ? `${rate.toFixed(1)} Hz` : '',
    typeof spikes === 'number' ? counted(spikes, 'spike') : '',
    ...['isolation', 'snr', 'quality'].flatMap((name) => {
      const value = of(name);
      return value === undefined || value === '' ? [] : [`${name} ${typeof value === 'number' ? value.toFixed(1) : value}`];
    }),
  ]
    .filter((part) => part !== '')
    .join(', ');
}
