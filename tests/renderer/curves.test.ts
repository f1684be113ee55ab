// Live metrics as Scenes.

import { expect, test } from 'vitest';
import { curvePanels } from '../../src-renderer/state/curves.ts';
import type { FitReport, MetricPoint } from '../../src-worker/contract/run.ts';

const points: readonly MetricPoint[] = Array.from({ length: 100 }, (_, i) => ({
  step: 10 * i,
  values: {
    trainLoss: 1 + 1 / (i + 1),
    ...(i % 5 === 0 ? { validationBitsPerSpike: 0.4 - 1 / (i + 2), validationCoBps: 0.3 } : {}),
    klInputs: 50,
  },
}));

const report = {
  baselines: { glm: { coBitsPerSpike: 0.424, bitsPerSpike: 0.3 }, smoothing: { r2Truth: 0.59, bitsPerSpike: 0.9 } },
} as unknown as FitReport;

test('metrics of one kind share a panel, each curve keeps its steps and has its name', () => {
  const panels = curvePanels(points, 1500, undefined);
  expect(panels.map(({ id }) => id)).toEqual(['bits', 'loss', 'kl']);
  const lines = panels[0]!.scene.marks.filter((mark) => mark.kind === 'line');
  expect(lines.map(({ label }) => label)).toEqual(['Held-out 0.3', 'Held-in 0.39']);
  expect(lines[1]!.x.length).toBe(20);
  expect(panels[0]!.scene.x.domain).toEqual([0, 1500]);
});

test('a long raw curve stands thin under its smoothed one', () => {
  const lines = curvePanels(points, 1500, undefined)[1]!.scene.marks.filter((mark) => mark.kind === 'line');
  expect(lines.map(({ weight }) => weight)).toEqual(['thin', 'line']);
  expect(lines[1]!.y.at(-1)).toBeCloseTo(1.012, 2);
});

test('a baseline is a dashed rule with its number; smoothing, which sees what it predicts, is none', () => {
  const rules = curvePanels(points, 1500, report)[0]!.scene.marks.filter((mark) => mark.kind === 'rule');
  expect(rules.map(({ label, y }) => [label, y])).toEqual([['Poisson GLM 0.424', 0.424]]);
});

test('the likelihood takes the place of a loss that holds penalties', () => {
  const panels = curvePanels([...points, { step: 1000, values: { trainNll: 0.5 } }], 1500, undefined);
  expect(panels.map(({ id }) => id)).toEqual(['bits', 'nll', 'kl']);
});

test('nothing is drawn before the first metric', () => {
  expect(curvePanels([], 100, undefined)).toEqual([]);
});

test('the best step has a ring and its number, the steps that are not needed a shade', () => {
  const [panel] = curvePanels(points, 1500, { bestStep: 950, stopsAt: 1200 });
  expect(panel!.about).toContain('best 0.3');
  const ring = panel!.scene.marks.find(({ key }) => key === 'best');
  expect(ring).toMatchObject({ kind: 'points', sign: 'ring', x: Float64Array.of(950) });
  expect(panel!.scene.marks.find(({ key }) => key === 'not needed')).toMatchObject({ kind: 'band', x: Float64Array.of(1200, 1500) });
  expect(panel!.scene.y.domain![1]).toBeLessThan(1);
  expect(
    curvePanels([{ step: 0, values: { validationCoBps: 0.3 } }], 1500, { stopsAt: 1200 })[0]!.scene.marks.some(
      ({ key }) => key === 'not needed',
    ),
  ).toBe(false);
});

test('a network that learns by runs shows what its runs explained and missed, each run its number', () => {
  const runs = Array.from({ length: 100 }, (_, i) => ({ step: i + 1, values: { pVar: 0.5 + (i % 2) / 10, chi2: 20 - (i % 2) } }));
  const panels = curvePanels(runs, 100, undefined);
  expect(panels.map(({ id }) => id)).toEqual(['explained', 'error']);
  const [line, ...others] = panels[0]!.scene.marks.filter((mark) => mark.kind === 'line');
  expect(others).toEqual([]);
  expect([...line!.y]).toEqual(runs.map(({ values }) => values.pVar));
  expect(panels[1]!.scene.y.scale).toBe('log');
});
