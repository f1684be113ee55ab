// Starts the app: npm start [file or project] [-- --browser] [-- --port N]. The Electron window where it can be had, else browser mode.

import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { hasDisplay } from './lib/browser.mjs';
import { inRoot, root, runMain, say } from './lib/root.mjs';
import { lockedNode, packageBin, runProgram } from './lib/run.mjs';

/** A download that takes longer is given up for now. */
const FETCH_WITHIN_MS = 300_000;
/** What a shell says of a program whose libraries are missing. */
const CANNOT_RUN = 127;

/** Electron's binary, or undefined where it has not been fetched. @returns {string | undefined} */
function electronBinary() {
  const folder = inRoot('node_modules', 'electron');
  const name = join(folder, 'path.txt');
  if (!existsSync(name)) return undefined;
  const path = join(process.env.ELECTRON_OVERRIDE_DIST_PATH ?? join(folder, 'dist'), readFileSync(name, 'utf8'));
  return existsSync(path) ? path : undefined;
}

async function fetchElectron() {
  say('Fetching Electron (about 120 MB, once)…');
  await runProgram(lockedNode(), [packageBin('electron', 'install-electron')], { timeoutMs: FETCH_WITHIN_MS });
}

/** Runs the window; answers with the reason where it cannot. @param {readonly string[]} args @returns {Promise<string | number>} */
async function electron(args) {
  if (args.includes('--browser')) return 'as asked';
  if (args.includes('--port')) return '--port is of browser mode';
  if (!hasDisplay()) return 'there is no display here';
  if (!electronBinary()) await fetchElectron();
  const binary = electronBinary();
  if (!binary) return 'Electron is not installed and could not be fetched';
  // Chromium's sandbox refuses to run as root.
  const asRoot = process.getuid?.() === 0 ? ['--no-sandbox'] : [];
  const { ELECTRON_RUN_AS_NODE: _, ...env } = process.env;
  const code = await runProgram(binary, [...asRoot, root, ...args], { stdio: 'inherit', forward: true, env }).catch(() => CANNOT_RUN);
  return code === CANNOT_RUN ? 'Electron does not run here' : code;
}

await runMain(async () => {
  const args = process.argv.slice(2);
  const ended = await electron(args);
  if (typeof ended === 'number') return ended;
  say(`Orrery runs in the browser: ${ended}.`);
  return runProgram(lockedNode(), [inRoot('out', 'main', 'serve.js'), ...args], { stdio: 'inherit', forward: true });
});
