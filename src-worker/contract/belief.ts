// How far a network that was fitted to a recording can be believed, as other processes see it, and as `analyze belief --json` prints it.
//
// The result's arrays (unit counts units of the network, output what it gives, row averages of trials that judge it, repeat the refits):
//
//   outputs              row × bin × output: the network left alone, in the unit of what was recorded; rowConditions condition of each row
//   outputRows           row of the file's table of each output, or its name as a label
//   outputSd             row × bin × output: s.d. over seeds (absent for one)
//   recoveredOutputs     row × bin × output: the same of the network that was fitted again, of the first repeat
//   recoveredOutputR     repeat: correlation of the two, mean of each output taken away
//   scores               member: share of the variance of judging trials that each seed explains, the run's own first
// Where units are recorded ones:
//   unitRegions          region of each unit; unitRows its row of the file's table
//   weights, weightSd    unit × unit: weights in units that are the same in every fit, and their s.d. over seeds (absent for one)
//   recoveredJ           repeat × unit × unit: weights fitted again to the network's own noisy activity
//   recoveredWeights     repeat: correlation of the two, off the diagonal
//   recoveredOnto, recoveredFrom   repeat × unit: factors that make currents of them
//   recoveredFlowing     repeat × row × bin × unit: what flows through them in averages of training trials, where that is not the data's own
// Else:
//   eigenvaluesRe, Im    of J; recoveredRe, Im of the J that was fitted again, of the first repeat

import type { Verdict } from './run.ts';

export type DiagnosticId = 'ensemble' | 'recovery' | 'regressors' | 'freeRun' | 'shuffled' | 'shifted' | 'cancellation' | 'truth';

/** One thing that tells how far to believe a network or its currents, in a sentence and in numbers. */
export interface Diagnostic {
  readonly id: DiagnosticId;
  readonly title: string;
  readonly verdict: Verdict;
  readonly sentence: string;
  readonly numbers: Readonly<Record<string, number>>;
}

export interface Belief {
  readonly diagnostics: readonly Diagnostic[];
}
