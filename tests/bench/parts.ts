// Where an optimiser step of the fused engine goes: the same step in this thread with a clock around every kernel.

import { compileKernels } from '../../src-worker/engine/compile.ts';
import { jobMemory, type Kernels, loadKernels } from '../../src-worker/engine/kernels.ts';
import { LfadsLead } from '../../src-worker/engine/lfads/lead.ts';
import { planLfads } from '../../src-worker/engine/lfads/plan.ts';
import { writeWeights } from '../../src-worker/engine/weights.ts';
import { batchOf, constantsOf, settingsOf, type Workload, weightsOf } from './sizes.ts';
import { median } from './steps.ts';

/** Kernels by what they do; all others are `rest`. */
const PARTS = {
  products: ['gemm'],
  weightGradients: ['gemmTN'],
  gates: ['resetUpdate', 'candidate', 'candidateBack', 'resetBack'],
  counts: ['listEntries', 'sparseProduct', 'sparseGradient'],
  packing: ['packB', 'packBSum', 'panelSums', 'packBT', 'packAT'],
  noise: ['dropout', 'dropoutBoth', 'fillNormals', 'prepareTrial', 'sampleInputs'],
  likelihood: ['poisson', 'gaussian', 'initialDivergence', 'initialSample', 'initialBack', 'inputsDivergence', 'inputsBack'],
  addingShards: ['add', 'zero'],
  optimiser: ['adamW', 'sumOfSquares', 'normaliseColumns', 'normaliseColumnsBack', 'addScaled'],
} as const satisfies Record<string, readonly (keyof Kernels)[]>;

export type Part = keyof typeof PARTS | 'rest';

/** Milliseconds of a step with one thread, whole and by part; `rest` is what no clock saw, time loops and calls above all. */
export interface StepParts {
  readonly medianMs: number;
  readonly parts: Readonly<Record<Part, number>>;
}

type Kernel = (...values: number[]) => number;

/** The kernels with a clock around each, whose own time is taken off; `times` fills up by kernel. */
function clocked(kernels: Kernels, times: Map<string, number>): Kernels {
  const around = (name: string, kernel: Kernel): Kernel => {
    return (...values) => {
      const begun = performance.now();
      const result = kernel(...values);
      times.set(name, (times.get(name) ?? 0) + performance.now() - begun - clock);
      return result;
    };
  };
  const clock = costOfClock();
  const entries = Object.entries(kernels as unknown as Record<string, Kernel>);
  const clockedOnes = Object.fromEntries(entries.map(([name, kernel]) => [name, around(name, kernel)])) as unknown as Kernels;
  return { ...clockedOnes, ...cellsOf(clockedOnes) };
}

/** A cell's bin as the calls that it is made of (kernels/cell.ts), so that each has its clock. */
const cellsOf = (k: Kernels): Pick<Kernels, 'cellForward' | 'cellBack'> => ({
  cellForward(rows, width, inner, gates, candidates, accumulate, g, ldg, bias, h, next, rh, ldh, clip) {
    k.gemm(h, ldh, gates, g, ldg, rows, inner, 2 * width, accumulate);
    k.resetUpdate(rows, width, g, ldg, bias, h, rh, ldh);
    k.gemm(rh, ldh, candidates, g + 8 * width, ldg, rows, inner, width, accumulate);
    k.candidate(rows, width, g, ldg, bias, h, next, ldh, clip);
  },
  cellBack(rows, width, inner, gates, candidates, g, d, ldg, h, next, dh, drh, rh, ldh, clip, panels, panelBytes) {
    k.candidateBack(rows, width, dh, h, next, ldh, g, d, ldg, clip, panels, panelBytes);
    k.gemm(d + 8 * width, ldg, candidates, drh, ldh, rows, width, inner, 0);
    k.resetBack(rows, width, dh, drh, h, rh, ldh, g, d, ldg, panels, panelBytes);
    k.gemm(d, ldg, gates, dh, ldh, rows, 2 * width, inner, 1);
  },
});

/** Milliseconds between two readings of the clock with nothing between them. */
function costOfClock(): number {
  let total = 0;
  for (let i = 0; i < 100_000; i++) total -= performance.now() - performance.now();
  return total / 100_000;
}

export function stepParts(workload: Workload, steps: number): StepParts {
  const { module, build } = compileKernels();
  const plan = planLfads(constantsOf(workload), 1, build);
  const memory = jobMemory(plan.bytes);
  const buffer = memory.buffer as unknown as SharedArrayBuffer;
  writeWeights(plan.layout, new Float32Array(buffer, plan.weights.values, plan.layout.length), weightsOf(workload));
  const { trials, counts } = batchOf(workload);
  new Int32Array(buffer, plan.input.trials, trials.length).set(trials);
  new Float32Array(buffer, plan.input.counts, counts.length).set(counts);
  const kernels = loadKernels(module, memory);
  const times = new Map<string, number>();
  let count = 0;
  const step = (lead: LfadsLead): number => {
    const begun = performance.now();
    const pass = { kind: 'train', batch: workload.batch, ...settingsOf(count++), hasObserved: false, hasWithheld: false } as const;
    lead.step(pass, { learningRate: 4e-3, weightDecay: 0, l2Ramp: 1, count });
    return performance.now() - begun;
  };
  const plain = new LfadsLead(kernels, plan, buffer);
  const timed = new LfadsLead(clocked(kernels, times), plan, buffer);
  const wholes: number[] = [];
  const seen: Record<string, number[]> = {};
  for (let i = 0; i < steps + 2; i++) {
    const whole = step(plain);
    times.clear();
    step(timed);
    if (i < 2) continue;
    wholes.push(whole);
    for (const [part, names] of Object.entries(PARTS)) {
      seen[part] ??= [];
      seen[part].push(names.reduce((sum, name) => sum + (times.get(name) ?? 0), 0));
    }
  }
  const parts = Object.fromEntries(Object.entries(seen).map(([part, values]) => [part, median(values)])) as Record<Part, number>;
  const medianMs = median(wholes);
  parts.rest = Math.max(0, medianMs - Object.values(parts).reduce((sum, ms) => sum + ms, 0));
  return { medianMs, parts };
}
