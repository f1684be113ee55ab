// The last line of a test run counts what happened, files that could not be loaded included.

import { expect, test } from 'vitest';
import { ranIn, tallyLine, tallyOf } from '../../scripts/lib/tally.mjs';

const file = (name: string, status: string, ...statuses: string[]) => ({
  name: `/somewhere/tests/${name}`,
  status,
  assertionResults: statuses.map((of) => ({ status: of })),
});

test('passed, failed and skipped tests are counted', () => {
  const report = {
    testResults: [file('a/a.test.ts', 'failed', 'passed', 'failed', 'skipped'), file('b/b.test.ts', 'passed', 'passed', 'todo')],
  };
  expect(tallyOf(report)).toEqual({ passed: 2, failed: 1, skipped: 2 });
});

test('a file that could not be loaded counts as one failed', () => {
  expect(tallyOf({ testResults: [file('a/a.test.ts', 'failed')] })).toEqual({ passed: 0, failed: 1, skipped: 0 });
});

test('the line says skipped only where there are any', () => {
  expect(tallyLine({ passed: 3, failed: 0, skipped: 0 })).toBe('3 passed, 0 failed');
  expect(tallyLine({ passed: 3, failed: 1, skipped: 2 })).toBe('3 passed, 1 failed, 2 skipped');
});

test('a folder whose tests were all skipped did not run', () => {
  expect(ranIn({ testResults: [file('app/a.test.ts', 'passed', 'skipped')] }, '/tests/app/')).toBe(false);
  expect(ranIn({ testResults: [file('app/a.test.ts', 'passed', 'skipped', 'passed')] }, '/tests/app/')).toBe(true);
  expect(ranIn({ testResults: [file('cli/a.test.ts', 'passed', 'passed')] }, '/tests/app/')).toBe(false);
});
