// Parses what a user set against a schema, at every border alike: command line, forms, saved projects, messages.

import { Failure } from './failure.ts';
import type { Param, Params, Settings, Value, Values } from './params.ts';

/** `windowMs` is `--window-ms` on the command line. */
export const optionName = (name: string): string => name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);

const bad = (name: string, param: Param, raw: unknown, wants: string): Failure =>
  new Failure(
    'bad-value',
    `${param.label} (--${optionName(name)}) cannot be ${JSON.stringify(raw)}: it wants ${wants}.`,
    `${param.help[0].toUpperCase()}${param.help.slice(1).replace(/\.?$/, '.')}`,
  );

const plain = (value: number): string => value.toLocaleString('en', { maximumFractionDigits: 9 });

function numberOf(raw: unknown): number | undefined {
  if (typeof raw === 'number') return Number.isFinite(raw) ? raw : undefined;
  if (typeof raw !== 'string' || raw.trim() === '') return undefined;
  const value = Number(raw);
  return Number.isFinite(value) ? value : undefined;
}

const partsOf = (raw: unknown): readonly unknown[] =>
  Array.isArray(raw)
    ? raw
    : typeof raw === 'string'
      ? raw
          .split(',')
          .map((part) => part.trim())
          .filter((part) => part !== '')
      : [raw];

/** One value, from JSON or from a command line's text. Throws a Failure that names the parameter. */
export function parseValue(name: string, param: Param, raw: unknown): Value {
  switch (param.kind) {
    case 'number': {
      const value = numberOf(raw);
      const { min = -Infinity, max = Infinity, integer = false } = param;
      if (value === undefined || value < min || value > max || (integer && !Number.isInteger(value))) {
        const range =
          min > -Infinity && max < Infinity
            ? ` from ${plain(min)} to ${plain(max)}`
            : min > -Infinity
              ? ` of at least ${min}`
              : max < Infinity
                ? ` of at most ${max}`
                : '';
        throw bad(name, param, raw, `${integer ? 'a whole number' : 'a number'}${param.unit ? ` of ${param.unit}` : ''}${range}`);
      }
      return value;
    }
    case 'range': {
      const parts = partsOf(raw).map(numberOf);
      const [low, high] = parts;
      if (parts.length !== 2 || low === undefined || high === undefined || !(low < high))
        throw bad(name, param, raw, 'two numbers, the smaller first, such as -250,450');
      return [low, high];
    }
    case 'choice':
      if (typeof raw !== 'string' || !param.choices.includes(raw)) throw bad(name, param, raw, `one of ${param.choices.join(', ')}`);
      return raw;
    case 'switch':
      if (raw === true || raw === 'true') return true;
      if (raw === false || raw === 'false') return false;
      throw bad(name, param, raw, 'true or false');
    case 'text':
      if (typeof raw !== 'string' || raw === '') throw bad(name, param, raw, 'some text');
      return raw;
    case 'list': {
      const parts = partsOf(raw);
      if (param.of === 'text') return parts.map(String);
      const numbers = parts.map(numberOf);
      if (numbers.includes(undefined)) throw bad(name, param, raw, 'numbers with commas between, such as 3,14,15');
      return numbers as number[];
    }
    default:
      return param satisfies never;
  }
}

/** What the user set, checked. Unknown names are refused with the nearest known one. */
export function parseSettings<P extends Params>(params: P, raw: Readonly<Record<string, unknown>>): Settings & Partial<Values<P>> {
  const settings: Record<string, Value> = {};
  for (const name of Object.keys(raw).sort()) {
    const param = params[name];
    if (param === undefined)
      throw new Failure('unknown-parameter', `There is no parameter “${name}” here.`, `Known are: ${Object.keys(params).join(', ')}.`);
    if (raw[name] !== undefined) settings[name] = parseValue(name, param, raw[name]);
  }
  return settings as Settings & Partial<Values<P>>;
}

/** Settings with the schema's defaults filled in. */
export function valuesOf<P extends Params>(params: P, settings: Settings): Values<P> {
  return Object.fromEntries(Object.entries(params).map(([name, param]) => [name, settings[name] ?? param.default])) as Values<P>;
}
