// Grants: opaque names for paths, so that a page can only use what the host has shown or been given.

import { randomBytes } from 'node:crypto';
import { Failure } from '../src-worker/contract/failure.ts';
import type { Grant } from '../src-worker/contract/page.ts';

export class Grants {
  readonly #paths = new Map<Grant, string>();
  readonly #grants = new Map<string, Grant>();

  /** The grant of a path, the same each time. */
  of(path: string): Grant {
    const known = this.#grants.get(path);
    if (known !== undefined) return known;
    const grant = `grant-${randomBytes(16).toString('base64url')}`;
    this.#grants.set(path, grant);
    this.#paths.set(grant, path);
    return grant;
  }

  /** Throws a Failure `no-grant` for anything that was not granted since the program was started. */
  path(grant: Grant): string {
    const path = this.#paths.get(grant);
    if (path === undefined) throw new Failure('no-grant', 'The page asked for a file that it was not given.', 'Open the file again.');
    return path;
  }
}
