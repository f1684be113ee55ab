import { describe, expect, test } from 'vitest';
import { along, around, hexOf, rgbOf, toOklab, fromOklab } from '../../src-worker/scene/colour.ts';
import { conditionColour, paintOf, paletteOf, valueColour } from '../../src-worker/scene/palettes.ts';
import type { ConditionKey } from '../../src-worker/scene/scene.ts';

const key = (count: number, scale: ConditionKey['scale'], values?: readonly number[]): ConditionKey => ({
  label: 'column',
  names: Array.from({ length: count }, (_, i) => String(i)),
  trials: new Array<number>(count).fill(1),
  scale,
  ...(values ? { values } : {}),
});

/** Relative luminance and contrast as WCAG 2 defines them. */
function contrast(a: string, b: string): number {
  const [high, low] = [a, b]
    .map((hex) => rgbOf(hex).map((part) => (part / 255 <= 0.04045 ? part / 255 / 12.92 : ((part / 255 + 0.055) / 1.055) ** 2.4)))
    .map(([r, g, blue]) => 0.2126 * r + 0.7152 * g + 0.0722 * blue)
    .sort((x, y) => y - x);
  return (high + 0.05) / (low + 0.05);
}

describe('palettes', () => {
  test('OKLab and back is the same colour', () => {
    for (const hex of ['#000000', '#ffffff', '#d23e78', '#14c3bd']) expect(hexOf(fromOklab(toOklab(rgbOf(hex))))).toBe(hex);
    const [lightness, a, b] = toOklab(rgbOf('#ff0000'));
    expect([lightness, a, b].map((part) => part.toFixed(3))).toEqual(['0.628', '0.225', '0.126']);
  });

  test('angles take the eight stops, and wrap round', () => {
    const degrees = [0, 45, 90, 135, 180, 225, 270, 315];
    for (const theme of ['light', 'dark', 'paper'] as const)
      expect(degrees.map((_, i) => conditionColour(theme, key(8, 'angle', degrees), i))).toEqual(paletteOf(theme).cyclic);
    const { cyclic } = paletteOf('light');
    expect(hexOf(around(cyclic, 1))).toBe(cyclic[0]);
    expect(hexOf(around(cyclic, -0.125))).toBe(cyclic[7]);
  });

  test('up to eight conditions are Okabe and Ito’s, ordered ones stay off the pale end on white', () => {
    expect(conditionColour('paper', key(3, 'nominal'), 0)).toBe('#0072b2');
    expect(new Set(Array.from({ length: 20 }, (_, i) => conditionColour('light', key(20, 'nominal'), i))).size).toBe(20);
    expect(conditionColour('light', key(5, 'ordinal'), 4)).toBe('#a59c74');
    expect(conditionColour('dark', key(5, 'ordinal'), 4)).toBe('#fee838');
    expect(conditionColour('light', key(5, 'nominal'), -1)).toBe(paletteOf('light').mute);
  });

  test('text reads at 4.5 : 1 or better on its surface', () => {
    for (const theme of ['light', 'dark', 'paper'] as const) {
      const { surface, text, text2, text3, ink, mute } = paletteOf(theme);
      for (const colour of [text, text2, text3, ink]) expect(contrast(colour, surface)).toBeGreaterThan(4.5);
      expect(contrast(mute, surface)).toBeGreaterThan(2.9);
    }
  });

  test('signed values are grey at zero, and values outside are held at the ends', () => {
    const scale = { label: '', unit: '', domain: [-2, 2], palette: 'signed' } as const;
    expect(hexOf(valueColour('light', scale, 0))).toBe('#f4f4f4');
    expect(hexOf(valueColour('light', scale, 99))).toBe('#0b4a86');
    expect(hexOf(along(['#000000'], 0.4))).toBe('#000000');
  });

  test('every role has a colour', () => {
    for (const role of ['ink', 'mute', 'accent', 'control', 'band', 'text', { series: 9 }, { condition: 0 }] as const)
      expect(paintOf(role, 'dark').colour).toMatch(/^#[0-9a-f]{6}$/);
  });
});
