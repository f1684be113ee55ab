import { expect, test } from 'vitest';
import { key, normal } from '../../src-worker/engine/random.ts';
import { timesOf } from '../../src-worker/engine/times.ts';

test('products of small and larger matrices, of sizes that fill no vectors, are those of plain loops', () => {
  for (const n of [1, 5, 24, 27, 64]) {
    const [a, b] = [1, 2].map((k) => Float64Array.from({ length: n * n }, (_, i) => normal(key(n, k), i)));
    const times = timesOf(a!, n);
    times(a!);
    const found = times(b!);
    for (let i = 0; i < n; i++)
      for (let j = 0; j < n; j++) {
        let sum = 0;
        for (let k = 0; k < n; k++) sum += a![i * n + k]! * b![k * n + j]!;
        expect(found[i * n + j]).toBe(sum);
      }
  }
});
