// Esc asks before it stops a fit.

import { Modal } from '@mantine/core';
import { isGoing, stop } from '../../state/fits.ts';
import { set, useStore } from '../../state/store.ts';
import { count } from '../../ui/format.ts';

const close = (): void => set({ asksToStop: false });

export function StopQuestion() {
  const asks = useStore((state) => state.asksToStop);
  const run = useStore((state) => state.run);
  const step = useStore((state) => Math.max(state.run?.step ?? 0, state.progress?.step ?? 0));
  if (!run) return undefined;
  return (
    <Modal opened={asks && isGoing(run)} onClose={close} title="Stop this fit?" size={420} yOffset={140}>
      <p className="t2">
        {run.state === 'queued'
          ? 'It waits for its turn; it can be started again later'
          : `It is at step ${count(step)}${run.bestStep > 0 ? `, the best so far is step ${count(run.bestStep)}` : ''}. Both are kept, and it can go on from there`}
      </p>
      <div className="acts answers">
        <button
          type="button"
          className="btn go"
          data-autofocus
          onClick={() => {
            close();
            stop();
          }}
        >
          Stop it
        </button>
        <button type="button" className="btn" onClick={close}>
          Let it go on <kbd>Esc</kbd>
        </button>
      </div>
    </Modal>
  );
}
