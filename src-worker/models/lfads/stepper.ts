// What the training loop needs of an implementation of LFADS: the fused engine and tfjs op by op both give it.
//
// Loss of a batch of B trials (design: β = 1 is the evidence lower bound, whatever dropout, bins or units):
//   L = [ NLL / (B · passed) + β_ic · KL_ic / B + β_co · KL_co / B ] / (T · N)
// NLL is summed in nats over the elements that count (exact log k!), `passed` is the expected fraction of elements whose
// gradient passes: with coordinated dropout rate c, only dropped held-in elements of encoded bins count (a share c of them,
// plus the share `passRate` of the rest), and all held-out units, forward-prediction bins and initial-segment bins.
// Missing bins (`observed` 0) and sample-validation elements never count and are zero in the encoders' input.
//
// To that is added, outside the division, l2Ramp · Σ_k scale_k · ½‖U_k‖² / Σ_k numel(U_k) over the recurrent kernels (`….U`) whose
// name starts with a key of `l2`. The other terms, for one trial:
//   KL_ic: N(μ, s), s = exp(log v) + initialPosteriorFloor, from N(initialPrior.mean, initialPriorVariance).
//   KL_co: N(m_t, s_t), s_t = exp(log s_t) with no floor, from the prior of u_1 … u_T, in closed form (no sample):
//     autoregressive, α = exp(−1/exp(logTau)), q = exp(logVariance), both learned, u_0 absent:
//       ½ [log v_t − log s_t − 1 + ((m_t − α m_{t−1})² + s_t + α² s_{t−1}) / v_t],  v_1 = q / (1 − α²), v_t = q after it
//     normal: independent N(0, q), q learned; logTau then has no gradient.
// The clip acts on every GRU's state (encoders, controller, generator); its gradient is zero where |state| ≥ stateClip.
// At bin t the controller sees [forward_{t−lag}; backward_{t+lag}; f_{t−1}], zeros where a state lies outside the bins that the
// controller's encoder reads (initialBins to encodedBins).

import type { StepperOf } from '../stepper.ts';
import type { LfadsSizes } from './architecture.ts';

/** One minibatch; units in the model's order (held-in first). */
export interface Batch {
  /** Row in the dataset of each trial: counter of all its randomness. */
  readonly trials: Int32Array;
  /** B × T × N. */
  readonly counts: Float32Array;
  /** B × T, 1 where observed; undefined when all were. */
  readonly observed?: Uint8Array;
  /** B × T × E. */
  readonly external?: Float32Array;
  /** B × Te × heldIn, 1 where an element is held out for sample validation. */
  readonly withheld?: Uint8Array;
}

/** What stays the same through a fit. */
export interface LfadsConstants {
  readonly sizes: LfadsSizes;
  readonly seed: number;
  readonly dropout: number;
  readonly coordinatedDropout: number;
  readonly passRate: number;
  readonly stateClip: number;
  /** Global norm of the gradient, after L's division by T · N. */
  readonly gradientClip: number;
  readonly initialPosteriorFloor: number;
  readonly initialPriorVariance: number;
  readonly inputPrior: 'autoregressive' | 'normal';
  readonly batch: number;
  /** L2 of recurrent kernels by weight name prefix, methods.md 1.2. */
  readonly l2: Readonly<Record<string, number>>;
  readonly adam: { readonly beta1: number; readonly beta2: number; readonly epsilon: number };
}

/** What a schedule sets for one step. */
export interface StepSettings {
  /** Counter of this step, from 0: all its randomness follows from it. */
  readonly step: number;
  readonly learningRate: number;
  readonly weightDecay: number;
  readonly betaInitial: number;
  readonly betaInputs: number;
  /** Multiplies the L2 scales. */
  readonly l2Ramp: number;
}

/** `nll` (already divided by the passed fraction) and the KLs are per trial, in nats, summed over bins and dimensions. */
export interface StepLosses {
  /** L as above: what the gradients are of. */
  readonly loss: number;
  readonly nll: number;
  readonly klInitial: number;
  readonly klInputs: number;
  /** What is added to L for it. */
  readonly l2: number;
  /** Before clipping. */
  readonly gradientNorm: number;
}

/** Posterior outputs of a batch, dropout off; B × T × …, rates in counts per bin. */
export interface Outputs {
  readonly rates: Float32Array;
  readonly factors: Float32Array;
  readonly generator: Float32Array;
  readonly initialMean: Float32Array;
  readonly initialSd: Float32Array;
  readonly inputMean: Float32Array;
  readonly inputSd: Float32Array;
  /** KL per dimension of the initial condition, nats, mean over the batch. */
  readonly klInitial: Float32Array;
}

/** Outputs averaged over posterior samples, and the s.d. of the rates over them. */
export interface AveragedOutputs extends Outputs {
  readonly ratesSd: Float32Array;
}

export interface Stepper extends StepperOf<Batch, StepSettings, StepLosses> {
  /**
   * Posterior means (`sample` undefined), or one posterior sample under that counter. Any batch up to the constants' size.
   */
  forward(batch: Batch, sample?: number): Promise<Outputs>;
}

/** A stepper that averages posterior samples by itself. */
export interface Averager extends Stepper {
  /** Means over samples 0 … `samples` − 1, whose encoders are run once for many. Awaits `breathe` a few times a second. */
  average(batch: Batch, samples: number, breathe: (share: number) => Promise<void>): Promise<AveragedOutputs>;
}

export type MakeStepper = (constants: LfadsConstants, threads: number) => Promise<Stepper>;
