// A menu of what the user keeps under names.

import { Popover } from '@mantine/core';
import { useState } from 'react';
import { Icon } from './icons.tsx';
import { KeptNames, type KeptProps } from './KeptNames.tsx';

export function KeptMenu({ title, onTake, ...kept }: KeptProps & { readonly title: string }) {
  const [isOpen, setOpen] = useState(false);
  return (
    <Popover opened={isOpen} onChange={setOpen} trapFocus returnFocus withinPortal position="bottom-end" shadow="md" width={264}>
      <Popover.Target>
        <button type="button" className="select plain" aria-expanded={isOpen} onClick={() => setOpen(!isOpen)}>
          {title}
          <Icon name="down" size={10} />
        </button>
      </Popover.Target>
      <Popover.Dropdown>
        <div role="dialog" aria-label={title}>
          <KeptNames
            {...kept}
            onTake={(name) => {
              onTake(name);
              setOpen(false);
            }}
          />
        </div>
      </Popover.Dropdown>
    </Popover>
  );
}
