// Values of parameters with their reasons: what the user set, or what was chosen.

import type { Value } from '../../contract/params.ts';
import type { Chosen } from '../../contract/run.ts';

export type Resolved = Readonly<Record<string, Chosen>>;

/** Gives what the user set of a parameter, else the value and its reason. */
export const chosenBy =
  (settings: Readonly<Record<string, unknown>>) =>
  (name: string, [value, reason]: readonly [Value, string]): Chosen =>
    settings[name] === undefined ? { value, reason } : { value: settings[name] as Value, reason: 'Set by you' };

export const numberOf = (resolved: Resolved, name: string): number => Number(resolved[name].value);
export const textOf = (resolved: Resolved, name: string): string => String(resolved[name].value);
export const isOn = (resolved: Resolved, name: string): boolean => resolved[name].value === true;
