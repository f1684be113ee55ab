// Activity of some units moved in time against that of all others, so that whatever leads from them to the others is no pathway.

/** Rows × bins × units, a row holding its first `lengths` bins. */
interface Rows<V extends Float64Array | Float32Array> {
  readonly bins: number;
  readonly units: number;
  readonly lengths: Int32Array;
  readonly values: V;
}

/** Values in which the members' activity goes round by so many bins (in rows that are shorter, by as large a share of them). */
export function shiftedValues<V extends Float64Array | Float32Array>(
  { bins, units, lengths, values }: Rows<V>,
  members: Int32Array,
  shift: number,
): V {
  const moved = values.slice() as V;
  for (const [row, length] of lengths.entries()) {
    const by = Math.max(1, Math.round((shift * length) / bins));
    for (let t = 0; t < length; t++) {
      const [to, from] = [(row * bins + ((t + by) % length)) * units, (row * bins + t) * units];
      for (const unit of members) moved[to + unit] = values[from + unit];
    }
  }
  return moved;
}
