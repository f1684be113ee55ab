// What of a run goes out of the window beside figures: its outputs as data, the project as a report, its methods as text.

import type { FigureRequest } from '../../src-worker/contract/api.ts';
import type { Settings } from '../../src-worker/contract/params.ts';
import { attempt } from './actions.ts';
import { deliver, host } from './connection.ts';
import { branchSettings, searchSettings, useDynamics } from './dynamics-state.ts';
import { listenTo } from './progress.ts';
import { get, set } from './store.ts';

const FIGURE = 'figure';

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

/** A downloaded file lies where the browser puts it: lines that load it name the file alone. */
const local = (lines: string): string =>
  get().hello?.mode === 'desktop' ? lines : lines.replaceAll(/(['"])[^'"\n]*[\\/]([^'"\\/\n]+)\1/g, '$1$2$1');

/** Rates, factors, inputs and initial conditions of the run in view, read back before it is said; undefined where the user cancels. */
export async function exportData(exporter: string, settings: Settings, trials: string): Promise<Written | undefined> {
  const { project, run, catalogue } = get();
  const format = catalogue?.exporters.find(({ id }) => id === exporter);
  if (!project || !run || !format) return undefined;
  // Of several runs of a project each has a file of its own.
  const out = await host.saveTarget(`${project.name}-${run.model}-seed-${run.seed}.${format.extension}`);
  if (out === undefined) return undefined;
  const only = trials.trim() === '' ? {} : { trials: trials.trim() };
  const { files, names, load } = await host.export({ project: project.path, run: run.id, exporter, out, settings, ...only }, 'export');
  for (const [place, file] of files.entries()) await deliver(file, names[place]!);
  const blocks = load.map(({ language, lines }) => ({ title: `Load it in ${language}`, text: local(lines) }));
  return { title: `${format.title}: written and read back`, files: names, blocks };
}

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

/** Writes a view as a figure, or as a movie, and saves it. */
export const exportFigure = (
  extension: string,
  { widthMm, heightMm, dpi, movie }: Pick<FigureRequest, 'widthMm' | 'heightMm' | 'dpi' | 'movie'>,
): Promise<void> =>
  attempt(async () => {
    const { project, run, draft } = get();
    if (!project || !run) return;
    const name = `${draft.view}.${extension}`;
    const out = await host.saveTarget(name);
    if (out === undefined) return;
    const doing = `Writing ${name}`;
    set({ busy: { doing, done: 0 } });
    const page = { widthMm, dpi, ...(heightMm === undefined ? {} : { heightMm }), ...(movie ? { movie } : {}) };
    const deaf = listenTo(FIGURE, ({ done }) => set({ busy: { doing, done } }));
    const request = { project: project.path, run: run.id, ...draft, width: 1, height: 1, out, ...page };
    const written = await host.figure(request, FIGURE).finally(deaf);
    await deliver(written.path, name);
  });

/** Stops writing a figure; there is no file then. */
export const stopFigure = (): Promise<void> => host.cancel(FIGURE);

/** Writes points, eigenvalues, modes and vectors of the search to a file: HDF5, or a table of points as CSV. */
export const exportPoints = (extension: 'h5' | 'csv'): Promise<void> =>
  exported('fixed-points', extension, searchSettings(useDynamics.getState()));

/** The same of branches, a row for each step. */
export const exportBranches = (extension: 'h5' | 'csv'): Promise<void> =>
  exported('continuation', extension, branchSettings(useDynamics.getState()));

const exported = (analysis: string, extension: 'h5' | 'csv', settings: Settings): Promise<void> =>
  attempt(async () => {
    const { project, run } = get();
    if (!project || !run) return;
    const name = `${analysis}.${extension}`;
    const out = await host.saveTarget(name);
    if (out === undefined) return;
    set({ busy: { doing: `Writing ${name}`, done: 0 } });
    const asked = { project: project.path, run: run.id, analysis, settings };
    await host.analyze({ ...asked, out }, 'dynamics export');
    await deliver(out, name);
  });
