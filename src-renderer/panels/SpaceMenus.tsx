// Menus of Explore that hold for all of its panels: which trials are shown, and views kept under names in the project.

import { Popover } from '@mantine/core';
import { useState } from 'react';
import { offersOf } from '../forms/offers.ts';
import { setTrials } from '../state/explore.ts';
import { aboutView, keepView, spaceViews, takeView, viewNow } from '../state/kept-views.ts';
import { useStore } from '../state/store.ts';
import { KeptMenu } from '../ui/KeptMenu.tsx';
import { Icon } from '../ui/icons.tsx';

/** Only trials that fit, such as direction=3: in every panel, in figures and in exports. */
export function TrialFilter() {
  const trials = useStore((state) => state.trials);
  const recording = useStore((state) => state.recording?.summary);
  const intervals = useStore((state) => state.data.intervals);
  const [isOpen, setOpen] = useState(false);
  const [text, setText] = useState('');
  const open = (): void => {
    setText(trials ?? '');
    setOpen(!isOpen);
  };
  const go = (next: string): void => {
    setTrials(next);
    setOpen(false);
  };
  const columns = offersOf('trial-columns', recording, intervals);
  return (
    <Popover opened={isOpen} onChange={setOpen} trapFocus returnFocus withinPortal position="bottom-end" shadow="md" width={264}>
      <Popover.Target>
        <button type="button" className="select plain" aria-expanded={isOpen} title={trials ?? 'All trials are shown'} onClick={open}>
          {trials === undefined ? 'All trials' : 'Some trials'}
          <Icon name="down" size={10} />
        </button>
      </Popover.Target>
      <Popover.Dropdown>
        <div className="kept" role="dialog" aria-label="Trials that are shown">
          <div className="acts">
            <span className="num">
              <input
                data-autofocus
                aria-label="Only trials with"
                placeholder="all"
                value={text}
                onChange={(event) => setText(event.currentTarget.value)}
                onKeyDown={(event) => event.key === 'Enter' && go(text)}
              />
            </span>
            <button type="button" className="btn sm" onClick={() => go(text)}>
              Show
            </button>
          </div>
          <p className="hint">
            Conditions on columns, commas between: {columns[0] ? `${columns[0]}=…` : 'success=true'}. They hold in every panel, figure and
            export; averages and components are then of these trials alone
          </p>
          {columns.length > 0 && <p className="hint">Columns: {columns.join(', ')}</p>}
          {trials !== undefined && (
            <button type="button" className="link" onClick={() => go('')}>
              Show all trials
            </button>
          )}
        </div>
      </Popover.Dropdown>
    </Popover>
  );
}

/** The large panel as it is now, under a name: the command line and figures draw it by that name too. */
export function KeptViews() {
  const project = useStore((state) => state.project);
  const catalogue = useStore((state) => state.catalogue?.views);
  if (!project) return undefined;
  const inSpace = (project.views ?? []).filter(({ view }) => spaceViews.some((known) => known === view));
  return (
    <KeptMenu
      title="Views"
      items={inSpace.map(({ name, ...kept }) => ({
        name,
        note: catalogue?.find(({ id }) => id === kept.view)?.title ?? kept.view,
        about: aboutView(kept),
      }))}
      none="None yet: turn, choose and colour, then keep it under a name"
      hint={
        project.readOnly
          ? 'This project is open elsewhere and only read here'
          : 'Camera, conditions, colours, time and trials, as they are now'
      }
      canKeep={!project.readOnly}
      onTake={(name) => {
        const view = inSpace.find((one) => one.name === name);
        if (view) takeView(view);
      }}
      onKeep={(name) => keepView(name, viewNow())}
      onForget={(name) => keepView(name)}
    />
  );
}
