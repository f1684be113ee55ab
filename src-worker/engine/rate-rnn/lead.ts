// The lead thread of a rate network's job: packs weights, sends all threads over the shards, updates the weights.

import type { RateConstants, RateLosses } from '../../models/rate-rnn/stepper.ts';
import { Lead } from '../crew.ts';
import { packCell } from '../gru.ts';
import type { Kernels } from '../kernels.ts';
import { pack } from '../products.ts';
import type { Desk, Program } from '../programs.ts';
import { Turns } from '../turns.ts';
import { placeOf } from '../weights.ts';
import { planRate, type RatePlan, shardsOf } from './plan.ts';
import { type Pass, runShard } from './shard.ts';
import { prepareTeacher } from './teacher.ts';

/** What a step needs beyond its pass. */
export interface RateUpdate {
  readonly learningRate: number;
  readonly weightDecay: number;
  /** Number of this update, from 1: moments are corrected for their start. False leaves weights alone. */
  readonly count: number | false;
}

/** `update` is absent where only outputs are wanted. */
export interface RateRequest {
  readonly pass: Pass;
  readonly update?: RateUpdate;
}

/** Losses of a step, and the first tensor that is not finite, if any. */
export interface RateResult {
  readonly losses: RateLosses;
  readonly notFinite?: string;
}

/** A rate network in a compute thread. */
export function rateProgram(constants: RateConstants, { kernels, buffer, threads, build }: Desk): Program {
  const plan = planRate(constants, threads, build);
  return {
    lead() {
      const lead = new RateLead(kernels, plan, buffer);
      return (request) => {
        const { pass, update } = request as RateRequest;
        if (update) return lead.step(pass, update);
        lead.run(pass);
        return undefined;
      };
    },
    work: (lane, shard, numbers) => runShard(kernels, buffer, plan, plan.lanes[lane], shard, readPass(numbers)),
  };
}

const KINDS = ['train', 'run'] as const;

/** A pass as numbers in shared memory. */
function writePass(numbers: Float64Array, pass: Pass): void {
  numbers.set([KINDS.indexOf(pass.kind), pass.batch, pass.step, pass.strength, Number(pass.hasObserved), Number(pass.hasWithheld)]);
}

const readPass = (numbers: Float64Array): Pass => ({
  kind: KINDS[numbers[0]],
  batch: numbers[1],
  step: numbers[2],
  strength: numbers[3],
  hasObserved: numbers[4] === 1,
  hasWithheld: numbers[5] === 1,
});

export class RateLead {
  readonly #k: Kernels;
  readonly #plan: RatePlan;
  readonly #buffer: SharedArrayBuffer;
  readonly #f32: Float32Array;
  readonly #lead: Lead;

  constructor(k: Kernels, plan: RatePlan, buffer: SharedArrayBuffer) {
    this.#k = k;
    this.#plan = plan;
    this.#buffer = buffer;
    this.#f32 = new Float32Array(buffer);
    this.#lead = new Lead(buffer, plan.lanes.length - 1);
  }

  /** Runs a pass over all shards of its batch; outputs and the sum of gradients are then in memory. */
  run(pass: Pass): number {
    const { packs, weights, teacher } = this.#plan;
    for (const { cell, input } of packs.encoders) {
      packCell(this.#k, cell, weights.values);
      pack(this.#k, input, weights.values);
    }
    for (const product of [packs.initial, packs.recurrent, packs.selection, packs.output, packs.external, packs.readout])
      if (product) pack(this.#k, product, weights.values);
    if (teacher && pass.strength > 0) prepareTeacher(this.#k, this.#plan, this.#buffer);
    const shards = shardsOf(this.#plan, pass.batch);
    writePass(this.#lead.numbers, pass);
    new Turns(this.#k, this.#buffer, this.#plan.turns, 0).begin();
    this.#lead.run(shards, (index) => runShard(this.#k, this.#buffer, this.#plan, this.#plan.lanes[0], index, pass));
    return shards;
  }

  /** One optimiser step, or only its gradients. */
  step(pass: Pass, update: RateUpdate): RateResult {
    const { constants, s, weights, layout } = this.#plan;
    const k = this.#k;
    const shards = this.run(pass);
    const { gradients } = weights;
    if (constants.diagonal) this.#keepDiagonal(gradients);
    const gradientNorm = Math.sqrt(k.sumOfSquares(gradients, layout.length));
    let nll = 0;
    for (const at of this.#plan.losses.slice(0, shards)) nll += new Float64Array(this.#buffer, at, 1)[0] / pass.batch;
    const losses: RateLosses = { loss: nll / (s.bins * s.units), nll, gradientNorm };
    const notFinite = this.#notFinite(losses, gradients);
    if (notFinite !== undefined) return { losses, notFinite };
    if (update.count !== false) {
      const { beta1, beta2, epsilon } = constants.adam;
      k.adamW(
        weights.values,
        gradients,
        weights.first,
        weights.second,
        layout.length,
        gradientNorm > constants.gradientClip ? constants.gradientClip / gradientNorm : 1,
        update.learningRate,
        update.learningRate * update.weightDecay,
        beta1,
        beta2,
        epsilon,
        1 / (1 - beta1 ** update.count),
        1 / (1 - beta2 ** update.count),
      );
    }
    return { losses };
  }

  /** Where each unit of the network is a recorded unit, nothing but the readout's diagonal is learned. */
  #keepDiagonal(gradients: number): void {
    const { offset, rows, stride } = placeOf(this.#plan.layout, 'readout.W');
    for (let row = 0; row < rows; row++) {
      const at = gradients / 4 + offset + row * stride;
      const own = this.#f32[at + row];
      this.#f32.fill(0, at, at + stride);
      this.#f32[at + row] = own;
    }
  }

  #notFinite(losses: RateLosses, gradients: number): string | undefined {
    if (!Number.isFinite(losses.loss)) return 'the loss';
    if (Number.isFinite(losses.gradientNorm)) return undefined;
    for (const place of this.#plan.layout.places.values())
      if (!Number.isFinite(this.#k.sumOfSquares(gradients + 4 * place.offset, place.length))) return `the gradient of ${place.name}`;
    return 'the gradient';
  }
}
