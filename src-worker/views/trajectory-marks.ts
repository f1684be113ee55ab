// Marks of trajectories: averages with a name, a dot at the start, signs at events and an arrow at the end, their shadows, and signs of single trials.

import type { Dataset } from '../dataset/dataset.ts';
import { numberText } from '../scene/axes.ts';
import type { ColourRole, Line, Mark, Points } from '../scene/scene.ts';
import { conditionKey, conditionRole, eventsOf } from './shared.ts';
import type { Shade } from './trajectory-shade.ts';
import type { Space } from './trajectory-space.ts';

/** How far below the averages their shadows lie, as a share of their height. */
const BELOW = 0.12;

/** Averages as pale lines on a floor below them. */
export function shadowsOf(averages: readonly Mark[]): readonly Line[] {
  const lines = averages.filter((mark) => mark.kind === 'line');
  const heights = lines.flatMap(({ z }) => Array.from(z ?? []).filter(Number.isFinite));
  const [low, high] = [Math.min(...heights), Math.max(...heights)];
  const floor = low - BELOW * (high - low);
  return lines.map(({ key, datum, colour, x, y, timeMs }) => ({
    kind: 'line',
    key: `shadow of ${key}`,
    datum,
    colour,
    weight: 'thin',
    x,
    y,
    z: x.map((value) => (Number.isFinite(value) ? floor : Number.NaN)),
    ...(timeMs ? { timeMs } : {}),
  }));
}

export const valued = (value: Float64Array | undefined) => (value ? { value } : {});

/** Splits bins × 3 into the columns of a line. */
export function columns(path: Float64Array): { readonly x: Float64Array; readonly y: Float64Array; readonly z: Float64Array } {
  const [x, y, z] = [0, 1, 2].map((d) => Float64Array.from({ length: path.length / 3 }, (_, i) => path[3 * i + d]));
  return { x, y, z };
}

/** Averages as thick lines with a name, a dot at the start, signs at events and an arrow at the end. */
export function averageMarks(
  dataset: Dataset,
  space: Space,
  kept: Int32Array,
  time: Float64Array,
  { tickMs }: { readonly tickMs: number },
  shade: Shade | undefined,
): readonly Mark[] {
  const names = conditionKey(dataset, kept)?.names;
  const bins = dataset.bins;
  return Array.from(space.conditions, (condition, row) => {
    const path = space.averages.subarray(row * bins * 3, (row + 1) * bins * 3);
    const colour: ColourRole = condition >= 0 ? conditionRole(condition) : 'ink';
    const name = condition >= 0 ? (names?.[condition] ?? '') : '';
    const datum = condition >= 0 ? { condition } : {};
    const base = { datum, colour };
    const trials = condition >= 0 ? kept.filter((trial) => dataset.conditions?.of[trial] === condition) : kept;
    const line: Line = {
      ...base,
      kind: 'line',
      key: `average ${condition}`,
      weight: 'thick',
      timeMs: time,
      ...columns(path),
      ...valued(shade?.ofAverage(condition, trials)),
      ...(name ? { label: name } : {}),
    };
    const seen = [...time.keys()].filter((bin) => Number.isFinite(path[3 * bin]));
    if (seen.length === 0) return [];
    const [first, last] = [seen[0], seen[seen.length - 1]];
    const sign = (key: string, at: Float64Array, atMs: number, rest: Pick<Points, 'sign'> & Partial<Points>): Points => ({
      ...base,
      kind: 'points',
      key: `${key} ${condition}`,
      x: at.slice(0, 1),
      y: at.slice(1, 2),
      z: at.slice(2, 3),
      timeMs: Float64Array.of(atMs),
      ...rest,
    });
    const before = between(path, time, time[last] - 0.6 * dataset.binMs);
    const events = eventsOf(dataset)
      .filter(({ isCommon }) => isCommon)
      .map((event) => ({ event, mean: meanOf(Array.from(trials, (trial) => event.timeMs[trial]).filter(Number.isFinite)) }))
      .filter(({ mean }) => mean >= time[first] && mean <= time[last])
      .sort((a, b) => a.mean - b.mean)
      .map(({ event, mean }) => {
        const legend = event.isAlignment ? event.name : `${event.name} (mean)`;
        return sign(event.name, between(path, time, mean), mean, { sign: event.sign, legend });
      });
    const ticks = tickTimes(time[first], time[last], tickMs).map((atMs) => {
      const back = between(path, time, atMs - 0.3 * dataset.binMs);
      return sign(`tick ${atMs}`, between(path, time, atMs), atMs, {
        sign: 'tick',
        fromX: back.slice(0, 1),
        fromY: back.slice(1, 2),
        fromZ: back.slice(2, 3),
        ...(atMs === 0 ? {} : { legend: `Each ${numberText(tickMs)} ms` }),
      });
    });
    return [
      line,
      ...ticks,
      sign('start', path.slice(3 * first, 3 * first + 3), time[first], { sign: 'dot', legend: `${numberText(time[first])} ms` }),
      ...events,
      ...(last > first
        ? [
            sign('end', path.slice(3 * last, 3 * last + 3), time[last], {
              sign: 'arrow',
              legend: `${numberText(time[last])} ms`,
              fromX: before.slice(0, 1),
              fromY: before.slice(1, 2),
              fromZ: before.slice(2, 3),
            }),
          ]
        : []),
    ];
  }).flat();
}

const meanOf = (values: readonly number[]): number =>
  values.reduce((sum, value) => sum + value / values.length, values.length > 0 ? 0 : Number.NaN);

const tickTimes = (from: number, to: number, step: number): readonly number[] =>
  step > 0 ? Array.from({ length: Math.floor(to / step) - Math.ceil(from / step) + 1 }, (_, i) => (Math.ceil(from / step) + i) * step) : [];

/** The point of a path at a time between bin centres. */
function between(path: Float64Array, time: Float64Array, atMs: number): Float64Array {
  if (time.length < 2) return path.slice(0, 3);
  const step = time[1] - time[0];
  const place = Math.min(time.length - 1, Math.max(0, (atMs - time[0]) / step));
  const below = Math.min(time.length - 2, Math.floor(place));
  return Float64Array.from([0, 1, 2], (d) => path[3 * below + d] + (place - below) * (path[3 * below + 3 + d] - path[3 * below + d]));
}

/** Each trial's own events, where so few trials are drawn that signs can be told apart. */
export function trialSigns(dataset: Dataset, space: Space, trials: Int32Array, time: Float64Array, wanted: boolean): readonly Points[] {
  if (!wanted) return [];
  return eventsOf(dataset).flatMap((event) =>
    Array.from(trials, (trial): Points | undefined => {
      const atMs = event.timeMs[trial];
      const at = between(space.trial(trial), time, atMs);
      if (!Number.isFinite(atMs) || !at.every(Number.isFinite)) return undefined;
      const condition = dataset.conditions?.of[trial] ?? -1;
      const row = dataset.trialRows[trial];
      return {
        kind: 'points',
        key: `${event.name} of trial ${row}`,
        datum: { trial: row, condition },
        colour: condition >= 0 ? conditionRole(condition) : 'mute',
        sign: event.sign,
        size: 'small',
        x: at.slice(0, 1),
        y: at.slice(1, 2),
        z: at.slice(2, 3),
        timeMs: Float64Array.of(atMs),
        legend: event.name,
      };
    }).filter((mark) => mark !== undefined),
  );
}
