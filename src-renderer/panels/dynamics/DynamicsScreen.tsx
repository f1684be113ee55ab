// The dynamics of the run in view: phase portrait, its points, their eigenvalues, the held input, and what else can be asked of them.

import { useEffect } from 'react';
import { show } from '../../state/actions.ts';
import { followPoint, showDynamics } from '../../state/dynamics.ts';
import { useStore } from '../../state/store.ts';
import { Nothing } from '../Nothing.tsx';
import { HeldPanel } from './HeldPanel.tsx';
import { MorePanel } from './MorePanel.tsx';
import { PlanePanel } from './PlanePanel.tsx';
import { PointsPanel } from './PointsPanel.tsx';
import { PortraitPanel } from './PortraitPanel.tsx';

export function DynamicsScreen() {
  const run = useStore((state) => state.run);
  const point = useStore((state) => state.selection.point);
  useEffect(showDynamics, [run?.id, run?.state, run?.bestStep]);
  useEffect(() => followPoint(point), [point]);
  if (!run)
    return (
      <Nothing
        text="Fixed points are those of a fitted generator, or of a network from elsewhere. Fit LFADS, or drop a file of weights"
        action="To the fit"
        onAction={() => show('Fit')}
      />
    );
  return (
    <main className="explore dynamics">
      <PortraitPanel />
      <div className="side bl">
        <PointsPanel />
        <div className="pair bt">
          <PlanePanel />
          <HeldPanel />
        </div>
        <MorePanel />
      </div>
    </main>
  );
}
