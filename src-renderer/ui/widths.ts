// Widths of the columns of a table in the room that there is.

/** Widths with which no column is cut at the edge: where not all of them have room, those that have share what is left. */
export function widthsIn(room: number, widths: readonly (number | undefined)[]): readonly (number | undefined)[] {
  let [whole, used] = [0, 0];
  for (const width of widths) {
    if (width === undefined) return widths;
    if (used + width > room) break;
    used += width;
    whole += 1;
  }
  if (whole === 0 || whole === widths.length) return widths;
  return widths.map((width, k) => (k < whole ? width! + (room - used) / whole : width));
}
