// Who may speak to the local server: pure checks of Host, Origin and token, made on every request before it is routed.

import { createHash, timingSafeEqual } from 'node:crypto';

export interface RequestHeaders {
  readonly host?: string | undefined;
  readonly origin?: string | undefined;
}

const hosts = new Set(['127.0.0.1', 'localhost', '[::1]']);

/**
 * Why a request is refused, or undefined. A name that only resolves to this computer is refused (DNS rebinding); any port is
 * accepted, for a forwarded port differs from ours. A page of another site shows itself by its Origin.
 */
export function refusal({ host, origin }: RequestHeaders, needsOrigin: boolean): string | undefined {
  const match = /^(\[::1\]|[a-z0-9.]+)(:\d{1,5})?$/i.exec(host ?? '');
  if (!match || !hosts.has(match[1]!.toLowerCase())) return 'This server answers to 127.0.0.1, localhost and [::1] only.';
  if (origin === undefined) return needsOrigin ? 'The request names no origin.' : undefined;
  return origin.toLowerCase() === `http://${host}`.toLowerCase() ? undefined : 'The request comes from another site.';
}

const digest = (text: string): Buffer => createHash('sha256').update(text).digest();

/** Compares in constant time, whatever the lengths. */
export const isToken = (given: string | undefined, token: string): boolean => timingSafeEqual(digest(given ?? ''), digest(token));

/** The token of an `Authorization: Bearer …` header. */
export const bearerOf = (authorization: string | undefined): string | undefined => /^Bearer ([\w-]+)$/.exec(authorization ?? '')?.[1];

const protocolPrefix = 'token.';

/** The token among the subprotocols that a WebSocket offers: it never stands in an address. */
export const protocolToken = (header: string | undefined): string | undefined =>
  (header ?? '')
    .split(',')
    .map((part) => part.trim())
    .find((part) => part.startsWith(protocolPrefix))
    ?.slice(protocolPrefix.length);
