// The run's outputs as a file that others read: its format, which trials, and what the format lets one choose.

import { Modal } from '@mantine/core';
import { useState } from 'react';
import type { Failure } from '../../../src-worker/contract/failure.ts';
import type { Settings } from '../../../src-worker/contract/params.ts';
import { asFailure } from '../../../src-worker/contract/rpc.ts';
import { SchemaForm } from '../../forms/SchemaForm.tsx';
import { host } from '../../state/connection.ts';
import { set, useStore } from '../../state/store.ts';
import { exportData } from '../../state/writing.ts';
import { Icon } from '../../ui/icons.tsx';
import { Trouble } from '../../ui/Trouble.tsx';

const close = (): void => set({ task: undefined });

export function ExportDialog() {
  const isOpen = useStore((state) => state.task === 'export');
  return (
    <Modal opened={isOpen} onClose={close} title="Save data" size={520}>
      {isOpen && <Content />}
    </Modal>
  );
}

function Content() {
  const exporters = useStore((state) => state.catalogue?.exporters) ?? [];
  const shown = useStore((state) => state.trials);
  const [id, setId] = useState(exporters[0]?.id ?? '');
  const [settings, setSettings] = useState<Settings>({});
  const [trials, setTrials] = useState(shown ?? '');
  const [isBusy, setBusy] = useState(false);
  const [failure, setFailure] = useState<Failure | undefined>();
  const entry = exporters.find((one) => one.id === id);
  const go = async (): Promise<void> => {
    if (!entry) return;
    setBusy(true);
    setFailure(undefined);
    try {
      const written = await exportData(entry.id, settings, trials);
      if (written) set({ written, task: undefined });
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
          <label htmlFor="export-format">Format</label>
          <span className="select">
            <select
              id="export-format"
              value={id}
              onChange={(event) => {
                setId(event.currentTarget.value);
                setSettings({});
              }}
            >
              {exporters.map((one) => (
                <option key={one.id} value={one.id}>
                  {one.title}
                </option>
              ))}
            </select>
            <Icon name="down" size={10} />
          </span>
        </div>
        <div className="row">
          <label htmlFor="export-trials">Trials</label>
          <span className="num text">
            <input id="export-trials" placeholder="all" value={trials} onChange={(event) => setTrials(event.currentTarget.value)} />
          </span>
        </div>
      </div>
      {entry && (
        <SchemaForm
          key={id}
          params={entry.params}
          settings={settings}
          onChange={(name, value) =>
            setSettings(({ [name]: _, ...others }) => (value === undefined ? others : { ...others, [name]: value }))
          }
          open={['common', 'occasional']}
          isPlain
        />
      )}
      <p className="hint">{entry?.about}</p>
      {failure && <Trouble failure={failure} />}
      <div className="acts answers">
        <button type="button" className="btn go" disabled={isBusy || !entry} onClick={go}>
          {isBusy ? 'Writing…' : `Save ${entry?.title ?? ''}`}
        </button>
        {isBusy && (
          <button type="button" className="btn" onClick={() => host.cancel('export')}>
            Stop
          </button>
        )}
      </div>
    </div>
  );
}
