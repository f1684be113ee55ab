// A menu of what the user keeps under names: take one up, forget one, keep what there is now.

import { Popover } from '@mantine/core';
import { useState } from 'react';
import { Icon } from './icons.tsx';

export interface KeptItem {
  readonly name: string;
  /** Beside the name. */
  readonly note: string;
  /** What it holds, in the tooltip. */
  readonly about: string;
}

interface Props {
  readonly title: string;
  readonly items: readonly KeptItem[];
  /** Said where there is none. */
  readonly none: string;
  /** Said below the name to be given. */
  readonly hint: string;
  readonly canKeep: boolean;
  readonly onTake: (name: string) => void;
  readonly onKeep: (name: string) => void;
  readonly onForget: (name: string) => void;
}

export function KeptMenu({ title, items, none, hint, canKeep, onTake, onKeep, onForget }: Props) {
  const [isOpen, setOpen] = useState(false);
  const [name, setName] = useState('');
  const keep = (): void => {
    if (name.trim() === '' || !canKeep) return;
    onKeep(name.trim());
    setName('');
  };
  return (
    <Popover opened={isOpen} onChange={setOpen} trapFocus returnFocus withinPortal position="bottom-end" shadow="md" width={264}>
      <Popover.Target>
        <button type="button" className="select plain" aria-expanded={isOpen} onClick={() => setOpen(!isOpen)}>
          {title}
          <Icon name="down" size={10} />
        </button>
      </Popover.Target>
      <Popover.Dropdown>
        <div className="kept" role="dialog" aria-label={title}>
          {items.length === 0 && <p className="t3">{none}</p>}
          <ul>
            {items.map((item) => (
              <li key={item.name}>
                <button
                  type="button"
                  className="item"
                  title={item.about}
                  onClick={() => {
                    onTake(item.name);
                    setOpen(false);
                  }}
                >
                  <span>{item.name}</span>
                  <i>{item.note}</i>
                </button>
                <button
                  type="button"
                  className="ib"
                  aria-label={`Forget ${item.name}`}
                  title={`Forget ${item.name}`}
                  onClick={() => onForget(item.name)}
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
                value={name}
                onChange={(event) => setName(event.currentTarget.value)}
                onKeyDown={(event) => event.key === 'Enter' && keep()}
              />
            </span>
            <button type="button" className="btn sm" disabled={name.trim() === '' || !canKeep} onClick={keep}>
              Keep
            </button>
          </div>
          <p className="hint">{hint}</p>
        </div>
      </Popover.Dropdown>
    </Popover>
  );
}
