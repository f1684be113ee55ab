// Counts what vitest's JSON report says, so that the last line of a test run is true.

/**
 * @typedef {{ readonly status: string }} Assertion
 * @typedef {{ readonly name: string, readonly status: string, readonly assertionResults: readonly Assertion[] }} FileResult
 * @typedef {{ readonly passed: number, readonly failed: number, readonly skipped: number }} Tally
 */

/**
 * A test file that could not be loaded holds no tests: it counts as one failed.
 * @param {{ readonly testResults: readonly FileResult[] }} report
 * @returns {Tally}
 */
export function tallyOf(report) {
  let [passed, failed, skipped] = [0, 0, 0];
  for (const file of report.testResults) {
    const failedHere = file.assertionResults.filter(({ status }) => status === 'failed').length;
    passed += file.assertionResults.filter(({ status }) => status === 'passed').length;
    skipped += file.assertionResults.filter(({ status }) => status !== 'passed' && status !== 'failed').length;
    failed += file.status === 'failed' ? Math.max(failedHere, 1) : failedHere;
  }
  return { passed, failed, skipped };
}

/** The line that ends a run. @param {Tally} tally */
export const tallyLine = ({ passed, failed, skipped }) => `${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`;

/**
 * Whether any test of a folder ran.
 * @param {{ readonly testResults: readonly FileResult[] }} report
 * @param {string} folder such as `tests/app/`
 */
export const ranIn = (report, folder) =>
  report.testResults.some(
    (file) =>
      file.name.replaceAll('\\', '/').includes(folder) &&
      file.assertionResults.some(({ status }) => status === 'passed' || status === 'failed'),
  );
