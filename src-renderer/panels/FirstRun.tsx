// Nothing open yet: open a recording, drop one, or take the sample.

import { chooseFile, open, openSample } from '../state/actions.ts';
import { useStore } from '../state/store.ts';
import { Icon } from '../ui/icons.tsx';
import { SamplePicture } from './SamplePicture.tsx';

const way: readonly (readonly [string, string])[] = [
  ['Recording', 'Units, trials, raster and PSTH'],
  ['Dataset', 'Trials × bins × units for a model'],
  ['Fit', 'Baselines, then LFADS; a few minutes for the sample'],
  ['Explore', 'Trajectories in 3-D, inputs, tangling'],
  ['Figure', 'Panels in millimetres, PDF with live text'],
];

export function FirstRun() {
  const hello = useStore((state) => state.hello);
  const busy = useStore((state) => state.busy);
  return (
    <main className="first">
      <section className="open" aria-label="Open">
        <h1>Open a recording</h1>
        <p className="lead">Spike times with trials, binned counts, or continuous activity</p>
        <div className="drop">
          <Icon name="drop" size={26} />
          <span className="st">Drop a file anywhere in this window</span>
          <span className="t3">NWB 2, HDF5, MAT, NPZ; any size, read in slices</span>
        </div>
        <div className="acts">
          <button type="button" className="btn go" disabled={!hello} onClick={() => chooseFile('recording')}>
            Open…<kbd>Ctrl O</kbd>
          </button>
          <button type="button" className="btn" disabled={!hello} onClick={() => chooseFile('project')}>
            Open a project…
          </button>
        </div>
        <p className="priv">
          <Icon name="lock" size={14} /> Files stay on this computer and are never changed
        </p>
        <h2 className="part">Recent</h2>
        {hello && hello.recent.length > 0 ? (
          <ul className="recent">
            {hello.recent.slice(0, 5).map((entry) => (
              <li key={entry.grant}>
                <button type="button" className="link" onClick={() => open(entry)}>
                  <Icon name={entry.kind === 'project' ? 'project' : 'file'} /> {entry.name}
                </button>
              </li>
            ))}
          </ul>
        ) : (
          <span className="t3">Recordings and projects you open appear here</span>
        )}
        <h2 className="part">From spikes to a figure</h2>
        <div className="way">
          {way.map(([step, does], index) => (
            <div key={step}>
              <b>{step}</b>
              <span>{does}</span>
              <kbd>Ctrl {index + 1}</kbd>
            </div>
          ))}
        </div>
      </section>
      <section className="panel bl sample" aria-label="Sample recording">
        <SamplePicture />
        <div className="card">
          <div>
            <h2>Sample recording</h2>
            <p>
              Delayed reaches in 8 directions: 64 units in PMd and M1, 264 trials, 13 min. Rates, latents, inputs and fixed points are
              known, so every estimate can be held against the truth
            </p>
          </div>
          <button type="button" className="btn" disabled={!hello || busy !== undefined} onClick={openSample}>
            Open the sample<kbd>Ctrl Shift O</kbd>
          </button>
        </div>
      </section>
    </main>
  );
}
