// LFADS in float64: what the fused engine and tfjs are held against, itself held against finite differences.

import { opByOp } from './op-by-op.ts';
import type { MakeStepper } from '../stepper.ts';
import { float64 } from './tape.ts';

export { lossAndGradients, posterior } from './op-by-op.ts';
export { float64 } from './tape.ts';

/** A Stepper in float64 (weights stay float32): slow, for tests of what is built on steppers. */
export const makeReferenceStepper: MakeStepper = async (constants) =>
  opByOp(constants, float64, { device: 'reference', deviceName: 'Float64 reference', build: 'float64' });
