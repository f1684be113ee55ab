// `orrery analyze`, `figure` and `export`: what is made of a finished run.

import type { AnalysisReport } from '../../../src-worker/contract/api.ts';
import type { Catalogue } from '../../../src-worker/contract/catalogue.ts';
import { movieParams, paperParams } from '../../../src-worker/contract/paper.ts';
import { defineParams, type Params } from '../../../src-worker/contract/params.ts';
import { valuesOf } from '../../../src-worker/contract/settings.ts';
import { resolvePath } from '../arguments.ts';
import { bytes, duration, figures, table } from '../format.ts';
import { addOptions, settingsOf } from '../options.ts';
import type { AddCommand } from '../program.ts';
import { withJob } from '../session.ts';

const POINTS_PER_MM = 72 / 25.4;
/** Height over width where none is asked for. */
const SHAPE = 0.75;

const runParams = defineParams({
  run: { kind: 'text', label: 'Run', help: 'a run’s id, latest (finished) or best', default: 'latest', tier: 'common' },
});

const stateParams = defineParams({
  state: {
    kind: 'choice',
    label: 'State',
    help: 'what is analysed, else what suits',
    choices: ['factors', 'rates', 'generator', 'counts'],
    tier: 'common',
  },
});

const trialParams = defineParams({
  trials: { kind: 'text', label: 'Trials', help: 'only those that fit, such as success=true', tier: 'common' },
});

const analyzeParams = defineParams({
  ...runParams,
  ...stateParams,
  ...trialParams,
  out: { kind: 'text', label: 'Out', help: 'writes the arrays to this file: HDF5, or a table where it ends in .csv', tier: 'common' },
});

const exportParams = defineParams({
  ...runParams,
  state: { ...stateParams.state, help: 'this output alone; --outputs names several', choices: ['factors', 'rates', 'generator'] },
  ...trialParams,
});

const figureParams = defineParams({
  ...runParams,
  ...trialParams,
  view: { kind: 'text', label: 'View', help: 'one kept in the project by name, drawn as it was', tier: 'common' },
  saveView: { kind: 'text', label: 'Save view', help: 'keeps this view in the project under a name', tier: 'occasional' },
  widthMm: { kind: 'number', label: 'Width', help: 'on paper', unit: 'mm', default: 89, min: 10, max: 2000, tier: 'common' },
  heightMm: {
    kind: 'number',
    label: 'Height',
    help: 'on paper, else three quarters of the width',
    unit: 'mm',
    min: 10,
    max: 2000,
    tier: 'common',
  },
  dpi: { kind: 'number', label: 'Resolution', help: 'of PNG files', unit: 'dpi', default: 300, min: 30, max: 2400, tier: 'common' },
});

function analysisText({ analysis, run, recipe, summary, notes, seconds }: AnalysisReport): string {
  return [
    `${analysis} of run ${run}, ${duration(seconds)}`,
    recipe,
    '',
    table(
      ['number', 'value'],
      Object.entries(summary).map(([name, value]) => [name, figures(value)]),
    ),
    ...notes.map((note) => `Note: ${note}`),
  ].join('\n');
}

export function addAnalyze(add: AddCommand, catalogue: Catalogue): void {
  const group = add.group('analyze', 'Analyse a run: `orrery analyze ANALYSIS DIR.orrery …`');
  for (const analysis of catalogue.analyses) {
    const command = group.command(`${analysis.id} <project>`, analysis.about);
    const own = addOptions(command, analyzeParams, { heading: 'Input and output', prefix: 'input' });
    const options = addOptions(command, analysis.params, { heading: analysis.title, prefix: 'analysis' });
    group.action(command, async (session, [folder], values) => {
      const { folder: here } = session.terminal;
      const { run, state, trials, out } = valuesOf(analyzeParams, settingsOf(analyzeParams, own, values));
      const project = resolvePath(here, folder);
      const request = {
        project,
        analysis: analysis.id,
        settings: settingsOf(analysis.params, options, values),
        ...(state === undefined ? {} : { state }),
        ...(trials === undefined ? {} : { trials }),
        ...(out === undefined ? {} : { out: resolvePath(here, out) }),
      };
      const { id } = await session.api.run({ project, run });
      const report = await withJob(session, analysis.title, (job) => session.api.analyze({ ...request, run: id }, job));
      return { json: report, text: analysisText(report) };
    });
  }
}

export function addFigure(add: AddCommand, catalogue: Catalogue): void {
  const group = add.group('figure', 'Draw a view of a run: `orrery figure VIEW DIR.orrery -o FILE.svg|pdf|png|csv …`');
  for (const view of catalogue.views) {
    const shown: Params = catalogue.analyses.find(({ id }) => id === view.shows)?.params ?? {};
    const command = group.command(`${view.id} <project>`, view.about);
    group.required(
      command,
      '-o, --out <file>',
      'the figure: its ending says SVG, PDF or PNG, MP4 for a movie, or CSV for the data behind it',
    );
    const own = addOptions(command, figureParams, { heading: 'Figure', prefix: 'figure' });
    // A view that shows a state says so among its own options, with its default.
    const stateOf = 'state' in view.params ? {} : stateParams;
    const ownState = addOptions(command, stateOf, { heading: 'Figure', prefix: 'figure' });
    const options = addOptions(command, view.params, { heading: view.title, prefix: 'view' });
    const sizes = addOptions(command, paperParams, { heading: 'Sizes on paper', prefix: 'figure' });
    const moving = addOptions(command, movieParams, { heading: 'Movies (.mp4)', prefix: 'movie' });
    const analysis = addOptions(command, shown, { heading: `What it shows: ${view.shows}`, prefix: 'analysis' });
    group.action(command, async (session, [folder], values) => {
      const { folder: here } = session.terminal;
      const { run, trials, view: saved, saveView, widthMm, heightMm, dpi } = valuesOf(figureParams, settingsOf(figureParams, own, values));
      const { state } = settingsOf(stateOf, ownState, values);
      const look = settingsOf(paperParams, sizes, values);
      const movie = settingsOf(movieParams, moving, values);
      const project = resolvePath(here, folder);
      const request = {
        project,
        view: view.id,
        settings: settingsOf(view.params, options, values),
        analysis: settingsOf(shown, analysis, values),
        ...(state === undefined ? {} : { state: String(state) }),
        ...(trials === undefined ? {} : { trials }),
        ...(saved === undefined ? {} : { saved }),
        ...(saveView === undefined ? {} : { saveAs: saveView }),
        ...(Object.keys(look).length === 0 ? {} : { look }),
        ...(Object.keys(movie).length === 0 ? {} : { movie }),
        width: widthMm * POINTS_PER_MM,
        height: (heightMm ?? widthMm * SHAPE) * POINTS_PER_MM,
        out: resolvePath(here, String(values.out)),
        widthMm,
        ...(heightMm === undefined ? {} : { heightMm }),
        dpi,
      };
      const { id } = await session.api.run({ project, run });
      const figure = await withJob(session, view.title, (job) => session.api.figure({ ...request, run: id }, job));
      return {
        json: { view: view.id, run: id, ...figure },
        text: `${figure.path}, ${bytes(figure.bytes)}, of run ${id}\n${figure.caption}`,
      };
    });
  }
}

export function addExport(add: AddCommand, catalogue: Catalogue): void {
  const group = add.group('export', 'Write a run’s outputs: `orrery export FORMAT DIR.orrery -o FILE`');
  for (const exporter of catalogue.exporters) {
    const command = group.command(`${exporter.id} <project>`, exporter.about);
    group.required(command, '-o, --out <file>', `the file, *.${exporter.extension.replace(/^\./, '')}`);
    const own = addOptions(command, exportParams, { heading: 'Input', prefix: 'input' });
    const options = addOptions(command, exporter.params, { heading: exporter.title, prefix: 'export' });
    group.action(command, async (session, [folder], values) => {
      const { folder: here } = session.terminal;
      const { run, state, trials } = valuesOf(exportParams, settingsOf(exportParams, own, values));
      const ref = { project: resolvePath(here, folder), run };
      const request = {
        project: ref.project,
        exporter: exporter.id,
        out: resolvePath(here, String(values.out)),
        settings: { ...settingsOf(exporter.params, options, values), ...(state === undefined ? {} : { outputs: [state] }) },
        ...(trials === undefined ? {} : { trials }),
      };
      const { id } = await session.api.run(ref);
      const { files, load } = await withJob(session, exporter.title, (job) => session.api.export({ ...request, run: id }, job));
      return {
        json: { exporter: exporter.id, run: id, files, load },
        text: [
          `Run ${id} was written and read back:`,
          ...files,
          ...load.flatMap(({ language, lines }) => ['', `${language}:`, lines]),
        ].join('\n'),
      };
    });
  }
}
