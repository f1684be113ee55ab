// Lets the window and the answering thread go first while a thread computes.

import { readlinkSync } from 'node:fs';
import { constants, setPriority } from 'node:os';

/** Lowers the priority of the calling thread, where the system knows threads by number (Linux); elsewhere it changes nothing. */
export function yieldCores(): void {
  if (process.platform !== 'linux') return;
  try {
    // /proc/thread-self leads to PID/task/TID of the thread that asks.
    const thread = Number(readlinkSync('/proc/thread-self').split('/').at(-1));
    if (Number.isInteger(thread)) setPriority(thread, constants.priority.PRIORITY_BELOW_NORMAL);
  } catch {
    // A system that forbids it runs the thread as it is.
  }
}
