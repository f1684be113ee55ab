// Settings of the model under names of the user's: kept here, taken up again for any recording.

import { useEffect, useState } from 'react';
import type { Preset } from '../../../src-worker/contract/page.ts';
import { attempt } from '../../state/actions.ts';
import { takePreset } from '../../state/form.ts';
import { host } from '../../state/connection.ts';
import { useStore } from '../../state/store.ts';
import { KeptMenu } from '../../ui/KeptMenu.tsx';
import { counted } from '../../ui/format.ts';

export function Presets() {
  const { model, settings, joined } = useStore();
  const [all, setAll] = useState<readonly Preset[]>([]);
  useEffect(() => {
    if (joined) attempt(async () => setAll(await host.presets()));
  }, [joined]);
  const own = all.filter((preset) => preset.model === model);
  const changed = Object.keys(settings).length;
  const keep = (preset: Pick<Preset, 'model' | 'name'> & Partial<Preset>): Promise<void> =>
    attempt(async () => setAll(await host.keepPreset(preset)));
  return (
    <KeptMenu
      title="Presets"
      items={own.map((preset) => ({
        name: preset.name,
        note: counted(Object.keys(preset.settings).length, 'value'),
        about: Object.entries(preset.settings)
          .map(([key, value]) => `${key} ${String(value)}`)
          .join(', '),
      }))}
      none="None yet for this model: change values below and keep them under a name"
      hint={
        changed === 0
          ? 'Nothing is changed, so there is nothing to keep'
          : `${counted(changed, 'changed value')}; what is chosen for the data is chosen anew each time`
      }
      canKeep={changed > 0}
      onTake={(name) => {
        const preset = own.find((one) => one.name === name);
        if (preset) takePreset(preset);
      }}
      onKeep={(name) => keep({ model, name, settings })}
      onForget={(name) => keep({ model, name })}
    />
  );
}
