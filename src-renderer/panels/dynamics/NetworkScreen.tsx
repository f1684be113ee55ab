// A file of weights just opened: its arrays, and the form that says which of them is what. Opening its dynamics makes a run of it.

import { useEffect } from 'react';
import type { RecordingSummary } from '../../../src-worker/contract/recording.ts';
import { SchemaForm } from '../../forms/SchemaForm.tsx';
import { show } from '../../state/actions.ts';
import { fit } from '../../state/fits.ts';
import { setModel, setSetting } from '../../state/form.ts';
import { get, useStore } from '../../state/store.ts';
import { bytes, counted } from '../../ui/format.ts';
import { Trouble } from '../../ui/Trouble.tsx';

export function NetworkScreen({ summary, onOther }: { readonly summary: RecordingSummary; readonly onOther: () => void }) {
  const { catalogue, settings, preview, previewTrouble, previewing, busy } = useStore();
  const entry = catalogue?.models.find(({ reads }) => reads === 'network');
  const model = useStore((state) => state.model);
  useEffect(() => {
    if (entry && get().model !== entry.id) setModel(entry.id);
  }, [entry, summary.identity, model]);
  const isReady = entry !== undefined && model === entry.id && preview !== undefined && previewTrouble === undefined && !previewing;
  const opened = async (): Promise<void> => {
    await fit();
    if (get().run && get().trouble === undefined) show('Explore');
  };
  return (
    <main className="recording network">
      <section className="panel" aria-label="Arrays">
        <div className="head">
          <h2>{summary.name}</h2>
          <span className="sub">
            {counted(summary.arrays.length, 'array')}, {bytes(summary.bytes)}; it looks like the weights of a network
          </span>
          <div className="right">
            <button type="button" className="link" onClick={onOther}>
              It is a recording
            </button>
          </div>
        </div>
        {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by keyboard */}
        <section className="scroll" tabIndex={0} aria-label="Arrays of the file">
          <table>
            <thead>
              <tr>
                <th>Array</th>
                <th>Shape</th>
                <th>Type</th>
              </tr>
            </thead>
            <tbody>
              {summary.arrays.map(({ path, shape, type }) => (
                <tr key={path}>
                  <td title={path}>{path}</td>
                  <td>{shape.join(' × ')}</td>
                  <td>{type}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </section>
      </section>
      <section className="panel bl rail" aria-label="Network">
        <div className="head">
          <h2>{entry?.title}</h2>
        </div>
        {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by keyboard */}
        <section className="scroll" tabIndex={0} aria-label="What each array is">
          <p className="hint about">Which array is what. Usual names are found by themselves and stand grey</p>
          {entry && model === entry.id && (
            <SchemaForm params={entry.params} settings={settings} resolved={preview?.resolved} recording={summary} onChange={setSetting} />
          )}
        </section>
        <div className="foot">
          {previewTrouble && <Trouble failure={previewTrouble} />}
          <div className="acts">
            <button type="button" className="btn go" disabled={!isReady || busy !== undefined} onClick={opened}>
              Open its dynamics<kbd>Ctrl ↵</kbd>
            </button>
          </div>
        </div>
      </section>
    </main>
  );
}
