// Trajectories in space: condition averages thick over pale single trials, along principal components of the averages or along
// chosen factors; start, events and end as signs, one legend.

import { binCentres, countOf } from '../analyses/states.ts';
import { Failure } from '../contract/failure.ts';
import { defineParams } from '../contract/params.ts';
import { numberText } from '../scene/axes.ts';
import type { Line, Scene } from '../scene/scene.ts';
import { cameraOf, cameraParams } from './camera.ts';
import { conditionKey, conditionRole, sourceText, thinned, trialDatum, trialsShown, trialsText } from './shared.ts';
import { averageMarks, columns, shadowsOf, trialSigns, valued } from './trajectory-marks.ts';
import { shadeOf } from './trajectory-shade.ts';
import { spaceOf } from './trajectory-space.ts';
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
  ...cameraParams,
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
      camera: cameraOf(settings),
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
