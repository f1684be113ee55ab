// log k! of counts: exact sums for whole numbers, Stirling's series beyond the table and between.

const TABLE = new Float64Array(256);
for (let k = 2; k < TABLE.length; k++) TABLE[k] = TABLE[k - 1]! + Math.log(k);

/** log Γ(k + 1) for k ≥ 0. */
export function logFactorial(k: number): number {
  if (Number.isInteger(k) && k < TABLE.length) return TABLE[k]!;
  // log Γ(x) by its asymptotic series from x ≥ 12, with Γ(x + 1) = x Γ(x) below that
  let x = k + 1;
  let shift = 0;
  while (x < 12) shift += Math.log(x++);
  const y = 1 / (x * x);
  return (x - 0.5) * Math.log(x) - x + 0.5 * Math.log(2 * Math.PI) + (1 / 12 - y * (1 / 360 - y * (1 / 1260 - y / 1680))) / x - shift;
}
