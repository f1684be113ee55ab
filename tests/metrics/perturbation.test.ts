import { expect, test } from 'vitest';
import { key, normal } from '../../src-worker/engine/random.ts';
import { eventAuc, tellsEvents } from '../../src-worker/metrics/perturbation.ts';

const [trials, bins, dimensions] = [60, 20, 2];
const edgesMs = Float64Array.from({ length: bins + 1 }, (_, k) => 50 * k - 500);
const timeMs = edgesMs.subarray(0, bins).map((edge) => edge + 25);
/** Every fourth trial is pushed, at another time each. */
const eventMs = Float64Array.from({ length: trials }, (_, k) => (k % 4 === 0 ? -300 + 10 * k : Number.NaN));

function inputs(strength: number): Float32Array {
  return Float32Array.from({ length: trials * bins * dimensions }, (_, i) => {
    const [trial, bin, d] = [Math.floor(i / bins / dimensions), Math.floor(i / dimensions) % bins, i % dimensions];
    const near = Math.abs(timeMs[bin] - eventMs[trial]) <= 50;
    // A large offset at one bin, the same in all trials, must not matter.
    return normal(key(1), i) + (near && d === 0 ? strength : 0) + (bin === 7 ? 50 : 0);
  });
}
const auc = (values: Float32Array): number => eventAuc({ inputs: values, bins, dimensions, timeMs, eventMs });

test('inputs that answer to the push tell pushed trials, others do not', () => {
  expect(auc(inputs(8))).toBeGreaterThan(0.99);
  expect(Math.abs(auc(inputs(0)) - 0.5)).toBeLessThan(0.15);
});

test('neither the scale of a dimension nor its sign matters', () => {
  const values = inputs(3);
  expect(auc(values.map((v, i) => (i % 2 === 0 ? -40 * v : v)))).toBeCloseTo(auc(values), 5);
});

test('a push outside the window, or no trial without, tells nothing', () => {
  expect(eventAuc({ inputs: inputs(5), bins, dimensions, timeMs, eventMs: eventMs.map((t) => t + 5000) })).toBeNaN();
  expect(eventAuc({ inputs: inputs(5), bins, dimensions, timeMs, eventMs: eventMs.map(() => 0) })).toBeNaN();
});

test('events of only some trials are found by themselves and named', () => {
  const always = { name: 'go_cue_time', timeMs: new Float64Array(trials).fill(-100) };
  const found = tellsEvents({ bins, edgesMs, events: [always, { name: 'perturbation_time', timeMs: eventMs }] }, inputs(8), dimensions);
  expect(Object.keys(found)).toEqual(['perturbationAuc']);
  expect(found.perturbationAuc).toBeGreaterThan(0.99);
});
