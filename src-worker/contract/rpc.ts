// Calls and events between processes, over any carrier: a thin layer on birpc that carries Failures whole.

import { createBirpc } from 'birpc';
import type { Events, WorkerApi } from './api.ts';
import { Failure } from './failure.ts';

/** A two-way road for messages; each carrier has its adapter in channels.ts. */
export interface Channel {
  send(message: unknown): void;
  /** Called with each message; one listener for a channel. */
  onMessage(listener: (message: unknown) => void): void;
  /** Called once, when the other side is gone. */
  onClose(listener: () => void): void;
  close(): void;
}

interface Told {
  readonly code: string;
  readonly sentence: string;
  readonly hint: string;
}

type Outcome = { readonly value: unknown } | { readonly failure: Told };

type Called = (...args: readonly unknown[]) => unknown;

/** Any error as the one that is shown: what nobody foresaw gets the code `internal`. */
export function asFailure(error: unknown): Failure {
  if (error instanceof Failure) return error;
  const message = error instanceof Error ? error.message : String(error);
  return new Failure(
    'internal',
    `Something went wrong that Orrery did not foresee: ${message.replace(/\.?$/, '.')}`,
    'Your files are untouched. Try again; if it comes back, report this sentence with what you did.',
    { cause: error },
  );
}

const tell = ({ code, sentence, hint }: Failure): Told => ({ code, sentence, hint });

function methodOf(api: object, name: string): Called | undefined {
  if (name in Object.prototype) return undefined;
  const method: unknown = Reflect.get(api, name);
  return typeof method === 'function' ? (method.bind(api) as Called) : undefined;
}

/** A message of another shape than ours is dropped, so that no stranger can end a process by sending nonsense. */
function hear(channel: Channel, listener: (message: unknown) => unknown): void {
  channel.onMessage((message) => {
    const ours =
      typeof message === 'object' &&
      message !== null &&
      't' in message &&
      (message.t === 's' || ('m' in message && 'a' in message && Array.isArray(message.a)));
    if (ours) Promise.resolve(listener(message)).catch(() => {});
  });
}

/** Answers the calls of the other side with `api`, and gives the functions that tell it of events. */
export function serve<Api extends object = WorkerApi, Heard extends object = Events>(channel: Channel, api: Api): Heard {
  const answer =
    (name: string): Called =>
    async (...args): Promise<Outcome> => {
      try {
        const method = methodOf(api, name);
        if (!method)
          throw new Failure(
            'unknown-method',
            `There is no method “${name}”.`,
            'The page and the program are of different versions: reload.',
          );
        return { value: await method(...args) };
      } catch (error) {
        return { failure: tell(asFailure(error)) };
      }
    };
  const rpc = createBirpc<Record<string, Called>, Record<string, Called>>(
    {},
    {
      post: (message) => channel.send(message),
      on: (listener) => hear(channel, listener),
      resolver: (name) => answer(name),
      onGeneralError: () => true,
      timeout: -1,
    },
  );
  channel.onClose(() => rpc.$close());
  return proxyOf<Heard>((name, args) => {
    // An event that nobody is left to hear is no error.
    if (!rpc.$closed) rpc.$callEvent(name, ...args).catch(() => {});
  });
}

export type Connection<Api> = Api & {
  /** Ends the connection: pending calls fail. */
  readonly hangUp: () => void;
};

const goneFailure = (): Failure =>
  new Failure(
    'disconnected',
    'The connection to the program that does the work was lost.',
    'It starts again by itself; then repeat what you did.',
  );

/** The other side's methods as local ones; `events` hear what it tells. Failures arrive as Failures. */
export function connect<Api extends object = WorkerApi, Heard extends object = Events>(
  channel: Channel,
  events: Partial<Heard>,
  gone: () => Failure = goneFailure,
): Connection<Api> {
  const rpc = createBirpc<Record<string, Called>, Record<string, Called>>(
    {},
    {
      post: (message) => channel.send(message),
      on: (listener) => hear(channel, listener),
      resolver: (name) => methodOf(events, name) ?? (() => undefined),
      onGeneralError: (error) => {
        throw error;
      },
      timeout: -1,
    },
  );
  channel.onClose(() => rpc.$close(gone()));
  const call = async (name: string, args: readonly unknown[]): Promise<unknown> => {
    if (rpc.$closed) throw gone();
    let outcome: Outcome;
    try {
      outcome = (await rpc.$call(name, ...args)) as Outcome;
    } catch (error) {
      throw asFailure(error);
    }
    if ('failure' in outcome) throw new Failure(outcome.failure.code, outcome.failure.sentence, outcome.failure.hint);
    return outcome.value;
  };
  return proxyOf<Connection<Api>>((name, args) => {
    if (name !== 'hangUp') return call(name, args);
    rpc.$close(gone());
    channel.close();
  });
}

/** An object whose every property is a function that hands its name and arguments on; `then` is none, so it can be awaited. */
function proxyOf<T extends object>(handler: (name: string, args: readonly unknown[]) => unknown): T {
  const made = new Map<string, Called>();
  return new Proxy({} as T, {
    get: (_, name) => {
      if (typeof name !== 'string' || name === 'then') return undefined;
      const known = made.get(name) ?? ((...args: readonly unknown[]) => handler(name, args));
      made.set(name, known);
      return known;
    },
  });
}
