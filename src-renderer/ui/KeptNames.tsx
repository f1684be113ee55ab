// What the user keeps under names: take one up, forget one, keep what there is now. It stands in a menu or in a panel.

import { useState } from 'react';
import { Icon } from './icons.tsx';

export interface KeptItem {
  readonly name: string;
  /** Beside the name. */
  readonly note: string;
  /** What it holds, in the tooltip. */
  readonly about?: string;
}

export interface KeptProps {
  readonly items: readonly KeptItem[];
  /** Said where there is none. */
  readonly none: string;
  /** Said below the name to be given. */
  readonly hint?: string | undefined;
  readonly canKeep: boolean;
  readonly canForget?: boolean;
  readonly onTake: (name: string) => void;
  readonly onKeep: (name: string) => void;
  readonly onForget: (name: string) => void;
}

export function KeptNames({ items, none, hint, canKeep, canForget = true, onTake, onKeep, onForget }: KeptProps) {
  const [typed, setName] = useState('');
  const name = typed.trim();
  const keep = (): void => {
    if (name === '' || !canKeep) return;
    onKeep(name);
    setName('');
  };
  return (
    <div className="kept">
      {items.length === 0 && <p className="t3">{none}</p>}
      <ul>
        {items.map(({ name: known, note, about }) => (
          <li key={known}>
            <button type="button" className="item" title={about} onClick={() => onTake(known)}>
              <span>{known}</span>
              <i>{note}</i>
            </button>
            <button
              type="button"
              className="ib"
              aria-label={`Forget ${known}`}
              title={`Forget ${known}`}
              disabled={!canForget}
              onClick={() => onForget(known)}
            >
              <Icon name="close" size={10} />
            </button>
          </li>
        ))}
      </ul>
      <div className="acts">
        <span className="num">
          <input
            aria-label="Name to keep it under"
            placeholder="Name"
            value={typed}
            onChange={(event) => setName(event.currentTarget.value)}
            onKeyDown={(event) => event.key === 'Enter' && keep()}
          />
        </span>
        <button type="button" className="btn sm" disabled={name === '' || !canKeep} onClick={keep}>
          {items.some((item) => item.name === name) ? 'Replace' : 'Keep'}
        </button>
      </div>
      {hint !== undefined && <p className="hint">{hint}</p>}
    </div>
  );
}
