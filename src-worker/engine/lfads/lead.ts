// The lead thread of an LFADS job: what a step is made of, one task of all threads after another (tasks.ts), and what is too small to share.

import type { LfadsConstants, StepLosses } from '../../models/lfads/stepper.ts';
import { Lead } from '../crew.ts';
import type { Kernels } from '../kernels.ts';
import { Turns } from '../turns.ts';
import { placeOf, type WeightPlace } from '../weights.ts';
import type { Desk, Program } from '../programs.ts';
import { type LfadsPlan, planLfads, sharesOf, shardsOf } from './plan.ts';
import type { Pass } from './shard.ts';
import { doPiece, type LfadsThread, packsOf, passNumbers, piecesOf, type Task, taskNumbers } from './tasks.ts';

/** What a step needs beyond its pass. */
export interface Update {
  readonly learningRate: number;
  readonly weightDecay: number;
  readonly l2Ramp: number;
  /** Number of this update, from 1: moments are corrected for their start. False leaves weights alone. */
  readonly count: number | false;
}

/** Losses of a step, and the first tensor whose gradient is not finite, if any. */
export interface StepResult {
  readonly losses: StepLosses;
  readonly notFinite?: string;
}

/** `update` is absent where only outputs are wanted. */
export interface LfadsRequest {
  readonly pass: Pass;
  readonly update?: Update;
}

/** LFADS in a compute thread. */
export function lfadsProgram(constants: LfadsConstants, { kernels, buffer, threads, build }: Desk): Program {
  const plan = planLfads(constants, threads, build);
  return {
    lead() {
      const lead = new LfadsLead(kernels, plan, buffer);
      return (request) => {
        const { pass, update } = request as LfadsRequest;
        if (update) return lead.step(pass, update);
        lead.run(pass);
        return undefined;
      };
    },
    work: (lane, piece, numbers) => doPiece({ k: kernels, buffer, plan, lane: plan.lanes[lane] }, piece, numbers),
  };
}

export class LfadsLead {
  readonly #k: Kernels;
  readonly #plan: LfadsPlan;
  readonly #buffer: SharedArrayBuffer;
  readonly #f32: Float32Array;
  readonly #lead: Lead;
  readonly #turns: Turns;
  readonly #thread: LfadsThread;

  constructor(k: Kernels, plan: LfadsPlan, buffer: SharedArrayBuffer) {
    this.#k = k;
    this.#plan = plan;
    this.#buffer = buffer;
    this.#f32 = new Float32Array(buffer);
    this.#lead = new Lead(buffer, plan.lanes.length - 1);
    this.#turns = new Turns(k, buffer, plan.turns, 0);
    this.#thread = { k, buffer, plan, lane: plan.lanes[0]! };
  }

  /** Runs a pass over all shards of its batch; outputs and the sum of gradients are then in memory. */
  run(pass: Pass): void {
    this.#share('pack', packsOf(this.#plan), []);
    this.#packPrior();
    this.#turns.begin();
    this.#share('shards', sharesOf(this.#plan, pass.batch), passNumbers(pass));
  }

  #share(task: Task, pieces: number, told: readonly number[]): void {
    this.#lead.numbers.set(taskNumbers(task, told));
    this.#lead.run(pieces, (piece, numbers) => doPiece(this.#thread, piece, numbers));
  }

  /** One optimiser step, or only its gradients. */
  step(pass: Pass, update: Update): StepResult {
    const { constants, s, weights, layout } = this.#plan;
    const k = this.#k;
    this.run(pass);
    const { gradients } = weights;
    this.#finishFactors(gradients);
    this.#finishPrior(gradients);
    const l2 = this.#addPenalty(gradients, update.l2Ramp);
    const norm = Math.sqrt(k.sumOfSquares(gradients, layout.length));

    const sums = [0, 0, 0];
    for (let shard = 0; shard < shardsOf(this.#plan, pass.batch); shard++)
      new Float64Array(this.#buffer, this.#plan.losses[shard]!, 3).forEach((loss, i) => {
        sums[i]! += loss / pass.batch;
      });
    const [nll, klInitial, klInputs] = sums as [number, number, number];
    const loss = (nll + pass.betaInitial * klInitial + pass.betaInputs * klInputs) / (s.bins * s.units) + l2;
    const losses: StepLosses = { loss, nll, klInitial, klInputs, l2, gradientNorm: norm };
    const notFinite = this.#notFinite(losses, gradients);
    if (notFinite !== undefined) return { losses, notFinite };
    if (update.count !== false) {
      const clip = norm > constants.gradientClip ? constants.gradientClip / norm : 1;
      const { learningRate, weightDecay, count } = update;
      this.#share('update', piecesOf(this.#plan), [clip, learningRate, learningRate * weightDecay, count]);
    }
    return { losses };
  }

  #packPrior(): void {
    const { packs, s, weights, layout, constants } = this.#plan;
    if (!packs.controller) return;
    const { prior, half } = packs.controller;
    const logTau = weights.values / 4 + placeOf(layout, 'inputPrior.logTau').offset;
    const logVariance = weights.values / 4 + placeOf(layout, 'inputPrior.logVariance').offset;
    for (let i = 0; i < s.inputs; i++) {
      const alpha = constants.inputPrior === 'normal' ? 0 : Math.exp(-Math.exp(-this.#f32[logTau + i]!));
      const logQ = this.#f32[logVariance + i]!;
      [alpha, Math.exp(-logQ), logQ, 1 - alpha * alpha].forEach((value, row) => {
        this.#f32[prior / 4 + row * half + i] = value;
      });
    }
  }

  /** From the gradient of the unit-norm columns to that of the weights. */
  #finishFactors(gradients: number): void {
    const { place, normal, inverse } = this.#plan.factors;
    this.#k.normaliseColumnsBack(place.rows, place.stride, gradients + 4 * place.offset, place.stride, normal, inverse);
  }

  /** From the gradient of α = exp(−1/τ) to that of log τ: times α / τ. */
  #finishPrior(gradients: number): void {
    const { packs, s, weights, layout } = this.#plan;
    if (!packs.controller) return;
    const { offset } = placeOf(layout, 'inputPrior.logTau');
    for (let i = 0; i < s.inputs; i++) {
      const alpha = this.#f32[packs.controller.prior / 4 + i]!;
      this.#f32[gradients / 4 + offset + i]! *= alpha * Math.exp(-this.#f32[weights.values / 4 + offset + i]!);
    }
  }

  /** Adds l2Ramp · Σ scale · ½‖U‖² / Σ numel over the penalised recurrent kernels (stepper.ts), and returns it. */
  #addPenalty(gradients: number, ramp: number): number {
    const { constants, layout, weights } = this.#plan;
    const penalised: { readonly place: WeightPlace; readonly scale: number }[] = [];
    for (const place of layout.places.values()) {
      const prefix = Object.keys(constants.l2).find((name) => place.name.endsWith('.U') && place.name.startsWith(name));
      const scale = prefix === undefined ? 0 : constants.l2[prefix]!;
      if (scale > 0) penalised.push({ place, scale });
    }
    const elements = penalised.reduce((sum, { place }) => sum + place.rows * place.parts * place.width, 0);
    let penalty = 0;
    for (const { place, scale } of penalised) {
      const W = weights.values + 4 * place.offset;
      penalty += (0.5 * ramp * scale * this.#k.sumOfSquares(W, place.length)) / elements;
      this.#k.addScaled(gradients + 4 * place.offset, W, place.length, (ramp * scale) / elements);
    }
    return penalty;
  }

  #notFinite(losses: StepLosses, gradients: number): string | undefined {
    for (const name of ['nll', 'klInitial', 'klInputs', 'loss'] as const) if (!Number.isFinite(losses[name])) return name;
    if (Number.isFinite(losses.gradientNorm)) return undefined;
    for (const place of this.#plan.layout.places.values())
      if (!Number.isFinite(this.#k.sumOfSquares(gradients + 4 * place.offset, place.length))) return `the gradient of ${place.name}`;
    return 'the gradient';
  }
}
