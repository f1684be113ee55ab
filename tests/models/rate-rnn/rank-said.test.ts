import { expect, test } from 'vitest';
import { said } from '../../../src-worker/models/rate-rnn/rank-said.ts';

test('likelihoods of ranks stand with a true minus', () => {
  const tried = [
    { rank: 1, nlls: [-0.25, -0.75] },
    { rank: 2, nlls: [0.125, 0.125] },
  ] as unknown as Parameters<typeof said>[0];
  expect(said(tried, 1)).toContain('(1: −0.50000, 2: 0.12500).');
});
