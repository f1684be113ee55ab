// Runs the tests; the last line on standard output is `N passed, N failed`. Arguments go to vitest: `npm test -- tests/cli`.

import { mkdirSync, readFileSync, rmSync } from 'node:fs';
import { findBrowser } from './lib/browser.mjs';
import { inRoot, runMain, say } from './lib/root.mjs';
import { lockedNode, packageBin, runProgram } from './lib/run.mjs';
import { ranIn, tallyLine, tallyOf } from './lib/tally.mjs';

const BROWSER_TESTS = '/tests/app/';

await runMain(async () => {
  const args = process.argv.slice(2);
  const file = inRoot('.cache', `test-report-${process.pid}.json`);
  mkdirSync(inRoot('.cache'), { recursive: true });
  const code = await runProgram(
    lockedNode(),
    [packageBin('vitest'), 'run', '--reporter=default', '--reporter=json', `--outputFile.json=${file}`, ...args],
    { stdio: 'inherit' },
  );
  let report = { testResults: [] };
  try {
    report = JSON.parse(readFileSync(file, 'utf8'));
  } catch {
    say('The test run ended without a report.');
  }
  rmSync(file, { force: true });

  let { passed, failed, skipped } = tallyOf(report);
  // Trouble outside any test, such as an error nobody caught, still fails the run.
  if (code !== 0 && failed === 0) failed = 1;
  if (args.length === 0 && !ranIn(report, BROWSER_TESTS)) {
    say(
      `\n*** THE BROWSER TESTS DID NOT RUN${findBrowser() ? '' : ': there is no Chromium, Chrome or Edge here. Install one, or name one in ORRERY_BROWSER'}. ***`,
    );
    if (process.env.CI) failed += 1;
  }
  process.stdout.write(`${tallyLine({ passed, failed, skipped })}\n`);
  return failed === 0 ? 0 : 1;
});
