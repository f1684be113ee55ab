// The model of the run in view on other trials: a recording, which of its trials, and how well the model does there.

import { Modal } from '@mantine/core';
import { useState } from 'react';
import type { Failure } from '../../../src-worker/contract/failure.ts';
import type { FitReport } from '../../../src-worker/contract/run.ts';
import { asFailure } from '../../../src-worker/contract/rpc.ts';
import { host } from '../../state/connection.ts';
import { set, useStore } from '../../state/store.ts';
import { chooseForModel, inferOn } from '../../state/tasks.ts';
import { counted } from '../../ui/format.ts';
import { Icon } from '../../ui/icons.tsx';
import { Info, Trouble } from '../../ui/Trouble.tsx';
import { Readings } from '../fit/Readings.tsx';
import { ScoreTable } from '../fit/ScoreTable.tsx';

const close = (): void => set({ task: undefined });

export function InferDialog() {
  // The list of files stands in its place while a recording is chosen.
  const isOpen = useStore((state) => state.task === 'infer' && state.dialog === undefined);
  const isAsked = useStore((state) => state.task === 'infer');
  return (
    <Modal opened={isOpen} onClose={close} title="Run the model on other trials" size={520} keepMounted={isAsked}>
      {isAsked && <Content />}
    </Modal>
  );
}

function Content() {
  const chosen = useStore((state) => state.inferOn);
  const current = useStore((state) => state.recording?.entry);
  const exporters = useStore((state) => state.catalogue?.exporters) ?? [];
  const [trials, setTrials] = useState('');
  const [format, setFormat] = useState('');
  const [isBusy, setBusy] = useState(false);
  const [failure, setFailure] = useState<Failure | undefined>();
  const [report, setReport] = useState<FitReport | undefined>();
  const recording = chosen ?? current;
  const go = async (): Promise<void> => {
    if (!recording) return;
    setBusy(true);
    setFailure(undefined);
    const filters = trials
      .split(',')
      .map((part) => part.trim())
      .filter(Boolean);
    try {
      setReport(
        await inferOn(recording, filters.length > 0 ? { trials: filters } : {}, exporters.find(({ id }) => id === format)?.extension),
      );
    } catch (error) {
      const failed = asFailure(error);
      if (failed.code !== 'cancelled') setFailure(failed);
    } finally {
      setBusy(false);
    }
  };
  return (
    <div className="task">
      <div className="form">
        <div className="row">
          <span>Recording</span>
          <span className="v">
            <b>{recording?.name ?? 'none'}</b>
            <button type="button" className="link" onClick={chooseForModel}>
              Choose another…
            </button>
          </span>
        </div>
        <div className="row">
          <label htmlFor="infer-trials">Trials</label>
          <span className="num text">
            <input
              id="infer-trials"
              placeholder="as the model’s own"
              value={trials}
              onChange={(event) => setTrials(event.currentTarget.value)}
            />
          </span>
        </div>
        <div className="row">
          <label htmlFor="infer-format">Write a file</label>
          <span className="select">
            <select id="infer-format" value={format} onChange={(event) => setFormat(event.currentTarget.value)}>
              <option value="">no, only keep it in the project</option>
              {exporters.map(({ id, title }) => (
                <option key={id} value={id}>
                  {title}
                </option>
              ))}
            </select>
            <Icon name="down" size={10} />
          </span>
        </div>
      </div>
      <p className="hint">Units, bins and window are the model’s own; the recording needs the same units</p>
      {failure && <Trouble failure={failure} />}
      <div className="acts answers">
        <button type="button" className="btn go" disabled={isBusy || !recording} onClick={go}>
          {isBusy ? 'Inferring…' : 'Infer'}
        </button>
        {isBusy && (
          <button type="button" className="btn" onClick={() => host.cancel('infer')}>
            Stop
          </button>
        )}
      </div>
      {report && (
        <section aria-label="What was inferred">
          <p className="t2">
            {counted(report.dataset.trials, 'trial')} × {report.dataset.bins} bins × {counted(report.dataset.units, 'unit')}, kept in the
            project
          </p>
          <ScoreTable report={report} />
          <Readings of={report.readings ?? []} />
          {report.notes.map((note) => (
            <Info key={note} text={note} />
          ))}
        </section>
      )}
    </div>
  );
}
