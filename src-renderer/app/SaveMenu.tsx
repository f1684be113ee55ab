// What can be taken away: the run's data, the project as a report, the methods text.

import { Menu } from '@mantine/core';
import { set, useStore } from '../state/store.ts';
import { cannotWrite, copyMethods, writeReport } from '../state/writing.ts';
import { Icon } from '../ui/icons.tsx';

export function SaveMenu() {
  const why = useStore(cannotWrite);
  return (
    <Menu position="bottom-end" shadow="md" width={280}>
      <Menu.Target>
        <button type="button" className="ib" title="Save data, report, methods" aria-label="Save">
          <Icon name="save" size={14} />
        </button>
      </Menu.Target>
      <Menu.Dropdown aria-label="Save">
        {why && <p className="t3 why-not">Saving {why}</p>}
        <Menu.Item disabled={why !== undefined} onClick={() => set({ task: 'export' })}>
          Data…
        </Menu.Item>
        <Menu.Item disabled={why !== undefined} rightSection={<span className="t3">.html</span>} onClick={writeReport}>
          Report of the project…
        </Menu.Item>
        <Menu.Item disabled={why !== undefined} onClick={copyMethods}>
          Copy methods text
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}
