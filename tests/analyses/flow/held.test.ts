import { expect, test } from 'vitest';
import type { Drive, Dynamics } from '../../../src-worker/analyses/analysis.ts';
import { heldInput, heldParams } from '../../../src-worker/analyses/flow/held.ts';
import { valuesOf } from '../../../src-worker/contract/settings.ts';

/** Three trials of two bins; an inferred input and an external one. */
const driven: Drive = {
  values: Float64Array.of(1, 10, 3, 10, 5, 20, 7, 20, 9, 30, Number.NaN, 30),
  trials: 3,
  bins: 2,
  binMs: 10,
  names: ['inferred input 1', 'go'],
  inferred: 1,
  conditions: Int32Array.of(0, 1, 0),
  conditionNames: ['left', 'right', 'up'],
};
const dynamics = (known: Drive | undefined): Dynamics => ({
  flow: { kind: 'map', stepMs: 1, states: 1, inputs: 2, map: (x) => x, jacobian: () => Float64Array.of(1) },
  of: 'a test',
  notes: [],
  ...(known ? { driven: known } : {}),
});
const held = (settings: Parameters<typeof valuesOf>[1], known: Drive | 'none' = driven) =>
  heldInput(dynamics(known === 'none' ? undefined : known), valuesOf(heldParams, settings));

test('the mean passes over bins that are not known, and may be of a condition or of external inputs alone', () => {
  expect([...held({}).u]).toEqual([5, 20]);
  expect([...held({ input: 'condition', inputCondition: 'right' }).u]).toEqual([6, 20]);
  expect(held({ input: 'condition', inputCondition: 'right' }).words).toMatch(/condition right/);
  expect([...held({ input: 'external' }).u]).toEqual([0, 20]);
  expect([...held({ input: 'zero' }).u]).toEqual([0, 0]);
  expect([...held({ input: 'values', inputValues: [0.5, -1] }).u]).toEqual([0.5, -1]);
  expect(held({}, 'none').words).toBe('all inputs at zero');
});

test('an input that is not known is a sentence that says which are', () => {
  expect(() => held({ input: 'condition', inputCondition: 'down' })).toThrow(
    expect.objectContaining({ sentence: 'There is no condition “down”.', hint: expect.stringContaining('left, right, up') }),
  );
  expect(() => held({ input: 'condition', inputCondition: 'up' })).toThrow(expect.objectContaining({ code: 'empty-condition' }));
  expect(() => held({ input: 'condition' }, 'none')).toThrow(expect.objectContaining({ code: 'no-conditions' }));
  expect(() => held({ input: 'external' }, { ...driven, inferred: 2 })).toThrow(expect.objectContaining({ code: 'no-external-inputs' }));
  expect(() => held({ input: 'values', inputValues: [1] })).toThrow(expect.objectContaining({ code: 'input-values' }));
});

test('an input of dynamics that have none is refused, but for its usual values', () => {
  const none = { flow: { inputs: 0 }, of: 'a network', notes: [] } as unknown as Parameters<typeof heldInput>[0];
  const at = (input: string) => heldInput(none, valuesOf(heldParams, { input }));
  expect(at('mean').words).toBe('no input');
  expect(at('zero').u).toHaveLength(0);
  for (const input of ['external', 'condition', 'values']) expect(() => at(input)).toThrow(expect.objectContaining({ code: 'no-inputs' }));
});
