// What tells of the weights: the matrix itself, their spectrum, how they and their currents come back, how seeds agree; one at a time.

import { useState } from 'react';
import { Menu } from '../../ui/Choice.tsx';
import { Picture } from './Cell.tsx';

const pictures = {
  weights: { title: 'Weights', view: 'weights', settings: {} },
  spectrum: { title: 'Spectrum', view: 'weights', settings: { show: 'spectrum' } },
  recovery: { title: 'Recovery of weights', view: 'recovery', settings: {} },
  'recovery of currents': { title: 'Recovery of currents', view: 'recovery', settings: { show: 'currents' } },
  seeds: { title: 'Seeds: shares', view: 'ensemble', settings: {} },
  'seeds of weights': { title: 'Seeds: weights', view: 'ensemble', settings: { show: 'weights' } },
} as const;

type Which = keyof typeof pictures;

/** `with`: the matrix of weights is among what there is to choose, where it has no panel of its own. */
export function Beside({ withWeights }: { readonly withWeights: boolean }) {
  const [chosen, setChosen] = useState<Which | undefined>();
  const which = chosen !== undefined && (withWeights || chosen !== 'weights') ? chosen : withWeights ? 'weights' : 'spectrum';
  const { view, settings } = pictures[which];
  const menu = (
    <Menu
      label="What tells of the weights"
      choices={Object.entries(pictures)
        .filter(([id]) => withWeights || id !== 'weights')
        .map(([id, { title }]) => [id, title])}
      value={which}
      onChange={(id) => setChosen(id as Which)}
    />
  );
  return <Picture key={which} view={view} menu={menu} settings={settings} />;
}
