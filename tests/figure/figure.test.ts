import { inflateSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { Failure } from '../../src-worker/contract/failure.ts';
import { valuesOf } from '../../src-worker/contract/settings.ts';
import { figureType, writeFigure, writePdf, writePng, writeSvg } from '../../src-worker/figure/figure.ts';
import { pixelsOf } from '../../src-worker/figure/png.ts';
import { encodePng } from '../../src-worker/figure/raster.ts';
import { captionOf, heightFor } from '../../src-worker/scene/caption.ts';
import { rates } from '../../src-worker/views/rates.ts';
import { trajectories } from '../../src-worker/views/trajectories.ts';
import { reaches } from '../views/reaches.ts';

const data = reaches({ trials: 32, units: 10 });
const viewport = { width: 165, height: 154 };
const space = trajectories.scene(data, valuesOf(trajectories.params, {}), viewport);
const heat = rates.scene(data, valuesOf(rates.params, {}), viewport);
const paper = { widthMm: 58, heightMm: 54 };

/** Streams of a PDF, inflated where they are deflated. */
function streamsOf(pdf: Buffer): readonly string[] {
  const parts: string[] = [];
  for (let at = pdf.indexOf('stream\n'); at >= 0; at = pdf.indexOf('stream\n', at + 7)) {
    if (pdf.subarray(at - 3, at).toString() === 'end') continue;
    const body = pdf.subarray(at + 7, pdf.indexOf('endstream', at));
    try {
      parts.push(inflateSync(body).toString('latin1'));
    } catch {
      parts.push(body.toString('latin1'));
    }
  }
  return parts;
}

/** The text of a PDF, by its fonts' own maps from glyphs to letters. */
function textOf(pdf: Buffer): string {
  const streams = streamsOf(pdf);
  const letters = new Map<number, string>();
  for (const map of streams.filter((stream) => stream.includes('beginbfrange')))
    for (const [, from, , list] of map.matchAll(/<([0-9a-f]{4})> <([0-9a-f]{4})> \[([^\]]*)\]/g))
      for (const [i, code] of [...list.matchAll(/<([0-9a-f]{4})>/g)].entries())
        letters.set(Number.parseInt(from, 16) + i, String.fromCharCode(Number.parseInt(code[1], 16)));
  return streams
    .filter((stream) => stream.includes('BT'))
    .flatMap((stream) =>
      [...stream.matchAll(/\[([^\]]*)\] TJ/g)].map(([, shown]) =>
        [...shown.matchAll(/<([0-9a-f]+)>/g)].flatMap(([, hex]) => hex.match(/.{4}/g) ?? []),
      ),
    )
    .map((codes) => codes.map((code) => letters.get(Number.parseInt(code, 16)) ?? '?').join(''))
    .join('\n');
}

describe('SVG', () => {
  test('has its size in mm, live text in Arial’s metrics, a text alternative, and no number that is none', async () => {
    const svg = String(await writeSvg(space, paper));
    expect(svg).toMatch(/^<svg [^>]*width="58mm" height="54mm" viewBox="0 0 164.41 153.07"/);
    expect(svg).toContain(`<desc>${space.text}</desc>`);
    expect(svg).toMatch(/font-family="Arial, Arimo/);
    expect(svg.match(/<text /g)?.length).toBeGreaterThan(20);
    expect(svg).toMatch(/>PC 1, \d+ %<\/text>/);
    expect(svg).not.toMatch(/NaN|undefined|Infinity/);
    expect(svg).toContain('fill="#ffffff"');
    expect(svg.match(/<g/g)?.length).toBe(svg.match(/<\/g>/g)?.length);
    for (const [, size] of svg.matchAll(/font-size="([\d.]+)"/g)) expect(Number(size)).toBeGreaterThanOrEqual(5);
  });

  test('has lines, markers and letters of the sizes that were chosen, fades what is far, and says how axes are stretched', async () => {
    const sizes = (svg: string, name: string) =>
      new Set([...svg.matchAll(new RegExp(`${name}="([\\d.]+)"`, 'g'))].map(([, size]) => Number(size)));
    const look = { linePt: 2.25, trialPt: 0.4, textPt: 10, haloPt: 0, fade: 0.8 };
    const camera = { ...space.camera!, stretch: [1, 1, 3] as const };
    const [plain, chosen] = [String(await writeSvg(space, paper)), String(await writeSvg(space, { ...paper, look, camera }))];
    for (const width of [2.25, 0.4]) {
      expect(sizes(plain, 'stroke-width')).not.toContain(width);
      expect(sizes(chosen, 'stroke-width')).toContain(width);
    }
    expect([...sizes(chosen, 'font-size')].toSorted((a, b) => a - b)[0]).toBe(9);
    expect(chosen).toMatch(/>PC 3, \d+ %, × 3<\/text>/);
    // Averages have a colour for each of their eight conditions; those that fade have one for each depth.
    expect(new Set(chosen.match(/stroke="#\w+"/g)).size).toBeGreaterThan(5 * new Set(plain.match(/stroke="#\w+"/g)).size);
    expect(captionOf(space, camera, look)).toMatch(/stretched: axis 3 × 3, orthographic; what is farther fades\.$/);
    expect(captionOf(space)).toBe(space.caption);
  });

  test('escapes what a condition is called', async () => {
    const named = { ...heat, y: { ...heat.y, label: 'a < b & "c"' } };
    expect(String(await writeSvg(named, paper))).toContain('>a &lt; b &amp; &quot;c&quot;</text>');
  });

  test('of very many trials stays below 2 MB by an image of the trials, with text and averages as they are', async () => {
    const one = space.marks.find((mark) => mark.kind === 'line' && mark.weight === 'thin');
    if (one?.kind !== 'line') throw new Error('no trial');
    const bins = 2000;
    const curve = (phase: number) => Float64Array.from({ length: bins }, (_, i) => Math.sin(i / 30 + phase));
    const many = Array.from({ length: 80 }, (_, i) => ({
      ...one,
      key: `trial ${i}`,
      x: curve(i),
      y: curve(2 * i),
      z: curve(3 * i),
      timeMs: curve(0),
    }));
    const svg = await writeSvg({ ...space, marks: [...many, ...space.marks.filter((mark) => mark !== one)] }, paper);
    expect(svg.length).toBeLessThan(2e6);
    expect(String(svg)).toContain('<image');
    expect(String(svg)).toMatch(/>PC 1, \d+ %<\/text>/);
  });
});

describe('PDF', () => {
  test('embeds the font and keeps text as text', async () => {
    const pdf = await writePdf(space, paper);
    expect(pdf.subarray(0, 5).toString()).toBe('%PDF-');
    expect(pdf.toString('latin1')).toMatch(/\/FontFile2/);
    expect(pdf.toString('latin1')).toMatch(/\/BaseFont \/[A-Z]{6}\+Arimo/);
    expect(pdf.toString('latin1')).toMatch(/\/MediaBox \[0 0 164\.4\d* 153\.0\d*\]/);
    const text = textOf(pdf);
    for (const words of ['Move onset', '−390 ms', '45°', 'soft-normalised']) expect(text).toContain(words);
    expect(text.match(/Move onset/g)).toHaveLength(1);
    expect(pdf.length).toBeLessThan(2e6);
  });

  test('is the same bytes every time', async () => {
    expect((await writePdf(heat, paper)).equals(await writePdf(heat, paper))).toBe(true);
  });
});

describe('PNG', () => {
  test('has millimetres × dpi pixels, states its resolution, and has text in it', async () => {
    const png = await writePng(heat, { ...paper, dpi: 200 });
    expect([png.readUInt32BE(16), png.readUInt32BE(20)]).toEqual([457, 425]);
    const physical = png.indexOf('pHYs');
    expect(png.readUInt32BE(physical + 4)).toBe(7874);
    const svg = (text: string) =>
      `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 40 10"><text y="9" font-size="9" font-family="Arial, Arimo">${text}</text></svg>`;
    const ink = async (text: string) => (await pixelsOf(svg(text), 80)).rgba.reduce((sum, value, i) => sum + (i % 4 === 3 ? value : 0), 0);
    expect(await ink('Rate')).toBeGreaterThan(4000);
    expect(await ink('')).toBe(0);
  });

  test('files of ours are read back by the renderer as they were written', async () => {
    const rgba = Uint8Array.from([255, 0, 0, 255, 0, 0, 255, 255]);
    const href = `data:image/png;base64,${encodePng(rgba, 2, 1).toString('base64')}`;
    const svg = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 2 1"><image width="2" height="1" image-rendering="optimizeSpeed" href="${href}"/></svg>`;
    expect([...(await pixelsOf(svg, 2)).rgba]).toEqual([...rgba]);
  });
});

describe('a figure', () => {
  test('goes by the ending of its name', async () => {
    expect(figureType('/a/b.c/Figure 1.PDF')).toBe('pdf');
    expect(() => figureType('figure.eps')).toThrow(Failure);
    expect((await writeFigure(heat, 'svg', { ...paper, dpi: 300 })).subarray(0, 4).toString()).toBe('<svg');
  });

  test('of a size that is none is refused', async () => {
    await expect(writeSvg(heat, { widthMm: 0, heightMm: 50 })).rejects.toThrow(/10 to 2000 mm/);
  });

  test('is nearly square for space and wide for time unless told', () => {
    expect(heightFor(space, 100)).toBe(90);
    expect(heightFor(heat, 100)).toBe(62);
  });
});
