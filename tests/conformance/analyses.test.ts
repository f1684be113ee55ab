// Every analysis meets no trials, one trial, one unit, constant data, missing conditions and NaN: a result or a Failure, never a crash.

import { describe, expect, test } from 'vitest';
import type { Analysis, Dynamics, Inputs } from '../../src-worker/analyses/analysis.ts';
import { analyses } from '../../src-worker/analyses/index.ts';
import { statesOf } from '../../src-worker/analyses/states.ts';
import { Failure } from '../../src-worker/contract/failure.ts';
import type { Result, States } from '../../src-worker/contract/result.ts';
import { hasWords } from '../../src-worker/contract/number-words.ts';
import { valuesOf } from '../../src-worker/contract/settings.ts';
import type { Dataset } from '../../src-worker/dataset/dataset.ts';
import { flowFrom } from '../../src-worker/models/flows.ts';
import { reaches, type Reaches } from '../views/reaches.ts';
import { inTwoRegions } from '../views/two-regions.ts';

interface Case {
  readonly states: States;
  readonly dataset: Dataset;
}

const from = (size: Reaches, change: (states: States) => States = (states) => states): Case => {
  const { dataset, outputs } = reaches(size);
  return { states: change(statesOf(dataset, 'rates', outputs)), dataset };
};

const CASES: Readonly<Record<string, Case>> = {
  'an ordinary experiment': from({ trials: 24, units: 5 }),
  'no trials': from({ trials: 0, units: 5 }),
  'one trial': from({ trials: 1, units: 5 }),
  'one unit': from({ trials: 12, units: 1 }),
  'no conditions': from({ trials: 12, units: 4, conditions: false }),
  'two bins': from({ trials: 12, units: 4, bins: 2 }),
  'constant states': from({ trials: 12, units: 4 }, (states) => ({ ...states, values: states.values.map(() => 3) })),
  'NaN alone': from({ trials: 12, units: 4 }, (states) => ({ ...states, values: states.values.map(() => Number.NaN) })),
  'NaN in a trial': from({ trials: 12, units: 4 }, (states) => ({
    ...states,
    values: states.values.map((value, i) => (i < 200 ? Number.NaN : value)),
  })),
};

/** Dynamics with as many states as there are dimensions: every state decays to what one input drives it to. */
const decay = (states: number): Dynamics => {
  const V = new Float64Array(states).fill(1);
  const weights = { states, inputs: 1, W: new Float64Array(states * states), V, b: new Float64Array(states) };
  return { flow: flowFrom({ of: 'stepped', weights, phi: 'tanh', alpha: 0.5, stepMs: 20 }), of: 'a decay', notes: [] };
};

const job = { signal: new AbortController().signal, progress: async () => {}, seed: 1, threads: 1 };

function check(analysis: string, { arrays, summary, recipe, notes }: Result): void {
  for (const [name, { values, shape, axes }] of Object.entries(arrays)) {
    expect(
      shape.reduce((product, size) => product * size, 1),
      name,
    ).toBe(values.length);
    expect(axes.length, name).toBe(shape.length);
  }
  for (const [name, value] of Object.entries(summary)) {
    expect(typeof value).toBe('number');
    expect(hasWords(analysis, name), `words of ${name}`).toBe(true);
  }
  expect(recipe).toMatch(/\.$/);
  for (const note of notes) expect(note).toMatch(/\.$/);
}

for (const analysis of analyses as readonly Analysis[])
  describe(analysis.id, () => {
    for (const [name, input] of Object.entries(CASES))
      test(`meets ${name}`, async () => {
        const settings = { ...('draws' in analysis.params ? { draws: 6 } : {}), ...('starts' in analysis.params ? { starts: 20 } : {}) };
        const whole = (): Inputs =>
          analysis.needs === 'flow'
            ? { ...input, dynamics: decay(input.states.dimensions) }
            : analysis.needs === 'tested'
              ? inTwoRegions(input)
              : // What asks for counts gets the same numbers by that name.
                { ...input, states: analysis.state === 'counts' ? { ...input.states, state: 'counts' } : input.states };
        const result = await (async () => analysis.run(whole(), valuesOf(analysis.params, settings), job))().catch(
          (thrown: unknown) => thrown as Error,
        );
        if (result instanceof Error) {
          expect(result).toBeInstanceOf(Failure);
          expect(name).not.toBe('an ordinary experiment');
        } else check(analysis.id, result);
      });

    test('says what its parameters are for', () => {
      for (const [name, param] of Object.entries(analysis.params)) {
        expect(param.label, name).toMatch(/^[A-Z]/);
        expect(param.help, name).toMatch(/\.$/);
      }
      expect(analysis.about).toMatch(/\.$/);
    });
  });
