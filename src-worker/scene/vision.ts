// How colours look in grey and to colour-blind eyes: simulation of Machado, Oliveira and Fernandes 2009 at full severity, in linear light;
// and which conditions of a Scene can no longer be told apart.

import { hexOf, rgbOf, toLinear, fromLinear, toOklab, type Rgb } from './colour.ts';
import { conditionColour, type Theme } from './palettes.ts';
import type { Drawing, Primitive } from './primitives.ts';
import type { Scene } from './scene.ts';

export const VISIONS = ['grey', 'protan', 'deutan', 'tritan'] as const;
export type Vision = (typeof VISIONS)[number];

const Y = [0.2126, 0.7152, 0.0722];
const MATRICES: Readonly<Record<Vision, readonly (readonly number[])[]>> = {
  grey: [Y, Y, Y],
  protan: [
    [0.152286, 1.052583, -0.204868],
    [0.114503, 0.786281, 0.099216],
    [-0.003882, -0.048116, 1.051998],
  ],
  deutan: [
    [0.367322, 0.860646, -0.227968],
    [0.280085, 0.672501, 0.047413],
    [-0.01182, 0.04294, 0.968881],
  ],
  tritan: [
    [1.255528, -0.076749, -0.178779],
    [-0.078411, 0.930809, 0.147602],
    [0.004733, 0.691367, 0.3039],
  ],
};

/** Below this distance in OKLab two thin lines are hard to tell apart. */
const ALIKE = 0.06;

/** A colour, 0 … 255, as such eyes see it. */
export function seenAs(rgb: Rgb, vision: Vision): Rgb {
  const light = rgb.map(toLinear);
  return MATRICES[vision].map((row) => {
    const part = row.reduce((sum, weight, i) => sum + weight * light[i]!, 0);
    return fromLinear(Math.min(1, Math.max(0, part)));
  }) as unknown as Rgb;
}

const hexSeen = (hex: string, vision: Vision): string => hexOf(seenAs(rgbOf(hex), vision));

/** A drawing with the colours that such eyes see. */
export function drawingSeen(drawing: Drawing, vision: Vision): Drawing {
  const known = new Map<string, string>();
  const seen = (hex: string): string => {
    const before = known.get(hex);
    if (before !== undefined) return before;
    const now = hexSeen(hex, vision);
    known.set(hex, now);
    return now;
  };
  return {
    ...drawing,
    background: seen(drawing.background),
    primitives: drawing.primitives.map((primitive) => primitiveSeen(primitive, seen, vision)),
  };
}

function primitiveSeen(primitive: Primitive, seen: (hex: string) => string, vision: Vision): Primitive {
  switch (primitive.kind) {
    case 'path': {
      const { stroke, fill } = primitive;
      return { ...primitive, ...(stroke ? { stroke: seen(stroke) } : {}), ...(fill ? { fill: seen(fill) } : {}) };
    }
    case 'text': {
      const { colour, halo } = primitive;
      return { ...primitive, colour: seen(colour), ...(halo ? { halo: { ...halo, colour: seen(halo.colour) } } : {}) };
    }
    case 'image': {
      const rgba = primitive.rgba.slice();
      for (let at = 0; at < rgba.length; at += 4) rgba.set(seenAs([rgba[at]!, rgba[at + 1]!, rgba[at + 2]!], vision).map(Math.round), at);
      return { ...primitive, rgba };
    }
    default:
      return primitive satisfies never;
  }
}

/** Conditions that marks of the Scene are coloured by, in their order. */
function colouredConditions({ marks }: Scene): readonly number[] {
  const found = new Set<number>();
  for (const { colour } of marks)
    if (typeof colour === 'object' && 'condition' in colour && colour.condition >= 0) found.add(colour.condition);
  return [...found].sort((a, b) => a - b);
}

/** Pairs of names of conditions whose colours look alike to such eyes. */
export function alike(scene: Scene, theme: Theme, vision: Vision): readonly (readonly [string, string])[] {
  const key = scene.conditions;
  const shown = colouredConditions(scene).map((condition) => ({
    name: key?.names[condition] ?? String(condition),
    lab: toOklab(seenAs(rgbOf(conditionColour(theme, key, condition)), vision)),
  }));
  return shown.flatMap((one, i) =>
    shown.slice(i + 1).flatMap((other) => {
      const away = Math.hypot(...one.lab.map((part, k) => part - other.lab[k]!));
      return away < ALIKE ? [[one.name, other.name] as const] : [];
    }),
  );
}

/** Whether every condition that is drawn also bears its name beside its curve: a cue that needs no colour. */
export function namesTell(scene: Scene): boolean {
  const named = new Set(scene.marks.flatMap((mark) => (mark.kind === 'line' && mark.label ? [mark.datum.condition] : [])));
  return colouredConditions(scene).every((condition) => named.has(condition));
}
