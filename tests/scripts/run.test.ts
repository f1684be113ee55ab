// What set-up starts writes to standard error alone, and signals reach the program that was started.

import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect, test } from 'vitest';

const run = pathToFileURL(join(import.meta.dirname, '..', '..', 'scripts', 'lib', 'run.mjs')).href;
const script = (body: string) => ['--input-type=module', '-e', `import { runProgram } from '${run}';\n${body}`];

test('a child’s standard output goes to standard error, and its exit code comes back', () => {
  const child = `runProgram(process.execPath, ['-e', 'console.log("to the eye"); process.exit(3)'])`;
  const { stdout, stderr, status } = spawnSync(process.execPath, script(`process.exitCode = await ${child}`), { encoding: 'utf8' });
  expect(stdout).toBe('');
  expect(stderr).toContain('to the eye');
  expect(status).toBe(3);
});

test('a program that cannot be started is an error, not silence', () => {
  const { stdout } = spawnSync(
    process.execPath,
    script(`await runProgram('/no/such/program', []).catch((error) => console.log(error.code))`),
    { encoding: 'utf8' },
  );
  expect(stdout).toBe('ENOENT\n');
});

test.skipIf(process.platform === 'win32')('with `forward`, a signal ends the child, whose exit code comes back', async () => {
  const child = `process.on('SIGTERM', () => process.exit(5)); setInterval(() => {}, 1000); console.log('ready')`;
  const parent = spawn(
    process.execPath,
    script(`process.exitCode = await runProgram(process.execPath, ['-e', ${JSON.stringify(child)}], { stdio: 'inherit', forward: true })`),
  );
  await once(parent.stdout, 'data');
  parent.kill('SIGTERM');
  expect((await once(parent, 'exit'))[0]).toBe(5);
});
