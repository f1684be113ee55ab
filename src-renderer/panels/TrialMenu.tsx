// What can be done with the trial under the pointer; what cannot be done now says why where its key would be.

import { Menu } from '@mantine/core';
import type { Scene } from '../../src-worker/scene/scene.ts';
import { commands } from '../commands/commands.ts';
import { lineOfTrial } from '../stage/picked-line.ts';
import { select } from '../state/selection.ts';
import { get } from '../state/store.ts';

export interface TrialMenuAt {
  readonly trial: number | undefined;
  readonly x: number;
  readonly y: number;
}

export function TrialMenu({
  at: { trial, x, y },
  scene,
  onClose,
}: {
  readonly at: TrialMenuAt;
  readonly scene: Scene;
  readonly onClose: () => void;
}) {
  const line = lineOfTrial(scene, trial);
  const onlyTrial = get().selection.onlyTrial;
  const none = trial === undefined ? 'no trial is picked' : undefined;
  const item = (title: string, why: string | undefined, key: string, run: () => void) => (
    <Menu.Item disabled={why !== undefined} rightSection={<span className="t3">{why ?? key}</span>} onClick={run}>
      {title}
    </Menu.Item>
  );
  const listed = (id: string, title?: string) => {
    const command = commands.find((one) => one.id === id);
    if (!command) return undefined;
    const why = title === undefined ? command.cannot?.(get()) : command.cannot?.({ ...get(), selection: { trial } });
    return item(title ?? command.title, why, command.keys?.[0] ?? '', () => {
      // What is under the pointer is meant, not what was picked before.
      if (title !== undefined && trial !== undefined) select({ trial });
      command.run();
    });
  };
  return (
    <Menu opened onClose={onClose} position="bottom-start" shadow="md" width={250}>
      <Menu.Target>
        <span className="menu-at" style={{ left: x, top: y }} />
      </Menu.Target>
      <Menu.Dropdown aria-label={trial === undefined ? 'Trajectories' : `Trial ${trial}`}>
        {onlyTrial === undefined
          ? item('Show only this trial', none, 'double-click', () => select({ trial, onlyTrial: trial }))
          : item('Show all trials', undefined, 'double-click', () => select({ onlyTrial: undefined }))}
        {item('Pick it', none, 'click', () => select({ trial, timeMs: get().selection.timeMs ?? 0 }))}
        <Menu.Divider />
        {listed('leave out', trial === undefined ? undefined : `Leave out trial ${trial}`)}
        <Menu.Divider />
        {item(
          'Copy its states, CSV',
          none ?? (line ? undefined : 'it has no line here'),
          '',
          () => line && navigator.clipboard.writeText(csvOf(scene, line)),
        )}
        {listed('figure')}
      </Menu.Dropdown>
    </Menu>
  );
}

const quoted = (text: string): string => (/[",\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);

/** Time and the three coordinates, a line a bin. */
function csvOf({ x, y, z }: Scene, line: NonNullable<ReturnType<typeof lineOfTrial>>): string {
  const head = ['time_ms', x.label, y.label, z?.label ?? 'z'].map(quoted).join(',');
  const rows = Array.from(line.x, (value, i) => [line.timeMs?.[i] ?? i, value, line.y[i], line.z?.[i] ?? 0].join(','));
  return [head, ...rows, ''].join('\n');
}
