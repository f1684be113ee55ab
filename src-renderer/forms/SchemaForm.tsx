// A form made of a parameter schema: common parameters shown, occasional and rare ones folded with their counts.

import { Fragment, useRef, useState } from 'react';
import type { Params, Settings, Tier, Value } from '../../src-worker/contract/params.ts';
import type { DatasetSummary } from '../../src-worker/contract/dataset.ts';
import type { RecordingSummary } from '../../src-worker/contract/recording.ts';
import type { Chosen } from '../../src-worker/contract/run.ts';
import { Icon } from '../ui/icons.tsx';
import { counted } from '../ui/format.ts';
import { Field } from './Field.tsx';
import { offersOf } from './offers.ts';

interface Props {
  readonly params: Params;
  readonly settings: Settings;
  readonly resolved?: Readonly<Record<string, Chosen>> | undefined;
  readonly recording?: RecordingSummary | undefined;
  /** What the recipe in hand makes of the recording. */
  readonly dataset?: DatasetSummary | undefined;
  readonly onChange: (name: string, value: Value | undefined) => void;
  /** Tiers open at first. */
  readonly open?: readonly Tier[];
  /** The common parameters stand without a heading. */
  readonly isPlain?: boolean;
  /** Stands after the common parameters, under a heading of its own. */
  readonly shows?: { readonly title: string; readonly content: React.ReactNode } | undefined;
}

const tiers: readonly { readonly tier: Tier; readonly title: string }[] = [
  { tier: 'common', title: 'Common' },
  { tier: 'occasional', title: 'Occasional' },
  { tier: 'rare', title: 'Rare' },
];

export function SchemaForm({ params, settings, resolved, recording, dataset, onChange, open = ['common'], isPlain = false, shows }: Props) {
  const current = (name: string): Value | undefined => settings[name] ?? resolved?.[name]?.value ?? params[name]?.default;
  // What was chosen before the user set a value is what the arrow back brings, and stands beside it.
  const before = useRef<Record<string, Chosen>>({});
  for (const [name, value] of Object.entries(resolved ?? {})) if (settings[name] === undefined) before.current[name] = value;
  const shown = Object.entries(params).filter(([, { when }]) => when === undefined || current(when.param) === when.is);
  return (
    <>
      {tiers.map(({ tier, title }) => {
        const names = shown.filter(([, param]) => param.tier === tier);
        if (names.length === 0) return undefined;
        const set = names.filter(([name]) => settings[name] !== undefined).length;
        const fields = names.map(([name, param]) => (
          <Field
            key={name}
            name={name}
            param={param}
            value={settings[name]}
            chosen={before.current[name]}
            offers={offersOf('offer' in param ? param.offer : undefined, recording, settings.intervals, dataset)}
            onChange={(value) => onChange(name, value)}
          />
        ));
        if (isPlain && tier === 'common')
          return (
            <div className="form" key={tier}>
              {fields}
            </div>
          );
        return (
          <Fragment key={tier}>
            <Fold
              title={title}
              startsOpen={open.includes(tier) || (set > 0 && !isPlain)}
              note={set > 0 ? `${set} changed of ${names.length}` : counted(names.length, 'parameter')}
            >
              <div className="form">{fields}</div>
            </Fold>
            {tier === 'common' && shows && (
              <Fold title={shows.title} startsOpen>
                {shows.content}
              </Fold>
            )}
          </Fragment>
        );
      })}
    </>
  );
}

function Fold({
  title,
  note,
  startsOpen,
  children,
}: {
  readonly title: string;
  readonly note?: string;
  readonly startsOpen: boolean;
  readonly children: React.ReactNode;
}) {
  const [isOpen, setOpen] = useState(startsOpen);
  return (
    <section className="tier">
      <button type="button" className="grp" aria-expanded={isOpen} onClick={() => setOpen(!isOpen)}>
        <span className={isOpen ? 'chevron open' : 'chevron'}>
          <Icon name="next" size={10} />
        </span>
        {title}
        {note && <small>{note}</small>}
      </button>
      {isOpen && children}
    </section>
  );
}
