// Is the fit good? The model's averages over the data's, scores by unit, a table beside baselines, and what a colleague would say.

import { useCallback, useEffect, useMemo, useState } from 'react';
import type { FitReport, RunRecord } from '../../../src-worker/contract/run.ts';
import { followed } from '../../../src-worker/scene/follow.ts';
import type { Datum } from '../../../src-worker/scene/scene.ts';
import { PlaneStage } from '../../stage/PlaneStage.tsx';
import { ConditionKey } from '../../stage/ConditionKey.tsx';
import { host } from '../../state/connection.ts';
import { orderedUnits, unitScene, unitTip } from './unit-strip.ts';
import { StripKey, withoutLegends } from './StripKey.tsx';
import { stepUnit } from '../../state/look.ts';
import { followOf } from '../../state/selection.ts';
import { useStore } from '../../state/store.ts';
import { count } from '../../ui/format.ts';
import { Icon } from '../../ui/icons.tsx';
import { Info } from '../../ui/Trouble.tsx';
import { ToFigure } from '../ViewPanel.tsx';
import { useAsked } from '../recording/use-asked.ts';
import { againstGlm, belowTruth, judgedBy, missedSentence, type Sentence, trialsOf } from './quality.ts';
import { Ensemble } from './Ensemble.tsx';
import { Readings } from './Readings.tsx';
import { ScoreTable } from './ScoreTable.tsx';
import { siblingsOf } from './siblings.ts';
import { UnitMultiples } from './UnitMultiples.tsx';

export function Judgement() {
  const run = useStore((state) => state.run);
  const summary = useStore((state) => state.recording?.summary);
  const left = useStore((state) => state.preview?.dataset.left);
  const picked = useStore((state) => state.selection.unit);
  const runs = useStore((state) => state.project?.runs);
  const [isTogether, setTogether] = useState(false);
  const members = useMemo(() => siblingsOf(run, runs ?? []), [run, runs]);
  const report = run?.report;
  const ordered = useMemo(() => {
    if (report && report.perUnit.length > 0) {
      const units = orderedUnits(report.perUnit);
      // Held-out units are the harder test: they are looked at first.
      return [...units.filter(({ heldOut }) => heldOut), ...units.filter(({ heldOut }) => !heldOut)].map(({ unit }) => unit);
    }
    const hidden = new Set((left ?? []).filter(({ what }) => what === 'unit').flatMap(({ rows }) => rows));
    return Array.from({ length: summary?.units ?? 0 }, (_, row) => row).filter((row) => !hidden.has(row));
  }, [report, summary, left]);
  const bits = useMemo(() => new Map(report?.perUnit.map(({ unit, bitsPerSpike }) => [unit, bitsPerSpike])), [report]);
  const scene = useMemo(() => (report && report.perUnit.length > 0 ? unitScene(report, picked) : undefined), [report, picked]);
  const strip = useMemo(() => scene && withoutLegends(scene), [scene]);
  const tip = useCallback((datum: Datum) => (report ? unitTip(report, datum) : []), [report]);
  const split = report ? judgedBy(report) : 'validation';
  useUnitKeys(ordered);
  const hasPictures = run !== undefined && (run.bestStep > 0 || report !== undefined);
  if (!run || !hasPictures)
    return (
      <section className="panel bt empty" aria-label="Is the fit good?">
        <p className="t3">
          {run
            ? 'Averages of the model over those of the data appear with the first checkpoint'
            : 'Whether it is good is said here, beside its baselines'}
        </p>
      </section>
    );
  return (
    <section className="panel bt" aria-label="Is the fit good?">
      <div className="head">
        <h2>Is the fit good?</h2>
        <span className="sub">{subtitleOf(run)}</span>
        <div className="right">
          <span className="t3">Unit</span>
          <button
            type="button"
            className="keycap"
            aria-label="Previous unit"
            title="Previous unit (↑)"
            onClick={() => stepUnit(ordered, -1)}
          >
            ↑
          </button>
          <button type="button" className="keycap" aria-label="Next unit" title="Next unit (↓)" onClick={() => stepUnit(ordered, 1)}>
            ↓
          </button>
          <ToFigure view="psth" settings={{ trials: split, ...(picked === undefined ? {} : { unit: picked }) }} />
        </div>
      </div>
      <div className="judge">
        <div className="pictures">
          <UnitMultiples units={ordered} bits={bits} split={split} />
          {scene && strip && (
            <div className="cell bt">
              <h3 className="strip-head" title="Held-in units, then held-out ones, best first; ↑ ↓ or a click pick one">
                Bits per spike<i className="more-words"> and unit</i> <span>{trialsOf(report!)}</span>
                <StripKey of={scene} />
              </h3>
              <PlaneStage scene={strip} tip={tip} />
            </div>
          )}
        </div>
        <div className="verdict bl">
          {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by keyboard */}
          <section className="say" tabIndex={0} aria-label="Scores and judgement">
            {members.length > 0 && (
              <span className="seg which">
                <button type="button" className={isTogether ? '' : 'on'} aria-pressed={!isTogether} onClick={() => setTogether(false)}>
                  This fit
                </button>
                <button type="button" className={isTogether ? 'on' : ''} aria-pressed={isTogether} onClick={() => setTogether(true)}>
                  {members.length} seeds
                </button>
              </span>
            )}
            {isTogether && members.length > 0 ? (
              <Ensemble members={members} run={run} />
            ) : report ? (
              <Said report={report} />
            ) : (
              <p className="t3">Scores beside their baselines appear when the fit ends; the pictures are of its best step so far</p>
            )}
          </section>
          <Key unit={ordered[0]} split={split} />
        </div>
      </div>
    </section>
  );
}

const subtitleOf = (run: RunRecord): string => {
  const best = Math.max(run.bestStep, run.report?.bestStep ?? 0);
  const trials = run.report ? trialsOf(run.report) : 'validation trials';
  return `${best > 0 ? `Step ${count(best)}, the best${run.state === 'finished' ? '' : ' so far'}; ` : ''}${trials}; ${ratesOf(run)}`;
};

/** Whose rates are drawn: a model that infers its states says by which of them. */
function ratesOf({ resolved }: RunRecord): string {
  const posteriorSamples = resolved?.posteriorSamples?.value;
  if (posteriorSamples === undefined) return 'rates of the model';
  return posteriorSamples === 0 ? 'posterior means' : `${posteriorSamples} posterior samples averaged`;
}

/** ↑ ↓ through units where nothing else wants the keys. */
function useUnitKeys(units: readonly number[]): void {
  useEffect(() => {
    const press = (event: KeyboardEvent): void => {
      const by = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : undefined;
      const target = event.target instanceof HTMLElement ? event.target : undefined;
      if (by === undefined || event.defaultPrevented || event.ctrlKey || event.altKey || event.metaKey || event.shiftKey) return;
      if (target?.closest('input, select, textarea, [role="menu"], [role="dialog"], .scroll, .say')) return;
      event.preventDefault();
      stepUnit(units, by);
    };
    window.addEventListener('keydown', press);
    return () => window.removeEventListener('keydown', press);
  }, [units]);
}

/** Colours of conditions, and what thick and thin lines are. */
function Key({ unit, split }: { readonly unit: number | undefined; readonly split: 'validation' | 'test' }) {
  const project = useStore((state) => state.project?.path);
  const run = useStore((state) => state.run?.id);
  const key = project === undefined || run === undefined || unit === undefined ? undefined : JSON.stringify([project, run, unit, split]);
  const { value } = useAsked('fit key', key, (job) =>
    host.scene({ project: project!, run: run!, view: 'psth', settings: { unit: unit!, trials: split }, width: 320, height: 200 }, job),
  );
  const { hidden, names, colours } = useStore((state) => state.selection);
  const shown = value && followed(value, followOf({ hidden, names, colours }));
  return (
    <div className="key">
      {shown?.conditions && <ConditionKey of={shown.conditions} isSmall />}
      <ul>
        <li>
          <svg width="26" height="6" aria-hidden="true">
            <path d="M0 3h26" strokeWidth="2.4" />
          </svg>
          model, {split} trials
        </li>
        <li className="pale">
          <svg width="26" height="6" aria-hidden="true">
            <path d="M0 3h26" strokeWidth="0.9" />
          </svg>
          spikes, s.d. 30 ms
        </li>
      </ul>
    </div>
  );
}

function Said({ report }: { readonly report: FitReport }) {
  const said = [againstGlm(report), belowTruth(report) ?? missedSentence(report)].filter((one) => one !== undefined);
  const heldOut = report.dataset.heldOutUnits;
  return (
    <>
      <ScoreTable report={report} />
      {report.model in report.baselines ? (
        <Info text="This model is itself a baseline: others are held against it" />
      ) : (
        <div className={report.beatsBaseline ? 'note good' : 'note warn'}>
          <Icon name={report.beatsBaseline ? 'check' : 'warn'} size={14} />
          <p>
            <b>{report.beatsBaseline ? 'Beats the baseline' : 'Does not beat the baseline'}</b>{' '}
            {heldOut > 0 ? `on ${count(heldOut)} held-out units` : ''}
          </p>
        </div>
      )}
      {said.map((one) => (
        <Told key={one.lead} of={one} />
      ))}
      <Readings of={report.readings ?? []} />
      <Info text={whose(report)} />
      {report.notes.map((note) => (
        <Info key={note} text={note} />
      ))}
    </>
  );
}

const Told = ({ of: { isGood, lead, rest } }: { readonly of: Sentence }) => (
  <div className={isGood ? 'note good' : 'note warn'}>
    <Icon name={isGood ? 'check' : 'warn'} size={14} />
    <p>
      <b>{lead}</b>
      {/^[,.;:]/.test(rest) || rest === '' ? rest : ` ${rest}`}
    </p>
  </div>
);

/** Which trials the numbers are of, and what that means. */
function whose(report: FitReport): string {
  const truth = report.r2Truth === undefined ? '' : '. The truth is known here because the recording is synthetic';
  if (judgedBy(report) === 'test')
    return `Validation trials chose the step; these numbers are of ${trialsOf(report)}, which chose nothing${truth}`;
  return `${report.bestStep > 0 ? 'Validation trials chose the step, so these' : 'These'} are validation numbers${truth}`;
}
