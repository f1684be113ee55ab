// Scales and ticks of flat pictures: round numbers at places with room, a true minus, thousands with commas.

import { ticks as roundTicks } from 'd3-array';
import { scaleLinear, scaleLog } from 'd3-scale';
import type { Axis, Mark } from './scene.ts';
import type { Measure } from './style.ts';

export interface Scale {
  readonly domain: readonly [number, number];
  readonly range: readonly [number, number];
  readonly log: boolean;
  /** Data to pixels; NaN where a logarithmic axis has no place. */
  to(value: number): number;
  from(pixel: number): number;
}

export interface Tick {
  readonly at: number;
  readonly label: string;
}

/** A number as text: 1,000; −0.25; 1 × 10⁻⁶ is left to units. */
export function numberText(value: number, decimals?: number): string {
  const places = decimals ?? (value === 0 ? 0 : Math.max(0, Math.min(6, 2 - Math.floor(Math.log10(Math.abs(value))))));
  let text = Math.abs(value).toFixed(places);
  if (decimals === undefined && text.includes('.')) text = text.replace(/\.?0+$/, '');
  const [whole = '0', fraction] = text.split('.');
  const digits = whole.replace(/\B(?=(\d{3})+(?!\d))/g, ',') + (fraction ? `.${fraction}` : '');
  return value < 0 && Number(text) !== 0 ? `−${digits}` : digits;
}

/** 'Rate, Hz', or one alone where there is no other. */
export const axisTitle = ({ label, unit }: Axis): string => [label, unit].filter((part) => part !== '').join(', ');

/** Finite extent of the marks along one axis; positive values only on a logarithmic one. Undefined without any. */
export function extentOf(marks: readonly Mark[], along: 'x' | 'y', log: boolean): readonly [number, number] | undefined {
  let low = Infinity;
  let high = -Infinity;
  const take = (value: number | undefined) => {
    if (value === undefined || !Number.isFinite(value) || (log && value <= 0)) return;
    if (value < low) low = value;
    if (value > high) high = value;
  };
  for (const mark of marks) {
    switch (mark.kind) {
      case 'line':
      case 'points':
        mark[along].forEach(take);
        break;
      case 'band':
        for (const values of along === 'x' ? [mark.x] : [mark.low, mark.high]) values.forEach(take);
        break;
      case 'image':
        for (const value of along === 'x' ? [mark.x0, mark.x1] : [mark.y0, mark.y1]) take(value);
        break;
      case 'rule':
      case 'text':
        take(mark[along]);
        break;
      default:
        mark satisfies never;
    }
  }
  return low <= high ? [low, high] : undefined;
}

/** Widens an extent to round numbers: of its ticks on a linear axis, 1, 2, 5 × 10ⁿ on a logarithmic one. */
export function rounded([low, high]: readonly [number, number], log: boolean): readonly [number, number] {
  if (log) {
    const steps = [1, 2, 5, 10];
    const down = 10 ** Math.floor(Math.log10(low) + 1e-9);
    const up = 10 ** Math.floor(Math.log10(high) - 1e-9);
    const first = down * (steps.findLast((step) => step * down <= low * (1 + 1e-9)) ?? 1);
    const last = up * (steps.find((step) => step * up >= high * (1 - 1e-9)) ?? 10);
    return first < last ? [first, last] : [low / 2, high * 2];
  }
  if (low === high) return low === 0 ? [-1, 1] : [low - Math.abs(low) / 2, high + Math.abs(high) / 2];
  const [first, last] = scaleLinear().domain([low, high]).nice(5).domain() as [number, number];
  return [first, last];
}

/** The scale of an axis whose data lie in `extent`, drawn from `range[0]` to `range[1]`. */
export function scaleOf(axis: Axis, extent: readonly [number, number] | undefined, range: readonly [number, number]): Scale {
  const log = axis.scale === 'log';
  const domain = axis.domain ?? rounded(extent ?? (log ? [1, 10] : [0, 1]), log);
  const scale = (log ? scaleLog() : scaleLinear()).domain(domain).range(range);
  return {
    domain,
    range,
    log,
    to: (value) => (log && value <= 0 ? Number.NaN : Number(scale(value))),
    from: (pixel) => scale.invert(pixel),
  };
}

/** Ticks with room for their labels: along a horizontal axis by their width, along a vertical one by their height. */
export function ticksOf(
  axis: Axis,
  { domain, range, log, to }: Scale,
  size: number,
  measure: Measure,
  horizontal: boolean,
): readonly Tick[] {
  const [low, high] = [Math.min(...domain), Math.max(...domain)];
  const slack = 1e-9 * (high - low);
  const inside = ({ at }: Tick) => at >= low - slack && at <= high + slack;
  if (axis.ticks) return thinned(axis.ticks.filter(inside), to, size, measure, horizontal);
  const length = Math.abs(range[1] - range[0]);
  const widest = Math.max(measure(numberText(low), size), measure(numberText(high), size));
  const most = Math.max(2, Math.floor(length / (horizontal ? widest + 2.2 * size : 2.6 * size)));
  if (log) return logTicks(low, high, most);
  let asked = Math.min(most, 7);
  let values = roundTicks(low, high, asked);
  // Round steps may give more than were asked for.
  while (horizontal && values.length > most && asked > 1) values = roundTicks(low, high, --asked);
  const step = values.length > 1 ? Math.abs(values[1] - values[0]) : 1;
  const decimals = Math.max(0, Math.ceil(-Math.log10(step) - 1e-9));
  return values.map((at) => ({ at, label: numberText(at, decimals) }));
}

/** 1, 2, 5 × 10ⁿ where they fit, else 1 and 3, else whole powers. */
function logTicks(low: number, high: number, most: number): readonly Tick[] {
  for (const steps of [[1, 2, 5], [1, 3], [1]]) {
    const values: number[] = [];
    for (let power = Math.floor(Math.log10(low)); power <= Math.ceil(Math.log10(high)); power++)
      for (const step of steps) {
        // Division keeps 0.1 and its like exact.
        const value = power < 0 ? step / 10 ** -power : step * 10 ** power;
        if (value >= low * (1 - 1e-9) && value <= high * (1 + 1e-9)) values.push(value);
      }
    if (values.length <= most || steps.length === 1) {
      const skip = Math.ceil(values.length / Math.max(1, most));
      return values.filter((_, i) => i % skip === 0).map((at) => ({ at, label: numberText(at) }));
    }
  }
  return [];
}

/** More named places than this are thinned evenly. */
const FEW_TICKS = 4;

/** Keeps those named places whose labels do not touch: of many every second, every third …, with zero among them; of few the first that fit. */
function thinned(ticks: readonly Tick[], to: Scale['to'], size: number, measure: Measure, horizontal: boolean): readonly Tick[] {
  const sorted = [...ticks].sort((a, b) => to(a.at) - to(b.at));
  const half = ({ label }: Tick): number => (horizontal ? measure(label, size) / 2 + size / 4 : 0.6 * size);
  const clear = (some: readonly Tick[]): boolean =>
    some.every((tick, i) => i === 0 || to(tick.at) - half(tick) >= to(some[i - 1].at) + half(some[i - 1]));
  // Names stand at uneven places: as many as fit.
  if (sorted.length <= FEW_TICKS || sorted.some(({ label }) => /\p{L}/u.test(label))) return greedy(sorted, to, half);
  const zero = Math.max(
    0,
    sorted.findIndex(({ at }) => at === 0),
  );
  for (let step = 1; step < sorted.length; step++) {
    const kept = sorted.filter((_, i) => (i - zero) % step === 0);
    if (clear(kept)) return kept;
  }
  return greedy(sorted, to, half);
}

function greedy(sorted: readonly Tick[], to: Scale['to'], half: (tick: Tick) => number): readonly Tick[] {
  const kept: Tick[] = [];
  let edge = -Infinity;
  for (const tick of sorted) {
    if (to(tick.at) - half(tick) < edge) continue;
    kept.push(tick);
    edge = to(tick.at) + half(tick);
  }
  return kept;
}
