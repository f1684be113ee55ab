// Numbers in words and pictures: a true minus, and none before what reads as zero.

import { expect, test } from 'vitest';
import { minus } from '../../src-worker/contract/minus.ts';

test('no number reads as minus zero', () => {
  expect([(-0.004).toFixed(2), (-0.0004).toFixed(3), `${Math.round(-0.3)} %`, `${(-0.4).toFixed(0)} %`, '-0°', '-0'].map(minus)).toEqual([
    '0.00',
    '0.000',
    '0 %',
    '0 %',
    '0°',
    '0',
  ]);
});

test('other numbers keep their sign, as a true minus', () => {
  expect(['-0.01', '-0.5 %', '-12', '0.3', '-3e-7', '2e-9'].map(minus)).toEqual(['−0.01', '−0.5 %', '−12', '0.3', '−3e−7', '2e−9']);
});
