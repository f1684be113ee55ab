// The bar below: what is selected, as chips that can be undone, and what runs.

import { set, useStore } from '../state/store.ts';
import { Icon } from '../ui/icons.tsx';
import { counted, count, duration } from '../ui/format.ts';

export function SelectionBar() {
  const selection = useStore((state) => state.selection);
  const dataset = useStore((state) => state.preview?.dataset);
  const recording = useStore((state) => state.recording?.summary);
  const run = useStore((state) => state.run);
  const progress = useStore((state) => state.progress);
  const busy = useStore((state) => state.busy);
  const trial = selection.trial;
  return (
    <footer className="selbar">
      <span className="lab">{trial === undefined && selection.timeMs === undefined ? 'Nothing selected' : 'Selection'}</span>
      {trial !== undefined && (
        <Chip
          onClose={() => {
            const { trial: _, ...rest } = selection;
            set({ selection: rest });
          }}
        >
          <b>Trial {trial}</b>
        </Chip>
      )}
      {selection.timeMs !== undefined && (
        <Chip
          onClose={() => {
            const { timeMs: _, ...rest } = selection;
            set({ selection: rest });
          }}
        >
          <b>{count(selection.timeMs)} ms</b>
        </Chip>
      )}
      {dataset && recording && (
        <>
          <span className="chip">
            Trials{' '}
            <b>
              {count(dataset.trials)} of {count(recording.trials)}
            </b>
          </span>
          <span className="chip">
            Units{' '}
            <b>
              {count(dataset.units)} of {count(recording.units)}
            </b>
          </span>
        </>
      )}
      <span className="right">
        {busy && (
          <span>
            {busy.doing}
            {busy.done > 0 ? `, ${Math.round(100 * busy.done)} %` : '…'}
          </span>
        )}
        {run && (run.state === 'running' || run.state === 'queued') && (
          <span>
            {run.state === 'queued'
              ? 'Waiting to fit'
              : `Fitting: step ${count(progress?.step ?? run.step)}${progress?.steps ? ` of ${count(progress.steps)}` : ''}`}
            {progress?.secondsLeft !== undefined ? `, about ${duration(progress.secondsLeft)} left` : ''}
          </span>
        )}
        {dataset && dataset.left.length > 0 && <span>{hiddenText(dataset.left)}</span>}
      </span>
    </footer>
  );
}

function hiddenText(left: readonly { readonly what: 'unit' | 'trial'; readonly rows: readonly number[] }[]): string {
  const of = (what: 'unit' | 'trial') => new Set(left.filter((part) => part.what === what).flatMap(({ rows }) => rows)).size;
  const parts = (['unit', 'trial'] as const).filter((what) => of(what) > 0).map((what) => counted(of(what), what));
  return `${parts.join(' and ')} hidden`;
}

function Chip({ children, onClose }: { readonly children: React.ReactNode; readonly onClose: () => void }) {
  return (
    <span className="chip on">
      {children}
      <button type="button" aria-label="Undo" onClick={onClose}>
        <Icon name="close" size={10} />
      </button>
    </span>
  );
}
