// The rate network on the fused engine.

import type { KernelBuild } from '../../engine/kernels.ts';
import type { RateRequest } from '../../engine/rate-rnn/lead.ts';
import { planRate, type RatePlan } from '../../engine/rate-rnn/plan.ts';
import { FusedStepper, type Loaded, startJob } from '../fused-stepper.ts';
import type { MakeRateStepper, RateBatch, RateConstants, RateLosses, RateOutputs, RateSettings, RateStepper } from './stepper.ts';

export const makeFusedRateStepper: MakeRateStepper = (constants, threads) => makeFusedRateStepperOf(undefined, constants, threads);

/** As makeFusedRateStepper with a given build of the kernels: checkpoints name theirs, and tests try each. */
export const makeFusedRateStepperOf = async (
  build: KernelBuild | undefined,
  constants: RateConstants,
  threads: number,
): Promise<RateStepper> =>
  new FusedRate(await startJob({ of: 'rate-rnn', constants }, build, threads, (chosen) => planRate(constants, threads, chosen)));

class FusedRate extends FusedStepper<RatePlan, RateRequest, RateBatch, RateSettings, RateLosses> implements RateStepper {
  async forward(batch: RateBatch, strength = 0): Promise<RateOutputs> {
    await this.ask({ pass: { ...this.load(batch), kind: 'run', step: 0, strength } });
    const { output, s } = this.plan;
    const copy = (at: number, width: number): Float32Array => this.floats(at, batch.trials.length * s.bins * width).slice();
    return { rates: copy(output.rates, s.units), states: copy(output.states, s.hidden) };
  }

  protected training(loaded: Loaded, settings: RateSettings, count: number | false): RateRequest {
    const { step, learningRate, weightDecay, strength } = settings;
    return { pass: { ...loaded, kind: 'train', step, strength }, update: { learningRate, weightDecay, count } };
  }
}
