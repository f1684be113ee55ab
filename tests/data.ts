// Where tests on real recordings find them: the folder that ORRERY_TEST_DATA names; they skip with a message where it is absent.

import { existsSync } from 'node:fs';
import { resolve } from 'node:path';

const folder = resolve(import.meta.dirname, '..', process.env.ORRERY_TEST_DATA ?? '../shared/data');

/** The path of a test recording, or undefined where it is not there. */
export function realData(name: string): string | undefined {
  const path = resolve(folder, name);
  if (existsSync(path)) return path;
  console.warn(`Skipped: no ${name} in ${folder}. Set ORRERY_TEST_DATA to the folder of test recordings.`);
  return undefined;
}
