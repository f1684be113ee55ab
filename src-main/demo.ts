// `npm run demo`: from the sample recording to single-trial trajectories, with scores against the known truth and a bar to pass.

import { join } from 'node:path';
import { Failure } from '../src-worker/contract/failure.ts';
import { takeJson } from './cli/arguments.ts';
import { followRun } from './cli/commands/fit-run.ts';
import { datasetText } from './cli/commands/report-text.ts';
import { duration, score, table } from './cli/format.ts';
import { showFailure } from './cli/orrery.ts';
import { connectWorker, interruptSignal, processTerminal } from './cli/process.ts';
import { type Session, withJob } from './cli/session.ts';
import { BAR, barOfR2, belowTheBar, type Scores, scoresOf } from './demo-bar.ts';
import { clearDemo } from './demo-folder.ts';
import { projectRoot, sampleRecording } from './locate.ts';

const FOLDER = 'demo';
const PROJECT = 'sample.orrery';
const VIEWS = ['trajectories', 'rates', 'tangling'] as const;
const ENDINGS = ['svg', 'pdf'] as const;
const FIGURES = VIEWS.flatMap((view) => ENDINGS.map((ending) => ({ view, name: `${view}.${ending}` })));
const WIDTH_MM = 120;
const HEIGHT_MM = 90;
const POINTS_PER_MM = 72 / 25.4;

/** Units 30 and 61 are silent in trials, and 63 is unit 40 sorted twice. */
const DATA = {
  align: 'move_onset_time',
  windowMs: [-400, 600],
  binMs: 20,
  trials: ['success=true'],
  leaveOutUnits: [30, 61, 63],
  condition: 'direction',
  valid: 'every:5',
} as const;

/** Everything else is chosen for the data. Fewer steps than that would be, for a demo that is over soon. */
const SETTINGS = { steps: 1000 } as const;

const scoresText = ({ bitsPerSpike, r2Truth, r2Smoothing, perturbationAuc }: Scores): string =>
  table(
    ['on validation trials', 'LFADS', 'smoothing', 'at least'],
    [
      ['bits per spike', score(bitsPerSpike), '', ''],
      ['R² to the true rates', score(r2Truth), score(r2Smoothing), score(barOfR2(r2Smoothing))],
      ['pushed trials told by inferred inputs, AUC (all trials)', score(perturbationAuc), '', score(BAR.auc)],
    ],
  );

async function drawFigures(session: Session, folder: string, run: string): Promise<readonly string[]> {
  const paths: string[] = [];
  for (const { view, name } of FIGURES) {
    const request = {
      project: join(folder, PROJECT),
      run,
      view,
      settings: {},
      out: join(folder, name),
      width: WIDTH_MM * POINTS_PER_MM,
      height: HEIGHT_MM * POINTS_PER_MM,
      widthMm: WIDTH_MM,
      heightMm: HEIGHT_MM,
      dpi: 300,
    };
    paths.push((await withJob(session, `Drawing ${name}`, (job) => session.api.figure(request, job))).path);
  }
  return paths;
}

async function demo(session: Session, json: boolean): Promise<void> {
  const { api, terminal } = session;
  const folder = join(projectRoot, FOLDER);
  const project = join(folder, PROJECT);
  clearDemo(folder, [PROJECT, ...FIGURES.map(({ name }) => name)]);

  const request = { project, recording: sampleRecording, model: 'lfads', data: DATA, settings: SETTINGS, seed: 0, device: 'auto' };
  const preview = await withJob(session, 'Reading the sample recording', (job) => api.preview(request, job));
  terminal.err(datasetText(preview.dataset, preview));
  await api.createProject(project);
  const report = await followRun(session, project, () => api.startFit(request));
  const scores = scoresOf(report);
  const files = await drawFigures(session, folder, report.run);

  if (json) terminal.out(JSON.stringify({ ...scores, run: report.run, seconds: report.seconds, steps: report.steps, project, files }));
  else
    terminal.out(
      [
        `LFADS on ${report.dataset.trials} trials of the sample recording: ${report.steps} steps in ${duration(report.seconds)} on ${report.deviceName}`,
        '',
        scoresText(scores),
        '',
        `Figures: ${FOLDER}/ (${FIGURES.map(({ name }) => name).join(', ')})`,
        `Open the project in the app: npm start ${FOLDER}/${PROJECT}`,
      ].join('\n'),
    );
  const below = belowTheBar(scores);
  if (below.length > 0) throw new Failure('below-the-bar', `The demo stays below its bar: ${below.join('; ')}.`, 'Please report it.');
}

const { json } = takeJson(process.argv.slice(2));
const terminal = processTerminal();
const signal = interruptSignal(terminal);
const { api, listen, close } = await connectWorker();
try {
  await demo({ api, listen, terminal, signal }, json);
} catch (error) {
  process.exitCode = showFailure(error, terminal, json, signal);
} finally {
  await close();
}
