// Browser mode's server on 127.0.0.1: the page, its WebSocket, dropped files coming in and figures going out.

import { randomBytes } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import { rename, rm, stat } from 'node:fs/promises';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { basename } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { WebSocketServer } from 'ws';
import { socketChannel } from '../src-worker/contract/channels.ts';
import { asFailure } from '../src-worker/contract/rpc.ts';
import { Failure } from '../src-worker/contract/failure.ts';
import type { FileEntry } from '../src-worker/contract/page.ts';
import type { Pages } from './pages.ts';
import { safetyHeaders } from './policy/headers.ts';
import { bearerOf, isToken, protocolToken, refusal } from './policy/requests.ts';
import { type Answer, plain, staticAnswer, typeOf } from './static.ts';
import type { UserData } from './user-data.ts';

const MOST_MESSAGE_BYTES = 64 * 1024 * 1024;

export interface RunningServer {
  /** With the token in its fragment, which no request carries. */
  readonly url: string;
  close(): Promise<void>;
}

/** Listens on 127.0.0.1 alone; `port` 0 takes a free one. Throws a Failure `port-taken`. */
export async function startServer(pages: Pages, userData: UserData, port: number): Promise<RunningServer> {
  const token = randomBytes(32).toString('base64url');
  const server = createServer((request, response) => {
    route(request, response, pages, userData, token).catch((error) => {
      const { sentence, hint } = asFailure(error);
      if (response.headersSent) response.destroy();
      else send(response, plain(400, `${sentence} ${hint}`));
    });
  });
  const sockets = new WebSocketServer({
    noServer: true,
    perMessageDeflate: false,
    maxPayload: MOST_MESSAGE_BYTES,
    handleProtocols: () => 'orrery',
  });
  server.on('upgrade', (request, socket, head) => {
    const wrong = refusal(request.headers, true);
    const allowed = request.url === '/rpc' && isToken(protocolToken(request.headers['sec-websocket-protocol']), token);
    if (wrong !== undefined || !allowed) {
      socket.end(`HTTP/1.1 403 Forbidden\r\nConnection: close\r\n\r\n`);
      return;
    }
    sockets.handleUpgrade(request, socket, head, (page) => pages.attach(socketChannel(page)));
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', (cause: NodeJS.ErrnoException) =>
      reject(
        new Failure(
          'port-taken',
          `Port ${port} cannot be used: ${cause.code ?? cause.message}.`,
          'Choose another with --port N, or leave it out.',
          { cause },
        ),
      ),
    );
    server.listen(port, '127.0.0.1', resolve);
  });
  const address = server.address();
  const bound = typeof address === 'object' && address !== null ? address.port : port;
  return {
    url: `http://127.0.0.1:${bound}/#token=${token}`,
    close: async () => {
      for (const page of sockets.clients) page.terminate();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

async function route(request: IncomingMessage, response: ServerResponse, pages: Pages, userData: UserData, token: string): Promise<void> {
  const changes = request.method !== 'GET' && request.method !== 'HEAD';
  const wrong = refusal(request.headers, changes);
  if (wrong !== undefined) return send(response, plain(403, wrong));
  const url = new URL(request.url ?? '/', 'http://127.0.0.1');
  const asks = `${request.method} ${url.pathname.split('/')[1]}`;
  if (asks === 'POST upload' || asks === 'GET download') {
    if (!isToken(bearerOf(request.headers.authorization), token))
      return send(response, plain(401, 'The token is missing or wrong. Open the address that Orrery printed.'));
    return asks === 'GET download' ? download(response, pages, url) : upload(request, response, pages, userData, url);
  }
  if (changes) return send(response, plain(405, 'This address only answers GET.'));
  return send(response, await staticAnswer(url.pathname, request.headers.host));
}

function send(response: ServerResponse, { status, headers, body }: Answer): void {
  response.writeHead(status, { ...headers, 'Content-Length': body.byteLength });
  response.end(body);
}

/** Streams a dropped file into the user's data folder; the answer is its entry. An upload that breaks off leaves nothing. */
async function upload(request: IncomingMessage, response: ServerResponse, pages: Pages, userData: UserData, url: URL): Promise<void> {
  const path = userData.dropPath(url.searchParams.get('name') ?? '');
  const part = `${path}.part`;
  try {
    await pipeline(request, createWriteStream(part, { flags: 'wx', mode: 0o600 }));
    await rename(part, path);
  } catch (cause) {
    await rm(part, { force: true });
    throw new Failure(
      'not-copied',
      `${basename(path)} could not be copied: ${asFailure(cause).sentence}`,
      'Check the space on the disk, or open the file where it is.',
      { cause },
    );
  }
  const entry: FileEntry = { grant: pages.grants.of(path), name: basename(path), kind: 'recording', bytes: (await stat(path)).size };
  send(response, {
    status: 200,
    headers: { ...safetyHeaders, 'Content-Type': 'application/json' },
    body: new TextEncoder().encode(JSON.stringify(entry)),
  });
}

async function download(response: ServerResponse, pages: Pages, url: URL): Promise<void> {
  const path = pages.download(url.pathname.split('/')[2] ?? '');
  if (path === undefined) return send(response, plain(404, 'That file is not there.'));
  const { size } = await stat(path);
  // Of several files that were written under one name each goes by its own.
  const disposition = `attachment; filename*=UTF-8''${encodeURIComponent(basename(path))}`;
  response.writeHead(200, {
    ...safetyHeaders,
    'Content-Type': typeOf(path),
    'Content-Length': size,
    'Content-Disposition': disposition,
  });
  await pipeline(createReadStream(path), response);
}
