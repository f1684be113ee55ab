// The longest path through the minimum spanning tree of points: the curve that they lie on, if they lie on one.

export interface Path {
  /** Length of the tree. */
  readonly total: number;
  /** Points along its longest path, and the length of that path. */
  readonly along: readonly number[];
  readonly length: number;
}

export const between = (x: Float64Array, y: Float64Array): number => {
  let sum = 0;
  for (let i = 0; i < x.length; i++) sum += (x[i] - y[i]) ** 2;
  return Math.sqrt(sum);
};

/** Prim's tree in O(points²), then the two points that are furthest apart along it. */
export function longestPath(points: readonly Float64Array[]): Path {
  const count = points.length;
  if (count === 0) return { total: 0, along: [], length: 0 };
  const parent = new Int32Array(count).fill(-1);
  const edge = new Float64Array(count).fill(Infinity);
  const inside = new Uint8Array(count);
  const neighbours: { readonly to: number; readonly by: number }[][] = points.map(() => []);
  edge[0] = 0;
  let total = 0;
  for (let k = 0; k < count; k++) {
    let next = -1;
    for (let i = 0; i < count; i++) if (!inside[i] && (next < 0 || edge[i] < edge[next])) next = i;
    inside[next] = 1;
    total += edge[next];
    if (parent[next] >= 0) {
      neighbours[next].push({ to: parent[next], by: edge[next] });
      neighbours[parent[next]].push({ to: next, by: edge[next] });
    }
    for (let i = 0; i < count; i++) {
      if (inside[i]) continue;
      const by = between(points[next], points[i]);
      if (by < edge[i]) [edge[i], parent[i]] = [by, next];
    }
  }
  const from = (start: number) => {
    const distance = new Float64Array(count).fill(-1);
    const before = new Int32Array(count).fill(-1);
    distance[start] = 0;
    const open = [start];
    let furthest = start;
    for (let k = 0; k < open.length; k++) {
      if (distance[open[k]] > distance[furthest]) furthest = open[k];
      for (const { to, by } of neighbours[open[k]]) {
        if (distance[to] >= 0) continue;
        distance[to] = distance[open[k]] + by;
        before[to] = open[k];
        open.push(to);
      }
    }
    return { furthest, distance, before };
  };
  const first = from(0).furthest;
  const { furthest, distance, before } = from(first);
  const along: number[] = [];
  for (let k = furthest; k >= 0; k = before[k]) along.push(k);
  return { total, along, length: distance[furthest] };
}

/** Distance of a state to the nearest straight piece between neighbours along the path; its ends are joined where it is `closed`. */
export function distanceToPath(x: Float64Array, points: readonly Float64Array[], along: readonly number[], closed: boolean): number {
  let least = Infinity;
  const pieces = closed ? along.length : along.length - 1;
  for (let k = 0; k < pieces; k++) {
    const [a, b] = [points[along[k]], points[along[(k + 1) % along.length]]];
    let [dot, square] = [0, 0];
    for (let i = 0; i < x.length; i++) {
      dot += (x[i] - a[i]) * (b[i] - a[i]);
      square += (b[i] - a[i]) ** 2;
    }
    const t = square === 0 ? 0 : Math.min(1, Math.max(0, dot / square));
    let sum = 0;
    for (let i = 0; i < x.length; i++) sum += (x[i] - a[i] - t * (b[i] - a[i])) ** 2;
    least = Math.min(least, sum);
  }
  return Math.sqrt(least);
}
