// What of a run goes out of the window beside figures: its outputs as data, the project as a report, its methods as text.

import { attempt } from './actions.ts';
import { deliver, host } from './connection.ts';
import { get, set } from './store.ts';

/** What was written: names of files, and lines of programs that load them; or text that can be copied. */
export interface Written {
  readonly title: string;
  readonly files: readonly string[];
  readonly blocks: readonly { readonly title: string; readonly text: string }[];
}

/** Why nothing can be written now. */
export const cannotWrite = ({ run }: Pick<ReturnType<typeof get>, 'run'>): string | undefined =>
  run === undefined ? 'needs a fit' : run.state === 'finished' ? undefined : 'comes when the fit is finished';

const named = (extension: string): string => `${get().project?.name ?? 'orrery'}.${extension.replace(/^\./, '')}`;

/** Rates, factors, inputs and initial conditions of the run in view, in a format of the catalogue; read back before it is said. */
export const exportData = (exporter: string): Promise<void> =>
  attempt(async () => {
    const { project, run, catalogue } = get();
    const format = catalogue?.exporters.find(({ id }) => id === exporter);
    if (!project || !run || !format) return;
    const name = named(format.extension);
    const out = await host.saveTarget(name);
    if (out === undefined) return;
    set({ busy: { doing: `Writing ${name}`, done: 0 } });
    const { files, names, load } = await host.export({ project: project.path, run: run.id, exporter, out, settings: {} }, 'export');
    for (const [place, file] of files.entries()) await deliver(file, names[place]!);
    const blocks = load.map(({ language, lines }) => ({ title: `Load it in ${language}`, text: lines }));
    set({ written: { title: `${format.title}: written and read back`, files: names, blocks } });
  });

/** The whole project as one page. */
export const writeReport = (): Promise<void> =>
  attempt(async () => {
    const { project } = get();
    if (!project) return;
    const name = named('html');
    const out = await host.saveTarget(name);
    if (out === undefined) return;
    set({ busy: { doing: `Writing ${name}`, done: 0 } });
    const report = await host.report({ project: project.path, out }, 'report');
    await deliver(report.path, name);
  });

/** The paragraph for a paper, in the window and on the clipboard. */
export const copyMethods = (): Promise<void> =>
  attempt(async () => {
    const { project, run } = get();
    if (!project || !run) return;
    const { text, references } = await host.methods({ project: project.path, run: run.id }, 'methods');
    const listed = references.map((reference, place) => `[${place + 1}] ${reference}`).join('\n');
    const whole = [text, listed].filter((part) => part !== '').join('\n\n');
    set({ written: { title: 'Methods text', files: [], blocks: [{ title: 'For a paper', text: whole }] } });
    await copyText(whole);
  });

/** Without leave for the clipboard the text stands in the window, where it can be picked. */
export const copyText = (text: string): Promise<void> => navigator.clipboard?.writeText(text).catch(() => {}) ?? Promise.resolve();
