// What the threads of an LFADS job share out among them, piece by piece: packing weights, a pass over shards, the optimiser.
// No piece waits for another, and which thread takes it changes no bit.

import { packCell } from '../gru.ts';
import type { Kernels } from '../kernels.ts';
import { pack } from '../products.ts';
import { type Lane, type LfadsPlan, productsOf } from './plan.ts';
import { type Pass, runShare } from './shard.ts';

/** Kinds of work that threads share, each cut into pieces that they take from a counter. */
const TASKS = ['pack', 'shards', 'update'] as const;
export type Task = (typeof TASKS)[number];

/** Weights that a thread updates at a time. */
const PIECE = 32_768;

/** A thread's part in a job: its kernels and its lane of the plan. */
export interface LfadsThread {
  readonly k: Kernels;
  readonly buffer: SharedArrayBuffer;
  readonly plan: LfadsPlan;
  readonly lane: Lane;
}

/** Does one piece of the work that `numbers` describe. */
export function doPiece({ k, buffer, plan, lane }: LfadsThread, piece: number, numbers: Float64Array): void {
  const task = TASKS[numbers[0]!]!;
  const told = numbers.subarray(1);
  if (task === 'pack') packPiece(k, plan, piece);
  else if (task === 'shards') runShare(k, buffer, plan, lane, piece, readPass(told));
  else if (task === 'update') updateWeights(k, plan, piece, told);
  else task satisfies never;
}

/** How many pieces of flat weights there are. */
export const piecesOf = ({ layout }: LfadsPlan): number => Math.ceil(layout.length / PIECE);

/** How many pieces packing has. */
export function packsOf(plan: LfadsPlan): number {
  const { cells, products } = productsOf(plan);
  return cells.length + products.length + 1;
}

/** A cell, another product, or the factors' unit-norm columns, as the products read them. */
function packPiece(k: Kernels, plan: LfadsPlan, piece: number): void {
  const { weights, factors } = plan;
  const { cells, products } = productsOf(plan);
  if (piece < cells.length) packCell(k, cells[piece]!, weights.values);
  else if (piece < cells.length + products.length) pack(k, products[piece - cells.length]!, weights.values);
  else {
    const { place, normal, inverse } = factors;
    k.normaliseColumns(place.rows, place.stride, weights.values + 4 * place.offset, place.stride, normal, inverse);
    pack(k, factors.product, normal);
  }
}

/** AdamW on a piece of the weights. */
function updateWeights(k: Kernels, { weights, layout, constants }: LfadsPlan, piece: number, told: Float64Array): void {
  const [clip, rate, decay, count] = told as unknown as [number, number, number, number];
  const { beta1, beta2, epsilon } = constants.adam;
  const first = piece * PIECE;
  const [p, g, m, v] = [weights.values, weights.gradients, weights.first, weights.second].map((at) => at + 4 * first) as [
    number,
    number,
    number,
    number,
  ];
  const n = Math.min(PIECE, layout.length - first);
  k.adamW(p, g, m, v, n, clip, rate, decay, beta1, beta2, epsilon, 1 / (1 - beta1 ** count), 1 / (1 - beta2 ** count));
}

const KINDS = ['train', 'mean', 'sample'] as const;

/** A pass as numbers in shared memory. */
export const passNumbers = (pass: Pass): readonly number[] => [
  KINDS.indexOf(pass.kind),
  pass.batch,
  pass.step,
  pass.betaInitial,
  pass.betaInputs,
  Number(pass.hasObserved),
  Number(pass.hasWithheld),
  pass.samples ?? 0,
];

const readPass = (numbers: Float64Array): Pass => ({
  kind: KINDS[numbers[0]!]!,
  batch: numbers[1]!,
  step: numbers[2]!,
  betaInitial: numbers[3]!,
  betaInputs: numbers[4]!,
  hasObserved: numbers[5] === 1,
  hasWithheld: numbers[6] === 1,
  samples: numbers[7] || undefined,
});

/** What a task is told, as numbers in shared memory. */
export const taskNumbers = (task: Task, told: readonly number[]): readonly number[] => [TASKS.indexOf(task), ...told];
