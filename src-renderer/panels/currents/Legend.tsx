// What lines and bands of currents mean, in the caption of their panel.

import type { Split } from './PairGrid.tsx';

export function Legend({ split, seeds }: { readonly split: Split; readonly seeds: number }) {
  return (
    <span className="legend">
      {split === 'parts' ? (
        <>
          <i /> whole
          <i className="excites" /> excitatory
          <i className="inhibits" /> inhibitory
        </>
      ) : (
        <>
          {seeds > 1 ? (
            <>
              <i className="seeds" /> median, 5 to 95 % of {seeds} seeds
            </>
          ) : (
            <>
              <i /> this network, one seed
            </>
          )}
          <i className="control" /> areas shuffled, 5 to 95 %
        </>
      )}
    </span>
  );
}
