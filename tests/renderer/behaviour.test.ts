// Colour by behaviour is offered where the dataset of the run has some.

import { expect, test } from 'vitest';
import { hasBehaviour } from '../../src-renderer/state/behaviour.ts';

type Given = Parameters<typeof hasBehaviour>[0];

const withBehaviour = (behavior: unknown): Given =>
  ({ run: { dataset: 'a' }, project: { datasets: [{ hash: 'a', settings: { behavior } }] } }) as unknown as Given;

test.each([
  [undefined, false],
  [[], false],
  [['hand velocity'], true],
])('behaviour %j: %s', (behavior, has) => {
  expect(hasBehaviour(withBehaviour(behavior))).toBe(has);
});

test('another dataset’s behaviour is not this one’s', () => {
  expect(hasBehaviour({ ...withBehaviour(['hand velocity']), run: { dataset: 'b' } } as unknown as Given)).toBe(false);
});
