// Is the fit good? The model's averages over the data's, scores by unit, a table beside baselines, and what a colleague would say.

import { useEffect, useMemo } from 'react';
import type { FitReport, Reading, RunRecord, Scores } from '../../../src-worker/contract/run.ts';
import { PlaneStage } from '../../stage/PlaneStage.tsx';
import { ConditionKey } from '../../stage/ConditionKey.tsx';
import { host } from '../../state/connection.ts';
import { orderedUnits, unitScene } from '../../state/curves.ts';
import { stepUnit } from '../../state/look.ts';
import { useStore } from '../../state/store.ts';
import { count, score } from '../../ui/format.ts';
import { Icon, type IconName } from '../../ui/icons.tsx';
import { Info } from '../../ui/Trouble.tsx';
import { ToFigure } from '../ViewPanel.tsx';
import { useAsked } from '../recording/use-asked.ts';
import { comparable, missedSentence, unitMedian } from './quality.ts';
import { UnitMultiples } from './UnitMultiples.tsx';

export function Judgement() {
  const run = useStore((state) => state.run);
  const summary = useStore((state) => state.recording?.summary);
  const left = useStore((state) => state.preview?.dataset.left);
  const picked = useStore((state) => state.selection.unit);
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
          <ToFigure view="psth" settings={{ trials: 'validation', ...(picked === undefined ? {} : { unit: picked }) }} />
        </div>
      </div>
      <div className="judge">
        <div className="pictures">
          <UnitMultiples units={ordered} bits={bits} />
          {scene && (
            <div className="cell bt">
              <h3>
                Bits per spike and unit <span>validation; held-in units, then held-out ones, best first</span>
              </h3>
              <PlaneStage scene={scene} />
            </div>
          )}
        </div>
        <div className="verdict bl">
          {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by keyboard */}
          <section className="say" tabIndex={0} aria-label="Scores and judgement">
            {report ? (
              <Said report={report} />
            ) : (
              <p className="t3">Scores beside their baselines appear when the fit ends; the pictures are of its best step so far</p>
            )}
          </section>
          <Key unit={ordered[0]} />
        </div>
      </div>
    </section>
  );
}

/** Test trials where there are any: then validation trials only chose the step. */
const judgedBy = (report: RunRecord['report']): string => {
  if (!report) return 'validation trials; ';
  const { testTrials = 0, validationTrials } = report.dataset;
  return testTrials > 0 ? `${count(testTrials)} test trials; ` : `${count(validationTrials)} validation trials; `;
};

const subtitleOf = (run: RunRecord): string => {
  const best = Math.max(run.bestStep, run.report?.bestStep ?? 0);
  const trials = judgedBy(run.report);
  return `${best > 0 ? `Step ${count(best)}, the best${run.state === 'finished' ? '' : ' so far'}; ` : ''}${trials}${best > 0 ? 'posterior means' : 'rates of the model'}`;
};

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
function Key({ unit }: { readonly unit: number | undefined }) {
  const project = useStore((state) => state.project?.path);
  const run = useStore((state) => state.run?.id);
  const key = project === undefined || run === undefined || unit === undefined ? undefined : JSON.stringify([project, run, unit]);
  const { value } = useAsked('fit key', key, (job) =>
    host.scene(
      { project: project!, run: run!, view: 'psth', settings: { unit: unit!, trials: 'validation' }, width: 320, height: 200 },
      job,
    ),
  );
  return (
    <div className="key">
      {value?.conditions && <ConditionKey of={value.conditions} />}
      <ul>
        <li>
          <svg width="26" height="6" aria-hidden="true">
            <path d="M0 3h26" strokeWidth="2.4" />
          </svg>
          model, validation trials
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

const signs: Readonly<Record<Reading['verdict'], { readonly kind: string; readonly icon: IconName }>> = {
  fine: { kind: 'good', icon: 'check' },
  look: { kind: 'warn', icon: 'warn' },
  doubt: { kind: 'bad', icon: 'warn' },
};

/** What is to be doubted comes first. */
const worst: readonly Reading['verdict'][] = ['doubt', 'look', 'fine'];

function Said({ report }: { readonly report: FitReport }) {
  const missed = missedSentence(report);
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
      {missed && (
        <div className={missed.isGood ? 'note good' : 'note warn'}>
          <Icon name={missed.isGood ? 'check' : 'warn'} size={14} />
          <p>
            <b>{missed.lead}</b> {missed.rest}
          </p>
        </div>
      )}
      {[...(report.readings ?? [])]
        .sort((a, b) => worst.indexOf(a.verdict) - worst.indexOf(b.verdict))
        .map(({ id, title, verdict, sentence }) => (
          <div className={`note ${signs[verdict].kind}`} key={id}>
            <Icon name={signs[verdict].icon} size={14} />
            <p>
              <b>{title}.</b> {sentence}
            </p>
          </div>
        ))}
      <Info
        text={`${report.bestStep > 0 ? 'Validation trials chose the step, so these' : 'These'} are validation numbers${report.r2Truth === undefined ? '' : '. The truth is known here because the recording is synthetic'}`}
      />
      {report.notes.map((note) => (
        <Info key={note} text={note} />
      ))}
    </>
  );
}

function ScoreTable({ report }: { readonly report: FitReport }) {
  const models = useStore((state) => state.catalogue?.models);
  const titleOf = (id: string): string => models?.find((model) => model.id === id)?.title ?? id;
  const rows: readonly (readonly [string, Scores])[] = [
    [report.model, report],
    ...Object.entries(report.baselines)
      .filter(([id]) => id !== report.model)
      .map(([id, scores]) => [id, comparable(id, scores)] as const),
  ];
  const columns = (
    [
      ['coBitsPerSpike', 'co-bps'],
      ['bitsPerSpike', 'bits/spike'],
      ['r2Truth', 'R² truth'],
      ['r2Behavior', 'R² behav.'],
    ] as const
  ).filter(([key]) => rows.some(([, scores]) => scores[key] !== undefined));
  const median = unitMedian(report);
  return (
    <table className="scores">
      <thead>
        <tr>
          <th>Validation, pooled</th>
          {columns.map(([key, title]) => (
            <th className="n" key={key}>
              {title}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {rows.map(([name, scores], k) => (
          <tr key={k === 0 ? 'fit' : name}>
            <td className="s" title={titleOf(name)}>
              {titleOf(name)}
              {k === 0 && report.bestStep > 0 ? `, step ${count(report.bestStep)}` : ''}
            </td>
            {columns.map(([key]) => (
              <td className="n" key={key} data-score={`${name} ${key}`}>
                {score(scores[key])}
              </td>
            ))}
          </tr>
        ))}
        {median !== undefined && (
          <tr>
            <td>{report.dataset.heldOutUnits > 0 ? 'Median held-out unit' : 'Median unit'}</td>
            {columns.map(([key], k) => (
              <td className="n" key={key}>
                {k === 0 ? score(median) : ''}
              </td>
            ))}
          </tr>
        )}
      </tbody>
    </table>
  );
}
