// The whole command line, generated from the catalogue: every model, analysis, view and exporter is a command with its own options.

import { Command, CommanderError, Option } from 'commander';
import type { Catalogue } from '../../src-worker/contract/catalogue.ts';
import { Failure } from '../../src-worker/contract/failure.ts';
import { addDevices } from './commands/devices.ts';
import { addFit, addInfer, addResume } from './commands/fit.ts';
import { addInspect } from './commands/inspect.ts';
import { addPrepare } from './commands/prepare.ts';
import { addMethods, addReport } from './commands/report.ts';
import { addAnalyze, addExport, addFigure } from './commands/results.ts';
import { version } from '../version.ts';
import type { Answer, Session } from './session.ts';
import type { Terminal } from './terminal.ts';

type Act = (session: Session, operands: readonly string[], values: Readonly<Record<string, unknown>>) => Promise<Answer>;

/** What a command's file is given to add itself with. */
export interface AddCommand {
  /** A command such as `inspect <file>`. */
  command(usage: string, about: string): Command;
  /** A command that holds others, one for each entry of a registry. */
  group(name: string, about: string): AddCommand;
  /** An option that must be given; asked for after options that are unknown were told, so that a misspelt one is named. */
  required(command: Command, flags: string, about: string): Command;
  /** What the command does once its words are parsed. */
  action(command: Command, act: Act): void;
}

/** Says which commands there are where one is unknown and none is near. */
function knownCommands(program: Command, words: readonly string[], error: unknown): unknown {
  if (!(error instanceof CommanderError) || error.code !== 'commander.unknownCommand' || /Did you mean/.test(error.message)) return error;
  const below = (command: Command, [word, ...rest]: readonly string[]): Command => {
    const named = command.commands.find((one) => one.name() === word);
    return named ? below(named, rest) : command;
  };
  const { commands } = below(program, words);
  const [sentence] = error.message.replace(/^error: u/, 'U').split('\n');
  return new Failure('unknown-command', `${sentence}.`, `Known are: ${commands.map((command) => command.name()).join(', ')}.`);
}

/** Builds the program; `run` parses the words and does what they ask. Throws CommanderError or Failure. */
export function buildProgram(catalogue: Catalogue, terminal: Terminal) {
  let chosen: (session: Session) => Promise<Answer>;
  const mandatory = new Map<Command, Option>();

  const adder = (parent: Command): AddCommand => ({
    command: (usage, about) =>
      parent.command(usage).description(about).option('--json', 'one JSON object on standard output, for programs'),
    group: (name, about) => adder(parent.command(name).description(about)),
    required(command, flags, about) {
      const option = new Option(flags, about);
      mandatory.set(command, option);
      return command.addOption(option);
    },
    action: (command, act) =>
      void command.action((...words: unknown[]) => {
        // Commander hands over each operand, then the options, then the command itself.
        const values = words.at(-2) as Readonly<Record<string, unknown>>;
        const needed = mandatory.get(command);
        if (needed && !values[needed.attributeName()])
          throw new Failure('missing-option', `The option ${needed.long} is missing.`, `Add ${needed.flags}: ${needed.description}.`);
        chosen = (session) => act(session, words.slice(0, -2).map(String), values);
      }),
  });

  const program = new Command('orrery')
    .version(version, '--version')
    .description('Fit dynamical models to neural recordings and see what the dynamics do')
    .exitOverride()
    .showSuggestionAfterError()
    .configureOutput({
      writeOut: (text) => terminal.out(text.trimEnd()),
      // Errors are thrown, and shown once at the border; only the help of a lone group passes here.
      writeErr: (text) => terminal.err(text.trimEnd()),
      outputError: () => {},
    })
    .configureHelp({ showGlobalOptions: false });
  const add = adder(program);
  addInspect(add, catalogue);
  addFit(add, catalogue);
  addPrepare(add, catalogue);
  addResume(add);
  addInfer(add, catalogue);
  addAnalyze(add, catalogue);
  addFigure(add, catalogue);
  addExport(add, catalogue);
  addMethods(add);
  addReport(add);
  addDevices(add);

  return {
    program,
    async run(words: readonly string[], session: Session): Promise<Answer> {
      try {
        program.parse([...words], { from: 'user' });
      } catch (error) {
        throw knownCommands(program, words, error);
      }
      return chosen(session);
    },
  };
}
