// The built page's files, for the local server and app:// alike; index.html gets a fresh style nonce with every load.

import { randomBytes } from 'node:crypto';
import { readFile, stat } from 'node:fs/promises';
import { extname, join, normalize } from 'node:path';
import { rendererFolder } from './locate.ts';
import { isBelow } from './policy/files.ts';
import { contentPolicy, safetyHeaders } from './policy/headers.ts';

const types: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.wasm': 'application/wasm',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.ico': 'image/x-icon',
  '.json': 'application/json',
  '.woff2': 'font/woff2',
  '.ttf': 'font/ttf',
  '.nwb': 'application/octet-stream',
};

export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array<ArrayBuffer>;
}

export const typeOf = (path: string): string => types[extname(path).toLowerCase()] ?? 'application/octet-stream';

/** A plain answer with a sentence. */
export const plain = (status: number, text: string): Answer => ({
  status,
  headers: { ...safetyHeaders, 'Content-Type': 'text/plain; charset=utf-8' },
  body: new TextEncoder().encode(text),
});

/** The file that an address's path names; `socket` is the host that the page may open its WebSocket to. */
export async function staticAnswer(pathname: string, socket?: string): Promise<Answer> {
  const path = fileOf(pathname);
  const found = path === undefined ? undefined : await stat(path).catch(() => undefined);
  if (path === undefined || !found?.isFile()) return plain(404, 'There is nothing here.');
  const nonce = randomBytes(16).toString('base64');
  const headers = { ...safetyHeaders, 'Content-Type': typeOf(path), 'Content-Security-Policy': contentPolicy(nonce, socket) };
  const raw = await readFile(path);
  const body = path.endsWith('.html') ? Buffer.from(raw.toString('utf8').replaceAll('STYLE_NONCE', nonce)) : raw;
  return { status: 200, headers, body: new Uint8Array(body) };
}

function fileOf(pathname: string): string | undefined {
  let decoded: string;
  try {
    decoded = decodeURIComponent(pathname);
  } catch {
    return undefined;
  }
  if (decoded.includes('\0')) return undefined;
  const path = join(rendererFolder, normalize(decoded === '/' ? '/index.html' : decoded));
  return isBelow(rendererFolder, path) ? path : undefined;
}
