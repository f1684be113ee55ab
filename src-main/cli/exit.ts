// Exit codes of the command line, and how whatever was thrown becomes one failure with its code (conventions.md, Command line).

import { CommanderError } from 'commander';
import { Failure } from '../../src-worker/contract/failure.ts';

export const DONE = 0;
export const FAILED = 1;
export const BAD_INPUT = 2;
export const CANCELLED = 130;

/** Trouble that is nobody's input: the program, the machine, or another process. Every other failure is bad input. */
const NOT_THE_INPUT: ReadonlySet<string> = new Set([
  'internal',
  'not-finite',
  'worker-crashed',
  'worker-missing',
  'fit-crashed',
  'disconnected',
  'no-node',
  'no-kernels',
  'not-built',
  'disk-full',
  'not-copied',
  'export-differs',
  'outputs-incomplete',
  'project-busy',
  'project-read-only',
  'below-the-bar',
]);

export const CANCEL_CODE = 'cancelled';

export const exitCodeOf = ({ code }: Pick<Failure, 'code'>): number =>
  code === CANCEL_CODE ? CANCELLED : NOT_THE_INPUT.has(code) ? FAILED : BAD_INPUT;

/** Raised by commander where help was asked for: nothing is wrong. */
export const isHelp = (thrown: unknown): boolean => thrown instanceof CommanderError && thrown.exitCode === 0;

const ARGUMENT_CODES: Readonly<Record<string, string>> = {
  'commander.unknownOption': 'unknown-option',
  'commander.unknownCommand': 'unknown-command',
  'commander.missingArgument': 'missing-argument',
  'commander.missingMandatoryOptionValue': 'missing-option',
  'commander.optionMissingArgument': 'missing-value',
  'commander.excessArguments': 'excess-arguments',
  'commander.help': 'missing-argument',
};

/** `error: unknown option '--algn'\n(Did you mean --align?)` as a sentence and a hint. */
function fromCommander({ code, message }: CommanderError): Failure {
  const known = ARGUMENT_CODES[code] ?? 'bad-arguments';
  if (code === 'commander.help') return new Failure(known, 'A command is missing.', 'The lines above list what there is.');
  const [first, ...rest] = message.replace(/^error: /, '').split('\n');
  const sentence = `${first[0].toUpperCase()}${first.slice(1).replace(/\.$/, '')}.`;
  const hint = rest
    .join(' ')
    .replace(/^\((.*)\)$/, '$1')
    .trim();
  return new Failure(known, sentence, hint || 'Add --help to see what there is.');
}

const isFailure = (thrown: unknown): thrown is Failure =>
  typeof thrown === 'object' && thrown !== null && 'code' in thrown && 'sentence' in thrown && 'hint' in thrown;

/** Whatever was thrown, here or in the worker, as a failure. */
export function failureOf(thrown: unknown): Failure {
  if (thrown instanceof CommanderError) return fromCommander(thrown);
  if (isFailure(thrown)) return thrown;
  const cause = thrown instanceof Error ? thrown : new Error(String(thrown));
  if (cause.name === 'AbortError') return new Failure(CANCEL_CODE, 'Cancelled.', 'Nothing was written.', { cause });
  return new Failure('internal', `Something went wrong in Orrery itself: ${cause.message}`, 'Please report it with the command you gave.', {
    cause,
  });
}
