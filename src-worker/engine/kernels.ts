// The compiled kernels: which build this machine runs, and their signatures. Addresses are bytes in the shared memory, sizes and
// strides count floats; what each does stands in kernels/*.ts.

import { readFileSync } from 'node:fs';
import { setFlagsFromString } from 'node:v8';
import { kernel } from '../assets.ts';
import { Failure } from '../contract/failure.ts';

export type KernelBuild = 'simd' | 'relaxed';

type N = number;

export interface Kernels {
  writeConstants(): void;
  writeLogFactorials(): void;
  squares(a: N, rows: N, width: N, out: N): void;
  factorise(s: N, u: N, n: N, width: N, damping: N): N;
  solve(u: N, n: N, width: N, b: N): void;
  tileRows(): N;
  setPanels(panels: N): void;
  packB(src: N, ldb: N, K: N, columns: N, dst: N): void;
  panelSums(K: N, columns: N, panels: N, sums: N): void;
  packBSum(src: N, ldb: N, K: N, columns: N, dst: N, sums: N): void;
  packBT(src: N, ldw: N, K: N, columns: N, dst: N): void;
  packAT(src: N, lda: N, K: N, rows: N, dst: N): void;
  gemm(a: N, lda: N, b: N, c: N, ldc: N, rows: N, K: N, columns: N, accumulate: N): void;
  gemmTN(a: N, b: N, c: N, ldc: N, rows: N, K: N, columns: N, accumulate: N): void;
  resetUpdate(rows: N, width: N, gates: N, ldg: N, bias: N, h: N, rh: N, ldh: N): void;
  candidate(rows: N, width: N, gates: N, ldg: N, bias: N, h: N, next: N, ldh: N, clip: N): void;
  candidateBack(rows: N, width: N, dh: N, h: N, next: N, ldh: N, g: N, d: N, ldg: N, clip: N, panels: N, panelBytes: N): void;
  resetBack(rows: N, width: N, dh: N, drh: N, h: N, rh: N, ldh: N, g: N, d: N, ldg: N, panels: N, panelBytes: N): void;
  cellForward(
    rows: N,
    width: N,
    inner: N,
    gates: N,
    candidates: N,
    accumulate: N,
    g: N,
    ldg: N,
    bias: N,
    h: N,
    next: N,
    rh: N,
    ldh: N,
    clip: N,
  ): void;
  cellBack(
    rows: N,
    width: N,
    inner: N,
    gates: N,
    candidates: N,
    g: N,
    d: N,
    ldg: N,
    h: N,
    next: N,
    dh: N,
    drh: N,
    rh: N,
    ldh: N,
    clip: N,
    panels: N,
    panelBytes: N,
  ): void;
  fillNormals(rows: N, width: N, keys: N, first: N, y: N, ldy: N): void;
  dropout(rows: N, width: N, x: N, ldx: N, y: N, ldy: N, keys: N, first: N, threshold: N, scale: N, accumulate: N): void;
  dropoutBoth(rows: N, width: N, x: N, dx: N, ldx: N, y: N, dy: N, ldy: N, keys: N, first: N, threshold: N, scale: N): void;
  prepareTrial(
    counts: N,
    observed: N,
    withheld: N,
    bins: N,
    units: N,
    encodedBins: N,
    initialBins: N,
    heldIn: N,
    dropKey: N,
    passKey: N,
    dropoutKey: N,
    coordinated: N,
    pass: N,
    coordinatedScale: N,
    dropoutThreshold: N,
    dropoutScale: N,
    input: N,
    ldi: N,
    target: N,
    counted: N,
    ldt: N,
  ): void;
  sampleInputs(rows: N, inputs: N, half: N, q: N, ldq: N, bias: N, keys: N, first: N, amount: N, u: N, ldu: N): void;
  poisson(rows: N, width: N, y: N, ldy: N, bias: N, target: N, counted: N, ldt: N, scale: N, sums: N): N;
  gaussian(rows: N, width: N, y: N, ldy: N, bias: N, target: N, counted: N, ldt: N, scale: N): N;
  expectedCounts(rows: N, width: N, y: N, ldy: N, bias: N): void;
  initialDivergence(rows: N, size: N, half: N, q: N, ldq: N, priorMean: N, priorVariance: N, floor: N, each: N): N;
  initialSample(rows: N, size: N, half: N, q: N, ldq: N, floor: N, z: N, ldz: N): void;
  initialBack(
    rows: N,
    size: N,
    half: N,
    q: N,
    ldq: N,
    z: N,
    dz: N,
    ldz: N,
    priorMean: N,
    priorVariance: N,
    floor: N,
    weight: N,
    dPriorMean: N,
  ): void;
  inputsDivergence(bins: N, rows: N, inputs: N, half: N, q: N, ldq: N, prior: N, weight: N, dQ: N, dAlpha: N, dLogQ: N): N;
  inputsBack(rows: N, inputs: N, half: N, du: N, ldu: N, q: N, ldq: N, u: N, ldi: N, dQ: N): void;
  activate(rows: N, width: N, x: N, ldx: N, s: N, lds: N, rectified: N): void;
  leak(rows: N, width: N, x: N, ldx: N, z: N, ldz: N, drive: N, ldd: N, next: N, ldn: N, a: N): void;
  leakBack(rows: N, width: N, dh: N, ldh: N, dv: N, ldv: N, a: N): void;
  activateBack(rows: N, width: N, ds: N, ldd: N, s: N, lds: N, dh: N, ldh: N, rectified: N): void;
  scale(x: N, n: N, factor: N): void;
  teach(
    kind: N,
    states: N,
    units: N,
    x: N,
    y: N,
    bias: N,
    half: N,
    target: N,
    rows: N,
    gram: N,
    ridge: N,
    relative: N,
    reach: N,
    amount: N,
    scratch: N,
    out: N,
  ): void;
  average(rows: N, width: N, x: N, ldx: N, mean: N, ldm: N, count: N): void;
  addSpread(rows: N, width: N, x: N, ldx: N, mean: N, squares: N, ldm: N, count: N): void;
  listEntries(M: N, width: N, x: N, ldx: N, starts: N, entries: N, most: N): N;
  sparseProduct(M: N, columns: N, starts: N, W: N, ldw: N, Y: N, ldy: N): void;
  sparseGradient(M: N, K: N, columns: N, starts: N, dY: N, ldy: N, D: N, ldd: N, scratch: N, accumulate: N): void;
  add(dst: N, src: N, n: N): void;
  addScaled(dst: N, src: N, n: N, factor: N): void;
  zero(dst: N, n: N): void;
  addRow(rows: N, width: N, y: N, ldy: N, b: N): void;
  fillRows(rows: N, width: N, y: N, ldy: N, b: N): void;
  columnSums(rows: N, width: N, y: N, ldy: N, sums: N): void;
  sumOfSquares(at: N, n: N): N;
  normaliseColumns(rows: N, width: N, w: N, ldw: N, normal: N, inverse: N): void;
  normaliseColumnsBack(rows: N, width: N, d: N, ldw: N, normal: N, inverse: N): void;
  writeConstants64(): void;
  tanh64(n: N, x: N, y: N): void;
  leak64(n: N, h: N, y: N, w: N, amount: N, alpha: N): void;
  dot64(n: N, a: N, b: N): N;
  matVec64(rows: N, columns: N, m: N, ld: N, x: N, y: N): void;
  learnMatVec64(rows: N, columns: N, m: N, ld: N, e: N, factor: N, k: N, x: N, y: N): void;
  gemm64(a: N, aRow: N, aK: N, b: N, ldb: N, c: N, ldc: N, M: N, K: N, columns: N, accumulate: N): void;
  weightedTargets64(n: N, z: N, d: N, w: N, bound: N, clamp: N, s: N): void;
  adamW(p: N, g: N, m: N, v: N, n: N, clip: N, rate: N, decay: N, beta1: N, beta2: N, epsilon: N, correction1: N, correction2: N): void;
}

/** Rows of a packed tile of each build: part of the memory plan. */
export const TILE_ROWS: Readonly<Record<KernelBuild, number>> = { simd: 4, relaxed: 6 };

/** Pages of 64 KiB that the kernels' import of memory allows: 4 GiB. */
const MAXIMUM_PAGES = 65536;

const bytesOf = new Map<KernelBuild, Uint8Array<ArrayBuffer>>();

function readKernel(build: KernelBuild): Uint8Array<ArrayBuffer> {
  const known = bytesOf.get(build);
  if (known) return known;
  try {
    const bytes = new Uint8Array(readFileSync(kernel(build)));
    bytesOf.set(build, bytes);
    return bytes;
  } catch (cause) {
    throw new Failure('no-kernels', `The compiled kernels are missing: ${kernel(build)}.`, 'Run `npm run kernels`.', { cause });
  }
}

/** Relaxed SIMD (fused multiply-add) where this machine's WebAssembly has it. */
export const bestBuild = (): KernelBuild => (WebAssembly.validate(readKernel('relaxed')) ? 'relaxed' : 'simd');

/** A job's whole memory: allocated once, shared by its threads, never grown. */
export function jobMemory(bytes: number): WebAssembly.Memory {
  const pages = Math.ceil(bytes / 65536);
  if (pages > MAXIMUM_PAGES) {
    throw new Failure(
      'too-much-memory',
      `One batch needs ${(bytes / 2 ** 30).toFixed(1)} GiB of memory, and a job can have 4.`,
      'Choose a smaller batch, fewer bins or fewer units.',
    );
  }
  return new WebAssembly.Memory({ initial: pages, maximum: pages, shared: true });
}

/** The kernels as they stand; V8 compiles them function by function as they are called. */
export const plainModule = (build: KernelBuild): WebAssembly.Module => new WebAssembly.Module(readKernel(build));

/** Flags of V8 under which pairs of 128-bit operations become one of 256 bits, all functions being compiled at once and at their best. */
const WIDE_FLAGS = ['experimental-wasm-revectorize', 'no-liftoff', 'no-wasm-lazy-compilation'];
const USUAL_FLAGS = ['no-experimental-wasm-revectorize', 'liftoff', 'wasm-lazy-compilation'];

/** An empty custom section: V8 keeps one compiled form of equal bytes, and this one is to be another. */
const MARK = Uint8Array.of(0, 5, 4, ...new TextEncoder().encode('wide'));

/** The kernels with 256-bit vectors, where the processor has them. The flags are set only while these few kilobytes compile. */
export function wideModule(build: KernelBuild): WebAssembly.Module {
  const plain = readKernel(build);
  const bytes = new Uint8Array(plain.length + MARK.length);
  bytes.set(plain);
  bytes.set(MARK, plain.length);
  for (const flag of WIDE_FLAGS) setFlagsFromString(`--${flag}`);
  try {
    return new WebAssembly.Module(bytes);
  } finally {
    for (const flag of USUAL_FLAGS) setFlagsFromString(`--${flag}`);
  }
}

const isWide = (module: WebAssembly.Module): boolean => WebAssembly.Module.customSections(module, 'wide').length > 0;

/** The kernels over one memory. */
export function loadKernels(module: WebAssembly.Module, memory: WebAssembly.Memory): Kernels {
  const abort = () => {
    throw new Error('A kernel stopped.');
  };
  const kernels = new WebAssembly.Instance(module, { env: { memory, abort } }).exports as unknown as Kernels;
  kernels.writeConstants();
  kernels.writeConstants64();
  kernels.writeLogFactorials();
  kernels.setPanels(isWide(module) ? 2 : 1);
  return kernels;
}
