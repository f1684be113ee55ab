// Trajectories in space: condition averages thick over pale single trials, along principal components of the averages or along
// chosen factors; start, events and end as signs, one legend.

import { binCentres, countOf } from '../analyses/states.ts';
import { Failure } from '../contract/failure.ts';
import { defineParams, type Values } from '../contract/params.ts';
import type { Dataset } from '../dataset/dataset.ts';
import { numberText } from '../scene/axes.ts';
import { DEFAULT_CAMERA } from '../scene/projection.ts';
import type { ColourRole, Line, Mark, Points, Scene } from '../scene/scene.ts';
import { conditionKey, conditionRole, eventsOf, sourceText, thinned, trialDatum, trialsShown, trialsText } from './shared.ts';
import { type Shade, shadeOf } from './trajectory-shade.ts';
import { type Space, spaceOf } from './trajectory-space.ts';
import { spreadRings } from './trajectory-spread.ts';
import { defineView } from './view.ts';

/** Single trials up to which each shows its own events unasked. */
const FEW = 60;

const params = defineParams({
  state: {
    kind: 'choice',
    label: 'State',
    help: 'What moves: inferred rates of the units, factors, or the generator’s state.',
    choices: ['rates', 'factors', 'generator', 'counts'],
    default: 'rates',
    tier: 'common',
  },
  show: {
    kind: 'choice',
    label: 'Show',
    help: 'Condition averages, single trials, or both.',
    choices: ['both', 'averages', 'trials'],
    default: 'both',
    tier: 'common',
  },
  spread: {
    kind: 'choice',
    label: 'Spread',
    help: 'Rings about the averages: standard deviation over the trials of a condition across its path, or the standard error of its mean.',
    choices: ['s.d.', 's.e.m.', 'none'],
    default: 's.d.',
    tier: 'occasional',
    when: { param: 'show', is: 'averages' },
  },
  spreadMs: {
    kind: 'number',
    label: 'Rings each',
    help: 'Time between two rings of spread.',
    default: 100,
    min: 1,
    unit: 'ms',
    tier: 'rare',
    when: { param: 'show', is: 'averages' },
  },
  colour: {
    kind: 'choice',
    label: 'Colour',
    help: 'By condition, by time along the trial, by behaviour, or averages by their tangling.',
    choices: ['condition', 'time', 'behaviour', 'tangling'],
    default: 'condition',
    tier: 'common',
  },
  axes: {
    kind: 'choice',
    label: 'Axes',
    help: 'Principal components of the condition averages, or the state’s own dimensions.',
    choices: ['components', 'dimensions'],
    default: 'components',
    tier: 'occasional',
  },
  dimensions: {
    kind: 'list',
    of: 'number',
    label: 'Dimensions',
    help: 'Which three to draw, counted from 1.',
    default: [1, 2, 3],
    tier: 'occasional',
  },
  softNormalise: {
    kind: 'switch',
    label: 'Soft-normalise',
    help: 'Divides each unit’s rate by its range plus 5 Hz before components are taken, so that busy units do not outweigh the rest.',
    default: true,
    tier: 'occasional',
  },
  trials: {
    kind: 'number',
    label: 'Most trials',
    help: 'Of more trials every n-th is drawn, and the caption says so.',
    default: 400,
    min: 1,
    max: 5000,
    integer: true,
    unit: 'trials',
    tier: 'occasional',
  },
  events: {
    kind: 'choice',
    label: 'Events of trials',
    help: `Each trial’s own events as signs on it: where at most ${FEW} trials are shown alone, always, or never.`,
    choices: ['of few', 'always', 'never'],
    default: 'of few',
    tier: 'occasional',
  },
  tickMs: {
    kind: 'number',
    label: 'Ticks each',
    help: 'Marks equal times along the averages; 0 for none.',
    default: 0,
    min: 0,
    unit: 'ms',
    tier: 'rare',
  },
  shadows: {
    kind: 'switch',
    label: 'Shadows',
    help: 'Draws the averages again, pale, on the plane of the first two axes below them.',
    default: false,
    tier: 'occasional',
  },
  azimuth: {
    kind: 'number',
    label: 'Azimuth',
    help: 'Turns the data about the third axis.',
    default: DEFAULT_CAMERA.azimuthDeg,
    unit: '°',
    tier: 'occasional',
  },
  elevation: {
    kind: 'number',
    label: 'Elevation',
    help: 'How far the eye stands above the plane of the first two axes.',
    default: DEFAULT_CAMERA.elevationDeg,
    min: -90,
    max: 90,
    unit: '°',
    tier: 'occasional',
  },
  roll: { kind: 'number', label: 'Roll', help: 'Turns the picture clockwise.', default: 0, unit: '°', tier: 'rare' },
  zoom: { kind: 'number', label: 'Zoom', help: '1 fits the averages into the panel.', default: 1, min: 0.05, max: 50, tier: 'rare' },
});

export const trajectories = defineView({
  id: 'trajectories',
  title: 'Trajectories',
  version: 1,
  about: 'Single trials and condition averages of a state as curves in space.',
  shows: 'outputs',
  params,
  also: ({ colour }) => (colour === 'tangling' ? 'tangling' : undefined),
  scene(shown, settings): Scene {
    const { dataset } = shown;
    const kept = trialsShown(dataset);
    if (kept.length === 0) throw new Failure('no-trials', 'There are no trials to draw.', 'Choose another window, or let more trials in.');
    const space = spaceOf(shown, kept, settings);
    const time = binCentres(dataset);
    const drawn = settings.show === 'averages' ? { trials: new Int32Array(0), every: 1 } : thinned(kept, settings.trials);
    const shade = shadeOf(shown, kept, time, settings.colour);
    const single = Array.from(drawn.trials, (trial): Line => {
      const condition = dataset.conditions?.of[trial] ?? -1;
      const row = dataset.trialRows[trial];
      const path = space.trial(trial);
      const colour = condition >= 0 ? conditionRole(condition) : 'mute';
      return {
        kind: 'line',
        key: `trial ${row}`,
        datum: trialDatum(dataset, trial),
        colour,
        weight: 'thin',
        timeMs: time,
        ...columns(path),
        ...valued(shade?.ofTrial(trial)),
      };
    });
    const averages = settings.show === 'trials' ? [] : averageMarks(dataset, space, kept, time, settings, shade);
    const rings = settings.show === 'averages' && settings.spread !== 'none' ? spreadRings(dataset, space, kept, time, settings) : [];
    const key = conditionKey(dataset, kept);
    const everyText = drawn.every > 1 ? `, every ${drawn.every}th drawn` : '';
    const { azimuth, elevation, roll, zoom } = settings;
    const isFew = settings.show === 'trials' && drawn.trials.length <= FEW;
    const showsEvents = settings.events === 'always' || (settings.events === 'of few' && isFew);
    const what = [
      settings.show !== 'trials' && countOf(space.conditions.length, 'average'),
      drawn.trials.length > 0 && countOf(drawn.trials.length, 'trial'),
    ]
      .filter(Boolean)
      .join(', ');
    const [x, y, z] = space.axes;
    return {
      title: 'Trajectories',
      subtitle: `${space.recipe}; ${what}`,
      x,
      y,
      z,
      camera: { azimuthDeg: azimuth, elevationDeg: elevation, rollDeg: roll, zoom },
      marks: [
        ...single,
        ...(settings.shadows ? shadowsOf(averages) : []),
        ...rings,
        ...averages,
        ...trialSigns(dataset, space, drawn.trials, time, showsEvents),
      ],
      ...(key ? { conditions: key } : {}),
      ...(shade ? { values: shade.scale } : {}),
      text: `${what} of ${settings.state} as curves along ${space.axes.map((axis) => axis.label).join('; ')}.`,
      caption: `${[
        `${sourceText(shown)}: ${space.recipe}`,
        `${trialsText(dataset, kept)}${everyText}`,
        ...(rings.length > 0 ? [`rings each ${numberText(settings.spreadMs)} ms, ± ${settings.spread} over trials across the path`] : []),
        `averages from ${numberText(time[0])} to ${numberText(time[time.length - 1])} ms`,
        `scale bar in ${space.unit === 'soft-normalised' ? 'soft-normalised units' : space.unit || 'units of the state'}`,
        ...(settings.shadows && averages.length > 0 ? ['shadows on the plane of the first two axes'] : []),
        'equal scale, orthographic',
      ].join('; ')}.`,
    };
  },
});

/** How far below the averages their shadows lie, as a share of their height. */
const BELOW = 0.12;

/** Averages as pale lines on a floor below them. */
function shadowsOf(averages: readonly Mark[]): readonly Line[] {
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

const valued = (value: Float64Array | undefined) => (value ? { value } : {});

/** Splits bins × 3 into the columns of a line. */
function columns(path: Float64Array): { readonly x: Float64Array; readonly y: Float64Array; readonly z: Float64Array } {
  const [x, y, z] = [0, 1, 2].map((d) => Float64Array.from({ length: path.length / 3 }, (_, i) => path[3 * i + d]));
  return { x, y, z };
}

/** Averages as thick lines with a name, a dot at the start, signs at events and an arrow at the end. */
function averageMarks(
  dataset: Dataset,
  space: Space,
  kept: Int32Array,
  time: Float64Array,
  settings: Values<typeof params>,
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
    const ticks = tickTimes(time[first], time[last], settings.tickMs).map((atMs) => {
      const back = between(path, time, atMs - 0.3 * dataset.binMs);
      return sign(`tick ${atMs}`, between(path, time, atMs), atMs, {
        sign: 'tick',
        fromX: back.slice(0, 1),
        fromY: back.slice(1, 2),
        fromZ: back.slice(2, 3),
        ...(atMs === 0 ? {} : { legend: `Each ${numberText(settings.tickMs)} ms` }),
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
function trialSigns(dataset: Dataset, space: Space, trials: Int32Array, time: Float64Array, wanted: boolean): readonly Points[] {
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
