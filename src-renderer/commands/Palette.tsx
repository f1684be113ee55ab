// The command palette: every command by a few letters of its name; what cannot be done now says why where its key would be.

import { Modal } from '@mantine/core';
import { useState } from 'react';
import { set, useStore } from '../state/store.ts';
import { Icon } from '../ui/icons.tsx';
import { type Command, commands } from './commands.ts';
import { found } from './search.ts';

const close = (): void => set({ isPaletteOpen: false });

export function Palette() {
  const isOpen = useStore((state) => state.isPaletteOpen);
  return (
    <Modal
      opened={isOpen}
      onClose={close}
      withCloseButton={false}
      padding={0}
      size={520}
      yOffset={88}
      attributes={{ content: { 'aria-label': 'Commands' } }}
    >
      {isOpen && <List />}
    </Modal>
  );
}

function List() {
  const [words, setWords] = useState('');
  const [at, setAt] = useState(0);
  const state = useStore();
  const all = commands
    .filter(({ isMove }) => !isMove)
    .map((command) => ({ command, hit: found(command.title, words), why: command.cannot?.(state) }))
    .filter(({ hit }) => hit !== undefined)
    // What can be done comes first; order is otherwise that of the table.
    .sort((a, b) => Number(a.why !== undefined) - Number(b.why !== undefined));
  const current = Math.min(at, all.length - 1);
  const run = ({ command, why }: { readonly command: Command; readonly why: string | undefined }): void => {
    if (why !== undefined) return;
    close();
    // The palette gives the focus back before the command may move it.
    setTimeout(() => command.run(), 0);
  };
  const keys = (event: React.KeyboardEvent): void => {
    if (event.key === 'ArrowDown') setAt((current + 1) % Math.max(1, all.length));
    else if (event.key === 'ArrowUp') setAt((current - 1 + all.length) % Math.max(1, all.length));
    else if (event.key === 'Enter' && all[current]) run(all[current]);
    else return;
    event.preventDefault();
  };
  return (
    <div className="palette">
      <div className="ask">
        <Icon name="search" size={14} />
        <input
          role="combobox"
          aria-label="Commands"
          aria-expanded="true"
          aria-controls="palette-list"
          aria-activedescendant={all[current] ? `command-${current}` : undefined}
          autoComplete="off"
          data-autofocus
          value={words}
          onChange={(event) => {
            setWords(event.currentTarget.value);
            setAt(0);
          }}
          onKeyDown={keys}
        />
        <kbd>Esc</kbd>
      </div>
      <div role="listbox" id="palette-list" aria-label="Commands" className="list" tabIndex={-1}>
        {all.map((entry, index) => (
          <div
            key={entry.command.id}
            id={`command-${index}`}
            role="option"
            tabIndex={-1}
            aria-selected={index === current}
            aria-disabled={entry.why !== undefined}
            className={index === current ? 'on' : ''}
            ref={(element) => {
              if (index === current) element?.scrollIntoView({ block: 'nearest' });
            }}
            onPointerMove={() => setAt(index)}
            onClick={() => run(entry)}
            onKeyDown={keys}
          >
            <span>{entry.hit?.map(([text, isHit], part) => (isHit ? <b key={part}>{text}</b> : text))}</span>
            <i>{entry.why ?? entry.command.keys?.[0]}</i>
          </div>
        ))}
        {all.length === 0 && <p className="t3 pad">No command has these letters</p>}
      </div>
    </div>
  );
}
