// Browser mode: node out/main/serve.js [file or project] [--port N] [--root DIR] [--no-open]. The page, host and worker without Electron.

import { existsSync, realpathSync, statSync } from 'node:fs';
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { Failure } from '../src-worker/contract/failure.ts';
import { asFailure } from '../src-worker/contract/rpc.ts';
import { startWorker } from './host.ts';
import { rendererFolder } from './locate.ts';
import { openWindow } from './open-window.ts';
import { Pages } from './pages.ts';
import { startServer } from './server.ts';
import { dataFolder, UserData } from './user-data.ts';
import { version } from './version.ts';

interface Asked {
  readonly port: number;
  readonly root: string;
  readonly opened?: string;
  readonly open: boolean;
}

const options = {
  port: { type: 'string' },
  root: { type: 'string' },
  'no-open': { type: 'boolean' },
  browser: { type: 'boolean' },
} as const;

function parsed(args: readonly string[]) {
  try {
    return parseArgs({ args: [...args], allowPositionals: true, options });
  } catch (cause) {
    const names = Object.keys(options).map((name) => `--${name}`);
    const what = cause instanceof Error ? cause.message.split('. ')[0] : String(cause);
    throw new Failure('bad-value', `${what}.`, `Known are ${names.join(', ')}, and the name of a file or project.`, { cause });
  }
}

function asked(args: readonly string[]): Asked {
  const { values, positionals } = parsed(args);
  const here = process.env.INIT_CWD ?? process.cwd();
  const port = Number(values.port ?? 0);
  if (!Number.isInteger(port) || port < 0 || port > 65_535)
    throw new Failure(
      'bad-value',
      `--port cannot be ${values.port}: it wants a whole number from 1 to 65535.`,
      'Leave it out for a free one.',
    );
  const root = resolve(here, values.root ?? '.');
  if (!existsSync(root) || !statSync(root).isDirectory())
    throw new Failure('no-folder', `There is no folder ${root}.`, 'Name one with --root DIR.');
  const [file, ...more] = positionals;
  if (more.length > 0) throw new Failure('bad-value', `One file or project at a time: ${more.join(', ')} is too much.`, 'Name one.');
  const path = file === undefined ? undefined : resolve(here, file);
  if (path !== undefined && !existsSync(path)) throw new Failure('no-file', `There is no file ${path}.`, 'Check the name.');
  return { port, root: realpathSync(root), open: values['no-open'] !== true, ...(path === undefined ? {} : { opened: path }) };
}

async function main(): Promise<void> {
  const { port, root, opened, open } = asked(process.argv.slice(2));
  if (!existsSync(rendererFolder)) throw new Failure('not-built', 'The page is not built.', 'Run npm run build first.');
  const worker = await startWorker();
  const userData = new UserData(dataFolder());
  const pages = new Pages({ worker, userData, version, root, ...(opened === undefined ? {} : { opened }) });
  const server = await startServer(pages, userData, port).catch(async (error) => {
    await worker.close();
    throw error;
  });
  let ending = false;
  const end = async (): Promise<void> => {
    if (ending) return;
    ending = true;
    await server.close();
    await worker.close();
    pages.close();
    process.exit(0);
  };
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, end);
  process.stdout.write(`Orrery: ${server.url}\n`);
  if (open && !openWindow(server.url))
    process.stdout.write('Open the address above in a browser on this computer, or through a forwarded port.\n');
}

main().catch((error) => {
  const { sentence, hint } = asFailure(error);
  process.stderr.write(`${sentence}\n${hint}\n`);
  process.exit(error instanceof Failure ? 2 : 1);
});
