// Writes the GEMM micro-kernels: one AssemblyScript function for each number of rows, one or two panels of 8 columns wide, its sums held
// in registers. Plain text generation, because AssemblyScript cannot unroll a loop over local variables. A turn of the loop over k takes two
// values with a branch between them: without it V8 would move loads ahead and run out of registers.

const PANEL = 8;

/** @param {number} n @param {(i: number) => string} line */
const repeat = (n, line) => Array.from({ length: n }, (_, i) => line(i)).join('');

/**
 * c (rows × 8 · panels) = or += a (rows × K) times b (packed panels, K × 8 each).
 * @param {number} rows
 * @param {number} panels 1, or 2: twelve sums of 256 bits hide the latency of a multiplication and addition
 * @param {boolean} packed a holds `rows` values for each k side by side; otherwise its rows are `lda` bytes apart
 * @param {boolean} last a panel without another beside it: its even and odd values of k have sums of their own, again twelve
 */
function microKernel(rows, panels, packed, last = false) {
  const vectors = (panels * PANEL) / 4;
  const kind = packed ? 'packed' : 'rows';
  const name = `${last ? `last${kind[0].toUpperCase()}${kind.slice(1)}` : kind}${rows}${panels === 2 ? 'x2' : ''}`;
  const each = (text) => repeat(rows, (i) => repeat(vectors, (j) => text(i, j)));
  // Of each pair the second first: the other way round V8 joins them and still writes the first by itself.
  const stores = (text) => repeat(vectors, (j) => text(j ^ 1));
  const stepSize = packed ? rows * 4 : 4;
  /** The sums' next terms, `ahead` values of k further on. */
  const terms = (ahead) =>
    repeat(vectors, (j) => `    const b${j}: v128 = v128.load(${j < 2 ? 'b' : 'next'}, ${ahead * PANEL * 4 + (j % 2) * 16});\n`) +
    repeat(
      rows,
      (i) =>
        `    const s${i}: v128 = v128.load_splat<f32>(${packed ? `a, ${ahead * stepSize + i * 4}` : `a${i}, ${ahead * 4}`});\n` +
        repeat(vectors, (j) => {
          const sum = `${last && ahead ? 'd' : 'c'}${i}_${j}`;
          return `    ${sum} = madd(s${i}, b${j}, ${sum});\n`;
        }),
    );
  const advance = (by) =>
    `    b += ${by * PANEL * 4};\n` +
    (panels === 2 ? `    next += ${by * PANEL * 4};\n` : '') +
    (packed ? `    a += ${by * stepSize};\n` : repeat(rows, (i) => `    a${i} += ${4 * by};\n`));
  const single = `  for (let k: i32 = K; k > 0; k--) {\n${terms(0)}${advance(1)}  }\n`;
  const double = `  let k: i32 = K;
  while (k > 0) {
    {
${terms(0)}    }
    if (--k == 0) break;
    {
${terms(1)}    }
${advance(2)}    --k;
  }
`;
  const sums = (letter) => each((i, j) => `  let ${letter}${i}_${j}: v128 = f32x4.splat(0);\n`);
  const both = each((i, j) => `  c${i}_${j} = f32x4.add(c${i}_${j}, d${i}_${j});\n`);
  const load = (i, j) => `    const old${i}_${j}: v128 = v128.load(c + ldc * ${i}, ${j * 16});\n`;
  const store = (i, j, value) => `    v128.store(c + ldc * ${i}, ${value}, ${j * 16});\n`;
  // All vectors of a row are read before any is written, so that V8 may join pairs of them into one of 256 bits.
  const update = repeat(
    rows,
    (i) => repeat(vectors, (j) => load(i, j)) + stores((j) => store(i, j, `f32x4.add(old${i}_${j}, c${i}_${j})`)),
  );
  return `
export function ${name}(a: usize, ${packed ? '' : 'lda: usize, '}b: usize, c: usize, ldc: usize, K: i32, accumulate: i32): void {
${panels === 2 ? `  let next: usize = b + <usize>(K * ${PANEL * 4});\n` : ''}${sums('c')}${last ? sums('d') : ''}${
    packed ? '' : repeat(rows, (i) => `  let a${i}: usize = a + lda * ${i};\n`)
  }${panels === 2 || last ? double : single}${last ? both : ''}  if (accumulate) {
${update}  } else {
${repeat(rows, (i) => stores((j) => store(i, j, `c${i}_${j}`)))}  }
}
`;
}

/**
 * to (8 · panels columns) = or += the sum, over a list of entries (row, factor), of factor · that row of `from`, row after row: what a micro-kernel
 * gives, bit for bit, where all other factors are 0.
 * @param {number} panels
 */
function gather(panels) {
  const sums = (text) => repeat(2 * panels, text);
  const stores = (text) => repeat(2 * panels, (j) => text(j ^ 1));
  return `
export function gather${panels}(entry: usize, end: usize, from: usize, stride: usize, to: usize, accumulate: i32): void {
${sums((j) => `  let c${j}: v128 = f32x4.splat(0);\n`)}  for (; entry < end; entry += 8) {
    const row: usize = from + <usize>load<u32>(entry) * stride;
    const factor: v128 = v128.load_splat<f32>(entry, 4);
${sums((j) => `    c${j} = madd(factor, v128.load(row, ${16 * j}), c${j});\n`)}  }
  if (accumulate) {
${sums((j) => `    const old${j}: v128 = v128.load(to, ${16 * j});\n`)}${stores((j) => `    v128.store(to, f32x4.add(old${j}, c${j}), ${16 * j});\n`)}  } else {
${stores((j) => `    v128.store(to, c${j}, ${16 * j});\n`)}  }
}
`;
}

const ROWS = [6, 5, 4, 3, 2, 1];
const PACKED = [6, 4];

/** As many sums as hide the latency of a multiplication and addition, and what is left in pairs. */
const GATHERED = [12, 2];

const all = (rows, packed) =>
  rows.flatMap((n) => [microKernel(n, 1, packed), microKernel(n, 2, packed), microKernel(n, 1, packed, true)]).join('');

/** The text of `tiles.ts`. */
export const tilesSource = () => `import { madd } from './maths';\n${all(ROWS, false)}${all(PACKED, true)}${GATHERED.map(gather).join('')}`;
