// The model's form, training as it goes, and whether the fit is good.

import { useMemo } from 'react';
import type { FitReport, RunRecord, Scores } from '../../src-worker/contract/run.ts';
import { SchemaForm } from '../forms/SchemaForm.tsx';
import { PlaneStage } from '../stage/PlaneStage.tsx';
import { fit, resume, setModel, setSetting, show, showRun, stop } from '../state/actions.ts';
import { curvePanels, unitScene } from '../state/curves.ts';
import { set, useStore } from '../state/store.ts';
import { count, duration, score } from '../ui/format.ts';
import { Icon } from '../ui/icons.tsx';
import { Info, Trouble, Warning } from '../ui/Trouble.tsx';
import { Nothing } from './Nothing.tsx';

export function FitScreen() {
  const recording = useStore((state) => state.recording);
  const run = useStore((state) => state.run);
  if (!recording && !run) return <Nothing text="Open a recording to fit a model to it" />;
  return (
    <main className="fit">
      <ModelRail />
      <div className="col">
        <Training />
        <Judgement />
      </div>
    </main>
  );
}

const isGoing = (run: RunRecord | undefined): boolean => run?.state === 'running' || run?.state === 'queued';

function ModelRail() {
  const { catalogue, model, settings, seed, preview, previewTrouble, run, recording } = useStore();
  const entry = catalogue?.models.find(({ id }) => id === model);
  return (
    <section className="panel br">
      <div className="head">
        <h2>Model</h2>
        <span className="select plain">
          <select aria-label="Model" value={model} onChange={(event) => setModel(event.currentTarget.value)}>
            {catalogue?.models.map(({ id, title }) => (
              <option key={id} value={id}>
                {title}
              </option>
            ))}
          </select>
          <Icon name="down" size={10} />
        </span>
      </div>
      <div className="scroll">
        <p className="hint about">{entry?.about}</p>
        {entry && (
          <SchemaForm
            params={entry.params}
            settings={settings}
            resolved={preview?.resolved}
            recording={recording?.summary}
            onChange={setSetting}
          />
        )}
        <div className="form">
          <div className="row" data-param="seed">
            <label htmlFor="seed">Seed</label>
            <span className="v">
              <span className="num">
                <input
                  id="seed"
                  type="number"
                  min={0}
                  step={1}
                  value={seed}
                  onChange={(event) =>
                    Number.isInteger(event.currentTarget.valueAsNumber) && set({ seed: event.currentTarget.valueAsNumber })
                  }
                />
              </span>
            </span>
          </div>
        </div>
      </div>
      <div className="foot">
        {previewTrouble && <Trouble failure={previewTrouble} />}
        {preview?.seconds !== undefined && <p className="t2">About {duration(preview.seconds)} on this computer</p>}
        <div className="acts">
          <button
            type="button"
            className="btn go"
            disabled={!recording || !preview || previewTrouble !== undefined || isGoing(run)}
            onClick={() => fit()}
          >
            Fit {entry?.title ?? ''}
          </button>
          {run?.state === 'finished' && (
            <button type="button" className="btn" disabled={!preview} onClick={() => fit(true)}>
              Fit again
            </button>
          )}
        </div>
      </div>
    </section>
  );
}

function Training() {
  const { run, points, progress, project, catalogue } = useStore();
  const steps = progress?.steps || Number(run?.resolved.steps?.value ?? 0) || run?.report?.steps || 0;
  const panels = useMemo(() => curvePanels(points, steps, run?.report), [points, steps, run?.report]);
  const step = Math.max(run?.step ?? 0, progress?.step ?? 0);
  if (!run)
    return (
      <section className="panel empty">
        <p className="t3">Curves appear here when a fit runs</p>
      </section>
    );
  return (
    <section className="panel train" data-run={run.state}>
      <div className="status">
        <h2>{run.state === 'running' && steps > 0 && step >= steps ? 'Scoring' : stateTitles[run.state]}</h2>
        <Datum name="Step" value={steps > 0 ? `${count(step)} of ${count(steps)}` : count(step)} />
        {progress?.secondsLeft !== undefined && isGoing(run) && <Datum name="Left" value={`about ${duration(progress.secondsLeft)}`} />}
        <Datum name="Best" value={run.bestStep > 0 ? `step ${count(run.bestStep)}` : '–'} />
        <Datum name="Seed" value={String(run.seed)} />
        <Datum name="Device" value={run.report?.deviceName ?? run.device} />
        <div className="right">
          {project && project.runs.length > 1 && (
            <span className="select plain">
              <select aria-label="Run" value={run.id} onChange={(event) => showRun(event.currentTarget.value)}>
                {project.runs.map((other) => (
                  <option key={other.id} value={other.id}>
                    {catalogue?.models.find(({ id }) => id === other.model)?.title ?? other.model}, seed {other.seed},{' '}
                    {other.id.slice(0, 6)}
                  </option>
                ))}
              </select>
              <Icon name="down" size={10} />
            </span>
          )}
          {isGoing(run) && (
            <button type="button" className="btn sm" onClick={stop}>
              Stop and keep best
            </button>
          )}
          {(run.state === 'stopped' || run.state === 'failed') && (
            <button type="button" className="btn sm" onClick={resume}>
              Go on
            </button>
          )}
          <button type="button" className="btn sm" onClick={() => show('Explore')}>
            Explore
          </button>
        </div>
        <progress value={steps > 0 ? step / steps : 0} max={1} aria-label="Training" />
      </div>
      {run.failure && <Trouble failure={run.failure} />}
      <div className="curves">
        {panels.map((panel) => (
          <div className="cell" key={panel.id}>
            <h3>
              {panel.title} <span>{panel.about}</span>
            </h3>
            <PlaneStage scene={panel.scene} />
          </div>
        ))}
        {panels.length === 0 && (
          <p className="t3 waitfor">
            {isGoing(run) ? 'The first validation is on its way' : 'This model is solved in one go and has no curves'}
          </p>
        )}
      </div>
    </section>
  );
}

const stateTitles: Readonly<Record<RunRecord['state'], string>> = {
  queued: 'Waiting',
  running: 'Training',
  stopped: 'Stopped',
  failed: 'Failed',
  finished: 'Trained',
};

function Datum({ name, value }: { readonly name: string; readonly value: string }) {
  return (
    <span className="m">
      {name}
      <b>{value}</b>
    </span>
  );
}

function Judgement() {
  const run = useStore((state) => state.run);
  const report = run?.report;
  const scene = useMemo(() => (report && report.perUnit.length > 0 ? unitScene(report) : undefined), [report]);
  if (!report)
    return (
      <section className="panel bt empty">
        <p className="t3">{run ? 'Scores beside their baselines appear when the fit ends' : ''}</p>
      </section>
    );
  return (
    <section className="panel bt">
      <div className="head">
        <h2>Is the fit good?</h2>
        <span className="sub">
          {report.bestStep > 0 ? `Step ${count(report.bestStep)}, the best; ` : ''}
          {count(report.dataset.validationTrials)} validation trials; posterior means
        </span>
      </div>
      <div className="judge">
        <div className="cell">
          <h3>
            Bits per spike and unit <span>validation</span>
          </h3>
          {scene && <PlaneStage scene={scene} />}
        </div>
        <div className="say bl">
          <ScoreTable report={report} />
          {report.beatsBaseline ? (
            <div className="note good">
              <Icon name="check" size={14} />
              <p>
                <b>Beats the baseline</b> on validation trials
              </p>
            </div>
          ) : (
            <Warning text="Does not beat the baseline on validation trials" />
          )}
          <Info text="Validation trials chose the step, so these are validation numbers" />
          {report.notes.map((note) => (
            <Info key={note} text={note} />
          ))}
        </div>
      </div>
    </section>
  );
}

/** Smoothing sees the spikes of the units it predicts: on held-in units its number stands beside nobody's. */
function comparable(id: string, scores: Scores): Scores {
  const { bitsPerSpike: _, ...others } = scores;
  return id === 'smoothing' ? others : scores;
}

function ScoreTable({ report }: { readonly report: FitReport }) {
  const models = useStore((state) => state.catalogue?.models);
  const titleOf = (id: string): string => models?.find((model) => model.id === id)?.title ?? id;
  const rows: readonly (readonly [string, Scores])[] = [
    [report.model, report],
    ...Object.entries(report.baselines).map(([id, scores]) => [id, comparable(id, scores)] as const),
  ];
  const columns = (
    [
      ['coBitsPerSpike', 'co-bps'],
      ['bitsPerSpike', 'bits/spike'],
      ['r2Truth', 'R² truth'],
      ['r2Behavior', 'R² behaviour'],
    ] as const
  ).filter(([key]) => rows.some(([, scores]) => scores[key] !== undefined));
  return (
    <table className="scores">
      <thead>
        <tr>
          <th>Validation trials</th>
          {columns.map(([key, title]) => (
            <th className="n" key={key}>
              {title}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {rows.map(([name, scores]) => (
          <tr key={name}>
            <td className="s">{titleOf(name)}</td>
            {columns.map(([key]) => (
              <td className="n" key={key} data-score={`${name} ${key}`}>
                {score(scores[key])}
              </td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  );
}
