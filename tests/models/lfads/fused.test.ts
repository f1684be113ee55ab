// The fused engine agrees with the float64 reference on every case of LFADS.

import { describe, test } from 'vitest';
import { makeFusedStepper } from '../../../src-worker/models/lfads/fused.ts';
import { expectGradientsToAgree, expectOutputsToAgree } from './agreement.ts';
import { cases } from './cases.ts';

describe('the fused engine', () => {
  test.each(cases)('gradients agree with float64: $name', (one) => expectGradientsToAgree(makeFusedStepper, one));
  test.each(cases)('outputs agree with float64: $name', (one) => expectOutputsToAgree(makeFusedStepper, one));
});
