// What changes from step to step: ramps of penalties, and the learning rate's fall, linear or on plateaus.

/** Share of a penalty in force at a step, 0 to 1: it rises by equal amounts over `steps` steps, and is whole from the start where there is no ramp. */
export const ramp = (step: number, steps: number): number => Math.min(1, (step + 1) / (steps + 1));

/** Where the learning rate ends, as a share of where it starts. */
export const LAST_SHARE = 0.02;

/** Constant for the first half of `steps`, then linear to 2 % at the last step. */
export function linearFall(step: number, steps: number): number {
  const half = steps / 2;
  return step < half ? 1 : 1 - (1 - LAST_SHARE) * Math.min(1, (step - half) / Math.max(1, steps - 1 - half));
}

/** Plain data, so that it travels in a checkpoint. */
export interface Plateau {
  readonly factor: number;
  readonly lowest?: number;
  readonly sinceLowest: number;
}

export const noPlateau: Plateau = { factor: 1, sinceLowest: 0 };

/** After a validation: `factor` falls by `decay` where more than `patience` validations passed without a new lowest score. */
export function afterValidation(plateau: Plateau, score: number, { decay = 0.95, patience = 6, least = 0.0025 } = {}): Plateau {
  if (plateau.lowest === undefined || score < plateau.lowest) return { ...plateau, lowest: score, sinceLowest: 0 };
  const sinceLowest = plateau.sinceLowest + 1;
  return sinceLowest > patience
    ? { ...plateau, factor: Math.max(least, plateau.factor * decay), sinceLowest: 0 }
    : { ...plateau, sinceLowest };
}
