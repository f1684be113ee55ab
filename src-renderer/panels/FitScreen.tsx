// The model's form, training as it goes, and whether the fit is good.

import { useEffect } from 'react';
import { show } from '../state/actions.ts';
import { fit } from '../state/fits.ts';
import { get, useStore } from '../state/store.ts';
import { BeforeAfterPanel } from './fit/BeforeAfter.tsx';
import { Judgement } from './fit/Judgement.tsx';
import { ModelRail } from './fit/ModelRail.tsx';
import { Training } from './fit/Training.tsx';
import { Nothing } from './Nothing.tsx';

export function FitScreen() {
  const recording = useStore((state) => state.recording);
  const run = useStore((state) => state.run);
  const prepares = useStore(({ catalogue, model }) => catalogue?.models.find(({ id }) => id === model)?.prepares === true);
  useEffect(() => {
    const press = (event: KeyboardEvent): void => {
      if (event.key !== 'Enter' || !(event.ctrlKey || event.metaKey) || event.defaultPrevented) return;
      event.preventDefault();
      if (get().preview && !get().previewTrouble) fit();
    };
    window.addEventListener('keydown', press);
    return () => window.removeEventListener('keydown', press);
  }, []);
  if (!recording && !run)
    return <Nothing text="Open a recording to fit a model to it" action="To the recordings" onAction={() => show('Recording')} />;
  return (
    <main className="fit">
      <ModelRail />
      <div className="col">
        <Training />
        {run || !prepares ? <Judgement /> : <BeforeAfterPanel />}
      </div>
    </main>
  );
}
