// A panel that draws one flat view of the run over the shared time axis; it follows the whole selection, and can be sent to paper.

import { useMemo } from 'react';
import type { Settings } from '../../src-worker/contract/params.ts';
import { followed } from '../../src-worker/scene/follow.ts';
import type { Scene } from '../../src-worker/scene/scene.ts';
import { PlaneStage } from '../stage/PlaneStage.tsx';
import { TIME_MARGINS } from '../stage/TimeBar.tsx';
import { show } from '../state/actions.ts';
import { setPanel } from '../state/explore.ts';
import { conditionOf, followOf } from '../state/selection.ts';
import { type FigureDraft, get, set, useStore } from '../state/store.ts';
import { Icon } from '../ui/icons.tsx';
import { useScene } from './use-scene.ts';
import { FailureInfo } from './FailureInfo.tsx';

interface Props {
  readonly view: string;
  /** Parameters that stand in its head as menus. */
  readonly choices: readonly string[];
  readonly namesEvents?: boolean;
  /** Views that its title's menu offers in its place. */
  readonly others?: readonly string[];
  readonly onOther?: (view: string) => void;
}

const nothing: Settings = {};

export function ViewPanel({ view, choices, namesEvents = false, others, onOther }: Props) {
  const views = useStore((state) => state.catalogue?.views);
  const entry = views?.find(({ id }) => id === view);
  const { trial, hidden, names, colours, spanMs } = useStore((state) => state.selection);
  const condition = useStore((state) => conditionOf(state.space.scene, state.selection.trial));
  const own = useStore((state) => state.panels[view]) ?? nothing;
  const trials = useStore((state) => state.trials);
  // While no trial is picked a panel shows what it has of all of them.
  const show = entry?.params.show;
  const ofAll = show?.kind === 'choice' ? show.choices.find((choice) => choice !== 'trial') : undefined;
  const settings: Settings = {
    ...own,
    ...(entry?.params.trial ? (trial !== undefined ? { trial } : ofAll !== undefined ? { show: ofAll } : {}) : {}),
  };
  const { scene, failure, isWaiting } = useScene(view, settings, { trials });
  const shown = useMemo(
    () => scene && followed(withoutEcho(scene), followOf({ hidden, names, colours, spanMs }, condition)),
    [scene, hidden, names, colours, spanMs, condition],
  );
  const style = useMemo(() => ({ shared: { ...TIME_MARGINS, namesEvents }, ownsConditions: true }), [namesEvents]);
  const title = scene?.title ?? entry?.title ?? view;
  return (
    <section className="panel bt" data-view={view} aria-label={title} aria-busy={isWaiting}>
      <div className="head">
        {others && onOther ? (
          <h2 className="select plain">
            <select aria-label="Panel" value={view} onChange={(event) => onOther(event.currentTarget.value)}>
              {others.map((id) => (
                <option key={id} value={id}>
                  {views?.find((other) => other.id === id)?.title ?? id}
                </option>
              ))}
            </select>
            <Icon name="down" size={10} />
          </h2>
        ) : (
          <h2>{title}</h2>
        )}
        <span className="sub" title={scene?.subtitle}>
          {scene?.subtitle}
        </span>
        <div className="right">
          {choices.map((name) => {
            const param = entry?.params[name];
            if (param?.kind !== 'choice') return undefined;
            return (
              <span className="pick" key={name}>
                <i>{param.label}</i>
                <span className="select plain">
                  <select
                    aria-label={param.label}
                    value={String(own[name] ?? param.default)}
                    onChange={(event) => setPanel(view, name, event.currentTarget.value)}
                  >
                    {param.choices.map((choice) => (
                      <option key={choice}>{choice}</option>
                    ))}
                  </select>
                  <Icon name="down" size={10} />
                </span>
              </span>
            );
          })}
          <ToFigure view={view} settings={settings} />
        </div>
      </div>
      {failure ? (
        <div className="fill pad">
          <FailureInfo failure={failure} />
        </div>
      ) : shown ? (
        <PlaneStage scene={shown} followsTime={shown.x.unit === 'ms'} style={style} />
      ) : (
        <p className="t3 pad">On its way…</p>
      )}
    </section>
  );
}

/** An axis need not say again what the panel's title says. */
const withoutEcho = (scene: Scene): Scene =>
  scene.y.label !== '' && scene.title.startsWith(scene.y.label) ? { ...scene, y: { ...scene.y, label: '' } } : scene;

/** The page icon: sends a view, its camera and the selection to paper. */
export function ToFigure(draft: FigureDraft) {
  return (
    <button
      type="button"
      className="ib"
      title="To figure (Ctrl Shift F)"
      aria-label="To figure"
      data-to-figure
      onClick={() => {
        const { selection, space, trials } = get();
        const only = trials === undefined ? {} : { trials };
        set({
          draft: { ...only, ...draft, follow: followOf(selection, draft.camera ? undefined : conditionOf(space.scene, selection.trial)) },
        });
        show('Figure');
      }}
    >
      <Icon name="figure" size={14} />
    </button>
  );
}
