// Parameter schemas: plain data beside each entry, from which forms, command line, help, checks and run names are made.

/** How soon a user meets a parameter: always, on request, or never unless they look for it. */
export type Tier = 'common' | 'occasional' | 'rare';

/** Where a form finds what can be chosen: columns, tables, signals or arrays of the open recording. */
export type Offer =
  | 'events'
  | 'trial-columns'
  | 'unit-columns'
  | 'region-columns'
  | 'unit-tables'
  | 'interval-tables'
  | 'signals'
  | 'arrays';

export type Unit = 'ms' | 's' | 'Hz' | '%' | 'bins' | 'steps' | 'trials' | 'units' | 'dpi' | 'mm' | 'pt' | '°';

interface Described {
  readonly label: string;
  /** One sentence for a scientist: what it does, and when to change it. */
  readonly help: string;
  readonly tier: Tier;
  /** Heading under which forms and help list it. */
  readonly group?: string;
  /** Shown and used only where another parameter has this value. */
  readonly when?: { readonly param: string; readonly is: string | number | boolean };
}

/** Without a default the value is `undefined` until the program chooses one for the data. */
export interface NumberParam extends Described {
  readonly kind: 'number';
  readonly default?: number;
  readonly unit?: Unit;
  readonly min?: number;
  readonly max?: number;
  readonly integer?: boolean;
}

/** Two numbers, written `A,B` on the command line. */
export interface RangeParam extends Described {
  readonly kind: 'range';
  readonly default?: readonly [number, number];
  readonly unit?: Unit;
}

export interface ChoiceParam extends Described {
  readonly kind: 'choice';
  readonly choices: readonly string[];
  readonly default?: string;
}

export interface SwitchParam extends Described {
  readonly kind: 'switch';
  readonly default: boolean;
}

export interface TextParam extends Described {
  readonly kind: 'text';
  readonly default?: string;
  readonly offer?: Offer;
}

/** Several words or numbers, written with commas between on the command line. */
export interface ListParam extends Described {
  readonly kind: 'list';
  readonly of: 'number' | 'text';
  readonly default: readonly (number | string)[];
  readonly offer?: Offer;
}

export type Param = NumberParam | RangeParam | ChoiceParam | SwitchParam | TextParam | ListParam;
export type Params = Readonly<Record<string, Param>>;

type ListOf<Of> = Of extends 'number' ? readonly number[] : readonly string[];

type ValueOf<P extends Param> = P extends { kind: 'choice'; choices: readonly (infer Choice)[] }
  ? Choice
  : P extends { kind: 'number' }
    ? number
    : P extends { kind: 'range' }
      ? readonly [number, number]
      : P extends { kind: 'switch' }
        ? boolean
        : P extends { kind: 'text' }
          ? string
          : P extends { kind: 'list'; of: infer Of }
            ? ListOf<Of>
            : never;

/** The values a schema admits: `Values<{ sdMs: NumberParam }>` is `{ readonly sdMs: number | undefined }`, without `undefined` where there is a default. */
export type Values<P extends Params> = {
  readonly [Name in keyof P]: undefined extends P[Name]['default']
    ? ValueOf<P[Name]> | undefined
    : P[Name] extends { default: unknown }
      ? ValueOf<P[Name]>
      : ValueOf<P[Name]> | undefined;
};

/** A value as JSON carries it. */
export type Value = number | string | boolean | readonly number[] | readonly string[];
/** What the user set: only those parameters that were given, by name. This is what a recipe hashes. */
export type Settings = Readonly<Record<string, Value>>;

/** Gives a schema its literal type. */
export const defineParams = <const P extends Params>(params: P): P => params;
