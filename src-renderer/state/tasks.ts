// The model of the run in view, run on another recording.

import type { FileEntry } from '../../src-worker/contract/page.ts';
import type { Settings } from '../../src-worker/contract/params.ts';
import type { FitReport } from '../../src-worker/contract/run.ts';
import { attempt } from './actions.ts';
import { deliver, host } from './connection.ts';
import { get, set } from './store.ts';

const isDesktop = (): boolean => get().hello?.mode === 'desktop';

/** Runs the model of the run in view on trials of a recording; what it infers is kept, and written where a format is named. */
export async function inferOn(recording: FileEntry, data: Settings, extension: string | undefined): Promise<FitReport | undefined> {
  const { project, run } = get();
  if (!project || !run) return undefined;
  const name = `${recording.name.replace(/\.[^.]+$/, '')}-inferred.${extension}`;
  const out = extension === undefined ? undefined : await host.saveTarget(name);
  if (extension !== undefined && out === undefined) return undefined;
  const request = { project: project.path, run: run.id, recording: recording.grant, data, ...(out === undefined ? {} : { out }) };
  const report = await host.infer(request, 'infer');
  if (out !== undefined) await deliver(out, name);
  return report;
}

/** Lets the user name the recording that the model is to be run on. */
export function chooseForModel(): void {
  if (!isDesktop()) {
    set({ dialog: 'open-for-model' });
    return;
  }
  attempt(async () => {
    const entry = await host.choose('recording');
    if (entry) set({ inferOn: entry });
  });
}
