// The network left alone over data that it never saw, unit after unit.

import { useMemo, useState } from 'react';
import { useStore } from '../../state/store.ts';
import { Picture } from './Cell.tsx';

/** Units side by side. */
const SHOWN = 4;

export function FreeRun({ isReady }: { readonly isReady: boolean }) {
  const perUnit = useStore((state) => state.run?.report?.perUnit);
  const units = useMemo(() => perUnit?.map(({ unit }) => unit) ?? [], [perUnit]);
  const [first, setFirst] = useState(0);
  const move = (by: number): void => setFirst(Math.max(0, Math.min(units.length - SHOWN, first + by)));
  const shown = units.slice(first, first + SHOWN);
  return (
    <section className="panel bt" data-view="free-run" aria-label="Free run over data">
      <div className="head">
        <h2>Free run over data</h2>
        <span className="sub">averages of trials kept from training (thin); the network started at the first bin (thick, cut at 0 Hz)</span>
        <div className="right">
          <span className="t3">
            Units {first + 1} to {first + shown.length} of {units.length}
          </span>
          <button type="button" className="btn sm" aria-label="Units before" disabled={first === 0} onClick={() => move(-SHOWN)}>
            ←
          </button>
          <button
            type="button"
            className="btn sm"
            aria-label="Units after"
            disabled={first + SHOWN >= units.length}
            onClick={() => move(SHOWN)}
          >
            →
          </button>
        </div>
      </div>
      <div className="cells units">{isReady && shown.map((unit) => <UnitCell key={unit} unit={unit} />)}</div>
    </section>
  );
}

function UnitCell({ unit }: { readonly unit: number }) {
  const settings = useMemo(() => ({ unit }), [unit]);
  return <Picture view="free-run" title={`Unit ${unit}`} settings={settings} />;
}
