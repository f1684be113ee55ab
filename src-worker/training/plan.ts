// How a fit is to be trained, and when it may end.

export interface Plan {
  readonly steps: number;
  readonly learningRate: number;
  readonly schedule: 'linear' | 'plateau';
  readonly validateEvery: number;
  readonly patience: number;
  /** Scores before this step choose nothing. */
  readonly firstBest: number;
  /** Share of the old in a running average of the weights, which is then what is validated and kept; 0 for none. */
  readonly averaging: number;
}

/** Scores of so many first steps choose nothing, in a short fit those of its first half. */
const UNSCORED_STEPS = 100;

export const planOf = ({ steps, learningRate, schedule, validateEvery, patience, averaging }: Omit<Plan, 'firstBest'>): Plan => ({
  steps,
  learningRate,
  schedule,
  validateEvery,
  patience,
  firstBest: Math.min(UNSCORED_STEPS, Math.ceil(steps / 2)),
  averaging,
});

/** Patience counts from here at the earliest: a fit that jitters at the full learning rate often gets better once that falls. */
export const patientFrom = ({ firstBest, schedule }: Plan, { from, until }: { readonly from: number; readonly until: number }): number =>
  Math.max(firstBest, schedule === 'linear' ? (from + until) / 2 : from);

/** Steps to reckon with: the middle between the first at which patience can end a fit and the last. */
export function stepsToExpect(plan: Plan): number {
  const { steps, patience } = plan;
  return (Math.min(steps, patientFrom(plan, { from: 0, until: steps }) + patience) + steps) / 2;
}
