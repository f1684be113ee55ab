// Curves through the states of a trajectory: Catmull–Rom splines that pass through every bin, so that nothing is averaged away.

/** A polyline of `dimensions` numbers a point, with `parts` steps between neighbours; NaN lifts the pen and is kept. */
export function splined(points: Float64Array, dimensions: number, parts: number): Float64Array {
  const count = points.length / dimensions;
  if (count < 2 || parts <= 1) return points;
  const out = new Float64Array(((count - 1) * parts + 1) * dimensions);
  const finite = (i: number) => i >= 0 && i < count && Number.isFinite(points[i * dimensions]);
  for (let i = 0; i < count - 1; i++) {
    // At an end, or beside a gap, the curve starts as if the nearest point were repeated.
    const before = finite(i - 1) ? i - 1 : i;
    const after = finite(i + 2) ? i + 2 : i + 1;
    out.set(points.subarray(i * dimensions, (i + 1) * dimensions), i * parts * dimensions);
    for (let part = 1; part < parts; part++) {
      const t = part / parts;
      for (let d = 0; d < dimensions; d++) {
        const [a, b, c, e] = [before, i, i + 1, after].map((k) => points[k * dimensions + d]) as [number, number, number, number];
        out[(i * parts + part) * dimensions + d] = b + 0.5 * t * (c - a + t * (2 * a - 5 * b + 4 * c - e + t * (3 * (b - c) + e - a)));
      }
    }
  }
  out.set(points.subarray((count - 1) * dimensions), (count - 1) * parts * dimensions);
  return out;
}
