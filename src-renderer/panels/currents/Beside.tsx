// What tells of the weights: the matrix itself, their spectrum, how they and their currents come back, how seeds agree; one at a time.

import { useState } from 'react';
import { Menu } from '../../ui/Choice.tsx';
import { Picture } from './Cell.tsx';

const pictures = {
  weights: { title: 'Weights', view: 'weights', settings: {} },
  spectrum: { title: 'Spectrum', view: 'weights', settings: { show: 'spectrum' } },
  recovery: { title: 'Recovery', view: 'recovery', settings: {} },
  'recovery of currents': { title: 'Recovery of currents', view: 'recovery', settings: { show: 'currents' } },
  'recovery of free runs': { title: 'Recovery of free runs', view: 'recovery', settings: { show: 'outputs' } },
  seeds: { title: 'Seeds: shares', view: 'ensemble', settings: { show: 'shares' } },
  spread: { title: 'Seeds: spread', view: 'ensemble', settings: {} },
  'spread of free runs': { title: 'Seeds: free runs', view: 'ensemble', settings: { show: 'outputs' } },
} as const;
/** What only networks with currents have. */
const ofCurrents: readonly string[] = ['recovery of currents', 'seeds'];
/** What a test of recovery gives. */
const ofRecovery: readonly string[] = ['recovery', 'recovery of currents', 'recovery of free runs'];
/** What there is before any test. */
const untested: readonly string[] = ['weights', 'spectrum'];

type Which = keyof typeof pictures;

interface Props {
  /** The matrix of weights is among what there is to choose, where it has no panel of its own. */
  readonly withWeights: boolean;
  readonly withCurrents: boolean;
  /** Whether the network was tested: until then there is only itself. */
  readonly isTested: boolean;
  readonly withRecovery: boolean;
}

export function Beside({ withWeights, withCurrents, isTested, withRecovery }: Props) {
  const [chosen, setChosen] = useState<Which | undefined>();
  const isOffered = (id: string): boolean =>
    (withWeights || id !== 'weights') &&
    (withCurrents || !ofCurrents.includes(id)) &&
    (withRecovery || !ofRecovery.includes(id)) &&
    (isTested || untested.includes(id));
  const which = chosen !== undefined && isOffered(chosen) ? chosen : withWeights ? 'weights' : 'spectrum';
  const { view, settings } = pictures[which];
  const menu = (
    <Menu
      label="What tells of the weights"
      choices={Object.entries(pictures)
        .filter(([id]) => isOffered(id))
        .map(([id, { title }]) => [id, title])}
      value={which}
      onChange={(id) => setChosen(id as Which)}
    />
  );
  return <Picture key={which} view={view} menu={menu} settings={settings} />;
}
