// Browser mode's server: who gets in, what they get, and how files come in and go out.

import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { WebSocket } from 'ws';
import { startWorker, type WorkerHandle } from '../../src-main/host.ts';
import { Pages } from '../../src-main/pages.ts';
import { type RunningServer, startServer } from '../../src-main/server.ts';
import { UserData } from '../../src-main/user-data.ts';
import { socketChannel } from '../../src-worker/contract/channels.ts';
import type { HostApi, HostEvents } from '../../src-worker/contract/page.ts';
import { type Connection, connect } from '../../src-worker/contract/rpc.ts';

const folder = mkdtempSync(join(tmpdir(), 'orrery-test-'));
const root = join(folder, 'root');
let worker: WorkerHandle;
let pages: Pages;
let server: RunningServer;
let base: URL;
let token: string;

beforeAll(async () => {
  mkdirSync(join(root, 'sub'), { recursive: true });
  writeFileSync(join(root, 'sub', 'a.nwb'), 'x');
  writeFileSync(join(root, 'notes.txt'), 'x');
  writeFileSync(join(folder, 'outside.nwb'), 'secret');
  symlinkSync(join(folder, 'outside.nwb'), join(root, 'link.nwb'));
  symlinkSync(folder, join(root, 'up'));
  worker = await startWorker({ entry: join(import.meta.dirname, 'fake-worker.ts') });
  const userData = new UserData(join(folder, 'data'));
  pages = new Pages({ worker, userData, version: '0', root });
  server = await startServer(pages, userData, 0);
  base = new URL(server.url);
  token = new URLSearchParams(base.hash.slice(1)).get('token')!;
});

afterAll(async () => {
  await server.close();
  await worker.close();
  pages.close();
  rmSync(folder, { recursive: true, force: true });
});

interface Got {
  readonly status: number;
  readonly body: string;
}

/** A raw request: fetch would not let Host be set. */
function ask(path: string, headers: Record<string, string>, method = 'GET', body?: string): Promise<Got> {
  return new Promise((resolve, reject) => {
    const sent = request({ host: '127.0.0.1', port: base.port, path, method, headers }, (response) => {
      const parts: Buffer[] = [];
      response.on('data', (part: Buffer) => parts.push(part));
      response.on('end', () => resolve({ status: response.statusCode!, body: Buffer.concat(parts).toString() }));
    });
    sent.on('error', reject);
    sent.end(body);
  });
}

function joinWith(protocols: readonly string[], origin = base.origin): Promise<Connection<HostApi>> {
  const socket = new WebSocket(`ws://${base.host}/rpc`, [...protocols], { origin });
  return new Promise((resolve, reject) => {
    socket.once('open', () => resolve(connect<HostApi, HostEvents>(socketChannel(socket), {})));
    socket.once('error', reject);
  });
}

const joined = (): Promise<Connection<HostApi>> => joinWith(['orrery', `token.${token}`]);

test('the token has 256 bits and stands in the fragment, which no request carries', () => {
  expect(Buffer.from(token, 'base64url')).toHaveLength(32);
  expect(base.search).toBe('');
});

test('a foreign Host or Origin is refused before anything else', async () => {
  expect(await ask('/', { host: 'orrery.example.org' })).toMatchObject({ status: 403 });
  expect(await ask('/nowhere', { host: base.host, origin: 'http://example.org' })).toMatchObject({ status: 403 });
  expect(await ask('/upload?name=a.nwb', { host: base.host, authorization: `Bearer ${token}` }, 'POST', 'x')).toMatchObject({
    status: 403,
  });
});

test('paths lead nowhere outside the page', async () => {
  for (const path of ['/../package.json', '/%2e%2e/%2e%2e/package.json', '/..%5cpackage.json', '/%00', '/%E0%A4%A'])
    expect(await ask(path, { host: base.host })).toMatchObject({ status: 404 });
});

test('a socket wants the token and the right origin', async () => {
  await expect(joinWith(['orrery'])).rejects.toThrow('403');
  await expect(joinWith(['orrery', 'token.wrong'])).rejects.toThrow('403');
  await expect(joinWith(['orrery', `token.${token}`], 'http://example.org')).rejects.toThrow('403');
  const page = await joined();
  expect(await page.hello()).toMatchObject({ mode: 'browser', root: 'root', recent: [] });
  page.hangUp();
});

test('files below the root are listed as grants; links that lead out are not', async () => {
  const page = await joined();
  const top = await page.list();
  expect(top.entries.map(({ name }) => name)).toEqual(['sub']);
  expect(top.others).toBe(3);
  const below = await page.list(top.entries[0]!.grant);
  expect(below.entries).toEqual([{ grant: expect.stringMatching(/^grant-/), name: 'a.nwb', kind: 'recording', bytes: 1 }]);
  expect(below.trail.map(({ name }) => name)).toEqual(['root', 'sub']);
  expect(JSON.stringify([top, below])).not.toContain(folder);
  await expect(page.list('/etc')).rejects.toMatchObject({ code: 'no-grant' });
  page.hangUp();
});

test('a dropped file is copied into the data folder, and only with the token', async () => {
  const headers = { host: base.host, origin: base.origin };
  expect(await ask('/upload?name=a.nwb', headers, 'POST', 'spikes')).toMatchObject({ status: 401 });
  const { status, body } = await ask('/upload?name=..%2Fday.nwb', { ...headers, authorization: `Bearer ${token}` }, 'POST', 'spikes');
  expect(status).toBe(200);
  const entry = JSON.parse(body) as { grant: string; name: string };
  expect(entry.name).toBe('day.nwb');
  expect(readFileSync(pages.grants.path(entry.grant), 'utf8')).toBe('spikes');
});

test('only what was written for saving can be downloaded', async () => {
  const page = await joined();
  const target = (await page.saveTarget('a/b.svg'))!;
  writeFileSync(pages.grants.path(target), '<svg/>');
  const authorization = `Bearer ${token}`;
  expect(await ask(`/download/${target}`, { host: base.host, authorization })).toEqual({ status: 200, body: '<svg/>' });
  expect(await ask(`/download/${target}`, { host: base.host })).toMatchObject({ status: 401 });
  const other = pages.grants.of(join(folder, 'outside.nwb'));
  expect(await ask(`/download/${other}`, { host: base.host, authorization })).toMatchObject({ status: 404 });
  page.hangUp();
});

test('what one page remembers greets the next', async () => {
  const [one, two] = [await joined(), await joined()];
  await one.remember('{"screen":"Fit"}');
  expect(await two.hello()).toMatchObject({ workspace: '{"screen":"Fit"}' });
  one.hangUp();
  two.hangUp();
});

test('presets of a model are kept, replaced by name and forgotten', async () => {
  const page = await joined();
  expect(await page.presets()).toEqual([]);
  await page.keepPreset({ model: 'lfads', name: 'wide', settings: { steps: 10 } });
  await page.keepPreset({ model: 'lfads', name: 'narrow', settings: { factors: 4 } });
  await page.keepPreset({ model: 'lfads', name: 'wide', settings: { steps: 20 } });
  const other = new UserData(join(folder, 'data'));
  expect(other.presets).toEqual([
    { model: 'lfads', name: 'narrow', settings: { factors: 4 } },
    { model: 'lfads', name: 'wide', settings: { steps: 20 } },
  ]);
  expect(await page.keepPreset({ model: 'lfads', name: 'wide' })).toHaveLength(1);
  await expect(page.keepPreset({ model: 'lfads', name: '  ' })).rejects.toMatchObject({ code: 'bad-call' });
  page.hangUp();
});

test('progress goes to the page whose job it is', async () => {
  const heard: string[] = [];
  const listen = async (name: string) => {
    const socket = new WebSocket(`ws://${base.host}/rpc`, ['orrery', `token.${token}`], { origin: base.origin });
    await new Promise((resolve) => socket.once('open', resolve));
    return connect<HostApi, HostEvents>(socketChannel(socket), { progress: (job) => heard.push(`${name} ${job}`) });
  };
  const [one, two] = [await listen('one'), await listen('two')];
  const grant = pages.grants.of(join(root, 'sub', 'a.nwb'));
  await expect(one.inspect({ path: grant }, 'open')).rejects.toMatchObject({ code: 'no-file' });
  await two.hello();
  expect(heard).toEqual(['one open']);
  one.hangUp();
  two.hangUp();
});
