// Training as it goes: where it is, on what, how long still, its curves beside baselines, and the fits that wait.

import { Menu, Popover } from '@mantine/core';
import { useMemo, useState } from 'react';
import type { RunRecord } from '../../../src-worker/contract/run.ts';
import { PlaneStage } from '../../stage/PlaneStage.tsx';
import { show } from '../../state/actions.ts';
import { curvePanels } from '../../state/curves.ts';
import { duplicate, isGoing, stopRun, trainLonger, resume, showRun, stop } from '../../state/fits.ts';
import { set, useStore } from '../../state/store.ts';
import { count, duration } from '../../ui/format.ts';
import { Icon } from '../../ui/icons.tsx';
import { Trouble } from '../../ui/Trouble.tsx';
import { StopQuestion } from './StopQuestion.tsx';

const stateTitles: Readonly<Record<RunRecord['state'], string>> = {
  queued: 'Waiting',
  running: 'Training',
  stopped: 'Stopped',
  failed: 'Failed',
  finished: 'Trained',
};

const numberOf = (run: RunRecord | undefined, name: string): number | undefined => {
  const value = run?.resolved[name]?.value;
  return typeof value === 'number' ? value : undefined;
};

export function Training() {
  const { run, points, progress, project } = useStore();
  const steps = progress?.steps || numberOf(run, 'steps') || run?.report?.steps || 0;
  const step = Math.max(run?.step ?? 0, progress?.step ?? 0);
  const bestStep = Math.max(run?.bestStep ?? 0, run?.report?.bestStep ?? 0);
  const patience = numberOf(run, 'patience');
  const stopsAt = isGoing(run) && patience !== undefined && bestStep > 0 ? bestStep + patience : undefined;
  // Baselines of one dataset are the same for all of its fits: those of an earlier one stand beside this one from the start.
  const baselines =
    run?.report?.baselines ?? project?.runs.find((other) => other.dataset === run?.dataset && other.report)?.report?.baselines;
  // A fit that goes on no more fills its axis.
  const end = isGoing(run) ? steps : step;
  const panels = useMemo(
    () => curvePanels(points, end, { bestStep, ...(stopsAt === undefined ? {} : { stopsAt }), ...(baselines ? { baselines } : {}) }),
    [points, end, bestStep, stopsAt, baselines],
  );
  if (!run)
    return (
      <section className="panel empty" aria-label="Training">
        <div className="blurb">
          <h2>No fit yet</h2>
          <p className="t2">
            Curves appear here while a fit runs: how well it does on trials that were kept from it, beside baselines, and what it learns by
          </p>
        </div>
      </section>
    );
  const left = progress?.secondsLeft;
  const stepSeconds = left !== undefined && steps > step ? left / (steps - step) : undefined;
  return (
    <section className="panel train" data-run={run.state} aria-label="Training">
      <div className="status">
        <h2>{run.state === 'running' && progress?.after ? 'Scoring' : stateTitles[run.state]}</h2>
        {(steps > 0 || isGoing(run)) && <Datum name="Step" value={steps > 0 ? `${count(step)} of ${count(steps)}` : count(step)} />}
        {isGoing(run) && progress?.seconds !== undefined && <Datum name="Elapsed" value={duration(progress.seconds)} />}
        {isGoing(run) && left !== undefined && <Datum name="Left" value={`about ${duration(left)}`} />}
        {isGoing(run) && stepSeconds !== undefined && <Datum isLate name="Step time" value={`${stepSeconds.toFixed(2)} s`} />}
        {run.report && run.report.seconds > 0 && <Datum name="Took" value={duration(run.report.seconds)} />}
        <Datum isLate name="Device" value={run.report?.deviceName ?? (run.device === 'auto' ? 'fastest here' : run.device)} />
        {steps > 0 && <Datum name="Best" value={bestStep > 0 ? `step ${count(bestStep)}` : '–'} />}
        {stopsAt !== undefined && stopsAt < steps && (
          <Datum isLate name="Stops early" value={`step ${count(stopsAt)}, unless it improves`} />
        )}
        {!isGoing(run) && <Datum isLate name="Seed" value={String(run.seed)} />}
        <div className="right">
          <RunMenu />
          {isGoing(run) && (
            <button type="button" className="btn sm" onClick={stop}>
              {run.state === 'queued' ? 'Take out of the queue' : 'Stop and keep best'} <kbd>Esc</kbd>
            </button>
          )}
          {(run.state === 'stopped' || run.state === 'failed') && (
            <button type="button" className="btn sm" onClick={() => resume()}>
              Go on from {count(run.step)}
            </button>
          )}
          {run.state === 'finished' && points.length > 0 && <TrainLonger steps={steps} />}
          {run.report && <MoreMenu />}
          {!isGoing(run) && (
            <button type="button" className="btn sm" onClick={() => show('Explore')}>
              Explore
            </button>
          )}
        </div>
        <progress value={steps > 0 ? Math.min(1, step / steps) : 0} max={1} aria-label="Training" />
        {steps > 0 && bestStep > 0 && <i className="tick" style={{ left: `${(100 * bestStep) / steps}%` }} />}
      </div>
      <Queue />
      <StopQuestion />
      {run.failure && (
        <Trouble
          failure={run.failure}
          {...(run.failure.code === 'device-lost'
            ? { repair: { title: `Go on from ${count(run.step)} with the fused engine`, onClick: () => resume('fused') } }
            : {})}
        />
      )}
      {run.state === 'stopped' && (
        <div className="note info">
          <Icon name="info" size={14} />
          <p>
            <b>
              Stopped at step {count(run.step)}
              {steps > 0 ? ` of ${count(steps)}` : ''}.
            </b>{' '}
            {bestStep > 0 ? `Best, step ${count(bestStep)}, is in Explore; ` : ''}the last is saved with its optimiser
          </p>
        </div>
      )}
      <div className="curves">
        {panels.map((panel) => (
          <div className="cell" key={panel.id}>
            <h3 title={`${panel.title}, ${panel.about}`}>
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

/** `isLate`: left out where there is little room. */
function Datum({ name, value, isLate = false }: { readonly name: string; readonly value: string; readonly isLate?: boolean }) {
  return (
    <span className={isLate ? 'm late' : 'm'} title={`${name}: ${value}`}>
      {name}
      <b>{value}</b>
    </span>
  );
}

function useRunNames(): (run: RunRecord) => string {
  const models = useStore((state) => state.catalogue?.models);
  return (run) => `${models?.find(({ id }) => id === run.model)?.title ?? run.model}, seed ${run.seed}, ${run.id.slice(0, 6)}`;
}

/** The runs of the project, to look at another. */
function RunMenu() {
  const project = useStore((state) => state.project);
  const run = useStore((state) => state.run);
  const nameOf = useRunNames();
  if (!project || project.runs.length < 2 || !run) return undefined;
  return (
    <span className="select plain">
      <select aria-label="Run" value={run.id} onChange={(event) => showRun(event.currentTarget.value)}>
        {project.runs.map((other) => (
          <option key={other.id} value={other.id}>
            {nameOf(other)}
            {other.state === 'finished' ? '' : `, ${other.state}`}
          </option>
        ))}
      </select>
      <Icon name="down" size={10} />
    </span>
  );
}

/** Fits that run or wait beside the one in view, each a click away and each to be stopped. */
function Queue() {
  const runs = useStore((state) => state.project?.runs);
  const run = useStore((state) => state.run);
  const nameOf = useRunNames();
  const going = (runs ?? []).filter(isGoing);
  if (going.length === 0 || (going.length === 1 && going[0]!.id === run?.id)) return undefined;
  return (
    <ul className="queue" aria-label="Queue">
      {going.map((other) => (
        <li key={other.id} className="chip">
          <button type="button" disabled={other.id === run?.id} onClick={() => showRun(other.id)}>
            {other.state === 'running' ? 'Running' : 'Waiting'}: {nameOf(other)}
          </button>
          <button type="button" aria-label={`Stop ${nameOf(other)}`} onClick={() => stopRun(other.id)}>
            <Icon name="close" size={10} />
          </button>
        </li>
      ))}
    </ul>
  );
}

function TrainLonger({ steps }: { readonly steps: number }) {
  const [isOpen, setOpen] = useState(false);
  const [text, setText] = useState('');
  const more = text.trim() === '' ? Math.max(1, Math.round(steps / 2)) : Number(text);
  const isWrong = !Number.isInteger(more) || more < 1;
  const go = (): void => {
    if (isWrong) return;
    setOpen(false);
    trainLonger(more);
  };
  return (
    <Popover opened={isOpen} onChange={setOpen} trapFocus returnFocus withinPortal position="bottom-end" shadow="md">
      <Popover.Target>
        <button type="button" className="btn sm" onClick={() => setOpen(!isOpen)}>
          Train longer…
        </button>
      </Popover.Target>
      <Popover.Dropdown>
        <div className="acts">
          <span className={isWrong ? 'num wrong' : 'num'}>
            <input
              aria-label="More steps"
              inputMode="numeric"
              value={text}
              placeholder={String(Math.max(1, Math.round(steps / 2)))}
              onChange={(event) => setText(event.currentTarget.value)}
              onKeyDown={(event) => event.key === 'Enter' && go()}
            />
            <i>steps</i>
          </span>
          <button type="button" className="btn sm go" disabled={isWrong} onClick={go}>
            Train
          </button>
        </div>
        <p className="hint">A run of its own: weights and optimiser go on, the learning rate falls anew</p>
      </Popover.Dropdown>
    </Popover>
  );
}

/** What else can be made of a finished fit. */
const MoreMenu = () => (
  <Menu position="bottom-end" shadow="md" width={230}>
    <Menu.Target>
      <button type="button" className="btn sm">
        More…
      </button>
    </Menu.Target>
    <Menu.Dropdown aria-label="More of this fit">
      <Menu.Item onClick={() => set({ task: 'infer', inferOn: undefined })}>Run it on other trials…</Menu.Item>
      <Menu.Item onClick={() => duplicate()}>Its values into the form</Menu.Item>
    </Menu.Dropdown>
  </Menu>
);
