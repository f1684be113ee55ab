// Which commands a few typed letters mean: each word must begin a word of the title, or stand somewhere in it.

/** The title in parts, with whether a part was asked for; undefined where a word is missing. */
export function found(title: string, words: string): readonly (readonly [string, boolean])[] | undefined {
  const asked = words.toLowerCase().split(/\s+/).filter(Boolean);
  const lower = title.toLowerCase();
  const marks = new Array<boolean>(title.length).fill(false);
  for (const word of asked) {
    const begins = ` ${lower}`.indexOf(` ${word}`);
    const at = begins >= 0 ? begins : lower.indexOf(word);
    if (at < 0) return undefined;
    marks.fill(true, at, at + word.length);
  }
  const parts: [string, boolean][] = [];
  for (const [i, letter] of [...title].entries()) {
    const last = parts.at(-1);
    if (last && last[1] === marks[i]) last[0] += letter;
    else parts.push([letter, marks[i]!]);
  }
  return parts;
}
