// From meanings to colours, for both themes of the screen and for paper, which is white in either.
// Conditions: Okabe and Ito 2008 up to eight; angles: eight stops round the circle that stay apart for colour-blind eyes;
// ordered conditions and rates: cividis (Nuñez, Anderton, Renslow 2018).

import { along, around, hexOf, type Rgb } from './colour.ts';
import type { ColourRole, ConditionKey, ValueScale } from './scene.ts';

export type Theme = 'light' | 'dark' | 'paper';

export interface Palette {
  readonly surface: string;
  readonly text: string;
  readonly text2: string;
  readonly text3: string;
  readonly line: string;
  readonly lineStrong: string;
  readonly accent: string;
  readonly ink: string;
  readonly mute: string;
  readonly halo: string;
  /** Drawn over the surface with `bandOpacity`. */
  readonly band: string;
  readonly bandOpacity: number;
  readonly nominal: readonly string[];
  readonly cyclic: readonly string[];
  readonly signed: readonly string[];
  readonly wash: readonly string[];
  readonly sequential: readonly string[];
  /** Part of `sequential` that lines and dots may use on this surface. */
  readonly ordered: readonly [number, number];
}

const CIVIDIS = ['#00224e', '#123570', '#3b496c', '#575d6d', '#707173', '#8a8678', '#a59c74', '#c3b369', '#e1cc55', '#fee838'];

const light: Palette = {
  surface: '#ffffff',
  text: '#171b20',
  text2: '#47505a',
  text3: '#5c6670',
  line: '#e2e5e8',
  lineStrong: '#c3c9cf',
  accent: '#1a5fd0',
  ink: '#171b20',
  mute: '#87919b',
  halo: '#ffffff',
  band: '#171b20',
  bandOpacity: 0x14 / 255,
  nominal: ['#0072b2', '#e69f00', '#009e73', '#d55e00', '#cc79a7', '#56b4e9', '#b5a400', '#000000'],
  cyclic: ['#d23e78', '#c48805', '#7e7806', '#056d48', '#088796', '#0497ee', '#6f5cde', '#8a2fa5'],
  signed: ['#8c3a0b', '#d0793c', '#f0c7a4', '#f4f4f4', '#a9cbe6', '#3f86c4', '#0b4a86'],
  wash: ['#ffffff', '#eaf0f3', '#cfdfe8', '#a9c8da', '#7daecb'],
  sequential: CIVIDIS,
  ordered: [0, 6 / 9],
};

const dark: Palette = {
  surface: '#15181c',
  text: '#e7eaee',
  text2: '#adb5be',
  text3: '#8b949e',
  line: '#262b31',
  lineStrong: '#434b54',
  accent: '#7fb0ff',
  ink: '#f2f4f6',
  mute: '#626c77',
  halo: '#15181c',
  band: '#ffffff',
  bandOpacity: 0x1a / 255,
  nominal: ['#4ba3dc', '#e69f00', '#2fbd92', '#f07a2c', '#dd93bb', '#7cc7f2', '#f0e442', '#e7eaee'],
  cyclic: ['#fe7f8a', '#c46907', '#ada50a', '#9ee064', '#14c3bd', '#068fb4', '#8891fe', '#e0b4fe'],
  signed: ['#f2a36c', '#b8652d', '#5d3820', '#23272c', '#1f3f5c', '#3a7fb8', '#8cc4f0'],
  wash: ['#15181c', '#1c262d', '#25384a', '#2f4f66', '#3b6884'],
  sequential: CIVIDIS,
  ordered: [4 / 9, 1],
};

const paper: Palette = {
  ...light,
  text: '#000000',
  text2: '#000000',
  text3: '#000000',
  lineStrong: '#000000',
  ink: '#000000',
  mute: '#777777',
};

const PALETTES: Readonly<Record<Theme, Palette>> = { light, dark, paper };

export const paletteOf = (theme: Theme): Palette => PALETTES[theme];

/** The colour of condition `index`, as '#rrggbb'. */
export function conditionColour(theme: Theme, key: ConditionKey | undefined, index: number): string {
  const { nominal, cyclic, sequential, ordered, mute } = PALETTES[theme];
  if (index < 0) return mute;
  const count = key?.names.length ?? 1;
  const chosen = key?.chosen?.[index];
  if (chosen !== undefined) return nominal[chosen % nominal.length];
  const angle = key?.values?.[index];
  if (key?.scale === 'angle' && angle !== undefined) return hexOf(around(cyclic, angle / 360));
  if (key?.scale === 'ordinal' && count > 1) {
    const [first, last] = ordered;
    return hexOf(along(sequential, first + ((last - first) * index) / (count - 1)));
  }
  return count <= nominal.length ? nominal[index % nominal.length] : hexOf(around(cyclic, index / count));
}

/** A role's colour as '#rrggbb', and how opaque it is drawn. */
export function paintOf(role: ColourRole, theme: Theme, key?: ConditionKey): { readonly colour: string; readonly opacity: number } {
  const palette = PALETTES[theme];
  if (typeof role === 'object')
    return { colour: 'condition' in role ? conditionColour(theme, key, role.condition) : palette.nominal[role.series % 8], opacity: 1 };
  switch (role) {
    case 'ink':
    case 'mute':
    case 'accent':
    case 'text':
      return { colour: palette[role], opacity: 1 };
    case 'control':
      return { colour: palette.text3, opacity: 1 };
    case 'guide':
      return { colour: palette.line, opacity: 1 };
    case 'band':
      return { colour: palette.band, opacity: palette.bandOpacity };
    default:
      return role satisfies never;
  }
}

/** Where a value lies in its scale, 0 to 1; values outside are held at the ends. */
export const shareOf = ({ domain: [low, high] }: ValueScale, value: number): number =>
  high > low ? Math.min(1, Math.max(0, (value - low) / (high - low))) : 0.5;

/** The colour of a value in a heat map or a colour bar; `forLines` keeps to colours that a thin line can bear. */
export function valueColour(theme: Theme, scale: ValueScale, value: number, forLines = false): Rgb {
  const palette = PALETTES[theme];
  const share = shareOf(scale, value);
  if (scale.palette !== 'sequential') return along(palette[scale.palette], share);
  const [first, last] = forLines ? palette.ordered : [0, 1];
  return along(palette.sequential, first + (last - first) * share);
}
