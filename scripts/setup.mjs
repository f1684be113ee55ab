// Set-up before every command: installs from the lockfile and builds, both only when stale, and writes to standard error alone.
// Plain JavaScript without dependencies: it runs on Node 20, before anything is installed.

import { existsSync, readFileSync } from 'node:fs';
import { findBrowser } from './lib/browser.mjs';
import { withLock } from './lib/lock.mjs';
import { inRoot, root, runMain, say, Trouble } from './lib/root.mjs';
import { lockedNode, packageBin, runNpm, runProgram } from './lib/run.mjs';
import { agrees, isFresh, lockStamp, sourcesStamp, writeStamp } from './lib/stale.mjs';

const PACKAGES_STAMP = inRoot('node_modules', '.orrery-setup');
const BUILD_STAMP = inRoot('out', '.stamp');

async function install() {
  const lockfile = readFileSync(inRoot('package-lock.json'), 'utf8');
  const stamp = lockStamp(lockfile, `${process.platform} ${process.arch}`);
  if (isFresh(PACKAGES_STAMP, stamp)) return;
  const record = inRoot('node_modules', '.package-lock.json');
  if (!agrees(lockfile, existsSync(record) ? readFileSync(record, 'utf8') : undefined)) {
    say('Installing packages from the lockfile…');
    // Windows cannot delete the Node that is running this, which `npm ci` would try.
    const runsFromPackages = process.platform === 'win32' && process.execPath.startsWith(inRoot('node_modules'));
    const how = runsFromPackages ? ['install', '--no-save'] : ['ci'];
    const code = await runNpm([...how, '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel', 'error']);
    if (code !== 0) throw new Trouble(`Packages could not be installed (npm ended with ${code}). Check the network and try again.`);
  }
  writeStamp(PACKAGES_STAMP, stamp);
}

async function build() {
  const stamp = sourcesStamp(root);
  if (isFresh(BUILD_STAMP, stamp)) return;
  say('Building…');
  const node = lockedNode();
  for (const args of [[inRoot('scripts', 'build-kernels.mjs')], [packageBin('electron-vite'), 'build', '--logLevel', 'warn']]) {
    const code = await runProgram(node, args, { env: { ...process.env, NODE_ENV: 'production' } });
    if (code !== 0) throw new Trouble(`The build failed; the lines above say where.`);
  }
  writeStamp(BUILD_STAMP, stamp);
}

/** Browser tests want a browser: root on Debian can have one without asking anybody. */
async function ensureBrowser() {
  if (findBrowser()) return;
  if (process.getuid?.() === 0 && existsSync('/etc/debian_version')) {
    say('Installing Chromium for the browser tests…');
    const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
    const install = ['install', '-y', '-qq', '--no-install-recommends', 'chromium'];
    if ((await runProgram('apt-get', install, { env })) !== 0) {
      await runProgram('apt-get', ['update', '-qq'], { env });
      await runProgram('apt-get', install, { env });
    }
  }
  if (!findBrowser())
    say(
      '\n*** THE BROWSER TESTS WILL NOT RUN: there is no Chromium, Chrome or Edge here. ***\nInstall one, or name one in ORRERY_BROWSER.\n',
    );
}

await runMain(async () => {
  await withLock(
    inRoot('.cache', 'setup.lock'),
    async () => {
      await install();
      await build();
    },
    () => say('Waiting for another set-up to end…'),
  );
  if (process.argv.includes('--tests')) await ensureBrowser();
});
