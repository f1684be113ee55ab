// One picture among many of the same kind: a pair of regions, what comes into a region, a unit of the free run.

import { type ReactNode, useContext, useEffect, useMemo } from 'react';
import type { Settings } from '../../../src-worker/contract/params.ts';
import { followed } from '../../../src-worker/scene/follow.ts';
import type { ConditionKey, Scene } from '../../../src-worker/scene/scene.ts';
import type { Style } from '../../../src-worker/scene/style.ts';
import { PlaneStage } from '../../stage/PlaneStage.tsx';
import { followOf } from '../../state/selection.ts';
import { useStore } from '../../state/store.ts';
import { useScene } from '../use-scene.ts';
import { ToFigure } from '../ViewPanel.tsx';
import { FailureInfo } from '../FailureInfo.tsx';
import { Untested, untestedSettings } from './use-tested.ts';

interface Props {
  readonly view: string;
  readonly settings: Settings;
  /** Stands bold before what the scene says of itself, or in place of that. */
  readonly title?: string;
  /** In place of the title. */
  readonly menu?: ReactNode;
  readonly label?: string;
  readonly style?: Partial<Style>;
  /** How the scene is drawn here: without words that its neighbours have. */
  readonly as?: (scene: Scene) => Scene;
  readonly onKey?: (key: ConditionKey | undefined) => void;
}

const plain: Partial<Style> = { ownsConditions: true };
const asItIs = (scene: Scene): Scene => scene;

export function Picture({ view, settings, title, menu, label, style = plain, as = asItIs, onKey }: Props) {
  const isUntested = useContext(Untested);
  const shows = useStore((state) => state.catalogue?.views.find(({ id }) => id === view)?.shows);
  const more = isUntested && (shows === 'currents' || shows === 'belief') ? { analysis: untestedSettings } : {};
  const { scene, failure, isWaiting } = useScene(view, settings, more, `${view} ${Object.values(settings).join(' ')}`);
  const { hidden, names, colours, spanMs } = useStore((state) => state.selection);
  const shown = useMemo(
    () => scene && followed(as(scene), followOf({ hidden, names, colours, spanMs })),
    [scene, as, hidden, names, colours, spanMs],
  );
  const key = shown?.conditions;
  useEffect(() => onKey?.(key), [key, onKey]);
  const said = label ?? shown?.subtitle;
  const followsTime = scene?.x.unit === 'ms';
  return (
    <section className="cell" aria-label={[title ?? scene?.title, label].filter(Boolean).join(', ')} aria-busy={isWaiting}>
      <h3>
        {menu ?? (title && <b>{title}</b>)}
        <span title={scene?.subtitle}>{said}</span>
        <ToFigure view={view} settings={settings} {...more} />
      </h3>
      {failure ? (
        <FailureInfo failure={failure} />
      ) : shown ? (
        <PlaneStage scene={shown} followsTime={followsTime} style={style} />
      ) : (
        <p className="t3 pad">On its way…</p>
      )}
    </section>
  );
}
