// One contract over every carrier: the same calls, events, arrays and Failures over message ports, WebSockets and a child's IPC.

import { type ChildProcess, fork } from 'node:child_process';
import { join } from 'node:path';
import { MessageChannel } from 'node:worker_threads';
import { afterEach, describe, expect, test } from 'vitest';
import { WebSocket, WebSocketServer } from 'ws';
import { portChannel, processChannel, socketChannel } from '../../src-worker/contract/channels.ts';
import { type Channel, connect } from '../../src-worker/contract/rpc.ts';
import { type Answers, answer, type Heard } from './answers.ts';

const cleanUp: (() => void)[] = [];
afterEach(() => {
  for (const undo of cleanUp.splice(0)) undo();
});

async function overPorts(): Promise<Channel> {
  const { port1, port2 } = new MessageChannel();
  answer(portChannel(port2));
  cleanUp.push(() => port1.close());
  return portChannel(port1);
}

async function overSocket(): Promise<Channel> {
  const server = new WebSocketServer({ host: '127.0.0.1', port: 0 });
  await new Promise((resolve) => server.once('listening', resolve));
  server.on('connection', (socket) => answer(socketChannel(socket)));
  const { port } = server.address() as { port: number };
  const socket = new WebSocket(`ws://127.0.0.1:${port}`);
  await new Promise((resolve) => socket.once('open', resolve));
  cleanUp.push(() => {
    socket.terminate();
    server.close();
  });
  return socketChannel(socket);
}

async function overProcess(): Promise<Channel> {
  const child: ChildProcess = fork(join(import.meta.dirname, 'answers-process.ts'), [], { serialization: 'advanced', execArgv: [] });
  cleanUp.push(() => child.kill());
  return processChannel(child);
}

describe.each([
  ['message ports', overPorts],
  ['a WebSocket', overSocket],
  ['a child process', overProcess],
])('over %s', (_, open) => {
  test('arguments and results keep numbers, undefined and typed arrays', async () => {
    const api = connect<Answers, Heard>(await open(), {});
    const sent = {
      text: 'Δt, 20 ms',
      none: undefined,
      not: Number.NaN,
      far: Number.POSITIVE_INFINITY,
      nested: [{ deep: [1, -2.5] }],
      float64: Float64Array.of(Math.PI, Number.NaN, -0),
      float32: Float32Array.of(0.1, 0.2, 0.3),
      int32: Int32Array.of(-1, 2 ** 31 - 1),
      bytes: Uint8Array.of(0, 255),
      large: new Float64Array(1000).map((_, index) => index / 3),
    };
    const back = (await api.echo(sent)) as typeof sent;
    expect(back).toEqual(sent);
    expect(back.float64).toBeInstanceOf(Float64Array);
    expect(back.float32).toBeInstanceOf(Float32Array);
    expect(back.bytes).toBeInstanceOf(Uint8Array);
  });

  test('events arrive before the answer to the call that caused them', async () => {
    const heard: unknown[] = [];
    const api = connect<Answers, Heard>(await open(), { heard: (what, values) => heard.push([what, values]) });
    await api.tell('step', Float64Array.of(1, 2));
    expect(heard).toEqual([['step', Float64Array.of(1, 2)]]);
  });

  test('a Failure arrives whole, an unforeseen error as `internal`, an unknown method as a Failure', async () => {
    const api = connect<Answers & { nowhere(): Promise<void>; constructor(): Promise<void> }, Heard>(await open(), {});
    await expect(api.fail()).rejects.toMatchObject({
      name: 'Failure',
      code: 'no-trials',
      sentence: 'No trials in a.nwb.',
      hint: 'Choose another table.',
    });
    await expect(api.bug()).rejects.toMatchObject({
      name: 'Failure',
      code: 'internal',
      sentence: expect.stringContaining('not a function'),
    });
    await expect(api.nowhere()).rejects.toMatchObject({ code: 'unknown-method' });
    await expect((api as unknown as { toString(): Promise<string> }).toString()).rejects.toMatchObject({ code: 'unknown-method' });
  });

  test('calls under way and later ones fail when the connection is given up', async () => {
    const api = connect<Answers, Heard>(await open(), {});
    const waiting = api.never();
    await api.echo(1);
    api.hangUp();
    await expect(waiting).rejects.toMatchObject({ code: 'disconnected' });
    await expect(api.echo(2)).rejects.toMatchObject({ code: 'disconnected' });
  });

  test('messages of another shape are ignored', async () => {
    const channel = await open();
    const api = connect<Answers, Heard>(channel, {});
    for (const nonsense of [{ t: 'q' }, { t: 'q', m: 'echo', a: 'no list', i: 'x' }, [], 'hm']) channel.send(nonsense);
    expect(await api.echo('still there')).toBe('still there');
  });
});
