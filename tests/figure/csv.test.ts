// The data behind a figure: every vertex is there with its trial, condition and time, read back by another parser.

import Papa from 'papaparse';
import { describe, expect, test } from 'vitest';
import { valuesOf } from '../../src-worker/contract/settings.ts';
import { csvOf } from '../../src-worker/figure/csv.ts';
import { figureType, writeFigure } from '../../src-worker/figure/figure.ts';
import { conditionId, followed } from '../../src-worker/scene/follow.ts';
import type { Line, Scene } from '../../src-worker/scene/scene.ts';
import { rates } from '../../src-worker/views/rates.ts';
import { trajectories } from '../../src-worker/views/trajectories.ts';
import { reaches } from '../views/reaches.ts';

const data = reaches({ trials: 32, units: 10 });
const viewport = { width: 165, height: 154 };
const space = trajectories.scene(data, valuesOf(trajectories.params, {}), viewport);
const rowsOf = (scene: Scene) => Papa.parse<Record<string, string>>(csvOf(scene), { header: true, skipEmptyLines: true }).data;

describe('data behind a figure', () => {
  test('every vertex of every trial and average is a row, to the last digit', () => {
    const rows = rowsOf(space);
    const lines = space.marks.filter((mark): mark is Line => mark.kind === 'line');
    expect(rows.filter(({ kind }) => kind === 'line')).toHaveLength(lines.reduce((sum, { x }) => sum + x.length, 0));
    const axis = Object.keys(rows[0]!).find((name) => name.startsWith('y: PC 2'))!;
    for (const line of [lines[3]!, lines.at(-1)!]) {
      const own = rows.filter(({ mark }) => mark === line.key);
      expect(own.map((row) => Number(row[axis]))).toEqual(Array.from(line.y));
      expect(own.map((row) => Number(row.time_ms))).toEqual(Array.from(line.timeMs!));
      expect(new Set(own.map(({ trial }) => trial))).toEqual(new Set([String(line.datum.trial ?? '')]));
      expect(own[0]!.condition).toBe(space.conditions!.names[line.datum.condition!]);
    }
  });

  test('what is hidden is not in the data, and other names are', () => {
    const [, second, third] = space.conditions!.names.map((_, index) => conditionId(space.conditions!, index));
    const rows = rowsOf(followed(space, { hidden: [second!], names: { [third!]: 'leftwards' } }));
    expect(rows.some(({ mark }) => mark === 'average 1')).toBe(false);
    expect(rows.find(({ mark }) => mark === 'average 2')!.condition).toBe('leftwards');
  });

  test('bands give both edges, pictures each cell, flat curves their time', () => {
    const heat = rates.scene(data, valuesOf(rates.params, {}), viewport);
    const image = heat.marks.find((mark) => mark.kind === 'image')!;
    const [low, high] = [Float64Array.of(1, 2), Float64Array.of(3, 5)];
    const band = { kind: 'band', key: 's.d.', datum: { condition: 1 }, colour: 'band', x: Float64Array.of(-10, 10), low, high } as const;
    const edges = rowsOf({ ...heat, marks: [band] });
    expect(edges.map((row) => [row.time_ms, row.low, row.high])).toEqual([
      ['-10', '1', '3'],
      ['10', '2', '5'],
    ]);
    const cells = rowsOf(heat).filter(({ kind }) => kind === 'image');
    expect(cells).toHaveLength(image.rows * image.columns);
    expect(Number(cells[5]!.value)).toBe(image.values[5]);
    expect(Number(cells[5]!.time_ms)).toBeCloseTo(image.x0 + (5.5 / image.columns) * (image.x1 - image.x0), 9);
  });

  test('text of a file stays text, whatever it begins with', () => {
    const names = space.conditions!.names.map((name, i) => (i === 0 ? '=HYPERLINK("x")' : name));
    const [row] = rowsOf({ ...space, conditions: { ...space.conditions!, names } }).filter(({ mark }) => mark === 'average 0');
    expect(row!.condition).toBe(`'=HYPERLINK("x")`);
  });

  test('a figure whose name ends in .csv is its data', async () => {
    expect(figureType('a.CSV')).toBe('csv');
    expect((await writeFigure(space, 'csv', { widthMm: 89, heightMm: 80, dpi: 300 })).toString()).toBe(csvOf(space));
  });
});

describe('shadows', () => {
  const wanted = trajectories.scene(data, valuesOf(trajectories.params, { shadows: true }), viewport);
  const shadows = wanted.marks.filter((mark): mark is Line => mark.kind === 'line' && mark.key.startsWith('shadow'));
  const averages = wanted.marks.filter((mark): mark is Line => mark.kind === 'line' && mark.weight === 'thick');

  test('lie below every average, beneath it in the first two axes, pale, and the caption says so', () => {
    expect(shadows).toHaveLength(averages.length);
    const lowest = Math.min(...averages.flatMap(({ z }) => [...z!]));
    for (const [i, shadow] of shadows.entries()) {
      expect(shadow).toMatchObject({ weight: 'thin', x: averages[i]!.x, y: averages[i]!.y });
      expect(new Set(shadow.z).size).toBe(1);
      expect(shadow.z![0]).toBeLessThan(lowest);
    }
    expect(wanted.caption).toContain('shadows');
    expect(space.caption).not.toContain('shadows');
  });
});
