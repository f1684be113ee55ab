// One set-up at a time: a folder that only one process can make, given up when its maker is gone.

import { mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

/** A maker that has not yet written its number is believed to be alive for this long. */
const GRACE_MS = 5000;

/** @param {number} pid */
function isAlive(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error.code === 'EPERM';
  }
}

/** @param {string} folder */
function isAbandoned(folder) {
  try {
    return !isAlive(Number(readFileSync(join(folder, 'pid'), 'utf8')));
  } catch {
    try {
      return Date.now() - statSync(folder).mtimeMs > GRACE_MS;
    } catch {
      return false;
    }
  }
}

/**
 * Runs `work` while no other process runs under the same lock; `waiting` is called once if it has to wait.
 * @template T
 * @param {string} folder
 * @param {() => Promise<T>} work
 * @param {() => void} [waiting]
 * @returns {Promise<T>}
 */
export async function withLock(folder, work, waiting = () => {}) {
  mkdirSync(dirname(folder), { recursive: true });
  let told = false;
  for (;;) {
    try {
      mkdirSync(folder);
      break;
    } catch (error) {
      if (error.code !== 'EEXIST') throw error;
    }
    if (isAbandoned(folder)) {
      rmSync(folder, { recursive: true, force: true });
      continue;
    }
    if (!told) waiting();
    told = true;
    await sleep(200);
  }
  writeFileSync(join(folder, 'pid'), String(process.pid));
  const release = () => rmSync(folder, { recursive: true, force: true });
  process.once('exit', release);
  try {
    return await work();
  } finally {
    process.off('exit', release);
    release();
  }
}
