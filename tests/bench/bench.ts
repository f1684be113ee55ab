// `npm run bench`: one optimiser step of LFADS on the fused engine, beside the roofline of the same run (floating-point operations of its
// products over the micro-kernel's rate) and the same model op by op in TensorFlow.js. `--json` prints one object.

import { makeFusedStepper } from '../../src-worker/models/lfads/fused.ts';
import { makeTfjsStepper } from '../../src-worker/models/lfads/tfjs.ts';
import { gemmGflops } from './gemm.ts';
import { SIZES, type SizeName, stepFlops } from './sizes.ts';
import { medianStep } from './steps.ts';

interface StepTime {
  readonly size: SizeName;
  readonly engine: 'fused' | 'tfjs-wasm';
  readonly threads: number;
  readonly medianMs: number;
  readonly gflop: number;
}

const THREADS = [1, 2];
const STEPS = { fused: 15, 'tfjs-wasm': 2 } as const;

const rounded = (x: number, digits: number): number => Number(x.toFixed(digits));

const gemm: Record<string, number> = {};
for (const threads of THREADS) gemm[threads] = rounded(await gemmGflops(threads), 1);

const steps: StepTime[] = [];
for (const size of Object.keys(SIZES) as SizeName[]) {
  const gflop = rounded(stepFlops(size) / 1e9, 2);
  for (const threads of THREADS)
    steps.push({
      size,
      engine: 'fused',
      threads,
      medianMs: rounded(await medianStep(makeFusedStepper, size, threads, STEPS.fused), 2),
      gflop,
    });
  const medianMs = await medianStep(makeTfjsStepper('wasm'), size, 1, STEPS['tfjs-wasm']);
  steps.push({ size, engine: 'tfjs-wasm', threads: 1, medianMs: rounded(medianMs, 1), gflop });
}

if (process.argv.includes('--json')) process.stdout.write(`${JSON.stringify({ gemmGflops: gemm, steps })}\n`);
else {
  const lines = THREADS.map((threads) => `GEMM micro-kernel, ${threads} thread${threads > 1 ? 's' : ''}: ${gemm[threads]} GFLOP/s`);
  const columns = (cells: readonly string[]): string => cells.map((cell, i) => cell.padEnd([8, 11, 9, 12, 8, 12][i]!)).join('');
  lines.push('', columns(['size', 'engine', 'threads', 'step, ms', 'GFLOP', '× roofline']));
  for (const { size, engine, threads, medianMs, gflop } of steps) {
    const roofline = (gflop / gemm[threads]!) * 1000;
    lines.push(columns([size, engine, String(threads), String(medianMs), String(gflop), (medianMs / roofline).toFixed(2)]));
  }
  process.stdout.write(`${lines.join('\n')}\n`);
}
process.exit(0);
