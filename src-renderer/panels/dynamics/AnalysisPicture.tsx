// Any analysis: what it is, the button that runs it as a job, how far it is, and then its picture, or its numbers where it has none.

import { type ReactNode, useEffect, useMemo, useState } from 'react';
import type { AnalysisReport } from '../../../src-worker/contract/api.ts';
import type { Catalogue } from '../../../src-worker/contract/catalogue.ts';
import type { Failure } from '../../../src-worker/contract/failure.ts';
import { numberWords } from '../../../src-worker/contract/number-words.ts';
import type { Params, Settings, Value } from '../../../src-worker/contract/params.ts';
import { asFailure } from '../../../src-worker/contract/rpc.ts';
import { numberText } from '../../../src-worker/scene/axes.ts';
import { followed } from '../../../src-worker/scene/follow.ts';
import { SchemaForm } from '../../forms/SchemaForm.tsx';
import { PlaneStage } from '../../stage/PlaneStage.tsx';
import { host } from '../../state/connection.ts';
import { searchSettings, useDynamics } from '../../state/dynamics-state.ts';
import { type Progress, useProgress } from '../../state/progress.ts';
import { followOf } from '../../state/selection.ts';
import { useWords } from '../../state/spoken.ts';
import { useStore } from '../../state/store.ts';
import { Icon } from '../../ui/icons.tsx';
import { ToFigure } from '../ViewPanel.tsx';
import { useScene } from '../use-scene.ts';
import { FailureInfo } from '../FailureInfo.tsx';

export function AnalysisPicture({ analysis, title }: { readonly analysis: string; readonly title: ReactNode }) {
  const catalogue = useStore((state) => state.catalogue);
  const run = useStore((state) => state.run?.id);
  const recording = useStore((state) => state.recording?.summary);
  const dataset = useStore((state) => state.preview?.dataset);
  const held = useDynamics();
  const entry = catalogue?.analyses.find(({ id }) => id === analysis);
  const view = catalogue?.views.find(({ shows }) => shows === analysis);
  const [own, setOwn] = useState<Settings>({});
  const [started, setStarted] = useState<{ readonly run: string | undefined; readonly settings: Settings } | undefined>();
  if (!entry) return undefined;
  // Analyses at a held input take the one of the search, unless another is set here.
  const inherited = 'input' in entry.params ? searchSettings(held) : {};
  const settings = { ...inherited, ...own };
  if (started && started.run === run) {
    const given = { settings: started.settings, title, onBack: () => setStarted(undefined) };
    return view ? <Result view={view} {...given} /> : <NumbersResult analysis={analysis} name={entry.title} {...given} />;
  }
  const change = (name: string, value: Value | undefined): void => {
    const { [name]: _, ...others } = own;
    setOwn(value === undefined ? others : { ...others, [name]: value });
  };
  return (
    <section className="panel bt analysis" aria-label={entry.title}>
      <div className="head">
        {title}
        <span className="sub" title={entry.about}>
          {entry.about}
        </span>
      </div>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by keyboard */}
      <section className="scroll" tabIndex={0} aria-label={`Parameters of ${entry.title}`}>
        <SchemaForm
          params={entry.params}
          settings={settings}
          resolved={undefined}
          recording={recording}
          dataset={dataset}
          onChange={change}
          open={['common']}
        />
      </section>
      <div className="tablefoot">
        <span className="long t3">
          {entry.needs === 'flow' ? 'Of the fitted dynamics' : 'Of the activity'}; kept in the project once it is made
        </span>
        <button type="button" className="btn" onClick={() => setStarted({ run, settings })}>
          Run {entry.title}
        </button>
      </div>
    </section>
  );
}

interface ResultProps {
  readonly view: Catalogue['views'][number];
  readonly settings: Settings;
  readonly title: ReactNode;
  readonly onBack: () => void;
}

/** The portrait beside it has the key of conditions. */
const STYLE = { ownsConditions: true };

function Result({ view: { id: view, params }, settings, title, onBack }: ResultProps) {
  const [own, setOwn] = useState<Settings>({});
  const { scene, failure, isWaiting } = useScene(view, own, { analysis: settings });
  const { hidden, names, colours } = useStore((state) => state.selection);
  const shown = useMemo(() => scene && followed(scene, followOf({ hidden, names, colours })), [scene, hidden, names, colours]);
  const job = `view ${view}`;
  const progress = useProgress(job);
  // What is chosen now, and whether a menu means anything beside that.
  const now = (name: string): Value | undefined => own[name] ?? (params[name]?.default as Value | undefined);
  const isOpen = ({ when }: Params[string]): boolean => when === undefined || now(when.param) === when.is;
  const stop = (): void => {
    host.cancel(job).catch(() => {});
    onBack();
  };
  return (
    <section className="panel bt analysis" data-view={view} aria-label={scene?.title ?? view} aria-busy={isWaiting}>
      <div className="head">
        {title}
        <span className="sub" title={scene?.subtitle}>
          {scene?.subtitle}
        </span>
        <div className="right">
          {Object.entries(params).map(
            ([name, param]) =>
              param.kind === 'choice' &&
              param.tier === 'common' &&
              name !== 'state' &&
              isOpen(param) &&
              !failure && (
                <span className="select plain" key={name}>
                  <select
                    aria-label={param.label}
                    value={String(own[name] ?? param.default)}
                    onChange={(event) => setOwn({ ...own, [name]: event.currentTarget.value })}
                  >
                    {param.choices.map((choice) => (
                      <option key={choice}>{choice}</option>
                    ))}
                  </select>
                  <Icon name="down" size={10} />
                </span>
              ),
          )}
          {!isWaiting && (
            <button type="button" className="link" onClick={onBack}>
              Change
            </button>
          )}
          {scene && <ToFigure view={view} settings={own} analysis={settings} />}
        </div>
      </div>
      {isWaiting && <progress className="going" max={1} value={progress?.done ?? 0} aria-label="Analysis" />}
      {failure ? (
        <div className="fill pad">
          <FailureInfo failure={failure} />
        </div>
      ) : scene ? (
        <>
          <PlaneStage scene={shown ?? scene} style={STYLE} />
          <div className="cap">
            <span title={scene.caption}>{scene.caption}</span>
          </div>
        </>
      ) : (
        <Going progress={progress} onStop={stop} />
      )}
    </section>
  );
}

function Going({ progress, onStop }: { readonly progress: Progress | undefined; readonly onStop: () => void }) {
  return (
    <p className="t3 pad fill">
      <span>
        {progress?.doing || (progress ? 'Working' : 'Starting')}
        {progress ? `, ${Math.round(100 * progress.done)} % ` : '… '}
        <button type="button" className="link" onClick={onStop}>
          Stop
        </button>
      </span>
    </p>
  );
}

interface NumbersProps extends Omit<ResultProps, 'view'> {
  readonly analysis: string;
  readonly name: string;
}

/** Numbers and notes of an analysis that has no picture of its own. */
function NumbersResult({ analysis, name, settings, title, onBack }: NumbersProps) {
  const { project, run } = useStore();
  const job = `analysis ${analysis}`;
  const progress = useProgress(job);
  const [outcome, setOutcome] = useState<AnalysisReport | Failure | undefined>();
  useEffect(() => {
    if (!project || !run) return;
    let isWanted = true;
    const take = (found: AnalysisReport | Failure): void => {
      if (isWanted) setOutcome(found);
    };
    host.analyze({ project: project.path, run: run.id, analysis, settings }, job).then(take, (error: unknown) => take(asFailure(error)));
    return () => {
      isWanted = false;
      host.cancel(job).catch(() => {});
    };
  }, [project?.path, run?.id, analysis, settings, job]);
  const words = useWords();
  const report = outcome && 'summary' in outcome ? outcome : undefined;
  const failure = outcome && !('summary' in outcome) ? outcome : undefined;
  return (
    <section className="panel bt analysis" aria-label={name} aria-busy={outcome === undefined}>
      <div className="head">
        {title}
        <span className="sub" title={report?.recipe}>
          {report?.recipe}
        </span>
        <div className="right">
          {outcome && (
            <button type="button" className="link" onClick={onBack}>
              Change
            </button>
          )}
        </div>
      </div>
      {!outcome && <progress className="going" max={1} value={progress?.done ?? 0} aria-label="Analysis" />}
      {failure && (
        <div className="fill pad">
          <FailureInfo failure={failure} />
        </div>
      )}
      {report && (
        // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by keyboard
        <section className="scroll" tabIndex={0} aria-label={`Numbers of ${name}`}>
          <dl className="kv">
            {Object.entries(report.summary).map(([key, number]) => {
              const { words: what, value } = numberWords(analysis, key, number, (known) => numberText(Number(known.toPrecision(4))));
              return (
                <div key={key}>
                  <dt>{what}</dt>
                  <dd>{value}</dd>
                </div>
              );
            })}
          </dl>
          {report.notes.map((note) => (
            <p className="t2" key={note}>
              {words(note)}
            </p>
          ))}
        </section>
      )}
      {!outcome && <Going progress={progress} onStop={onBack} />}
    </section>
  );
}
