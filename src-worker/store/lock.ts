// Who may write to a project: one process at a time, named in a file. The lock of a process that died on this computer is taken over.

import fs from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { discard, writeWhole } from './files.ts';

export interface LockOwner {
  readonly host: string;
  readonly process: number;
  /** When that process started, in the kernel's ticks, where the system tells: process numbers are used again. */
  readonly started: number;
  /** When it took the lock. */
  readonly time: string;
}

const LOCK = 'lock';
/** Projects that this process holds, by path: a lock with our own number that is not among them is a dead namesake's. */
const held = new Set<string>();

/** Start of a process in ticks since boot (field 22 of /proc/PID/stat), 0 where it cannot be told. */
function startOf(pid: number): number {
  try {
    const stat = fs.readFileSync(`/proc/${pid}/stat`, 'utf8');
    // The name in brackets may hold spaces: fields are counted after its end.
    return Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19]) || 0;
  } catch {
    return 0;
  }
}

function runs(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // EPERM: it runs under another user.
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}

function ownerOf(path: string): LockOwner | undefined {
  try {
    const owner: unknown = JSON.parse(fs.readFileSync(join(path, LOCK), 'utf8'));
    if (typeof owner !== 'object' || owner === null) return undefined;
    const { host, process: pid, started, time } = owner as Record<string, unknown>;
    if (typeof host !== 'string' || typeof pid !== 'number' || typeof started !== 'number' || typeof time !== 'string') return undefined;
    return { host, process: pid, started, time };
  } catch {
    return undefined;
  }
}

function alive(owner: LockOwner, path: string): boolean {
  if (owner.host !== hostname()) return true;
  if (owner.process === process.pid) return held.has(path);
  if (!runs(owner.process)) return false;
  const started = startOf(owner.process);
  return owner.started === 0 || started === 0 || owner.started === started;
}

/**
 * Takes the lock of the project at `path`, or answers with who has it. Two that ask at once must not both find a dead owner:
 * the caller holds SQLite's write lock on the index meanwhile.
 */
export function takeLock(path: string): LockOwner | undefined {
  const owner = ownerOf(path);
  if (owner !== undefined && alive(owner, path)) return owner;
  const mine: LockOwner = { host: hostname(), process: process.pid, started: startOf(process.pid), time: new Date().toISOString() };
  writeWhole(join(path, LOCK), `${JSON.stringify(mine)}\n`, join(path, `${LOCK}.${process.pid}.tmp`));
  held.add(path);
  return undefined;
}

/** Gives the lock back, if this process has it. Where its file cannot be removed, the next opening finds its owner gone. */
export function releaseLock(path: string): void {
  if (!held.delete(path)) return;
  const owner = ownerOf(path);
  if (owner?.process === process.pid && owner.host === hostname()) discard(join(path, LOCK));
}
