// The model's PSTH over the data's, for six units at a time, on validation trials.

import { minus } from '../../../src-worker/contract/minus.ts';
import { useEffect, useMemo, useRef, useState } from 'react';
import { followed } from '../../../src-worker/scene/follow.ts';
import { PlaneStage } from '../../stage/PlaneStage.tsx';
import { host } from '../../state/connection.ts';
import { followOf, select } from '../../state/selection.ts';
import { useStore } from '../../state/store.ts';
import { score } from '../../ui/format.ts';
import { useAsked } from '../recording/use-asked.ts';
import { asSmall, psthR2 } from './quality.ts';
import { FailureInfo } from '../FailureInfo.tsx';

export const SMALL = 6;
/** While a fit runs its pictures follow the best step no faster than this. */
const FOLLOW_EVERY_MS = 15_000;

const style = { ownsConditions: true } as const;

interface Props {
  /** Rows of units in the order in which they are stepped through. */
  readonly units: readonly number[];
  readonly bits: ReadonlyMap<number, number>;
  /** Trials that the averages are of: those that judge. */
  readonly split: 'validation' | 'test';
}

export function UnitMultiples({ units, bits, split }: Props) {
  const picked = useStore((state) => state.selection.unit);
  const at = Math.max(0, picked === undefined ? 0 : units.indexOf(picked));
  const from = Math.floor(at / SMALL) * SMALL;
  const best = useSettledBest();
  return (
    <div className="multiples">
      {units.slice(from, from + SMALL).map((unit, k) => (
        <Small key={`${k}`} place={k} unit={unit} best={best} bits={bits.get(unit)} split={split} isPicked={unit === picked} />
      ))}
    </div>
  );
}

function useSettledBest(): string {
  const best = useStore((state) => `${state.run?.id} ${state.run?.state} ${state.run?.bestStep}`);
  const isRunning = useStore((state) => state.run?.state === 'running');
  const [settled, setSettled] = useState(best);
  const last = useRef(0);
  useEffect(() => {
    const wait = isRunning ? Math.max(0, last.current + FOLLOW_EVERY_MS - performance.now()) : 0;
    const timer = setTimeout(() => {
      last.current = performance.now();
      setSettled(best);
    }, wait);
    return () => clearTimeout(timer);
  }, [best, isRunning]);
  return settled;
}

interface SmallProps {
  readonly place: number;
  readonly unit: number;
  readonly best: string;
  readonly bits: number | undefined;
  readonly split: Props['split'];
  readonly isPicked: boolean;
}

function Small({ place, unit, best, bits, split, isPicked }: SmallProps) {
  const project = useStore((state) => state.project?.path);
  const run = useStore((state) => state.run?.id);
  const { hidden, names, colours } = useStore((state) => state.selection);
  const key = project === undefined || run === undefined ? undefined : JSON.stringify([project, run, best, unit, split]);
  const { value, failure } = useAsked(`fit unit ${place}`, key, (job) =>
    host.scene({ project: project!, run: run!, view: 'psth', settings: { unit, trials: split }, width: 320, height: 200 }, job),
  );
  const shown = useMemo(() => value && followed(asSmall(value), followOf({ hidden, names, colours })), [value, hidden, names, colours]);
  const r2 = useMemo(() => value && psthR2(value), [value]);
  return (
    <div className={isPicked ? 'small on' : 'small'}>
      {place % 3 === 0 && <span className="unit-of">Hz</span>}
      <button
        type="button"
        aria-pressed={isPicked}
        title={`Unit ${unit}, ${split} trials: thick, the model; thin, spikes`}
        onClick={() => select({ unit }, 'step unit')}
      >
        <b>Unit {unit}</b>
        {bits !== undefined && (
          <span>
            {score(bits).replace(/(\.\d\d)\d$/, '$1')} <span className="words">bits per spike</span>
          </span>
        )}
        {r2 !== undefined && <span>R² {minus(r2.toFixed(2))}</span>}
      </button>
      {failure ? (
        <FailureInfo failure={failure} />
      ) : shown ? (
        <PlaneStage scene={shown} style={style} />
      ) : (
        <p className="t3 pad">On its way…</p>
      )}
    </div>
  );
}
