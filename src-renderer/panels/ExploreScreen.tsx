// The run's trajectories in space, and beside them the picked trial in panels over one time axis.

import { useMediaQuery } from '@mantine/hooks';
import { TimeBar } from '../stage/TimeBar.tsx';
import { show } from '../state/actions.ts';
import { fit } from '../state/fits.ts';
import { setModel } from '../state/form.ts';
import { set, useStore } from '../state/store.ts';
import { CurrentsScreen } from './currents/CurrentsScreen.tsx';
import { DynamicsScreen } from './dynamics/DynamicsScreen.tsx';
import { Nothing } from './Nothing.tsx';
import { SpacePanel } from './SpacePanel.tsx';
import { ViewPanel } from './ViewPanel.tsx';

const plain = ['order'] as const;
const withTruth = ['rates', 'order'] as const;

/** A network has no trials to explore: its dynamics are what there is. */
export function ExploreScreen() {
  const isPortrait = useStore((state) => state.space.view === 'phase-portrait');
  const isNetwork = useStore((state) => state.catalogue?.models.find(({ id }) => id === state.run?.model)?.reads === 'network');
  const isCurrents = useStore((state) => state.space.view === 'currents');
  if (isCurrents) return <CurrentsScreen />;
  return isPortrait || isNetwork ? <DynamicsScreen /> : <Trajectories />;
}

function Trajectories() {
  const run = useStore((state) => state.run);
  const event = useStore((state) => eventOf(state.space.scene?.marks));
  const isNarrow = useMediaQuery('(max-width: 75em)');
  const isReady = useStore((state) => state.recording !== undefined && state.preview !== undefined && !state.busy);
  const last = useStore((state) => state.lastPanel);
  const knowsTruth = useStore((state) => state.run?.report?.r2Truth !== undefined || state.preview?.dataset.hasTruth === true);
  if (!run)
    return (
      <Nothing
        text="Trajectories come from a fit. Fit a model, or smooth the spikes at once"
        action="To the fit"
        onAction={() => show('Fit')}
        other={isReady ? { title: 'Smooth the spikes', run: smooth } : undefined}
      />
    );
  return (
    <main className="explore">
      <SpacePanel />
      <div className="side bl">
        <ViewPanel view="rates" choices={knowsTruth ? withTruth : plain} namesEvents />
        <ViewPanel view="inputs" choices={[]} namesEvents />
        {!isNarrow && <ViewPanel view="behavior" choices={[]} />}
        {isNarrow ? (
          <ViewPanel key={last} view={last} choices={[]} others={['tangling', 'behavior']} onOther={(view) => set({ lastPanel: view })} />
        ) : (
          <ViewPanel view="tangling" choices={[]} />
        )}
        <TimeBar event={event} />
      </div>
    </main>
  );
}

/** Trajectories of smoothed spikes are there in a moment. */
function smooth(): void {
  setModel('smoothing');
  fit();
}

/** What happens at time zero, by the sign that marks it. */
function eventOf(marks: readonly { readonly kind: string }[] = []): string | undefined {
  const zero = marks.find((mark) => mark.kind === 'points' && 'sign' in mark && mark.sign === 'square');
  return zero && 'legend' in zero ? String(zero.legend).toLowerCase() : undefined;
}
