// The current from one region into each unit of another over time, as a heat map: blue excites, red holds down.

import { countOf } from '../analyses/states.ts';
import { Failure } from '../contract/failure.ts';
import type { Result } from '../contract/result.ts';
import { quantile } from '../numerics/statistics.ts';
import type { Scene, ValueScale } from '../scene/scene.ts';
import { allTrials } from '../analyses/states.ts';
import { eventRules, sourceText, timeAxis } from './shared.ts';
import type { Pair } from './currents-time.ts';
import type { Shown } from './view.ts';

/** Share of values that the colours reach. */
const WITHIN = 0.99;

/** Mean over averages of the current into every unit of the target, signed, units by the time of their largest current. */
export function unitsScene(
  shown: Shown,
  { arrays, recipe, notes }: Result,
  { into, from, timeMs }: Pair,
  { target, source }: { readonly target: number; readonly source: number },
): Scene {
  const { byUnit, unitRegions, unitRows } = arrays;
  if (!byUnit)
    throw new Failure(
      'no-units',
      'The currents into each unit were not kept: there are too many of them.',
      'Look at sizes and first components, or analyse fewer units.',
    );
  const [units, sources, rows, bins] = byUnit.shape;
  const meanInto = (unit: number, of: number): Float64Array =>
    Float64Array.from({ length: bins }, (_, t) => {
      let sum = 0;
      for (let row = 0; row < rows; row++) sum += byUnit.values[((unit * sources + of) * rows + row) * bins + t];
      return sum / rows;
    });
  const sizes = Float64Array.from({ length: units * sources }, (_, at) =>
    Math.max(...meanInto(Math.floor(at / sources), at % sources).map(Math.abs)),
  );
  const most = quantile(sizes, WITHIN) || 1;
  const peakOf = (values: Float64Array): number =>
    values.reduce((best, value, t) => (Math.abs(value) > Math.abs(values[best]) ? t : best), 0);
  const members = Array.from({ length: units }, (_, unit) => unit).filter((unit) => unitRegions.values[unit] === target);
  const lines = members
    .map((unit) => ({ unit, values: meanInto(unit, source) }))
    .sort((a, b) => peakOf(b.values) - peakOf(a.values) || a.unit - b.unit);
  const count = lines.length;
  const values = Float32Array.from({ length: count * bins }, (_, at) => lines[Math.floor(at / bins)].values[at % bins]);
  const half = bins > 1 ? (timeMs[1] - timeMs[0]) / 2 : 0;
  const [first, last] = [timeMs[0] - half, timeMs[bins - 1] + half];
  const scale: ValueScale = { label: 'Current', unit: byUnit.unit, domain: [-most, most], palette: 'signed' };
  const every = Math.max(1, Math.ceil(count / 8));
  return {
    title: `${from} into ${into}`,
    subtitle: `mean current into each unit, by peak`,
    x: { ...timeAxis(shown.dataset), domain: [first, last] },
    y: {
      label: 'Unit',
      unit: '',
      scale: 'linear',
      domain: [0.5, count + 0.5],
      ticks: lines.flatMap(({ unit }, line) => (line % every === 0 ? [{ at: line + 1, label: String(unitRows.values[unit]) }] : [])),
    },
    values: scale,
    marks: [
      {
        kind: 'image',
        key: 'units',
        datum: {},
        colour: 'ink',
        rows: count,
        columns: bins,
        values,
        x0: first,
        x1: last,
        y0: 0.5,
        y1: count + 0.5,
        scale,
      },
      ...eventRules(shown.dataset, allTrials(shown.dataset)),
    ],
    text: `Mean current from ${from} into each of ${countOf(count, 'unit')} of ${into} over time.`,
    caption:
      `${sourceText(shown)}. ${recipe} Mean over ${countOf(rows, 'average')} of the current from ${from} into each unit of ${into}, units by the time of their largest. ${notes.join(' ')}`.trim(),
  };
}
