// Does what a repair beside a warning says; undone by Ctrl Z.

import { setData } from '../../state/form.ts';
import { leaveOut } from '../../state/look.ts';
import { remember } from '../../state/selection.ts';
import type { Repair } from './warnings.ts';

export function mend({ leaveOutUnits, setting }: Repair): void {
  if (leaveOutUnits) leaveOut('leaveOutUnits', leaveOutUnits);
  if (!setting) return;
  remember();
  setData(setting.name, setting.value);
}
