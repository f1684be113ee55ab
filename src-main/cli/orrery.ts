// One command from its words to an exit code: the border where words are parsed and failures are shown, once.

import { prepareArguments, takeJson } from './arguments.ts';
import { CANCELLED, DONE, exitCodeOf, failureOf, isHelp } from './exit.ts';
import { switchesOf } from './options.ts';
import { buildProgram } from './program.ts';
import type { Connection } from './session.ts';
import type { Terminal } from './terminal.ts';

/** Runs one command against a worker; answers with the exit code. `signal` is aborted by Ctrl-C. */
export async function orrery(
  given: readonly string[],
  terminal: Terminal,
  connect: () => Promise<Connection>,
  signal: AbortSignal,
): Promise<number> {
  const { json, words } = takeJson(given);
  let connection: Connection | undefined;
  try {
    connection = await connect();
    const { program, run } = buildProgram(await connection.api.catalogue(), terminal);
    const prepared = prepareArguments(words.length > 0 ? words : ['--help'], switchesOf(program));
    const { api, listen } = connection;
    const answer = await run(prepared, { api, listen, terminal, signal });
    terminal.out(json ? JSON.stringify(answer.json) : answer.text);
    return DONE;
  } catch (error) {
    return showFailure(error, terminal, json, signal);
  } finally {
    await connection?.close();
  }
}

/** Shows whatever was thrown, once, and answers with the exit code. */
export function showFailure(error: unknown, terminal: Terminal, json: boolean, signal: AbortSignal): number {
  if (isHelp(error)) return DONE;
  const failure = failureOf(error);
  const { code, sentence, hint } = failure;
  terminal.err(`${sentence}\n${hint}`);
  if (code === 'internal' && failure.cause instanceof Error) terminal.err(failure.cause.stack ?? '');
  if (json) terminal.out(JSON.stringify({ failure: { code, sentence, hint } }));
  return signal.aborted ? CANCELLED : exitCodeOf(failure);
}
