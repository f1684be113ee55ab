import { describe, expect, test } from 'vitest';
import { valuesOf } from '../../src-worker/contract/settings.ts';
import { draw } from '../../src-worker/scene/draw.ts';
import type { Drawing, Primitive } from '../../src-worker/scene/primitives.ts';
import { projector } from '../../src-worker/scene/projection.ts';
import type { Line, Mark, Scene } from '../../src-worker/scene/scene.ts';
import { spaceFrame } from '../../src-worker/scene/space.ts';
import { paperStyle, screenStyle } from '../../src-worker/scene/style.ts';
import { trajectories } from '../../src-worker/views/trajectories.ts';
import { reaches } from '../views/reaches.ts';

const flat = (marks: readonly Mark[], more: Partial<Scene> = {}): Scene => ({
  title: 'T',
  subtitle: '',
  x: { label: 'Time', unit: 'ms', scale: 'linear' },
  y: { label: 'Rate', unit: 'Hz', scale: 'linear' },
  marks,
  text: 'A test.',
  caption: 'A test.',
  ...more,
});
const line = (key: string, y: readonly number[], more: Partial<Line> = {}): Line => ({
  kind: 'line',
  key,
  datum: {},
  colour: 'ink',
  weight: 'line',
  x: Float64Array.from(y, (_, i) => 100 * i),
  y: Float64Array.from(y),
  ...more,
});
const texts = ({ primitives }: Drawing) => primitives.filter((one) => one.kind === 'text').map(({ text }) => text);
const paths = ({ primitives }: Drawing, layer: Primitive['layer']) =>
  primitives.filter((one) => one.kind === 'path' && one.layer === layer);

describe('a flat scene', () => {
  test('puts data where its scales say, names axes with units, and labels the curve at its end', () => {
    const drawing = draw(flat([line('a', [0, 10, 5], { label: 'model' })]), 200, 100, paperStyle);
    expect(texts(drawing)).toEqual(expect.arrayContaining(['Time, ms', 'Rate, Hz', 'model', '0', '200', '10']));
    const [drawn] = paths(drawing, 'line');
    const wanted = [drawing.x?.to(0), drawing.y?.to(0), drawing.x?.to(100), drawing.y?.to(10), drawing.x?.to(200), drawing.y?.to(5)];
    expect([...(drawn as { points: Float64Array }).points]).toEqual(wanted);
    expect(drawing.x?.from(drawing.x.to(123))).toBeCloseTo(123, 9);
  });

  test('keeps the labels of an axis clear of the panel’s edges and of each other', () => {
    for (const style of [paperStyle, screenStyle('light')])
      for (const [middle, end] of [
        [5000, '10,000 ms'],
        [7300, '10,000 ms'],
        [5000, '600'],
      ] as const) {
        const width = 25 * style.small;
        const ticks = [
          { at: 0, label: '0' },
          { at: middle, label: '9,000' },
          { at: 10_000, label: end },
        ];
        const drawing = draw(
          flat([line('a', [0, 10])], { x: { label: '', unit: '', scale: 'linear', domain: [0, 10_000], ticks } }),
          width,
          100,
          style,
        );
        const labels = drawing.primitives.flatMap((one) => {
          if (one.kind !== 'text' || !ticks.some(({ label }) => label === one.text) || one.anchor !== 'middle') return [];
          const half = style.measure(one.text, one.size) / 2;
          return [{ text: one.text, low: one.x - half, high: one.x + half }];
        });
        const last = labels.find(({ text }) => text === end)!;
        expect(last.high).toBeLessThanOrEqual(width - 0.5 * style.small + 1e-9);
        for (const one of labels) expect(one === last || one.high < last.low, `${one.text} beside ${end}`).toBe(true);
      }
  });

  test('keeps every word inside the panel, at sizes of at least 5 points', () => {
    const many = Array.from({ length: 6 }, (_, i) =>
      line(`line ${i}`, [1e6, 2e6 + i, 3e6], { label: `a curve called ${i}`, colour: { condition: i } }),
    );
    const names = many.map((_, i) => `condition number ${i}`);
    const key = { label: 'column', names, trials: [1, 2, 3, 4, 5, 6], scale: 'nominal' } as const;
    const drawing = draw(
      flat([...many, { kind: 'rule', key: 'r', datum: {}, colour: 'mute', x: 199, label: 'An event at the end' }], { conditions: key }),
      165,
      120,
      paperStyle,
    );
    for (const one of drawing.primitives) {
      if (one.kind !== 'text') continue;
      const width = paperStyle.measure(one.text, one.size);
      const left = one.turned ? one.x : one.x - (one.anchor === 'start' ? 0 : one.anchor === 'end' ? width : width / 2);
      expect(one.size).toBeGreaterThanOrEqual(5);
      expect(left, one.text).toBeGreaterThanOrEqual(-0.5);
      if (!one.turned) expect(left + width, one.text).toBeLessThanOrEqual(165.5);
    }
  });

  test('an upright title too long for a low panel loses what follows its comma before its unit, and is cut only where that does not do', () => {
    const y = { label: 'PC 1, 37 % of the variance', unit: 'log Hz', scale: 'linear' } as const;
    const title = (height: number) =>
      texts(draw(flat([line('a', [0, 1])], { y }), 200, height, paperStyle)).find((text) => /^PC/.test(text))!;
    expect(title(200)).toBe('PC 1, 37 % of the variance, log Hz');
    expect(title(90)).toBe('PC 1, log Hz');
    expect(title(36)).toMatch(/^PC 1.*…$/);
    expect(paperStyle.measure(title(36), paperStyle.text)).toBeLessThanOrEqual(36);
  });

  test('draws a heat map with its first row at y0, and leaves out what was not observed', () => {
    const scale = { label: 'Rate', unit: 'Hz', domain: [0, 1], palette: 'sequential' } as const;
    const values = Float32Array.of(0, 1, Number.NaN, 1);
    const map: Mark = {
      kind: 'image',
      key: 'm',
      datum: {},
      colour: 'ink',
      rows: 2,
      columns: 2,
      values,
      x0: 0,
      x1: 10,
      y0: 0,
      y1: 2,
      scale,
    };
    const down = draw(flat([map], { y: { label: '', unit: '', scale: 'linear', domain: [2, 0] } }), 100, 80, paperStyle).primitives.find(
      (one) => one.kind === 'image',
    );
    expect([...(down?.rgba.slice(0, 4) ?? [])]).toEqual([0x00, 0x22, 0x4e, 255]);
    const up = draw(flat([map]), 100, 80, paperStyle).primitives.find((one) => one.kind === 'image');
    expect(up?.rgba[3]).toBe(0);
    expect([...(up?.rgba.slice(8, 12) ?? [])]).toEqual([0x00, 0x22, 0x4e, 255]);
  });

  test('of no marks is still a panel with axes', () => {
    expect(texts(draw(flat([]), 200, 100, screenStyle('dark')))).toContain('Rate, Hz');
  });
});

describe('a scene of space', () => {
  const scene = trajectories.scene(reaches({ trials: 32, units: 10 }), valuesOf(trajectories.params, {}), { width: 400, height: 300 });
  const drawing = draw(scene, 400, 300, screenStyle('light'));

  test('draws averages from back to front, each piece over its halo', () => {
    const drawn = paths(drawing, 'line') as readonly { readonly stroke?: string; readonly width?: number }[];
    expect(drawn.length).toBe(8 * 49 * 2);
    for (let i = 0; i < drawn.length; i += 2) {
      expect(drawn[i].stroke).toBe('#ffffff');
      expect(drawn[i].width ?? 0).toBeGreaterThan(drawn[i + 1].width ?? 0);
    }
    // Nearer pieces are a little wider: the widths grow with depth.
    const widths = drawn.filter((_, i) => i % 2).map(({ width }) => width ?? 0);
    for (let i = 1; i < widths.length; i++) expect(widths[i]).toBeGreaterThanOrEqual(widths[i - 1] - 1e-9);
  });

  test('lists only the signs that are drawn, once each, and names the averages', () => {
    const words = texts(drawing);
    for (const word of ['−390 ms', 'Go cue (mean)', 'Move onset', '590 ms', '4 trials each'])
      expect(words.filter((one) => one === word)).toHaveLength(1);
    expect(words).not.toContain('Perturbation');
    // Once at the wheel, once at the dot.
    expect(words.filter((one) => one === '45°')).toHaveLength(2);
    expect(words.some((one) => /^PC 1, \d+ %$/.test(one))).toBe(true);
    expect(words.some((one) => /soft-normalised$/.test(one))).toBe(true);
  });

  test('has the frame that a stage computes for itself, with averages inside the panel', () => {
    expect(spaceFrame(scene, 400, 300, screenStyle('light'))).toEqual(drawing.frame);
    const project = projector(drawing.frame ?? spaceFrame(scene, 400, 300, screenStyle('light')));
    for (const mark of scene.marks) {
      if (mark.kind !== 'line' || mark.weight === 'thin') continue;
      for (const [i, x] of mark.x.entries()) {
        const [px, py] = project(x, mark.y[i], mark.z?.[i] ?? 0);
        expect(px > 0 && px < 400 && py > 0 && py < 300).toBe(true);
      }
    }
  });

  test('turns with the camera it is given', () => {
    const turned = draw(scene, 400, 300, screenStyle('light'), { azimuthDeg: 90, elevationDeg: 0, rollDeg: 0, zoom: 1 });
    expect(turned.frame?.rotation[8]).toBeCloseTo(0, 12);
    expect(turned.frame?.rotation).not.toEqual(drawing.frame?.rotation);
  });

  test('is the same list of primitives every time', () => {
    expect(draw(scene, 400, 300, screenStyle('light'))).toEqual(drawing);
  });
});
