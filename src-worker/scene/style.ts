// Sizes of what is drawn: in CSS pixels on screen, in points at final size on paper, whatever the zoom.

import type { Theme } from './palettes.ts';

/** Width of a text at a size, in the unit of the size. */
export type Measure = (text: string, size: number) => number;

export interface Style {
  readonly theme: Theme;
  /** Axis titles and names. */
  readonly text: number;
  /** Ticks, legends. */
  readonly small: number;
  readonly thin: number;
  /** Guides, arrows of a flow. */
  readonly fine: number;
  readonly line: number;
  readonly thick: number;
  /** Axes, ticks, rules. */
  readonly axis: number;
  /** Half the width of a sign of normal size. */
  readonly sign: number;
  /** Of the page's colour on either side of a line that crosses another. */
  readonly halo: number;
  /** Opacity of single trials in space: farthest, nearest. */
  readonly pale: readonly [number, number];
  /** How much wider the nearest thick line is than the farthest, as a share: a soft cue of depth. */
  readonly swell: number;
  /** How much of the farthest averages and signs goes over into the page, 0 to 1. */
  readonly fade: number;
  /** Angle between the two views of a stereo pair, degrees; 0 for one view. */
  readonly stereo: number;
  /** A stage keeps furniture in its corners while the camera turns; paper looks for free ones. */
  readonly corners: 'fixed' | 'free';
  /** The stage shows conditions as a control of its own, so their legend is left out. */
  readonly ownsConditions?: boolean;
  /** What a control of the stage covers in the upper right of a picture of space: averages keep clear of it. */
  readonly corner?: { readonly width: number; readonly height: number };
  /** Panels over one time axis: the same margins, and no time axis of their own but in the lowest. */
  readonly shared?: { readonly left: number; readonly right: number; readonly namesEvents: boolean; readonly hasTimeAxis?: boolean };
  readonly measure: Measure;
}

/** `scale`: how large letters are beside the usual; lines and signs grow along. */
export const screenStyle = (theme: 'light' | 'dark', measure: Measure = arialWidth, scale = 1): Style => ({
  theme,
  text: 11 * scale,
  small: 11 * scale,
  thin: 0.8 * scale,
  fine: 0.9 * scale,
  line: 1.5 * scale,
  thick: 2.6 * scale,
  axis: scale,
  sign: 4 * scale,
  halo: 1.5 * scale,
  pale: theme === 'dark' ? [0.2, 0.36] : [0.16, 0.32],
  swell: 0.36,
  fade: 0,
  stereo: 0,
  corners: 'fixed',
  measure,
});

export const paperStyle: Style = {
  theme: 'paper',
  text: 7,
  small: 6,
  thin: 0.25,
  fine: 0.35,
  line: 0.75,
  thick: 1,
  axis: 0.5,
  sign: 1.8,
  halo: 0.75,
  pale: [0.45, 0.45],
  swell: 0,
  fade: 0,
  stereo: 0,
  corners: 'free',
  measure: arialWidth,
};

/** Sizes on paper that a user chose, in points at final size; what is not given is as usual. */
export interface PaperLook {
  /** Averages; curves over time take three quarters of it. */
  readonly linePt?: number;
  /** Single trials. */
  readonly trialPt?: number;
  /** Of the page's colour on either side where lines cross. */
  readonly haloPt?: number;
  readonly textPt?: number;
  /** Width of a sign. */
  readonly signPt?: number;
  /** How much farther lines fade, 0 to 1. */
  readonly fade?: number;
  /** Angle between two views side by side, degrees; 0 for one view. */
  readonly stereo?: number;
}

export const USUAL_LOOK: Required<PaperLook> = { linePt: 1, trialPt: 0.25, haloPt: 0.75, textPt: 7, signPt: 3.6, fade: 0, stereo: 0 };

/** Nothing on paper is written smaller. */
const LEAST_TEXT_PT = 5;

/** The style of paper with a user's sizes. */
export function paperStyleWith(look: PaperLook = {}): Style {
  const { linePt, trialPt, haloPt, textPt, signPt, fade, stereo } = { ...USUAL_LOOK, ...look };
  const [far, near] = paperStyle.pale;
  return {
    ...paperStyle,
    thick: linePt,
    line: 0.75 * linePt,
    thin: trialPt,
    halo: haloPt,
    text: textPt,
    small: Math.max(LEAST_TEXT_PT, textPt - 1),
    sign: signPt / 2,
    fade,
    stereo,
    pale: [far * (1 - fade), near],
  };
}

/** Advances of ' ' to '~' in thousandths of the size: Arial's, which Arimo shares. */
const ADVANCES = (
  '278 278 355 556 556 889 667 191 333 333 389 584 278 333 278 278 556 556 556 556 556 556 556 556 556 556 278 278 584 584 584 556 ' +
  '1015 667 667 722 722 667 611 778 722 278 500 667 556 833 722 778 667 778 722 667 611 722 667 944 667 667 611 278 278 278 469 556 ' +
  '333 556 556 500 556 556 278 556 556 222 222 500 222 833 556 556 556 556 333 500 278 556 500 722 500 500 500 334 260 334 584'
)
  .split(' ')
  .map(Number);

const OTHERS: Readonly<Record<string, number>> = { '−': 584, '…': 1000, '°': 400, '²': 333, '⁻': 333, '¹': 333, '·': 333, '±': 549 };

/** Width of a text in Arial's metrics. */
export function arialWidth(text: string, size: number): number {
  let sum = 0;
  for (const letter of text) sum += ADVANCES[letter.charCodeAt(0) - 32] ?? OTHERS[letter] ?? 556;
  return (sum * size) / 1000;
}

/** The text, or as much of it as fits with an ellipsis. */
export function shortened(text: string, size: number, width: number, measure: Measure): string {
  if (measure(text, size) <= width) return text;
  let kept = text;
  while (kept.length > 1 && measure(`${kept}…`, size) > width) kept = kept.slice(0, -1);
  return `${kept.trimEnd()}…`;
}
