// What a user would do next where a reading of currents gives reason to doubt.

import type { AnalysisReport } from '../../../src-worker/contract/api.ts';
import type { Diagnostic } from '../../../src-worker/contract/belief.ts';
import { show } from '../../state/actions.ts';
import { duplicate, fitSeeds } from '../../state/fits.ts';
import { refreshPreview } from '../../state/form.ts';
import { get, set } from '../../state/store.ts';

export interface NextStep {
  readonly title: string;
  readonly about: string;
  run(): void;
}

const SEEDS = 5;

/** A network of few dimensions with weights of that rank is what low-dimensional activity can hold (Valente et al. 2022). */
const lowRank: NextStep = {
  title: 'Fit low rank instead',
  about: 'A rate RNN whose rank is chosen by held-out activity, on the same dataset',
  run() {
    duplicate();
    set({ model: 'rate-rnn', settings: { rank: 'auto' } });
    refreshPreview();
    show('Fit');
  },
};

const seeds: NextStep = {
  title: `Fit ${SEEDS} seeds`,
  about: 'The same fit from other first weights, one after the other; their spread then stands beside every current',
  run() {
    duplicate();
    show('Fit');
    fitSeeds(SEEDS);
  },
};

const change: NextStep = {
  title: 'Change the fit',
  about: 'Smoothing, trials per average, time constant and strength of learning, as they are for this run',
  run() {
    duplicate();
    show('Fit');
  },
};

/** The step beside a reading; each stands once, beside the gravest that calls for it. */
export function nextSteps(sorted: readonly Diagnostic[], summary: AnalysisReport['summary']): ReadonlyMap<string, NextStep> {
  const steps = new Map<string, NextStep>();
  const offers = get().catalogue?.models.some(({ id }) => id === 'rate-rnn') === true;
  for (const { id, verdict } of sorted) {
    const step =
      id === 'ensemble' && summary['ensemble.members'] === 1
        ? seeds
        : verdict !== 'doubt'
          ? undefined
          : id === 'freeRun'
            ? change
            : offers && (id === 'recovery' || id === 'regressors' || id === 'shifted')
              ? lowRank
              : undefined;
    if (step && ![...steps.values()].includes(step)) steps.set(id, step);
  }
  return steps;
}
