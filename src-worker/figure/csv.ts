// The data behind a figure: a row for every vertex, sign, band edge, rule and cell that is drawn, with its trial, condition and time.

import Papa from 'papaparse';
import { axisTitle } from '../scene/axes.ts';
import type { Datum, Mark, Scene } from '../scene/scene.ts';

type Cell = string | number;

const COLUMNS = ['mark', 'kind', 'trial', 'unit', 'condition', 'time_ms'] as const;
const MORE = ['low', 'high', 'value', 'text'] as const;

interface Place {
  readonly x?: number | undefined;
  readonly y?: number | undefined;
  readonly z?: number | undefined;
  readonly timeMs?: number | undefined;
  readonly low?: number | undefined;
  readonly high?: number | undefined;
  readonly value?: number | undefined;
  readonly text?: string | undefined;
  readonly datum?: Datum | undefined;
}

/** The drawn places of a mark, in the units of its axes. */
function placesOf(mark: Mark): readonly Place[] {
  switch (mark.kind) {
    case 'line':
    case 'points':
      return Array.from(mark.x, (x, i) => ({
        x,
        y: mark.y[i],
        z: mark.z?.[i],
        timeMs: mark.timeMs?.[i],
        ...(mark.kind === 'line' ? { value: mark.value?.[i] } : { datum: mark.data?.[i], text: mark.legend }),
      }));
    case 'band':
      return Array.from(mark.x, (x, i) => ({ x, low: mark.low[i], high: mark.high[i] }));
    case 'rule':
      return [{ x: mark.x, y: mark.y, text: mark.label }];
    case 'text':
      return [{ x: mark.x, y: mark.y, z: mark.z, text: mark.text }];
    case 'image': {
      const { rows, columns, x0, x1, y0, y1 } = mark;
      return Array.from(mark.values, (value, i) => ({
        x: x0 + (((i % columns) + 0.5) / columns) * (x1 - x0),
        y: y0 + ((Math.floor(i / columns) + 0.5) / rows) * (y1 - y0),
        value,
      }));
    }
    default:
      return mark satisfies never;
  }
}

const cell = (value: Cell | undefined): Cell => (typeof value === 'number' && !Number.isFinite(value) ? '' : (value ?? ''));

/** The table as CSV; columns of axes bear their titles. Text from files is only ever text: nothing that a spreadsheet would compute. */
export function csvOf(scene: Scene): string {
  const { x, y, z, conditions } = scene;
  const axes = [x, y, ...(z ? [z] : [])].map((axis, i) => `${'xyz'[i]}: ${axisTitle(axis)}`);
  const isTime = x.unit === 'ms' && !z;
  const rows = scene.marks.flatMap((mark) =>
    placesOf(mark).map((place) => {
      const { trial, unit, condition } = { ...mark.datum, ...place.datum };
      const named = condition === undefined || condition < 0 ? undefined : (conditions?.names[condition] ?? condition);
      return [
        mark.key,
        mark.kind,
        trial,
        unit,
        named,
        place.timeMs ?? (isTime ? place.x : undefined),
        ...[place.x, place.y, ...(z ? [place.z] : [])],
        ...MORE.map((name) => place[name]),
      ].map(cell);
    }),
  );
  // A field that begins like a formula is kept from being one; numbers are no such fields.
  return `${Papa.unparse({ fields: [...COLUMNS, ...axes, ...MORE], data: rows }, { newline: '\n', escapeFormulae: true })}\n`;
}
