// The program's version, as package.json has it.

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { projectRoot } from './locate.ts';

export const version: string = JSON.parse(readFileSync(join(projectRoot, 'package.json'), 'utf8')).version;
