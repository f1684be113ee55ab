// A panel that draws one flat view of the run; it follows the picked trial and the time cursor, and can be sent to paper.

import type { Settings } from '../../src-worker/contract/params.ts';
import type { Scene } from '../../src-worker/scene/scene.ts';
import { PlaneStage } from '../stage/PlaneStage.tsx';
import { show } from '../state/actions.ts';
import { type FigureDraft, set, useStore } from '../state/store.ts';
import { Icon } from '../ui/icons.tsx';
import { Info } from '../ui/Trouble.tsx';
import { useScene } from './use-scene.ts';

export function ViewPanel({ view }: { readonly view: string }) {
  const entry = useStore((state) => state.catalogue?.views.find(({ id }) => id === view));
  const trial = useStore((state) => state.selection.trial);
  const settings: Settings = entry?.params.trial && trial !== undefined ? { trial } : {};
  const { scene, failure, isWaiting } = useScene(view, settings);
  return (
    <section className="panel bt" data-view={view} aria-busy={isWaiting}>
      <div className="head">
        <h2>{scene?.title ?? entry?.title}</h2>
        <span className="sub" title={scene?.subtitle}>
          {scene?.subtitle}
        </span>
        <div className="right">
          <ToFigure view={view} settings={settings} />
        </div>
      </div>
      {failure ? (
        <div className="fill pad">
          <Info text={`${failure.sentence} ${failure.hint}`} />
        </div>
      ) : (
        <Drawn scene={scene} />
      )}
    </section>
  );
}

function Drawn({ scene }: { readonly scene: Scene | undefined }) {
  if (!scene) return <p className="t3 pad">On its way…</p>;
  return <PlaneStage scene={scene} followsTime={scene.x.unit === 'ms'} />;
}

export function ToFigure(draft: FigureDraft) {
  return (
    <button
      type="button"
      className="ib"
      title="To figure"
      onClick={() => {
        set({ draft });
        show('Figure');
      }}
    >
      <Icon name="figure" size={14} />
    </button>
  );
}
