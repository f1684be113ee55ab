// What the training loop needs of an implementation of the rate network: the fused engine and the op-by-op one both give it.
//
// Loss of a batch of B trials: L = NLL / (B · passed · T · N), NLL in nats over the elements that count (exact log k!), `passed` the
// expected fraction of them under coordinated dropout, as in models/lfads/stepper.ts. The likelihood is that of x_t before forcing.
//
// Forcing, in training alone, at every `forceEvery`-th bin but the last (specification i, methods.md 4.7), leads to x̃_t, from which the
// network goes on; z̄ is held fixed in gradients, and so are C and d in it:
//   teacher      x̃ = z̄                      ∂x̃/∂x = 0
//   generalised  x̃ = (1 − α) x + α z̄        ∂x̃/∂x = (1 − α) I
//   error        x̃ = x + C⁺(θ* − d − C x)   ∂x̃/∂x = I − C⁺C
// z̄ by one Gauss–Newton step from the network's own state (κ = `ridge`), or of smoothed activity; teacher.ts has the formulas. No
// teacher moves a state by more than `MOST_MOVED` / √κ. Unobserved bins are not forced.

import type { StepperOf } from '../stepper.ts';
import type { RateSizes } from './architecture.ts';

export type Forcing = 'none' | 'teacher' | 'generalised' | 'error';
export type Teacher = 'gauss-newton' | 'smoothed';
export type Nonlinearity = 'tanh' | 'relu';

/** One minibatch; units in the model's order (held-in first). */
export interface RateBatch {
  /** Row in the dataset of each trial: counter of all its randomness. */
  readonly trials: Int32Array;
  /** B × T × N: counts, or standardised values. */
  readonly counts: Float32Array;
  /** B × T, 1 where observed; undefined when all were. */
  readonly observed?: Uint8Array;
  /** B × T × E. */
  readonly external?: Float32Array;
  /** B × Te × heldIn, 1 where an element is hidden from the encoder and the loss; never where states are forced. */
  readonly withheld?: Uint8Array;
  /** Row of the table of initial states for each trial. */
  readonly conditions?: Int32Array;
  /** B × H: the first states, where there is neither an encoder nor a table. */
  readonly initial?: Float32Array;
  /** B × T × N: smoothed activity on the readout's scale (log counts per bin, or standardised), where the teacher is made of it. */
  readonly smoothed?: Float32Array;
}

/** What stays the same through a fit. */
export interface RateConstants {
  readonly sizes: RateSizes;
  readonly seed: number;
  /** a of a substep: its length over τ. */
  readonly leak: number;
  readonly nonlinearity: Nonlinearity;
  /** σ of the process noise in training. */
  readonly noise: number;
  /** Every unit of the network is a recorded unit, in the model's order: the readout is diagonal. */
  readonly diagonal: boolean;
  readonly forcing: Forcing;
  readonly teacher: Teacher;
  readonly forceEvery: number;
  readonly ridge: number;
  readonly dropout: number;
  readonly coordinatedDropout: number;
  /** Of the encoder's states. */
  readonly stateClip: number;
  /** Global norm of the gradient. */
  readonly gradientClip: number;
  readonly batch: number;
  readonly adam: { readonly beta1: number; readonly beta2: number; readonly epsilon: number };
}

/** What a schedule sets for one step. */
export interface RateSettings {
  /** Counter of this step, from 0: all its randomness follows from it. */
  readonly step: number;
  readonly learningRate: number;
  readonly weightDecay: number;
  /** α of generalised teacher forcing; other kinds of forcing act where it is above 0. */
  readonly strength: number;
}

export interface RateLosses {
  /** L: what the gradients are of. */
  readonly loss: number;
  /** A trial's, in nats, divided by the passed fraction. */
  readonly nll: number;
  /** Before clipping. */
  readonly gradientNorm: number;
}

/** Outputs of a batch, dropout and noise off; rates in counts per bin (or standardised), states before forcing. */
export interface RateOutputs {
  /** B × T × N. */
  readonly rates: Float32Array;
  /** B × T × H. */
  readonly states: Float32Array;
}

export interface RateStepper extends StepperOf<RateBatch, RateSettings, RateLosses> {
  /** A free run from the initial states; with a strength of forcing above 0 the one-step predictions of the forced network. */
  forward(batch: RateBatch, strength?: number): Promise<RateOutputs>;
}

export type MakeRateStepper = (constants: RateConstants, threads: number) => Promise<RateStepper>;

/** In prior standard deviations, 1/√κ: how far a teacher may move a state. */
export const MOST_MOVED = 3;

/** κ of error forcing, relative to the mean of the diagonal of C Cᵀ: stands for κ → 0. */
export const ALMOST_NONE = 1e-9;

/** Whether the states of bin t are forced before the network goes on from them. */
export const isForced = ({ forcing, forceEvery, sizes }: RateConstants, strength: number, t: number): boolean =>
  forcing !== 'none' && strength > 0 && t < sizes.bins - 1 && t % forceEvery === 0;
