// Settings of the model under names of the user's: kept here, taken up again for any recording.

import { Popover } from '@mantine/core';
import { useEffect, useState } from 'react';
import type { Preset } from '../../../src-worker/contract/page.ts';
import { attempt, takePreset } from '../../state/actions.ts';
import { host } from '../../state/connection.ts';
import { useStore } from '../../state/store.ts';
import { counted } from '../../ui/format.ts';
import { Icon } from '../../ui/icons.tsx';

export function Presets() {
  const { model, settings, joined } = useStore();
  const [isOpen, setOpen] = useState(false);
  const [all, setAll] = useState<readonly Preset[]>([]);
  const [name, setName] = useState('');
  useEffect(() => {
    if (joined) attempt(async () => setAll(await host.presets()));
  }, [joined]);
  const own = all.filter((preset) => preset.model === model);
  const changed = Object.keys(settings).length;
  const keep = (preset: Pick<Preset, 'model' | 'name'> & Partial<Preset>): Promise<void> =>
    attempt(async () => setAll(await host.keepPreset(preset)));
  const keepThese = (): void => {
    if (name.trim() === '' || changed === 0) return;
    keep({ model, name: name.trim(), settings });
    setName('');
  };
  return (
    <Popover opened={isOpen} onChange={setOpen} trapFocus returnFocus withinPortal position="bottom-end" shadow="md" width={264}>
      <Popover.Target>
        <button type="button" className="select plain" aria-expanded={isOpen} onClick={() => setOpen(!isOpen)}>
          Presets
          <Icon name="down" size={10} />
        </button>
      </Popover.Target>
      <Popover.Dropdown>
        <div className="presets" role="dialog" aria-label="Presets">
          {own.length === 0 && <p className="t3">None yet for this model: change values below and keep them under a name</p>}
          <ul>
            {own.map((preset) => (
              <li key={preset.name}>
                <button
                  type="button"
                  className="item"
                  title={Object.entries(preset.settings)
                    .map(([key, value]) => `${key} ${String(value)}`)
                    .join(', ')}
                  onClick={() => {
                    takePreset(preset);
                    setOpen(false);
                  }}
                >
                  <span>{preset.name}</span>
                  <i>{counted(Object.keys(preset.settings).length, 'value')}</i>
                </button>
                <button
                  type="button"
                  className="ib"
                  aria-label={`Forget ${preset.name}`}
                  title={`Forget ${preset.name}`}
                  onClick={() => keep({ model, name: preset.name })}
                >
                  <Icon name="close" size={10} />
                </button>
              </li>
            ))}
          </ul>
          <div className="acts">
            <span className="num">
              <input
                aria-label="Name of the preset"
                placeholder="Name"
                value={name}
                onChange={(event) => setName(event.currentTarget.value)}
                onKeyDown={(event) => event.key === 'Enter' && keepThese()}
              />
            </span>
            <button type="button" className="btn sm" disabled={name.trim() === '' || changed === 0} onClick={keepThese}>
              Keep
            </button>
          </div>
          <p className="hint">
            {changed === 0
              ? 'Nothing is changed, so there is nothing to keep'
              : `${counted(changed, 'changed value')}; what is chosen for the data is chosen anew each time`}
          </p>
        </div>
      </Popover.Dropdown>
    </Popover>
  );
}
