// LFADS on the fused engine.

import type { KernelBuild } from '../../engine/kernels.ts';
import type { LfadsRequest } from '../../engine/lfads/lead.ts';
import { type LfadsPlan, planLfads, shardsOf } from '../../engine/lfads/plan.ts';
import { FusedStepper, type Loaded, startJob } from '../fused-stepper.ts';
import type { AveragedOutputs, Averager, Batch, LfadsConstants, Outputs, StepLosses, StepSettings } from './stepper.ts';

/** Milliseconds after which whoever waits for samples is asked whether to go on. */
const BREATH_MS = 200;

export const makeFusedStepper = (constants: LfadsConstants, threads: number): Promise<Averager> =>
  makeFusedStepperOf(undefined, constants, threads);

/** As makeFusedStepper with a given build of the kernels: checkpoints name theirs, and tests try each. */
export const makeFusedStepperOf = async (build: KernelBuild | undefined, constants: LfadsConstants, threads: number): Promise<Averager> =>
  new FusedLfads(await startJob({ of: 'lfads', constants }, build, threads, (chosen) => planLfads(constants, threads, chosen)));

class FusedLfads extends FusedStepper<LfadsPlan, LfadsRequest, Batch, StepSettings, StepLosses> implements Averager {
  async forward(batch: Batch, sample?: number): Promise<Outputs> {
    const kind = sample === undefined ? 'mean' : 'sample';
    await this.ask({ pass: { ...this.load(batch), kind, step: sample ?? 0, betaInitial: 0, betaInputs: 0 } });
    return this.#outputs(batch);
  }

  async average(batch: Batch, samples: number, breathe: (share: number) => Promise<void>): Promise<AveragedOutputs> {
    const pass = { ...this.load(batch), kind: 'sample', betaInitial: 0, betaInputs: 0 } as const;
    // How many go in one request changes no bit: the means go on from those of the samples before.
    let together = 1;
    for (let done = 0; done < samples; ) {
      await breathe(done / samples);
      const count = Math.min(together, samples - done);
      const begun = performance.now();
      await this.ask({ pass: { ...pass, step: done, samples: count } });
      done += count;
      together = Math.max(1, Math.floor((BREATH_MS * count) / Math.max(1, performance.now() - begun)));
    }
    const { output, s } = this.plan;
    const squares = this.floats(output.ratesSquares, batch.trials.length * s.bins * s.units);
    return { ...this.#outputs(batch), ratesSd: squares.map((sum) => Math.sqrt(sum / Math.max(1, samples - 1))) };
  }

  protected training(loaded: Loaded, settings: StepSettings, count: number | false): LfadsRequest {
    const { step, learningRate, weightDecay, betaInitial, betaInputs, l2Ramp } = settings;
    return {
      pass: { ...loaded, kind: 'train', step, betaInitial, betaInputs },
      update: { learningRate, weightDecay, l2Ramp, count },
    };
  }

  /** A copy of what the last pass left for a batch. */
  #outputs(batch: Batch): Outputs {
    const { output, s, divergences } = this.plan;
    const B = batch.trials.length;
    const copy = (name: keyof typeof output, width: number): Float32Array => this.floats(output[name], B * width).slice();
    const klInitial = new Float32Array(s.initialCondition);
    for (const at of divergences.slice(0, shardsOf(this.plan, B)))
      this.floats(at, s.initialCondition).forEach((kl, i) => {
        klInitial[i]! += kl / B;
      });
    const inputs = this.plan.packs.controller ? s.inputs : 0;
    return {
      rates: copy('rates', s.bins * s.units),
      factors: copy('factors', s.bins * s.factors),
      generator: copy('generator', s.bins * s.generator),
      initialMean: copy('initialMean', s.initialCondition),
      initialSd: copy('initialSd', s.initialCondition),
      inputMean: copy('inputMean', s.bins * inputs),
      inputSd: copy('inputSd', s.bins * inputs),
      klInitial,
    };
  }
}
