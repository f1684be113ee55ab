// The network left alone over data that it never saw, unit after unit, the best predicted first.

import { useMediaQuery } from '@mantine/hooks';
import { useMemo, useState } from 'react';
import type { ConditionKey as Key, Scene } from '../../../src-worker/scene/scene.ts';
import { ConditionKey } from '../../stage/ConditionKey.tsx';
import { useStore } from '../../state/store.ts';
import { asSmall } from '../fit/quality.ts';
import { Picture } from './Cell.tsx';

/** Units side by side, and where there is little room. */
const SHOWN = 5;
const FEW = 3;

export function FreeRun({ isReady }: { readonly isReady: boolean }) {
  const perUnit = useStore((state) => state.run?.report?.perUnit);
  const units = useMemo(() => [...(perUnit ?? [])].sort((a, b) => b.bitsPerSpike - a.bitsPerSpike).map(({ unit }) => unit), [perUnit]);
  const isNarrow = useMediaQuery('(max-width: 75em)');
  const [first, setFirst] = useState(0);
  const [key, setKey] = useState<Key | undefined>();
  const most = isNarrow ? FEW : SHOWN;
  const move = (by: number): void => setFirst(Math.max(0, Math.min(units.length - most, first + by)));
  const shown = units.slice(first, first + most);
  return (
    <section className="panel bt" data-view="free-run" aria-label="Free run over data">
      <div className="head">
        <h2>Free run over data</h2>
        <span
          className="sub"
          title="Averages of trials kept from training (thin); the network started at the first bin (thick, cut at 0 Hz); pVar of the network, and that of averages of training trials"
        >
          thin, trials kept from training; thick, the network from its first bin on; pVar of that of training averages
        </span>
        <div className="right">
          <span className="t3">
            {first + 1} to {first + shown.length} of {units.length}
          </span>
          <button type="button" className="keycap" aria-label="Units before" disabled={first === 0} onClick={() => move(-most)}>
            ←
          </button>
          <button
            type="button"
            className="keycap"
            aria-label="Units after"
            disabled={first + most >= units.length}
            onClick={() => move(most)}
          >
            →
          </button>
        </div>
      </div>
      <div className="runs">
        {isReady && shown.map((unit, place) => <UnitCell key={unit} unit={unit} {...(place === 0 ? { onKey: setKey } : { as: bare })} />)}
        {key && (
          <div className="key">
            <ConditionKey of={key} isSmall />
          </div>
        )}
      </div>
    </section>
  );
}

/** The first says what its number is; the others have the number alone. */
const bare = (scene: Scene): Scene => ({ ...asSmall(scene), subtitle: scene.subtitle.replace(/^pVar /, '') });

interface UnitProps {
  readonly unit: number;
  readonly as?: (scene: Scene) => Scene;
  readonly onKey?: (key: Key | undefined) => void;
}

function UnitCell({ unit, as = asSmall, onKey }: UnitProps) {
  const settings = useMemo(() => ({ unit }), [unit]);
  return <Picture view="free-run" title={`Unit ${unit}`} settings={settings} as={as} {...(onKey ? { onKey } : {})} />;
}
