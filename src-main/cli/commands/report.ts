// `orrery report` and `orrery methods`: a project as a page, and a run as a paragraph for a paper.

import { defineParams } from '../../../src-worker/contract/params.ts';
import { valuesOf } from '../../../src-worker/contract/settings.ts';
import { resolvePath } from '../arguments.ts';
import { bytes } from '../format.ts';
import { addOptions, settingsOf } from '../options.ts';
import type { AddCommand } from '../program.ts';
import { withJob } from '../session.ts';

const runParams = defineParams({
  run: { kind: 'text', label: 'Run', help: 'a run’s id, latest (finished) or best', default: 'latest', tier: 'common' },
});

export function addReport(add: AddCommand): void {
  const command = add.command('report <project>', 'Write a project as one page: main views, numbers, methods and citations');
  add.required(command, '-o, --out <file>', 'the page, *.html');
  add.action(command, async (session, [folder], values) => {
    const { folder: here } = session.terminal;
    const request = { project: resolvePath(here, folder), out: resolvePath(here, String(values.out)) };
    const written = await withJob(session, 'Report', (job) => session.api.report(request, job));
    const { path, runs, pictures } = written;
    return {
      json: written,
      text: `${path}, ${bytes(written.bytes)}: ${pictures} pictures of ${runs.length} run${runs.length === 1 ? '' : 's'}`,
    };
  });
}

export function addMethods(add: AddCommand): void {
  const command = add.command('methods <project>', 'Say how a run was made, as the methods section of a paper does');
  const own = addOptions(command, runParams, { heading: 'Input', prefix: 'input' });
  add.action(command, async (session, [folder], values) => {
    const { run } = valuesOf(runParams, settingsOf(runParams, own, values));
    const ref = { project: resolvePath(session.terminal.folder, folder), run };
    const { id } = await session.api.run(ref);
    const methods = await withJob(session, 'Methods', (job) => session.api.methods({ ...ref, run: id }, job));
    const listed = methods.references.map((reference, place) => `[${place + 1}] ${reference}`);
    return { json: { run: id, ...methods }, text: [methods.text, ...(listed.length > 0 ? ['', ...listed] : [])].join('\n') };
  });
}
