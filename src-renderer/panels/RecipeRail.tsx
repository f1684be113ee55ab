// The recipe that makes a dataset of a recording: its form, what would come of it, and the way on.

import type { Chosen } from '../../src-worker/contract/run.ts';
import { SchemaForm } from '../forms/SchemaForm.tsx';
import { setData, show } from '../state/actions.ts';
import { useStore } from '../state/store.ts';
import { bytes, count, duration } from '../ui/format.ts';
import { Trouble, Warning } from '../ui/Trouble.tsx';

export function RecipeRail() {
  const params = useStore((state) => state.catalogue?.dataset);
  const data = useStore((state) => state.data);
  const recording = useStore((state) => state.recording?.summary);
  const dataset = useStore((state) => state.preview?.dataset);
  // What the program chose for this recording stands grey in the fields.
  const resolved: Record<string, Chosen> = dataset
    ? {
        align: { value: dataset.event, reason: '' },
        windowMs: { value: [...dataset.windowMs], reason: '' },
        binMs: { value: dataset.binMs, reason: '' },
      }
    : {};
  return (
    <section className="panel bl rail">
      <div className="head">
        <h2>Use for modelling</h2>
      </div>
      <div className="scroll">
        {params && <SchemaForm params={params} settings={data} resolved={resolved} recording={recording} onChange={setData} />}
      </div>
      <PreviewBox />
    </section>
  );
}

export function PreviewBox() {
  const { preview, previewTrouble, previewing, screen } = useStore();
  const dataset = preview?.dataset;
  return (
    <div className={previewing ? 'foot waiting' : 'foot'} aria-busy={previewing}>
      {previewTrouble ? (
        <Trouble failure={previewTrouble} />
      ) : dataset ? (
        <>
          <p className="st" data-dataset>
            {count(dataset.trials)} trials × {count(dataset.bins)} bins × {count(dataset.units)} units
          </p>
          <p className="t2">
            {(100 * (1 - dataset.emptyShare)).toPrecision(2)} % of bins have a spike; {count(dataset.trainingTrials)} training and{' '}
            {count(dataset.validationTrials)} validation trials
            {preview.bytes === undefined ? '' : `; ${bytes(preview.bytes)} of memory`}
            {preview.seconds === undefined ? '' : `; about ${duration(preview.seconds)} on this computer`}
          </p>
          {screen === 'Recording' && dataset.warnings.map((warning) => <Warning key={warning} text={warning} />)}
        </>
      ) : (
        <p className="t3">Making trials…</p>
      )}
      <div className="acts">
        {screen === 'Recording' && (
          <button type="button" className="btn" disabled={!dataset} onClick={() => show('Dataset')}>
            Look at it
          </button>
        )}
        <button type="button" className="btn go" disabled={!dataset || previewTrouble !== undefined} onClick={() => show('Fit')}>
          Use for modelling
        </button>
      </div>
    </div>
  );
}
