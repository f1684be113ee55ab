// The array operations that models are written in (graph.ts), so that one text of the model runs in float64 and in tfjs.

/** A matrix of some implementation; batches over time are stacked, row t · B + b. */
export interface Operations<A> {
  constant(values: Float32Array | Float64Array, rows: number, columns: number): A;
  /** Matrix product. */
  product(a: A, b: A): A;
  /** In these three, `b` has the shape of `a`, or one row that serves all of its rows. */
  add(a: A, b: A): A;
  subtract(a: A, b: A): A;
  times(a: A, b: A): A;
  scale(a: A, factor: number): A;
  offset(a: A, by: number): A;
  exp(a: A): A;
  log(a: A): A;
  tanh(a: A): A;
  sigmoid(a: A): A;
  /** max(a, 0); no gradient at 0. */
  relu(a: A): A;
  square(a: A): A;
  /** Limits to ±limit; no gradient at or beyond the limit. */
  clip(a: A, limit: number): A;
  /** Equal parts, top to bottom. */
  splitRows(a: A, parts: number): readonly A[];
  /** Equal parts, left to right. */
  splitColumns(a: A, parts: number): readonly A[];
  /** Rows `from` up to `to`. */
  rows(a: A, from: number, to: number): A;
  stackRows(parts: readonly A[]): A;
  stackColumns(parts: readonly A[]): A;
  /** Sum of all elements, 1 × 1. */
  sum(a: A): A;
  /** Number of elements. */
  elements(a: A): number;
}

export type Named<A> = Readonly<Record<string, A>>;
/** A weight as it is stored, with its shape. */
export interface Weight {
  readonly values: Float32Array | Float64Array;
  readonly rows: number;
  readonly columns: number;
}

/** What is to be computed of the weights, in any implementation's matrices. */
export type Build = <A>(operations: Operations<A>, weights: Named<A>) => Named<A>;

/** An implementation that runs what `build` says. */
export interface Differentiator {
  values(weights: Named<Weight>, build: Build): Promise<Record<string, Float32Array | Float64Array>>;
  /** The 1 × 1 values, and the gradient of the one named `of` by each weight. */
  gradients(
    weights: Named<Weight>,
    build: Build,
    of: string,
  ): Promise<{
    readonly values: Record<string, Float32Array | Float64Array>;
    readonly gradients: Record<string, Float32Array | Float64Array>;
  }>;
}
