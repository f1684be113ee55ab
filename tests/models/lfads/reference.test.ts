// The float64 reference against central finite differences, and against the numbers of the published definitions.

import { describe, expect, test } from 'vitest';
import { key, uniform } from '../../../src-worker/engine/random.ts';
import { lfads } from '../../../src-worker/models/lfads/op-by-op/graph.ts';
import { sampleNoise } from '../../../src-worker/models/lfads/noise.ts';
import { shaped } from '../../../src-worker/models/lfads/op-by-op/op-by-op.ts';
import { float64, lossAndGradients } from '../../../src-worker/models/lfads/op-by-op/reference.ts';
import { cases } from './cases.ts';

describe('gradients of the float64 reference agree with central differences', () => {
  // One element of each tensor, another in every case.
  test.each(cases.map((one, index) => ({ ...one, index })))('$name', async ({ constants, batch, settings, weights, name, index }) => {
    const noise = sampleNoise(constants, batch, settings.step);
    const wide = Object.fromEntries(Object.entries(weights).map(([n, values]) => [n, Float64Array.from(values)]));
    const { gradients } = await lossAndGradients(float64, constants, wide, batch, noise, settings);
    const build = lfads(constants, batch, noise, settings);
    const lossAt = async (tensor: string, i: number, value: number): Promise<number> => {
      const moved = Float64Array.from(wide[tensor]!);
      moved[i] = value;
      return (await float64.values(shaped(constants, { ...wide, [tensor]: moved }), build)).loss![0]!;
    };
    const largest = Math.max(...Object.values(gradients).flatMap((g) => Array.from(g, Math.abs)));
    for (const [tensor, gradient] of Object.entries(gradients)) {
      const scale = Math.max(...Array.from(gradient, Math.abs), 1e-3 * largest);
      const i = Math.floor(uniform(key(1, index), gradient.length) * gradient.length);
      const x = wide[tensor]![i]!;
      const h = 2e-4;
      const [a, b, c, d] = await Promise.all([-2, -1, 1, 2].map((k) => lossAt(tensor, i, x + k * h)));
      const slope = (a! - 8 * b! + 8 * c! - d!) / (12 * h); // five points: error ∝ h⁴
      expect(Math.abs(slope - gradient[i]!) / scale, `${name}: ${tensor}[${i}]`).toBeLessThan(1e-7);
    }
  });
});
