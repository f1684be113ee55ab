// Beneath: the modes of the picked point, the true system and other seeds, and every other analysis of dynamics or with a picture.

import { useState } from 'react';
import { useDynamics } from '../../state/dynamics-state.ts';
import { useStore } from '../../state/store.ts';
import { Icon } from '../../ui/icons.tsx';
import { AnalysisPicture } from './AnalysisPicture.tsx';
import { ModesTable } from './ModesTable.tsx';
import { TruthTable } from './TruthTable.tsx';

export function MorePanel() {
  const catalogue = useStore((state) => state.catalogue);
  const model = useStore((state) => state.catalogue?.models.find(({ id }) => id === state.run?.model));
  const hasTrials = model?.reads !== 'network';
  const truth = useDynamics((state) => state.report?.truth);
  const [asked, setAsked] = useState<string | undefined>();
  // What this screen draws already is not offered again.
  const others =
    catalogue?.analyses.filter(
      ({ id, needs }) =>
        id !== 'fixed-points' &&
        (needs !== 'tested' || model?.tested === true) &&
        (needs === 'flow' || (hasTrials && catalogue.views.some(({ shows }) => shows === id))),
    ) ?? [];
  const choices: readonly (readonly [string, string])[] = [
    ...(truth ? [['truth', 'Beside the truth'] as const] : []),
    ['modes', 'Modes'],
    ...others.map(({ id, title }) => [id, title] as const),
  ];
  const chosen = choices.find(([id]) => id === asked)?.[0] ?? choices[0]![0];
  const title = (
    <h2 className="select plain">
      <select aria-label="What is shown" value={chosen} onChange={(event) => setAsked(event.currentTarget.value)}>
        {choices.map(([id, name]) => (
          <option key={id} value={id}>
            {name}
          </option>
        ))}
      </select>
      <Icon name="down" size={10} />
    </h2>
  );
  if (chosen === 'truth') return <TruthTable title={title} />;
  if (chosen === 'modes') return <ModesTable title={title} />;
  return <AnalysisPicture key={chosen} analysis={chosen} title={title} />;
}
