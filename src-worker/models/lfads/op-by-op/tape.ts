// Reverse-mode differentiation in float64 on plain arrays: slow, short, and what every faster implementation is held against.

import type { Differentiator, Named, Operations, Weight } from './operations.ts';

interface Matrix {
  readonly rows: number;
  readonly columns: number;
  readonly value: Float64Array;
  /** d loss / d value, filled while the tape runs back. */
  readonly slope: Float64Array;
}

/** Operations that write down how to run back. `back` holds those steps, last first when run. */
function recorder(back: (() => void)[]): Operations<Matrix> {
  const matrix = (rows: number, columns: number): Matrix => ({
    rows,
    columns,
    value: new Float64Array(rows * columns),
    slope: new Float64Array(rows * columns),
  });

  const elementwise = (a: Matrix, f: (x: number) => number, slope: (x: number, y: number) => number): Matrix => {
    const out = matrix(a.rows, a.columns);
    for (let i = 0; i < a.value.length; i++) out.value[i] = f(a.value[i]!);
    back.push(() => {
      for (let i = 0; i < a.value.length; i++) a.slope[i]! += out.slope[i]! * slope(a.value[i]!, out.value[i]!);
    });
    return out;
  };

  const paired = (
    a: Matrix,
    b: Matrix,
    f: (x: number, y: number) => number,
    byA: (x: number, y: number) => number,
    byB: (x: number, y: number) => number,
  ): Matrix => {
    const out = matrix(a.rows, a.columns);
    const of = (i: number): number => (b.rows === a.rows ? i : i % b.columns);
    for (let i = 0; i < out.value.length; i++) out.value[i] = f(a.value[i]!, b.value[of(i)]!);
    back.push(() => {
      for (let i = 0; i < out.value.length; i++) {
        const [x, y] = [a.value[i]!, b.value[of(i)]!];
        a.slope[i]! += out.slope[i]! * byA(x, y);
        b.slope[of(i)]! += out.slope[i]! * byB(x, y);
      }
    });
    return out;
  };

  /** Copies blocks between matrices, forth and slopes back. */
  const moved = (out: Matrix, from: Matrix, pairs: (move: (to: number, at: number) => void) => void): void => {
    pairs((to, at) => {
      out.value[to] = from.value[at]!;
    });
    back.push(() =>
      pairs((to, at) => {
        from.slope[at]! += out.slope[to]!;
      }),
    );
  };

  const block = (a: Matrix, top: number, rows: number, left: number, columns: number): Matrix => {
    const out = matrix(rows, columns);
    moved(out, a, (move) => {
      for (let r = 0; r < rows; r++) for (let c = 0; c < columns; c++) move(r * columns + c, (top + r) * a.columns + left + c);
    });
    return out;
  };

  return {
    constant: (values, rows, columns) => ({ rows, columns, value: Float64Array.from(values), slope: new Float64Array(values.length) }),
    product(a, b) {
      const out = matrix(a.rows, b.columns);
      const [n, inner, m] = [a.rows, a.columns, b.columns];
      for (let i = 0; i < n; i++)
        for (let k = 0; k < inner; k++) for (let j = 0; j < m; j++) out.value[i * m + j]! += a.value[i * inner + k]! * b.value[k * m + j]!;
      back.push(() => {
        for (let i = 0; i < n; i++)
          for (let k = 0; k < inner; k++) {
            let slope = 0;
            for (let j = 0; j < m; j++) {
              slope += out.slope[i * m + j]! * b.value[k * m + j]!; // dA = dC Bᵀ
              b.slope[k * m + j]! += a.value[i * inner + k]! * out.slope[i * m + j]!; // dB = Aᵀ dC
            }
            a.slope[i * inner + k]! += slope;
          }
      });
      return out;
    },
    add: (a, b) =>
      paired(
        a,
        b,
        (x, y) => x + y,
        () => 1,
        () => 1,
      ),
    subtract: (a, b) =>
      paired(
        a,
        b,
        (x, y) => x - y,
        () => 1,
        () => -1,
      ),
    times: (a, b) =>
      paired(
        a,
        b,
        (x, y) => x * y,
        (_, y) => y,
        (x) => x,
      ),
    scale: (a, factor) =>
      elementwise(
        a,
        (x) => factor * x,
        () => factor,
      ),
    offset: (a, by) =>
      elementwise(
        a,
        (x) => x + by,
        () => 1,
      ),
    exp: (a) => elementwise(a, Math.exp, (_, y) => y),
    log: (a) => elementwise(a, Math.log, (x) => 1 / x),
    tanh: (a) => elementwise(a, Math.tanh, (_, y) => 1 - y * y),
    sigmoid: (a) =>
      elementwise(
        a,
        (x) => 1 / (1 + Math.exp(-x)),
        (_, y) => y * (1 - y),
      ),
    relu: (a) =>
      elementwise(
        a,
        (x) => Math.max(0, x),
        (x) => (x > 0 ? 1 : 0),
      ),
    square: (a) =>
      elementwise(
        a,
        (x) => x * x,
        (x) => 2 * x,
      ),
    clip: (a, limit) =>
      elementwise(
        a,
        (x) => Math.min(limit, Math.max(-limit, x)),
        (x) => (Math.abs(x) < limit ? 1 : 0),
      ),
    splitRows: (a, parts) => Array.from({ length: parts }, (_, i) => block(a, (i * a.rows) / parts, a.rows / parts, 0, a.columns)),
    splitColumns: (a, parts) => Array.from({ length: parts }, (_, i) => block(a, 0, a.rows, (i * a.columns) / parts, a.columns / parts)),
    rows: (a, from, to) => block(a, from, to - from, 0, a.columns),
    stackRows(parts) {
      const columns = parts[0]!.columns;
      const out = matrix(
        parts.reduce((n, { rows }) => n + rows, 0),
        columns,
      );
      let start = 0;
      for (const part of parts) {
        const offset = start;
        moved(out, part, (move) => {
          for (let i = 0; i < part.value.length; i++) move(offset + i, i);
        });
        start += part.value.length;
      }
      return out;
    },
    stackColumns(parts) {
      const rows = parts[0]!.rows;
      const out = matrix(
        rows,
        parts.reduce((n, { columns }) => n + columns, 0),
      );
      let start = 0;
      for (const part of parts) {
        const left = start;
        moved(out, part, (move) => {
          for (let r = 0; r < rows; r++) for (let c = 0; c < part.columns; c++) move(r * out.columns + left + c, r * part.columns + c);
        });
        start += part.columns;
      }
      return out;
    },
    elements: (a) => a.value.length,
    sum(a) {
      const out = matrix(1, 1);
      for (const x of a.value) out.value[0]! += x;
      back.push(() => {
        for (let i = 0; i < a.slope.length; i++) a.slope[i]! += out.slope[0]!;
      });
      return out;
    },
  };
}

function run(weights: Named<Weight>, build: Parameters<Differentiator['values']>[1]) {
  const back: (() => void)[] = [];
  const operations = recorder(back);
  const leaves = Object.fromEntries(
    Object.entries(weights).map(([name, { values, rows, columns }]) => [name, operations.constant(values, rows, columns)]),
  );
  return { back, leaves, built: build(operations, leaves) };
}

const valuesOf = (built: Named<Matrix>): Record<string, Float64Array> =>
  Object.fromEntries(Object.entries(built).map(([name, { value }]) => [name, value]));

/** The float64 implementation. */
export const float64: Differentiator = {
  async values(weights, build) {
    return valuesOf(run(weights, build).built);
  },
  async gradients(weights, build, of) {
    const { back, leaves, built } = run(weights, build);
    built[of]!.slope[0] = 1;
    while (back.length > 0) back.pop()!();
    return { values: valuesOf(built), gradients: Object.fromEntries(Object.entries(leaves).map(([name, leaf]) => [name, leaf.slope])) };
  },
};
