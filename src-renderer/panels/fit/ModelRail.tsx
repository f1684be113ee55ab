// The model's form: what is chosen for the data stands grey with its reason; what is changed can go back.

import { Popover } from '@mantine/core';
import { useState } from 'react';
import { SchemaForm } from '../../forms/SchemaForm.tsx';
import { setModel, setSetting } from '../../state/form.ts';
import { duplicate, fitSeeds, isGoing, fit } from '../../state/fits.ts';
import { useRepair } from '../../state/repairs.ts';
import { set, useStore } from '../../state/store.ts';
import { count, counted, duration, valueText } from '../../ui/format.ts';
import { Menu } from '../../ui/Choice.tsx';
import { Trouble } from '../../ui/Trouble.tsx';
import { BeforeAfter } from './BeforeAfter.tsx';
import { DeviceRow } from './DeviceRow.tsx';
import { Presets } from './Presets.tsx';

const SEEDS = 3;
const MOST_SEEDS = 50;

export function ModelRail() {
  const { catalogue, model, settings, seed, device, preview, previewTrouble, run, recording } = useStore();
  const [draft, setDraft] = useState<string | undefined>();
  const entry = catalogue?.models.find(({ id }) => id === model);
  const dataset = preview?.dataset;
  const repair = useRepair(previewTrouble);
  const cannot = !recording || !preview || previewTrouble !== undefined;
  const differs =
    run !== undefined &&
    (run.model !== model ||
      JSON.stringify(run.settings) !== JSON.stringify(settings) ||
      run.seed !== seed ||
      (device !== 'auto' && run.device !== device));
  const commitSeed = (): void => {
    const given = Number(draft);
    setDraft(undefined);
    if (draft !== undefined && draft.trim() !== '' && Number.isInteger(given) && given >= 0) set({ seed: given });
  };
  return (
    <section className="panel br" aria-label="Model">
      <div className="head">
        <h2>Model</h2>
        <Menu
          label="Model"
          choices={(catalogue?.models ?? []).filter(({ reads }) => !reads).map(({ id, title }) => [id, title])}
          value={model}
          onChange={setModel}
        />
        <div className="right">
          <Presets />
          {differs && (
            <button type="button" className="link" title="Model, values and seed of the run in view" onClick={() => duplicate()}>
              As the run
            </button>
          )}
        </div>
      </div>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by keyboard */}
      <section className="scroll" tabIndex={0} aria-label="Parameters">
        <p className="hint about" title={entry?.about}>
          {dataset
            ? `Grey values are chosen for your data: ${counted(dataset.trainingTrials, 'training trial')}, ${counted(dataset.units - dataset.heldOutUnits, 'held-in unit')}, ${valueText(dataset.binMs)} ms bins. Change any; the arrow brings it back`
            : entry?.about}
        </p>
        {entry && (
          <SchemaForm
            key={model}
            params={entry.params}
            settings={settings}
            resolved={preview?.resolved}
            recording={recording?.summary}
            dataset={dataset}
            onChange={setSetting}
            open={['common', 'occasional']}
            shows={entry.prepares && recording && run ? { title: 'Activity before and after', content: <BeforeAfter /> } : undefined}
          />
        )}
        <div className="form">
          <div className="row" data-param="seed">
            <label htmlFor="seed">Seed</label>
            <span className="v">
              <span className="num">
                <input
                  id="seed"
                  inputMode="numeric"
                  value={draft ?? String(seed)}
                  onChange={(event) => setDraft(event.currentTarget.value)}
                  onBlur={commitSeed}
                  onKeyDown={(event) => event.key === 'Enter' && commitSeed()}
                />
              </span>
              <span className="reason" title="Of weights, batches and noise">
                Of chance
              </span>
            </span>
          </div>
          <DeviceRow devices={entry?.devices} />
        </div>
      </section>
      <div className="foot">
        {previewTrouble && <Trouble failure={previewTrouble} repair={repair} />}
        {!recording && <p className="t3">The recording is not open: fits need it</p>}
        {preview?.seconds !== undefined && <p className="t2">About {duration(preview.seconds)} on this computer</p>}
        <div className="acts">
          <button type="button" className="btn go" disabled={cannot} onClick={() => fit()}>
            {isGoing(run) ? 'Queue' : 'Fit'} {entry?.title ?? ''}
            <kbd>Ctrl ↵</kbd>
          </button>
          <Seeds disabled={cannot} seed={seed} />
          {run?.state === 'finished' && !differs && (
            <button
              type="button"
              className="btn"
              disabled={cannot}
              title="Fit anew, though a run of the same recipe is there"
              onClick={() => fit(true)}
            >
              Again
            </button>
          )}
        </div>
      </div>
    </section>
  );
}

/** Fits of several seeds, one after the other: what differs between them is not in the data. */
function Seeds({ disabled, seed }: { readonly disabled: boolean; readonly seed: number }) {
  const [isOpen, setOpen] = useState(false);
  const [text, setText] = useState('');
  const wanted = text.trim() === '' ? SEEDS : Number(text);
  const isWrong = !Number.isInteger(wanted) || wanted < 2 || wanted > MOST_SEEDS;
  const go = (): void => {
    if (isWrong) return;
    setOpen(false);
    fitSeeds(wanted);
  };
  return (
    <Popover opened={isOpen} onChange={setOpen} trapFocus returnFocus withinPortal position="top-end" shadow="md" width={264}>
      <Popover.Target>
        <button type="button" className="btn" disabled={disabled} aria-expanded={isOpen} onClick={() => setOpen(!isOpen)}>
          Seeds…
        </button>
      </Popover.Target>
      <Popover.Dropdown>
        <div className="kept" role="dialog" aria-label="Several seeds">
          <div className="acts">
            <span className={isWrong ? 'num wrong' : 'num'}>
              <input
                aria-label="How many seeds"
                inputMode="numeric"
                value={text}
                placeholder={String(SEEDS)}
                onChange={(event) => setText(event.currentTarget.value)}
                onKeyDown={(event) => event.key === 'Enter' && go()}
              />
              <i>seeds</i>
            </span>
            <button type="button" className="btn sm go" disabled={isWrong} onClick={go}>
              Fit them
            </button>
          </div>
          <p className="hint">
            {isWrong
              ? `From 2 to ${MOST_SEEDS}`
              : `Seeds ${count(seed)} to ${count(seed + wanted - 1)}, one after the other. Their spread, their rates averaged and how far they agree then stand beside the fit`}
          </p>
        </div>
      </Popover.Dropdown>
    </Popover>
  );
}
