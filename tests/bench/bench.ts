// `npm run bench`: one optimiser step of LFADS on the fused engine, beside the roofline of the same run (floating-point operations of its
// products over the micro-kernel's rate) and the same model op by op in TensorFlow.js; where a step goes; what grows with what; memory;
// posterior averaging. `--json` prints one object, `--full` adds growth at `maze` size.

import { makeFusedStepper } from '../../src-worker/models/lfads/fused.ts';
import { makeTfjsStepper } from '../../src-worker/models/lfads/devices/tfjs.ts';
import { type Averaging, averaging } from './averaging.ts';
import { type ConstrainedTimes, constrainedTimes } from './curbd.ts';
import { type FixedPointTimes, fixedPointTimes } from './fixed-points.ts';
import { gemmGflops } from './gemm.ts';
import { type FitMemory, fitMemory } from './memory.ts';
import { type StepParts, stepParts } from './parts.ts';
import { SCALED, SIZES, scaled, type SizeName, countFlops, stepFlops } from './sizes.ts';
import { timeSteps } from './steps.ts';
import { print } from './tables.ts';
import { type StageMoves, stageMoves } from './stages.ts';
import { type WindowAnswer, windowAnswer } from './window.ts';

interface StepTime {
  readonly size: SizeName;
  readonly engine: 'fused' | 'tfjs-wasm';
  readonly threads: number;
  /** Most counts are 0, or none is. */
  readonly counts: 'few' | 'everywhere';
  readonly medianMs: number;
  /** Other work on the computer slows some steps: the shortest is the nearest to what the engine can do. */
  readonly leastMs: number;
  readonly gflop: number;
  /** Of these, products with counts. */
  readonly countsGflop: number;
}

interface Growth {
  readonly size: SizeName;
  readonly what: (typeof SCALED)[number];
  readonly times: number;
  readonly medianMs: number;
  readonly gflop: number;
}

/** All that a run of the bench finds. */
export interface Measured {
  /** GFLOP/s of the micro-kernel by number of threads. */
  readonly gemmGflops: Readonly<Record<string, number>>;
  readonly steps: readonly StepTime[];
  readonly parts: readonly (StepParts & { readonly size: SizeName })[];
  /** One thread. */
  readonly growth: readonly Growth[];
  readonly memory: readonly FitMemory[];
  readonly averaging: readonly (Averaging & { readonly size: SizeName })[];
  /** Networks of recorded units. */
  readonly constrained: ConstrainedTimes;
  /** Fixed points of a network, beside the usual algorithm. */
  readonly fixedPoints: FixedPointTimes;
  /** While a fit runs; absent without a browser. */
  readonly window?: WindowAnswer;
  /** A stage that turns and one that pans; absent without a browser. */
  readonly stages?: readonly StageMoves[];
}

const THREADS = [1, 2];
const TURNS = { fused: { turns: 8, steps: 5 }, 'tfjs-wasm': { turns: 1, steps: 2 } } as const;
/** Posterior samples of a batch. */
const SAMPLES = 50;

const rounded = (x: number, digits: number): number => Number(x.toFixed(digits));
const gflopOf = (flops: number): number => rounded(flops / 1e9, 2);

async function stepTimes(
  engine: StepTime['engine'],
  sizes: readonly SizeName[],
  threads: readonly number[],
  counts: StepTime['counts'] = 'few',
): Promise<StepTime[]> {
  const make = engine === 'fused' ? makeFusedStepper : makeTfjsStepper('wasm');
  const times: StepTime[] = [];
  for (const size of sizes) {
    const gflop = gflopOf(stepFlops(SIZES[size]));
    const countsGflop = gflopOf(countFlops(SIZES[size]));
    const timed = await timeSteps(make, SIZES[size], threads, TURNS[engine], counts === 'few' ? 0 : 1);
    for (const [i, { median, least }] of timed.entries())
      times.push({
        size,
        engine,
        threads: threads[i]!,
        counts,
        medianMs: rounded(median, 2),
        leastMs: rounded(least, 2),
        gflop,
        countsGflop,
      });
  }
  return times;
}

async function growthOf(size: SizeName): Promise<Growth[]> {
  const growth: Growth[] = [];
  for (const what of SCALED)
    for (const times of [1, 2, 4]) {
      const workload = scaled(SIZES[size], what, times);
      const [timed] = await timeSteps(makeFusedStepper, workload, [1], { turns: 1, steps: 5 });
      growth.push({ size, what, times, medianMs: rounded(timed!.median, 1), gflop: gflopOf(stepFlops(workload)) });
    }
  return growth;
}

async function measure(full: boolean): Promise<Measured> {
  const gemm: Record<string, number> = {};
  for (const threads of THREADS) gemm[threads] = rounded(await gemmGflops(threads), 1);
  // First what the engine does by itself: other libraries leave things in the process that would slow it.
  const names = Object.keys(SIZES) as SizeName[];
  const fused = [...(await stepTimes('fused', names, THREADS)), ...(await stepTimes('fused', names, [1], 'everywhere'))];
  const parts = names.map((size) => ({ size, ...stepParts(SIZES[size], 7) }));
  const growth = [...(await growthOf('lorenz')), ...(full ? await growthOf('maze') : [])];
  const { batch } = SIZES.maze;
  const answer = await windowAnswer();
  const stages = await stageMoves();
  return {
    gemmGflops: gemm,
    steps: [...fused, ...(await stepTimes('tfjs-wasm', ['lorenz', 'maze'], [1]))],
    parts,
    growth,
    memory: [await fitMemory(2 * batch, 1), await fitMemory(2 * batch, 2), await fitMemory(20 * batch, 2)],
    ...(answer ? { window: answer } : {}),
    ...(stages ? { stages } : {}),
    averaging: [
      { size: 'lorenz', ...(await averaging(SIZES.lorenz, SAMPLES, 1)) },
      { size: 'lorenz', ...(await averaging(SIZES.lorenz, SAMPLES, 2)) },
    ],
    constrained: await constrainedTimes(),
    fixedPoints: await fixedPointTimes(),
  };
}

const measured = await measure(process.argv.includes('--full'));
process.stdout.write(process.argv.includes('--json') ? `${JSON.stringify(measured)}\n` : print(measured));
process.exit(0);
