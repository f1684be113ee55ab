// One picture among many of the same kind: a pair of regions, or a unit of the free run.

import { useMemo } from 'react';
import type { Settings } from '../../../src-worker/contract/params.ts';
import { followed } from '../../../src-worker/scene/follow.ts';
import { PlaneStage } from '../../stage/PlaneStage.tsx';
import { followOf } from '../../state/selection.ts';
import { useStore } from '../../state/store.ts';
import { Info } from '../../ui/Trouble.tsx';
import { useScene } from '../use-scene.ts';
import { ToFigure } from '../ViewPanel.tsx';

interface Props {
  readonly title: string;
  readonly show: string;
  readonly into?: string;
  readonly from?: string;
}

export function Cell({ title, show, into, from }: Props) {
  const settings = useMemo(() => ({ show, ...(into ? { into } : {}), ...(from ? { from } : {}) }), [show, into, from]);
  return <Picture view="currents" title={title} settings={settings} />;
}

interface PictureProps {
  readonly view: string;
  readonly title?: string;
  readonly settings: Settings;
}

const style = { ownsConditions: true } as const;

export function Picture({ view, title, settings }: PictureProps) {
  const { scene, failure, isWaiting } = useScene(view, settings, {}, `${view} ${Object.values(settings).join(' ')}`);
  const { hidden, names, colours, spanMs } = useStore((state) => state.selection);
  const shown = useMemo(
    () => scene && followed(scene, followOf({ hidden, names, colours, spanMs })),
    [scene, hidden, names, colours, spanMs],
  );
  const name = title ?? scene?.title ?? '';
  return (
    <section className="cell" aria-label={name} aria-busy={isWaiting}>
      <h3>
        <b>{name}</b>
        <span title={scene?.subtitle}>{scene?.subtitle}</span>
        <ToFigure view={view} settings={settings} />
      </h3>
      {failure ? <Info text={`${failure.sentence} ${failure.hint}`} /> : shown && <PlaneStage scene={shown} followsTime style={style} />}
    </section>
  );
}
