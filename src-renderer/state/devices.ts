// What can compute here, tried by a step of one small model when somebody wants to know.

import { create } from 'zustand';
import type { DeviceInfo } from '../../src-worker/contract/api.ts';
import { attempt } from './actions.ts';
import { host } from './connection.ts';

interface Devices {
  readonly tried?: readonly DeviceInfo[] | undefined;
  readonly isTrying: boolean;
}

export const useDevices = create<Devices>()(() => ({ isTrying: false }));

/** Tries every device; who asks meanwhile waits for the same answer. */
export async function tryDevices(): Promise<void> {
  if (useDevices.getState().isTrying) return;
  useDevices.setState({ isTrying: true });
  await attempt(async () => useDevices.setState({ tried: await host.devices() }));
  useDevices.setState({ isTrying: false });
}
