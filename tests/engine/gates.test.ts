import { describe, expect, test } from 'vitest';
import { BUILDS, Desk, distance, randoms } from './desk.ts';

const logit = (p: number): number => Math.log(p / (1 - p));

describe.each(BUILDS)('%s gates', (build) => {
  test('the reset gate acts before the recurrent product', () => {
    const d = new Desk(build);
    // methods.md 1.1: U_n, r, h, W_n x and z of two units, in rows of the row-vector convention.
    const U = [0.6, 0.2, -0.3, 0.5];
    const [r, z, h, x] = [
      [0.9, 0.2],
      [0.7, 0.3],
      [0.5, -0.4],
      [0.1, -0.1],
    ] as const;
    const width = 8;
    const pad = [0, 0, 0, 0, 0, 0];
    const gates = d.put([...r.map(logit), ...pad, ...z.map(logit), ...pad, ...x, ...pad]);
    const [state, next, rh, bias] = [d.put([...h, ...pad]), d.room(8), d.room(8), d.room(24)];
    const panels = d.room(16);
    d.k.packB(d.put(U), 2, 2, 2, panels);
    d.k.resetUpdate(1, width, gates, 24, bias, state, rh, 8);
    d.k.gemm(rh, 8, panels, gates + 8 * width, 24, 1, 2, 2, 1);
    d.k.candidate(1, width, gates, 24, bias, state, next, 8, 5);
    expect(distance(d.get(next, 2), [0.46244104, -0.15497086])).toBeLessThan(1e-7);
    expect(d.get(next + 8, 6)).toEqual([0, 0, 0, 0, 0, 0]);
  });

  test('the way back is the slope of the way forward', () => {
    const [rows, width, ld] = [3, 8, 24];
    const [before, state, weight] = [randoms(1, rows * ld), randoms(2, rows * 8), randoms(3, rows * 8)];
    const clip = 0.9;
    /** Σ weight ⊙ next, with r ⊙ h added to the candidate in place of a recurrent product. */
    const forward = (G: Float32Array, h: Float32Array) => {
      const d = new Desk(build);
      const at = { G: d.put(G), h: d.put(h), next: d.room(rows * 8), rh: d.room(rows * 8), bias: d.room(24) };
      d.k.resetUpdate(rows, width, at.G, ld, at.bias, at.h, at.rh, 8);
      for (let i = 0; i < rows; i++) d.k.add(at.G + 4 * (i * ld + 16), at.rh + 32 * i, 8);
      d.k.candidate(rows, width, at.G, ld, at.bias, at.h, at.next, 8, clip);
      const value = d.get(at.next, rows * 8).reduce((sum, x, i) => sum + x * weight[i]!, 0);
      return { d, at, value };
    };
    const { d, at } = forward(before, state);
    const [dh, drh] = [d.put(weight), d.room(rows * 8)];
    const [gradients, panels] = [d.room(rows * ld), d.room(rows * ld)];
    d.k.candidateBack(rows, width, dh, at.h, at.next, 8, at.G, gradients, ld, clip, panels, 32 * rows);
    for (let i = 0; i < rows; i++) d.k.add(drh + 32 * i, gradients + 4 * (i * ld + 16), 8);
    const rh = d.room(rows * 8);
    d.k.resetBack(rows, width, dh, drh, at.h, rh, 8, at.G, gradients, ld, panels, 32 * rows);
    expect(d.get(rh, rows * 8)).toEqual(d.get(at.rh, rows * 8));
    const packed = d.room(rows * ld);
    const [sums, sumsOfPanels] = [d.put(randoms(4, ld)), d.put(randoms(4, ld))];
    d.k.packBSum(gradients, ld, rows, ld, packed, sums);
    d.k.panelSums(rows, ld, panels, sumsOfPanels);
    expect(d.get(panels, rows * ld)).toEqual(d.get(packed, rows * ld));
    expect(d.get(sumsOfPanels, ld)).toEqual(d.get(sums, ld));
    const step = 1 / 256;
    const slope = (values: Float32Array, i: number, of: (moved: Float32Array) => number): number => {
      const moved = (by: number) => values.map((value, j) => (j === i ? value + by : value));
      return (of(moved(step)) - of(moved(-step))) / (2 * step);
    };
    for (let row = 0; row < rows; row++) {
      for (let j = 0; j < 24; j++) {
        const i = row * ld + j;
        expect(d.get(gradients, rows * ld)[i]).toBeCloseTo(
          slope(before, i, (G) => forward(G, state).value),
          3,
        );
      }
      for (let j = 0; j < 8; j++) {
        const i = row * 8 + j;
        expect(d.get(dh, rows * 8)[i]).toBeCloseTo(
          slope(state, i, (h) => forward(before, h).value),
          3,
        );
      }
    }
  });
});
