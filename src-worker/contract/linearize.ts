// Dynamics linearised at fixed and slow points as other processes see them, and as `analyze linearize --json` prints them. Frames are of
// J = ∂F/∂x of a map, J = ∂f/∂x per ms of a differential equation.

/** One eigenvalue of J at a point, the least stable first. A complex pair is two modes, the positive imaginary part first. */
export interface Mode {
  readonly re: number;
  readonly im: number;
  readonly verdict: 'stable' | 'unstable' | 'undecided';
  /** Of its decay; doubling time where it grows; absent where it does neither. */
  readonly timeConstantMs?: number;
  readonly frequencyHz: number;
  /** It alternates at every step, so its frequency is that of the bins and depends on their width. */
  readonly alternates: boolean;
  /** ‖l‖‖r‖: by how much an error of J can move the eigenvalue; absent for a defective J. */
  readonly condition?: number;
}

/** What an input does at a point, by the selection vector l₁ of its slowest mode (Mante et al. 2013). */
export interface InputEffect {
  readonly input: string;
  /** Length of ∂F/∂u, or of ∂f/∂u per ms. */
  readonly strength: number;
  /** l₁·∂F/∂u of the slowest mode, its modulus where the mode is complex. */
  readonly effect: number;
  /** Cosines between ∂F/∂u and the slowest mode's left and right eigenvector (their plane, where complex). */
  readonly cosineLeft: number;
  readonly cosineRight: number;
  /** 95 % of random directions have a cosine smaller than this. */
  readonly chance: number;
  /** A short pulse at the point: change along l₁ at the end by the linear formula, by simulation, and their relative difference. */
  readonly pulse?: { readonly formula: number; readonly simulated: number; readonly error: number };
}

export interface Linearization {
  /** Place in `points`. */
  readonly point: number;
  readonly modes: readonly Mode[];
  /** Place in `modes` of the slowest one: nearest to the border of stability. */
  readonly slowest: number;
  /** Henrici's departure from normality, and over ‖J‖ (0 normal, near 1 far from it). */
  readonly henrici: number;
  readonly nonNormality: number;
  /** The same ratio in coordinates where visited states are white; absent where they do not span the state space. */
  readonly nonNormalityWhitened?: number;
  /** 95 % interval of the ratio in random networks whose eigenvalues have the same mean and radius. */
  readonly nonNormalityRandom: readonly [number, number];
  /** Largest ‖J^k‖ or ‖e^{Jt}‖ within the duration, over that of the least stable mode alone where it grows, and when it is reached. */
  readonly growth: number;
  readonly growthAtMs: number;
  /** Growth at doublings of time, and its 95 % interval with the same eigenvalues and shuffled phases of what couples them. */
  readonly growthCoarse: number;
  readonly growthRandom: readonly [number, number];
  /** The ratio or the growth lies above its interval. */
  readonly isNonNormal: boolean;
  /** Largest growth per ms at the first instant, of a differential equation. */
  readonly numericalAbscissa?: number;
  /** Why there are no selection vectors: the mode is ill-conditioned, or not separated from the next. */
  readonly refused?: string;
  /** One for each input; empty without inputs, or where refused. */
  readonly inputs: readonly InputEffect[];
}

export type CurveVerdict =
  | 'line'
  | 'ring'
  | 'approximate line'
  | 'approximate ring'
  | 'isolated points'
  | 'no curve'
  | 'plane or higher'
  | 'undecided';

/** One number of the criterion between its bounds: passed up to `pass`, failed from `fail`, open between. */
export interface CurveCriterion {
  readonly name: string;
  readonly value: number;
  readonly pass: number;
  readonly fail: number;
  readonly grade: 'pass' | 'open' | 'fail';
}

/** Whether the points lie on a line or ring along which the dynamics hardly move within a trial. */
export interface CurveReport {
  readonly verdict: CurveVerdict;
  /** What it rests on, in a sentence. */
  readonly because: string;
  readonly criteria: readonly CurveCriterion[];
  /** `settled`: too few points were found, so states that the fast modes had left were used. */
  readonly basis: 'points' | 'settled';
  readonly durationMs: number;
  /** Verdicts were the trial as many times as long. */
  readonly atDurations: readonly { readonly times: number; readonly verdict: CurveVerdict }[];
  /** Median of the time constants along the curve. */
  readonly timeConstantMs?: number;
  /** Whether a kick of a tenth of its length across the curve comes back: only then it attracts. */
  readonly attracts?: boolean;
}

export interface Linearizations {
  readonly linearizations: readonly Linearization[];
  /** Absent where states leave all bounds. */
  readonly curve?: CurveReport;
}
