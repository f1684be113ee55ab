// A disk that fails, tears or dies at its n-th call: it stands in for node:fs and SQLite while some work runs.

import fs from 'node:fs';
import { DatabaseSync, StatementSync } from 'node:sqlite';

/** `fail`: one call says that the disk is full. `tear`: a write is cut short, then all is over. `die`: from this call on nothing works. */
export type Fault = 'fail' | 'tear' | 'die';

type Call = (...args: unknown[]) => unknown;

const FILE_CALLS = [
  'openSync',
  'writeSync',
  'writeFileSync',
  'fsyncSync',
  'ftruncateSync',
  'closeSync',
  'renameSync',
  'unlinkSync',
  'mkdirSync',
] as const;
const DATABASE_CALLS = [
  [DatabaseSync.prototype, 'exec'],
  [StatementSync.prototype, 'run'],
] as const;

const noSpace = () => Object.assign(new Error('ENOSPC: no space left on device'), { code: 'ENOSPC' });

/** Runs `work` on a disk whose `at`-th call (from 0) goes wrong. Answers with how many calls there were and whether `work` failed. */
export async function onBadDisk(
  fault: Fault,
  at: number,
  work: () => Promise<unknown>,
): Promise<{ readonly calls: number; readonly error: unknown }> {
  let calls = 0;
  const undo: (() => void)[] = [];
  /** Whether this call goes wrong. */
  const bad = (): boolean => {
    const index = calls++;
    return index === at || (fault !== 'fail' && index > at);
  };
  const replace = (target: object, name: string, make: (original: Call) => Call) => {
    const holder = target as Record<string, Call>;
    const original = holder[name];
    holder[name] = make(original);
    undo.push(() => {
      holder[name] = original;
    });
  };
  for (const name of FILE_CALLS)
    replace(
      fs,
      name,
      (original) =>
        function (this: unknown, ...args) {
          const first = calls === at;
          if (!bad()) return original.apply(this, args);
          if (name === 'closeSync') original.apply(this, args);
          if (fault === 'tear' && first && name === 'writeSync') {
            const bytes = args[1] as Uint8Array;
            const [offset, length, position] = [Number(args[2] ?? 0), Number(args[3] ?? bytes.length), args[4]];
            original.call(this, args[0], bytes, offset, Math.floor(length / 2), position);
          }
          if (fault === 'tear' && first && name === 'writeFileSync') original.call(this, args[0], String(args[1]).slice(0, 5));
          throw noSpace();
        },
    );
  replace(
    fs,
    'fsync',
    (original) =>
      function (this: unknown, ...args) {
        if (!bad()) return original.apply(this, args);
        return (args[1] as (error: Error) => void)(noSpace());
      },
  );
  for (const [prototype, name] of DATABASE_CALLS)
    replace(
      prototype,
      name,
      (original) =>
        function (this: unknown, ...args) {
          // A process that died rolls nothing back itself; SQLite does it at the next opening.
          if (args[0] !== 'ROLLBACK' && bad()) throw new Error(fault === 'fail' ? 'database or disk is full' : 'disk I/O error');
          return original.apply(this, args);
        },
    );
  let error: unknown;
  try {
    await work();
  } catch (caught) {
    error = caught;
  } finally {
    for (const restore of undo) restore();
  }
  return { calls, error };
}
