// Fixed and slow points of a network's dynamics as other processes see them, and as `analyze fixed-points --json` prints them.

export interface FixedPoint {
  /** `continuum`: one place of a line or surface of points. */
  readonly kind: 'fixed' | 'slow' | 'continuum' | 'undecided';
  /** Length of F(x) − x, or of ẋ per ms. */
  readonly residual: number;
  readonly stability: 'stable' | 'saddle' | 'unstable' | 'undecided';
  /** Distance of the mode nearest to the border of stability, and its numerical uncertainty. */
  readonly margin: number;
  readonly uncertainty: number;
  /** Unstable modes: a range where some are too near to the border. */
  readonly unstable: number | readonly [number, number];
  /** Of the slowest mode; its doubling time where it grows; absent where it neither grows nor decays. */
  readonly timeConstantMs?: number;
  readonly frequencyHz: number;
  /** Starts that ended here. */
  readonly starts: number;
  /** To the nearest visited state, over the usual distance of neighbours among them; absent where no states are known. */
  readonly distance?: number;
  readonly position: readonly number[];
}

/** All pieces of a network that is linear in pieces were walked: what lies in them. */
export interface Enumeration {
  readonly pieces: number;
  readonly points: number;
  /** Points on a border between pieces, pieces that hold a line of points, pieces without an inverse, and those left undecided. */
  readonly border: number;
  readonly lines: number;
  readonly singular: number;
  readonly undecided: number;
  /** Every fixed point is known. */
  readonly complete: boolean;
}

/** A cycle of a map that is linear in pieces, found by a heuristic. */
export interface Cycle {
  readonly order: number;
  readonly stability: 'stable' | 'saddle' | 'unstable' | 'undecided';
  /** Eigenvalues of one turn, the largest first. */
  readonly multipliers: readonly { readonly re: number; readonly im: number }[];
  /** Guesses that led to it. */
  readonly found: number;
  readonly states: readonly (readonly number[])[];
}

export interface FixedPoints {
  readonly points: readonly FixedPoint[];
  readonly starts: number;
  readonly notConverged: number;
  /** Chao's estimate of how many more points such starts would find; absent where points form a continuum. */
  readonly missedEstimate?: number;
  /** Of networks that are linear in pieces and small enough. */
  readonly enumeration?: Enumeration;
  /** Where cycles were looked for. */
  readonly cycles?: readonly Cycle[];
}
