// Use for modelling: the recipe that makes a dataset of a recording, what would come of it, what wants care, and the way on.

import type { DatasetSummary } from '../../src-worker/contract/dataset.ts';
import type { Params } from '../../src-worker/contract/params.ts';
import type { Chosen } from '../../src-worker/contract/run.ts';
import { SchemaForm } from '../forms/SchemaForm.tsx';
import { show } from '../state/actions.ts';
import { setData, setModel } from '../state/form.ts';
import { type Preview, useStore } from '../state/store.ts';
import { bytes, count, counted, duration } from '../ui/format.ts';
import { Info, Trouble, Warning } from '../ui/Trouble.tsx';
import { mend } from './recording/mend.ts';
import { warningsOf } from './recording/warnings.ts';

export function RecipeRail({ quiet = [] }: { readonly quiet?: readonly number[] }) {
  const params = useStore((state) => state.catalogue?.dataset);
  const data = useStore((state) => state.data);
  const recording = useStore((state) => state.recording?.summary);
  const preview = useStore((state) => state.preview);
  const trouble = useStore((state) => state.previewTrouble);
  const isWaiting = useStore((state) => state.previewing);
  const screen = useStore((state) => state.screen);
  const dataset = preview?.dataset;
  const baseline = useStore((state) => state.catalogue?.models.find(({ id }) => id === 'glm' || id === 'smoothing')?.id);
  const isReady = dataset !== undefined && trouble === undefined;
  const isArrays = recording !== undefined && recording.unitTables.length === 0 && recording.arrays.length > 0;
  return (
    <section className="panel bl rail" aria-label="Use for modelling">
      <div className="head">
        <h2>Use for modelling</h2>
      </div>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by keyboard */}
      <section className="scroll" tabIndex={0} aria-label="Recipe">
        {params && (
          <SchemaForm
            key={recording?.identity}
            params={isArrays ? withArraysFirst(params) : params}
            settings={data}
            resolved={resolvedOf(dataset)}
            recording={recording}
            dataset={dataset}
            onChange={setData}
            isPlain
          />
        )}
        <div className={isWaiting ? 'outcome waiting' : 'outcome'} aria-busy={isWaiting}>
          {trouble ? <Trouble failure={trouble} /> : preview ? <Outcome preview={preview} /> : <p className="t3">Making trials…</p>}
        </div>
        {isReady && screen === 'Recording' && (
          <div className="form notes">
            {warningsOf(dataset, data, quiet).map(({ kind, text, repair }) => {
              const link = repair && { title: repair.title, onClick: () => mend(repair) };
              return kind === 'info' ? <Info key={text} text={text} /> : <Warning key={text} text={text} repair={link} />;
            })}
          </div>
        )}
      </section>
      <div className="foot">
        <div className="acts">
          {screen === 'Recording' ? (
            <button type="button" className="btn go" disabled={!isReady} onClick={() => show('Dataset')}>
              Make dataset<kbd>Ctrl ↵</kbd>
            </button>
          ) : (
            <button type="button" className="btn go" disabled={!isReady} onClick={() => show('Fit')}>
              Fit a model<kbd>Ctrl ↵</kbd>
            </button>
          )}
          {baseline && (
            <button
              type="button"
              className="btn"
              disabled={!isReady}
              onClick={() => {
                setModel(baseline);
                show('Fit');
              }}
            >
              Baselines…
            </button>
          )}
        </div>
      </div>
    </section>
  );
}

const ofArrays = ['counts', 'rates', 'dtMs', 'segmentMs'];

/** Of a file of arrays it must be said first which of them is what. */
function withArraysFirst(params: Params): Params {
  const first = ofArrays.flatMap((name) => (params[name] ? [[name, { ...params[name], tier: 'common' as const }] as const] : []));
  return { ...Object.fromEntries(first), ...Object.fromEntries(Object.entries(params).filter(([name]) => !ofArrays.includes(name))) };
}

/** What the program chose for this recording stands grey in the fields. */
function resolvedOf(dataset: DatasetSummary | undefined): Readonly<Record<string, Chosen>> {
  if (!dataset) return {};
  return {
    align: { value: dataset.event, reason: '' },
    windowMs: { value: [...dataset.windowMs], reason: '' },
    binMs: { value: dataset.binMs, reason: counted(dataset.bins, 'bin') },
  };
}

function Outcome({ preview: { dataset, bytes: memory, seconds } }: { readonly preview: Preview }) {
  const areRates = useStore((state) => state.data.rates !== undefined);
  const perCondition = dataset.conditions.filter(({ training }) => training > 0).map(({ validation }) => validation);
  const spread = perCondition.length > 1 ? `${Math.min(...perCondition)} to ${counted(Math.max(...perCondition), 'trial')}` : undefined;
  const facts: readonly (readonly [string, string])[] = [
    ...(areRates ? [] : ([['Bins with a spike', `${(100 * (1 - dataset.emptyShare)).toPrecision(3)} %`]] as const)),
    [
      dataset.testTrials > 0 ? 'Training, validation, test' : 'Training, validation',
      `${count(dataset.trainingTrials)}, ${count(dataset.validationTrials)}${dataset.testTrials > 0 ? `, ${count(dataset.testTrials)}` : ''} trials`,
    ],
    ...(spread === undefined ? [] : ([['Validation per condition', spread]] as const)),
    ['Held in, held out', `${count(dataset.units - dataset.heldOutUnits)}, ${counted(dataset.heldOutUnits, 'unit')}`],
    ...(memory === undefined ? [] : ([['Memory while fitting', bytes(memory)]] as const)),
    ...(seconds === undefined ? [] : ([['The fit, on this computer', `about ${duration(seconds)}`]] as const)),
  ];
  return (
    <>
      <p className="big" data-dataset>
        {count(dataset.trials)} <i>trials</i> × {count(dataset.bins)} <i>bins</i> × {count(dataset.units)} <i>units</i>
      </p>
      <dl className="kv">
        {facts.map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
    </>
  );
}
