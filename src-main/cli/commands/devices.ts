// `orrery devices`: what can compute here, tried by a test step.

import { score, table } from '../format.ts';
import type { AddCommand } from '../program.ts';

export function addDevices(add: AddCommand): void {
  const command = add.command('devices', 'Say what can compute here, and how fast');
  add.action(command, async ({ api }) => {
    const devices = await api.devices();
    const rows = devices.map(({ id, name, available, reason, stepMs }) => [id, available ? 'yes' : 'no', name, score(stepMs), reason]);
    return { json: devices, text: table(['device', 'here', 'name', 'step, ms', 'reason'], rows) };
  });
}
