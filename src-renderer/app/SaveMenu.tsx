// What can be taken away: the run's data in every format, the project as a report, the methods text.

import { Menu } from '@mantine/core';
import { useStore } from '../state/store.ts';
import { cannotWrite, copyMethods, exportData, writeReport } from '../state/writing.ts';
import { Icon } from '../ui/icons.tsx';

export function SaveMenu() {
  const exporters = useStore((state) => state.catalogue?.exporters) ?? [];
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
        {exporters.map(({ id, title, extension }) => (
          <Menu.Item
            key={id}
            disabled={why !== undefined}
            rightSection={<span className="t3">.{extension.replace(/^\./, '')}</span>}
            onClick={() => exportData(id)}
          >
            Data as {title}…
          </Menu.Item>
        ))}
        <Menu.Divider />
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
