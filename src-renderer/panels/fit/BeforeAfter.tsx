// What preprocessing would make of a unit's activity before the fit: as recorded beneath the same smoothed, then in the network's range, and what
// undoes it. It follows the form.

import { useMemo, useState } from 'react';
import { followed } from '../../../src-worker/scene/follow.ts';
import type { Scene } from '../../../src-worker/scene/scene.ts';
import { PlaneStage } from '../../stage/PlaneStage.tsx';
import { host } from '../../state/connection.ts';
import { stepUnit } from '../../state/look.ts';
import { followOf } from '../../state/selection.ts';
import { useStore } from '../../state/store.ts';
import { useAsked } from '../recording/use-asked.ts';
import { FailureInfo } from '../FailureInfo.tsx';
import { asSmall } from './quality.ts';

const style = { ownsConditions: true } as const;
const shows = [
  { show: 'rates', title: 'Rates', unit: 'Hz' },
  { show: 'network', title: 'For the network', unit: '' },
] as const;

/** In the form. */
export function BeforeAfter() {
  const { scenes, failure, isWaiting, steps } = useBoth();
  if (failure?.code === 'nothing-prepared')
    return (
      <section className="prepared" aria-label="Activity before and after">
        <FailureInfo failure={failure} />
      </section>
    );
  const [scene] = scenes;
  return (
    <section className="prepared" aria-label="Activity before and after" aria-busy={isWaiting}>
      <div className="acts">
        <b title={scene?.title}>{scene?.title}</b>
        {steps}
      </div>
      {failure ? (
        <FailureInfo failure={failure} />
      ) : (
        shows.map((of, k) => (
          <div className="small" key={of.show}>
            <Heading {...of} />
            <Picture scene={scenes[k]} isSmall />
            <p title={scenes[k]?.subtitle}>{scenes[k]?.subtitle}</p>
          </div>
        ))
      )}
      {scene && !failure && (
        <p className="hint" title={scene.caption}>
          {recipeIn(scene)}
        </p>
      )}
    </section>
  );
}

/** In the place of what is said of a fit, while there is none. */
export function BeforeAfterPanel() {
  const { scenes, failure, isWaiting, steps } = useBoth();
  const [scene] = scenes;
  const isNothing = failure?.code === 'nothing-prepared';
  return (
    <section className="panel bt prepared" aria-label="Activity before and after" aria-busy={isWaiting}>
      <div className="head">
        <h2>Activity before and after</h2>
        <span className="sub" title={scene?.title}>
          {scene?.title}
        </span>
        {!isNothing && <div className="right">{steps}</div>}
      </div>
      {failure ? (
        <div className="fill pad">
          <FailureInfo failure={failure} />
        </div>
      ) : (
        <div className="pair">
          {shows.map((of, k) => (
            <div className="cell" key={of.show}>
              <Heading {...of} about={scenes[k]?.subtitle} />
              <Picture scene={scenes[k]} />
            </div>
          ))}
        </div>
      )}
      {!failure && (
        <p className="hint" title={scene?.caption}>
          {scene && recipeIn(scene)}
        </p>
      )}
    </section>
  );
}

const Heading = ({ title, unit, about }: { readonly title: string; readonly unit: string; readonly about?: string | undefined }) => (
  <h3 title={about}>
    {title} {(about ?? unit) && <span>{about ?? unit}</span>}
  </h3>
);

/** Both pictures of the picked unit, and the keys that step through units and averages. */
function useBoth() {
  const [average, setAverage] = useState(1);
  const units = useUnits();
  const unit = useStore((state) => state.selection.unit);
  const [rates, network] = [usePrepared('rates', unit, average), usePrepared('network', unit, average)];
  const step = (by: 1 | -1): void => setAverage(Math.max(1, average + by));
  const keys = [
    { sign: '↑', title: 'Previous unit', go: () => stepUnit(units, -1) },
    { sign: '↓', title: 'Next unit', go: () => stepUnit(units, 1) },
    { sign: '←', title: 'Previous trial or average of each condition', go: () => step(-1) },
    { sign: '→', title: 'Next trial or average of each condition', go: () => step(1) },
  ];
  const steps = (
    <span className="keys">
      {keys.map(({ sign, title, go }) => (
        <button type="button" key={sign} className="keycap" aria-label={title} title={title} onClick={go}>
          {sign}
        </button>
      ))}
    </span>
  );
  return {
    scenes: [rates.value, network.value] as const,
    failure: rates.failure ?? network.failure,
    isWaiting: rates.isWaiting || network.isWaiting,
    steps,
  };
}

/** Rows of the recording's units that are not left out. */
function useUnits(): readonly number[] {
  const count = useStore((state) => state.recording?.summary.units ?? 0);
  const left = useStore((state) => state.preview?.dataset.left);
  return useMemo(() => {
    const out = new Set((left ?? []).filter(({ what }) => what === 'unit').flatMap(({ rows }) => rows));
    return Array.from({ length: count }, (_, row) => row).filter((row) => !out.has(row));
  }, [count, left]);
}

function Picture({ scene, isSmall = false }: { readonly scene: Scene | undefined; readonly isSmall?: boolean }) {
  const { hidden, names, colours } = useStore((state) => state.selection);
  const shown = useMemo(
    () => scene && followed(isSmall ? asSmall(scene) : scene, followOf({ hidden, names, colours })),
    [scene, isSmall, hidden, names, colours],
  );
  return shown ? <PlaneStage scene={shown} style={style} /> : <p className="t3 stage">Preparing activity…</p>;
}

/** What was done, without which dataset and unit it was done to: these stand above. */
const recipeIn = ({ caption }: Scene): string => /Activity of .*?(?=\. Rates and)/.exec(caption)?.[0] ?? caption;

/** The picture of a unit as the form has it, once the form makes a dataset. */
function usePrepared(show: string, unit: number | undefined, average: number) {
  const recording = useStore((state) => state.recording?.entry.grant);
  const { data, model, settings } = useStore();
  const isReady = useStore((state) => state.preview !== undefined && !state.previewing && state.previewTrouble === undefined);
  const key = recording === undefined || !isReady ? undefined : JSON.stringify([recording, data, model, settings, show, unit, average]);
  return useAsked(`before and after ${show}`, key, (job) =>
    host.scene(
      {
        recording: recording!,
        data,
        fit: { model, settings },
        view: 'activity',
        settings: { show, average, ...(unit === undefined ? {} : { unit }) },
        width: 280,
        height: 120,
      },
      job,
    ),
  );
}
