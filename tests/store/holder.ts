// Holds a project open for writing until it is killed: says `open` or `reading` on standard output.

import { openProject } from '../../src-worker/store/index.ts';

const project = await openProject(process.argv[2], { create: true });
process.stdout.write(project.readOnly ? 'reading\n' : 'open\n');
setInterval(() => {}, 1000);
