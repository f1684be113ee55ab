// Writes the GEMM micro-kernels: one AssemblyScript function for each number of rows, 8 columns wide, its sums held in registers.
// Plain text generation, because AssemblyScript cannot unroll a loop over local variables.

const COLUMNS = 8;
const VECTORS = COLUMNS / 4;
const UNROLL = 4;

/** @param {number} n @param {(i: number) => string} line */
const repeat = (n, line) => Array.from({ length: n }, (_, i) => line(i)).join('');

/**
 * c (rows × 8) = or += a (rows × K) times b (a packed panel, K × 8).
 * @param {number} rows
 * @param {boolean} packed a holds `rows` values for each k side by side; otherwise its rows are `lda` bytes apart
 */
function microKernel(rows, packed) {
  const aAt = (i, u) => (packed ? `a, ${(u * rows + i) * 4}` : `a${i}, ${u * 4}`);
  const product = (u) =>
    repeat(VECTORS, (j) => `    const b${j}_${u}: v128 = v128.load(b, ${(u * VECTORS + j) * 16});\n`) +
    repeat(
      rows,
      (i) =>
        `    const s${i}_${u}: v128 = v128.load_splat<f32>(${aAt(i, u)});\n` +
        repeat(VECTORS, (j) => `    c${i}_${j} = madd(s${i}_${u}, b${j}_${u}, c${i}_${j});\n`),
    );
  const advance = (n) =>
    `    b += ${n * COLUMNS * 4};\n` + (packed ? `    a += ${n * rows * 4};\n` : repeat(rows, (i) => `    a${i} += ${n * 4};\n`));
  const each = (text) => repeat(rows, (i) => repeat(VECTORS, (j) => text(i, j)));
  const load = (i, j) => `    const old${i}_${j}: v128 = v128.load(c + ldc * ${i}, ${j * 16});\n`;
  const store = (i, j, value) => `    v128.store(c + ldc * ${i}, ${value}, ${j * 16});\n`;
  // Both vectors of a row are read before either is written, so that V8 may join them into one of 256 bits.
  const update = repeat(
    rows,
    (i) =>
      repeat(VECTORS, (j) => load(i, j)) + repeat(VECTORS, (j) => store(i, j, `f32x4.add(old${i}_${j}, c${i}_${j})`)),
  );
  return `
export function ${packed ? 'packed' : 'rows'}${rows}(a: usize, ${packed ? '' : 'lda: usize, '}b: usize, c: usize, ldc: usize, K: i32, accumulate: i32): void {
${each((i, j) => `  let c${i}_${j}: v128 = f32x4.splat(0);\n`)}${packed ? '' : repeat(rows, (i) => `  let a${i}: usize = a + lda * ${i};\n`)}  let k: i32 = K;
  while (k >= ${UNROLL}) {
${repeat(UNROLL, product)}${advance(UNROLL)}    k -= ${UNROLL};
  }
  while (k > 0) {
${product(0)}${advance(1)}    k--;
  }
  if (accumulate) {
${update}  } else {
${each((i, j) => store(i, j, `c${i}_${j}`))}  }
}
`;
}

/** The text of `tiles.ts`: kernels of 6, 4, 2 and 1 strided rows, and of 6 and 4 packed rows. */
export const tilesSource = () =>
  `import { madd } from './maths';\n${[6, 4, 2, 1].map((rows) => microKernel(rows, false)).join('')}${[6, 4].map((rows) => microKernel(rows, true)).join('')}`;
