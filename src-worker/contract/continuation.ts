// Fixed points followed along one input as other processes see them, and as `analyze continuation --json` prints them.

export type BifurcationKind =
  /** Two points meet and vanish: an eigenvalue passes 1 (0 of a differential equation) and the branch turns. */
  | 'fold'
  /** An eigenvalue passes 1 (0) and the branch goes straight on: others cross it there (pitchfork, transcritical). */
  | 'branch point'
  /** An eigenvalue of a map passes −1: a cycle of two steps is born or ends. */
  | 'flip'
  /** A pair passes the border: an oscillation is born or ends (Hopf; Neimark–Sacker of a map). */
  | 'oscillation';

export interface Bifurcation {
  readonly kind: BifurcationKind;
  readonly branch: number;
  /** Place on the branch: between step `after` and the next. */
  readonly after: number;
  /** Of the input, and how far it may be off. */
  readonly value: number;
  readonly uncertainty: number;
  /** Where the eigenvalue crosses. */
  readonly re: number;
  readonly im: number;
  readonly frequencyHz: number;
  readonly position: readonly number[];
}

export interface Branch {
  /** Input at each step along the branch: not sorted, for a branch may turn. */
  readonly values: readonly number[];
  readonly stability: readonly ('stable' | 'saddle' | 'unstable' | 'undecided')[];
  /** Modes that are surely unstable. */
  readonly unstable: readonly number[];
  /** Why it ends at either side. */
  readonly ends: readonly [BranchEnd, BranchEnd];
  /** It comes back to where it began. */
  readonly closed: boolean;
}

/** `range`: the end of the slider; `steps`: the limit of steps; `lost`: the corrector no longer converged; `closed`: it came back. */
export type BranchEnd = 'range' | 'steps' | 'lost' | 'closed';

export interface Continuation {
  readonly slider: {
    readonly input: string;
    readonly index: number;
    readonly from: number;
    readonly to: number;
    readonly held: readonly number[];
  };
  readonly branches: readonly Branch[];
  readonly bifurcations: readonly Bifurcation[];
}
