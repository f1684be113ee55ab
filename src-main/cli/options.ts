// Options and their help from parameter schemas: written once beside each entry, never here.

import { type Command, Option } from 'commander';
import type { Param, Params, Settings, Tier } from '../../src-worker/contract/params.ts';
import { optionName, parseSettings } from '../../src-worker/contract/settings.ts';

const TIERS: readonly Tier[] = ['common', 'occasional', 'rare'];
const HEADINGS: Readonly<Record<Tier, string>> = { common: '', occasional: ', now and then', rare: ', rarely' };

export interface OptionsOf {
  /** Heading of the options in help. */
  readonly heading: string;
  /** Put before a name that is taken already: `--model-NAME`. */
  readonly prefix: string;
  /** Said of a parameter without a default. */
  readonly withoutDefault?: string;
}

/** Which schema's parameter each option of a command sets, so that values find their way back. */
interface Bound {
  readonly name: string;
  readonly attribute: string;
  readonly flag: string;
}

function placeholder(param: Param): string {
  switch (param.kind) {
    case 'number':
      return param.unit ?? (param.integer ? 'n' : 'number');
    case 'range':
      return 'a,b';
    case 'choice':
      return 'choice';
    case 'switch':
      return '';
    case 'text':
      return param.offer === 'arrays' || param.offer === 'unit-tables' || param.offer === 'interval-tables'
        ? 'path'
        : param.offer === undefined
          ? 'text'
          : param.offer === 'signals'
            ? 'name'
            : 'column';
    case 'list':
      return param.of === 'number' ? 'n,n,…' : 'a,b,…';
    default:
      return param satisfies never;
  }
}

function describe(param: Param, withoutDefault: string | undefined): string {
  const value = param.kind === 'list' && param.default.length === 0 ? undefined : param.default;
  const remarks = [
    param.kind === 'choice' ? `one of ${param.choices.join(', ')}` : undefined,
    (param.kind === 'range' || param.kind === 'number') && param.unit ? `in ${param.unit}` : undefined,
    param.kind === 'switch' ? undefined : value === undefined ? withoutDefault : `default ${String(value)}`,
    param.when ? `with --${optionName(param.when.param)} ${String(param.when.is)}` : undefined,
  ].filter((remark) => remark !== undefined);
  return `${param.label}: ${param.help.replace(/\.$/, '')}${remarks.length > 0 ? ` (${remarks.join('; ')})` : ''}`;
}

const collect = (value: string, before: string | undefined): string => (before === undefined ? value : `${before},${value}`);

/** Adds an option for every parameter, common ones first, and answers with what they set. */
export function addOptions(command: Command, params: Params, { heading, prefix, withoutDefault }: OptionsOf): readonly Bound[] {
  const taken = new Set(command.options.map((option) => option.long?.replace(/^--(no-)?/, '')));
  const bound: Bound[] = [];
  for (const tier of TIERS) {
    for (const [name, param] of Object.entries(params).filter((entry) => entry[1].tier === tier)) {
      const plain = optionName(name);
      const flag = taken.has(plain) ? `${prefix}-${plain}` : plain;
      const group = `${heading}${HEADINGS[tier]}:`;
      const about = describe(param, withoutDefault);
      const add = (flags: string, hidden = false): Option => {
        const option = new Option(flags, about).helpGroup(group).hideHelp(hidden);
        command.addOption(option);
        return option;
      };
      if (param.kind === 'switch') {
        add(`--no-${flag}`, !param.default);
        bound.push({ name, flag, attribute: add(`--${flag}`, param.default).attributeName() });
      } else {
        const option = add(`--${flag} <${placeholder(param)}>`);
        if (param.kind === 'list') option.argParser(collect);
        bound.push({ name, flag, attribute: option.attributeName() });
      }
    }
  }
  return bound;
}

/** What the user set of a schema, parsed; what was not given stays out. Throws a Failure that names the option. */
export function settingsOf(params: Params, bound: readonly Bound[], values: Readonly<Record<string, unknown>>): Settings {
  const given = bound.filter(({ attribute }) => values[attribute] !== undefined).map(({ name, attribute }) => [name, values[attribute]]);
  return parseSettings(params, Object.fromEntries(given));
}

/** Names of every switch of a program, for `--name=false`. */
export const switchesOf = (command: Command): ReadonlySet<string> =>
  new Set([
    ...command.options
      .filter((option) => !option.required && !option.optional)
      .map((option) => option.long?.replace(/^--(no-)?/, '') ?? ''),
    ...command.commands.flatMap((below) => [...switchesOf(below)]),
  ]);
