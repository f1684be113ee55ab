// Any analysis that has a view: what it is, the button that runs it as a job, how far it is, and then its picture and notes.

import { type ReactNode, useState } from 'react';
import type { Settings, Value } from '../../../src-worker/contract/params.ts';
import { SchemaForm } from '../../forms/SchemaForm.tsx';
import { PlaneStage } from '../../stage/PlaneStage.tsx';
import { host } from '../../state/connection.ts';
import { searchSettings, useDynamics } from '../../state/dynamics.ts';
import { useProgress } from '../../state/progress.ts';
import { useStore } from '../../state/store.ts';
import { Info } from '../../ui/Trouble.tsx';
import { ToFigure } from '../ViewPanel.tsx';
import { useScene } from '../use-scene.ts';

export function AnalysisPicture({ analysis, title }: { readonly analysis: string; readonly title: ReactNode }) {
  const catalogue = useStore((state) => state.catalogue);
  const run = useStore((state) => state.run?.id);
  const recording = useStore((state) => state.recording?.summary);
  const held = useDynamics();
  const entry = catalogue?.analyses.find(({ id }) => id === analysis);
  const view = catalogue?.views.find(({ shows }) => shows === analysis);
  const [own, setOwn] = useState<Settings>({});
  const [started, setStarted] = useState<{ readonly run: string | undefined; readonly settings: Settings } | undefined>();
  if (!entry || !view) return undefined;
  // Analyses at a held input take the one of the search, unless another is set here.
  const inherited = 'input' in entry.params ? searchSettings(held) : {};
  const settings = { ...inherited, ...own };
  if (started && started.run === run)
    return <Result view={view.id} settings={started.settings} title={title} onBack={() => setStarted(undefined)} />;
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
  readonly view: string;
  readonly settings: Settings;
  readonly title: ReactNode;
  readonly onBack: () => void;
}

function Result({ view, settings, title, onBack }: ResultProps) {
  const { scene, failure, isWaiting } = useScene(view, {}, { analysis: settings });
  const job = `view ${view}`;
  const progress = useProgress(job);
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
          {!isWaiting && (
            <button type="button" className="link" onClick={onBack}>
              Change
            </button>
          )}
          {scene && <ToFigure view={view} settings={{}} analysis={settings} />}
        </div>
      </div>
      {isWaiting && <progress className="going" max={1} value={progress?.done ?? 0} aria-label="Analysis" />}
      {failure ? (
        <div className="fill pad">
          <Info text={`${failure.sentence} ${failure.hint}`} />
        </div>
      ) : scene ? (
        <>
          <PlaneStage scene={scene} />
          <div className="cap">
            <span title={scene.caption}>{scene.caption}</span>
          </div>
        </>
      ) : (
        <p className="t3 pad fill">
          {progress?.doing || 'Starting'}
          {progress ? `, ${Math.round(100 * progress.done)} %` : '…'}{' '}
          <button type="button" className="link" onClick={stop}>
            Stop
          </button>
        </p>
      )}
    </section>
  );
}
